"""scipy.linalg: functions of matrices, triangular, banded and Sylvester systems, special matrices.

Only functions that NumPy lacks have ops here; `inv`, `solve`, `eigh` and the like are NumPy's own.
"""

import numpy as np
import scipy.linalg as sp

from autograd.composed.creation import array
from autograd.engine.primitive import define
from autograd.scipy import others

__getattr__ = others(sp)


def _like(x, y):
    """Return `y` in the precision of `x`: SciPy always computes some functions in doubles."""
    if np.result_type(x) in (np.float32, np.complex64):
        return y.astype(np.complex64 if np.iscomplexobj(y) else np.float32)
    return y


def _each(compute, *stacks):
    """Apply a function of matrices to stacks, in doubles; keep the precision of the last stack."""
    stacks = [np.asarray(a) for a in stacks]
    outer = np.broadcast_shapes(*[a.shape[:-2] for a in stacks])
    doubles = [a.astype(np.result_type(a, float)) for a in stacks]
    wide = [np.broadcast_to(a, (*outer, *a.shape[-2:])) for a in doubles]
    results = [compute(*[a[place] for a in wide]) for place in np.ndindex(*outer)]
    return _like(stacks[-1], np.reshape(results, (*outer, *stacks[-1].shape[-2:])))


# -- functions of matrices -----------------------------------------------------------------------


def _change(f, a, e):
    """Return the derivative of f at `a` in direction `e`: a block of f([[a, e], [0, a]]).

    Higham, Functions of Matrices (2008), theorem 3.6.
    """
    upper = np.concatenate([a, e], axis=-1)
    lower = np.concatenate([np.zeros(a.shape), a], axis=-1)
    n = a.shape[-1]
    return f(np.concatenate([upper, lower], axis=-2))[..., :n, n:]


def _matrix_function(name, vjp=None):
    """Define the op of a function of square matrices that has a power series."""
    compute = getattr(sp, name)

    def samples(rng):
        a = rng.normal(size=(2, 2)) / 4 + np.eye(2)
        return [((a,), {}), ((np.stack([a, a @ a]),), {})]

    row = define(
        name,
        lambda a: _each(compute, a),
        vjps=(vjp or (lambda g, y, a: _change(row, a.mT, g)),),
        samples=samples,
    )

    def of_matrix(A):
        A = array(A)
        if A.ndim < 2 or A.shape[-1] != A.shape[-2]:
            raise ValueError(f"{name} needs square matrices (..., n, n), not shape {A.shape}")
        return row(A)

    of_matrix.__name__ = of_matrix.__qualname__ = name
    of_matrix.__doc__ = f"Return {name} of square matrices (..., n, n), as in scipy.linalg."
    return of_matrix


expm, logm = (_matrix_function(name) for name in ("expm", "logm"))
# Solves y dy + dy y = da. The block matrix of `_change` would not do: rounding splits its double
# eigenvalues into pairs, and near the negative axis the roots of a pair lie far apart.
sqrtm = _matrix_function("sqrtm", lambda g, y, a: solve_sylvester(y.mT, y.mT, g))
cosm, sinm, tanm = (_matrix_function(name) for name in ("cosm", "sinm", "tanm"))
coshm, sinhm, tanhm = (_matrix_function(name) for name in ("coshm", "sinhm", "tanhm"))


def expm_frechet(A, E, compute_expm=True):
    """Return (expm of `A`, its change in direction `E`), or the change alone, as SciPy does."""
    change = _change(expm, array(A), array(E))
    return (expm(A), change) if compute_expm else change


# -- systems of a special form -------------------------------------------------------------------


def _columns(x, a):
    """Return a right-hand side or a solution as columns."""
    return x if x.ndim == a.ndim else np.expand_dims(x, -1)


def _triangular(a, b, lower, unit):
    return sp.solve_triangular(a, b, lower=lower, unit_diagonal=unit, check_finite=False)


def _triangular_by_matrix(g, y, a, b, lower, unit):
    right = _columns(_triangular_by_right(g, y, a, b, lower, unit), a)
    full = -right @ _columns(y, a).mT
    return np.tril(full, -1 if unit else 0) if lower else np.triu(full, 1 if unit else 0)


def _triangular_by_right(g, y, a, b, lower, unit):
    return _solve_triangular(a.mT, g, lower=not lower, unit=unit)


