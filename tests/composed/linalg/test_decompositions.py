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


@pytest.mark.parametrize("decompose", [LA.eig, LA.eigh])
def test_the_phase_of_complex_eigenvectors_does_not_move(decompose):
    """NumPy fixes it somehow; a gradient takes the part of a vector along itself as constant."""
    rng = np.random.default_rng(0)
    a, d, weights = draw(rng, 3, 3, 3)
    a = a + 5 * np.diag([0, 1, 2])
    if decompose is LA.eigh:
        a, d = a + h(a), d + h(d)
    v = decompose(a)[1]

    def along(step):
        moved = decompose(a + step * d)[1]
        phase = np.conj(np.diag(LA.inv(v) @ moved))
        return float(np.sum(weights * moved * phase / np.abs(phase)).real)

    found = gradient(lambda x: np.real(np.sum(weights * decompose(x)[1])), a)
    read = np.tril(d) if decompose is LA.eigh else d
    check_gradients(along, 0.0, grad=lambda step: np.sum(found * read).real)


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
