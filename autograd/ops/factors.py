"""Triangular factors of matrices: Cholesky and QR."""

import numpy as np

from autograd.engine.primitive import define
from autograd.ops.packed import numbers, several
from autograd.ops.singular import apart
from autograd.ops.spectral import h


def _cholesky_vjp(g, y, a):
    """See Murray (2016, arXiv:1602.07527)."""
    inside = np.tril(y.mT @ g) * (1 - np.eye(y.shape[-1]) / 2)
    g = np.linalg.solve(y.mT, np.linalg.solve(h(y), inside.mT).mT)
    return (g + h(g)) / 2


cholesky = define(
    "cholesky",
    np.linalg.cholesky,
    vjps=(_cholesky_vjp,),
    samples=lambda rng: [((rng.normal(size=(2, 3, 3)) / 2 + 3 * np.eye(3),), {})],
    symmetric=True,
)


def _qr_vjp(gradients, results, a, mode):
    """See Walter and Lehmann (2010), "Algorithmic differentiation of linear algebra functions"."""
    (gq, gr), (q, r) = gradients, results
    m, n = a.shape[-2:]
    k = min(m, n)
    if m > k:
        q0, gq0 = q[..., k:], gq[..., k:]
        q, gq, r, gr = q[..., :k], gq[..., :k], r[..., :k, :], gr[..., :k, :]
        if mode == "complete":
            gq = gq + apart(q, q0, 0 * q, gq0)
    g_wide = gr[..., k:]  # the columns beyond the number of rows are a[k:] = q r[k:]
    g_rest = np.conj(q) @ g_wide
    gq = gq + np.conj(a[..., k:] @ g_wide.mT)
    r, gr = r[..., :k], gr[..., :k]
    _must_be_independent(numbers(r))
    inside = np.triu(gr @ r.mT - q.mT @ gq)
    both = inside + h(np.triu(inside, 1))
    both = both - 1j * np.imag(both) * np.eye(k) if both.dtype.kind == "c" else both
    g = np.linalg.solve(r, (gq + np.conj(q) @ both).mT).mT
    return np.concatenate([g, g_rest], axis=-1) if n > k else g


def _must_be_independent(r):
    """Raise LinAlgError if a triangular factor is singular up to rounding."""
    sizes = np.abs(np.diagonal(r, axis1=-2, axis2=-1))
    largest = np.max(sizes, axis=-1, keepdims=True, initial=0.0)
    if np.any(sizes <= 16 * r.shape[-1] * np.finfo(r.dtype).eps * largest):
        raise np.linalg.LinAlgError(
            "there is no rule for qr of a matrix whose first columns are linearly dependent, since "
            "q may turn there; differentiate what depends on the matrix itself, as a.T @ a does"
        )


qr = several(
    "qr",
    np.linalg.qr,
    lambda m, n, mode: ((m, m), (m, n)) if mode == "complete" else ((m, min(m, n)), (min(m, n), n)),
    _qr_vjp,
    samples=lambda rng: [
        ((rng.normal(size=shape),), {"mode": "reduced"})
        for shape in ((3, 3), (2, 4, 2), (2, 3), (2, 2, 4))
    ],
)
