"""Gradients by hand, of functions that have never heard of this package."""

import numpy as np
import pytest

from autograd.testing import GradientError, check_gradients

W = np.array([0.5, -1.0, 2.0])
X = np.array([[1.0, 2.0, 0.3], [-1.0, 0.1, 4.0]])


def centred(w, x):
    x -= x.mean(axis=0)
    return np.sum((x @ w) ** 2)


def slope(w, x):
    x = x - x.mean(axis=0)
    return 2 * x.T @ (x @ w)


def in_place(w, x):
    x -= x.mean(axis=0)
    return 2 * x.T @ (x @ w)


def pops(p):
    return p.pop("a") ** 2


def test_writing_into_data_that_is_not_differentiated():
    with pytest.raises(GradientError, match=r"centred .* modifies its input args\[1\] in place"):
        check_gradients(centred, W, X, wrt=0, grad=slope)
    with pytest.raises(GradientError, match=r"in_place .* modifies its input args\[1\] in place"):
        check_gradients(lambda w, x: centred(w, x.copy()), W, X, wrt=0, grad=in_place)


def test_writing_into_containers():
    with pytest.raises(GradientError, match=r"pops .* modifies its input args\[0\]\['a'\]"):
        check_gradients(pops, {"a": 3.0, "b": 1.0}, grad=lambda p: {"a": 2 * p["a"], "b": 0.0})
