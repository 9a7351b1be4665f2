"""Array creation: from given numbers, for a shape, of evenly spaced numbers, from a diagonal.

Functions such as np.array and np.full can take Values only as functions of `autograd.numpy`.
"""

import numpy as np

from autograd.composed.layout import (
    by_strides,
    copied,
    in_memory,
    in_order,
    laid_out,
    order_of,
    read_only,
)
from autograd.engine.arrays import like as like_of
from autograd.engine.dispatch import answers
from autograd.engine.value import Value
from autograd.ops import shape as rows
from autograd.ops.indexing import scatter

# -- from given numbers --------------------------------------------------------------------------


def array(items):
    """Return a nested list of numbers and Values as one array, or as one Value if it holds any.

    Args:
        items: a number, an array, a Value, or a (nested) list, tuple or object array of these.

    Returns:
        a Value whose gradient flows to the Values inside, or a plain array if there are none.

    Example:
        >>> x = Value(2.0)
        >>> array([x, 1.0, x * x])
        Value([2., 1., 4.])
    """
    if isinstance(items, np.ndarray) and items.dtype == object:
        items = items.tolist()
    if not isinstance(items, (list, tuple)):
        return items if isinstance(items, Value) else np.asarray(items, like=like_of(items))
    parts = [array(item) for item in items]
    if any(isinstance(part, Value) for part in parts):
        try:
            return rows.stack(*[_dimensioned(part) for part in parts])
        except ValueError as error:
            if not isinstance(items, tuple):
                raise
            shapes = ", ".join(str(np.shape(part)) for part in parts)
            raise ValueError(
                "take the one that is meant, y, state = layer(x) if it is the output of a layer "
                f"such as nn.LSTM: this tuple, of arrays of shapes {shapes}, is no array"
            ) from error
    if any(like_of(part) is part and not isinstance(part, np.ndarray) for part in parts):
        return np.stack(parts)  # arrays that compute for themselves
    return np.array(items)


def _dimensioned(x):
    return np.asarray(x) if isinstance(x, (int, float, list, tuple)) else x


@answers(np.asarray, np.asanyarray)
def asarray(a, dtype=None, order=None, *, copy=None, device=None, like=None):
    """Return a Value as it is, and nested lists of numbers and Values as one Value."""
    if dtype is not None and np.dtype(dtype) == object:
        return objects(a)
    y = array(a)
    if dtype is not None and y.dtype != np.dtype(dtype):
        y = rows.astype(y, dtype, order_of(y, order or "K"))
    y = copied(y, order or "K") if copy and y is a else in_order(y, order)
    if copy is False and y is not a:
        raise ValueError("copy=False, but this dtype or order needs a copy; write copy=None")
    return y


@answers(np.ascontiguousarray)
def ascontiguousarray(a, dtype=None, *, like=None):
    """Return a Value with its entries in memory in C's order, as np.ascontiguousarray does."""
    y = asarray(a, dtype, "C")
    return y if y.ndim else rows.reshape(y, (1,))


@answers(np.asfortranarray)
def asfortranarray(a, dtype=None, *, like=None):
    """Return a Value with its entries in memory in Fortran's order, as np.asfortranarray does."""
    y = asarray(a, dtype, "F")
    return y if y.ndim else rows.reshape(y, (1,))


@answers(np.require)
def require(a, dtype=None, requirements=None, *, like=None):
    """Return a Value that meets requirements on its memory, as np.require does."""
    needs = [requirements] if isinstance(requirements, str) else requirements or ()
    letters = {need.upper()[0] for need in needs}
    y = asarray(a, dtype, "F" if "F" in letters else "C" if "C" in letters else None)
    if not isinstance(y, Value):
        return y
    if ("O" in letters and y.is_view()) or ("W" in letters and read_only(y)):
        return copied(y, "F" if "F" in letters else "C" if "C" in letters else "A")
    return y


@answers(np.astype)
def astype(x, dtype, /, *, copy=True, device=None):
    """Return the numbers in another dtype, as np.astype does."""
    return array(x).astype(dtype, copy=copy)


class Entry:
    """A Value that looks like any other object to NumPy."""

    def __init__(self, value):
        self.value = value


def objects(items):
    """Return a nested list as an array of objects, with a separate Value for each entry of a Value.

    Example:
        >>> objects([Value(2.0), None])
        array([Value(2.0), None], dtype=object)
    """
    y = np.array(_hidden(items), dtype=object)
    for i in np.ndindex(y.shape):
        y[i] = _shown(y[i])
    return y


def _hidden(x):
    if isinstance(x, Value):
        return list(map(_hidden, x)) if x.shape else Entry(x)
    return list(map(_hidden, x)) if isinstance(x, (list, tuple)) else x


def _shown(x):
    return list(map(_shown, x)) if isinstance(x, list) else getattr(x, "value", x)


@answers(np.array)
def new_array(object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0, like=None):
    """Return a copy of a Value, or nested lists of numbers and Values as one Value."""
    y = asarray(object, dtype, order, copy=copy)
    return np.reshape(y, (1,) * (ndmin - y.ndim) + y.shape) if y.ndim < ndmin else y


