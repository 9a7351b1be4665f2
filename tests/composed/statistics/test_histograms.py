"""Histograms: sums of weights have the gradient of the weights, counts are plain numbers."""

import numpy as np
import pytest

from autograd import Value
from tests.parity import agrees

RNG = np.random.default_rng(0)
X, W = RNG.normal(size=(3, 4)), RNG.uniform(0.5, 2.0, (3, 4))


ALIKE = {
    "bincount": lambda x: np.bincount([0, 2, 2, 1], x[0], 5),
    "histogram": lambda x: np.histogram(W[0], bins=3, weights=x[0])[0],
    "histogram density": lambda x: np.histogram(W, [0, 1, 2], density=True, weights=x * x)[0],
    "histogram2d": lambda x: np.histogram2d(W[0], W[1], bins=[2, 3], weights=x[0])[0],
    "histogramdd": lambda x: np.histogramdd(W.T, 2, weights=x[0], range=[(0.6, 2)] * 3)[0],
}


@pytest.mark.parametrize("name", ALIKE)
def test_alike(name):
    agrees(ALIKE[name], X)


def test_counts_are_plain_numbers():
    v = Value(X)
    for f in (
        lambda x: np.histogram(x, 3)[0],
        lambda x: np.histogram2d(x[0], x[1], 2)[0],
        lambda x: np.histogramdd([x[0], x[1]], 2)[0],
        lambda x: np.digitize(x, [0.0, 1.0]),
        lambda x: np.bincount(x[0] > 0),
        lambda x: np.histogram_bin_edges(x, 3),
    ):
        found = f(v)
        assert not isinstance(found, Value)
        np.testing.assert_array_equal(found, f(X))
