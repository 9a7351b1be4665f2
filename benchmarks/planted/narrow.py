"""Right and wrong ones that a single part of a checker decides: each would be judged otherwise
without it, as tests/testing/test_mechanisms.py shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

V = np.array([0.5, -1.25, 3.5, 2.0])
MANY = np.random.default_rng(0).normal(size=100)
RNG = np.random.default_rng(3)
LAYERS = [RNG.normal(size=size) for size in ((3, 5), (5, 4), (4, 2))]
TERMS = np.random.default_rng(1).normal(size=(2, 200))
CANCELLING = np.concatenate([10 * TERMS[0], 1e-3 * TERMS[1] - 10 * TERMS[0]])
TIED = np.array([2.0, 1.0, 2.0])


def given(gradient: Any) -> Callable[[Any], Any]:
    """Return the function that gives this gradient everywhere."""
    return lambda x: np.asarray(gradient, x.dtype)


def in_float32(x):
    """A sum in float32, whatever comes in."""
    return float(np.sum(x.astype(np.float32)))


def difference(x):
    """Two large numbers that nearly cancel: few digits are left."""
    return np.sqrt(x + 1) - np.sqrt(x)


def difference_slope(x):
    """The derivative of `difference`, in a form that keeps its digits."""
    return -0.5 / (np.sqrt(x) * np.sqrt(x + 1) * (np.sqrt(x) + np.sqrt(x + 1)))


def stairs(x):
    """Eighths: numbers of few digits at all points."""
    return float(np.sum(np.round(8 * x) / 8))


def larger(x):
    """The larger of x and −y."""
    return np.maximum(x[0], -x[1])


def untraced(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that only takes and returns plain numbers."""
    return lambda x: f(np.array(x.tolist(), x.dtype))


class Tensor:
    """An array of another library."""

    def __init__(self, x: Any) -> None:
        self.x = x

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.asarray(self.x)


def jumps(x):
    """A line that jumps at 2 to another."""
    return np.where(x > 2.0, x + 5.0, 2 * x)


def one_less_cosine(x):
    """1 − cos x, of few digits near 0."""
    return 1 - math.cos(x)


def summed_in_float32(x):
    """A sum in float32, term by term."""
    return float(np.cumsum(x.astype(np.float32))[-1])


def beside_a_large_number(x):
    """A sum of squares in float32, to which a large number is added and taken away again."""
    large = np.float32(1e3)
    return float(np.sum(x.astype(np.float32) ** 2) + large - large)


def beside_a_sine(x):
    """The change of a sine far out, where x has 8 digits."""
    return math.sin(x + 1e8) - math.sin(1e8)


def iterated(a, count=21):
    """Return x with cos(a x) = x, roughly."""
    x = 1.0
    for _ in range(count):
        x = math.cos(a * x)
    return x


def iterated_slope(a):
    """The derivative of x with cos(a x) = x."""
    x = iterated(a, 200)
    return -x * math.sin(a * x) / (1 + a * math.sin(a * x))


def loss(x):
    """The softplus of −x, summed."""
    return np.sum(np.logaddexp(0.0, -x))


def loss_slope(x):
    """The gradient of `loss`, of which cancelling leaves few digits."""
    return 1 / (1 + np.exp(-x)) - 1


def remembering(op: Any) -> Callable[..., Any]:
    """Return x² with a rule that takes its x from the last call, whichever that was of."""
    seen: list[Any] = []

    def square(x):
        seen.append(x)
        return x * x

    return op(square, lambda g, y, x: 2 * g * seen[-1])


