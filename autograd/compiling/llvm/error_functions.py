"""erf and erfc: a polynomial near 0, elsewhere e^(−x²) times a polynomial of a fraction of x.

M. M. Shepherd and J. G. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in
0 ≤ x < ∞", Mathematics of Computation 36, 1981; here with coefficients from Remez' algorithm, see
`exponentials`.
"""

from __future__ import annotations

import math

from autograd.compiling.llvm.exponentials import (
    between,
    exp_minus_1_of_reduced,
    reduced,
    scaled,
)
from autograd.compiling.llvm.formula import (
    Number,
    absolute,
    bits,
    choose,
    from_bits,
    fused,
    polynomial,
    with_sign,
)

# erf x = 2 x / √π + x³ ERF(x²), 0 ≤ x ≤ 1
ERF = (
    -0.37612638903183615,
    0.11283791670947078,
    -0.026866170643499696,
    0.005223977608933371,
    -0.0008548326051787134,
    0.00012055296956374382,
    -1.4924772870374466e-05,
    1.6447834423600243e-06,
    -1.6211407395794592e-07,
    1.3731931643341256e-08,
    -7.81680727440985e-10,
)
# (1 + 2 x) e^(x²) erfc x = ERFC((x − MIDDLE) / (x + MIDDLE)), 7/8 ≤ x ≤ 27½
MIDDLE = 3.8125  # where the first coefficient is almost a double
ERFC = (
    1.2363539084541144,
    -0.14015514677325883,
    0.006738807450824416,
    0.07862435546320772,
    -0.10697124619086072,
    0.0929077443070781,
    -0.06081432179992161,
    0.030630562701087383,
    -0.011296473947226713,
    0.002467910476779936,
    0.00011018593920091022,
    -0.0003006561860386136,
    8.064055911041025e-05,
    1.437221513335251e-05,
    -1.3453149935922686e-05,
    7.121584405062224e-07,
    1.7162360390613181e-06,
    -3.218617909494843e-07,
    -1.9009781197912052e-07,
    5.2189335429748124e-08,
    9.010505539699627e-09,
)


def beyond_linear(square: Number) -> Number:
    """Return erf x / x − 1 of x², from 0 to 1: what is added to 1 has more digits than the sum."""
    return fused(square, polynomial(square, ERF), 2 / math.sqrt(math.pi) - 1)


def erfc_far(x: Number) -> Number:
    """Return erfc x of a number above 7/8; of x² the digits beyond a double count, too."""
    short = from_bits(bits(x) & -(2**27))  # its square is exact
    n, r = reduced(-(short * short), (x - short) * (x + short))
    below = fused(x, 2.0, 1.0)
    ratio = polynomial((x - MIDDLE) / (x + MIDDLE), ERFC) / below
    lost = 1.0 - (below - 2.0 * x)
    small = exp_minus_1_of_reduced(r) - lost * ratio * (1 / ERFC[0])  # about lost / below
    return scaled(fused(small, ratio, ratio), n)


def erf(x: Number) -> Number:
    """erf |x| = 1 − erfc |x| from 1 on."""
    size = between(absolute(x), 0.0, 6.0)
    near = fused(size, beyond_linear(size * size), size)
    return with_sign(choose(size > 1.0, 1.0 - erfc_far(size), near), of=x)


def erfc(x: Number) -> Number:
    """erfc x = (1 − x) − (erf x − x) near 0, and 2 − erfc |x| to the left."""
    x = between(x, -27.5, 27.5)
    size = absolute(x)
    far = erfc_far(size)
    near = (1.0 - x) - x * beyond_linear(x * x)
    return choose(size < 0.875, near, choose(x < 0.0, 2.0 - far, far))
