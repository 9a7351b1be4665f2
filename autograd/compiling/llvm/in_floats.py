"""exp, log, tanh, gelu for results that are rounded to float32: shorter, as 30 bits are enough.

They compute in doubles, where nothing overflows, and no constant needs two parts. The coefficients
come from Remez' algorithm, see `exponentials`.
"""

from __future__ import annotations

import math

from autograd.compiling.llvm.exponentials import between, defined, split
from autograd.compiling.llvm.formula import (
    TO_INTEGER,
    Number,
    absolute,
    as_double,
    bits,
    choose,
    fused,
    polynomial,
    power_of_2,
    with_sign,
)
from autograd.ops.activations import RATIO, RATIO_SCALE

# e^r − 1 = r SHORT_EXP(r), |r| ≤ ln(2) / 2
SHORT_EXP = (
    0.9999999999910162,
    0.5000000047127405,
    0.16666666853605858,
    0.041666352862507264,
    0.008333268595797942,
    0.0013941110791265707,
    0.0001991586409794208,
)
# log(1 + f) = f SHORT_LOG(f), √½ ≤ 1 + f ≤ √2
SHORT_LOG = (
    1.000000000631163,
    -0.4999999966818655,
    0.3333330160634957,
    -0.25000026996153146,
    0.2000257603966012,
    -0.16667915832922423,
    0.14212531520175775,
    -0.12401018835748627,
    0.11926085848589994,
    -0.11718527711671235,
    0.06725788747224645,
)


def scale_and_rest(x: Number) -> tuple[Number, Number]:
    """Return 2^n and e^r − 1 of x = n ln 2 + r."""
    shifted = fused(x, 1 / math.log(2), TO_INTEGER)
    r = fused(shifted - TO_INTEGER, -math.log(2), x)
    return power_of_2(bits(shifted)), r * polynomial(r, SHORT_EXP)


def exp_of_float(x: Number) -> Number:
    scale, p = scale_and_rest(between(x, -105.0, 90.0))
    return fused(scale, p, scale)


def log_of_float(x: Number) -> Number:
    raised, m = split(x)
    f = m - 1.0
    return defined(
        fused(as_double(raised, 1023.0), math.log(2), f * polynomial(f, SHORT_LOG)), x, 0.0
    )


def tanh_of_float(x: Number) -> Number:
    """tanh |x| = t / (t + 2), t = e^2|x| − 1."""
    size = absolute(x)
    scale, p = scale_and_rest(2.0 * choose(size > 10.0, 10.0, size))
    return with_sign(fused(scale, p, scale - 1.0) / fused(scale, p, scale + 1.0), of=x)


def gelu_of_float(x: Number) -> Number:
    """x Φ(x) = max(x, 0) − |x| Φ(−|x|), where Φ(−z) = t P(t) e^(−z²/2), t = 1 / (1 + 0.35 z)."""
    size = absolute(x)
    z = choose(size > 15.0, 15.0, size)
    t = 1.0 / fused(z, RATIO_SCALE, 1.0)
    scale, p = scale_and_rest(-0.5 * z * z)
    tail = z * t * polynomial(t, RATIO[::-1]) * fused(scale, p, scale)
    return choose(x < 0.0, 0.0, x) - tail
