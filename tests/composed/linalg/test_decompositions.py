"""Conventions of decompositions: which triangle is read, what of a vector cannot move."""

import numpy as np
import pytest

from autograd import Value
from autograd.engine.graph import history
from autograd.testing import check_gradients
from tests.composed.linalg.matrices import LA, draw, gradient, h


def test_eigenvalues_of_a_real_matrix_may_be_complex():
    turn = np.array([[0.5, 2.0, 0.1], [-2.0, 0.5, 0.2], [0.1, 0.3, 3.0]])
    for f in (LA.eigvals, lambda a: np.abs(LA.eig(a)[1])):
        check_gradients(f, turn)


def test_several_results_are_one_op():
    a = Value(np.diag([1.0, 2.0, 4.0]))
    w, v = LA.eigh(a)
    y = np.sum(w) + np.sum(v)
    assert [node.op.name for node in history([y], {})[0] if node.op].count("eigh") == 1
    assert type(LA.eigh(a)) is type(LA.eigh(a.numpy()))


def test_vectors_whose_gradient_happens_to_be_zero_have_second_derivatives():
    rng = np.random.default_rng(0)
    a, weights = rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    np.fill_diagonal(a, [1.0, 2.0, 4.0])
    for vectors in (lambda x: LA.eigh(x)[1], lambda x: LA.svd(x)[0]):
        f = lambda x, v=vectors: (np.trace(x) - 7) * np.sum(weights * v(x))  # noqa: E731
        assert f(a) == 0
        check_gradients(f, a)


def with_phases(*columns):
    """Return the columns with the first entry of each real, as LAPACK might have chosen them."""
    phase = columns[0][..., :1, :] / np.abs(columns[0][..., :1, :])
    return [x / phase for x in columns]


DECOMPOSED = {  # the decomposition of a complex matrix, and its vectors as columns
    "eigh": (lambda a: LA.eigh(a + h(a)), lambda r: [r[1]]),
    "eig": (LA.eig, lambda r: [r[1]]),
    "svd": (lambda a: LA.svd(a), lambda r: [r[0], h(r[2])]),
    "tall": (lambda a: LA.svd(a[:, :2], full_matrices=False), lambda r: [r[0], h(r[2])]),
}  # fmt: skip


@pytest.mark.parametrize("name", DECOMPOSED)
def test_a_function_of_the_phase_of_complex_vectors_is_an_error(name):
    decompose, columns = DECOMPOSED[name]
    rng = np.random.default_rng(0)
    a, weights = draw(rng, 3, 3) + 5 * np.diag([0, 1, 2]), draw(rng, 3, 3)
    for f in (
        lambda x: np.real(np.sum(weights[:, :1] * columns(decompose(x))[0])),
        lambda x: np.sum(np.imag(columns(decompose(x))[-1])),
    ):
        with pytest.raises(LA.LinAlgError, match="the phase of complex vectors"):
            gradient(f, a)


@pytest.mark.parametrize("name", DECOMPOSED)
def test_a_function_in_which_phases_cancel_is_right(name):
    decompose, columns = DECOMPOSED[name]
    rng = np.random.default_rng(0)
    a = draw(rng, 3, 3) + 5 * np.diag([0, 1, 2])
    for f in (
        lambda x: np.sum(np.abs(columns(decompose(x))[0][:2, 0]) ** 2),
        lambda x: np.sum(np.real(with_phases(*columns(decompose(x)))[0])),
        lambda x: np.sum(np.imag(with_phases(*columns(decompose(x)))[-1]) ** 2),
    ):
        check_gradients(f, a)


def test_the_phases_of_vectors_of_a_zero_singular_value_are_free_for_each():
    a = np.diag([2.0 + 1j, 1.0, 0.0])
    f = lambda x: np.imag(np.sum((lambda u, s, vh: u[:, 2] * vh[2])(*LA.svd(x))))  # noqa: E731
    with pytest.raises(LA.LinAlgError, match="the phase of complex vectors"):
        gradient(f, a)


def test_complex_eigenvectors_of_a_real_matrix_have_a_free_phase_too():
    turn = np.array([[0.1, -1.0], [2.0, 0.3]])
    with pytest.raises(LA.LinAlgError, match="the phase of complex vectors"):
        gradient(lambda x: np.sum(np.real(LA.eig(x)[1])), turn)
    check_gradients(lambda x: np.sum(np.abs(LA.eig(x)[1]) ** 2 @ np.array([1.0, 2.0])), turn)


def test_eigh_reads_one_triangle_and_has_its_gradient_there():
    a = np.random.default_rng(0).normal(size=(3, 3))
    lower = gradient(lambda v: LA.eigvalsh(v)[0], a)
    upper = gradient(lambda v: LA.eigvalsh(v, "U")[0], a.T)
    assert (np.triu(lower, 1) == 0).all()
    np.testing.assert_allclose(lower, upper.T, atol=1e-14)


@pytest.mark.parametrize("dtype", ["f8", "c16"])
def test_the_gradient_of_cholesky_is_symmetric(dtype):
    rng = np.random.default_rng(0)
    a = draw(rng, 3, 3, dtype=dtype)
    a = a @ h(a) + np.eye(3)
    weights = rng.normal(size=(3, 3))
    for upper in (False, True):
        found = gradient(lambda v, u=upper: np.sum(np.real(LA.cholesky(v, upper=u) * weights)), a)
        np.testing.assert_allclose(found, h(found), atol=1e-14)
