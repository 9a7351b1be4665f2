"""Hyperbolic functions and their inverses, from e^x − 1 and log(1 + x)."""

from __future__ import annotations

import math

from autograd.compiling.llvm.exponentials import exp_minus_1_of_reduced, log1p, reduced
from autograd.compiling.llvm.formula import (
    Number,
    absolute,
    choose,
    fused,
    power_of_2,
    square_root,
    with_sign,
)


def tanh(x: Number) -> Number:
    """tanh x = t / (t + 2) = 1 − 2 / (t + 2), t = e^2|x| − 1: the second has more digits near 1."""
    twice = 2.0 * absolute(x)
    n, r = reduced(choose(twice > 40.0, 40.0, twice))
    scale, p = power_of_2(n), exp_minus_1_of_reduced(r)
    near_1 = twice > 1.0
    quotient = choose(near_1, -2.0, fused(scale, p, scale - 1.0)) / fused(scale, p, scale + 1.0)
    return with_sign(choose(near_1, 1.0 + quotient, quotient), of=x)


def quarter_power(x: Number) -> tuple[Number, Number]:
    """Return s and p of e^x / 4 = s + s p: a quarter, since e^x may be too large."""
    n, r = reduced(choose(x > 710.7, 710.7, x))
    return power_of_2(n - 2), exp_minus_1_of_reduced(r)


def sinh(x: Number) -> Number:
    """sinh |x| = (t + t / (t + 1)) / 2, t = e^|x| − 1."""
    size = absolute(x)
    scale, p = quarter_power(size)
    q = fused(scale, p, scale - 0.25)
    y = 2.0 * (q + choose(q > 2.0**60, 0.0, q / fused(q, 4.0, 1.0)))
    return with_sign(choose(size < 2.0**-28, size, y), of=x)


def cosh(x: Number) -> Number:
    """cosh x = (e^|x| + e^−|x|) / 2."""
    scale, p = quarter_power(absolute(x))
    q = fused(scale, p, scale)
    return fused(q, 2.0, 0.125 / q)


def arcsinh(x: Number) -> Number:
    """arcsinh |x| = log(1 + t), t = |x| + x² / (1 + √(1 + x²)); far out log |x| + log 2."""
    size = absolute(x)
    far = size > 2.0**28
    near = choose(far, 1.0, size)
    square = near * near
    t = near + square / (1.0 + square_root(1.0 + square))
    y = log1p(choose(far, size - 1.0, t)) + choose(far, math.log(2), 0.0)
    return with_sign(y, of=x)


def arccosh(x: Number) -> Number:
    """arccosh x = log(1 + t), t = (x − 1) + √((x − 1) (x + 1)); far out log x + log 2."""
    far = x > 2.0**28
    above = choose(far, 1.0, x - 1.0)
    t = above + square_root(above * (above + 2.0))
    y = log1p(choose(far, x - 1.0, t)) + choose(far, math.log(2), 0.0)
    return choose(x < 1.0, math.nan, y)


def arctanh(x: Number) -> Number:
    """arctanh |x| = log(1 + 2 |x| / (1 − |x|)) / 2."""
    size = absolute(x)
    return with_sign(0.5 * log1p(2.0 * size / (1.0 - size)), of=x)
