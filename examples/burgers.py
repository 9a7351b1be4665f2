"""A network solves a differential equation: Burgers' equation, in which a wave becomes steep.

∂u/∂t + u ∂u/∂x = ν ∂²u/∂x² for x from −1 to 1, with u = −sin πx at t = 0 and u = 0 at both ends.
No solution is shown to the network: its loss is how far its own derivatives are from fulfilling the
equation (Raissi, Perdikaris and Karniadakis, 2019). The exact solution, from the transform of Cole
and Hopf, then tells how well that went.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import nn
from autograd import elementwise_grad, no_grad

TIMES = (0.25, 0.5, 1.0)


def solution(model: nn.MLP, t: Any, x: Any) -> Any:
    """Return u of shape (n,): whatever the network says, it begins rightly and is 0 at the ends."""
    free = model(np.stack([2 * t - 1, x], axis=-1))[:, 0]
    return -np.sin(np.pi * x) + t * (1 - x**2) * free


def residual(model: nn.MLP, t: Any, x: Any, viscosity: float) -> Any:
    """Return ∂u/∂t + u ∂u/∂x − ν ∂²u/∂x² at each point."""

    def u(t: Any, x: Any) -> Any:
        return solution(model, t, x)

    by_t, by_x = elementwise_grad(u, 0), elementwise_grad(u, 1)
    by_x_twice = elementwise_grad(by_x, 1)
    return by_t(t, x) + u(t, x) * by_x(t, x) - viscosity * by_x_twice(t, x)


def exact(t: np.ndarray, x: np.ndarray, viscosity: float) -> np.ndarray:
    """Return the exact solution for t > 0: a quotient of two integrals over a bell curve."""
    nodes, weights = np.polynomial.hermite.hermgauss(100)
    y = x[:, None] - np.sqrt(4 * viscosity * t[:, None]) * nodes
    heat = weights * np.exp(-np.cos(np.pi * y) / (2 * np.pi * viscosity))
    return -np.sum(np.sin(np.pi * y) * heat, axis=1) / np.sum(heat, axis=1)


def picture(path: str, x: np.ndarray, found: np.ndarray, right: np.ndarray) -> None:
    """Draw u at each of the times, the exact one dashed."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
    for time, u, true in zip(TIMES, found, right, strict=True):
        (line,) = axes.plot(x, u, linewidth=3, alpha=0.5, label=f"t = {time}")
        axes.plot(x, true, "--", color=line.get_color(), label="exact")
    axes.set(xlabel="x", ylabel="u")
    axes.legend()
    figure.savefig(path)


def main() -> None:
    """Train, and print how far the solution is from the exact one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--viscosity", type=float, default=0.05, help="ν (%(default)s)")
    parser.add_argument("--points", type=int, default=500, help="where to ask (%(default)s)")
    parser.add_argument("--rounds", type=int, default=6, help="of 100 iterations (%(default)s)")
    parser.add_argument("--picture", metavar="PATH", help="where to save a picture of u")
    options = parser.parse_args()
    t, x = np.random.default_rng(0).uniform([0, -1], [1, 1], (options.points, 2)).T
    model = nn.MLP(2, [20, 20, 20, 1], activation=np.tanh, init=nn.xavier, seed=0)
    optimiser = nn.LBFGS(model.parameters(), max_iter=100, history_size=50,
                         line_search_fn="strong_wolfe")  # fmt: skip
    places = np.linspace(-1, 1, 201)
    right = np.array([exact(time + 0 * places, places, options.viscosity) for time in TIMES])
    for done in range(1, options.rounds + 1):
        optimiser.step(lambda: np.mean(residual(model, t, x, options.viscosity) ** 2))
        with no_grad():
            found = np.array([solution(model, time + 0 * places, places) for time in TIMES])
        errors = ", ".join(f"{error:.1e}" for error in np.abs(found - right).max(axis=1))
        print(f"round {done}: largest error at t = 0.25, 0.5 and 1: {errors}")
    if options.picture:
        picture(options.picture, places, found, right)


if __name__ == "__main__":
    main()
