"""What broke once, or might: inputs that nobody means to give and somebody will."""

import gc
import weakref

import numpy as np
import pytest
from finite_differences import check

import autograd
import nn
from autograd import FreedGraphError, Value, no_grad
from autograd.primitive import PRIMITIVES
from autograd.value import accumulating


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


# -- in place ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "slope"),
    [
        (lambda v: v.__iadd__(v), lambda x: 2 * np.ones(2)),
        (lambda v: v.__imul__(v), lambda x: 2 * x),
        (lambda v: v.__setitem__(slice(None), v), lambda x: np.ones(2)),
        (lambda v: v.__setitem__(0, v[1] * 2), lambda x: np.array([0.0, 3.0])),
    ],
)
@pytest.mark.parametrize("create_graph", [False, True])
def test_a_value_may_be_changed_by_itself(change, slope, create_graph):
    x = Value([1.5, -2.0])
    v = x * 1.0
    change(v)
    v.sum().backward(create_graph=create_graph)
    found = x.grad.data if create_graph else x.grad
    np.testing.assert_array_equal(found, slope(x.data))


def test_a_value_changed_by_itself_leaves_no_cycle():
    class Watched(Value):
        __slots__ = ("__weakref__",)

    v = Watched([1.0, 2.0])
    v += v
    gone = weakref.ref(v)
    gc.disable()
    try:
        del v
        assert gone() is None
    finally:
        gc.enable()


def test_in_place_then_a_second_derivative():
    v, x = Value([1.0, 2.0]), Value([3.0, 4.0])
    v *= x
    v += v
    (v * v).sum().backward(create_graph=True)  # 4 v² x²
    first = x.grad
    np.testing.assert_allclose(first.data, [24.0, 128.0])
    x.zero_grad()
    first.sum().backward()
    np.testing.assert_allclose(x.grad, [8.0, 32.0])


def test_repeated_indices_in_an_assignment():
    """The last one wins, as in NumPy, and it alone has a gradient."""
    w = Value([1.0, 2.0, 3.0])
    v = Value(np.zeros(3))
    v[np.array([0, 0, 1])] += w
    plain = np.zeros(3)
    plain[np.array([0, 0, 1])] += w.numpy()
    assert v.data.tolist() == plain.tolist()
    (v * np.array([1.0, 10.0, 100.0])).sum().backward()
    assert w.grad.tolist() == [0, 1, 10]


def test_the_data_of_views_of_views_can_be_set():
    w = Value(np.arange(6.0).reshape(2, 3))
    w[0][1:].data[...] = 9
    w.T[0].data = [7.0, 8.0]
    column = w[:, 2]
    column.data -= 1.0
    assert w.data.tolist() == [[7, 9, 8], [8, 4, 4]]
    (w[0][1:] * w[0][1:]).sum().backward()
    assert w[0][1:].grad.tolist() == [18, 16]


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


# -- what is no number, and where names stand -----------------------------------------------------


@pytest.mark.parametrize(
    "operation",
    [
        lambda v: v * np.array([2.0], object),
        lambda v: np.array([2], object) * v,
        lambda v: np.where(True, v, np.array([None])),
        lambda v: np.concatenate([v, np.array(["a"])]),
        lambda v: np.stack([v, ["a"]]),
        lambda v: v.astype(object),
        lambda v: v.astype(str),
    ],
)
def test_nothing_but_numbers_comes_out(operation):
    with pytest.raises(TypeError, match="numbers, not dtype"):
        operation(Value([1.0]))


@pytest.mark.parametrize(
    ("by_name", "by_place"),
    [
        (lambda v: np.repeat(a=v, repeats=2), lambda v: np.repeat(v, 2)),
        (lambda v: np.mean(a=v, axis=0), lambda v: np.mean(v, axis=0)),
        (lambda v: np.sum(a=v), np.sum),
        (lambda v: np.clip(a=v, a_min=0.0, a_max=1.0), lambda v: np.clip(v, 0.0, 1.0)),
        (lambda v: np.std(a=v, ddof=1), lambda v: np.std(v, ddof=1)),
        (lambda v: np.tril(m=v), np.tril),
        (lambda v: np.roll(a=v, shift=1, axis=0), lambda v: np.roll(v, 1, 0)),
    ],
)
def test_values_may_be_given_by_name(by_name, by_place):
    x = np.array([[0.5, -1.5], [2.0, 0.25]])
    v, w = Value(x), Value(x)
    (by_name(v) ** 2).sum().backward()
    (by_place(w) ** 2).sum().backward()
    assert v.grad.tolist() == w.grad.tolist()


def test_where_of_a_condition_alone_is_nonzero():
    v = Value([1.0, 0.0, 2.0])
    assert np.where(v > 0)[0].tolist() == [0, 2]
    assert np.where(v)[0].tolist() == [0, 2]
    with pytest.raises(TypeError, match="missing 1 required"):
        np.where(v > 0, v)


def test_gradients_of_float32_scalars_are_scalars():
    for f in (np.sum, lambda v: np.reshape(v, (1, 1)).sum(), lambda v: np.where(True, v, 0.0)):
        v = Value(np.float32(3.0))
        f(v).backward()
        assert type(v.grad) is np.float32


def test_the_logistic_function_of_complex_numbers():
    z = 0.5 + 1j
    assert autograd.sigmoid(Value(z)).data == pytest.approx(1 / (1 + np.exp(-z)))
    check(autograd.sigmoid, [np.array([z, -z])], np.random.default_rng(0))


def test_sgd_takes_gradients_that_are_values():
    w = Value([1.0, 2.0])
    (w * w).sum().backward(create_graph=True)
    nn.SGD([w], lr=0.25, momentum=0.5, clip=100.0).step()
    assert w.data.tolist() == [0.5, 1.0]
    assert w.op is None


def test_subclasses_of_arrays_are_plain_beside_values():
    m = np.array([[1.0, 2.0], [3.0, 4.0]]).view(np.matrix)
    for product in (lambda v: v * m, lambda v: np.multiply(m, v)):
        v = Value(np.ones((2, 2)))
        y = product(v)
        y.sum().backward()
        assert y.data.tolist() == v.grad.tolist() == [[1, 2], [3, 4]]
        assert type(y.data) is type(v.grad) is np.ndarray
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    for operation in (lambda: Value([1.0, 2.0]) * masked, lambda: Value(masked)):
        with pytest.raises(TypeError, match="mask would be lost"):
            operation()


def test_a_list_of_values_may_be_assigned():
    v, w = Value([1.0, 2.0]), Value(3.0)
    v[:] = [w, w * w]
    v.sum().backward()
    assert v.data.tolist() == [3, 9]
    assert w.grad == 7.0


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
def test_what_a_value_was_is_lost_with_a_freed_graph(create_graph):
    x, w = Value([1.0, 2.0]), Value([3.0, 4.0])
    y = (w * x).sum()
    x[0] = 5.0
    x.sum().backward(free=True)
    with pytest.raises(FreedGraphError, match="the graph below this setitem was let go"):
        y.backward(create_graph=create_graph)
    assert w.grad is None
