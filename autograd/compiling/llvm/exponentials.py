"""exp, log and their kin, without branches, so that a loop of them is vectorised.

An argument is reduced as Cody and Waite do it (Software Manual for the Elementary Functions, 1980):
a multiple of ln 2 is taken away in two parts, the first so short that the product is exact.  What
is left is a polynomial, whose coefficients come from Remez' algorithm of 1934;
tests/compiling/test_mathematics.py computes how far each is from its function.  For all of it see
J.-M. Muller, Elementary Functions, 3rd edition, 2016.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd.compiling.llvm.formula import (
    TO_INTEGER,
    Number,
    absolute,
    as_double,
    bits,
    choose,
    from_bits,
    fused,
    polynomial,
    power_of_2,
    with_sign,
)
from autograd.compiling.llvm.two_parts import parts

LN2 = parts("0.69314718055994530941723212145817656807550013436", 40)  # n · LN2[0] is exact
LOG2_E = parts("1.44269504088896340735992468100189213742664595415", 30)
LOG10_E = parts("0.43429448190325182765112891891660508229439700580", 30)
LOG10_2 = parts("0.30102999566398119521373889472449302676818988146", 40)

# e^r = 1 + r + r² EXP(r), |r| ≤ ln(2) / 2
EXP = (
    0.5,
    0.1666666666666667,
    0.041666666666666685,
    0.008333333333326141,
    0.0013888888888874407,
    0.00019841269874802165,
    2.4801587347316605e-05,
    2.75572554238637e-06,
    2.7557252937639067e-07,
    2.5105207080421952e-08,
    2.092158011699827e-09,
)
# log((1 + s) / (1 − s)) = 2 s + s³ LOG(s²), |s| ≤ 3 − 2 √2
LOG = (
    0.6666666666666734,
    0.3999999999941469,
    0.2857142874238594,
    0.22222198573259408,
    0.18183564325975213,
    0.15314050483069447,
    0.14795950964382185,
)
# m^(−1/3) to 14 bits, √½ ≤ m ≤ √2
CBRT = (
    1.8745034597779666,
    -1.861764891345312,
    1.5612026162524946,
    -0.7023165877031072,
    0.12835196388185527,
)


def reduced(x: Number, less: Number | float = 0.0) -> tuple[Number, Number]:
    """Return n, in the lowest bits of an integer, and r of x − less = n ln 2 + r.

    r is from −ln(2) / 2 to ln(2) / 2, or farther by what is `less`, a small number.
    """
    shifted = fused(x, 1 / math.log(2), TO_INTEGER)
    n = shifted - TO_INTEGER
    return bits(shifted), fused(n, -LN2[0], x) - fused(n, LN2[1], less)


def exp_minus_1_of_reduced(r: Number) -> Number:
    return fused(r * r, polynomial(r, EXP), r)


def scaled(y: Number, n: Number) -> Number:
    """Return y · 2^n in two steps, since 2^n itself may be too large or too small."""
    half = n >> 1
    return y * power_of_2(half) * power_of_2(n - half)


def between(x: Number, low: float, high: float) -> Number:
    """Return x, or the bound that it is beyond; NaN stays."""
    x = choose(x > high, high, x)
    return choose(x < low, low, x)


def exp(x: Number) -> Number:
    """e^x = 2^n e^r."""
    n, r = reduced(between(x, -746.0, 710.0))
    return scaled(1.0 + exp_minus_1_of_reduced(r), n)


def exp2(x: Number) -> Number:
    """2^x = 2^n e^(r ln 2), where r = x − n is exact."""
    x = between(x, -1076.0, 1024.0)
    shifted = x + TO_INTEGER
    r = x - (shifted - TO_INTEGER)
    return scaled(1.0 + exp_minus_1_of_reduced(r * math.log(2)), bits(shifted))


def expm1(x: Number) -> Number:
    """e^x − 1 = 2^n (e^r − 1) + (2^n − 1)."""
    n, r = reduced(between(x, -40.0, 710.0))
    large = x > 700.0  # where 2^n may be too large, but half of it is not
    scale, p = power_of_2(n - choose(large, 1, 0)), exp_minus_1_of_reduced(r)
    y = fused(scale, p, scale - 1.0) * choose(large, 2.0, 1.0)
    return with_sign(y, of=x)


def split(x: Number) -> tuple[Number, Number]:
    """Return k + 1023, an integer, and m of x = 2^k m, m from √½ to √2; x is normal."""
    root_half, one = 0x3FE6A09E667F3BCD, 0x3FF0000000000000
    raised = (bits(x) + (one - root_half)) >> 52
    return raised, from_bits(bits(x) - (raised << 52) + one)


def split_any(x: Number) -> tuple[Number, Number]:
    """Return k and m − 1 of x = 2^k m, x > 0, which may be subnormal."""
    tiny = x < 2.0**-1022
    raised, m = split(choose(tiny, x * 2.0**54, x))
    return as_double(raised, 1023.0) - choose(tiny, 54.0, 0.0), m - 1.0


def log_parts(f: Number) -> tuple[Number, Number]:
    """Return a and b of log(1 + f) = f − (a − b): a = f²/2, b = s (f²/2 + s² LOG(s²)).

    1 + f = (1 + s) / (1 − s), so that s = f / (2 + f).
    """
    s = f / (f + 2.0)
    half, square = f * f * 0.5, s * s
    return half, s * fused(square, polynomial(square, LOG), half)


def log_of_reduced(k: Number, f: Number) -> Number:
    """k ln 2 + log(1 + f), the small parts first."""
    half, rest = log_parts(f)
    return fused(k, LN2[0], f - (half - fused(k, LN2[1], rest)))


def defined(y: Number, x: Number, lowest: float) -> Number:
    """Return what a logarithm is: y above `lowest`, −inf there, NaN below."""
    y = choose(x < math.inf, y, x)
    return choose(x < lowest, math.nan, choose(x.equals(lowest), -math.inf, y))


def log(x: Number) -> Number:
    """log x = k ln 2 + log(1 + f)."""
    return defined(log_of_reduced(*split_any(x)), x, 0.0)


def log1p(x: Number) -> Number:
    """log(1 + x) = k ln 2 + log(1 + f), where f has what 1 + x has lost."""
    total = 1.0 + x
    lost = x - (total - 1.0)
    raised, m = split(total)
    k = as_double(raised, 1023.0)
    scale = from_bits(0x7FF0000000000000 - (raised << 52))  # 2^(1 − k)
    f = choose(k.equals(0.0), x, fused(0.5 * lost, scale, m - 1.0))
    return with_sign(defined(log_of_reduced(k, f), x, -1.0), of=x)


def log_to_base(x: Number, unit: Sequence[float], two: Sequence[float]) -> Number:
    """Return k · `two` + log(1 + f) · `unit`, the large parts and the small ones apart."""
    k, f = split_any(x)
    half, rest = log_parts(f)
    large = from_bits(bits(f - half) & -(2**32))  # so short that the next product is exact
    small = f - large - half + rest
    product = large * unit[0]
    first = k * two[0]
    total = first + product
    lost = (first - total) + product
    low = fused(small, unit[0], (small + large) * unit[1])
    return defined(total + (lost + fused(k, two[1], low)), x, 0.0)


def log2(x: Number) -> Number:
    return log_to_base(x, LOG2_E, (1.0, 0.0))


def log10(x: Number) -> Number:
    return log_to_base(x, LOG10_E, LOG10_2)


def cbrt(x: Number) -> Number:
    """∛|x| = 2^q ∛t, x = 2^(3 q) t; r, near 1 / ∛t, is made better by the series of ∛(1 − h)."""
    size = absolute(x)
    k, f = split_any(size)
    shifted = fused(k, 1 / 3, TO_INTEGER)
    left = k - 3.0 * (shifted - TO_INTEGER)  # −1, 0 or 1
    up, down = left > 0.5, left < -0.5
    m = f + 1.0
    t = m * choose(up, 2.0, choose(down, 0.5, 1.0))
    r = polynomial(m, CBRT) * choose(up, 2 ** (-1 / 3), choose(down, 2 ** (1 / 3), 1.0))
    h = 1.0 - t * r * r * r
    r = fused(r * h, polynomial(h, (1 / 3, 2 / 9, 14 / 81)), r)
    square = r * r
    y = t * square
    y = fused((t - y * y * y) * square, 1 / 3, y)
    finite = choose(size < math.inf, y * power_of_2(bits(shifted)), size)
    return with_sign(choose(size.equals(0.0), 0.0, finite), of=x)
