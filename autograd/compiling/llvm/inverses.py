"""arcsin, arccos and arctan, by formulas that bring every argument near 0.

The coefficients come from Remez' algorithm, see `exponentials`.
"""

from __future__ import annotations

import math

from autograd.compiling.llvm.formula import (
    Number,
    absolute,
    bits,
    choose,
    fused,
    polynomial,
    square_root,
    with_sign,
)
from autograd.compiling.llvm.trigonometry import HALF_PI_DIGITS
from autograd.compiling.llvm.two_parts import parts

RIGHT_ANGLE = parts(HALF_PI_DIGITS, 52)

# arctan x = x + x³ ARCTAN(x²), |x| ≤ tan(π/8)
ARCTAN = (
    -0.333333333333332,
    0.19999999999954085,
    -0.14285714280248712,
    0.11111110786145768,
    -0.0909089783663322,
    0.07692061639834559,
    -0.06663120410056,
    0.058480090798912955,
    -0.05039846152415382,
    0.03807833522984441,
    -0.017922293060594313,
)
# arcsin x = x + x³ ARCSIN(x²), |x| ≤ ½
ARCSIN = (
    0.16666666666666763,
    0.07499999999970258,
    0.044642857175123854,
    0.03038194268349274,
    0.022372215663347725,
    0.017351600043952677,
    0.01398096195608536,
    0.011397772345933532,
    0.010786547108557552,
    0.0036829815017195284,
    0.021763629870644566,
    -0.021077456697836748,
    0.03267698120583423,
)


def angle_in_parts(a: Number, b: Number | float) -> tuple[Number, Number]:
    """Return q and r of arctan a/b = q π/2 + r, a and b not negative.

    arctan a/b = π/4 + arctan((a − b) / (a + b)) = π/2 − arctan(b / a).
    """
    middle, far = a > math.tan(math.pi / 8) * b, a > math.tan(3 * math.pi / 8) * b
    above = choose(far, -b, choose(middle, a - b, a))
    below = choose(far, a, choose(middle, a + b, b))
    z = above / below
    square = z * z
    r = fused(z * square, polynomial(square, ARCTAN), z)
    return choose(far, 1.0, choose(middle, 0.5, 0.0)), r


def angle_from_parts(q: Number, r: Number) -> Number:
    return fused(q, RIGHT_ANGLE[0], fused(q, RIGHT_ANGLE[1], r))


def arctan(x: Number) -> Number:
    return with_sign(angle_from_parts(*angle_in_parts(absolute(x), 1.0)), of=x)


def arctan2(y: Number, x: Number) -> Number:
    """The angle of the point (x, y): arctan |y / x|, and π less that to the left."""
    up, right = absolute(y), absolute(x)
    both = up.equals(right) & (up.equals(0.0) | up.equals(math.inf))
    up = choose(both, choose(up > 0.0, 1.0, 0.0), up)
    right = choose(both, 1.0, right)
    larger = choose(up > right, up, right)  # to which other sizes are added, or a fraction of it
    scale = choose(larger > 2.0**1000, 2.0**-100, choose(larger < 2.0**-900, 2.0**100, 1.0))
    q, r = angle_in_parts(up * scale, right * scale)
    left = (bits(x) >> 63).changed("i1", "trunc")
    angle = angle_from_parts(choose(left, 2.0 - q, q), choose(left, -r, r))
    return with_sign(angle, of=y)


def arcsin_of_reduced(size: Number) -> tuple[Number, Number]:
    """Return whether |x| > ½, and then arcsin √((1 − |x|) / 2), else arcsin |x|."""
    far = size > 0.5
    rest = (1.0 - size) * 0.5
    square = choose(far, rest, size * size)
    z = choose(far, square_root(rest), size)
    return far, fused(z * square, polynomial(square, ARCSIN), z)


def arcsin(x: Number) -> Number:
    """arcsin |x| = π/2 − 2 arcsin √((1 − |x|) / 2)."""
    far, y = arcsin_of_reduced(absolute(x))
    return with_sign(choose(far, RIGHT_ANGLE[0] - (2.0 * y - RIGHT_ANGLE[1]), y), of=x)


def arccos(x: Number) -> Number:
    """arccos x = π/2 − arcsin x, near 1 it is 2 arcsin √((1 − x) / 2), near −1 π less that."""
    far, y = arcsin_of_reduced(absolute(x))
    near = RIGHT_ANGLE[0] - (with_sign(y, of=x) - RIGHT_ANGLE[1])
    left = 2.0 * (RIGHT_ANGLE[0] - (y - RIGHT_ANGLE[1]))
    return choose(far, choose(x < 0.0, left, 2.0 * y), near)