@answers(np.copy)
def copy(a, order="K", subok=False):
    """Return a copy, as np.copy does."""
    return copied(array(a), order)


@answers(np.asarray_chkfinite)
def asarray_chkfinite(a, dtype=None, order=None):
    """Return `a` as np.asarray does.

    Raises:
        ValueError: it contains an infinity or NaN.
    """
    y = asarray(a, dtype, order)
    np.asarray_chkfinite(y.numpy())
    return y


# -- from one number -----------------------------------------------------------------------------


@answers(np.full)
def full(shape, fill_value, dtype=None, order="C", *, device=None, like=None):
    """Return an array of the given shape, filled with `fill_value`."""
    return rows.copy(rows.broadcast_to(asarray(fill_value, dtype), shape), order)


@answers(np.full_like)
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    """Return an array like `a`, filled with `fill_value`, a Value or a number."""
    shape = np.shape(a) if shape is None else shape
    fill_value = array(fill_value)
    if not isinstance(fill_value, Value) and (dtype is None or np.dtype(dtype) != object):
        return rows.full_like(a, fill_value, dtype=dtype, order=order_of(a, order), shape=shape)
    y = full(shape, fill_value, np.result_type(a) if dtype is None else dtype, order_of(a, order))
    return laid_out(y, by_strides(np.empty_like(in_memory(a), shape=shape))) if order == "K" else y


@answers(np.zeros_like, np.empty_like)
def zeros_like(a, *options, **named):
    """Return a Value of zeros, which can be written to like NumPy's array."""
    return full_like(a, 0, *options, **named)


@answers(np.ones_like)
def ones_like(a, *options, **named):
    """Return a Value of ones."""
    return full_like(a, 1, *options, **named)


# -- evenly spaced numbers -----------------------------------------------------------------------


def _dtype_of(function, start, stop):
    """Return the dtype that NumPy uses for numbers from `start` to `stop`."""

    def one(x):
        return np.ones((), x.dtype) if isinstance(x, (Value, np.ndarray, np.generic)) else 1.0

    return function(one(start), one(stop), 1).dtype


@answers(np.linspace)
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None):
    """Return `num` evenly spaced numbers from `start` to `stop`, as np.linspace does."""
    inner = _dtype_of(np.linspace, start, stop)
    start, stop = array(start).astype(inner), array(stop).astype(inner)
    parts = num - 1 if endpoint else num
    width = stop - start
    share = np.arange(num, dtype=inner) / max(parts, 1)
    share = np.reshape(share, (num,) + (1,) * width.ndim)
    y = np.moveaxis(start * (1 - share) + stop * share, 0, axis)
    y = y if dtype is None else y.astype(dtype)
    return (y, width / parts if parts > 0 else np.nan) if retstep else y


@answers(np.logspace)
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """Return `num` powers of `base` with evenly spaced exponents, as np.logspace does."""
    y = linspace(start, stop, num, endpoint, axis=axis)
    y = (np.expand_dims(base, axis) if np.ndim(base) else base) ** y
    return y if dtype is None else y.astype(dtype)


@answers(np.geomspace)
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Return `num` numbers, each the same multiple of the one before, as np.geomspace does."""
    inner = _dtype_of(np.geomspace, start, stop)
    start, stop = array(start).astype(inner), array(stop).astype(inner)
    start = start + np.zeros_like(stop)
    y = linspace(np.zeros_like(stop), np.log(stop / start), num, endpoint, axis=axis)
    y = (np.expand_dims(start, axis) if start.ndim else start) * np.exp(y)
    return y if dtype is None else y.astype(dtype)


@answers(np.meshgrid)
def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    """Return the coordinates of a grid with the given axes, as np.meshgrid does."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"indexing must be 'xy' or 'ij', not {indexing!r}")
    vectors = [array(x) for x in xi]
    order = list(range(len(vectors)))
    if indexing == "xy" and len(order) > 1:
        order[:2] = 1, 0
    grids = [
        rows.reshape(v, tuple(-1 if i == axis else 1 for i in range(len(order))))
        for v, axis in zip(vectors, order, strict=True)
    ]
    grids = tuple(grids) if sparse else np.broadcast_arrays(*grids)
    return tuple(grid.copy() for grid in grids) if copy else grids


# -- matrices ------------------------------------------------------------------------------------


@answers(np.diag)
def diag(v, k=0):
    """Return the diagonal of a matrix, or a matrix with a given diagonal, as np.diag does."""
    if v.ndim == 2:
        return np.diagonal(v, k)
    n = v.shape[0] + abs(k)
    i = np.arange(v.shape[0])
    return scatter(v, (i - min(k, 0), i + max(k, 0)), (n, n))


@answers(np.diagflat)
def diagflat(v, k=0):
    """Return a matrix with the entries of `v` on its k-th diagonal."""
    return diag(np.ravel(v), k)


@answers(np.vander)
def vander(x, N=None, increasing=False):
    """Return a matrix whose rows are the powers of the entries of `x`, as np.vander does."""
    x = array(x)
    if x.ndim != 1:
        raise ValueError(f"np.vander takes a vector, not an array of shape {x.shape}")
    powers = np.arange(x.shape[0] if N is None else N)
    return x[:, None] ** (powers if increasing else powers[::-1])
