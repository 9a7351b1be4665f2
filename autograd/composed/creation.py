"""NumPy's functions that make arrays of numbers, and those that apply a function many times."""

from functools import partial

import numpy as np

from autograd.composed.shapes import (
    array,
    broadcast_to,
    expand_dims,
    moveaxis,
    ravel,
    reshape,
    stack,
)
from autograd.engine.dispatch import answers
from autograd.engine.primitive import define
from autograd.engine.value import Value
from autograd.ops.indexing import diag
from autograd.ops.shape import copy as copied

# -- arrays of given numbers: NumPy asks Values here only through autograd.numpy -----------------


@answers(np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray, np.require)
def asarray(a, dtype=None, order=None, *, copy=None, device=None, requirements=None, like=None):
    """Return a Value as it is, and nested lists of numbers and Values as one Value."""
    y = array(a)
    if dtype is not None and y.dtype != np.dtype(dtype):
        return y.astype(dtype)
    return copied(y) if copy and y is a else y


@answers(np.array)
def new_array(object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0, like=None):
    """Return a copy of a Value, or one Value of nested lists of numbers and Values."""
    y = asarray(object, dtype, copy=copy)
    return reshape(y, (1,) * (ndmin - y.ndim) + y.shape) if y.ndim < ndmin else y


@answers(np.copy)
def np_copy(a, order="K", subok=False):
    """Return a copy, as np.copy does; the order in memory is not kept."""
    return copied(array(a))


@answers(np.asarray_chkfinite)
def asarray_chkfinite(a, dtype=None, order=None):
    """Return `a` as np.asarray does.

    Raises:
        ValueError: it holds an infinity or NaN.
    """
    y = asarray(a, dtype)
    np.asarray_chkfinite(y.numpy())
    return y


@answers(np.full)
def full(shape, fill_value, dtype=None, order="C", *, device=None, like=None):
    """Return an array of the given shape with `fill_value` in each place."""
    return copied(broadcast_to(asarray(fill_value, dtype), shape))


of_one_number = define("full_like", np.full_like)


@answers(np.full_like)
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    """Return an array like `a` with `fill_value` in each place, a Value or a number."""
    fill_value = array(fill_value)
    if not isinstance(fill_value, Value):
        return of_one_number(a, fill_value, dtype=dtype, order=order, shape=shape)
    shape = np.shape(a) if shape is None else shape
    return full(shape, fill_value, np.result_type(a) if dtype is None else dtype)


@answers(np.zeros_like, np.empty_like)
def zeros_like(a, *options, **named):
    """Return a Value of zeros, into which a program writes as into NumPy's array."""
    return full_like(a, 0, *options, **named)


@answers(np.ones_like)
def ones_like(a, *options, **named):
    """Return a Value of ones."""
    return full_like(a, 1, *options, **named)


@answers(np.diagflat)
def diagflat(v, k=0):
    """Return a matrix with the entries of `v` on its k-th diagonal."""
    return diag(ravel(v), k)


# -- evenly spaced numbers -----------------------------------------------------------------------


def _dtype_of(function, start, stop):
    """The dtype that NumPy gives numbers from `start` to `stop`."""

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
    share = reshape(share, (num,) + (1,) * width.ndim)
    y = moveaxis(start * (1 - share) + stop * share, 0, axis)
    y = y if dtype is None else y.astype(dtype)
    return (y, width / parts if parts > 0 else np.nan) if retstep else y


@answers(np.logspace)
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    """Return `num` powers of `base` with evenly spaced exponents, as np.logspace does."""
    y = linspace(start, stop, num, endpoint, axis=axis)
    y = (expand_dims(base, axis) if np.ndim(base) else base) ** y
    return y if dtype is None else y.astype(dtype)


@answers(np.geomspace)
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    """Return `num` numbers of which each is the same multiple of the one before."""
    inner = _dtype_of(np.geomspace, start, stop)
    start, stop = array(start).astype(inner), array(stop).astype(inner)
    start = start + np.zeros_like(stop)
    y = linspace(np.zeros_like(stop), np.log(stop / start), num, endpoint, axis=axis)
    y = (expand_dims(start, axis) if start.ndim else start) * np.exp(y)
    return y if dtype is None else y.astype(dtype)


# -- functions applied many times ----------------------------------------------------------------


@answers(np.apply_along_axis)
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """Return what `func1d` makes of each line along an axis, in place of that line."""
    lines = moveaxis(arr, axis, -1)
    results = [array(func1d(lines[i], *args, **kwargs)) for i in np.ndindex(lines.shape[:-1])]
    if not results:
        raise ValueError("apply_along_axis needs a line at least, to know the result's shape")
    inner = results[0].shape
    y = reshape(stack(results), lines.shape[:-1] + inner)
    first = axis % arr.ndim
    return moveaxis(y, range(lines.ndim - 1, y.ndim), range(first, first + len(inner)))


@answers(np.apply_over_axes)
def apply_over_axes(func, a, axes):
    """Return what `func(a, axis)` makes of `a`, axis after axis, as np.apply_over_axes does."""
    a = array(a)
    for axis in np.atleast_1d(axes).tolist():
        axis %= a.ndim
        y = func(a, axis)
        a = y if y.ndim == a.ndim else expand_dims(y, axis)
    return a


class vectorize(np.vectorize):
    """np.vectorize, whose functions of single numbers also take arrays of Values.

    Args: as np.vectorize.  On Values `signature` is not for use: slice and stack there.

    Example:
        >>> step = vectorize(lambda x: x * x if x > 0 else -x)
        >>> step(Value([1.0, -2.0, 3.0]))
        Value([1., 2., 9.])
    """

    def __call__(self, *args, **kwargs):
        """Call the function on each entry of the broadcast arguments."""
        arrays = [array(x) for x in args]
        if not any(isinstance(x, Value) for x in (*arrays, *kwargs.values())):
            return super().__call__(*args, **kwargs)
        if self.signature is not None:
            raise TypeError(
                "vectorize with a signature cannot take a Value; "
                "loop over v[i] and join the results with np.stack"
            )
        call = partial(self.pyfunc, **kwargs)
        arrays = np.broadcast_arrays(*arrays)
        results = [call(*[x[i] for x in arrays]) for i in np.ndindex(arrays[0].shape)]
        if results and isinstance(results[0], tuple):
            return tuple(self._joined(r, arrays[0].shape) for r in zip(*results, strict=True))
        return self._joined(results, arrays[0].shape)

    def _joined(self, results, shape):
        return reshape(array(list(results)), shape)


answers(np.vectorize)(vectorize)
