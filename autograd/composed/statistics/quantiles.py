"""Medians and quantiles; the gradient goes to the sorted entries that they lie between."""

from math import prod

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.composed.creation import array
from autograd.composed.layout import laid_out, reshaped
from autograd.composed.statistics.averages import weights_like
from autograd.engine.dispatch import answers
from autograd.engine.value import Value
from autograd.ops import sorting
from autograd.ops.indexing import take_along_axis
from autograd.ops.plain import plain, raw


def _rows(a, axis):
    """Return `a` with the reduced axes joined into a last one, and the shape for keepdims=True."""
    axes = normalize_axis_tuple(range(a.ndim) if axis is None else axis, a.ndim)
    rest = [i for i in range(a.ndim) if i not in axes]
    shape = [a.shape[i] for i in rest]
    rows = np.reshape(np.transpose(a, (*rest, *axes)), (*shape, prod(a.shape[i] for i in axes)))
    return rows, tuple(1 if i in axes else n for i, n in enumerate(a.shape))


def _nan_where_any(in_order, y):
    """Make the result NaN where the last entry of a row is: NaN sorts last."""
    return np.where(np.isnan(in_order[..., -1:]), np.nan, y)


@answers(np.median)
def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Return the median over axes, as np.median does.

    If the number of entries is even, the two in the middle share the gradient equally.
    """
    rows, kept = _rows(array(a), axis)
    n = rows.shape[-1]
    in_order = sorting.sort(rows, -1)
    y = np.mean(in_order[..., max(n - 1, 0) // 2 : n // 2 + 1], axis=-1, keepdims=True)
    y = _nan_where_any(in_order, y) if n else y
    return reshaped(y, kept if keepdims else rows.shape[:-1])


@plain
def _positions(rows, weights, function, q, method):
    """Return the positions of quantiles among the sorted entries; 1.5 is halfway from 1 to 2.

    NumPy computes them for any method, as the quantiles of the positions themselves.
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
                f"np.{function.__name__} has no derivative in q, since most methods jump there; "
                "give q as a number or an array, for example q.numpy()"
            )
        a = array(a)
        dtype = function(np.ones(1, a.dtype), q, method=method).dtype
        q = np.asarray(q)
        rows, kept = _rows(a, axis)
        if weights is not None:
            weights = _rows(weights_like(a, raw(weights), axis), axis)[0]
        positions = _positions(rows, weights, function, np.ravel(q), method)
        below = np.floor(positions)
        share = (positions - below).astype(dtype)
        in_order = sorting.sort(rows, -1)
        low = take_along_axis(in_order, below.astype(int), -1)
        high = take_along_axis(in_order, np.ceil(positions).astype(int), -1)
        y = low * (1 - share) + np.where(share == 0, 0.0, high) * share
        if function in (np.quantile, np.percentile):
            y = _nan_where_any(in_order, y)
        y = laid_out(np.moveaxis(y, -1, 0), range(y.ndim))
        return reshaped(y, q.shape + (kept if keepdims else rows.shape[:-1]))

    quantiles.__name__ = function.__name__
    quantiles.__doc__ = f"""Return quantiles over axes, as np.{function.__name__} does.

    Each lies between two sorted entries, which share the gradient according to how near they are.
    A quantile that falls on an entry is that entry, even next to infinite ones, where NumPy
    returns NaN.
    """
    return quantiles


quantile, percentile, nanquantile, nanpercentile = map(
    _quantiles, (np.quantile, np.percentile, np.nanquantile, np.nanpercentile)
)


@answers(np.nanmedian)
def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    """Return the median of the entries that are not NaN, as np.nanmedian does."""
    a = array(a)
    if not a.size:
        return median(a, axis, keepdims=keepdims)
    return nanquantile(a, 0.5, axis, keepdims=keepdims)
