"""A function of its own for each part of an array, and functions of its lines."""

import numpy as np
import pytest

from autograd import Value
from tests.parity import agrees

RNG = np.random.default_rng(0)
X = RNG.uniform(0.3, 2.0, (3, 4)) * RNG.choice([-1, 1], (3, 4))


PIECEWISE = {
    "piecewise": lambda x: np.piecewise(x, [X > 1, X < 0], [np.exp, 2.0, lambda t: t * t]),
    "piecewise one": lambda x: np.piecewise(x[0], X[0] > 0, [np.sqrt]),
    "piecewise options": lambda x: np.piecewise(x, [X > 0], [lambda t, p: t**p, 1], 3),
    "piecewise of a scalar": lambda x: np.piecewise(x[0, 0], [False, True], [1, np.sin]),
}


@pytest.mark.parametrize("name", PIECEWISE)
def test_piecewise(name):
    agrees(PIECEWISE[name], X)


def test_errors():
    with pytest.raises(ValueError, match="for 3 functions"):
        np.piecewise(Value(X), [X > 0], [1, 2, 3])
    with pytest.raises(ValueError, match="at least one line"):
        np.apply_along_axis(sum, 0, Value(np.ones((2, 0))))
