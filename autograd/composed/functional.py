"""Functions that apply another function to many lines, axes, entries or parts of an array."""

from functools import partial

import numpy as np

from autograd.composed.creation import array
from autograd.composed.layout import by_strides, in_memory, laid_out, lying_as
from autograd.engine.dispatch import answers
from autograd.engine.value import Value
from autograd.ops.indexing import setitem
from autograd.ops.plain import raw


@answers(np.apply_along_axis)
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """Return `func1d` of each line along an axis, as np.apply_along_axis does."""
    lines = np.moveaxis(arr, axis, -1)
    results = [array(func1d(lines[i], *args, **kwargs)) for i in np.ndindex(lines.shape[:-1])]
    if not results:
        raise ValueError(
            "np.apply_along_axis needs at least one line to know the shape of the result"
        )
    inner = results[0].shape
    y = np.reshape(np.stack(results), lines.shape[:-1] + inner)
    first = axis % arr.ndim
    return np.moveaxis(y, range(lines.ndim - 1, y.ndim), range(first, first + len(inner)))


@answers(np.apply_over_axes)
def apply_over_axes(func, a, axes):
    """Apply `func(a, axis)` to `a`, axis after axis, as np.apply_over_axes does."""
    a = array(a)
    for axis in np.atleast_1d(axes).tolist():
        axis %= a.ndim
        y = func(a, axis)
        a = y if y.ndim == a.ndim else np.expand_dims(y, axis)
    return a


class vectorize(np.vectorize):
    """np.vectorize, whose functions of single numbers take arrays of Values too.

    Args: those of np.vectorize. With Values, `signature` cannot be used: slice and stack instead.

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
        like = np.frompyfunc(lambda *_: 0, len(arrays), 1)(
            *[np.empty_like(in_memory(x)) for x in arrays]
        )  # which shows how the result lies in memory
        arrays = np.broadcast_arrays(*arrays)
        if not arrays[0].size:
            raise ValueError("vectorize needs at least one entry to know the dtype of the result")
        results = [call(*[x[i] for x in arrays]) for i in np.ndindex(arrays[0].shape)]
        if results and isinstance(results[0], tuple):
            return tuple(self._joined(r, like) for r in zip(*results, strict=True))
        return self._joined(results, like)

    def _joined(self, results, like):
        return laid_out(np.reshape(array(list(results)), np.shape(like)), by_strides(like))


answers(np.vectorize)(vectorize)


@answers(np.piecewise)
def piecewise(x, condlist, funclist, *args, **kw):
    """Apply to each part of `x` its own function, as np.piecewise does.

    A function is given only the entries of its part. A number stands for a constant function.
    """
    x = array(x)
    conditions = np.asarray(raw(array(condlist)), dtype=bool)
    if conditions.ndim == min(x.ndim, 1):  # one condition, not in a list
        conditions = conditions[None]
    if len(funclist) == len(conditions) + 1:
        conditions = np.concatenate([conditions, ~conditions.any(axis=0, keepdims=True)])
    if len(funclist) != len(conditions):
        raise ValueError(
            f"{len(conditions)} conditions for {len(funclist)} functions; give a function for each "
            "condition, and optionally one more for where none holds"
        )
    if not x.ndim:
        return piecewise(np.reshape(x, (1,)), conditions[:, None], funclist, *args, **kw)[0]
    y = np.zeros(x.shape, x.dtype)
    for condition, function in zip(conditions, funclist, strict=True):
        part = function(x[condition], *args, **kw) if callable(function) else function
        y = setitem(y, part, condition) if np.any(condition) else y
    return lying_as(y, x)
