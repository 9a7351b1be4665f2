"""The points that an op is checked at: its samples, or numbers from its domain."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.engine.primitive import PRIMITIVES, Primitive
from autograd.testing.collecting import of_symmetric
from autograd.testing.problem import Problem, moves, own, random_like

OPS = [op for op in PRIMITIVES.values() if op.vjps]
SHAPES = [[(2, 3), (3,), ()], [(), (1, 3), (2, 3)], [(3,), (2, 1), (3,)], [(), (), ()]]
Point = tuple[Callable[..., Any], list[Any]]


def points(op: Primitive, dtype: Any = np.float64) -> Iterator[Point]:
    """Yield (function, arguments) to check an op at, the floats among them in a dtype.

    A complex dtype gives none for an op that refuses complex numbers, or is `real_only`.
    """
    dtype, rng = np.dtype(dtype), np.random.default_rng(0)
    if dtype.kind == "c" and op.real_only:
        return
    call = of_symmetric(op) if op.symmetric else op
    for args, params in samples(op, rng):

        def f(*xs: Any, params: dict[str, Any] = params) -> Any:
            return call(*xs, **params)

        f.__name__ = op.name
        point = [in_dtype(x, dtype, rng) for x in args]
        if dtype.kind != "c" or takes(f, point):
            yield f, point


def samples(op: Primitive, rng: np.random.Generator) -> Iterator[tuple[tuple, dict[str, Any]]]:
    """Yield (args, params) as an op's row says them."""
    if op.samples:
        yield from op.samples(rng)
    for shapes in SHAPES if op.domain else ():
        args = [rng.uniform(*d, size=s) for d, s in zip(op.domain, shapes, strict=False)]
        yield tuple([x if np.ndim(x) else float(x) for x in args]), {}


def in_dtype(x: Any, dtype: np.dtype, rng: np.random.Generator) -> Any:
    """Return floats in another dtype, with an imaginary part of their own if it is complex."""
    if not moves(x) or dtype.char == "d":
        return x
    if np.iscomplexobj(x):
        return x.astype(np.result_type(dtype, np.complex64))
    x = np.asarray(x)
    if dtype.kind == "c":
        x = x + 1j * rng.permutation(x.ravel()).reshape(x.shape)
    return x.astype(dtype)


def takes(f: Callable[..., Any], args: list[Any]) -> bool:
    """Whether a function takes these numbers."""
    try:
        with np.errstate(all="ignore"):
            f(*args)
    except TypeError:
        return False
    return True


def derivatives(f: Callable[..., Any], args: list[Any]) -> list[Any]:
    """Return the first and the second derivatives at a point, each along a random direction.

    The first twice, from raw numbers and from a graph: an op may have a faster rule for the former.
    """
    rng, problem = np.random.default_rng(0), Problem(f, args)
    gradient = problem.gradient(problem(*map(own, problem.numbers)), rng)
    first = gradient(*map(own, gradient.numbers))
    pull, recorded = gradient.pullback(gradient.numbers)
    return [*first, *map(np.asarray, recorded), *pull([random_like(x, rng) for x in first])]
