"""Functions that return derivatives: right at any order, in any nesting, on any tree."""

import math
import warnings
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import (
    Primitive,
    Value,
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    grad_named,
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    holomorphic_grad,
    jacobian,
    jvp,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_jvp_reversemode,
    make_vjp,
    multigrad_dict,
    no_grad,
    tensor_jacobian_product,
    value_and_grad,
    vjp,
)
from autograd.engine.trees import leaves
from autograd.testing import check_gradients

POINTS = st.floats(0.2, 2.0)
SEEDS = st.integers(0, 2**32 - 1)
SHAPES = st.sampled_from([(), (3,), (2, 3), (1, 1), (0,), (2, 0)])


def draw(seed, shape):
    x = np.random.default_rng(seed).uniform(0.2, 1.5, shape)
    return x if shape else float(x)


def smooth(x):
    """A function of every entry of an array, or of a number, with full second derivatives."""
    return np.sum(np.sin(x) * np.exp(0.3 * x)) * np.sum(x * x) + np.sum(np.cos(x) ** 2)


def mixing(x):
    """An array of another shape than `x`."""
    flat = np.reshape(x, (-1,))
    return np.outer(np.sin(flat), flat[::-1])[:, :2] * np.sum(flat**2)


# -- gradients ------------------------------------------------------------------------------------


@given(shape=SHAPES, seed=SEEDS)
def test_grad_predicts_the_change_along_a_direction(shape, seed):
    x, d = draw(seed, shape), draw(seed + 1, shape)
    found = grad(smooth)(x)
    assert type(found) is type(np.add(x, x))
    assert np.shape(found) == shape
    slope = np.sum(found * d)  # at 0 alone
    check_gradients(lambda h: smooth(x + h * d), 0.0, grad=lambda h: slope, special=False)


@given(x=POINTS, order=st.integers(1, 5))
def test_any_order_of_a_number(x, order):
    f = np.exp
    for _ in range(order):
        f = grad(f)
    assert f(2 * x) == pytest.approx(np.exp(2 * x))


@given(seed=SEEDS)
def test_mixed_transformations_commute(seed):
    x, v, w = (draw(seed + i, (3,)) for i in range(3))
    expected = v @ hessian(smooth)(x) @ w
    ways = {
        "grad of grad": np.sum(w * grad(lambda x: np.sum(v * grad(smooth)(x)))(x)),
        "forward over reverse": np.sum(w * jvp(grad(smooth), (x,), (v,))[1]),
        "reverse over forward": np.sum(w * grad(lambda x: jvp(smooth, (x,), (v,))[1])(x)),
        "forward over forward": jvp(lambda x: jvp(smooth, (x,), (v,))[1], (x,), (w,))[1],
        "forward of lines": deriv(deriv(lambda s, t: smooth(x + s * v + t * w)), 1)(0.0, 0.0),
        "vjp of grad": np.sum(w * vjp(grad(smooth), x)[1](v)[0]),
        "vjp of jvp": np.sum(w * vjp(lambda x: jvp(smooth, (x,), (v,))[1], x)[1](1.0)[0]),
        "make_hvp": np.sum(w * make_hvp(smooth)(x)[0](v)),
        "product": np.sum(w * hessian_vector_product(smooth)(x, v)),
    }
    for way, found in ways.items():
        assert found == pytest.approx(expected), way


def test_nested_derivatives_are_not_confused():
    assert grad(lambda x: x * grad(lambda y: x * y)(x))(3.0) == 6.0
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(3.0) == 1.0
    assert grad(lambda x: grad(lambda y: x * x * y)(1.0))(3.0) == 6.0
    assert grad(lambda x: x * deriv(lambda y: x * y)(x))(3.0) == 6.0
    assert deriv(lambda x: x * deriv(lambda y: x + y)(1.0))(3.0) == 1.0
    x = np.array([1.0, 2.0])
    found = jacobian(lambda x: grad(lambda y: np.sum(x**2 * y**2))(x))(x)
    np.testing.assert_allclose(found, np.diag(6 * x**2))


