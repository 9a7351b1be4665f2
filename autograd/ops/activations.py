"""Activations: elementwise ops that NumPy lacks, with finite values and slopes everywhere."""

import math
from functools import cache

import numpy as np
from numpy import ndarray

from autograd.engine.primitive import elementwise
from autograd.engine.protocols import Protocols
from autograd.ops.elementwise import exp

ZEROS = {np.dtype(kind): np.zeros((), kind) for kind in "efdg"}


def _relu(x):
    if type(x) is not ndarray:
        return np.maximum(x, 0)
    if x.size > 1000 and x.shape[-1] >= 64 and x.dtype.kind == "f":
        return np.maximum(x, np.zeros(x.shape[-1], x.dtype))  # a third of the time of one 0
    return np.maximum(x, ZEROS.get(x.dtype, 0))  # an array takes half the time of a number


def _relu_vjp(g, y, x):
    """Return `g` where y is above 0; where it is NaN, too, as in PyTorch."""
    if isinstance(y, float):
        return g if y else 0.0 * g
    return g * (y.astype(bool) if type(y) is ndarray else y != 0)  # half the time of y != 0


relu = elementwise(
    "relu",
    _relu,
    scalar=lambda x: x if x > 0.0 or x != x else 0.0,
    vjps=(_relu_vjp,),
    selects=lambda y, x: x != 0,
    breaks="kink",
    dead_at_zero=True,
    reads=("y",),
    doc="""Return x where it is positive and 0 elsewhere; the slope at 0 is 0.

    Example:
        >>> relu(Value([-1.0, 2.0]))
        Value([0., 2.])
    """,
)


@cache
def _of_arrays(name):
    """Return SciPy's function, imported on first use; without SciPy, Python's, entry by entry."""
    try:
        import scipy.special
    except ImportError:
        entries = np.frompyfunc(getattr(math, name), 1, 1)
        return lambda x: np.asarray(entries(x), np.result_type(np.asarray(x).dtype, np.float16))
    return getattr(scipy.special, name)


def _widened(f, x):
    """Return f(x), of halves computed in singles."""
    if getattr(x, "dtype", None) == np.float16:
        return f(x.astype(np.float32)).astype(np.float16)
    return f(x)


