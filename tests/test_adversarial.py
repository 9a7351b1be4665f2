"""What broke once, or might: inputs that nobody means to give and somebody will."""

import numpy as np
import pytest

import autograd
from autograd import Value
from autograd.primitive import PRIMITIVES


@pytest.mark.parametrize("name", ["arcsin", "arccos", "arctanh", "arccosh"])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_infinite_slopes_of_floats_are_numbers_not_errors(name):
    v = Value(1.0)
    PRIMITIVES[name](v).backward()
    assert abs(v.grad) == np.inf


def test_ops_take_lists_as_numpy_does():
    assert autograd.matmul([1, 2], [3, 4]) == 11
    assert autograd.ops.add([1], [2]).tolist() == [3]
    assert autograd.exp([0.0]).tolist() == [1.0]


@pytest.mark.parametrize(
    ("a", "b"), [(Value(2.0), np.ones(2)), (2.0, Value([1.0])), (Value(1.0), Value(2.0))]
)
def test_a_matrix_product_of_numbers_says_what_to_write(a, b):
    with pytest.raises(ValueError, match=r"multiply numbers with \*"):
        a @ b


def test_booleans_beside_numbers_in_arctan2():
    v = Value([1.0, 2.0])
    np.arctan2(np.array([True, False]), v).sum().backward()
    np.testing.assert_allclose(v.grad, [-0.5, 0.0])