@given(x=POINTS, y=POINTS)
def test_closures_are_part_of_the_outer_graph(x, y):
    def inner(x):
        return grad(lambda y: np.sin(x * y))(y)

    expected = np.cos(x * y) - x * y * np.sin(x * y)
    assert grad(inner)(x) == pytest.approx(expected)
    assert deriv(inner)(x) == pytest.approx(expected)
    outside = Value(x)
    found = inner(outside)
    assert isinstance(found, Value)
    found.backward()
    assert outside.grad == pytest.approx(expected)


def test_a_derivative_leaves_nothing_in_the_leaves_of_the_caller():
    w, x = Value([1.0, 2.0]), Value(3.0)
    y = np.sum(w * w) * grad(lambda x: x**2 * np.sum(w))(x)
    assert (w.has_grad, x.has_grad, x.grad) == (False, False, 0.0)
    assert y.data == 5 * 2 * 3 * 3
    y.backward()
    assert w.grad.tolist() == [2 * 18 + 5 * 6, 4 * 18 + 5 * 6]
    assert x.grad == 5 * 2 * 3


def test_what_goes_in_decides_what_comes_out():
    x = np.array([1.0, 2.0])
    assert type(grad(smooth)(x)) is np.ndarray
    assert type(grad(smooth)(Value(x))) is Value
    assert type(grad(smooth)(np.float64(2.0))) is type(grad(smooth)(2.0)) is np.float64
    assert grad(smooth)(np.float32(2.0)).dtype == np.float32
    assert grad(smooth)(x.astype(np.float32)).dtype == np.float32
    assert type(value_and_grad(smooth)(x)[0]) is np.float64
    assert jacobian(np.sin)(x.astype(np.float32)).dtype == np.float32
    assert jvp(np.sin, (x.astype(np.float32),), (x,))[1].dtype == np.float32


def test_results_belong_to_the_caller():
    x = np.array([1.0, 2.0])
    first, second = grad(lambda x, y: np.sum(x + y), (0, 1))(x, x)
    first[0] = 9
    assert second.tolist() == [1, 1]
    pull, y = make_vjp(lambda x: x)(x)
    g = np.ones(2)
    pull(g)[0] = 9
    y[0] = 9
    assert g.tolist() == [1, 1]
    assert x.tolist() == [1, 2]
    jvp(lambda x: x, (x,), (g,))[1][0] = 9
    assert g.tolist() == [1, 1]


def test_changes_in_place_stay_inside():
    def f(x):
        x[0] = 5.0 * x[1]
        x *= x
        return np.sum(x)

    x = np.array([1.0, 2.0])
    assert grad(f)(x).tolist() == [0, 2 * 25 * 2 + 4]
    assert x.tolist() == [1, 2]
    v = Value(x)
    assert grad(f)(v).data.tolist() == [0, 104]
    assert v.data.tolist() == [1, 2]
    assert hessian(f)(x).tolist() == [[0, 0], [0, 52]]


def test_inside_no_grad_outer_values_are_constants():
    w = Value(2.0)
    with no_grad():
        assert grad(lambda x: w * x * x)(3.0) == 12.0
        assert grad(lambda x: w * x * x)(Value(3.0)) == 12.0
        assert jvp(lambda x: w * x * x, (3.0,), (1.0,)) == (18.0, 12.0)
        assert (w * w).op is None


def test_what_does_not_depend_on_the_argument_has_gradient_zero():
    x = np.array([1.0, 2.0])
    assert grad(lambda x: 3.0)(x).tolist() == [0, 0]
    assert grad(lambda x: 3)(1.0) == 0.0
    assert grad(lambda x: np.sum(np.floor(x)))(x).tolist() == [0, 0]
    assert grad(lambda x: np.sum(x.detach() * x))(x).tolist() == [1, 2]
    assert grad(grad(lambda x: 3.0 * x))(1.0) == 0.0
    assert jacobian(lambda x: np.array([1.0, 2.0]))(1.0).tolist() == [0, 0]
    assert jacobian(lambda x: np.ones(3))(x).tolist() == [[0, 0]] * 3
    assert jvp(lambda x: 3.0, (x,), (x,)) == (3.0, 0.0)
    assert jvp(lambda x, y: y * y, (x, 2.0), (x, 1.0)) == (4.0, 4.0)
    assert vjp(lambda x, y: x > y, 1.0, 2.0)[1](1.0) == (0.0, 0.0)
    w = Value(2.0)
    assert grad(lambda x: w * w)(1.0).data == 0.0


