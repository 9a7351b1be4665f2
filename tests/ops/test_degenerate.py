"""Repeated eigenvalues and singular values: where a derivative exists it is found, else refused."""

import numpy as np
import pytest

from autograd import Value, grad, hessian, jvp
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


@pytest.mark.parametrize(
    "f",
    [
        lambda a: of_matrix(np.log, a)[0, 1],
        lambda a: np.sum(of_matrix(np.log, a)),
        lambda a: np.sum(of_matrix(lambda w: 1 / w, a)) + np.sum(np.log(LA.eigh(a)[0])),
        lambda a: (lambda w, v: np.sum((v / w) @ v.T) + np.sum(np.log(w)))(*LA.eigh(a)),
    ],
)
def test_what_a_gradient_at_one_basis_cannot_tell_is_an_error(f):
    """At the identity log w and its gradient vanish; and a constant diagonal shows no slope."""
    try:
        found = gradient(f, np.eye(2))
    except LA.LinAlgError as error:
        assert "depends on which basis" in str(error)
    else:
        d = 1e-6 * np.array([[0.0, 1.0], [1.0, 0.0]])
        change = (f(np.eye(2) + d) - f(np.eye(2) - d)) / 2e-6
        assert found[1, 0] == pytest.approx(change, abs=1e-6)


# -- second derivatives --------------------------------------------------------------------------


def symmetric(a):
    return (a + np.swapaxes(a, -1, -2)) / 2


def hermitian(parts):
    """Return a Hermitian matrix, whose real and imaginary parts are given by two matrices."""
    a = parts[0] + 1j * parts[1]
    return (a + np.conj(a.mT)) / 2


def trace(a):
    return np.real(np.sum(np.diagonal(a, axis1=-2, axis2=-1)))


OF_EIGENVALUES = {  # the function of the values, and the same without a decomposition
    "squares": (lambda w: np.sum(w**2), lambda a: trace(a @ a)),
    "cubes": (lambda w: np.sum(w**3), lambda a: trace(a @ a @ a)),
    "logarithms": (lambda w: np.sum(np.log(w)), lambda a: np.sum(LA.slogdet(a)[1])),
    "inverses": (lambda w: np.sum(1 / w), lambda a: trace(LA.inv(a))),
    "product": (lambda w: np.sum(np.prod(w, axis=-1)), lambda a: np.sum(np.real(LA.det(a)))),
    "at a minimum": (lambda w: np.sum((w - 1) ** 2), lambda a: trace((a - ONE) @ (a - ONE))),
    "of sums": (lambda w: np.sum(w) * np.sum(w**2), lambda a: trace(a) * trace(a @ a)),
    "sum": (lambda w: np.sum(w), trace),
}
ONE = np.eye(3)
Q3 = LA.qr(np.random.default_rng(3).normal(size=(3, 3))).Q
SYMMETRIC = {
    "identity": ONE,
    "twice": 2 * ONE,
    "pair": np.diag([1.0, 1.0, 2.0]),
    "turned pair": Q3 @ np.diag([1.0, 2.0, 2.0]) @ Q3.T,
    "distinct": Q3 @ np.diag([1.0, 2.0, 4.0]) @ Q3.T,
    "stack": np.stack([ONE, np.diag([1.0, 1.0, 2.0]), Q3 @ np.diag([1.0, 2.0, 4.0]) @ Q3.T]),
}


def second_derivatives(f, x):
    """Return the Hessian by reverse over reverse, and along each entry by forward over reverse."""
    directions = np.eye(x.size).reshape(x.size, *x.shape)
    rows = [jvp(grad(f), (x,), (d,))[1] for d in directions]
    return hessian(f)(x), np.reshape(rows, x.shape + x.shape)


@pytest.mark.parametrize("point", SYMMETRIC)
@pytest.mark.parametrize("name", OF_EIGENVALUES)
def test_second_derivatives_of_symmetric_functions_of_eigenvalues(name, point):
    of_values, of_matrix = OF_EIGENVALUES[name]
    expected = hessian(lambda m: of_matrix(symmetric(m)))(SYMMETRIC[point])
    for found in second_derivatives(
        lambda m: of_values(LA.eigvalsh(symmetric(m))), SYMMETRIC[point]
    ):
        np.testing.assert_allclose(found, expected, atol=1e-10)


