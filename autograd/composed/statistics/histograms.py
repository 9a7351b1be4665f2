"""Histograms: counts are plain numbers; sums of weights pass their gradient to the weights."""

import numpy as np

from autograd.composed.creation import array
from autograd.engine.dispatch import answers
from autograd.engine.tracing import tracer
from autograd.engine.value import Value
from autograd.ops.indexing import scatter
from autograd.ops.plain import plain, raw
from autograd.ops.shape import astype

_bincount, _histogram = plain(np.bincount), plain(np.histogram)
_histogram2d, _histogramdd = plain(np.histogram2d), plain(np.histogramdd)


def _floats(weights):
    """Return weights in double precision, as NumPy adds them."""
    return astype(array(weights), float)


@answers(np.bincount)
def bincount(x, /, weights=None, minlength=0):
    """Return how often each number occurs, or the sums of its weights, as np.bincount does."""
    x = raw(array(x))
    if isinstance(x, Value) and not (x.size and np.max(x) < minlength):  # it is traced
        tracer().impossible("np.bincount needs a minlength above all numbers")
    counts = _bincount(x, minlength=minlength)
    return counts if weights is None else scatter(_floats(weights), x, counts.shape)


def _sums_in_bins(columns, edges, weights, density):
    """Return the sum of the weights of the samples in each bin; a last bin includes its end."""
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
    """Return how many numbers, or which total weight, fall into each bin, as np.histogram does."""
    a, bins = raw(array(a)), raw(bins)
    if not isinstance(weights, Value):
        return _histogram(a, bins, range, density, weights)
    edges = np.histogram_bin_edges(a, bins, range)
    return _sums_in_bins([a.ravel()], [edges], np.ravel(weights), density), edges


@answers(np.histogramdd)
def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    """Return how many points, or which total weight, fall into each box, as np.histogramdd does."""
    sample, bins = raw(sample), raw(bins)
    if not isinstance(weights, Value):
        return _histogramdd(sample, bins, range, density, weights)
    edges = _histogramdd(sample, bins, range)[1]
    columns = sample.T if hasattr(sample, "shape") else np.atleast_2d(sample)
    return _sums_in_bins(columns, edges, _floats(weights), density), edges


@answers(np.histogram2d)
def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """Return how many points, or which total weight, fall into each box, as np.histogram2d does."""
    x, y, bins = raw(array(x)), raw(array(y)), raw(bins)
    if not isinstance(weights, Value):
        return _histogram2d(x, y, bins, range, density, weights)
    _, *edges = _histogram2d(x, y, bins, range)
    return _sums_in_bins([x, y], edges, _floats(weights), density), *edges
