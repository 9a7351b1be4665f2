"""Two kinks close together: what lies between them is smaller than the usual finite differences."""

import numpy as np
import pytest

import autograd.numpy as anp
from autograd.engine.primitive import Primitive
from autograd.testing import GradientError, check_gradients
from autograd.testing.programs import Network
from tests.testing.draws import check

DISTANCES = [1e-4, 1e-6, 1e-8, 1e-10, 1e-12]  # at 1e-5, where the points nearby are, a fault hides


def steep(x, d):
    """A line that is steep on 2 d, and flat elsewhere."""
    return 5 * anp.clip(x[0] + x[1], -d, d)


FUNCTIONS = {
    "relu of a sum": lambda x, d: anp.maximum(x[0] + x[1], 0.0) + steep(x, d),
    "maximum of equals": lambda x, d: anp.maximum(x[0], x[1]) + steep(x, d),
    "a second layer": lambda x, d: (
        anp.maximum(d - 2 * anp.maximum(x[0] + x[1], 0.0), 0.0) * 3 + anp.maximum(x[0] + x[1], 0.0)
    ),
    "one entry": lambda x, d: anp.maximum(x[0], 0.0) + 5 * anp.clip(x[0], -d, d) + x[1],
    "sort": lambda x, d: (
        anp.sort(anp.stack([x[0], x[1], d + 0 * x[0]])) @ np.array([1.0, 5.0, -2.0])
    ),
    "squares": lambda x, d: anp.maximum(x[0] + x[1], 0.0) ** 2 + steep(x, d) * anp.sin(x[0]),
}


@pytest.mark.parametrize("at", [0.0, 1.0])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_right_derivative_between_two_kinks_raises_no_alarm(name, at):
    for d in DISTANCES:
        check_gradients(lambda x, d=d: FUNCTIONS[name](x - at, d), np.full(2, at), order=2)


to_both = Primitive(
    "to_both",
    lambda x, y: np.maximum(x, y),
    vjps=[lambda g, z, x, y: g * (x >= y), lambda g, z, x, y: g * (y >= x)],
)
steeper = Primitive("steeper", lambda x: x * 1.0, vjps=[lambda g, y, x: 1.1 * g])


@pytest.mark.parametrize("d", DISTANCES[:-1])
def test_a_wrong_derivative_between_two_kinks_is_found(d):
    with pytest.raises(GradientError):
        check_gradients(lambda x: to_both(x[0], x[1]) + steep(x, d) / 5, np.zeros(2))
    with pytest.raises(GradientError):
        check_gradients(lambda x: anp.maximum(x[0], 0.0) + steep(steeper(x), d), np.zeros(2))


def test_a_network_whose_layers_have_kinks_close_by():
    """Drawn at random once: all its derivatives are right."""
    x = np.array([[1e-8, 9.4e-9, 1e-8], [-0.04, 0.0, -1.3]])
    layers = [
        (np.array([[0.0], [0.047], [0.0]]), np.zeros(1)),
        (np.array([[0.0, 0.085, -2.0]]), np.array([0.055, -1.2e-8, 1.5e-8])),
        (np.zeros((3, 1)), np.zeros(1)),
    ]
    network = Network("relu", x, layers)
    check_gradients(network, network.parameters)


def test_a_kink_close_to_a_small_number_that_rounding_nearly_hides():
    """Larger steps agree on the mean of both slopes, smaller ones have a digit of either."""
    first = [[-1.162397057567162e-08, 0.0365], [-0.5, -1.38e-08], [-1.09, -0.0884]]
    second = [[-7.07e-09, -0.033, 0.0], [0.0, -1.4548754960414147e-08, -6.13e-09]]
    x = 1.1038667186984982e-08
    f = Network(
        "relu",
        np.array([[x, x, 0.0], [x, 0.0, x], [0.0, 0.0, x]]),
        [
            (np.array(first), np.array([1e-08, 1.064578728651397e-08])),
            (np.array(second), np.array([1.192092896e-07, -0.04033936691339816, 0.0])),
        ],
    )
    check(f, (f.parameters,), hidden=True)
