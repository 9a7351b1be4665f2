"""Whose numbers are they: what a graph keeps, whatever happens to the arrays it was made of."""

import numpy as np
import pytest

from autograd import FreedGraphError, Value, no_grad
from autograd.engine.ownership import accumulating

# -- a Value that changed after an op saw it -------------------------------------------------------


def test_a_walk_starts_from_what_a_value_was():
    x = Value([1.0, 2.0])
    y = np.sin(x)  # nothing but one op above the leaf
    x *= 3.0
    y.backward(np.ones(2))
    np.testing.assert_allclose(x.grad, np.cos([1.0, 2.0]))


def test_second_derivatives_of_what_a_value_was():
    x, a = Value([1.0, 2.0]), Value([3.0, 4.0])
    y = (x * x * a).sum()
    x *= 3.0
    y.backward(create_graph=True)
    first = a.grad  # x², of what x was
    a.zero_grad()
    first.sum().backward()
    assert first.data.tolist() == [1, 4]
    assert x.origin().grad.data.tolist()[0] != 0


@pytest.mark.parametrize("place", range(3))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_branch_not_taken_at_any_place(place):
    x = np.full(3, 4.0)
    x[place] = 0.0
    v = Value(x)
    np.where(v > 0, np.sqrt(v), 0.0).sum().backward()
    assert v.grad.tolist() == np.where(x > 0, 0.25, 0.0).tolist()


def test_gradients_of_nodes_on_a_straight_way_down():
    x = Value(0.5)
    inner = x * 2.0
    np.tanh(inner).backward()
    assert inner.grad == pytest.approx(1 - np.tanh(1.0) ** 2)
    v = Value([0.5])
    inner = v * 2.0
    np.tanh(inner).backward(np.ones(1), retain_gradients=True)
    np.testing.assert_allclose(inner.grad, 1 - np.tanh([1.0]) ** 2)


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_gradient_lies_in_memory_as_its_leaf(order):
    """An optimiser's passes over both then go along memory."""
    w = Value(np.asarray(np.arange(12.0).reshape(3, 4), order=order))
    (np.ones((2, 4)) @ w.T).backward(np.arange(6.0).reshape(2, 3))
    assert w.grad.strides == w.numpy().strides
    np.testing.assert_array_equal(w.grad, np.outer([3.0, 5.0, 7.0], np.ones(4)))


# -- whose memory is it ---------------------------------------------------------------------------


class Sub(np.ndarray):
    """A subclass: NumPy keeps the chain of its views."""


def read_only(x):
    x.flags.writeable = False
    return x


@pytest.mark.parametrize(
    ("make", "write"),
    [
        (lambda x: read_only(x[:]), lambda x: x.fill(0)),
        (lambda x: read_only(read_only(x.view(Sub))[:]), lambda x: x.fill(0)),
        (lambda x: read_only(np.frombuffer(x.data)), lambda x: x.fill(0)),
    ],
    ids=["a view", "a view of a view", "a buffer"],
)
def test_read_only_arrays_that_somebody_can_write_to(make, write):
    x = np.array([4.0, 5.0, 6.0])
    constant = make(x)
    w = Value([1.0, 2.0, 3.0])
    y = (w * constant).sum() + np.stack([w, constant])[0].sum()
    write(x)
    y.backward()
    assert w.grad.tolist() == [5, 6, 7]


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        (lambda v, i: v[i], lambda: (np.array([0, 1]), np.array([1, 1]))),
        (lambda v, i: np.repeat(v, i, axis=0), lambda: [2, 1]),
        (lambda v, i: np.repeat(v, repeats=i, axis=0), lambda: [2, 1]),
        (lambda v, i: np.repeat(v, repeats=i, axis=0), lambda: np.array([2, 1])),
    ],
)
def test_indices_and_counts_may_change_after_the_call(call, arguments):
    v, w = Value(np.ones((2, 2))), Value(np.ones((2, 2)))
    call(w, arguments()).sum().backward()
    changing = arguments()
    y = call(v, changing).sum()
    for part in changing if isinstance(changing, tuple) else (changing,):
        part[0] = 1
        part[1] = 0
    y.backward()
    assert v.grad.tolist() == w.grad.tolist()


