"""Functions of single numbers: their parts, bounds, and replacements for NaN."""

import numpy as np

from autograd.composed.creation import array
from autograd.composed.layout import in_memory, in_order, lying_as
from autograd.engine.dispatch import answers
from autograd.ops import elementwise as rows
from autograd.ops.plain import plain, raw
from autograd.ops.shape import astype


@answers(np.real)
def real(val):
    """Return the real part, a view; real numbers are their own, as for np.real."""
    val = array(val)
    return rows.real(val) if val.dtype.kind == "c" else val


@answers(np.imag)
def imag(val):
    """Return the imaginary part, a view; that of real numbers is 0, and read-only."""
    val = array(val)
    if val.dtype.kind == "c":
        return rows.imag(val)
    return rows.no_imag(val if np.isfortran(in_memory(val)) else in_order(val, "C"))


@answers(np.angle)
def angle(z, deg=False):
    """Return the angle of complex numbers, optionally in degrees, as np.angle does."""
    radians = rows.angle(array(z))
    return np.rad2deg(radians) if deg else radians


@answers(np.fix)
def fix(x, out=None):
    """Return the numbers rounded towards zero, as np.fix does; the slope is 0."""
    return rows.trunc(array(x))


@answers(np.float_power)
def float_power(x, p):
    """Return x to the power p, computed at least in float64, as np.float_power does."""
    x, p = array(x), array(p)
    kind = np.result_type(x.dtype, p.dtype, np.float64)
    return np.power(astype(x, kind), astype(p, kind))


@answers(np.divmod)
def divmod_(x, y):
    """Return the whole quotient and the remainder, as np.divmod does."""
    return np.floor_divide(x, y), np.remainder(x, y)


@answers(np.modf)
def modf(x):
    """Return the fractional and the whole part, as np.modf does."""
    whole = np.trunc(x)
    return np.where(np.isinf(x), 0.0, x - np.where(np.isinf(x), 0.0, whole)), whole


@answers(np.frexp)
def frexp(x):
    """Return mantissas between ½ and 1 and the powers of two to scale them by, as np.frexp does.

    The powers are plain numbers; the mantissas have the slope of the scaling.
    """
    exponents = _exponents(x)
    return np.ldexp(x, -exponents), exponents


@plain
def _exponents(x):
    """Return the powers of two that np.frexp finds."""
    return np.frexp(x)[1]


@answers(np.clip)
def clip(a, a_min=None, a_max=None, *, min=None, max=None):
    """Return `a` kept between two bounds, either of which may be None, as np.clip does."""
    return rows.clip(a, min if a_min is None else a_min, max if a_max is None else a_max)


@answers(np.nan_to_num)
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Return `x` with finite numbers instead of NaN and infinities, as np.nan_to_num does.

    The replaced entries have gradient 0. With copy=False they are replaced in `x` itself.

    Raises:
        ValueError: copy=False and `x` is a scalar, which cannot change.
    """
    x = array(x)
    if not copy and not x.ndim:
        raise ValueError(
            "np.nan_to_num with copy=False changes an array; leave it out for a scalar"
        )
    y = lying_as(_with_numbers(x, nan, posinf, neginf), x)
    if copy:
        return np.copy(y) if y is x else y
    if y is not x:
        x[...] = y
    return x


def _with_numbers(x, nan, posinf, neginf):
    if x.dtype.kind == "c":
        parts = (_with_numbers(part, nan, posinf, neginf) for part in (np.real(x), np.imag(x)))
        return sum(unit * part for unit, part in zip((1, 1j), parts, strict=True))
    if x.dtype.kind != "f":
        return x
    limits = np.finfo(x.dtype)
    y = np.where(np.isnan(x), nan, x)
    y = np.where(x == np.inf, limits.max if posinf is None else posinf, y)
    return np.where(x == -np.inf, limits.min if neginf is None else neginf, y)


@answers(np.real_if_close)
def real_if_close(a, tol=100):
    """Return the real part if all imaginary parts are close to zero, as np.real_if_close does."""
    a = array(a)
    return np.real(a) if a.dtype.kind == "c" and np.isrealobj(np.real_if_close(raw(a), tol)) else a
