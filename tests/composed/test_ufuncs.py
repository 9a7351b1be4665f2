"""The methods of ufuncs: reduce, accumulate, reduceat and outer."""

import numpy as np
import pytest

from autograd import Value
from tests.parity import agrees, distinct

METHODS = {
    "add.reduce": lambda x: np.add.reduce(x),
    "add.reduce all": lambda x: np.add.reduce(x, axis=None, initial=2.0),
    "maximum.reduce": lambda x: np.maximum.reduce(x),
    "multiply.reduce": lambda x: np.multiply.reduce(x, axis=(0, 1), keepdims=True),
    "subtract.reduce": lambda x: np.subtract.reduce(x, axis=1),
    "hypot.reduce": lambda x: np.hypot.reduce(x, axis=(0, 1)),
    "logaddexp.reduce": lambda x: np.logaddexp.reduce(x, axis=1, initial=0.5),
    "logaddexp.reduce all": lambda x: np.logaddexp.reduce(x, axis=None, keepdims=True),
    "logaddexp2.reduce": lambda x: np.logaddexp2.reduce(x),
    "add.accumulate": lambda x: np.add.accumulate(x),
    "multiply.accumulate": lambda x: np.multiply.accumulate(x, axis=1),
    "maximum.accumulate": lambda x: np.maximum.accumulate(x, axis=1),
    "minimum.accumulate": lambda x: np.minimum.accumulate(x),
    "subtract.accumulate": lambda x: np.subtract.accumulate(x, axis=-1),
    "add.reduceat": lambda x: np.add.reduceat(x, [0, 2, 1], axis=1),
    "multiply.reduceat": lambda x: np.multiply.reduceat(x, [1, 0]),
    "multiply.outer": lambda x: np.multiply.outer(x, x[0]),
    "subtract.outer": lambda x: np.subtract.outer([1.0, 2.0], x),
    "arctan2.outer": lambda x: np.arctan2.outer(x, x[0]),
}


@pytest.mark.parametrize("name", METHODS)
def test_methods(name):
    agrees(METHODS[name], distinct(np.random.default_rng(3), (2, 3)))


def test_empty_arrays():
    x = Value(np.zeros((0, 3)))
    np.add.reduce(x).sum().backward()
    assert x.grad.shape == (0, 3)
    with pytest.raises(ValueError, match="needs initial="):
        np.subtract.reduce(x)
    assert np.hypot.reduce(x).numpy().tolist() == [0.0, 0.0, 0.0]
