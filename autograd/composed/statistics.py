"""Weighted means, covariances and histograms: functions of ops, with no rule of their own."""

import numpy as np

from autograd.composed.shapes import array
from autograd.composed.sorting import weights_like
from autograd.engine.dispatch import answers
from autograd.engine.value import Value
from autograd.ops.indexing import scatter
from autograd.ops.plain import raw
from autograd.ops.shape import astype


@answers(np.average)
def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    """Return the weighted mean, and if asked the sum of the weights, as np.average does."""
    a = array(a)
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        total = np.asarray(a.size / max(np.size(raw(mean)), 1), dtype=np.result_type(raw(mean)))
    else:
        weights = weights_like(a, weights, axis)
        total = np.sum(weights, axis=axis, keepdims=keepdims)
        if np.any(total == 0):
            raise ZeroDivisionError(
                "np.average of weights that add up to 0, which it divides by; give other weights"
            )
        mean = np.sum(a * weights, axis=axis, keepdims=keepdims) / total
    return (mean, np.broadcast_to(total, np.shape(raw(mean)))) if returned else mean


# -- covariance ------------------------------------------------------------------------------------


def _variables(m, rowvar, dtype):
    """Return observations as a matrix, a variable a row."""
    m = array(m)
    if m.ndim > 2:
        raise ValueError(f"observations are a row or a matrix, not of shape {m.shape}")
    m = astype(m, dtype)
    if m.ndim < 2:
        return np.reshape(m, (1, -1))
    return m if rowvar else np.transpose(m)


def _weights_of_observations(name, weights, n):
    weights = array(weights)
    if weights.shape != (n,):
        raise ValueError(f"{name} are one weight for each of {n} observations, not {weights.shape}")
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
        raise ValueError(f"ddof is a whole number, not {ddof}")
    weights = 1.0
    if fweights is not None:
        weights = fweights = _weights_of_observations("fweights", fweights, n)
        if np.any(raw(fweights) != np.round(raw(fweights))):
            raise TypeError("fweights count observations, so they are whole numbers")
    if aweights is not None:
        aweights = _weights_of_observations("aweights", aweights, n)
        weights = aweights * weights
    weights = np.broadcast_to(weights, (n,))
    total = np.sum(weights)
    # of weights that say how sure an observation is, not how often it was made, ddof takes a share
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


# -- histograms: counts are plain numbers; sums of weights have the gradient of the weights ------


def _floats(weights):
    """Return weights in double precision, in which NumPy adds them up."""
    return astype(array(weights), float)


@answers(np.bincount)
def bincount(x, /, weights=None, minlength=0):
    """Return how often each number occurs, or the sums of its weights, as np.bincount does."""
    x = raw(array(x))
    counts = np.bincount(x, minlength=minlength)
    return counts if weights is None else scatter(_floats(weights), x, counts.shape)


def _sums_in_bins(columns, edges, weights, density):
    """The sums of the weights of all samples in each bin; the last bins include their end."""
    places = [
        np.where(x == e[-1], len(e) - 2, np.searchsorted(e, x, "right") - 1)
        for x, e in zip(columns, edges, strict=True)
    ]
    shape = tuple(len(e) - 1 for e in edges)
    inside = np.logical_and.reduce([(p >= 0) & (p < n) for p, n in zip(places, shape, strict=True)])
    sums = scatter(weights[inside], tuple(p[inside] for p in places), shape)
    if density:
        for axis, e in enumerate(edges):
            sums = sums / np.diff(e).reshape([-1 if i == axis else 1 for i in range(len(shape))])
        return sums / np.sum(weights[inside])
    return sums


@answers(np.histogram)
def histogram(a, bins=10, range=None, density=None, weights=None):
    """Return how many numbers, or what sum of weights, fall into each bin, as np.histogram does."""
    a, bins = raw(array(a)), raw(bins)
    if not isinstance(weights, Value):
        return np.histogram(a, bins, range, density, weights)
    edges = np.histogram_bin_edges(a, bins, range)
    return _sums_in_bins([a.ravel()], [edges], np.ravel(weights), density), edges


@answers(np.histogramdd)
def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    """Return how many points, or what sum of weights, fall into each box, as np.histogramdd."""
    sample, bins = raw(sample), raw(bins)
    if not isinstance(weights, Value):
        return np.histogramdd(sample, bins, range, density, weights)
    edges = np.histogramdd(sample, bins, range)[1]
    columns = sample.T if hasattr(sample, "shape") else np.atleast_2d(sample)
    return _sums_in_bins(columns, edges, _floats(weights), density), edges


@answers(np.histogram2d)
def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """Return how many points, or what sum of weights, fall into each box, as np.histogram2d."""
    x, y, bins = raw(array(x)), raw(array(y)), raw(bins)
    if not isinstance(weights, Value):
        return np.histogram2d(x, y, bins, range, density, weights)
    _, *edges = np.histogram2d(x, y, bins, range)
    return _sums_in_bins([x, y], edges, _floats(weights), density), *edges
