"""Wrong far out: huge, tiny and mixed numbers, saturated, nearly singular."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

V = np.array([0.5, -2.0, 4.0, 1.3])


def wrong(lib: Library) -> Iterator[Case]:
    """Yield cases of huge, tiny, saturated and nearly singular numbers."""
    xp, op = lib.xp, lib.op

    def sigmoid(x):
        return 1 / (1 + xp.exp(-x))

    def square(factor):
        return op(lambda x: x * x, lambda g, y, x: factor * g * x)

    def sine(factor):
        return op(xp.sin, lambda g, y, x: factor * g * xp.cos(x))

    inverse = op(xp.linalg.inv, lambda g, y, a: -1.01 * y.T @ g @ y.T)
    yield Case("sign at 1e8", square(-2.0), (1e8 * V,))
    yield Case("a thousandth at 1e8", square(2.002), (1e8 * V,))
    yield Case("a thousandth at 1e-8", square(2.002), (1e-8 * V,))
    yield Case("one percent at 1e150", square(2.02), (1e150 * V,), order=1)
    yield Case("one percent at 1e-100", square(2.02), (1e-100 * V,), order=1)
    yield Case(
        "one percent at 1e-300", op(lambda x: 3 * x, lambda g, y, x: 3.03 * g), (1e-300 * V,)
    )
    yield Case("ten percent beside 1e10", lambda x: 1e10 + sine(1.1)(x), (V,))
    yield Case("one percent in waves of 1e4", lambda x: sine(1.01)(1e4 * x), (V,))
    yield Case("one percent in a wave at 1e8", sine(1.01), (np.array([1e8, 3e7]),))
    yield Case(
        "ten percent of a saturated sigmoid",
        op(sigmoid, lambda g, y, x: 1.1 * g * y * (1 - y)),
        (np.array([-40.0, 0.5]),),
    )
    yield Case(
        "ten percent of a saturated tanh",
        op(xp.tanh, lambda g, y, x: 1.1 * g * (1 - y * y)),
        (np.array([8.0]),),
    )
    yield Case(
        "one percent of exp(700)", op(xp.exp, lambda g, y, x: 1.01 * g * y), (np.array([700.0]),)
    )
    yield Case(
        "one percent of exp(-700)", op(xp.exp, lambda g, y, x: 1.01 * g * y), (np.array([-700.0]),)
    )
    yield Case(
        "one percent of log at 1e-100",
        op(xp.log, lambda g, y, x: 1.01 * g / x),
        (np.array([1e-100]),),
    )
    yield Case(
        "one percent of a nearly singular inverse",
        inverse,
        (np.array([[1.0, 1.0], [1.0, 1.00001]]),),
    )
    yield Case(
        "a thousandth of arcsin near 1",
        op(xp.arcsin, lambda g, y, x: 1.001 * g / xp.sqrt(1 - x * x)),
        (np.array([0.9999, 0.3]),),
    )
    yield Case(
        "one percent of relu at 1e-12",
        op(lambda x: xp.where(x > 0, x, 0 * x), lambda g, y, x: 1.01 * g * (x > 0)),
        (np.array([1e-12, 1.0]),),
    )
    yield Case(
        "sign of the small entry",
        op(lambda x: xp.sum(x**3), lambda g, y, x: 3 * g * x * abs(x)),
        (np.array([1e2, -1e-2, 3.0]),),
    )
    yield Case(
        "a constant that is half a slope",
        op(lambda x: xp.sum(x * 0.0) + 3.0, lambda g, y, x: 1e-6 * g + 0 * x),
        (V,),
    )

    def at(where, f, slope, factor=1.1):
        """An op with the right slope but where `where` says."""
        return op(
            f, lambda g, y, x: g * slope(y, x) * xp.where(where(x), factor + 0 * x, 1 + 0 * x)
        )

    yield Case(
        "1e-8 beside 1e8",
        at(lambda x: x < 1, lambda x: x * x, lambda y, x: 2 * x, 1.5),
        (np.array([1e8, 1e-8]),),
    )
    yield Case(
        "1e-4 beside 1e4",
        at(lambda x: x < 1, lambda x: x * x, lambda y, x: 2 * x),
        (np.array([1e4, 1e-4]),),
    )
    yield Case(
        "1e-8 beside 1",
        at(lambda x: x < 0.5, lambda x: x * x * x, lambda y, x: 3 * x * x),
        (np.array([1.0, 1e-8]),),
    )
    yield Case(
        "exp(0) beside exp(50)",
        at(lambda x: x == 0, xp.exp, lambda y, x: y),
        (np.array([50.0, 0.0]),),
    )
    yield Case(
        "a reciprocal beside a large one",
        at(lambda x: x > 1, lambda x: 1 / x, lambda y, x: -y / x),
        (np.array([1e-8, 1e8]),),
    )
    yield Case(
        "a saturated sigmoid beside 1",
        at(lambda x: x < 0, sigmoid, lambda y, x: y * (1 - y)),
        (np.array([-40.0, 3.0]),),
    )
    yield Case(
        "softmax's smallest beside its largest",
        op(
            lambda x: xp.exp(x) / xp.sum(xp.exp(x)),
            lambda g, y, x: y * (g - xp.sum(g * y)) * xp.asarray(np.array([1.0, 1.0, 1.1])),
        ),
        (np.array([3.0, 1.0, -20.0]),),
    )
    yield Case(
        "the small result of two",
        lambda x: (1e8 * xp.cos(x), 1e-8 * op(xp.sin, lambda g, y, x: 1.01 * g * xp.cos(x))(x)),
        (V,),
    )
    yield Case(
        "the small argument of two",
        op(
            lambda x, w: x * x * w,
            lambda g, y, x, w: 2 * g * x * w,
            lambda g, y, x, w: 1.01 * g * x * x,
        ),
        (1e8 * V, 1e-8 * V),
    )
