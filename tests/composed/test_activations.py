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
