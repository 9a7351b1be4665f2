"""scipy.linalg: values as SciPy's; the rows' gradients are tested with all others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="autograd.scipy is an extra")

import scipy.linalg

import autograd.scipy.linalg as ours
from autograd import Value
from autograd.testing import check_gradients

pytestmark = pytest.mark.slow

SEEDS = st.integers(0, 2**32 - 1)


def value(x):
    return x.data if isinstance(x, Value) else x


def matches(name, *args, **params):
    """Hold the function against SciPy's, on raw arrays and on Values."""
    expected = getattr(scipy.linalg, name)(*args, **params)
    f = getattr(ours, name)
    np.testing.assert_allclose(f(*args, **params), expected, rtol=1e-8, atol=1e-10)
    traced = [Value(x) if isinstance(x, np.ndarray) else x for x in args]
    np.testing.assert_allclose(value(f(*traced, **params)), expected, rtol=1e-8, atol=1e-10)


@given(
    seed=SEEDS,
    trans=st.sampled_from([0, 1, 2, "N", "T", "C"]),
    lower=st.booleans(),
    unit_diagonal=st.booleans(),
    columns=st.sampled_from([(), (2,)]),
    imaginary=st.sampled_from([0, 1j]),
)
def test_solve_triangular(seed, trans, lower, unit_diagonal, columns, imaginary):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(3, 3)) + 3 * np.eye(3) + imaginary * rng.normal(size=(3, 3))
    b = rng.normal(size=(3, *columns)) + imaginary * rng.normal(size=(3, *columns))
    options = {"trans": trans, "lower": lower, "unit_diagonal": unit_diagonal}
    matches("solve_triangular", a, b, **options)
    check_gradients(lambda a, b: ours.solve_triangular(a, b, **options), a, b, order=1)


@given(seed=SEEDS, below=st.integers(0, 3), above=st.integers(0, 3), k=st.sampled_from([(), (2,)]))
def test_solve_banded(seed, below, above, k):
    rng = np.random.default_rng(seed)
    ab, b = rng.normal(size=(below + above + 1, 4)), rng.normal(size=(4, *k))
    ab[above] += 8
    matches("solve_banded", (below, above), ab, b)
    check_gradients(lambda ab, b: ours.solve_banded((below, above), ab, b), ab, b, order=1)


@pytest.mark.parametrize("name", "expm logm sqrtm cosm sinm tanm coshm sinhm tanhm".split())
@settings(max_examples=8)
@given(seed=SEEDS)
def test_functions_of_matrices(name, seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(3, 3)) / 4
    a = a @ a.T + 0.5 * np.eye(3) if name in ("logm", "sqrtm") else a
    matches(name, a)
    matches(name, a + 0.1j * np.eye(3))


def test_roots_of_negative_numbers_are_complex():
    a = np.diag([4.0, -1.0])
    matches("sqrtm", a)
    check_gradients(ours.sqrtm, a)
    check_gradients(lambda a: ours.sqrtm(a + a.T), np.diag([2.0, -0.5]) + 0.1)
    with pytest.raises(ValueError, match="square matrices"):
        ours.sqrtm(np.ones((2, 3)))


@given(seed=SEEDS)
def test_the_change_of_the_exponential(seed):
    a, e = np.random.default_rng(seed).normal(size=(2, 3, 3))
    expected = scipy.linalg.expm_frechet(a, e)
    for found, wanted in zip(ours.expm_frechet(a, e), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-8, atol=1e-10)
    matches("expm_frechet", a, e, compute_expm=False)


@given(seed=SEEDS)
def test_equations_of_matrices(seed):
    rng = np.random.default_rng(seed)
    a, q = rng.normal(size=(2, 3, 3))
    a = a / 4 + np.eye(3)
    matches("solve_sylvester", a, a.T, q)
    matches("solve_sylvester", a + 1j * q, a.T, q + 0j)
    matches("solve_continuous_lyapunov", a, q)
    matches("solve_discrete_lyapunov", a / 4, q)
    matches("solve", a, q)
    matches("solve", a, q[0], transposed=True)
    check_gradients(ours.solve_discrete_lyapunov, a / 4, q, order=1)
    check_gradients(ours.solve, a, q[0], order=1)


@settings(max_examples=8)
@given(seed=SEEDS, lower=st.booleans(), imaginary=st.sampled_from([0, 1j]))
def test_cholesky(seed, lower, imaginary):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(3, 3)) + imaginary * rng.normal(size=(3, 3)), rng.normal(size=(3, 2))
    a = a @ a.conj().T + np.eye(3)
    matches("cholesky", a, lower=lower)
    expected = scipy.linalg.solve(a, b, assume_a="her")
    np.testing.assert_allclose(ours.cho_solve(ours.cho_factor(a, lower), b), expected, atol=1e-9)

    def solution(a, b):
        return ours.cho_solve(ours.cho_factor((a + np.conj(a.T)) / 2, lower), b)

    if not imaginary:
        check_gradients(solution, a, b, order=1)


@given(seed=SEEDS)
def test_matrices_built_from_numbers(seed):
    rng = np.random.default_rng(seed)
    c, r = rng.normal(size=3), rng.normal(size=4)
    for name in ("toeplitz", "hankel"):
        matches(name, c, r)
        matches(name, c)
        check_gradients(getattr(ours, name), c, r, order=1)
    matches("toeplitz", c + 1j)
    matches("circulant", c)
    check_gradients(ours.circulant, c, order=1)
    blocks = [rng.normal(size=s) for s in ((2, 3), (), (2,), (1, 1))]
    matches("block_diag", *blocks)
    check_gradients(ours.block_diag, *[x if x.ndim else x.item() for x in blocks], order=1)


def test_what_has_no_derivative_is_scipys_and_refuses_values():
    assert ours.hilbert(2).tolist() == scipy.linalg.hilbert(2).tolist()
    with pytest.raises(TypeError, match=r"scipy.linalg.schur has no derivative"):
        ours.schur(Value(np.eye(2)))
