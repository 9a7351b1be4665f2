"""Repeated eigenvalues and singular values: where a derivative exists it is found, else refused."""

import numpy as np
import pytest

from autograd import Value
from tests.composed.linalg.matrices import LA, gradient, projector, scaled

Q = LA.qr(np.random.default_rng(1).normal(size=(5, 5))).Q


M = np.random.default_rng(2).normal(size=(5, 5))


S = M + M.T


def of_matrix(function, a):
    """Return V function(w) Vᵀ."""
    w, v = LA.eigh(a)
    return (v * function(w)) @ np.swapaxes(v, -1, -2)


def lower(g):
    """Return the symmetric gradient `g` as that of a function of the lower triangle."""
    return np.tril(g + g.T, -1) + np.diag(np.diag(g))


BASIS_FREE = {
    "sum": (lambda a: np.sum(LA.eigvalsh(a)), lambda a: np.eye(5)),
    "sum of roots": (
        lambda a: np.sum(np.sqrt(LA.eigvalsh(a))),
        lambda a: lower(of_matrix(lambda w: 0.5 / np.sqrt(w), a)),
    ),
    "the matrix itself": (
        lambda a: np.sum(M * of_matrix(lambda w: w, a)), lambda a: lower(S / 2),
    ),
    "inverse": (
        lambda a: np.sum(M * of_matrix(lambda w: 1 / w, a)),
        lambda a: lower(-LA.inv(a) @ S @ LA.inv(a) / 2),
    ),
    "likelihood": (
        lambda a: np.sum(M * of_matrix(lambda w: 1 / w, a)) + np.sum(np.log(LA.eigvalsh(a))),
        lambda a: lower(-LA.inv(a) @ S @ LA.inv(a) / 2 + LA.inv(a)),
    ),
    "general eigenvalues": (lambda a: np.sum(LA.eigvals(a) ** 2), lambda a: 2 * a.T),
    "projector on all": (
        lambda a: np.sum(M * of_matrix(lambda w: w**0, a)), lambda a: np.zeros((5, 5)),
    ),
    "U S Vᵀ": (lambda a: np.sum(M * scaled(*LA.svd(a))), lambda a: M),
    "nuclear norm": (lambda a: LA.norm(a, "nuc"), lambda a: np.eye(5)),
    "sum of squares": (lambda a: np.sum(LA.svdvals(a) ** 2), lambda a: 2 * a),
}  # fmt: skip


REPEATED = {
    "identity": [1.0, 1, 1, 1, 1],
    "three": [1.0, 1, 1, 2, 3],
    "two pairs": [1.0, 1, 2, 3, 3],
    "scaled": [4.0, 4, 4, 4, 4],
}


@pytest.mark.parametrize("values", REPEATED)
@pytest.mark.parametrize("name", BASIS_FREE)
def test_repeated_values_where_the_basis_does_not_matter(name, values):
    a = Q @ np.diag(REPEATED[values]) @ Q.T
    f, expected = BASIS_FREE[name]
    for x in ((a + a.T) / 2, np.diag(REPEATED[values])):
        np.testing.assert_allclose(gradient(f, x), expected(x), atol=1e-11)


def test_the_projector_on_the_space_of_a_repeated_eigenvalue():
    """dP = Σ (V₁ᵀ dA V₂) / (w₁ − w₂) and its transpose, whatever the basis of either space."""
    a = Q @ np.diag([1.0, 1, 1, 2, 3]) @ Q.T
    a = (a + a.T) / 2
    v, w = Q, np.array([1.0, 1, 1, 2, 3])
    gaps = w[:, None] - w
    slopes = np.where(gaps == 0, 0, np.outer(w == 1, w != 1) / np.where(gaps == 0, 1, gaps))
    expected = v @ (v.T @ S @ v * (slopes + slopes.T) / 2) @ v.T
    found = gradient(lambda x: np.sum(M * projector(LA.eigh(x)[1][:, :3])), a)
    np.testing.assert_allclose(found, lower(expected), atol=1e-11)


def test_the_singular_vectors_of_a_tall_isometry():
    a = Q[:, :3]
    f = lambda v: np.sum(M[:, :3] * scaled(*LA.svd(v, full_matrices=False)))  # noqa: E731
    np.testing.assert_allclose(gradient(f, a), M[:, :3], atol=1e-12)


