"""Order along an axis: sorting, partitions, medians, quantiles and running extremes.

Each result reads entries of its argument, and the gradient goes back to the entries read.  Of
equal entries the one that stands first ranks lower, whatever sorting method is asked for.
"""

from math import prod

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.composed.shapes import array
from autograd.engine.dispatch import answers
from autograd.engine.primitive import define
from autograd.engine.value import Value
from autograd.ops.indexing import add_along_axis, take_along_axis
from autograd.ops.plain import raw
from autograd.ops.shape import astype

# -- sorting -------------------------------------------------------------------------------------

# Ops without a derivative, so that a graph with a sort in it can be run again on other numbers.
_order = define("argsort", lambda a, axis: np.argsort(a, axis, stable=True))
_order_around = define("argpartition", lambda a, kth, axis: np.argpartition(a, kth, axis))

sort_along = define(
    "sort",
    lambda a, axis: np.sort(a, axis),
    vjps=(lambda g, y, x, axis: add_along_axis(g, _order(x, axis), x.shape, axis),),
    samples=lambda rng: [((rng.normal(size=(3, 4)), 0), {}), ((rng.normal(size=5), -1), {})],
)
partition_along = define(
    "partition",
    # np.partition need not leave the entries between the kth in the order of np.argpartition
    lambda a, kth, axis: np.take_along_axis(a, np.argpartition(a, kth, axis), axis),
    vjps=(
        lambda g, y, x, kth, axis: add_along_axis(g, _order_around(x, kth, axis), x.shape, axis),
    ),
    samples=lambda rng: [((rng.normal(size=(3, 5)), 2, 1), {})],
)


def flat_if_none(a, axis):
    """Return `a` and `axis` as they are, or for no axis all entries in one."""
    a = array(a)
    return (np.ravel(a), 0) if axis is None else (a, axis)


@answers(np.sort)
def sort(a, axis=-1, kind=None, *, stable=None):
    """Return the entries sorted along an axis, as np.sort does; axis=None sorts all in one."""
    return sort_along(*flat_if_none(a, axis))


@answers(np.partition)
def partition(a, kth, axis=-1, kind="introselect"):
    """Return the entries with the kth in its place and lower ones before it, as np.partition."""
    a, axis = flat_if_none(a, axis)
    return partition_along(a, kth, axis)


@answers(np.sort_complex)
def sort_complex(a):
    """Return the entries sorted along the last axis as complex numbers, as np.sort_complex does."""
    y = sort(a)
    return y if y.dtype.kind == "c" else astype(y, np.sort_complex(np.empty(0, y.dtype)).dtype)


# -- medians and quantiles -----------------------------------------------------------------------


def _rows(a, axis):
    """Return `a` with the axes to reduce as one, the last, and the shape that keepdims keeps."""
    axes = normalize_axis_tuple(range(a.ndim) if axis is None else axis, a.ndim)
    rest = [i for i in range(a.ndim) if i not in axes]
    shape = [a.shape[i] for i in rest]
    rows = np.reshape(np.transpose(a, (*rest, *axes)), (*shape, prod(a.shape[i] for i in axes)))
    return rows, tuple(1 if i in axes else n for i, n in enumerate(a.shape))


def _nan_where_any(in_order, y):
    """NaN sorts last: where the last entry of a row is NaN, so is the result."""
    return np.where(np.isnan(in_order[..., -1:]), np.nan, y)