@pytest.mark.parametrize("name", OF_EIGENVALUES)
@pytest.mark.parametrize("imaginary", [0.0, 0.5])
def test_second_derivatives_of_hermitian_matrices(name, imaginary):
    of_values, of_matrix = OF_EIGENVALUES[name]
    turn = LA.qr(Q3 + 1j * imaginary * M[:3, :3]).Q
    a = turn @ np.diag([1.0, 2.0, 2.0]) @ np.conj(turn.T)
    parts = np.stack([a.real, a.imag])
    expected = hessian(lambda m: of_matrix(hermitian(m)))(parts)
    found = hessian(lambda m: of_values(LA.eigvalsh(hermitian(m))))(parts)
    np.testing.assert_allclose(found, expected, atol=1e-10)


OF_SINGULAR_VALUES = {
    "squares": (lambda s: np.sum(s**2), lambda a: np.sum(a * a)),
    "fourth powers": (lambda s: np.sum(s**4), lambda a: trace(a @ a.mT @ a @ a.mT)),
    "logarithms": (
        lambda s: np.sum(np.log(1 + s**2)),
        lambda a: np.sum(LA.slogdet(np.eye(a.shape[-1]) + a.mT @ a)[1]),
    ),
    "of sums": (lambda s: np.sum(s**2) ** 2, lambda a: np.sum(a * a) ** 2),
}
ANY = {
    "identity": ONE,
    "turned": 2 * Q3,
    "rank 2": Q3 @ np.diag([2.0, 1.0, 0.0]) @ Q3,
    "rank 1": np.outer([1.0, 2.0, 1.0], [1.0, 1.0, 3.0]),
    "zero": np.zeros((2, 3)),
    "tall": Q3[:, :2],
    "wide": Q3[:2] * 2,
    "tall of rank 1": np.outer([1.0, 2.0, 1.0], [1.0, 3.0]),
    "wide of rank 1": np.outer([1.0, 2.0], [1.0, 1.0, 3.0]),
    "distinct": M[:3, :2],
    "stack": np.stack([ONE, np.outer([1.0, 2.0, 1.0], [1.0, 1.0, 3.0]), M[:3, :3]]),
}


@pytest.mark.parametrize("point", ANY)
@pytest.mark.parametrize("name", OF_SINGULAR_VALUES)
def test_second_derivatives_of_even_functions_of_singular_values(name, point):
    of_values, of_matrix = OF_SINGULAR_VALUES[name]
    expected = hessian(of_matrix)(ANY[point])
    for found in second_derivatives(lambda m: of_values(LA.svdvals(m)), ANY[point]):
        np.testing.assert_allclose(found, expected, atol=1e-9 * np.max(np.abs(expected)))


U3 = LA.qr(Q3 + 0.5j * M[:3, :3]).Q
COMPLEX = {
    "unitary": 2 * U3,
    "rank 2": U3 @ np.diag([2.0, 2.0, 0.0]) @ U3,
    "rank 1": np.outer(U3[0], U3[1]),
    "tall of rank 1": np.outer(U3[0], U3[1, :2]),
    "wide": U3[:2],
    "zero": np.zeros((2, 2)),
}


@pytest.mark.parametrize("point", COMPLEX)
def test_second_derivatives_of_singular_values_of_complex_matrices(point):
    parts = np.stack([COMPLEX[point].real, COMPLEX[point].imag])
    of_matrix = lambda m: trace(m @ np.conj(m.mT) @ m @ np.conj(m.mT)) + trace(m @ np.conj(m.mT))  # noqa: E731
    expected = hessian(lambda p: of_matrix(p[0] + 1j * p[1]))(parts)
    for found in second_derivatives(
        lambda p: np.sum((lambda s: s**4 + s**2)(LA.svdvals(p[0] + 1j * p[1]))), parts
    ):
        np.testing.assert_allclose(found, expected, atol=1e-10)


def test_the_nuclear_norm_has_second_derivatives_at_equal_values():
    """Near the identity it is tr √(aᵀa), which turns do not change."""
    skew = np.array([[0.0, -1.0], [1.0, 0.0]])
    expected = np.multiply.outer(skew, skew) / 2
    for found in second_derivatives(lambda m: LA.norm(m, "nuc"), np.eye(2)):
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_largest_eigenvalue_beside_equal_ones():
    a = Q3 @ np.diag([1.0, 1.0, 3.0]) @ Q3.T
    v = Q3[:, 2]
    rest = ONE - np.outer(v, v)
    expected = np.einsum("i,k,jl->ijkl", v, v, rest) / 2  # 2 vᵀ da (3 − a)⁺ da v
    expected = expected + np.einsum("ijkl->jikl", expected)
    expected = (expected + np.einsum("ijkl->ijlk", expected)) / 2
    for found in second_derivatives(lambda m: LA.eigvalsh(symmetric(m))[-1], a):
        np.testing.assert_allclose(found, expected, atol=1e-12)