def test_a_branch_not_taken():
    def safe(x):
        return np.sum(np.where(x > 0, np.sqrt(np.abs(x)), 0.0))

    x = np.array([0.0, 4.0])
    assert grad(safe)(x).tolist() == [0, 0.25]
    assert jvp(safe, (x,), (np.ones(2),))[1] == 0.25

    def twins(x):
        """Two results of opposite sign of one root."""
        y = safe(x)
        return np.stack([y, -y])

    assert jvp(twins, (x,), (np.ones(2),))[1].tolist() == [0.25, -0.25]


def test_numbers_and_graphs_add_up_in_one_gradient():
    def f(x):
        cubes = np.sum(x**3)
        return cubes + np.sum(x * 2.0) + np.sum(x * 3.0) + np.sum(x * 4.0)

    x = np.array([1.0, 2.0])
    assert grad(f)(x).tolist() == [12, 21]
    assert hessian(f)(x).tolist() == [[6, 0], [0, 12]]


# -- arguments ------------------------------------------------------------------------------------


def area(width, height, *, scale=1.0):
    return scale * width * height**2


@pytest.mark.parametrize(
    ("argnum", "expected"),
    [
        (0, 9.0),
        (1, 12.0),
        (-1, 12.0),
        ("height", 12.0),
        ("scale", 18.0),
        ((1, 0), (12.0, 9.0)),
        ([0], (9.0,)),
        (("scale", 0), (18.0, 9.0)),
        ((), ()),
    ],
)
def test_argnum(argnum, expected):
    assert grad(area, argnum)(2.0, 3.0, scale=1.0) == pytest.approx(expected)


def test_arguments_by_name_are_passed_on():
    assert grad(area, "height")(2.0, height=3.0) == 12.0
    assert grad(area)(2.0, height=3.0, scale=10.0) == 90.0
    assert grad(grad(area, "height"), "width")(2.0, 3.0) == 6.0
    assert grad_named(area, "height")(2.0, 3.0) == 12.0
    assert grad(partial(area, height=3.0))(2.0) == 9.0


Pair = namedtuple("Pair", "a b")


@dataclass(frozen=True)
class Model:
    w: np.ndarray
    b: float
    name: str = "model"


@pytest.mark.parametrize(
    "tree",
    [
        [1.0, [2.0, 3.0]],
        (1.0, {"a": 2.0, "b": [3.0]}),
        {"x": np.array([1.0, 2.0]), "y": 3.0},
        OrderedDict(b=2.0, a=1.0),
        Pair(1.0, (np.array([2.0]), 3.0)),
        Model(np.array([1.0, 2.0]), 3.0),
        {"model": Model(np.array([1.0]), 3.0), "mask": np.array([True]), "nothing": None},
        [],
    ],
)
def test_trees(tree):
    value, found = value_and_grad(sum_of_squares)(tree)
    assert type(found) is type(tree)
    assert value == sum_of_squares(tree)
    assert flat(found) == [[2 * x for x in part] for part in flat(tree)]
    assert jvp(sum_of_squares, (tree,), (tree,))[1] == pytest.approx(2 * value)


def flat(tree):
    """All floats of a tree, those of each array in a list."""
    parts = [np.ravel(x.data if isinstance(x, Value) else x) for _, x in leaves(tree)]
    return [part.tolist() for part in parts if part.dtype.kind == "f"]


