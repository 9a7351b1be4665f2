"""The methods of NumPy's ufuncs (`np.add.reduce`, `np.multiply.outer`, …) on Values.

Sums, products and extremes have ops of their own; all other ufuncs of two arguments are applied
along the axis one entry at a time.
"""

from functools import partial, reduce
from itertools import accumulate, pairwise
from math import prod

import numpy as np
from numpy.lib.array_utils import normalize_axis_index, normalize_axis_tuple

from autograd.composed.creation import array
from autograd.composed.layout import by_strides, in_memory, laid_out
from autograd.composed.mathematical import reductions
from autograd.engine.dispatch import NUMPY, answers
from autograd.engine.primitive import PRIMITIVES
from autograd.engine.value import Value
from autograd.ops.indexing import slice_sums
from autograd.ops.reduce import logsumexp
from autograd.ops.shape import full_like
from autograd.ops.sorting import running_maximum, running_minimum

REDUCTIONS = {
    np.add: reductions.sum_,
    np.multiply: reductions.prod,
    np.maximum: reductions.max_,
    np.minimum: reductions.min_,
}
REORDERABLE = (np.fmax, np.fmin)  # beside those with an identity: they may run along many axes


def all_pairs(ufunc, a, b):
    """Return `ufunc` of every entry of `a` with every entry of `b`, as ufunc.outer does."""
    a, b = array(a), array(b)
    return ufunc(np.reshape(a, a.shape + (1,) * b.ndim), b)


def fold(ufunc, a, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    """Return the entries along an axis combined by `ufunc`, from the first to the last."""
    if where is not True:
        raise TypeError(
            f"np.{ufunc.__name__}.reduce of a Value does not take where=; "
            "replace the other entries by a neutral number with np.where"
        )
    given, a = array(a), _in_its_dtype(ufunc.reduce, a, dtype)
    axes = normalize_axis_tuple(range(a.ndim) if axis is None else axis, a.ndim)
    along = axes[0] if len(axes) == 1 else -1
    if len(axes) != 1:
        if ufunc.identity is None and ufunc not in REORDERABLE:
            raise ValueError(
                f"np.{ufunc.__name__}.reduce runs along one axis, since the order matters; give "
                "its number, or put all entries into one axis with np.ravel"
            )
        stay = [i for i in range(a.ndim) if i not in axes]
        joining = [i for i in by_strides(a) if i in axes]  # the order in which NumPy goes
        joined = np.transpose(a, (*stay, *joining))
        a = np.reshape(joined, (*joined.shape[: len(stay)], prod(joined.shape[len(stay) :])))
        given = a
    parts = _along(a, along)
    initial = ufunc.identity if initial is None else initial
    if initial is None and not parts:
        raise ValueError(f"np.{ufunc.__name__}.reduce of an empty axis needs initial=")
    left = [i for i in range(given.ndim) if i != along % given.ndim]
    order = [left.index(i) for i in by_strides(given) if i in left]
    if initial is not None:
        part = parts[0] if parts else Value(np.zeros([given.shape[i] for i in left]))
        parts.insert(0, full_like(laid_out(part, order), initial, a.dtype))
    *_, y = accumulate(parts, ufunc)
    y = np.copy(y) if len(parts) == 1 else y  # not the part itself, which is a view
    y = laid_out(y, order)
    return np.expand_dims(y, axes) if keepdims else y


def running(ufunc, a, axis=0, dtype=None, out=None):
    """Return, for each entry, all up to it combined by `ufunc`, as ufunc.accumulate does."""
    given, a = array(a), _in_its_dtype(ufunc.accumulate, a, dtype)
    parts = list(accumulate(_along(a, axis), ufunc))
    return laid_out(np.stack(parts, axis=axis) if parts else np.copy(a), by_strides(given))


def folds_between(ufunc, a, indices, axis=0, dtype=None, out=None):
    """Return the reductions of the slices that begin at `indices`, as ufunc.reduceat does."""
    axis = normalize_axis_index(axis, a.ndim)
    # NumPy refuses indices that are not there, and shows how the result lies in memory
    like = ufunc.reduceat(in_memory(a), indices, axis, dtype)
    a = _in_its_dtype(partial(ufunc.reduceat, indices=[0]), a, dtype)
    if ufunc is np.add:
        return laid_out(slice_sums(a, np.asarray(indices), axis), by_strides(like))
    entries = np.moveaxis(a, axis, 0)
    combined = ufunc.reduce if ufunc in REDUCTIONS else partial(reduce, ufunc)
    ends = pairwise([*np.asarray(indices).tolist(), len(entries)])
    parts = [combined(entries[i:j]) if i < j else entries[i] for i, j in ends]
    return laid_out(np.stack(parts, axis=axis), by_strides(like))


def _in_its_dtype(method, a, dtype):
    """Return `a` in the dtype in which NumPy computes a method of a ufunc, or raise as NumPy."""
    return array(a).astype(method(np.ones(1, array(a).dtype), dtype=dtype).dtype, copy=False)


def _along(a, axis):
    return list(np.moveaxis(a, axis, 0))


for _op in list(PRIMITIVES.values()):
    for _ufunc in _op.numpy:
        if isinstance(_ufunc, np.ufunc) and _ufunc.nin == 2 and _op.elementwise:
            for _method, _answer in {
                "outer": all_pairs,
                "reduce": fold,
                "accumulate": running,
                "reduceat": folds_between,
            }.items():
                NUMPY[_ufunc, _method] = partial(_answer, _ufunc)


def _reduction(function):
    """Return a reduction as a ufunc's method, whose default is the first axis."""

    def reduced(a, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
        options = {} if dtype is None else {"dtype": dtype}
        return function(a, axis, keepdims=keepdims, initial=initial, where=where, **options)

    return reduced


for _ufunc, _function in REDUCTIONS.items():
    NUMPY[_ufunc, "reduce"] = _reduction(_function)


def _cumulative(function):
    def accumulated(a, axis=0, dtype=None, out=None):
        if not a.ndim:
            raise TypeError(
                "a scalar cannot be accumulated; give an array of one dimension or more"
            )
        return function(a if dtype is None else a.astype(dtype), axis)

    return accumulated


for _ufunc, _function in {
    np.add: reductions.cumsum,
    np.multiply: reductions.cumprod,
    np.maximum: running_maximum,
    np.minimum: running_minimum,
}.items():
    NUMPY[_ufunc, "accumulate"] = _cumulative(_function)


@answers((np.logaddexp, "reduce"))
def _logaddexp_reduce(a, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    a = _in_its_dtype(np.logaddexp.reduce, a, dtype)
    y = logsumexp(a if where is True else np.where(where, a, -np.inf), axis, keepdims)
    return y if initial is None else np.logaddexp(y, initial)
