"""The cost of a check of a function of 1,000 inputs, against PyTorch's `gradcheck`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.testing import check_gradients
from benchmarks.harness import Row, optional, rows

RNG = np.random.default_rng(0)
X = RNG.normal(size=1000)
HIDDEN, OUT = RNG.normal(size=(20, 10)) * 0.3, RNG.normal(size=(10, 1))

BARS = {1: ("gradcheck", 2.0), 2: ("gradgradcheck", 1.0)}  # what a check may take, by order


def sines(xp: Any, x: Any) -> Any:
    """Return a sum of sines."""
    return xp.sum(xp.sin(x))


def network(xp: Any, x: Any) -> Any:
    """Return a loss of a network with a hidden layer over 50 samples of 20 numbers."""
    hidden = xp.tanh(xp.reshape(x, (50, 20)) @ xp.asarray(HIDDEN))
    return xp.mean((hidden @ xp.asarray(OUT)) ** 2.0)


def rosenbrock(xp: Any, x: Any) -> Any:
    """Return Rosenbrock's valley."""
    return xp.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def chain(xp: Any, x: Any) -> Any:
    """Return a vector at the end of a chain of elementwise functions."""
    for _ in range(5):
        x = xp.tanh(x * 1.1 + 0.1) + xp.exp(-x * x) * xp.sin(x)
    return x


def regression(xp: Any, w: Any, b: Any, scale: Any, shift: Any) -> Any:
    """Return a loss of four vectors."""
    return xp.sum(xp.log1p(xp.exp(w * xp.tanh(b) + scale)) * xp.cos(shift))


FUNCTIONS = {
    "sum of sines": (sines, [X]),
    "network": (network, [X]),
    "Rosenbrock": (rosenbrock, [X]),
    "chain, 1,000 results": (chain, [X]),
    "four vectors of 250": (regression, np.split(X, 4)),
}


def checks(hips_folder: str | None) -> list[Row]:
    """A check of each function, up to order 1 and up to order 2."""
    torch = optional("torch")
    found = []
    for order, (name, bar) in BARS.items():
        for what, (f, args) in FUNCTIONS.items():
            runs: dict[str, Callable[[], object] | None] = {
                "ours": lambda f=f, args=args, order=order: check_gradients(  # type: ignore[misc]
                    lambda *args: f(np, *args), *args, order=order
                ),
                f"PyTorch's {name}": torch and peer(torch, f, args, name),
            }
            found += rows(
                f"check, order {order}: {what}", runs, {f"PyTorch's {name}": bar}, rounds=3
            )
    return found


def peer(torch: Any, f: Callable[..., Any], args: list[Any], name: str) -> Callable[[], object]:
    """Return a run of PyTorch's checker, on one thread: with more it waits for them here."""
    inputs = [torch.tensor(x, requires_grad=True) for x in args]

    def run() -> object:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return getattr(torch.autograd, name)(lambda *args: f(torch, *args), inputs)
        finally:
            torch.set_num_threads(threads)

    return run
