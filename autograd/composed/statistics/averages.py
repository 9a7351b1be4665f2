"""Means, deviations and covariances, weighted or not."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.composed.creation import array
from autograd.composed.mathematical.reductions import entries, over_numbers
from autograd.engine.dispatch import answers
from autograd.ops import reduce as rows
from autograd.ops.plain import raw
from autograd.ops.shape import astype

# -- means and deviations ------------------------------------------------------------------------


def _taking_part(a, axis, keepdims, where):
    """Return how many entries each entry of a reduction depends on."""
    return np.sum(np.broadcast_to(where, a.shape), axis=axis, keepdims=keepdims)


def _divided(total, count, dtype):
    """Divide a sum by whole numbers as NumPy does: in double precision, and rounded to `dtype`."""
    return astype(total / count, dtype)


def _as_floats(a, dtype, out, where):
    """Return the entries to take a mean of; NumPy adds up whole numbers as float64."""
    whole = dtype is None and array(a).dtype.kind in "biu"
    return entries(a, float if whole else dtype, out, where, 0)


@answers(np.mean)
def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True, **other):
    """Return the mean over axes, as np.mean does."""
    if where is True or other:
        return rows.mean(entries(a, dtype, out, other=other), axis, keepdims)
    a = _as_floats(a, dtype, out, where)
    wide = astype(a, np.float32) if a.dtype == np.float16 else a
    total = rows.sum_(wide, axis, keepdims)
    return _divided(total, _taking_part(a, axis, keepdims, where), a.dtype)


def _deviation(row):
    """Define np.var, or np.std."""

    def deviation(
        a,
        axis=None,
        dtype=None,
        out=None,
        ddof=0,
        keepdims=False,
        *,
        where=True,
        mean=None,
        correction=None,
        **other,
    ):
        """Return the variance over axes, or its root, as np.var and np.std do."""
        ddof = ddof if correction is None else correction
        if (mean is None and where is True) or other:
            return row(entries(a, dtype, out, other=other), axis, ddof, keepdims)
        a = _as_floats(a, dtype, out, where)
        if mean is None:
            total = np.sum(a, axis=axis, keepdims=True, where=where)
            mean = _divided(total, _taking_part(a, axis, True, where), a.dtype)
        apart = a - mean
        squares = np.square(np.real(apart))
        if apart.dtype.kind == "c":
            squares = squares + np.square(np.imag(apart))
        total = np.sum(squares, axis=axis, keepdims=keepdims, where=where)
        count = np.maximum(_taking_part(a, axis, keepdims, where) - ddof, 0)
        variance = _divided(total, count, total.dtype)
        if row is rows.var:
            return variance
        zero = variance == 0
        if not np.any(zero):
            return np.sqrt(variance)
        # there it is the length of no deviation at all, and has the slopes of a norm at 0
        apart = apart if where is True else np.where(where, apart, 0.0)
        length = np.linalg.vector_norm(apart, axis=axis, keepdims=keepdims)
        alone = _taking_part(a, axis, keepdims, where) == 1  # and so apart by 0, wherever it is
        root = np.sqrt(np.where(zero, count, 1)).astype(total.dtype)
        length = np.where(alone, 0.0, length / root)
        return np.where(zero, length, np.sqrt(np.where(zero, 1.0, variance)))

    deviation.__name__ = row.__name__
    return deviation


var = answers(np.var)(_deviation(rows.var))
std = answers(np.std)(_deviation(rows.std))
nanmean = over_numbers(np.nanmean, np.mean)
nanvar = over_numbers(np.nanvar, np.var)
nanstd = over_numbers(np.nanstd, np.std)

# -- weighted means ------------------------------------------------------------------------------


def weights_like(a, weights, axis):
    """Return weights in the shape of `a`; they may be given for the reduced axes only."""
    weights = array(weights)
    if weights.shape == a.shape:
        return weights
    if axis is None:
        raise TypeError(
            f"weights of shape {weights.shape} for an array of shape {a.shape} need axis=, "
            "the axes they belong to"
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


@answers(np.average)
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """Return the weighted mean, optionally with the sum of the weights, as np.average does."""
    a = array(a)
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        total = np.asarray(a.size / max(np.size(raw(mean)), 1), dtype=np.result_type(raw(mean)))
    else:
        weights = weights_like(a, weights, axis)
        weights = astype(weights, np.result_type(raw(a), raw(weights)))
        total = np.sum(weights, axis=axis, keepdims=keepdims)
        if np.any(total == 0):
            raise ZeroDivisionError(
                "np.average divides by the sum of the weights, which is 0; give other weights"
            )
        mean = np.sum(a * weights, axis=axis, keepdims=keepdims) / total
    return (mean, np.copy(np.broadcast_to(total, np.shape(raw(mean))))) if returned else mean


# -- covariances ---------------------------------------------------------------------------------


def _variables(m, rowvar, dtype):
    """Return observations as a matrix with one row per variable."""
    m = array(m)
    if m.ndim > 2:
        raise ValueError(f"give observations as a vector or a matrix, not of shape {m.shape}")
    m = astype(m, dtype)
    if m.ndim < 2:
        return np.reshape(m, (1, -1))
    return m if rowvar else np.transpose(m)


def _weights_of_observations(name, weights, n):
    weights = array(weights)
    if weights.shape != (n,):
        raise ValueError(
            f"{name} must be one weight for each of {n} observations, not of shape {weights.shape}"
        )
    if np.any(raw(weights) < 0):
        raise ValueError(f"{name} cannot be negative; 0 leaves an observation out")
    return astype(weights, float)


@answers(np.cov)
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    """Return the covariance matrix of variables, as np.cov does."""
    given = [m] if y is None else [m, y]
    dtype = dtype or np.result_type(*[array(x).dtype for x in given], np.float64)
    x = np.concatenate([_variables(x, rowvar, dtype) for x in given])
    n = x.shape[1]
    if ddof is None:
        ddof = 0 if bias else 1
    elif ddof != int(ddof):
        raise ValueError(f"ddof must be a whole number, not {ddof}")
    weights = 1.0
    if fweights is not None:
        weights = fweights = _weights_of_observations("fweights", fweights, n)
        if np.any(raw(fweights) != np.round(raw(fweights))):
            raise TypeError("fweights count observations, so they must be whole numbers")
    if aweights is not None:
        aweights = _weights_of_observations("aweights", aweights, n)
        weights = aweights * weights
    weights = np.broadcast_to(weights, (n,))
    total = np.sum(weights)
    # aweights say how reliable observations are, not how often they were made, so ddof is scaled
    lost = ddof if aweights is None else ddof * np.sum(weights * aweights) / total
    freedom = np.maximum(total - lost, 0)
    centred = x - np.sum(x * weights, axis=1, keepdims=True) / total
    return np.squeeze(centred * weights @ np.conj(np.transpose(centred)) / freedom)


@answers(np.corrcoef)
def corrcoef(x, y=None, rowvar=True, *, dtype=None):
    """Return the correlation coefficients of variables, as np.corrcoef does."""
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    deviations = np.sqrt(np.real(np.diagonal(c)))
    c = c / deviations[:, None] / deviations[None, :]
    return c if c.dtype.kind == "c" else np.clip(c, -1, 1)
