"""Picking entries by number, by mask and by case."""

import numpy as np
import pytest

import autograd
from autograd import Value
from tests.parity import agrees

RNG = np.random.default_rng(0)
X = RNG.uniform(0.3, 2.0, (3, 4)) * RNG.choice([-1, 1], (3, 4))
ORDER = np.argsort(X, axis=1)


PICKED = {
    "take": lambda x: np.take(x, [0, 5, -1, 5]),
    "take axis": lambda x: np.take(x, [[0, 1], [2, 2]], axis=0),
    "take one": lambda x: np.take(x, 2, axis=-1),
    "take wrap": lambda x: np.take(x, [5, -7], axis=1, mode="wrap"),
    "take clip": lambda x: np.take(x, [5, -7], axis=1, mode="clip"),
    "take method": lambda x: x.take([1, 1], axis=0),
    "take_along_axis": lambda x: np.take_along_axis(x, ORDER, axis=1),
    "take_along_axis flat": lambda x: np.take_along_axis(x, np.array([3, 3, 1]), axis=None),
    "take_along_axis one": lambda x: np.take_along_axis(x, ORDER[:, :1], axis=-1),
    "compress": lambda x: np.compress([True, False, True], x, axis=0),
    "compress flat": lambda x: np.compress([True, False, True], x),
    "compress method": lambda x: x.compress([False, True], axis=1),
    "extract": lambda x: np.extract(X > 0, x),
    "choose": lambda x: np.choose([0, 2, 1, 0], x),
    "choose list": lambda x: np.choose([[0], [1]], [x[0], x[1]]),
    "choose clip": lambda x: np.choose([3, -1, 1, 0], [x[0], x[1]], mode="clip"),
    "select": lambda x: np.select([X > 1, X > 0], [x * x, 2 * x], 0.5),
    "select default": lambda x: np.select([X > 1, X < 9], [x, x * x], x[0]),
}


@pytest.mark.parametrize("name", PICKED)
def test_picked(name):
    agrees(PICKED[name], X)


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (lambda v: np.take(v, 1, mode="skip"), "mode must be"),
        (lambda v: np.choose([5], [v, v]), "numbers from 0 to 1"),
        (lambda v: np.select([v > 0], [v, v]), "1 conditions for 2 choices"),
    ],
)
def test_errors(f, says):
    with pytest.raises(ValueError, match=says):
        f(Value(X))


def test_lists_of_values():
    x, y = Value(2.0), Value(3.0)
    autograd.array(np.select([[True, False]], [Value([1.0, 1.0]) * x], y)).sum().backward()
    assert (x.grad, y.grad) == (1.0, 1.0)
