"""Functions of sequences: differences, slopes, areas, interpolation and convolution."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.composed.creation import array
from autograd.composed.layout import lying_as, reshaped
from autograd.engine.dispatch import answers
from autograd.ops import contraction as rows
from autograd.ops.plain import plain, raw
from autograd.ops.shape import astype

# -- differences ---------------------------------------------------------------------------------


def _cut(a, axis, start, stop=None, step=None):
    """Return a[start:stop:step] along an axis."""
    index = [slice(None)] * a.ndim
    index[axis] = slice(start, stop, step)
    return a[tuple(index)]


@answers(np.diff)
def diff(a, n=1, axis=-1, prepend=None, append=None):
    """Return the n-th differences along an axis, as np.diff does."""
    if n < 0:
        raise ValueError(f"np.diff needs n ≥ 0, not {n}")
    a = array(a)
    if n == 0:
        return a
    ends = [a]
    for end, place in ((prepend, 0), (append, 2)):
        if end is not None:
            end = array(end)
            if end.ndim == 0:
                shape = list(a.shape)
                shape[axis] = 1
                end = np.broadcast_to(end, tuple(shape))
            ends.insert(place, end)
    a = np.concatenate(ends, axis=axis) if len(ends) > 1 else a
    for _ in range(n):
        later, earlier = _cut(a, axis, 1), _cut(a, axis, None, -1)
        a = later != earlier if a.dtype == bool else later - earlier
    return a


@answers(np.ediff1d)
def ediff1d(ary, to_end=None, to_begin=None):
    """Return the differences of all entries, between two optional ends, as np.ediff1d does."""
    ary = array(ary)
    parts = [to_begin, diff(np.ravel(ary)), to_end]
    parts = [astype(np.ravel(array(part)), ary.dtype) for part in parts if part is not None]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _floating(a):
    """Return `a`, with whole numbers as floats."""
    a = array(a)
    return a if a.dtype.kind in "fc" else astype(a, float)


def _steps(spacing, n):
    """Return the distances between n points, from one distance or the coordinates of the points."""
    spacing = array(spacing)
    if spacing.ndim == 0:
        return spacing
    if spacing.shape != (n,):
        raise ValueError(
            f"np.gradient takes a distance, or the coordinates of the {n} points along the axis, "
            f"not an array of shape {spacing.shape}"
        )
    return diff(spacing)


def _slopes(f, spacing, axis, edge_order):
    f = np.moveaxis(f, axis, -1)
    n = f.shape[-1]
    if n <= edge_order:
        raise ValueError(
            f"np.gradient with edge_order={edge_order} needs {edge_order + 1} points or more "
            f"along an axis; axis {axis} has {n}"
        )
    steps = _steps(spacing, n)
    rise = diff(f) / steps
    if steps.ndim:
        # the slope of the parabola through three points, in which the nearer neighbour counts more
        before, after = steps[:-1], steps[1:]
        inner = (rise[..., :-1] * after + rise[..., 1:] * before) / (before + after)
    else:
        inner = (f[..., 2:] - f[..., :-2]) / (2.0 * steps)
    first, last = rise[..., :1], rise[..., -1:]
    if edge_order == 2:  # the slope of a parabola is linear: `first` is its value halfway
        first, last = 2 * first - inner[..., :1], 2 * last - inner[..., -1:]
    slopes = np.concatenate([first, inner, last], axis=-1)
    return np.moveaxis(astype(slopes, f.dtype), -1, axis)


@answers(np.gradient)
def gradient(f, *varargs, axis=None, edge_order=1):
    """Return the slopes of `f` along its axes, from central differences, as np.gradient does.

    The distances between the points have gradients too.
    """
    if array(f).dtype.kind == "b":
        raise TypeError(
            "np.gradient takes numbers, not booleans; convert them with v.astype(float)"
        )
    f = _floating(f)
    axes = normalize_axis_tuple(range(f.ndim) if axis is None else axis, f.ndim)
    spacings = varargs or (1.0,)
    if len(spacings) == 1 and np.ndim(raw(spacings[0])) == 0:
        spacings = spacings * len(axes)
    if len(spacings) != len(axes):
        raise TypeError(
            f"np.gradient along {len(axes)} axes takes no spacing, one spacing, or {len(axes)} "
            f"spacings, not {len(spacings)}"
        )
    if edge_order not in (1, 2):
        raise ValueError(f"np.gradient takes edge_order 1 or 2, not {edge_order}")
    slopes = [
        lying_as(_slopes(f, dx, i, edge_order), f) for i, dx in zip(axes, spacings, strict=True)
    ]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    """Return the area under the line through the points, as np.trapezoid does."""
    y = array(y)
    if x is not None:
        x = array(x)
        dx = diff(x, axis=axis) if x.ndim > 1 else diff(x)
        if x.ndim == 1:
            dx = np.reshape(dx, [-1 if i == axis % y.ndim else 1 for i in range(y.ndim)])
    return np.sum(dx * (_cut(y, axis, 1) + _cut(y, axis, None, -1)) / 2.0, axis=axis)


for _name in ("trapezoid", "trapz"):  # the older name is gone in NumPy 2.4
    if hasattr(np, _name):
        answers(getattr(np, _name))(trapezoid)


_unwrapped = plain(np.unwrap)


@answers(np.unwrap)
def unwrap(p, discont=None, axis=-1, *, period=2 * np.pi):
    """Return angles without jumps by whole periods, as np.unwrap does.

    Only whole periods are added, so the slope is 1 everywhere.
    """
    p = array(p)
    unwrapped = _unwrapped(p, discont, axis, period=period)
    return p + (unwrapped - raw(p)).astype(unwrapped.dtype)


# -- interpolation -------------------------------------------------------------------------------


@answers(np.interp)
def interp(x, xp, fp, left=None, right=None, period=None):
    """Return the line through the points (xp, fp) at `x`, as np.interp does.

    The slope at a point is that of the line to its right; beyond the ends it is 0.
    """
    x, xp, fp = (_floating(a) for a in (x, xp, fp))
    if "c" in (x.dtype.kind, xp.dtype.kind):
        raise TypeError("np.interp takes real x and xp; only fp may be complex")
    x, xp = astype(x, float), astype(xp, float)
    fp = astype(fp, complex if fp.dtype.kind == "c" else float)
    if xp.ndim != 1 or fp.ndim != 1 or xp.shape != fp.shape or not xp.size:
        raise ValueError(
            f"np.interp takes points xp and values fp as two vectors of the same length, 1 or "
            f"more, not of shapes {xp.shape} and {fp.shape}"
        )
    if period is not None:
        if period == 0:
            raise ValueError("np.interp takes a period other than 0")
        period, left, right = abs(period), None, None
        x, xp = x % period, xp % period
        order = np.argsort(raw(xp))
        xp, fp = xp[order], fp[order]
        xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
        fp = np.concatenate([fp[-1:], fp, fp[:1]])
    left, right = (fp[0] if left is None else left), (fp[-1] if right is None else right)
    flat = np.ravel(x)
    if xp.size == 1:
        inside = np.broadcast_to(fp, flat.shape)
    else:
        below = np.clip(np.searchsorted(raw(xp), raw(flat), "right") - 1, 0, xp.size - 2)
        slopes = diff(fp) / diff(xp)
        inside = fp[below] + slopes[below] * (flat - xp[below])
    y = np.where(flat < xp[0], left, np.where(flat > xp[-1], right, inside))
    return reshaped(np.where(np.isnan(flat), np.nan, y), x.shape)


# -- convolution ---------------------------------------------------------------------------------


MODES = {0: "valid", 1: "same", 2: "full"}


def _part(full, n, m, mode, early):
    """Return the part of a full convolution of n and m entries that `mode` keeps."""
    short, long = sorted((n, m))
    mode = MODES.get(mode, mode)
    if mode == "full":
        return full
    if mode == "valid":
        return full[short - 1 : long]
    if mode == "same":
        start = (short - 1) // 2 if early else short // 2
        return full[start : start + long]
    raise ValueError(f"mode must be 'full', 'same' or 'valid', not {mode!r}")


def _row_of_numbers(name, x):
    x = array(x)
    if x.ndim > 1 or not x.size:
        raise ValueError(f"{name} takes vectors of at least one number, not shape {x.shape}")
    return np.reshape(x, (-1,))


@answers(np.convolve)
def convolve(a, v, mode="full"):
    """Return the convolution of two vectors, as np.convolve does."""
    a, v = (_row_of_numbers("np.convolve", x) for x in (a, v))
    return _part(rows.convolve(a, v), a.size, v.size, mode, early=True)


@answers(np.correlate)
def correlate(a, v, mode="valid"):
    """Return the cross-correlation of two vectors, as np.correlate does."""
    a, v = (_row_of_numbers("np.correlate", x) for x in (a, v))
    full = rows.convolve(a, np.conj(v[::-1]))
    return _part(full, a.size, v.size, mode, early=a.size >= v.size)