def sum_of_squares(tree):
    parts = [x for _, x in leaves(tree) if isinstance(x, (float, Value)) or np.ndim(x)]
    return sum((np.sum(x * x) for x in parts if not is_mask(x)), 0.0)


def is_mask(x):
    return np.result_type(x).kind == "b"


def test_trees_come_out_too():
    tree = {"pair": Pair(np.array([1.0, 2.0]), 3.0), "list": [4.0]}
    result, pull = vjp(lambda tree: {"copy": tree, "one": 1.0}, tree)
    assert flat(result) == [[1, 2], [3], [4], [1]]
    (found,) = pull(result)
    assert type(found["pair"]) is Pair
    assert flat(found) == flat(tree)
    assert flat(jvp(lambda tree: [tree], (tree,), (tree,))[1]) == flat(tree)


def test_trees_are_matched_by_name():
    x = {"a": 1.0, "b": 2.0}

    def f(x):
        return 10.0 * x["a"] + x["b"]

    assert jvp(f, (x,), ({"b": 0.0, "a": 1.0},)) == (12.0, 10.0)


def test_trees_of_jacobians():
    def f(p):
        return {"sum": p[0] + p[1], "product": p[0] * p[1]}

    found = jacobian(f)((np.array([1.0, 2.0]), 3.0))
    assert found["sum"][0].tolist() == [[1, 0], [0, 1]]
    assert found["product"][0].tolist() == [[3, 0], [0, 3]]
    assert found["product"][1].tolist() == [1, 2]
    by_two = hessian(lambda a, b: np.sum(a) * b**2, (0, 1))(np.array([1.0, 2.0]), 3.0)
    assert by_two[0][1].tolist() == [6, 6]
    assert by_two[1][1] == 6.0


# -- Jacobians ------------------------------------------------------------------------------------


@given(shape=st.sampled_from([(2,), (5,), (2, 3), (1, 2)]), seed=SEEDS)
def test_jacobian_against_differences(shape, seed):
    x = draw(seed, shape)
    found = jacobian(mixing)(x)
    assert found.shape == (x.size, 2, *shape)
    check_gradients(mixing, x, grad=jacobian(mixing))


@pytest.mark.parametrize(("outputs", "inputs"), [(40, 3), (3, 40), (7, 7)])
def test_a_jacobian_takes_the_fewer_passes(outputs, inputs):
    calls = []

    def rule(g, y, x):
        calls.append(type(g))
        return g * 2.0

    double = Primitive("double", lambda x: x * 2.0, vjps=[rule])
    matrix = np.random.default_rng(0).normal(size=(outputs, inputs))
    x = np.ones(inputs)
    found = jacobian(lambda x: matrix @ double(x))(x)
    np.testing.assert_allclose(found, 2 * matrix)
    assert len(calls) <= (1 if outputs > inputs else outputs)
    walks = []
    step = Primitive("step", lambda x: x, vjps=[lambda g, y, x: follow(g)])
    follow = Primitive("follow", lambda g: g, vjps=[lambda g, y, x: walks.append(1) or g])
    jacobian(lambda x: step(matrix @ x))(x)
    assert len(walks) == (inputs if outputs > inputs else 0)


def test_shapes_of_jacobians():
    assert jacobian(lambda x: x * x)(3.0) == 6.0
    assert type(jacobian(lambda x: x * x)(3.0)) is np.float64
    assert jacobian(lambda x: np.sum(x))(np.ones((2, 3))).shape == (2, 3)
    assert jacobian(lambda x: np.stack([x, x**2]))(3.0).tolist() == [1, 6]
    assert jacobian(lambda x: np.outer(x, x))(np.ones(3)).shape == (3, 3, 3)
    assert jacobian(lambda x: x)(np.ones(0)).shape == (0, 0)
    assert jacobian(lambda x: np.ones((2, 1)) * x)(np.ones((1, 3))).shape == (2, 3, 1, 3)
    assert hessian(lambda x: x**3)(2.0) == 12.0
    third = jacobian(hessian(lambda x: np.sum(x) ** 3))(np.ones(2))
    np.testing.assert_allclose(third, np.full((2, 2, 2), 6.0))


