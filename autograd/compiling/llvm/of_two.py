"""x^y and √(x² + y²).

The power needs more digits of log x than a double has, as they are multiplied by y: it is a sum of
two doubles. The coefficients come from Remez' algorithm, see `exponentials`.
"""

from __future__ import annotations

import math

from autograd.compiling.llvm.exponentials import (
    LN2,
    between,
    exp_minus_1_of_reduced,
    reduced,
    scaled,
    split_any,
)
from autograd.compiling.llvm.formula import (
    Number,
    absolute,
    choose,
    fused,
    of_llvm,
    polynomial,
    square_root,
    with_sign,
)
from autograd.compiling.llvm.two_parts import parts, product_with_rest, with_rest

TWO_THIRDS = parts("0.66666666666666666666666666666666666666666666666667", 53)
# log((1 + s) / (1 − s)) = 2 s + 2/3 s³ + s⁵ LONG_LOG(s²), |s| ≤ 3 − 2 √2
LONG_LOG = (
    0.40000000000002256,
    0.28571428570100077,
    0.22222222519823387,
    0.181817843766126,
    0.15386756862201229,
    0.1325682933255069,
    0.13196215601669356,
)


def long_log(x: Number) -> tuple[Number, Number]:
    """Return log x of a positive number in two parts."""
    k, f = split_any(x)
    below, below_rest = with_rest(f.like(2.0), f)
    s = f / below
    back, back_rest = product_with_rest(s, below)
    s_rest = ((f - back) - back_rest - s * below_rest) / below
    square, square_rest = product_with_rest(s, s)
    square_rest = fused(s, 2.0 * s_rest, square_rest)
    cube, cube_rest = product_with_rest(square, s)
    cube_rest = cube_rest + (square_rest * s + square * s_rest)
    third, third_rest = product_with_rest(cube, TWO_THIRDS[0])
    third_rest = third_rest + (cube * TWO_THIRDS[1] + cube_rest * TWO_THIRDS[0])
    tail = cube * square * polynomial(square, LONG_LOG)
    high, low = with_rest(2.0 * s, third)
    low = low + (2.0 * s_rest + (third_rest + tail))
    high, more = with_rest(k * LN2[0], high)
    return with_rest(high, more + fused(k, LN2[1], low))


def general_power(x: Number, y: Number) -> Number:
    """|x|^y = e^(y log |x|), with the sign of x if y is odd."""
    size, bounded = absolute(x), between(y, -(2.0**80), 2.0**80)
    log, log_rest = long_log(size)
    exponent, rest = product_with_rest(bounded, log)
    rest = choose(absolute(exponent) < 800.0, fused(bounded, log_rest, rest), 0.0)
    n, r = reduced(between(exponent, -800.0, 800.0), -rest)
    z = scaled(1.0 + exp_minus_1_of_reduced(r), n)

    none, whole = size.equals(0.0), of_llvm("floor", y).equals(y)
    even = of_llvm("floor", 0.5 * y).equals(0.5 * y)
    grows = choose(none, -y, y) > 0.0
    z = choose(none | size.equals(math.inf), choose(grows, math.inf, 0.0), z)
    odd = choose(whole, choose(even, 1.0, x), 1.0)
    real = whole | (x >= 0.0) | none | size.equals(math.inf)
    z = choose(real & x.equals(x) & y.equals(y), with_sign(z, of=odd), math.nan)
    return choose(y.equals(0.0) | x.equals(1.0), 1.0, z)


def hypot(x: Number, y: Number) -> Number:
    """√(x² + y²), scaled so that no square is too large or too small."""
    x, y = absolute(x), absolute(y)
    larger = choose(x > y, x, y)
    large, small = larger > 2.0**500, larger < 2.0**-400
    scale = choose(large, 2.0**-600, choose(small, 2.0**600, 1.0))
    back = choose(large, 2.0**600, choose(small, 2.0**-600, 1.0))
    a, b = x * scale, y * scale
    z = square_root(fused(a, a, b * b)) * back
    return choose(x.equals(math.inf) | y.equals(math.inf), math.inf, z)
