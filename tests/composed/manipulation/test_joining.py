"""Joining and splitting: NumPy's results over all shapes and arguments."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from tests.composed.manipulation.linear import ARRAYS, SOME, check_linear
from tests.numpy.test_namespace import BOTH


@BOTH
@given(x=ARRAYS)
def test_joining(np, x):
    check_linear(np, lambda np, x: np.atleast_3d(x), x)
    check_linear(np, lambda np, x: np.dstack([x, 2 * x]), x)
    check_linear(np, lambda np, x: np.hstack([x, 2 * x]), x)
    check_linear(np, lambda np, x: np.vstack([x, 2 * x]), x)
    check_linear(np, lambda np, x: np.block([[x, 2 * x], [3 * x, x]]), x)
    if x.ndim <= 2:
        check_linear(np, lambda np, x: np.column_stack([x, 2 * x]), x)
    check_linear(np, lambda np, x: np.stack([x, x], dtype=numpy.complex128), x)


@BOTH
@given(x=SOME, data=st.data())
def test_cutting(np, x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    places = data.draw(st.lists(st.integers(-5, 5), max_size=3))
    n = data.draw(st.integers(1, 5))
    check_linear(np, lambda np, x: np.split(x, places, axis), x)
    check_linear(np, lambda np, x: np.array_split(x, n, axis), x)
    check_linear(np, lambda np, x: np.hsplit(x, places), x)
    if x.ndim > 1:
        check_linear(np, lambda np, x: np.vsplit(x, places), x)
    if x.ndim > 2:
        check_linear(np, lambda np, x: np.dsplit(x, places), x)
    if hasattr(numpy, "unstack"):
        check_linear(np, lambda np, x: np.unstack(x, axis=axis), x)


def test_bad_arguments():
    with pytest.raises(TypeError, match="casting='unsafe'"):
        numpy.concatenate([Value([1.0]), Value([2.0])], dtype=int)
    with pytest.raises(ValueError, match="cannot be split into 2 equal parts"):
        numpy.split(Value([1.0, 2.0, 3.0]), 2)