def test_a_skew_gradient_cancels_to_rounding_at_repeated_singular_values():
    skew = M - M.T
    for a in (np.eye(5), Q @ Q.T, 3 * Q @ Q.T):
        found = gradient(lambda v: np.sum(skew * scaled(*LA.svd(v))), a)
        np.testing.assert_allclose(found, skew, atol=1e-11)


def test_batches_in_which_some_values_are_repeated():
    stack = np.stack([np.eye(3), np.diag([1.0, 2.0, 4.0])])
    weights = np.random.default_rng(0).normal(size=(3, 3))
    found = gradient(lambda v: np.sum(weights * scaled(*LA.svd(v))), stack)
    np.testing.assert_allclose(found, [weights, weights], atol=1e-12)


BASIS_BOUND = {
    "one eigenvector": lambda a: np.sum(M[0] * LA.eigh(a)[1][:, 0]),
    "eigenvectors": lambda a: np.sum(M * LA.eigh(a)[1]),
    "one eigenvalue": lambda a: LA.eigvalsh(a)[0],
    "one of general eigenvalues": lambda a: np.real(LA.eigvals(a)) @ M[0],
    "general eigenvectors": lambda a: np.sum(M * LA.eig(a)[1]),
    "singular vectors": lambda a: np.sum(M * LA.svd(a)[0]),
    "one singular value": lambda a: LA.svdvals(a)[-1],
}


@pytest.mark.parametrize("name", BASIS_BOUND)
def test_a_function_of_the_basis_is_an_error_where_values_are_repeated(name):
    a = Q @ np.diag([1.0, 1, 1, 2, 3]) @ Q.T
    with pytest.raises(LA.LinAlgError, match="depends on which basis of their vectors"):
        gradient(BASIS_BOUND[name], (a + a.T) / 2)


def test_the_vectors_of_zero_singular_values_are_an_error():
    with pytest.raises(LA.LinAlgError, match="depends on which basis"):
        gradient(lambda a: np.sum(M[:3, :3] * LA.svd(a)[0]), np.diag([1.0, 0.0, 0.0]))
    with pytest.raises(LA.LinAlgError, match="depends on which basis"):
        gradient(lambda a: np.sum(M * (lambda u, _, vh: u @ vh)(*LA.svd(a))), Q * [3, 2, 1, 0, 0])
    with pytest.raises(LA.LinAlgError, match="depends on which basis"):
        gradient(lambda a: np.sum(M[:, 0] * LA.svd(a)[0][:, 2]), Q[:, :3] * [2.0, 1.0, 0.0])
    with pytest.raises(LA.LinAlgError, match="depends on which basis"):
        gradient(lambda a: np.sum(M[:, 3:] * LA.svd(a)[0][:, 3:]), Q[:, :3] * [1.0, 2.0, 3.0])
    with pytest.raises(LA.LinAlgError, match="depends on which basis"):
        gradient(lambda a: np.sum(M[:, 3:] * LA.qr(a, "complete")[0][:, 3:]), Q[:, :3])


def test_a_mixture_that_a_pair_of_equal_values_cannot_tell_apart_is_an_error():
    """Of three equal values the trace beside a matrix function shows, of two it does not."""

    def likelihood(a):
        w, v = LA.eigh(a)
        return np.sum(M * ((v / w) @ v.T)) + np.sum(np.log(w))

    a = 2 * np.eye(5)
    expected = lower(-LA.inv(a) @ S @ LA.inv(a) / 2 + LA.inv(a))
    np.testing.assert_allclose(gradient(likelihood, a), expected, atol=1e-12)
    with pytest.raises(LA.LinAlgError, match="depends on which basis"):
        gradient(likelihood, np.diag([1.0, 2.0, 3.0, 4.0, 4.0]))


def test_second_derivatives_at_repeated_eigenvalues():
    """d² tr A² is twice the identity; a function of the vectors is refused."""
    v, weights = Value(np.eye(3)), np.random.default_rng(0).normal(size=(3, 3))
    np.sum(LA.eigvalsh(v) ** 2).backward(create_graph=True)
    first = v.grad
    v.zero_grad()
    np.sum(first * weights).backward()
    np.testing.assert_allclose(v.grad, np.tril(4 * weights) - np.diag(2 * np.diag(weights)))
    with pytest.raises(LA.LinAlgError, match="a higher derivative through the vectors"):
        np.sum(S * of_matrix(lambda w: w, Value(np.eye(5)))).backward(create_graph=True)
