"""Hessians, products with them and with Jacobians, and pairs (value, gradient), by hand."""

import math

import numpy as np
import pytest

from autograd.testing import GradientError, check_gradients

pytestmark = pytest.mark.slow

POINT = np.array([-1.2, 1.0])


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def slope(x):
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)])


def bend(x):
    return np.array([[2 - 400 * x[1] + 1200 * x[0] ** 2, -400 * x[0]], [-400 * x[0], 200.0]])


RIGHT = {
    "jvp": lambda x, v: slope(x) @ v,
    "hess": bend,
    "hvp": lambda x, v: bend(x) @ v,
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("by_autograd", [False, True])
def test_right_ones_pass(name, by_autograd):
    more = {} if by_autograd else {"grad": slope}
    report = check_gradients(rosenbrock, POINT, **{name: RIGHT[name]}, **more)
    assert f"by {name}=: 2 moves" in str(report)
    assert "gradients of rosenbrock are right" in str(report)


@pytest.mark.parametrize("name", RIGHT)
def test_a_thousandth_off_is_wrong(name):
    def wrong(x, *v):
        return RIGHT[name](x, *v) * 1.001

    with pytest.raises(GradientError) as error:
        check_gradients(rosenbrock, POINT, grad=slope, **{name: wrong})
    what = "jvp" if name == "jvp" else "second derivative"
    assert f"the {what} of rosenbrock is wrong" in str(error.value)
    assert f"by {name}=: the derivative with respect to args[0][0], of " in str(error.value)


def test_each_entry_of_a_hessian_counts():
    for i in range(2):
        for j in range(2):
            factor = np.ones((2, 2))
            factor[i, j] = 1.01
            with pytest.raises(GradientError, match=rf"args\[0\]\[{j}\], of gradient\[{i}\]"):
                check_gradients(rosenbrock, POINT, hess=lambda x, factor=factor: bend(x) * factor)


def test_a_wrong_gradient_is_told_before_its_hessian():
    with pytest.raises(GradientError, match="by grad=: "):
        check_gradients(rosenbrock, POINT, grad=lambda x: 2 * slope(x), hess=bend)


def area(x, y):
    return np.sum(x**2) * y


def test_several_arguments():
    x, y = np.array([1.0, 2.0]), 3.0
    blocks = lambda x, y: ((2 * y * np.eye(2), 2 * x), (2 * x, 0.0))  # noqa: E731

    def product(x, y, v):
        a, b = v
        return 2 * y * a + 2 * x * b, 2 * x @ a

    change = lambda x, y, v: 2 * y * x @ v[0] + np.sum(x**2) * v[1]  # noqa: E731
    check_gradients(area, x, y, hess=blocks, hvp=product, jvp=change)
    check_gradients(area, x, y, wrt=0, hess=lambda x, y: 2 * y * np.eye(2))
    check_gradients(area, x, y, wrt=1, jvp=lambda x, y, v: np.sum(x**2) * v)
    with pytest.raises(GradientError, match=r"args\[1\], of gradient\[0\]\[1\]"):
        check_gradients(area, x, y, hvp=lambda x, y, v: (2 * y * v[0], 2 * x @ v[0]))
    with pytest.raises(GradientError, match="a tuple of tuples of arrays of the shapes"):
        check_gradients(area, x, y, hess=lambda x, y: np.eye(3))


def test_changes_of_several_results_in_containers():
    def f(p):
        return {"sum": np.sum(p["w"]), "all": p["w"] ** 2}

    def change(p, v):
        return {"sum": np.sum(v["w"]), "all": 2 * p["w"] * v["w"]}

    point = {"w": np.array([1.0, 3.0]), "n": 2}
    check_gradients(f, point, jvp=change)
    with pytest.raises(GradientError, match="with parts"):
        check_gradients(f, point, jvp=lambda p, v: {"sum": np.sum(v["w"])})


def test_matrices_and_other_dtypes():
    x = np.arange(6.0).reshape(2, 3) + 0.5

    def hess(x):
        return np.einsum("ij,ik,jl->ijkl", 6 * x, np.eye(2), np.eye(3))

    check_gradients(lambda x: np.sum(x**3), x, hess=hess)
    check_gradients(lambda x: np.sum(x**3), x, grad=lambda x: 3 * x**2, hess=hess)
    single = x.astype(np.float32)
    check_gradients(lambda x: np.sum(x**3), single, jvp=lambda x, v: np.sum(3 * x**2 * v))
    check_gradients(lambda z: z**2, 1 + 2j, jvp=lambda z, v: 2 * z * v)


def test_sparse_hessians():
    sparse = pytest.importorskip("scipy.sparse")
    check_gradients(np.linalg.norm, POINT, grad=lambda x: x / np.linalg.norm(x), hess=lambda x: (
        sparse.csr_matrix((np.eye(2) - np.outer(x, x) / (x @ x)) / np.linalg.norm(x))
    ))  # fmt: skip


def test_functions_that_return_value_and_gradient():
    def both(x):
        return rosenbrock(x), slope(x)

    report = check_gradients(both, POINT, value_and_grad=True, hess=bend)
    assert "gradients of both are right: 6" in str(report)
    with pytest.raises(GradientError, match="the gradient of twice is wrong"):

        def twice(x):
            return rosenbrock(x), 2 * slope(x)

        check_gradients(twice, POINT, value_and_grad=True)


def test_a_function_that_autograd_cannot_differentiate_needs_its_gradient():
    def opaque(x):
        return math.sin(x)

    check_gradients(opaque, 2.0, grad=math.cos, hess=lambda x: -math.sin(x))
    with pytest.raises(TypeError, match=r"autograd cannot differentiate opaque .*: give grad= too"):
        check_gradients(opaque, 2.0, hess=lambda x: -math.sin(x))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"hess": lambda x: bend(x)[0]}, GradientError, r"an array of shape \(2, 2\)"),
        ({"hess": lambda x: None}, GradientError, r"an array of shape \(2, 2\)"),
        ({"jvp": lambda x, v: v}, GradientError, r"has shape \(2,\), not \(\) like the result"),
        ({"jvp": lambda x, v: None}, GradientError, "a number or an array, not None"),
        ({"jvp": lambda x: x}, GradientError, "raises TypeError"),
        ({"hvp": lambda x, v: bend(x) @ abs(v)}, GradientError, "is not linear in the direction"),
        ({"hvp": lambda x, v: bend(x) @ v + 1}, GradientError, "is not linear in the direction"),
        ({"hvp": 3}, TypeError, "hvp= should be a function, not 3"),
        ({"value_and_grad": True}, TypeError, r"a pair \(value, gradient\)"),
        ({"value_and_grad": True, "grad": slope}, TypeError, "the gradient is given twice"),
    ],
)
def test_what_is_given_wrongly_is_told(options, error, words):
    with pytest.raises(error, match=words):
        check_gradients(rosenbrock, POINT, **options)


def test_writing_into_arguments_and_directions_that_change():
    def writes(x, v):
        x *= 2
        return slope(x / 2) @ v

    calls = []

    def other(x, v):
        calls.append(v)
        return slope(x) @ v * (1 + 1e-6 * len(calls))

    with pytest.raises(GradientError, match=r"writes .* modifies its input args\[0\] in place"):
        check_gradients(rosenbrock, POINT, jvp=writes)
    with pytest.raises(GradientError, match="another product when called twice"):
        check_gradients(rosenbrock, POINT, jvp=other)


def test_complex_arguments_have_no_hessian():
    with pytest.raises(TypeError, match="hess= is for real arguments"):
        check_gradients(lambda z: abs(z) ** 2, 1 + 2j, hess=lambda z: 2.0)
