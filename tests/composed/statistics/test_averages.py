"""Weighted means, covariances and correlations."""

import numpy as np
import pytest

from autograd import Value
from tests.parity import agrees

RNG = np.random.default_rng(0)
X, W = RNG.normal(size=(3, 4)), RNG.uniform(0.5, 2.0, (3, 4))


ALIKE = {
    "average": lambda x: np.average(x, axis=1, keepdims=True),
    "average weights": lambda x: np.average(x, weights=W),
    "average of rows": lambda x: np.average(x, axis=0, weights=[1.0, 2.0, 3.0]),
    "average axes": lambda x: np.average(x, axis=(1, 0), weights=W.T),
    "average in weights": lambda x: np.average(W, axis=0, weights=x * x),
    "average returned": lambda x: np.average(x, axis=1, returned=True)[0],
    "cov": lambda x: np.cov(x),
    "cov of columns": lambda x: np.cov(x, rowvar=False, bias=True),
    "cov y": lambda x: np.cov(x[0], x[1], ddof=0),
    "cov one": lambda x: np.cov(x[0]),
    "cov fweights": lambda x: np.cov(x, fweights=[1, 2, 1, 3]),
    "cov aweights": lambda x: np.cov(x, aweights=W[0]),
    "cov both": lambda x: np.cov(x, fweights=[1, 2, 1, 3], aweights=W[0], ddof=0),
    "cov in weights": lambda x: np.cov(W, aweights=x[0] * x[0]),
    "corrcoef": lambda x: np.corrcoef(x)[0],
    "corrcoef y": lambda x: np.corrcoef(x[:, 0], x[:, 1])[0, 1],
}


@pytest.mark.parametrize("name", ALIKE)
def test_alike(name):
    agrees(ALIKE[name], X)


def test_average_returns_the_sums_of_weights():
    for weights in (None, np.array([1.0, 2.0, 3.0])):
        found = np.average(Value(X), axis=0, weights=weights, returned=True)
        expected = np.average(X, axis=0, weights=weights, returned=True)
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(getattr(a, "data", a), b)


def test_lists_of_values():
    x, y = Value(1.0), Value(4.0)
    np.average(Value([1.0, 2.0]), weights=[x, y]).backward()
    assert x.grad == pytest.approx(-4 / 25)


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (lambda v: np.average(v, weights=[1.0, 2.0]), "need axis="),
        (lambda v: np.average(v, axis=0, weights=[1.0, 2.0]), "do not fit"),
        (
            lambda v: np.average(v, axis=0, weights=[0.0, 1.0, -1.0]),
            "divides by the sum of the weights",
        ),
        (lambda v: np.cov(v[None]), "as a vector or a matrix"),
        (lambda v: np.cov(v, ddof=0.5), "whole number"),
        (lambda v: np.cov(v, aweights=[1.0]), "one weight for each"),
        (lambda v: np.cov(v, aweights=[1.0, 1, 1, -1]), "negative"),
        (lambda v: np.cov(v, fweights=[1.0, 1, 1, 1.5]), "whole numbers"),
    ],
)
def test_errors(f, says):
    with pytest.raises((ValueError, TypeError, ZeroDivisionError), match=says):
        f(Value(X))