@given(seed=SEEDS)
def test_hessians(seed):
    rng = np.random.default_rng(seed)
    x, h = rng.normal(size=4), rng.normal(size=(4, 4))
    np.testing.assert_allclose(hessian(lambda x: x @ h @ x)(x), h + h.T, atol=1e-12)
    x, v = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    full = hessian(smooth)(x)
    assert full.shape == (2, 3, 2, 3)
    product = np.tensordot(full, v, axes=2)
    np.testing.assert_allclose(hessian_tensor_product(smooth)(x, v), product)
    hvp, gradient = make_hvp(smooth)(x)
    np.testing.assert_allclose(hvp(v), product)
    np.testing.assert_allclose(gradient, grad(smooth)(x))


@given(seed=SEEDS)
def test_products_with_jacobians(seed):
    rng = np.random.default_rng(seed)
    x, v, g = rng.normal(size=(3,)), rng.normal(size=(3,)), rng.normal(size=(3, 2))
    full = jacobian(mixing)(x)
    change, gradient = full @ v, np.tensordot(g, full, axes=2)
    pull, y = make_vjp(mixing)(x)
    np.testing.assert_allclose(pull(g), gradient)
    np.testing.assert_allclose(y, mixing(x))
    for _ in range(2):
        y, found = make_jvp(mixing)(x)(v)
        np.testing.assert_allclose(found, change)
        np.testing.assert_allclose(y, mixing(x))
    np.testing.assert_allclose(make_jvp_reversemode(mixing)(x)(v), change)
    np.testing.assert_allclose(tensor_jacobian_product(mixing)(x, g), gradient)
    w = rng.normal(size=(4, 3))
    curvature = make_ggnvp(lambda x: np.tanh(w @ x))(x)(v)
    j = jacobian(lambda x: np.tanh(w @ x))(x)
    np.testing.assert_allclose(curvature, j.T @ (j @ v))

    def g4(y):
        return np.sum(2.0 * y**2 + y**4)

    curvature = make_ggnvp(lambda x: np.tanh(w @ x), g4)(x)(v)
    np.testing.assert_allclose(curvature, j.T @ hessian(g4)(np.tanh(w @ x)) @ j @ v)


def test_one_run_serves_many_products():
    runs = []

    def f(x):
        runs.append(1)
        return np.sin(x)

    x = np.array([1.0, 2.0])
    pull, _ = make_vjp(f)(x)
    push = make_jvp(f)(x)
    for v in np.eye(2):
        np.testing.assert_allclose(pull(v), np.cos(x) * v)
        np.testing.assert_allclose(push(v)[1], np.cos(x) * v)
    assert len(runs) == 2


def test_products_are_differentiable_in_what_they_multiply():
    x = np.array([1.0, 2.0])
    pull, _ = make_vjp(np.sin)(x)
    np.testing.assert_allclose(grad(lambda g: np.sum(pull(g) ** 2))(x), 2 * np.cos(x) ** 2 * x)
    push = make_jvp(np.sin)(x)
    found = grad(lambda v: np.sum(push(v)[1] ** 2))(x)
    np.testing.assert_allclose(found, 2 * np.cos(x) ** 2 * x)


# -- the other names ------------------------------------------------------------------------------


def test_grad_and_aux():
    def f(x):
        return (np.sum(x**2), {"twice": 2 * x, "note": "kept"})

    gradient, aux = grad_and_aux(f)(np.array([1.0, 2.0]))
    assert gradient.tolist() == [2, 4]
    assert type(aux["twice"]) is np.ndarray
    assert (aux["twice"].tolist(), aux["note"]) == ([2, 4], "kept")
    # the second result may be differentiated by an outer transformation
    assert grad(lambda x: grad_and_aux(lambda y: (y, y**2))(x)[1])(3.0) == 6.0
    with pytest.raises(TypeError, match="returns a pair"):
        grad_and_aux(lambda x: x)(1.0)


