"""Wrong at some points alone: zeros, ties, borders, branches, far out, in some precision."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

V = np.array([0.5, -2.0, 4.0, 0.0])
TIED = np.array([2.0, 1.0, 2.0])


def wrong(lib: Library) -> Iterator[Case]:
    """Yield the cases."""
    xp, op = lib.xp, lib.op

    def square(slope):
        return op(lambda x: x * x, lambda g, y, x: g * slope(x))

    yield Case("beyond three", square(lambda x: xp.where(x > 3, 2.1 * x, 2 * x)), (V,))
    yield Case("below minus one", square(lambda x: xp.where(x < -1, x, 2 * x)), (V,))
    yield Case("negative, sign", square(lambda x: 2 * abs(x)), (V,))
    yield Case("at zero", square(lambda x: xp.where(x == 0, 1.0 + 0 * x, 2 * x)), (V,))
    yield Case(
        "near zero",
        square(lambda x: xp.where(abs(x) < 1e-3, 0 * x, 2 * x)),
        (np.array([1e-4, 1.0]),),
    )
    yield Case("NaN at zero", square(lambda x: 2 * x * x / x), (V,))
    yield Case(
        "infinite at zero", square(lambda x: 2 * x + xp.where(x == 0, 1 / abs(x), 0 * x)), (V,)
    )
    yield Case("clipped slope", square(lambda x: xp.clip(2 * x, -5.0, 5.0)), (V,))
    yield Case(
        "abs at 0, five",
        op(abs, lambda g, y, x: g * xp.where(x == 0, 5.0 + 0 * x, xp.sign(x))),
        (V,),
    )
    yield Case(
        "abs at 0, beyond by a thousandth",
        op(abs, lambda g, y, x: g * xp.where(x == 0, 1.001 + 0 * x, xp.sign(x))),
        (V,),
    )
    yield Case("relu of the other side", op(relu(xp), lambda g, y, x: g * (x < 0)), (V,))
    yield Case(
        "relu at 0, minus one",
        op(relu(xp), lambda g, y, x: g * xp.where(x == 0, -1.0 + 0 * x, 1.0 * (x > 0))),
        (V,),
    )
    yield Case(
        "leaky relu that leaks too much",
        op(
            lambda x: xp.where(x > 0, x, 0.01 * x),
            lambda g, y, x: g * xp.where(x > 0, 1.0 + 0 * x, 0.1 + 0 * x),
        ),
        (V,),
    )
    yield Case(
        "elu that forgets its branch",
        op(lambda x: xp.where(x > 0, x, xp.exp(x) - 1), lambda g, y, x: g * xp.exp(x)),
        (V / 2,),
    )
    yield Case(
        "huber that is quadratic everywhere",
        op(
            lambda x: xp.where(abs(x) < 1, x * x / 2, abs(x) - 0.5),
            lambda g, y, x: g * x,
        ),
        (V,),
    )
    yield Case(
        "max, twice at a tie",
        op(xp.max, lambda g, y, x: g * 2.0 * (x == y)),
        (TIED,),
        order=1,
    )
    yield Case(
        "max, negative at a tie",
        op(xp.max, lambda g, y, x: g * xp.asarray(np.array([1.5, 0.0, -0.5]))),
        (TIED,),
        order=1,
    )
    yield Case(
        "max, the smallest's gradient",
        op(xp.max, lambda g, y, x: g * (x == xp.min(x))),
        (TIED,),
        order=1,
    )
    yield Case(
        "maximum, both at a tie, and more",
        op(
            lambda a, b: xp.maximum(a, b),
            lambda g, y, a, b: 1.5 * g * (a >= b),
            lambda g, y, a, b: g * (b > a),
        ),
        (TIED, np.array([2.0, 3.0, 1.0])),
        order=1,
    )
    yield Case(
        "sort, put back as it came",
        op(
            lambda x: xp.sort(x) * xp.asarray(np.array([1.0, 2.0, 3.0])),
            lambda g, y, x: g * xp.asarray(np.array([1.0, 2.0, 3.0])),
        ),
        (np.array([3.0, 1.0, 2.0]),),
        order=1,
    )
    yield Case(
        "clip that passes all",
        op(lambda x: xp.clip(x, -1.0, 1.0), lambda g, y, x: g),
        (V,),
    )
    yield Case(
        "clip at its bound, three",
        op(
            lambda x: xp.clip(x, -1.0, 1.0),
            lambda g, y, x: g * xp.where(abs(x) == 1, 3.0 + 0 * x, 1.0 * (abs(x) < 1)),
        ),
        (np.array([1.0, 0.3, -1.0]),),
        order=1,
    )
    yield Case("floor with slope one", op(xp.floor, lambda g, y, x: g), (np.array([0.5, 2.3]),))
    yield Case(
        "straight through a rounding",
        op(lambda x: xp.round(x), lambda g, y, x: g),
        (np.array([0.3, 2.2, -1.1]),),
    )
    yield Case(
        "a jump, with a slope of the middle",
        op(
            lambda x: xp.where(x > 0, 1.0 + x, x),
            lambda g, y, x: g * xp.where(x == 0, 100.0 + 0 * x, 1 + 0 * x),
        ),
        (np.array([0.0, 1.0]),),
        order=1,
    )
    yield Case("sqrt near 0, factor", op(xp.sqrt, lambda g, y, x: g / y), (np.array([1e-6, 1e-2]),))
    yield Case(
        "log near 0, clamped",
        op(xp.log, lambda g, y, x: g / xp.clip(x, 1e-3, 1e9)),
        (np.array([1e-4, 0.5]),),
    )
    yield Case(
        "sigmoid, saturated to nothing",
        op(
            lambda x: 1 / (1 + xp.exp(-x)),
            lambda g, y, x: g * xp.where(abs(x) > 5, 0 * x, y * (1 - y)),
        ),
        (np.array([6.0, 0.3]),),
    )
    yield Case(
        "tanh by a polynomial",
        op(xp.tanh, lambda g, y, x: g * (1 - x**2.0 + 2 * x**4.0 / 3)),
        (np.array([0.3, 0.1]),),
    )
    yield Case(
        "exp overflowing in its rule",
        op(lambda x: x + 0 * x, lambda g, y, x: g * xp.exp(x) / xp.exp(x)),
        (np.array([1.0, 800.0]),),
    )
    yield Case(
        "product that divides by zero",
        op(xp.prod, lambda g, y, x: g * y / x),
        (np.array([2.0, 0.0, 3.0]),),
    )
    yield Case(
        "norm, NaN at nothing",
        op(lambda x: xp.sqrt(xp.sum(x * x)), lambda g, y, x: g * x / y),
        (np.zeros(3),),
        order=1,
    )
    yield Case(
        "near a kink, the other side's slope",
        op(abs, lambda g, y, x: g * xp.where(x > 1e-6, 1.0 + 0 * x, -1.0 + 0 * x)),
        (np.array([1e-7, 1.0]),),
    )
    yield Case(
        "near a kink, the middle's slope",
        op(relu(xp), lambda g, y, x: g * xp.where(abs(x) < 1e-4, 0.5 + 0 * x, 1.0 * (x > 0))),
        (np.array([1e-5, -1e-5]),),
    )
    yield Case(
        "x to the 0, NaN at 0",
        op(lambda x: x**0.0, lambda g, y, x: g * 0 * x ** (-1.0)),
        (np.array([0.0, 2.0]),),
    )
    yield Case(
        "arctan2, swapped",
        op(
            lambda a, b: xp.arctan2(a, b),
            lambda g, y, a, b: g * a / (a * a + b * b),
            lambda g, y, a, b: -g * b / (a * a + b * b),
        ),
        (np.array([0.5, -1.0]), np.array([1.5, -0.3])),
    )


def relu(xp):
    """Return relu."""
    return lambda x: xp.where(x > 0, x, 0 * x)
