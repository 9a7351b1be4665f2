"""Arrays of given numbers, grids and matrices of powers."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value
from tests.composed.manipulation.linear import ARRAYS, check_linear
from tests.numpy.test_namespace import BOTH


def test_lists_of_values():
    x, y = Value(2.0), Value(3.0)
    joined = autograd.array([[x, 1.0], [y, x * y]])
    (joined @ numpy.array([1.0, 10.0])).sum().backward()
    assert joined.shape == (2, 2)
    assert (x.grad, y.grad) == (31.0, 21.0)
    assert isinstance(autograd.array([[1, 2], [3, 4]]), numpy.ndarray)


@BOTH
@given(
    x=ARRAYS,
    y=ARRAYS,
    sparse=st.booleans(),
    indexing=st.sampled_from(["xy", "ij"]),
    n=st.integers(1, 3),
)
def test_grids(np, x, y, sparse, indexing, n):
    others = [y.ravel(), numpy.arange(2.0)][: n - 1]
    check_linear(
        np,
        lambda np, x: np.meshgrid(np.ravel(x), *others, sparse=sparse, indexing=indexing)[0],
        x,
    )


def test_bad_arguments():
    v = Value([[1.0, 2.0]])
    with pytest.raises(ValueError, match="'xy' or 'ij'"):
        numpy.meshgrid(v, indexing="yx")
    with pytest.raises(ValueError, match=r"takes a vector, not an array of shape \(1, 2\)"):
        numpy.vander(v)