def test_multigrad_dict():
    def f(a, *rest, c=2.0, **named):
        return a * c + rest[0] * 3.0 + named["d"] ** 2

    found = multigrad_dict(f)(1.0, 5.0, d=4.0)
    assert found == {"a": 2.0, "rest": (3.0,), "c": 1.0, "named": {"d": 8.0}}
    assert list(found) == ["a", "rest", "c", "named"]


@given(seed=SEEDS)
def test_elementwise_grad(seed):
    x = draw(seed, (5,))

    def f(x):
        return np.sin(x) * x**2

    found = elementwise_grad(f, check=True)(x)
    np.testing.assert_allclose(found, [grad(f)(entry) for entry in x])
    np.testing.assert_allclose(elementwise_grad(elementwise_grad(np.sin))(x), -np.sin(x))
    two = elementwise_grad(lambda a, b: a + np.cosh(b), 1, check=True)(0.9, x)
    np.testing.assert_allclose(two, np.sinh(x))


@pytest.mark.parametrize("f", [np.cumsum, lambda x: x[::-1], lambda x: x - np.mean(x), np.sum])
def test_elementwise_grad_can_refuse(f):
    x = np.array([0.3, 0.5, 0.9])
    elementwise_grad(f)(x)
    with pytest.raises(ValueError, match="not elementwise"):
        elementwise_grad(f, check=True)(x)


# -- complex numbers ------------------------------------------------------------------------------


@given(a=POINTS, b=POINTS)
def test_complex_gradients_follow_the_convention(a, b):
    def f(z):
        return np.real(z**3) + np.abs(z)

    def of_parts(x, y):
        return x**3 - 3 * x * y**2 + (x * x + y * y) ** 0.5

    dx, dy = grad(of_parts, (0, 1))(a, b)
    assert grad(f)(complex(a, b)) == pytest.approx(dx - 1j * dy)
    assert jvp(f, (complex(a, b),), (2 + 3j,))[1] == pytest.approx(2 * dx + 3 * dy)


@given(a=POINTS, b=POINTS)
def test_holomorphic_functions(a, b):
    z = complex(a, b)
    assert holomorphic_grad(np.sin)(z) == pytest.approx(np.cos(z))
    assert jvp(np.sin, (z,), (1j,))[1] == pytest.approx(1j * np.cos(z))
    zs = np.array([z, z * z])
    np.testing.assert_allclose(jacobian(np.sin)(zs), np.diag(np.cos(zs)))
    x = np.array([a, b])
    np.testing.assert_allclose(jacobian(lambda x: np.exp(1j * x))(x), np.diag(1j * np.exp(1j * x)))
    with pytest.warns(UserWarning, match="not complex"):
        holomorphic_grad(np.sin)(a)


# -- what people do wrong -------------------------------------------------------------------------


def shapeless(x):
    return None


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: grad(np.sin)(2), "argument 0 of sin is an int.*write 2.0"),
        (lambda: grad(np.sin)(np.arange(3)), r"an array of int64.*x.astype\(float\)"),
        (lambda: grad(lambda p: p["a"][1])({"a": [1.0, 3]}), r"argument 0\['a'\]\[1\].*write 3.0"),
        (lambda: grad(lambda s: 1.0)("text"), "needs a float.*argument 0.*'text'"),
        (lambda: grad(np.sin)(np.ones(3)), r"shape \(3,\).*jacobian, or elementwise_grad"),
        (lambda: grad(lambda x: x * 1j)(1.0), "complex.*holomorphic_grad"),
        (lambda: elementwise_grad(lambda x: x * 1j)(1.0), "complex.*holomorphic_grad"),
        (lambda: grad(shapeless)(1.0), r"shapeless \(.*test_transforms.py, line \d+\) is None"),
        (lambda: grad(shapeless)(1.0), "lack a return"),
        (lambda: grad(lambda x: "text")(1.0), "is 'text'"),
        (lambda: jacobian(lambda x: [x, "text"])(1.0), r"result\[1\].*'text'"),
        (lambda: grad(lambda x: x > 1)(1.0), "dtype bool"),
        (lambda: grad(lambda x: np.allclose(x, 2.0))(1.0), "dtype bool"),
        (lambda: grad(area, 2)(1.0, 2.0), "argnum 2: area.*2 positional arguments"),
        (lambda: grad(area, "depth")(1.0, 2.0), "argnum 'depth': area.*without an argument"),
        (lambda: vjp(lambda x: [x, x], 1.0)[1](1.0), "the cotangent .* it is of type float"),
        (lambda: jvp(np.add, (1.0, 2.0), (1.0,)), "the tangent .* it is of type tuple"),
        (lambda: jvp(np.sin, 1.0, 1.0), r"in a tuple.*write jvp\(f, \(x,\), \(v,\)\)"),
        (lambda: grad(np.sin(1.0)), r"differentiates a function, not .*write grad\(f\)\(x\)"),
    ],
)
def test_type_errors(call, says):
    with pytest.raises(TypeError, match=says):
        call()


