"""The methods of NumPy's ufuncs (`np.add.reduce`, `np.multiply.outer`, …) on Values.

Sums, products and extremes have ops of their own; all other ufuncs of two arguments are applied
along the axis one entry at a time.
"""

from functools import partial
from itertools import accumulate, pairwise

import numpy as np

from autograd.composed.creation import array
from autograd.composed.mathematical import reductions
from autograd.engine.dispatch import NUMPY, answers
from autograd.engine.primitive import PRIMITIVES
from autograd.ops.reduce import logsumexp
from autograd.ops.sorting import running_maximum, running_minimum


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
    if axis is None or isinstance(axis, tuple):
        axes = tuple(range(a.ndim)) if axis is None else axis
        stay = [i for i in range(a.ndim) if i not in np.mod(axes, max(a.ndim, 1))]
        shape = [a.shape[i] for i in stay]
        kept = [n if i in stay else 1 for i, n in enumerate(a.shape)]
        rows = np.moveaxis(a, axes, range(-len(axes), 0)) if axes else a[..., None]
        y = fold(ufunc, np.reshape(rows, (*shape, -1)), -1, dtype, None, False, initial)
        return np.reshape(y, kept) if keepdims else y
    parts = _along(a if dtype is None else a.astype(dtype), axis)
    if initial is None and not parts:
        raise ValueError(f"np.{ufunc.__name__}.reduce of an empty axis needs initial=")
    *_, y = accumulate(parts, ufunc, initial=initial)
    return np.expand_dims(y, axis) if keepdims else y


def running(ufunc, a, axis=0, dtype=None, out=None):
    """Return, for each entry, all up to it combined by `ufunc`, as ufunc.accumulate does."""
    parts = _along(a if dtype is None else a.astype(dtype), axis)
    return np.stack(list(accumulate(parts, ufunc)), axis=axis) if parts else a


def folds_between(ufunc, a, indices, axis=0, dtype=None, out=None):
    """Return the reductions of the slices that begin at `indices`, as ufunc.reduceat does."""
    a = np.moveaxis(a if dtype is None else a.astype(dtype), axis, 0)
    ends = pairwise([*np.asarray(indices).tolist(), len(a)])
    parts = [ufunc.reduce(a[i:j]) if i < j else a[i] for i, j in ends]
    return np.moveaxis(np.stack(parts), 0, axis)


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


for _ufunc, _function in {
    np.add: reductions.sum_,
    np.multiply: reductions.prod,
    np.maximum: reductions.max_,
    np.minimum: reductions.min_,
}.items():
    NUMPY[_ufunc, "reduce"] = _reduction(_function)


def _cumulative(function):
    return lambda a, axis=0, dtype=None, out=None: function(
        a if dtype is None else a.astype(dtype), axis
    )


for _ufunc, _function in {
    np.add: reductions.cumsum,
    np.multiply: reductions.cumprod,
    np.maximum: running_maximum,
    np.minimum: running_minimum,
}.items():
    NUMPY[_ufunc, "accumulate"] = _cumulative(_function)


@answers((np.logaddexp, "reduce"))
def _logaddexp_reduce(a, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
    a = a if where is True else np.where(where, a, -np.inf)
    y = logsumexp(a if dtype is None else a.astype(dtype), axis, keepdims)
    return y if initial is None else np.logaddexp(y, initial)
