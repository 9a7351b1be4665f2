"""sin, cos and tan, of every double, by the angle that is left after multiples of π/2.

Up to `FAR` the multiple is taken away in four parts, as Cody and Waite do it; what is left is a
sum of two doubles, since it can be close to 0.  From there on 2/π is needed to a thousand bits, of
which the few that matter are multiplied as integers (Payne and Hanek, "Radian reduction for
trigonometric functions", 1983).  The coefficients come from Remez' algorithm, see `exponentials`.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

from autograd.compiling.llvm.formula import (
    TO_INTEGER,
    Number,
    as_double,
    bits,
    choose,
    from_bits,
    fused,
    polynomial,
    power_of_2,
)
from autograd.compiling.llvm.two_parts import parts, with_rest

FAR = 1.6e6  # below n < 2^20, so that n times the parts of π/2 but the last is exact
HALF_PI_DIGITS = "1.57079632679489661923132169163975144209858469968755291048747"
HALF_PI = parts(HALF_PI_DIGITS, 31, 62, 93)

# sin r = r + r³ SIN(r²) and cos r = 1 − r²/2 + r⁴ COS(r²), |r| ≤ π/4
SIN = (
    -0.16666666666666632,
    0.008333333333322424,
    -0.00019841269829816842,
    2.75573136951943e-06,
    -2.5050758648768047e-08,
    1.5896827686412504e-10,
)
COS = (
    0.04166666666666665,
    -0.0013888888888881267,
    2.480158729342283e-05,
    -2.7557315378599853e-07,
    2.0875850906157074e-09,
    -1.136576217573273e-11,
)

Angle = tuple[Number, Number, Number]  # n, in the lowest bits, and r in two parts: n π/2 + r


def near_angle(size: Number) -> Angle:
    """Return the angle of a number from 0 to `FAR`."""
    shifted = fused(size, 2 / math.pi, TO_INTEGER)
    n = shifted - TO_INTEGER
    first, rest = with_rest(fused(n, -HALF_PI[0], size), n * -HALF_PI[1])
    second, more = with_rest(first, n * -HALF_PI[2])
    return bits(shifted), *with_rest(second, fused(n, -HALF_PI[3], rest + more))


@cache
def two_over_pi(n: int) -> int:
    """Return n binary digits of 2/π, with π = 16 arctan 1/5 − 4 arctan 1/239 (J. Machin, 1706)."""
    one = 1 << (n + 64)

    def arctan_of_inverse(k: int) -> int:
        term, total, i = one // k, 0, 1
        while term:
            total += term // i if i % 4 == 1 else -(term // i)
            term, i = term // k**2, i + 2
        return total

    return 2 * (one << n) // (16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239))


def far_angle(size: Number) -> Angle:
    """Return the angle of a number above `FAR`, which is an integer times 2^(e − 1075).

    Of the product with 2/π, whose unit is a quarter of a turn, 190 binary places are kept, and two
    digits before them. 1161 digits of 2/π reach that far if the number is the largest double.
    """
    raw = bits(size)
    e = (raw >> 52).changed("i1216", "zext")
    digits = (e.like(two_over_pi(1161)) >> (2046 - e)).changed("i192", "trunc")
    integer = ((raw & (2**52 - 1)) | 2**52).changed("i192", "zext")
    product = digits * integer
    n = (product + 2**189) >> 190
    rest = product - (n << 190)
    below = (rest >> 191).changed("i1", "trunc")
    rest = choose(below, -rest, rest)
    zeros = rest.body.write("i192", f"call i192 @llvm.ctlz.i192({rest}, i1 true)")
    top = ((rest << zeros) >> 128).changed("i64", "trunc")
    product = top.changed("i128", "zext") * round(Fraction(HALF_PI_DIGITS) * 2**63)
    r = (product >> 64).changed("i64", "trunc")
    high, low = as_double(r >> 32) * 2.0**32, as_double(r & (2**32 - 1))
    scale = power_of_2(-zeros.changed("i64", "trunc"), 1023 - 61)
    scale = choose(below, -scale, scale)
    total, rest = with_rest(high, low)
    return n.changed("i64", "trunc"), total * scale, rest * scale


def any_angle(size: Number) -> Angle:
    far, near = far_angle(size), near_angle(size)
    n, high, low = (choose(size > FAR, a, b) for a, b in zip(far, near, strict=True))
    return n, high, low


def sin_and_cos(high: Number, low: Number) -> tuple[Number, Number]:
    """Return sin r and cos r, |r| ≤ π/4."""
    square = high * high
    half = 0.5 * square
    bend = high * square * polynomial(square, SIN)
    sin = high + (bend + fused(half, -low, low))
    start = 1.0 - half
    small = fused(square * square, polynomial(square, COS), -(high * low))
    return sin, start + (((1.0 - start) - half) + small)


def signed(y: Number, sign: Number) -> Number:
    """Return y, or −y where the highest bit of an integer is set."""
    return from_bits(bits(y) ^ (sign & -(2**63)))


def odd(n: Number) -> Number:
    return (n & 1).changed("i1", "trunc")


def sin(x: Number, n: Number, high: Number, low: Number) -> Number:
    s, c = sin_and_cos(high, low)
    return signed(choose(odd(n), c, s), bits(x) ^ (n << 62))


def cos(x: Number, n: Number, high: Number, low: Number) -> Number:
    s, c = sin_and_cos(high, low)
    return signed(choose(odd(n), s, c), (n + 1) << 62)


def tan(x: Number, n: Number, high: Number, low: Number) -> Number:
    s, c = sin_and_cos(high, low)
    turned = odd(n)
    y = choose(turned, c, s) / choose(turned, s, c)
    return signed(y, bits(x) ^ (n << 63))