def test_shape_errors():
    with pytest.raises(ValueError, match=r"the tangent\[0\] has shape \(2,\)"):
        jvp(np.sin, (1.0,), (np.ones(2),))
    with pytest.raises(ValueError, match=r"the cotangent has shape \(\)"):
        make_vjp(np.sin)(np.ones(2))[0](1.0)


def test_names():
    def foo(x):
        return x

    assert grad(foo, 1).__name__ == "grad_of_foo_wrt_argnum_1"
    assert "foo" in jacobian(foo).__doc__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert grad(partial(foo))(1.0) == 1.0


# -- what would drop a gradient: one sentence, the line, what to write -----------------------------


def into_a_plain_array(x):
    plain = np.zeros(3)
    plain[0] = x
    return plain.sum()


@pytest.mark.parametrize(
    ("f", "x", "says"),
    [
        (lambda x: float(x), 1.0, r"write v.item\(\).* float\(\) of a Value would drop"),
        (lambda x: math.exp(x), 1.0, r"write v.item\(\).* float\(\) of a Value would drop"),
        (lambda x: np.array(x).sum(), np.ones(2), r"write v.numpy\(\).*into a plain NumPy array"),
        (lambda x: np.mean([x, x + 2]), 1.0, r"write v.item\(\).*into a plain NumPy array"),
        (into_a_plain_array, 1.0, r"float\(\) of a Value would drop its gradient"),
        (lambda x: np.unique(x).sum(), np.ones(2), "np.unique has no derivative rule here"),
        (lambda x: np.add(x, 1.0, out=np.zeros(2)).sum(), np.ones(2), "gradient would be lost"),
    ],
)
def test_what_would_drop_a_gradient_names_the_line(f, x, says):
    with pytest.raises(TypeError, match=says + r".*test_transforms\.py, line \d+\)"):
        grad(f)(x)


def test_a_line_inside_a_library_is_not_the_users():
    ndimage = pytest.importorskip("scipy.ndimage", reason="needs SciPy")
    with pytest.raises(TypeError, match=r"test_transforms\.py, line \d+\)"):
        grad(lambda x: ndimage.gaussian_filter(x, 1.0).sum())(np.eye(3))


@pytest.mark.parametrize("argnum", [(0, 0), (0, -2), ("width", 0), [1, -1], (0, 1, "height")])
@pytest.mark.parametrize("transform", [grad, jacobian, autograd.value_and_grad, autograd.make_vjp])
def test_an_argument_is_asked_for_once(transform, argnum):
    with pytest.raises(TypeError, match=r"asks for argument [01] of area .* give each .* once"):
        transform(area, argnum)(2.0, 3.0)


@pytest.mark.parametrize("argnum", [None, 1.5, True, {}, b"x", (0, None), Value(0.0)])
def test_an_argnum_is_a_position_or_a_name(argnum):
    with pytest.raises(TypeError, match="argnum is the position or the name of an argument, not"):
        grad(area, argnum)(2.0, 3.0)