NO_SECOND = {
    "two decompositions": (lambda a: np.sum(LA.eigvalsh(a) * LA.eigvalsh(a)), ONE),
    "no symmetric function": (lambda a: LA.eigvalsh(a) ** np.array([2, 1, 1]) @ [1, 2, 2], ONE),
    "vectors": (lambda a: np.sum(S[:3, :3] * of_matrix(lambda w: w, a)), ONE),
    "general eigenvalues": (lambda a: np.real(np.sum(LA.eigvals(a) ** 2)), ONE),
    "nuclear norm of rank 1": (lambda a: LA.norm(a, "nuc"), np.diag([1.0, 0.0])),
    "nuclear norm of rank 1, turned": (lambda a: LA.norm(a, "nuc"), np.outer([1.0, 3], [1.0, 3])),
    "singular vectors": (lambda a: np.sum(M[:2, :2] * scaled(*LA.svd(a))), ONE[:2, :2]),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_SECOND)
def test_second_derivatives_that_are_not_there_or_not_known_are_errors(name):
    f, a = NO_SECOND[name]
    with pytest.raises(LA.LinAlgError, match="repeated"):
        hessian(lambda m: f(symmetric(m)))(a)
    with pytest.raises(LA.LinAlgError, match="repeated"):
        jvp(grad(lambda m: f(symmetric(m))), (a,), (np.ones(a.shape),))


def test_third_derivatives_at_equal_values_are_errors_and_right_elsewhere():
    f = lambda m: np.sum(LA.eigvalsh(symmetric(m)) ** 3)  # noqa: E731
    exact = lambda m: trace(symmetric(m) @ symmetric(m) @ symmetric(m))  # noqa: E731
    along = lambda f: lambda m: np.sum(hessian(f)(m) * S[:3, :3])  # noqa: E731
    with pytest.raises(LA.LinAlgError, match="repeated"):
        grad(along(f))(ONE)
    a = SYMMETRIC["distinct"]
    np.testing.assert_allclose(grad(along(f))(a), grad(along(exact))(a), atol=1e-9)


def test_a_second_derivative_leaves_gradients_of_the_forward_pass_alone():
    a = Value(np.eye(2))
    total = np.sum(LA.eigvalsh(a) ** 2)
    y = total * 3.0
    y.backward()
    y.backward(create_graph=True)
    assert total.grad == 3.0


DEFECTIVE = [
    np.array([[1.0, 1.0], [0.0, 1.0]]),
    np.array([[0.0, 1.0], [0.0, 0.0]]),
    np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]]),
    Q3 @ np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 5.0]]) @ Q3.T,
    Q3 @ np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]]) @ Q3.T,
]


@pytest.mark.parametrize("a", DEFECTIVE)
def test_eigenvalues_of_defective_matrices_are_an_error(a):
    for f in (lambda v: np.real(LA.eigvals(v))[0], lambda v: np.sum(np.real(LA.eig(v)[0] ** 2))):
        with pytest.raises(LA.LinAlgError, match="independent eigenvectors"):
            gradient(f, a)


def test_ill_conditioned_eigenvalues_that_are_apart_are_not_defective():
    roots = np.arange(1.0, 9.0)
    found = gradient(lambda c: np.sum(np.real(np.roots(c)) ** 2), np.poly(roots))
    # Σ r² = c₁² − 2 c₂ for a polynomial with leading coefficient 1
    c = np.poly(roots)
    np.testing.assert_allclose(found[1:3], [2 * c[1], -2], rtol=1e-6)


@pytest.mark.parametrize("mode", ["reduced", "complete"])
@pytest.mark.parametrize(
    "a", [np.ones((3, 3)), np.outer([1.0, 2.0, 3.0], [1.0, 1.0]), np.zeros((2, 3))]
)
def test_qr_of_dependent_columns_is_an_error(a, mode):
    """Its rule divides by what is 0 but for rounding."""
    with pytest.raises(np.linalg.LinAlgError):
        grad(lambda a: np.sum(np.linalg.qr(a, mode)[1] ** 3))(a)
