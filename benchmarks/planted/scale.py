"""Wrong by a sign, a factor, a term, or a place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.planted.case import Case
from benchmarks.planted.library import Library

X = np.array([[0.5, -2.0, 4.0], [-0.3, 1.2, 0.9]])
V = np.array([0.5, -2.0, 4.0, 1.3])
P = np.array([0.5, 2.0, 4.0, 1.3])


def wrong(lib: Library) -> Iterator[Case]:
    """Yield the cases."""
    xp, op = lib.xp, lib.op

    def square(slope):
        return op(lambda x: x * x, lambda g, y, x: g * slope(x))

    yield Case("sign", op(xp.sin, lambda g, y, x: -g * xp.cos(x)), (X,))
    yield Case("a factor of two", square(lambda x: x), (X,))
    yield Case("three percent", square(lambda x: 2.06 * x), (X,))
    yield Case("a tenth of a percent", square(lambda x: 2.002 * x), (X,))
    yield Case("a hundred-thousandth", square(lambda x: 2.00002 * x), (X,))
    yield Case("a millionth", square(lambda x: 2.000002 * x), (X,))
    yield Case("a millionth, of a scalar", op(xp.exp, lambda g, y, x: g * y * 1.000001), (0.7,))
    yield Case("a small constant added", square(lambda x: 2 * x + 1e-5), (X,))
    yield Case("zero", square(lambda x: 0 * x), (X,))
    yield Case(
        "None for one of two", op(lambda x, w: x * w, lambda g, y, x, w: g * w, None), (V, P)
    )
    yield Case("constant slope", square(lambda x: 2 + 0 * x), (X,))
    yield Case(
        "two arguments swapped",
        op(lambda x, w: x * w, lambda g, y, x, w: g * x, lambda g, y, x, w: g * w),
        (V, P),
    )
    yield Case(
        "the second argument's sign",
        op(lambda x, w: x - w * w, lambda g, y, x, w: g, lambda g, y, x, w: 2 * g * w),
        (V, P),
    )
    yield Case(
        "quotient rule without the square",
        op(lambda x, w: x / w, lambda g, y, x, w: g / w, lambda g, y, x, w: -g * x / w),
        (V, P),
    )
    yield Case(
        "power rule with the old exponent",
        op(lambda x: x**3.0, lambda g, y, x: 3 * g * x**3.0),
        (P,),
    )
    yield Case(
        "logarithm of the exponent, not of the base",
        op(
            lambda x, w: x**w,
            lambda g, y, x, w: g * w * x ** (w - 1),
            lambda g, y, x, w: g * y * xp.log(w),
        ),
        (P, P[::-1].copy()),
    )
    yield Case(
        "no inner derivative", op(lambda x: xp.sin(3 * x), lambda g, y, x: g * xp.cos(3 * x)), (V,)
    )
    yield Case(
        "inner derivative of the wrong function",
        op(lambda x: xp.exp(x * x), lambda g, y, x: g * y * x),
        (V / 4,),
    )
    yield Case("tanh from the input", op(xp.tanh, lambda g, y, x: g * (1 - x * x)), (V / 4,))
    yield Case("tanh from half the output", op(xp.tanh, lambda g, y, x: g * (1 - y)), (V,))
    yield Case(
        "sigmoid without 1 - y",
        op(lambda x: 1 / (1 + xp.exp(-x)), lambda g, y, x: g * y),
        (V,),
    )
    yield Case("one off by one place", square(lambda x: 2 * xp.roll(x, 1)), (V,))
    yield Case("reversed", square(lambda x: 2 * xp.flip(x, (0,))), (V,))
    yield Case(
        "cumulative sum from the wrong end",
        op(lambda x: xp.cumsum(x, axis=0), lambda g, y, x: xp.cumsum(g, axis=0)),
        (V,),
    )
    yield Case(
        "differences without the last",
        op(
            lambda x: x[1:] - x[:-1],
            lambda g, y, x: xp.concatenate([-g[:1], g[:-1] - g[1:], 0 * g[-1:]]),
        ),
        (V,),
    )
    yield Case(
        "variance by one less than its count",
        op(
            lambda x: xp.mean((x - xp.mean(x)) ** 2.0),
            lambda g, y, x: g * 2 * (x - xp.mean(x)) / (len(x) - 1),
        ),
        (V,),
    )
    yield Case(
        "softmax as if elementwise",
        op(
            lambda x: xp.exp(x) / xp.sum(xp.exp(x)),
            lambda g, y, x: g * y * (1 - y),
        ),
        (V,),
    )
    yield Case(
        "log-sum-exp by the largest alone",
        op(
            lambda x: xp.log(xp.sum(xp.exp(x))),
            lambda g, y, x: g * xp.where(x == xp.max(x), 1.0 + 0 * x, 0 * x),
        ),
        (V,),
    )
    yield Case(
        "normalised without its own scale",
        op(
            lambda x: x / xp.sqrt(xp.sum(x * x)),
            lambda g, y, x: g / xp.sqrt(xp.sum(x * x)),
        ),
        (V,),
    )
    yield Case(
        "small part of a large gradient",
        op(
            lambda x: 1e6 * x[0] + x[1] ** 2.0, lambda g, y, x: g * xp.stack([1e6 + 0 * x[0], x[1]])
        ),
        (V[:2],),
    )
    yield Case(
        "small numbers, three percent",
        op(lambda x: x * x, lambda g, y, x: g * 2.06 * x),
        (1e-8 * V,),
    )
    yield Case(
        "large numbers, three percent",
        op(lambda x: x * x, lambda g, y, x: g * 2.06 * x),
        (1e8 * V,),
    )
    yield Case(
        "small result, sign",
        op(lambda x: 1e-12 * xp.sin(x), lambda g, y, x: -1e-12 * g * xp.cos(x)),
        (V,),
    )
    yield Case(
        "the small slope beside a large one",
        op(
            lambda x, w: x * x + 1e-6 * w,
            lambda g, y, x, w: 2 * g * x,
            lambda g, y, x, w: 2e-6 * g,
        ),
        (V, P),
    )
    yield Case(
        "small slope on a large value",
        op(lambda x: 1e6 + xp.sin(x), lambda g, y, x: 1.01 * g * xp.cos(x)),
        (V,),
    )
    yield Case(
        "a thousandth inside a composition",
        lambda x: xp.sum(xp.tanh(op(xp.exp, lambda g, y, x: 1.001 * g * y)(0.3 * x)) ** 2),
        (V,),
    )