def right(lib: Library) -> Iterator[Case]:
    """Yield the right ones."""
    xp, op = lib.xp, lib.op
    yield Case("a sum in float32", in_float32, (MANY,), np.ones_like)
    yield Case("a sum in float32 that cancels", summed_in_float32, (CANCELLING,), np.ones_like)
    beside = "a large number in float32, added and taken away"
    yield Case(beside, beside_a_large_number, (V,), lambda x: 2 * x)
    yield Case("two numbers that nearly cancel", difference, (1e10,), difference_slope)
    yield Case("stairs of an eighth", stairs, (V,), np.zeros_like)
    shared = given([0.1, 0.0, 0.9])
    yield Case("max at a tie, shared", np.max, (TIED,), shared, special=False)
    shared = given([0.3, -0.7])
    opposite = np.array([1.0, -1.0])
    yield Case("the square of a max at a tie", lambda x: xp.max(x) ** 2.0, (TIED,))
    yield Case("max of x and -y at a tie", larger, (opposite,), shared, special=False)
    shared = given([0.2, 0.3, 0.5])
    yield Case("max of three at a tie", np.max, (np.full(3, 2.0),), shared, special=False)
    ranked = op(
        lambda x: xp.sort(x), lambda g, y, x: g[xp.argsort(xp.argsort(x, stable=True), stable=True)]
    )
    yield Case("sort of equals", ranked, (np.zeros(3),))
    yield Case(
        "rounding where nothing can be traced",
        untraced(loss),
        (np.array([10.0, 0.3], np.float32),),
        untraced(loss_slope),
    )

    def network(x):
        for w in LAYERS[:-1]:
            x = xp.maximum(x @ xp.asarray(w), 0.0)
        return x @ xp.asarray(LAYERS[-1])

    yield Case("a network of relus with nothing to do", network, (np.zeros((1, 3)),), order=1)
    yield Case(
        "the last digits of a hyperbolic sine", lambda x: (xp.exp(x) - xp.exp(-x)) / 2, (1e-7,)
    )

    yield Case("an array of another library", lambda x: Tensor(np.sin(x)), (0.5,), np.cos)
    yield Case("beside a jump", jumps, (2 + 1e-9,), lambda x: 1.0, special=False)
    yield Case("1 - cos near 0, untraced", one_less_cosine, (1e-5,), math.sin)
    yield Case("a sine, less another at 1e8", beside_a_sine, (0.7,), lambda x: math.cos(x + 1e8))
    yield Case("an iteration that stops early", iterated, (0.65,), iterated_slope, special=False)

    def both_ways(x):
        return np.sign(x) * 0.5 / np.sqrt(abs(x)) if x else np.inf

    yield Case("the root of |x| at 0", lambda x: np.sqrt(abs(x)), (0.0,), both_ways)
    yield Case("slopes below the least number", xp.log, (np.array([1e300, 2.0]),))
    yield Case(
        "the root of |x| at 0, any number",
        lambda x: np.sqrt(abs(x)),
        (0.0,),
        lambda x: 3.0,
        special=False,
    )
    weights = np.array([1.0, 3.0])
    yield Case(
        "an infinite second derivative",
        lambda x: xp.sum(abs(x) ** 1.5 * xp.asarray(weights)),
        (np.array([0.0, 2.0]),),
    )


def wrong(lib: Library) -> Iterator[Case]:
    """Yield the wrong ones."""
    xp, op = lib.xp, lib.op
    yield Case("a hundredth more, in float32", in_float32, (MANY,), given(np.full(100, 1.01)))
    yield Case(
        "a tenth more where digits cancel", difference, (1e10,), lambda x: 1.1 * difference_slope(x)
    )
    yield Case(
        "a hundredth more, of 1 - cos near 0",
        one_less_cosine,
        (1e-5,),
        lambda x: 1.01 * math.sin(x),
    )
    yield Case(
        "a hundredth more near the largest number", math.exp, (709.0,), lambda x: 1.01 * math.exp(x)
    )
    yield Case("a millionth on stairs", stairs, (V,), given(np.full(4, 1e-6)))
    yield Case(
        "straight through stairs of a millionth",
        op(lambda x: xp.round(x * 1e6) / 1e6, lambda g, y, x: g),
        (np.array([0.3000002, 1.7000001]),),
        order=1,
    )
    yield Case("a little more beside a jump", jumps, (2 + 1e-9,), lambda x: 1.0003)
    yield Case(
        "the root at 0, a finite slope", np.sqrt, (0.0,), lambda x: 0.5 / np.sqrt(x) if x else 1.0
    )
    yield Case(
        "the root at 0, of the other sign",
        np.sqrt,
        (0.0,),
        lambda x: 0.5 / np.sqrt(x) if x else -np.inf,
    )
    yield Case("max at a tie, all of it to both", np.max, (TIED,), given([1.0, 0.0, 1.0]))
    yield Case("max of x and -y, all to both", larger, (np.array([1.0, -1.0]),), given([1.0, -1.0]))
    yield Case("max of three, half to each", np.max, (np.full(3, 2.0),), given([0.5, 0.5, 0.5]))
    yield Case(
        "sort of equals, twice", op(lambda x: xp.sort(x), lambda g, y, x: 2 * g), (np.zeros(3),)
    )
    yield Case(
        "through half precision where nothing can be traced",
        untraced(loss),
        (np.array([10.0, 0.3], np.float32),),
        untraced(lambda x: loss_slope(x.astype(np.float16)).astype(x.dtype)),
    )
    hidden = np.array([1e-9, 2.0, 3.0, 4.0])

    def beside(rule):
        square = op(lambda x: x * x, rule)
        return lambda x: xp.sum(square(x) * xp.asarray(hidden) + 1e9 * x)

    def in_place(g, y, x):
        g *= 2 * x
        return g

    yield Case("a rule that looks at the last call", remembering(op), (V,), order=1)
    yield Case("a gradient overwritten, hidden by 1e9", beside(in_place), (V,), order=1)
    yield Case(
        "digits dropped, hidden by 1e9",
        beside(lambda g, y, x: lib.through_float32(2 * g * x)),
        (V,),
        order=1,
    )
    yield Case(
        "of a positive sum alone",
        op(lambda x: x * x, lambda g, y, x: abs(g) * 2 * x),
        (1.7,),
        order=1,
    )