def _triangular_samples(rng):
    a, b = rng.normal(size=(3, 3)) + 3 * np.eye(3), rng.normal(size=(3, 2))
    return [
        ((a, b), {"lower": False, "unit": False}),
        ((a, b[:, 0]), {"lower": True, "unit": False}),
        ((a, b), {"lower": True, "unit": True}),
    ]


_solve_triangular = define(
    "solve_triangular",
    _triangular,
    vjps=(_triangular_by_matrix, _triangular_by_right),
    samples=_triangular_samples,
)


def solve_triangular(
    a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True
):
    """Return x with a x = b for a triangular matrix, as in scipy.linalg.

    Args:
        a: a matrix (n, n); only its triangle is read.
        b: right-hand sides (n,) or (n, k).
        trans: 0 or "N" for a, 1 or "T" for its transpose, 2 or "C" for its adjoint.
        lower: whether the triangle is the lower one.
        unit_diagonal: take the diagonal as ones.
        overwrite_b, check_finite: for SciPy's signature; nothing is overwritten.

    Example:
        >>> solve_triangular(np.array([[2.0, 0.0], [1.0, 1.0]]), np.array([2.0, 3.0]), lower=True)
        array([1., 2.])
    """
    a, b = array(a), array(b)
    if trans in (1, "T", 2, "C"):
        a = np.conj(a.mT) if trans in (2, "C") else a.mT
        lower = not lower
    return _solve_triangular(a, b, lower=lower, unit=unit_diagonal)


def cholesky(a, lower=False, overwrite_a=False, check_finite=True):
    """Return the triangular factor of a positive definite matrix, as in scipy.linalg."""
    factor = np.linalg.cholesky(a)
    return factor if lower else np.conj(factor.mT)


def cho_factor(a, lower=False, overwrite_a=False, check_finite=True):
    """Return (factor, lower) for `cho_solve`, as in scipy.linalg; the other triangle is 0."""
    return cholesky(a, lower), lower


def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    """Return x with a x = b, given the result of `cho_factor` for a, as in scipy.linalg."""
    c, lower = c_and_lower
    first, second = (0, 2) if lower else (2, 0)
    return solve_triangular(c, solve_triangular(c, b, first, lower), second, lower)


def _sylvester_by_right(g, y, a, b, q):
    return solve_sylvester(a.mT, b.mT, g)


solve_sylvester = define(
    "solve_sylvester",
    lambda a, b, q: _each(sp.solve_sylvester, a, b, q),
    vjps=(
        lambda g, y, a, b, q: -_sylvester_by_right(g, y, a, b, q) @ y.mT,
        lambda g, y, a, b, q: -y.mT @ _sylvester_by_right(g, y, a, b, q),
        _sylvester_by_right,
    ),
    samples=lambda rng: [
        (
            (
                rng.normal(size=(3, 3)) + 4 * np.eye(3),
                rng.normal(size=(2, 2)),
                rng.normal(size=(3, 2)),
            ),
            {},
        )
    ],
)


def solve_continuous_lyapunov(a, q):
    """Return x with a x + x a* = q, as in scipy.linalg."""
    a = array(a)
    return solve_sylvester(a, np.conj(a.mT), array(q))


solve_lyapunov = solve_continuous_lyapunov


def solve_discrete_lyapunov(a, q, method=None):
    """Return x with a x a* − x + q = 0, as in scipy.linalg, from a linear system of n² unknowns."""
    a, q = array(a), array(q)
    if a.ndim != 2 or a.shape != q.shape:
        raise ValueError(
            f"a and q should be square matrices of the same shape, not {a.shape} and {q.shape}"
        )
    n = a.shape[0]
    return np.reshape(np.linalg.solve(np.eye(n * n) - np.kron(a, np.conj(a)), np.ravel(q)), (n, n))


# `ab` holds the diagonals of a band matrix: entry (i, j) in row upper + i - j, column j.


def _places(lower, upper, n):
    """Return for each entry of `ab` its row in the matrix, and whether there is such a row."""
    rows = np.arange(-upper, lower + 1)[:, None] + np.arange(n)
    return np.clip(rows, 0, n - 1), (rows >= 0) & (rows < n)


def _transposed_band(ab, lower, upper):
    n = ab.shape[1]
    columns, there = _places(upper, lower, n)
    rows = np.broadcast_to(np.arange(lower + upper, -1, -1)[:, None], columns.shape)
    return np.where(there, ab[rows, columns], 0.0)


