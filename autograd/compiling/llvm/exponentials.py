"""exp, log and the functions made of them, without branches, so that a loop of them is vectorised.

An argument is reduced as Cody and Waite do it (Software Manual for the Elementary Functions, 1980):
a multiple of ln 2 is taken away in two parts, the first so short that the product is exact.  What
is left is a polynomial, whose coefficients come from Remez' algorithm of 1934;
tests/compiling/test_mathematics.py computes how far each is from its function.  For all of it see
J.-M. Muller, Elementary Functions, 3rd edition, 2016.
"""

from __future__ import annotations

import math

from autograd.compiling.llvm.formula import (
    TO_INTEGER,
    Number,
    absolute,
    bits,
    choose,
    from_bits,
    fused,
    parts,
    polynomial,
    power_of_2,
    with_sign,
)

LN2 = parts("0.69314718055994530941723212145817656807550013436", 40)  # n · LN2[0] is exact

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


def reduced(x: Number) -> tuple[Number, Number]:
    """Return n, in the lowest bits of an integer, and r of x = n ln 2 + r, |r| ≤ ln(2) / 2."""
    shifted = fused(x, 1 / math.log(2), TO_INTEGER)
    n = shifted - TO_INTEGER
    return bits(shifted), fused(n, -LN2[1], fused(n, -LN2[0], x))


def exp_minus_1_of_reduced(r: Number) -> Number:
    return fused(r * r, polynomial(r, EXP), r)


def scaled(y: Number, n: Number) -> Number:
    """Return y · 2^n in two steps, since 2^n itself may be too large or too small."""
    half = n >> 1
    return y * power_of_2(half) * power_of_2(n - half)


def exp(x: Number) -> Number:
    """e^x = 2^n e^r."""
    x = choose(x > 710.0, 710.0, x)
    x = choose(x < -746.0, -746.0, x)
    n, r = reduced(x)
    return scaled(exp_minus_1_of_reduced(r) + 1.0, n)


def tanh(x: Number) -> Number:
    """tanh x = t / (t + 2) = 1 − 2 / (t + 2), t = e^2|x| − 1: the second has more digits near 1."""
    twice = 2.0 * absolute(x)
    n, r = reduced(choose(twice > 40.0, 40.0, twice))
    scale, p = power_of_2(n), exp_minus_1_of_reduced(r)
    near_1 = twice > 1.0
    quotient = choose(near_1, -2.0, fused(scale, p, scale - 1.0)) / fused(scale, p, scale + 1.0)
    return with_sign(choose(near_1, 1.0 + quotient, quotient), of=x)


def split(x: Number) -> tuple[Number, Number]:
    """Return k and m of x = 2^k m, with m from √½ to √2; x is normal and positive."""
    root_half = 0x3FE6A09E667F3BCD
    one = 0x3FF0000000000000
    raised = (bits(x) + (one - root_half)) >> 52  # k + 1023
    k = from_bits(raised | 0x4330000000000000) - (2.0**52 + 1023)
    return k, from_bits(bits(x) - (raised << 52) + one)


def log(x: Number) -> Number:
    """log x = k ln 2 + log(1 + f), 1 + f = (1 + s) / (1 − s)."""
    tiny = x < 2.0**-1022
    k, m = split(choose(tiny, x * 2.0**54, x))
    y = log_of_reduced(k - choose(tiny, 54.0, 0.0), m - 1.0)
    y = choose(x < math.inf, y, x)
    return choose(x < 0.0, math.nan, choose(x.equals(0.0), -math.inf, y))


def log_of_reduced(k: Number, f: Number) -> Number:
    """k ln 2 + f − (f²/2 − s (f²/2 + s² LOG(s²))), the small parts first."""
    s = f / (f + 2.0)
    half = f * f * 0.5
    rest = half + s * s * polynomial(s * s, LOG)
    return fused(k, LN2[0], f - (half - fused(k, LN2[1], s * rest)))
