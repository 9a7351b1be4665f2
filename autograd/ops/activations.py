"""Activations: elementwise ops that NumPy lacks, finite in value and slope everywhere."""

import math
from functools import cache

import numpy as np

from autograd.engine.primitive import elementwise
from autograd.ops.elementwise import exp, logaddexp, maximum, tanh


def _sigmoid_of_float(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    small = math.exp(x)
    return small / (1.0 + small)


def _sigmoid(x):
    """1 / (1 + e^-x) without overflow: the exponential is never of a positive number."""
    if np.iscomplexobj(x):
        return 1 / (1 + np.exp(-x))
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


relu = elementwise(
    "relu",
    lambda x: np.maximum(x, 0),
    scalar=lambda x: x if x > 0.0 or x != x else 0.0,
    vjps=(lambda g, y, x: g * (y > 0),),
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
    doc="""Return 1 / (1 + e^-x), from 0 to 1, without overflow.

    Example:
        >>> sigmoid(Value([-1000.0, 0.0]))
        Value([0. , 0.5])
    """,
)


@cache
def _erf_of_arrays():
    """SciPy's erf where it is installed, imported at first use; else Python's, entry by entry."""
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
    doc="""Return the error function of x, from −1 to 1.

    Example:
        >>> erf(Value(0.0))
        Value(0.0)
    """,
)


def softplus(x):
    """Return log(1 + e^x), a smooth relu: finite, with slope sigmoid(x), everywhere.

    Args:
        x: a Value or array of any shape, or a number.

    Returns:
        the same shape and dtype.

    Example:
        >>> softplus(1000.0)
        1000.0
    """
    return logaddexp(x, 0.0 if type(x) is float else np.zeros((), getattr(x, "dtype", float)))


def gelu(x, approximate: str = "none"):
    """Return x Φ(x), Φ the normal distribution (Hendrycks and Gimpel, 2016, arXiv:1606.08415).

    Args:
        x: a Value or array of any shape, or a number.
        approximate: "none" for the exact function, "tanh" for the paper's faster formula.

    Raises:
        ValueError: `approximate` is neither.

    Example:
        >>> round(gelu(1.0), 4), round(gelu(1.0, approximate="tanh"), 4)
        (0.8413, 0.8412)
    """
    x = maximum(x, -40.0)  # Φ(-40) is 0 in doubles: −inf · 0 would be NaN
    if approximate == "none":
        return 0.5 * x * (1 + erf(x * math.sqrt(0.5)))
    if approximate == "tanh":
        return 0.5 * x * (1 + tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))
    raise ValueError(f"approximate is 'none' or 'tanh', not {approximate!r}")
