"""The same entries in other shapes and orders: NumPy's results over all shapes and arguments."""

import numpy
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value
from tests.composed.manipulation.linear import ARRAYS, MATRICES, SOME, check_linear
from tests.numpy.test_namespace import BOTH


@BOTH
@given(x=ARRAYS, order=st.sampled_from("CFA"), data=st.data())
def test_orders(np, x, order, data):
    shape = data.draw(st.sampled_from([(-1,), (x.size, 1), (1, -1), x.shape[::-1]]))
    check_linear(np, lambda np, x: np.reshape(x, shape, order=order), x)
    check_linear(np, lambda np, x: np.ravel(x, order=order), x)


@BOTH
@given(x=MATRICES.filter(lambda x: all(step > 0 for step in x.strides)), swap=st.booleans())
def test_ravel_in_the_order_of_memory(np, x, swap):
    check_linear(np, lambda np, x: np.ravel(np.swapaxes(x, 0, -1) if swap else x, order="K"), x)


@BOTH
@given(x=SOME, data=st.data())
def test_moving_axes(np, x, data):
    axis = st.integers(-x.ndim, x.ndim - 1)
    a, b = data.draw(axis), data.draw(axis)
    start = data.draw(st.integers(-x.ndim, x.ndim))
    check_linear(np, lambda np, x: np.rollaxis(x, a, start), x)
    check_linear(np, lambda np, x: np.moveaxis(x, a, b), x)
    check_linear(np, lambda np, x: np.flip(x, a), x)
    check_linear(np, lambda np, x: np.squeeze(np.expand_dims(x, a), a), x)
    check_linear(np, lambda np, x: np.squeeze(x), x)
    if x.ndim > 1:
        assume((a - b) % x.ndim)
        k = data.draw(st.integers(-5, 5))
        check_linear(np, lambda np, x: np.rot90(x, k, (a, b)), x)
        check_linear(np, lambda np, x: [np.fliplr(x), np.flipud(x)], x)


def test_bad_arguments():
    for make in (lambda x: numpy.swapaxes(x, 0, 1), lambda x: x.mT):
        with pytest.raises(numpy.exceptions.AxisError, match="out of bounds"):
            make(Value([1.0, 2.0]))
    v = Value([[1.0, 2.0]])
    with pytest.raises(ValueError, match="at least 2 dimensions"):
        numpy.fliplr(v[0])
    with pytest.raises(ValueError, match="order must be 'C', 'F' or 'A'"):
        numpy.reshape(v, 2, order="X")
