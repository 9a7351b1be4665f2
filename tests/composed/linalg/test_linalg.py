"""numpy.linalg on Values: the values of NumPy, and gradients of first and second order.

Rows with `samples` are swept by tests/ops/test_gradients.py; here is what they cannot say: complex
matrices, functions made of rows, and errors.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.testing import check_gradients
from tests.composed.linalg.matrices import (
    DTYPES,
    LA,
    MATRIX_ORDERS,
    SEEDS,
    VECTOR_ORDERS,
    draw,
    h,
    parts,
    projector,
    same_as_numpy,
    scaled,
)

pytestmark = pytest.mark.slow

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


# -- errors --------------------------------------------------------------------------------------


def test_errors_say_what_is_wrong():
    v = Value(np.ones((2, 2)))
    for f in (LA.inv, LA.cholesky, lambda a: LA.solve(a, np.ones(2))):
        with pytest.raises(LA.LinAlgError):
            f(Value(-np.ones((2, 2))))
    with pytest.raises(LA.LinAlgError, match="takes a matrix or a stack"):
        LA.eigh(Value([1.0, 2.0]))
    with pytest.raises(TypeError, match="takes mode 'reduced', 'complete' or 'r', not 'raw'"):
        LA.qr(v, mode="raw")
    with pytest.raises(ValueError, match="a norm of matrices takes None, 'fro'"):
        LA.norm(v, 3)
    with pytest.raises(ValueError, match="a norm of vectors takes a number"):
        LA.norm(v, "fro", axis=0)
    with pytest.raises(ValueError, match="give axis="):
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
