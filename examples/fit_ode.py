"""Fit a differential equation to data: predators and prey.

prey' = a·prey − b·prey·predators, predators' = c·prey·predators − d·predators (Lotka, 1925;
Volterra, 1926). BFGS finds the four rates from noisy counts, with gradients through the solver:
the gradient of the solution comes from the adjoint equation, solved backward in time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd.numpy as anp
from autograd.scipy.integrate import odeint
from autograd.scipy.optimize import minimize

TRUE = np.array([1.0, 0.6, 0.4, 0.9])
START = np.array([2.0, 1.0])
TIMES = np.linspace(0, 8, 33)


def slope(state: Any, t: Any, rates: Any) -> Any:
    """Return the rates of change of prey and predators."""
    prey, predators = state
    a, b, c, d = rates
    return anp.array([a * prey - b * prey * predators, c * prey * predators - d * predators])


def loss(rates: Any, counts: Any) -> Any:
    """Return the mean squared error of the solution on the counts."""
    return np.mean((odeint(slope, START, TIMES, tuple([rates])) - counts) ** 2)


def main() -> None:
    """Make noisy counts with known rates, then recover the rates."""
    rng = np.random.default_rng(0)
    counts = odeint(slope, START, TIMES, tuple([TRUE])) + 0.05 * rng.normal(size=(33, 2))
    guess = np.array([0.7, 0.4, 0.6, 0.7])
    found = minimize(loss, guess, args=(counts,), method="BFGS")
    print(f"loss {loss(guess, counts):.4f} -> {found.fun:.4f}, the noise alone gives {0.05**2:.4f}")
    for name, before, after, true in zip("abcd", guess, found.x, TRUE, strict=True):
        print(f"  {name}: {before:.2f} -> {after:.3f}   (true value {true})")


if __name__ == "__main__":
    main()
