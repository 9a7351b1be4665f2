"""Entries taken out, put in or repeated: NumPy's results over all shapes and arguments."""

import numpy
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.composed.manipulation.linear import ARRAYS, MATRICES, SOME, check_linear
from tests.numpy.test_namespace import BOTH


@BOTH
@given(x=SOME, data=st.data())
def test_deleting_and_inserting(np, x, data):
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    size = x.size if axis is None else x.shape[axis]
    one = st.integers(-size, size - 1)
    obj = data.draw(one | st.lists(one, min_size=1, max_size=3) | st.just(slice(None, None, 2)))
    check_linear(np, lambda np, x: np.delete(x, obj, axis), x)
    check_linear(np, lambda np, x: np.insert(x, obj, 2.0, axis), x)
    check_linear(np, lambda np, x: np.insert(x, obj, x.ravel()[0], axis), x)
    check_linear(np, lambda np, x: np.append(x, x, axis), x)


@BOTH
@given(x=ARRAYS, shape=st.lists(st.integers(1, 5), max_size=3).map(tuple))
def test_resizing(np, x, shape):
    check_linear(np, lambda np, x: np.resize(x, shape), x)


@given(x=MATRICES, axis=st.sampled_from([0, -1, (0, 1), (-1, -1)]), n=st.integers(1, 2))
def test_windows(x, axis, n):
    windows = numpy.lib.stride_tricks.sliding_window_view
    shape = n if isinstance(axis, int) else (n, 1)
    assume(min(x.shape) >= 2)
    check_linear(numpy, lambda np, x: windows(x, shape, axis), x)
