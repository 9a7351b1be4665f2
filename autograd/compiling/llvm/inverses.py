"""arcsin, arccos and arctan, by formulas that bring every argument near 0.

The coefficients come from Remez' algorithm, see `exponentials`.
"""

from __future__ import annotations

import math

from autograd.compiling.llvm.formula import (
    Number,
    absolute,
    choose,
    fused,
    parts,
    polynomial,
    square_root,
    with_sign,
)

HALF_PI = parts("1.57079632679489661923132169163975144209858469968755", 52)

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


def arctan(x: Number) -> Number:
    """arctan |x| = π/4 + arctan((|x| − 1) / (|x| + 1)) = π/2 − arctan(1 / |x|)."""
    size = absolute(x)
    middle, far = size > math.tan(math.pi / 8), size > math.tan(3 * math.pi / 8)
    above = choose(far, -1.0, choose(middle, size - 1.0, size))
    below = choose(far, size, choose(middle, size + 1.0, 1.0))
    quarters = choose(far, 1.0, choose(middle, 0.5, 0.0))
    z = above / below
    square = z * z
    small = fused(z * square, polynomial(square, ARCTAN), quarters * HALF_PI[1])
    return with_sign(fused(quarters, HALF_PI[0], z + small), of=x)


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
    return with_sign(choose(far, HALF_PI[0] - (2.0 * y - HALF_PI[1]), y), of=x)


def arccos(x: Number) -> Number:
    """arccos x = π/2 − arcsin x, near 1 it is 2 arcsin √((1 − x) / 2), near −1 π less that."""
    far, y = arcsin_of_reduced(absolute(x))
    near = HALF_PI[0] - (with_sign(y, of=x) - HALF_PI[1])
    left = 2.0 * (HALF_PI[0] - (y - HALF_PI[1]))
    return choose(far, choose(x < 0.0, left, 2.0 * y), near)
