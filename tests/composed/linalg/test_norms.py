"""Norms of any order, at zero too; condition numbers and determinants of singular matrices."""

from itertools import permutations

import numpy as np
import pytest

from autograd import Value, grad, hessian, jvp
from autograd.testing import check_gradients
from tests.composed.linalg.matrices import (
    DTYPES,
    LA,
    MATRIX_ORDERS,
    VECTOR_ORDERS,
    draw,
    gradient,
    same_as_numpy,
)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
def test_norms_as_in_numpy(dtype, keepdims):
    x = draw(np.random.default_rng(0), 3, 4, 2, dtype=dtype)
    for order in VECTOR_ORDERS:
        for axis in (0, -1):
            same_as_numpy(lambda a, o=order, i=axis: LA.norm(a, o, i, keepdims), x)
        same_as_numpy(lambda a, o=order: LA.norm(a, o, keepdims=keepdims), x[0, :, 0])
        if order is not None:
            same_as_numpy(lambda a, o=order: LA.vector_norm(a, ord=o, keepdims=keepdims), x)
    for order in MATRIX_ORDERS:
        for axis in ((0, 1), (-1, 0), (2, 1)):
            same_as_numpy(lambda a, o=order, i=axis: LA.norm(a, o, i, keepdims), x)
        same_as_numpy(lambda a, o=order: LA.norm(a, o, keepdims=keepdims), x[0])
        if order is not None:
            same_as_numpy(lambda a, o=order: LA.matrix_norm(a, ord=o, keepdims=keepdims), x)


@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_a_norm_of_zero_has_gradient_zero(order):
    assert (gradient(lambda v: LA.norm(v, order), np.zeros((2, 3))) == 0).all()


@pytest.mark.parametrize("order", VECTOR_ORDERS)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_a_norm_is_finite_beside_zeros(order):
    assert (gradient(lambda v: np.sum(LA.norm(v, order)), np.zeros(3)) == 0).all()
    some = gradient(lambda v: np.sum(LA.norm(v, order)), np.array([0.0, 3.0, -1.0]))
    assert np.isfinite(some).all()


@pytest.mark.parametrize("a", [np.zeros((2, 2)), np.diag([1.0, 0.0]), np.stack([np.eye(2)] * 2)])
def test_cond_of_singular_matrices_is_infinite(a):
    for p in (None, 2, -2):
        np.testing.assert_array_equal(LA.cond(Value(a), p).data, LA.cond(a, p))


@pytest.mark.slow
def test_det_of_singular_matrices_has_the_cofactors_as_gradient():
    a = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 1.0], [3.0, 6.0, 5.0]])
    check_gradients(LA.det, a)
    check_gradients(LA.det, a + 1j * np.outer([1, 2, 3], [1, 2, 3]))
    almost = np.random.default_rng(0).normal(size=(2, 4, 4))
    almost = almost[0][:, :3] @ almost[1][:3]
    check_gradients(LA.det, almost)
    np.testing.assert_allclose(gradient(LA.det, np.zeros((3, 3))), 0)
    assert gradient(LA.det, np.zeros((1, 1))).tolist() == [[1.0]]


def leibniz(a):
    """Return det(a) as the sum over permutations of products, which is a polynomial."""
    n = a.shape[-1]
    total = 0.0
    for columns in permutations(range(n)):
        sign = LA.det(np.eye(n)[list(columns)]).round()
        total = total + sign * np.prod(a[..., range(n), list(columns)], axis=-1)
    return total


def along(f, directions):
    """Return the derivative of `f` along each of the directions in turn."""
    for d in directions:
        f = lambda x, f=f, d=d: np.sum(grad(f)(x) * d)  # noqa: E731
    return f


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize(("n", "rank"), [(n, r) for n in (1, 2, 3, 4) for r in range(n + 1)])
def test_det_is_a_polynomial_at_any_rank(n, rank, order):
    rng = np.random.default_rng(n + 10 * rank)
    a = rng.normal(size=(2, n, rank)) @ rng.normal(size=(2, rank, n))
    directions = rng.normal(size=(order, 2, n, n))
    for factor in (1.0, 1.0 + 0.5j):
        found, expected = (
            along(lambda x, f=f, c=factor: np.sum(np.real(f(x * c))), directions)(a)
            for f in (LA.det, leibniz)
        )
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize("least", [1e-2, 1e-4, 1e-7, 1e-10, 1e-15])
def test_derivatives_of_det_keep_their_digits_beside_singular_matrices(least):
    rng = np.random.default_rng(0)
    left, right = LA.qr(rng.normal(size=(2, 4, 4))).Q
    a = left @ np.diag([1.0, 0.7, 0.5, least]) @ right
    for order in (1, 2, 3, 4):
        directions = rng.normal(size=(order, 4, 4))
        found, expected = (along(f, directions)(a) for f in (LA.det, leibniz))
        np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_det_in_forward_mode_and_of_nothing():
    a = np.outer([1.0, 2, 1], [1.0, 1, 3])
    assert hessian(LA.det)(a)[0, 0, 1, 1] == pytest.approx(3.0)
    change = jvp(grad(LA.det), (a,), (np.outer([1.0, 0, 0], [1.0, 0, 0]),))[1]
    assert change[1, 1] == pytest.approx(3.0)
    assert grad(LA.det)(np.zeros((0, 0))).shape == (0, 0)
    assert hessian(LA.det)(np.zeros((1, 1))).tolist() == [[[[0.0]]]]