@answers(np.median)
def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Return the median over axes, as np.median does.

    An even number of entries has two in the middle, which share the gradient equally.
    """
    rows, kept = _rows(array(a), axis)
    n = rows.shape[-1]
    in_order = sort_along(rows, -1)
    y = np.mean(in_order[..., max(n - 1, 0) // 2 : n // 2 + 1], axis=-1, keepdims=True)
    y = _nan_where_any(in_order, y) if n else y
    return np.reshape(y, kept if keepdims else rows.shape[:-1])


def weights_like(a, weights, axis):
    """Return weights in the shape of `a`; they may be given along the reduced axes alone."""
    weights = array(weights)
    if weights.shape == a.shape:
        return weights
    if axis is None:
        raise TypeError(
            f"weights of shape {weights.shape} for an array of shape {a.shape} need axis=, "
            "the axes that they are given along"
        )
    axes = normalize_axis_tuple(axis, a.ndim)
    if weights.shape != tuple(a.shape[i] for i in axes):
        raise ValueError(
            f"weights of shape {weights.shape} do not fit the axes {axes} of an array of shape "
            f"{a.shape}; give one weight for each entry along them"
        )
    weights = np.transpose(weights, np.argsort(axes))
    shape = [n if i in axes else 1 for i, n in enumerate(a.shape)]
    return np.broadcast_to(np.reshape(weights, shape), a.shape)


def _positions(function, rows, q, method, weights):
    """Where quantiles stand among the sorted entries of each row, 1.5 halfway from 1 to 2.

    NumPy knows: the quantiles of the ranks themselves are positions, for any method.
    """
    n = rows.shape[-1]
    if weights is None and function in (np.quantile, np.percentile):
        positions = function(np.arange(float(n)), q, method=method)
        return np.reshape(positions, (1,) * (rows.ndim - 1) + (-1,))
    ranks = np.argsort(np.argsort(rows, axis=-1, stable=True), axis=-1).astype(float)
    if function in (np.nanquantile, np.nanpercentile):
        ranks[np.isnan(rows)] = np.nan
    options = {} if weights is None else {"weights": weights}
    positions = function(ranks, q, axis=-1, method=method, **options)
    return np.nan_to_num(np.moveaxis(positions, 0, -1))


def _quantiles(function):
    @answers(function)
    def quantiles(
        a,
        q,
        axis=None,
        out=None,
        overwrite_input=False,
        method="linear",
        keepdims=False,
        *,
        weights=None,
    ):
        if isinstance(q, Value):
            raise TypeError(
                f"np.{function.__name__} has no derivative in q, where most methods jump; "
                "give q as a number or an array, for example q.numpy()"
            )
        a = array(a)
        dtype = function(np.ones(1, a.dtype), q, method=method).dtype
        q = np.asarray(q)
        rows, kept = _rows(a, axis)
        if weights is not None:
            weights = _rows(weights_like(a, raw(weights), axis), axis)[0]
        positions = _positions(function, raw(rows), np.ravel(q), method, weights)
        below = np.floor(positions)
        share = (positions - below).astype(dtype)
        in_order = sort_along(rows, -1)
        low = take_along_axis(in_order, below.astype(int), -1)
        high = take_along_axis(in_order, np.ceil(positions).astype(int), -1)
        y = low * (1 - share) + np.where(share == 0, 0.0, high) * share
        if function in (np.quantile, np.percentile):
            y = _nan_where_any(in_order, y)
        return np.reshape(np.moveaxis(y, -1, 0), q.shape + (kept if keepdims else rows.shape[:-1]))

    quantiles.__name__ = function.__name__
    quantiles.__doc__ = f"""Return quantiles over axes, as np.{function.__name__} does.

    Each lies between two of the sorted entries, which share the gradient by how near it is.  One
    that falls on an entry is that entry, also beside infinite ones, where NumPy gives NaN.
    """
    return quantiles


quantile, percentile, nanquantile, nanpercentile = map(
    _quantiles, (np.quantile, np.percentile, np.nanquantile, np.nanpercentile)
)


@answers(np.nanmedian)
def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Return the median of the entries that are numbers, as np.nanmedian does."""
    a = array(a)
    if not a.size:
        return median(a, axis, keepdims=keepdims)
    return nanquantile(a, 0.5, axis, keepdims=keepdims)


# -- running extremes ----------------------------------------------------------------------------


def _latest_extreme(x, y, axis):
    """Where each running extreme was read: the last of equal entries, and NaN for ever after."""
    places = np.arange(x.shape[axis]).reshape([-1] + [1] * (x.ndim - 1 - axis % x.ndim))
    return np.maximum.accumulate(np.where((x == y) | np.isnan(x), places, 0), axis)


_source = define("source", _latest_extreme)


def _running(ufunc):
    return define(
        f"running {ufunc.__name__}",
        lambda a, axis: ufunc.accumulate(a, axis),
        vjps=(lambda g, y, x, axis: add_along_axis(g, _source(x, y, axis), x.shape, axis),),
        samples=lambda rng: [((rng.normal(size=(3, 4)), 1), {}), ((rng.normal(size=5), 0), {})],
    )


running_maximum = _running(np.maximum)
running_minimum = _running(np.minimum)
