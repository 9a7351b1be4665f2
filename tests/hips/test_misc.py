"""Vectors of containers, optimisers, fixed points and traces, under HIPS autograd's names."""

from collections import OrderedDict, namedtuple

import numpy as onp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import autograd
import autograd.numpy as np
from autograd import Value, builtins, grad, jacobian, no_grad
from autograd.extend import primitive
from autograd.misc import const_graph, flatten
from autograd.misc.fixed_points import fixed_point
from autograd.misc.flatten import flatten_func
from autograd.misc.optimizers import adam, rmsprop, sgd
from autograd.misc.tracers import full_graph
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.test_util import check_grads
from autograd.tracer import Node, getval, isbox, trace

finite = st.floats(-100, 100)
leaves = finite | arrays(float, st.tuples(st.integers(0, 2), st.integers(1, 2)), elements=finite)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from("abc"), inner)
    ),
    max_leaves=6,
)
Pair = namedtuple("Pair", "one two")


def same(a, b):
    """Whether two trees have one form and the same numbers."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    return np.shape(a) == np.shape(b) and bool(np.all(a == b))


# -- flatten -----------------------------------------------------------------------------------


@given(trees)
def test_flatten_and_back(tree):
    vector, unflatten = flatten(tree)
    assert vector.ndim == 1 and vector.dtype == float
    assert same(unflatten(vector), tree)
    assert flatten(unflatten(vector + 1.0))[0].tolist() == (vector + 1.0).tolist()


@given(trees)
def test_gradients_flow_through_flatten_both_ways(tree):
    vector, unflatten = flatten(tree)
    if vector.size:
        assert same(grad(lambda tree: np.sum(flatten(tree)[0] ** 2))(tree), unflatten(2 * vector))
        back = jacobian(lambda vector: flatten(unflatten(vector))[0])(vector)
        assert (back == onp.eye(vector.size)).all()


def test_the_order_of_a_vector():
    tree = {"b": [1.0, onp.array([[2.0, 3.0]])], "a": Pair(one=4.0, two=(5.0,))}
    vector, unflatten = flatten(tree)
    assert vector.tolist() == [4.0, 5.0, 1.0, 2.0, 3.0]
    assert unflatten(vector)["a"].two == (5.0,)
    assert flatten(OrderedDict(b=1.0, a=2.0))[0].tolist() == [2.0, 1.0]


def test_flatten_keeps_dtypes():
    tree = [onp.ones(2, onp.float32), 1 + 2j, 3.0]
    vector, unflatten = flatten(tree)
    again = unflatten(vector)
    assert vector.dtype == complex
    assert [x.dtype for x in again] == [onp.float32, complex, float]
    assert again[1] == 1 + 2j and again[2] == 3.0
    assert flatten(onp.ones(2, onp.float32))[0].dtype == onp.float32


def test_flatten_inside_a_traced_function():
    # https://github.com/HIPS/autograd/issues/232
    assert grad(lambda x, y: np.sum(flatten([x, y])[0] ** 2), (0, 1))(1.0, 2.0) == (2.0, 4.0)


def test_functions_of_containers_as_functions_of_vectors():
    f = flatten_func(lambda p, n: {"y": p["x"] ** n, "x": p["x"]}, {"x": onp.array([2.0, 3.0])})
    of_vectors, unflatten, vector = f
    assert of_vectors(vector, 2).tolist() == [2.0, 3.0, 4.0, 9.0]
    assert unflatten(vector)["x"].tolist() == [2.0, 3.0]


# -- optimisers --------------------------------------------------------------------------------


@pytest.mark.parametrize("optimise", [sgd, rmsprop, adam])
def test_optimisers_go_downhill(optimise):
    start = {"a": onp.array([1.0, -2.0]), "b": (3.0,)}
    seen = []

    def loss(p, i):
        return np.sum(p["a"] ** 2) + (p["b"][0] - 1.0) ** 2

    def callback(p, i, g):
        seen.append((i, loss(p, i), g["b"][0]))

    end = optimise(grad(loss), start, callback, 50, 0.05)
    assert [i for i, _, _ in seen] == list(range(50)) and seen[0][1:] == (9.0, 4.0)
    assert loss(end, 0) < 0.5 * loss(start, 0) and same(start["a"], onp.array([1.0, -2.0]))
    assert same(optimise(grad(loss), start, num_iters=50, step_size=0.05), end)


def test_gradient_descent_can_be_differentiated():
    def result(step_size):
        return sgd(grad(lambda x, i: x**2), 1.0, num_iters=5, step_size=step_size)

    check_grads(result, modes=["rev"], order=1)(0.1)


# -- fixed points ------------------------------------------------------------------------------


@given(st.floats(0.5, 4.0))
def test_the_square_root_as_a_fixed_point(a):
    def root(a):
        def newton(a):
            return lambda x: 0.5 * (x + a / x)

        return fixed_point(newton, a, 1.0, lambda x, y: abs(x - y), 1e-13)

    assert root(a) == pytest.approx(a**0.5)
    assert grad(root)(a) == pytest.approx(0.5 * a**-0.5)
    assert grad(grad(root))(a) == pytest.approx(-0.25 * a**-1.5)


def test_a_fixed_point_of_arrays_with_a_container_of_parameters():
    params = {"A": onp.array([[0.2, 0.1], [-0.3, 0.4]]), "b": onp.array([1.0, 2.0])}

    def solution(params):
        def step(p):
            return lambda x: np.dot(p["A"], x) + p["b"]

        def distance(x, y):
            return np.max(np.abs(x - y))

        return fixed_point(step, params, onp.zeros(2), distance, 1e-14)

    def exact(params):
        return np.linalg.solve(np.eye(2) - params["A"], params["b"])

    ours = grad(lambda p: np.sum(solution(p) ** 3))(params)
    truth = grad(lambda p: np.sum(exact(p) ** 3))(params)
    onp.testing.assert_allclose(ours["A"], truth["A"], rtol=1e-9)
    onp.testing.assert_allclose(ours["b"], truth["b"], rtol=1e-9)


# -- graphs ------------------------------------------------------------------------------------


@given(finite, finite)
def test_a_graph_runs_again_with_other_numbers(x, y):
    runs = []

    def f(scale, x, y, shift=0.0):
        runs.append(x)
        return scale * np.sin(x) * y + grad(lambda x: x**3)(x) + shift

    again = const_graph(f, 2.0, shift=1.0)
    assert again(0.5, 0.25) == f(2.0, 0.5, 0.25, shift=1.0)
    runs.clear()
    assert again(x, y) == pytest.approx(2 * onp.sin(x) * y + 3 * x**2 + 1.0)
    assert grad(again, 1)(x, y) == pytest.approx(2 * onp.sin(x))
    assert not runs


def test_only_what_depends_on_the_arguments_runs_again():
    seen = []
    process = primitive(lambda x, name: seen.append(name) or x)
    again = const_graph(lambda x, y: process(x, "x") + 2 * process(y, "y"), 1.0)
    assert again(2.0) == 5.0 and seen == ["x", "y"]
    assert again(3.0) == 7.0 and seen == ["x", "y", "y"]


def test_a_graph_with_containers_and_changes_in_place():
    def f(pair, z):
        a = np.concatenate([pair[0], pair["tail"] if isinstance(pair, dict) else pair[1]])
        a[0] = z
        return {"sum": np.sum(a**2), "constant": 7.0}

    again = const_graph(f)
    for pair in [(onp.ones(2), onp.ones(1)), (onp.arange(2.0), onp.array([5.0]))]:
        assert again(pair, 3.0) == {"sum": 9.0 + pair[0][1] ** 2 + pair[1][0] ** 2, "constant": 7.0}


def test_a_constant_graph_is_refused():
    with pytest.raises(ValueError, match="whose result depends on its arguments"):
        const_graph(lambda x: 1.0)(2.0)


def test_the_full_graph():
    node = full_graph(lambda x, y: np.multiply(x, y), 2.0, 3.0)
    fun, args, kwargs, parents = node.recipe
    assert node.value == 6.0 and fun.__name__ == "multiply" and args == (2.0, 3.0) and not kwargs
    assert [(i, parent.value) for i, parent in parents] == [(0, 2.0), (1, 3.0)]
    assert full_graph(lambda x: 1.0, 2.0) is None


class Steps(Node):
    """The names of all steps, in order."""

    names = ()

    def __init__(self, value, fun, args, kwargs, parent_argnums, parents):
        self.value = value
        Steps.names = (*Steps.names, fun.__name__)

    def initialize_root(self):
        Steps.names = ()


def test_steps_in_order_without_those_of_constants():
    def f(x):
        unrelated = np.exp(Value(1.0))
        return np.sin(x) * unrelated + np.cos(x)

    result, node = trace(Steps.new_root(), f, 0.5)
    assert Steps.names == ("sin", "multiply", "cos", "add") and node.value == result
    assert type(result) is onp.float64
    assert trace(Steps.new_root(), lambda x: 3.0, 0.5) == (3.0, None)


def test_a_trace_inside_a_gradient():
    def f(x):
        return trace(Steps.new_root(), lambda y: y * x, x**2)[0]

    assert grad(f)(2.0) == 12.0
    assert grad(const_graph(lambda x: x**3))(2.0) == 12.0


# -- what a Value counts as --------------------------------------------------------------------


def test_types_of_values():
    v, s = Value([1.0, 2.0]), Value(2.0)
    assert builtins.isinstance(v, onp.ndarray) and builtins.isinstance(s, (int, float))
    assert not builtins.isinstance(v, (list, float)) and builtins.isinstance(v, Value)
    assert builtins.isinstance([v], list) and builtins.isinstance(onp.ones(1), onp.ndarray)
    assert builtins.type(v) is onp.ndarray and builtins.type(s) is float
    assert builtins.type([v]) is list and builtins.type(3) is int
    assert builtins.make_sequence(tuple, v, s) == (v, s)
    assert isinstance(v, ArrayBox) and not isinstance(v._value, ArrayBox)


def test_raw_numbers_of_values():
    v = Value([1.0, 2.0])
    assert isbox(v) and not isbox([v])
    tree = getval({"a": [v, "text"], "b": 3})
    assert tree["a"][0].tolist() == [1.0, 2.0] and tree["a"][1] == "text" and tree["b"] == 3
    assert type(Value(2.0)._value) is type(getval(Value(2.0))) is onp.float64
    with pytest.raises(ValueError, match="read-only"):
        v._value[0] = 5.0
    v.data[0] = 7.0
    assert v._value.tolist() == [7.0, 2.0]


def test_rooms_are_found_from_the_top():
    for name in "numpy extend core tracer util wrap_util builtins test_util misc".split():
        assert getattr(autograd, name).__name__ == f"autograd.{name}"
    assert autograd.differential_operators.grad is grad
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = autograd.nothing


def test_primitives_inside_no_grad():
    f = primitive(lambda x: (x, 2 * x))
    with no_grad():
        first, second = f(Value([1.0]))
    assert first.op is second.op is None and second.data.tolist() == [2.0]
