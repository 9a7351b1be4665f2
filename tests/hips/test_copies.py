"""Copies and pickles of traced values: the gradient flows through, or an error says what to do."""

import copy
import dataclasses
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nn
from autograd import Value, checkpoint, grad, hessian, jacobian, no_grad
from autograd.tracer import Node, trace


@dataclasses.dataclass
class Pair:
    first: object
    second: object = 1.0


class Holder:
    def __init__(self, x):
        self.x, self.more = x, {"x": [x]}


POINTS = [2.0, np.float32(2.0), np.array([1.0, 2.0, 3.0]), np.ones((2, 2), np.float32)]
COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "in a list": lambda x: copy.deepcopy([[x], 1])[0][0],
    "in a dict": lambda x: copy.deepcopy({"x": x})["x"],
    "in an object": lambda x: copy.deepcopy(Holder(x)).more["x"][0],
    "in a shallow copy": lambda x: copy.copy(Holder(x)).x,
    "asdict": lambda x: dataclasses.asdict(Pair(x))["first"],
    "astuple": lambda x: dataclasses.astuple(Pair(x))[0],
    "replace": lambda x: dataclasses.replace(Pair(1.0, x), first=2.0).second,
    "np.copy": np.copy,
    "np.array": lambda x: x.copy(),
    "twice": lambda x: copy.deepcopy(copy.copy(x)),
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("x", POINTS, ids=repr)
def test_a_gradient_flows_through_a_copy(copied, x):
    def square(x):
        return (copied(x) * x).sum()

    assert np.array_equal(grad(square)(x), 2 * x)
    assert np.array_equal(grad(lambda x: square(3 * x))(x), 18 * x)
    assert np.array_equal(grad(lambda x: copied(x * x).sum())(x), 2 * x)
    outside = Value(x)
    inner = grad(lambda y: (copied(y) * copied(outside * 1)).sum())(x)
    inner.sum().backward()
    assert np.array_equal(outside.grad, np.ones_like(x))


@given(x=hnp.arrays(float, hnp.array_shapes(max_side=3), elements=st.floats(-2, 2)))
def test_a_copy_is_the_identity_in_every_order(x):
    def f(x):
        return (np.sin(copy.deepcopy(x)) * copy.copy(x)).sum()

    def same(x):
        return (np.sin(x) * x).sum()

    assert np.array_equal(grad(f)(x), grad(same)(x))
    assert np.allclose(hessian(f)(x), hessian(same)(x))
    assert np.array_equal(jacobian(copy.deepcopy)(x), jacobian(np.copy)(x))


def test_two_of_one_are_one_in_the_copy():
    def f(x):
        first, second = copy.deepcopy([x, x])
        assert first is second
        return first * second

    assert grad(f)(3.0) == 6.0


def test_a_copy_in_a_checkpoint():
    x = Value([1.0, 2.0])
    checkpoint(lambda x: (copy.deepcopy(x) ** 2).sum())(x).backward()
    assert x.grad.tolist() == [2.0, 4.0]


def test_a_copy_in_another_thread():
    def f(x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(copy.deepcopy, x).result() ** 2

    assert grad(f)(3.0) == 6.0


def test_a_copy_in_a_trace_of_nodes():
    class Names(Node):
        def __init__(self, value, fun, args, kwargs, parent_argnums, parents):
            self.names = [*parents[0].names, fun.__name__]

        def initialize_root(self):
            self.names = []

    assert trace(Names.new_root(), lambda x: copy.copy(x) * 2.0, 3.0)[1].names == [
        "copy",
        "multiply",
    ]


def test_a_copy_of_a_leaf_is_a_leaf():
    model = nn.MLP(2, [3, 1], seed=0)
    weights = model.parameters()[0]

    def f(x):
        twin = copy.deepcopy(model)
        assert all(p.op is None for p in twin.parameters())
        assert copy.copy(weights).op is None
        assert pickle.loads(pickle.dumps(model)).parameters()[0].op is None
        return twin(x).sum()

    assert grad(f)(np.ones(2)).any()
    assert not weights.has_grad
    leaf = Value(3.0, "w")
    for other in (copy.copy(leaf), copy.deepcopy(leaf)):
        assert (other.op, other.name, other.data) == (None, "w", 3.0)
        assert other is not leaf


def test_a_copy_without_a_graph_keeps_the_numbers():
    with no_grad():
        y = copy.deepcopy(Value([1.0, 2.0]) * 2)
    assert y.op is None
    assert y.data.tolist() == [2.0, 4.0]


def test_a_copied_array_is_its_own():
    w = Value([1.0, 2.0])
    y = w * 2
    twin = copy.deepcopy(y)
    y[0] = 7.0
    assert twin.data.tolist() == [2.0, 4.0]


@pytest.mark.parametrize("x", POINTS, ids=repr)
def test_pickling_inside_a_differentiated_function_says_what_to_write(x):
    def remade(y):
        return pickle.loads(pickle.dumps(y))

    for f in (
        lambda x: (remade(x) * x).sum(),
        lambda x: remade([1, {"x": x * x}])[1]["x"].sum(),
        lambda x: grad(lambda y: (remade(x) * y).sum())(x).sum(),
        lambda x: x.__reduce_ex__(4),
    ):
        with pytest.raises(TypeError, match=r"write copy\.deepcopy\(v\) .*test_copies\.py, line"):
            grad(f)(x)
    assert np.array_equal(grad(lambda x: (remade(x.detach()) * x).sum())(x), x)
    assert not grad(lambda x: remade(x > 0).sum() + 0 * x.sum())(x).any()
    constant = Value(x) * 2
    assert np.array_equal(grad(lambda x: (remade(constant) * x).sum())(x), 2 * x)
    assert np.array_equal(remade(constant).data, 2 * x)


def test_after_an_error_a_leaf_is_a_leaf_again():
    kept = []

    def f(x):
        kept.append(x)
        raise KeyError

    with pytest.raises(KeyError):
        grad(f)(3.0)
    assert copy.deepcopy(kept[0]).op is None
    assert pickle.loads(pickle.dumps(kept[0])).data == 3.0