def _banded_by_right(g, y, ab, b, lower, upper):
    return _solve_banded(_transposed_band(ab, lower, upper), g, lower=upper, upper=lower)


def _banded_by_band(g, y, ab, b, lower, upper):
    rows, there = _places(lower, upper, ab.shape[1])
    right = _columns(_banded_by_right(g, y, ab, b, lower, upper), ab)
    products = np.sum(right[rows] * _columns(y, ab), axis=-1)
    return -np.where(there, products, 0.0)


def _banded_samples(rng):
    ab = rng.normal(size=(4, 5))
    ab[2] += 6
    return [
        ((ab, rng.normal(size=5)), {"lower": 1, "upper": 2}),
        ((ab, rng.normal(size=(5, 2))), {"lower": 1, "upper": 2}),
    ]


_solve_banded = define(
    "solve_banded",
    lambda ab, b, lower, upper: _like(ab, sp.solve_banded((lower, upper), ab, b)),
    vjps=(_banded_by_band, _banded_by_right),
    samples=_banded_samples,
)


def solve_banded(l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True):
    """Return x with a x = b for a band matrix, as in scipy.linalg.

    Args:
        l_and_u: how many diagonals there are below and above the main one.
        ab: the diagonals (l + u + 1, n), uppermost first: a[i, j] is ab[u + i − j, j].
        b: right-hand sides (n,) or (n, k).
        overwrite_ab, overwrite_b, check_finite: for SciPy's signature; nothing is overwritten.

    Example:
        >>> solve_banded((0, 0), np.array([[2.0, 4.0]]), np.array([2.0, 2.0]))
        array([1. , 0.5])
    """
    lower, upper = (int(n) for n in l_and_u)
    return _solve_banded(array(ab), array(b), lower=lower, upper=upper)


# -- matrices built from numbers -----------------------------------------------------------------


def block_diag(*arrays):
    """Return the matrices along a diagonal, with 0 elsewhere, as in scipy.linalg."""
    blocks = [np.atleast_2d(array(a)) for a in arrays]
    width, left, rows = sum(block.shape[-1] for block in blocks), 0, []
    for block in blocks:
        right = width - left - block.shape[-1]
        rows.append(np.pad(block, ((0, 0), (left, right))))
        left += block.shape[-1]
    return np.concatenate(rows)


def toeplitz(c, r=None):
    """Return the matrix with first column `c` and first row `r`, constant along diagonals.

    Args:
        c: a vector (m,).
        r: a vector (n,) whose first entry is ignored; the conjugate of `c` if left out.

    Example:
        >>> toeplitz([1, 2], [9, 5, 6])
        array([[1, 5, 6],
               [2, 1, 5]])
    """
    c = np.ravel(array(c))
    r = np.conj(c) if r is None else np.ravel(array(r))
    m, n = c.shape[0], r.shape[0]
    return np.concatenate([c[::-1], r[1:]])[np.arange(m - 1, -1, -1)[:, None] + np.arange(n)]


def hankel(c, r=None):
    """Return the matrix with first column `c` and last row `r`, constant along antidiagonals.

    The first entry of `r` is ignored; `r` is zeros if left out.
    """
    c = np.ravel(array(c))
    r = np.zeros(c.shape) if r is None else np.ravel(array(r))
    return np.concatenate([c, r[1:]])[np.arange(c.shape[0])[:, None] + np.arange(r.shape[0])]


def circulant(c):
    """Return the matrix whose columns are `c` rotated by 0, 1, 2, …, as in scipy.linalg."""
    c = np.ravel(array(c))
    steps = np.arange(c.shape[0])
    return c[(steps[:, None] - steps) % c.shape[0]]


# -- NumPy's own ---------------------------------------------------------------------------------

inv, det, pinv, norm, svdvals = (
    getattr(np.linalg, name) for name in ("inv", "det", "pinv", "norm", "svdvals")
)
kron = np.kron


def solve(
    a,
    b,
    lower=False,
    overwrite_a=False,
    overwrite_b=False,
    check_finite=True,
    assume_a=None,
    transposed=False,
):
    """Return x with a x = b, as in scipy.linalg, by a general solver that reads all of `a`."""
    a, b = array(a), array(b)
    a = a.mT if transposed else a
    x = np.linalg.solve(a, _columns(b, a))
    return x if b.ndim == a.ndim else np.squeeze(x, -1)
