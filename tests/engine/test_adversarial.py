"""What broke once, or might: inputs that nobody means to give and somebody will."""

import gc
import weakref

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from autograd.engine.primitive import PRIMITIVES
from autograd.testing import check_gradients


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


# -- what is no number, and where names stand -----------------------------------------------------


@pytest.mark.parametrize(
    "operation",
    [
        lambda v: v * np.array([2.0], object),
        lambda v: np.array([2], object) * v,
        lambda v: np.where(True, v, np.array([None])),
        lambda v: np.concatenate([v, np.array(["a"])]),
        lambda v: np.stack([v, ["a"]]),
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
    with pytest.raises(ValueError, match="x and y after the condition, or neither"):
        np.where(v > 0, v)


def test_gradients_of_float32_scalars_are_scalars():
    for f in (np.sum, lambda v: np.reshape(v, (1, 1)).sum(), lambda v: np.where(True, v, 0.0)):
        v = Value(np.float32(3.0))
        f(v).backward()
        assert type(v.grad) is np.float32


def test_the_logistic_function_of_complex_numbers():
    z = 0.5 + 1j
    assert autograd.sigmoid(Value(z)).data == pytest.approx(1 / (1 + np.exp(-z)))
    check_gradients(autograd.sigmoid, np.array([z, -z]))


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
