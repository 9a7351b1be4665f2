"""Directions: points that may not move in all of them, on a simplex or a manifold."""

import numpy as np
import pytest

from autograd.testing import GradientError, check_gradients

pytestmark = pytest.mark.slow

P = np.array([0.2, 0.3, 0.5])
TANGENTS = [np.array([1.0, -1.0, 0.0]), np.array([0.0, 1.0, -1.0])]


def entropy(p):
    """Defined on the simplex only."""
    if abs(np.sum(p) - 1) > 1e-9:
        raise ValueError("not on the simplex")
    return -np.sum(p * np.log(p))


def on_simplex(p):
    g = -np.log(p) - 1
    return g - g.mean()


def test_a_gradient_on_the_simplex():
    with pytest.raises(GradientError):  # its one-sided differences are those off the simplex
        check_gradients(entropy, P, grad=on_simplex)
    report = check_gradients(entropy, P, grad=on_simplex, along=TANGENTS)
    assert "by grad=: 2 moves, along the directions given" in str(report)
    assert [row["argument"] for row in report.table] == ["along[0]", "along[1]"]
    with pytest.raises(GradientError) as error:
        check_gradients(entropy, P, grad=lambda p: on_simplex(p) * [1, 1, 1.1], along=TANGENTS)
    assert "is wrong at [0.2, 0.3, 0.5]" in str(error.value)
    assert "with respect to along[1], of result" in str(error.value)


def test_both_modes_and_orders_of_what_autograd_differentiates():
    report = check_gradients(entropy, P, along=TANGENTS)
    assert {(row["mode"], row["order"]) for row in report.table} == {
        (mode, order) for mode in ("reverse", "forward") for order in (1, 2)
    }
    assert report.table[0]["found"] == pytest.approx(on_simplex(P) @ TANGENTS[0], rel=1e-12)


def test_the_riemannian_gradient_of_a_sphere():
    a = np.array([[2.0, 1.0, 0.0], [1.0, -1.0, 0.5], [0.0, 0.5, 1.0]])
    x = np.array([1.0, 2.0, -2.0]) / 3
    tangents = np.linalg.svd(x[None])[2][1:]

    def rayleigh(x):
        return x @ a @ x

    def projected(x):
        return 2 * (a @ x - (x @ a @ x) * x)

    check_gradients(rayleigh, x, grad=projected, along=tangents)
    with pytest.raises(GradientError):
        check_gradients(rayleigh, x, grad=projected)
    with pytest.raises(GradientError):
        check_gradients(rayleigh, x, grad=lambda x: projected(x) + tangents[0], along=tangents)


def test_second_derivatives_and_products_by_hand():
    bend = lambda p: -np.diag(1 / p)  # noqa: E731
    slope = lambda p: -np.log(p) - 1  # noqa: E731
    check_gradients(entropy, P, grad=slope, hess=bend, along=TANGENTS)
    check_gradients(entropy, P, jvp=lambda p, v: on_simplex(p) @ v, along=TANGENTS)
    with pytest.raises(GradientError, match=r"by hess=.* with respect to along\[1\], of gradient"):
        wrong = lambda p: bend(p) + np.diag([0, 0, 1e-3])  # noqa: E731
        check_gradients(entropy, P, grad=slope, hess=wrong, along=TANGENTS)


def test_several_arguments_and_containers_move_together():
    def f(x, p):
        return np.sum(x) * p["a"] - p["n"] * p["b"] ** 2

    x, p = np.array([1.0, 2.0]), {"a": 0.5, "b": 2.0, "n": 3}
    direction = (np.array([1.0, -1.0]), {"a": 1.0, "b": 0.25, "n": 0})
    check_gradients(f, x, p, along=[direction])
    check_gradients(f, x, p, wrt=0, along=[np.ones(2)])

    def slope(x, p):
        return np.full(2, p["a"]), {"a": np.sum(x), "b": -2 * p["n"] * p["b"], "n": 0.0}

    (row,) = check_gradients(f, x, p, grad=slope, along=[direction]).table
    assert row["found"] == 3.0 - 12 * 0.25


def test_single_precision_and_complex_numbers():
    half = np.array([0.25, 0.25, 0.5], np.float32)
    check_gradients(entropy, half, grad=on_simplex, along=TANGENTS)
    z = np.array([1 + 2j, 0.5 - 1j])
    turn = [1j * z]  # along the circle
    check_gradients(lambda z: np.sum(np.real(z * z)), z, along=turn)
    check_gradients(lambda z: np.sum(abs(z) ** 2), z, grad=lambda z: 0 * z, along=turn)


@pytest.mark.parametrize("size", [1e-8, 1e8])
def test_directions_of_another_size(size):
    tangents = [size * v for v in TANGENTS]
    check_gradients(entropy, P, grad=on_simplex, along=tangents)
    with pytest.raises(GradientError, match=r"along\[0\] / "):
        check_gradients(entropy, P, grad=lambda p: 1.001 * on_simplex(p), along=tangents)


@pytest.mark.parametrize(
    ("along", "error", "words"),
    [
        (np.ones(3), TypeError, r"along\[0\] has shape \(\), not \(3,\) like args\[0\]"),
        (3.0, TypeError, "along= should be a list of directions, not 3.0"),
        ([], TypeError, "along= should be a list of directions"),
        ([np.zeros(3)], ValueError, r"along\[0\] should be a direction, not array\(\[0"),
        ([np.array([1, np.nan, 0])], ValueError, "should be a direction"),
    ],
)
def test_what_is_no_direction_is_told(along, error, words):
    with pytest.raises(error, match=words):
        check_gradients(entropy, P, grad=on_simplex, along=along)


def test_a_direction_for_each_of_several_arguments():
    with pytest.raises(TypeError, match=r"along\[0\] should be a tuple of 2, one for each"):
        check_gradients(lambda x, y: x * y, 1.0, 2.0, along=[1.0])


def test_writing_into_an_argument_is_still_told():
    def writes(p):
        p *= 1.0000001
        return np.sum(p)

    with pytest.raises(GradientError, match=r"modifies its input args\[0\]"):
        check_gradients(writes, P, grad=np.ones_like, along=TANGENTS)