erf = elementwise(
    "erf",
    lambda x: _widened(_of_arrays("erf"), x),
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
erfc = elementwise(  # 1 − erf(x), with all digits where erf(x) is close to 1
    "erfc",
    lambda x: _widened(_of_arrays("erfc"), x),
    lambda y, x: -2 / math.sqrt(math.pi) * exp(-x * x),
    scalar=math.erfc,
    reads=("0",),
)


PART = 2**15  # entries, of which a processor's cache holds a few arrays


def in_parts(f, *arrays):
    """Return f(*arrays, None), computed in parts if the arrays are large: all between is small.

    Args:
        f: a function of raw arrays, entry by entry, and of an array for its result or None.
        arrays: of one shape.
    """
    first, *others = arrays
    alike = [(x.shape, x.dtype) == (first.shape, first.dtype) for x in others]
    without_gaps = [x.flags.c_contiguous for x in arrays]
    if first.size <= PART or first.dtype.char not in "fd" or not all(alike + without_gaps):
        return f(*arrays, None)
    whole = np.empty(first.shape, first.dtype)
    rows = [x.reshape(-1) for x in (*arrays, whole)]
    for start in range(0, first.size, PART):
        f(*[row[start : start + PART] for row in rows])
    return whole


def _gelu(x):
    if getattr(x, "dtype", None) == np.float16:
        return _gelu(x.astype(np.float32)).astype(np.float16)
    if type(x) is ndarray and x.ndim:
        return in_parts(_gelu_of_singles if x.dtype == np.float32 else _gelu_of_few, x)
    return _gelu_of_few(x)


# The ratio of Φ(−z) to e^(−z²/2) is t P(t) with t = 1 / (1 + 0.35 z), but for a share of 3e-8. The
# polynomial P, from its highest power on, was fitted to these ratios at all z from 0 to 14.5.
RATIO_SCALE = 0.35
RATIO = (
    -0.029157413, 0.14402878, -0.25583494, 0.15931541, -0.023209635, 0.10555144, 0.11982153,
    0.1398635, 0.1396213,
)  # fmt: skip


def _gelu_of_singles(x, out):
    """Return max(x, 0) − |x| Φ(−|x|) to six digits, in a quarter of the time that erfc takes."""
    z = x.clip(-20, 20)  # Φ(-20) is 0 in singles: inf · 0 would be NaN
    np.abs(z, out=z)
    t = np.float32(RATIO_SCALE) * z
    t += 1
    np.reciprocal(t, out=t)
    tail = t * RATIO[0]
    for coefficient in RATIO[1:]:
        tail += coefficient
        tail *= t
    top = (z.view(np.uint32) & 0xFFFFF000).view(np.float32)  # half its digits: its square is exact
    rest = z - top
    rest *= np.add(z, top, out=t)
    top *= np.multiply(-0.5, top, out=t)
    rest *= -0.5
    tail *= np.exp(top, out=top)
    tail *= np.exp(rest, out=rest)
    tail *= z
    return np.subtract(x.clip(0, np.inf, out=z), tail, out=out)  # in half the time of a maximum


def _gelu_of_few(x, out=None):
    x = np.maximum(x, -40)  # Φ(-40) is 0 in doubles: −inf · 0 would be NaN
    y = 0.5 * x * erfc(x * -math.sqrt(0.5))
    return y if out is None else np.copyto(out, y)


def _gelu_vjp(g, y, x):
    """Return g times Φ(x) + x Φ'(x)."""
    if type(g) is type(y) is ndarray:
        return in_parts(_gelu_vjp_of_arrays, g, y, x)
    return g * _gelu_slope(y, x)


def _gelu_vjp_of_arrays(g, y, x, out):
    return np.multiply(g, _gelu_slope_of_arrays(y, x), out=out)


def _gelu_slope(y, x):
    """Return Φ(x) + x Φ'(x); from Values by an op, for the same bits as from their numbers."""
    if type(y) is ndarray:
        return _gelu_slope_of_arrays(y, x)
    if isinstance(y, Protocols):
        return gelu_slope(x)
    if isinstance(y, (float, np.generic)):
        x = min(max(x, -40.0), 40.0)  # inf · 0 would be NaN
    return 0.5 * erfc(x * -math.sqrt(0.5)) + x * exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


def _gelu_slope_of_arrays(y, x):
    """Do the same in a third of the time, with Φ = y / x, and few arrays."""
    z = x.clip(-40.0, 40.0)
    bend = z * z
    middle = bend == 0  # where y / z has few digits
    bend *= -0.5
    np.exp(bend, out=bend)
    bend *= z
    bend *= 1 / math.sqrt(2 * math.pi)
    some = middle.any()
    if some:
        z += middle
    share = np.divide(y.clip(-40.0, 40.0), z, out=z)
    if some:
        share[middle] = 0.5
    share += bend
    return share


def _gelu_bend(y, x):
    x = np.clip(x, -40.0, 40.0)
    return (2 - x * x) * exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


gelu_slope = elementwise(
    "gelu_slope",
    lambda x: _gelu_slope(_gelu(x), x),
    _gelu_bend,
    scalar=lambda x: float(_gelu_slope(_gelu(x), x)),
    real_only="it is a function of real numbers",
    reads=("0",),
)
gelu = elementwise(
    "gelu",
    _gelu,
    vjps=(_gelu_vjp,),
    scalar=lambda x: float(_gelu(x)),
    real_only="it is a function of real numbers",
    reads=("y0",),
    shortcut=True,
    doc="""Return x Φ(x), with the normal distribution Φ.

    Example:
        >>> gelu(Value([0.0, 10.0]))
        Value([ 0., 10.])
    """,
)
