"""The numbers that gradients are held against: Ridders' extrapolated central differences."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograd import Value


def derivative(f: Callable[[float], float], start: float = 0.02) -> float:
    """Return f'(0), extrapolated from central differences (Ridders, 1982)."""
    steps = [start / 2**k for k in range(6)]
    row = [(f(h) - f(-h)) / (2 * h) for h in steps]
    best, error = row[-1], np.inf
    for level in range(1, len(row)):
        before = row
        row = [b + (b - a) / (4**level - 1) for a, b in pairwise(before)]
        if abs(row[-1] - before[-1]) < error:
            best, error = row[-1], abs(row[-1] - before[-1])
    return best


def gradients(
    f: Callable[..., Any], args: Sequence[Any], g: Any, create_graph: bool = False
) -> list[Any]:
    """Return the gradients of sum(g · f) with respect to each float argument, by backward()."""
    leaves = [Value(x) if learnable(x) else x for x in args]
    y = f(*leaves)
    if isinstance(y, Value):
        y.backward(g, create_graph=create_graph)
    return [leaf.grad if isinstance(leaf, Value) else None for leaf in leaves]


def learnable(x: Any) -> bool:
    return isinstance(x, float) or (isinstance(x, np.ndarray) and x.dtype.kind in "fc")


def check(
    f: Callable[..., Any], args: Sequence[Any], rng: np.random.Generator, rtol: float = 1e-6
) -> None:
    """Assert that the gradient of every argument predicts the change along a random direction."""
    y = np.asarray(f(*args))
    g = rng.normal(size=y.shape)
    if y.dtype.kind == "c":
        g = g + 1j * rng.normal(size=y.shape)
    g = g if y.ndim else g.item()
    for i, (x, found) in enumerate(zip(args, gradients(f, args, g), strict=True)):
        if not learnable(x):
            continue
        found = 0.0 if found is None else found
        assert np.shape(found) in (np.shape(x), ()), f"argument {i}: shape {np.shape(found)}"
        d = rng.normal(size=np.shape(x))
        if np.iscomplexobj(x):
            d = d + 1j * rng.normal(size=np.shape(x))

        def along(h: float, i: int = i, x: Any = x, d: Any = d) -> float:
            moved = [*args[:i], x + h * d if np.ndim(x) else float(x + h * d), *args[i + 1 :]]
            return float(np.sum(g * np.asarray(f(*moved))).real)

        expected, predicted = derivative(along), float(np.sum(found * d).real)
        scale = max(1.0, abs(expected), abs(predicted))
        assert abs(expected - predicted) <= rtol * scale, (
            f"argument {i}: the differences say {expected}, the gradient {predicted}"
        )


def check_twice(f: Callable[..., Any], args: Sequence[Any], rng: np.random.Generator) -> None:
    """Assert that the gradient's own gradient is right: `check` on a random sum of gradients.

    They are gradients of f², so that what comes from above changes with the arguments too.
    """
    places = [i for i, x in enumerate(args) if learnable(x)]
    y = np.asarray(f(*args))
    g = rng.normal(size=y.shape) if y.ndim else rng.normal()
    weights = [rng.normal(size=np.shape(args[i])) for i in places]
    weights = [w + 0.5j * w[::-1] if np.iscomplexobj(args[i]) else w
               for i, w in zip(places, weights, strict=True)]  # fmt: skip
    for first, again in zip(gradients(f, args, g), gradients(f, args, g, True), strict=True):
        if isinstance(again, Value):
            np.testing.assert_allclose(first, again.data, rtol=1e-9, atol=1e-12)

    def slope(*moving: Any) -> Any:
        full = list(args)
        for i, x in zip(places, moving, strict=True):
            full[i] = x if isinstance(x, Value) else Value(x)
        inputs = [full[i] for i in places]
        saved = [x._grad for x in inputs]
        for x in inputs:
            x.zero_grad()
        y = np.square(f(*full))
        if isinstance(y, Value):
            y.backward(g, create_graph=True)
        total = 0.0
        for x, w in zip(inputs, weights, strict=True):
            if x._grad is not None:
                total = total + np.real(np.sum(x._grad * w))
        for x, old in zip(inputs, saved, strict=True):
            x.grad = old
        return total if isinstance(moving[0], Value) or not isinstance(total, Value) else total.data

    check(slope, [args[i] for i in places], rng, rtol=1e-5)
