"""numpy.linalg on Values: the values of NumPy, and gradients of first and second order.

Rows with `samples` are swept by test_gradients.py; here is what they cannot say: complex
matrices, conventions, functions made of rows, and where derivatives end.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.engine.graph import history
from autograd.testing import check_gradients

LA = np.linalg
DTYPES = ["f4", "f8", "c8", "c16"]
SEEDS = st.integers(0, 2**32 - 1)


def draw(rng, *shape, dtype="c16"):
    x = rng.normal(size=shape)
    if np.dtype(dtype).kind == "c":
        x = x + 1j * rng.normal(size=shape)
    return x.astype(dtype)


def h(x):
    return np.conj(np.swapaxes(x, -1, -2))


def gradient(f, x):
    v = Value(x)
    f(v).backward()
    return v.grad


def scaled(u, s, vh):
    return (u * s[..., None, :]) @ vh


def parts(result):
    return result if isinstance(result, tuple) else (result,)


# -- the values, shapes, dtypes and result types of NumPy ----------------------------------------

SQUARE = {
    "inv": LA.inv,
    "det": LA.det,
    "slogdet": LA.slogdet,
    "eigh": LA.eigh,
    "eigh of U": lambda a: LA.eigh(a, "U"),
    "eigvalsh": lambda a: LA.eigvalsh(a, UPLO="U"),
    "eigvals": LA.eigvals,
    "cholesky": lambda a: LA.cholesky(a @ h(a)),
    "upper cholesky": lambda a: LA.cholesky(a @ h(a), upper=True),
    "matrix_power": lambda a: LA.matrix_power(a, 3),
    "inverse power": lambda a: LA.matrix_power(a, -2),
    "no power": lambda a: LA.matrix_power(a, 0),
    "pinv of a Hermitian": lambda a: LA.pinv(a, hermitian=True),
    "svd of a Hermitian": lambda a: scaled(*LA.svd(a, hermitian=True)),
    "cond of order 1": lambda a: np.real(LA.cond(a, 1)),
    "solve": lambda a: LA.solve(a, np.ones(a.shape[-1], a.dtype)),
    "solve for matrices": lambda a: LA.solve(a, a[..., :2]),
}
ANY = {
    "svd": lambda a: LA.svd(a, full_matrices=False),
    "full svd": LA.svd,
    "svdvals": LA.svdvals,
    "values of svd": lambda a: LA.svd(a, compute_uv=False),
    "qr": LA.qr,
    "complete qr": lambda a: LA.qr(a, mode="complete"),
    "r of qr": lambda a: LA.qr(a, mode="r"),
    "pinv": LA.pinv,
    "pinv with a cutoff": lambda a: LA.pinv(a, rcond=0.1),
    "cond": LA.cond,
    "cond of order -2": lambda a: LA.cond(a, -2),
    "diagonal": lambda a: LA.diagonal(a, offset=1),
    "trace": LA.trace,
    "matrix_transpose": LA.matrix_transpose,
    "matrix_norm": lambda a: LA.matrix_norm(a, ord="nuc"),
    "vector_norm": lambda a: LA.vector_norm(a, ord=3),
    "vector_norm of axes": lambda a: LA.vector_norm(a, axis=(-1, 0), keepdims=True),
}
BATCHES = st.sampled_from([(), (2,), (3, 1), (0,)])


def same_as_numpy(f, a, exact=1e4):
    found, expected = f(Value(a)), f(a)
    assert type(found) is (type(expected) if isinstance(expected, tuple) else Value)
    for one, other in zip(parts(found), parts(expected), strict=True):
        assert isinstance(one, Value)
        assert one.shape == other.shape
        assert one.dtype == other.dtype
        size = np.max(np.abs(other), initial=1.0)
        np.testing.assert_allclose(
            one.numpy(), other, rtol=0, atol=exact * np.finfo(other.dtype).eps * size
        )


@pytest.mark.parametrize("name", SQUARE)
@given(batch=BATCHES, n=st.integers(2, 4), dtype=st.sampled_from(DTYPES), seed=SEEDS)
def test_square_matrices_as_in_numpy(name, batch, n, dtype, seed):
    if name == "eigvals" and 0 in batch:
        return  # NumPy then cannot say whether they are real
    a = draw(np.random.default_rng(seed), *batch, n, n, dtype=dtype)
    if name == "eigvals":
        a = a + a.swapaxes(-1, -2).conj() + 3 * np.diag(np.arange(n)).astype(dtype)
    else:
        a = a / n + 2 * np.eye(n, dtype=dtype)
    same_as_numpy(SQUARE[name], a)


@pytest.mark.parametrize("name", ANY)
@given(
    batch=BATCHES,
    m=st.integers(2, 4),
    n=st.integers(2, 4),
    dtype=st.sampled_from(DTYPES),
    seed=SEEDS,
)
def test_any_matrices_as_in_numpy(name, batch, m, n, dtype, seed):
    same_as_numpy(ANY[name], draw(np.random.default_rng(seed), *batch, m, n, dtype=dtype) + 0)


@given(seed=SEEDS, m=st.integers(2, 5), n=st.integers(2, 5), dtype=st.sampled_from(DTYPES))
def test_least_squares_as_in_numpy(seed, m, n, dtype):
    rng = np.random.default_rng(seed)
    a = draw(rng, m, n, dtype=dtype)
    for b in (draw(rng, m, dtype=dtype), draw(rng, m, 2, dtype=dtype)):
        found, expected = LA.lstsq(Value(a), b), LA.lstsq(a, b)
        assert found[2] == expected[2] == LA.matrix_rank(Value(a))
        for one, other in zip(found, expected, strict=True):
            assert np.shape(one) == np.shape(other)
            if isinstance(one, Value):
                assert one.dtype == other.dtype
                one = one.numpy()
            size = np.max(np.abs(other), initial=1.0) * LA.cond(a) ** 2
            eps = np.finfo(dtype).eps
            np.testing.assert_allclose(one, other, rtol=0, atol=100 * eps * size)


def test_least_squares_of_lower_rank_has_the_shortest_solution():
    a = np.outer([1.0, 2.0, 3.0], [1.0, -1.0])
    found, expected = LA.lstsq(Value(a), np.ones(3)), LA.lstsq(a, np.ones(3))
    np.testing.assert_allclose(found[0].numpy(), expected[0], atol=1e-14)
    assert (found[1].shape, found[2]) == ((0,), 1)


@pytest.mark.parametrize("a", [np.zeros((2, 2)), np.diag([1.0, 0.0]), np.stack([np.eye(2)] * 2)])
def test_cond_of_singular_matrices_is_infinite(a):
    for p in (None, 2, -2):
        np.testing.assert_array_equal(LA.cond(Value(a), p).data, LA.cond(a, p))


def test_matrices_of_integers_and_of_no_entries():
    whole = np.array([[2, 1], [1, 3]])
    for f in (LA.inv, LA.det, LA.eigh, LA.qr, LA.norm, LA.cholesky):
        same_as_numpy(f, whole)
    for f in (LA.inv, LA.det, LA.slogdet, LA.eigh, LA.svd, LA.qr, LA.norm):
        same_as_numpy(f, np.zeros((0, 0)))
        v = Value(np.zeros((0, 0)))
        first = parts(f(v))[0]
        first.backward(np.ones(first.shape))
        assert v.grad is None or v.grad.shape == (0, 0)


@pytest.mark.parametrize("f", [LA.solve, lambda a, b: LA.lstsq(a, b)[0], np.kron, np.vecdot])
def test_a_constant_beside_a_value(f):
    a, b = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -1.0])
    for x, y in ((Value(a), b), (a, Value(b))):
        np.testing.assert_allclose(f(x, y).numpy(), f(a, b))


VECTOR_ORDERS = [None, 0, 1, 2, 3, 2.5, 0.5, -1, -2, np.inf, -np.inf]
MATRIX_ORDERS = [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf]


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


# -- gradients of complex matrices, and of what is made of rows ----------------------------------

DERIVATIVES = {
    "inv": (LA.inv, (2, 3, 3)),
    "det": (LA.det, (2, 3, 3)),
    "slogdet": (lambda a: LA.slogdet(a).logabsdet, (2, 3, 3)),
    "sign of slogdet": (lambda a: LA.slogdet(a).sign, (3, 3)),
    "solve": (LA.solve, (2, 3, 3), (3, 2)),
    "solve for a vector": (LA.solve, (2, 3, 3), (3,)),
    "pinv of tall": (LA.pinv, (4, 2)),
    "pinv of wide": (LA.pinv, (2, 2, 4)),
    "pinv of a Hermitian": (lambda a: LA.pinv(a, hermitian=True), (3, 3)),
    "lstsq": (lambda a, b: LA.lstsq(a, b)[0], (4, 2), (4,)),
    "residuals": (lambda a, b: LA.lstsq(a, b)[1], (4, 2), (4, 3)),
    "tensorinv": (lambda a: LA.tensorinv(a, ind=1), (6, 2, 3)),
    "tensorsolve": (LA.tensorsolve, (2, 3, 6), (2, 3)),
    "tensorsolve of axes": (lambda a, b: LA.tensorsolve(a, b, axes=(0,)), (6, 2, 3), (2, 3)),
    "matrix_power": (lambda a: LA.matrix_power(a, 5), (2, 3, 3)),
    "inverse power": (lambda a: LA.matrix_power(a, -3), (3, 3)),
    "cholesky": (lambda a: LA.cholesky(a @ h(a)), (2, 3, 3)),
    "upper cholesky": (lambda a: LA.cholesky(a @ h(a), upper=True), (3, 3)),
    "q": (lambda a: LA.qr(a).Q, (3, 3)),
    "q of tall": (lambda a: LA.qr(a).Q, (2, 4, 2)),
    "q of wide": (lambda a: LA.qr(a).Q, (2, 4)),
    "r": (lambda a: LA.qr(a, mode="r"), (3, 3)),
    "r of tall": (lambda a: LA.qr(a, mode="r"), (4, 2)),
    "r of wide": (lambda a: LA.qr(a, mode="r"), (2, 2, 4)),
    "complete q": (lambda a: LA.qr(a, mode="complete").Q[:, :2], (4, 2)),
    "space beyond q": (lambda a: projector(LA.qr(a, mode="complete").Q[:, 2:]), (4, 2)),
    "complete r": (lambda a: LA.qr(a, mode="complete").R, (4, 2)),
    "eigvalsh": (LA.eigvalsh, (2, 3, 3)),
    "eigvalsh of U": (lambda a: LA.eigvalsh(a, "U"), (3, 3)),
    "projector": (lambda a: projector(LA.eigh(a).eigenvectors[..., :1]), (2, 3, 3)),
    "size of eigenvectors": (lambda a: np.abs(LA.eigh(a).eigenvectors), (3, 3)),
    "eigvals": (LA.eigvals, (2, 3, 3)),
    "size of general eigenvectors": (lambda a: np.abs(LA.eig(a).eigenvectors), (3, 3)),
    "function of a matrix": (lambda a: exponential(*LA.eig(a)), (3, 3)),
    "svdvals": (LA.svdvals, (2, 3, 2)),
    "size of u": (lambda a: np.abs(LA.svd(a, full_matrices=False).U), (4, 3)),
    "size of v": (lambda a: np.abs(LA.svd(a, full_matrices=False).Vh), (2, 3)),
    "polar factor": (lambda a: (lambda u, s, vh: u @ vh)(*LA.svd(a)), (3, 3)),
    "exponential of s": (
        lambda a: (lambda u, s, vh: scaled(u, np.exp(s), vh))(*LA.svd(a, full_matrices=False)),
        (2, 3),
    ),
    "left null space": (lambda a: projector(LA.svd(a).U[..., 2:]), (2, 4, 2)),
    "right null space": (lambda a: projector(h(LA.svd(a).Vh[..., 2:, :])), (2, 4)),
    "svd of a Hermitian": (
        lambda a: (lambda u, s, vh: scaled(u, s**2, vh))(*LA.svd(a, hermitian=True)),
        (3, 3),
    ),
    "cond": (LA.cond, (2, 3, 3)),
    "cond of order 1": (lambda a: np.real(LA.cond(a, 1)), (3, 3)),
    "multi_dot": (lambda *xs: LA.multi_dot(xs), (2,), (2, 3), (3, 4), (4, 1)),
    "kron": (np.kron, (2, 3), (3,)),
    "cross": (np.cross, (4, 3), (3,)),
    "cross along an axis": (lambda a, b: np.cross(a, b, axis=0), (3, 2), (3, 2)),
    "cross of three": (LA.cross, (4, 3), (3,)),
    "vecdot": (np.vecdot, (4, 3), (3,)),
    "vecdot along an axis": (lambda a, b: LA.vecdot(a, b, axis=0), (3, 2), (3, 2)),
    "outer": (LA.outer, (3,), (2,)),
    "tensordot": (lambda a, b: LA.tensordot(a, b, axes=([0], [-1])), (3, 2), (4, 3)),
    "einsum by numbers": (
        lambda a, b: np.einsum(a, [0, 1], b, [1, 2], [2, 0]), (2, 3), (3, 4),
    ),
    "einsum by numbers, no result": (
        lambda a, b: np.einsum(a, [..., 0], b, [0, 2]), (2, 3), (3, 4),
    ),
    "einsum by a path": (
        lambda *xs: np.einsum("ij,jk,kl", *xs, optimize=["einsum_path", (1, 2), (0, 1)]),
        (2, 3), (3, 4), (4, 2),
    ),
    "einsum, optimal": (
        lambda *xs: np.einsum("ij,jk,ii->k", *xs, optimize="optimal"), (2, 3), (3, 4), (2, 2),
    ),
}  # fmt: skip
if hasattr(np, "matvec"):
    DERIVATIVES |= {
        "matvec": (np.matvec, (4, 2, 3), (3,)),
        "vecmat": (np.vecmat, (4, 2), (2, 3)),
    }
DERIVATIVES |= {
    f"norm {order}": (lambda a, o=order: LA.norm(a, o, axis=-1), (2, 3))
    for order in VECTOR_ORDERS
    if order not in (0, 0.5)  # close to 0 the slope of a root is too steep for differences
} | {
    f"matrix norm {order}": (lambda a, o=order: LA.norm(a, o, axis=(2, 0)), (2, 3, 4))
    for order in MATRIX_ORDERS
}


def projector(v):
    return v @ h(v)


def exponential(w, v):
    return (v * np.exp(w)[..., None, :]) @ LA.inv(v)


@pytest.mark.parametrize("dtype", ["f8", "c16"])
@pytest.mark.parametrize("name", DERIVATIVES)
def test_derivatives(name, dtype):
    f, *shapes = DERIVATIVES[name]
    rng = np.random.default_rng(4)
    args = [draw(rng, *shape, dtype=dtype) for shape in shapes]
    found, expected = f(*map(Value, args)), f(*args)
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-9, atol=1e-12)
    check_gradients(f, *args, modes=("reverse",))


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


# -- conventions ---------------------------------------------------------------------------------


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


def test_det_of_singular_matrices_has_the_cofactors_as_gradient():
    a = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 1.0], [3.0, 6.0, 5.0]])
    check_gradients(LA.det, a)
    check_gradients(LA.det, a + 1j * np.outer([1, 2, 3], [1, 2, 3]))
    almost = np.random.default_rng(0).normal(size=(2, 4, 4))
    almost = almost[0][:, :3] @ almost[1][:3]
    check_gradients(LA.det, almost)
    np.testing.assert_allclose(gradient(LA.det, np.zeros((3, 3))), 0)
    assert gradient(LA.det, np.zeros((1, 1))).tolist() == [[1.0]]


@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_a_norm_of_zero_has_gradient_zero(order):
    assert (gradient(lambda v: LA.norm(v, order), np.zeros((2, 3))) == 0).all()


@pytest.mark.parametrize("order", VECTOR_ORDERS)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_a_norm_is_finite_beside_zeros(order):
    assert (gradient(lambda v: np.sum(LA.norm(v, order)), np.zeros(3)) == 0).all()
    some = gradient(lambda v: np.sum(LA.norm(v, order)), np.array([0.0, 3.0, -1.0]))
    assert np.isfinite(some).all()


# -- repeated eigenvalues and singular values ----------------------------------------------------

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


# -- products ------------------------------------------------------------------------------------


@given(data=st.data(), seed=SEEDS)
def test_tensordot_of_any_axes(data, seed):
    rng = np.random.default_rng(seed)
    pairs = data.draw(st.integers(0, 3))
    left = data.draw(st.permutations(range(3)))[:pairs]
    right = data.draw(st.permutations(range(3)))[:pairs]
    shape = [4, 0, 2] if data.draw(st.booleans()) else [4, 3, 2]
    other = [5, 6, 3]
    for i, j in zip(left, right, strict=True):
        other[j] = shape[i]
    a, b = rng.normal(size=shape), rng.normal(size=other)
    axes = ([i - 3 for i in left], right)
    same_as_numpy(lambda v: np.tensordot(v, b, axes), a)
    same_as_numpy(lambda v: np.tensordot(a, v, axes), b)


@given(sizes=st.lists(st.integers(1, 5), min_size=4, max_size=7), seed=SEEDS)
def test_multi_dot_of_any_sizes(sizes, seed):
    rng = np.random.default_rng(seed)
    rest = [rng.normal(size=(m, n)) for m, n in pairwise(sizes[1:])]
    same_as_numpy(lambda v: LA.multi_dot([v, *rest]), rng.normal(size=sizes[:2]))
    same_as_numpy(
        lambda v: LA.multi_dot([v, *rest[:-1], rest[-1][:, 0]]), rng.normal(size=sizes[1])
    )


def test_multi_dot_takes_the_cheapest_order():
    column, row = np.ones((300, 1)), np.ones((1, 300))
    for arrays in ([column, row, column, row, column], [row, column, row, column, row]):
        y = LA.multi_dot([Value(x) for x in arrays])
        assert max(node.size for node in history([y], {})[0]) == 300


def test_einsum_by_a_path_through_a_diagonal():
    path = ["einsum_path", (0, 1), (0, 1)]
    rng = np.random.default_rng(0)
    args = [rng.normal(size=shape) for shape in ((2, 2), (2, 3), (3, 4))]
    check_gradients(lambda *xs: np.einsum("ii,ij,jk->k", *xs, optimize=path), *args)


@pytest.mark.parametrize(
    "shapes", [((), (2, 3)), ((2,), (3, 4)), ((2, 1, 3), (4, 2)), ((0, 2), (3,))]
)
def test_kron_of_any_shapes(shapes):
    a, b = (np.random.default_rng(0).normal(size=shape) for shape in shapes)
    same_as_numpy(lambda v: np.kron(v, b), np.asarray(a))
    same_as_numpy(lambda v: np.kron(a, v), b)


def test_cross_of_vectors_with_two_entries():
    a, b = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([3.0, -1.0])
    np.testing.assert_allclose(np.cross(Value(a), b).numpy(), [-7.0, 2.5])
    np.testing.assert_allclose(np.cross(Value(a), np.ones(3)).numpy()[0], [2.0, -1.0, -1.0])


# -- errors --------------------------------------------------------------------------------------


def test_errors_say_what_is_wrong():
    v = Value(np.ones((2, 2)))
    for f in (LA.inv, LA.cholesky, lambda a: LA.solve(a, np.ones(2))):
        with pytest.raises(LA.LinAlgError):
            f(Value(-np.ones((2, 2))))
    with pytest.raises(LA.LinAlgError, match="takes a matrix or a stack"):
        LA.eigh(Value([1.0, 2.0]))
    with pytest.raises(TypeError, match="modes 'reduced', 'complete' and 'r', not 'raw'"):
        LA.qr(v, mode="raw")
    with pytest.raises(ValueError, match="a norm of matrices has as ord"):
        LA.norm(v, 3)
    with pytest.raises(ValueError, match="a norm of vectors has a number"):
        LA.norm(v, "fro", axis=0)
    with pytest.raises(ValueError, match="say along which axis"):
        LA.norm(Value(np.ones((2, 2, 2))), 2)
    with pytest.raises(ValueError, match="have the same length"):
        np.tensordot(Value(np.ones((2, 3))), np.ones((2, 3)), axes=([0, 1], [1, 0]))
    with pytest.raises(ValueError, match="two vectors"):
        LA.outer(v, v)
    with pytest.raises(ValueError, match="2 or 3 entries"):
        np.cross(Value(np.ones(4)), np.ones(4))
    with pytest.raises(ValueError, match="3 entries"):
        LA.cross(Value(np.ones(2)), np.ones(2))
    with pytest.raises(ValueError, match="two arrays or more"):
        LA.multi_dot([v])
    with pytest.raises(TypeError, match="integer"):
        LA.matrix_power(v, 2.5)
    with pytest.raises(ValueError, match="positive ind"):
        LA.tensorinv(v, ind=0)


@pytest.mark.parametrize("name", ["linalg.solve", "matvec"])
def test_the_right_side_may_be_a_list(name):
    f = np
    for part in name.split("."):
        f = getattr(f, part, None)
    if f is None:
        pytest.skip("NumPy is older than this function")
    a, b = np.array([[3.0, 1.0], [1.0, 2.0]]), [1.0, 2.0]
    np.testing.assert_allclose(f(Value(a), b).data, f(a, b))
