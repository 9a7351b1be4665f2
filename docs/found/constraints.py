"""The slope of one of paramz's constraints beside mpmath's."""

import mpmath as mp
import numpy as np
from paramz.transformations import NegativeExponent


def rows():
    """Yield (call, what paramz gives, what is right)."""
    constraint, x = NegativeExponent(), np.array([0.4])
    found = constraint.gradfactor(constraint.f(x), np.ones(1))[0]
    yield "NegativeExponent().gradfactor(f(0.4), 1)", found, -mp.exp(mp.mpf(0.4))
    found = constraint.finv(constraint.f(x))[0]
    yield "NegativeExponent().finv(f(0.4))", found, mp.mpf(0.4)
