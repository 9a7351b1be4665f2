"""Activations made of ops; tests/ops/test_edges.py tests their values and slopes far out."""

import numpy as np
import pytest

import autograd
from autograd import Value, relu


def test_an_unknown_approximation_is_refused():
    with pytest.raises(ValueError, match="'none' or 'tanh'"):
        autograd.gelu(1.0, approximate="fast")


@pytest.mark.parametrize(
    "number", [float, np.float64, lambda x: np.array([x]), lambda x: np.array([[x, x]])]
)
def test_relu_lets_a_gradient_through_where_it_is_nan(number):
    """Scalars and arrays agree, and the NaN is not hidden by a slope of 0."""
    for x, slope in ((np.nan, 1.0), (-0.0, 0.0), (2.0, 1.0), (-np.inf, 0.0), (np.inf, 1.0)):
        v = Value(number(x))
        relu(v).backward(gradient=np.full(v.shape, 3.0))
        assert np.all(v.grad == 3.0 * slope), x


@pytest.mark.parametrize("scale", [1.0, 20.0, 40.0])
def test_the_cell_of_an_lstm_keeps_its_digits_where_it_is_saturated(scale):
    """Its slopes are those of the ops that it is made of."""
    gates, c = np.random.default_rng(0).normal(size=(5, 8)) * scale, np.full((5, 2), 0.3 * scale)

    def by_ops(gates, c):
        i, f, new, o = np.split(gates, 4, axis=-1)
        c = autograd.sigmoid(f) * c + autograd.sigmoid(i) * np.tanh(new)
        return np.sum(autograd.sigmoid(o) * np.tanh(c) + 2.0 * c)

    def by_cell(gates, c):
        h, c = autograd.lstm_cell(gates, c)
        return np.sum(h + 2.0 * c)

    for argnum in (0, 1):
        expected, found = (autograd.grad(f, argnum)(gates, c) for f in (by_ops, by_cell))
        np.testing.assert_allclose(found, expected, rtol=1e-13)
