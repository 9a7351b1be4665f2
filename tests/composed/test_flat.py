"""`v.flat`, as NumPy's: reading gives copies, writing reaches the Value and its gradient."""

import numpy as np
import pytest

from autograd import Value


def test_what_is_read_is_a_copy():
    v = Value([[1.0, 2.0], [3.0, 4.0]]) * 1.0
    part, first = v.flat[1:3], v.flat[0]
    part[0] = 9.0
    assert v.numpy().tolist() == [[1, 2], [3, 4]]
    v.flat[:2] = [5.0, 6.0]
    assert v.numpy().tolist() == [[5, 6], [3, 4]]
    assert part.numpy().tolist() == [9, 3]
    assert first.data == 1.0
    assert [x.data for x in v.flat] == [5, 6, 3, 4]
    assert np.sum(v.flat).data == 18.0
    assert len(v.flat) == 4


@pytest.mark.parametrize("turn", [lambda x: x.T, lambda x: x[::-1, ::2]])
def test_writing_reaches_what_is_not_contiguous(turn):
    x = np.arange(6.0).reshape(2, 3)
    v = Value(x) * 1.0
    turn(v).flat[1] = 7.0
    turn(x).flat[1] = 7.0
    turn(v).flat[[0, -1]] = [8.0, 9.0]
    turn(x).flat[[0, -1]] = [8.0, 9.0]
    assert v.numpy().tolist() == x.tolist()
    turn(v).flat = [1.0, 2.0]  # again and again
    turn(x).flat = [1.0, 2.0]
    assert v.numpy().tolist() == x.tolist()


def test_gradients_of_what_is_written_and_written_over():
    v, w = Value([[1.0, 2.0], [3.0, 4.0]]), Value(3.0)
    y = v * 1.0
    y.flat[1] = w * w
    (y * y).sum().backward()
    assert v.grad.tolist() == [[2, 0], [6, 8]]
    assert w.grad == 108.0


@pytest.mark.parametrize("new", [[1.0], [1.0, 2.0], np.ones((1, 1))])
def test_a_single_entry_takes_a_number(new):
    v = Value([1.0, 2.0])
    with pytest.raises(ValueError, match=r"write v.flat\[0:\] for several"):
        v.flat[0] = new
    assert v.numpy().tolist() == [1, 2]