def test_a_leaf_whose_array_was_looked_at_before():
    w = Value([1.0, 2.0])
    w.data[0] = 3.0  # writeable from here on, and nobody holds it
    y = (w * w).sum()
    w.data[...] = 9.0
    y.backward()
    assert w.grad.tolist() == [6, 4]


def test_detached_numbers_are_nobody_elses():
    w = Value([1.0, 2.0])
    handle = w.data
    copy, view = w.detach(), w.numpy()
    handle[0] = 9.0
    assert copy.data.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        view[1] = 0.0


def test_a_copy_made_by_indexing_is_no_view():
    w = Value([1.0, 2.0])
    y = w[np.array([0, 1])]
    w.data[...] = 9.0
    assert y.data.tolist() == [1, 2]
    y[0] = 5.0
    assert w.data.tolist() == [9, 9]


def test_new_data_that_is_a_view_is_copied():
    w, base = Value(np.zeros(2)), np.ones(4)
    w.data = base[:2]
    base[:] = 7.0
    assert w.data.tolist() == [1, 1]


def test_leaves_gather_gradients_under_a_lock():
    locked = []

    class Probe:
        def __add__(self, other):
            locked.append(accumulating.locked())
            return other

    x = Value([1.0])
    x._grad = Probe()
    (x * 2.0).sum().backward()
    assert locked == [True]


def test_computed_numbers_are_not_changed_inside_no_grad():
    v = Value([1.0, 2.0]) * 2.0
    with no_grad(), pytest.raises(ValueError, match=r"change v\.detach\(\)"):
        v[0] = 5.0
    assert v.data.tolist() == [2, 4]


@pytest.mark.parametrize("f", [np.sin, np.square, lambda v: v * v, lambda v: np.stack([v, v])])
def test_a_held_array_may_change_after_any_op(f):
    w, expected = Value([1.0, 2.0]), Value([1.0, 2.0])
    f(expected).sum().backward()
    handle = w.data
    y = f(w).sum()
    handle[...] = 9.0
    y.backward()
    assert w.grad.tolist() == expected.grad.tolist()


def test_gradients_of_before_and_after_a_change_add_up():
    v = Value([1.0, 2.0])
    (v * v).sum().backward()
    v += 1.0
    (v * v).sum().backward()
    assert v.grad.tolist() == [2 + 4, 4 + 6]


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_freed_graph_and_what_a_value_was_before_it(create_graph):
    x, w = Value([1.0, 2.0]), Value([3.0, 4.0])
    y = (w * x).sum()
    x[0] = 5.0
    x.sum().backward(free=True)
    for lost in (x.sum(), x):
        with pytest.raises(FreedGraphError, match="the graph below this setitem was freed"):
            lost.backward(None if lost.ndim == 0 else np.ones(2))
    y.backward(create_graph=create_graph)
    assert np.asarray(w.numpy()).tolist() == [3, 4]
    assert (w.grad.data if create_graph else w.grad).tolist() == [1, 2]


def test_freeing_the_graph_of_a_changed_value():
    x, w = Value([1.0, 2.0]), Value([3.0, 4.0])
    y, z = (w * x).sum(), x * w
    z[0] = 5.0
    z.backward(np.ones(2), free=True)
    assert z.parents == () and z.data.tolist() == [5, 8]
    w.zero_grad()
    y.backward()
    assert w.grad.tolist() == [1, 2]


def test_a_constant_with_a_new_axis_is_copied_and_one_that_was_broadcast_stays_so():
    row = np.arange(3.0)
    column, wide = row[:, None], np.broadcast_to(row, (2, 3))  # both have a stride of 0
    x = Value(2.0)
    assert (x * column).args[1].base is None
    assert (x * wide).args[1].strides[0] == 0
