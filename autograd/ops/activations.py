"""Activations: elementwise ops that NumPy lacks, with finite values and slopes everywhere."""

import math
from functools import cache

import numpy as np

from autograd.engine.primitive import elementwise
from autograd.ops.elementwise import exp


def _sigmoid_of_float(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    small = math.exp(x)
    return small / (1.0 + small)


def _sigmoid(x):
    """Return 1 / (1 + e^-x) without overflow: exp is never given a positive number."""
    if np.iscomplexobj(x):
        return 1 / (1 + np.exp(-x))
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


relu = elementwise(
    "relu",
    lambda x: np.maximum(x, 0),
    scalar=lambda x: x if x > 0.0 or x != x else 0.0,
    vjps=(lambda g, y, x: g * (y > 0),),
    breaks="kink",
    dead_at_zero=True,
    reads=("y",),
    doc="""Return x where it is positive and 0 elsewhere; the slope at 0 is 0.

    Example:
        >>> relu(Value([-1.0, 2.0]))
        Value([0., 2.])
    """,
)
sigmoid = elementwise(
    "sigmoid",
    _sigmoid,
    lambda y, x: y * (1.0 - y),
    scalar=_sigmoid_of_float,
    symbol="σ",
    latex=r"\sigma",
    saturates=(0.0, 1.0),
    reads=("y",),
    doc="""Return 1 / (1 + e^-x), from 0 to 1, without overflow.

    Example:
        >>> sigmoid(Value([-1000.0, 0.0]))
        Value([0. , 0.5])
    """,
)


@cache
def _erf_of_arrays():
    """Return SciPy's erf, imported on first use, or Python's, entry by entry, without SciPy."""
    try:
        from scipy.special import erf
    except ImportError:
        entries = np.frompyfunc(math.erf, 1, 1)
        return lambda x: np.asarray(entries(x), np.result_type(np.asarray(x).dtype, np.float16))
    return erf


erf = elementwise(
    "erf",
    lambda x: _erf_of_arrays()(x),
    lambda y, x: 2 / math.sqrt(math.pi) * exp(-x * x),
    scalar=math.erf,
    saturates=(-1.0, 1.0),
    reads=("0",),
    doc="""Return the error function of x, from −1 to 1.

    Example:
        >>> erf(Value(0.0))
        Value(0.0)
    """,
)
