"""Triangular factors of matrices: Cholesky's, and those of Q R."""

import numpy as np

from autograd.engine.dispatch import answers
from autograd.engine.primitive import define
from autograd.ops.packed import several
from autograd.ops.spectral import apart, h


def _cholesky_vjp(g, y, a):
    """See Murray (2016, arXiv:1602.07527)."""
    inside = np.tril(y.mT @ g) * (1 - np.eye(y.shape[-1]) / 2)
    g = np.linalg.solve(y.mT, np.linalg.solve(h(y), inside.mT).mT)
    return (g + h(g)) / 2


_cholesky = define("cholesky", np.linalg.cholesky, vjps=(_cholesky_vjp,))


@answers(np.linalg.cholesky)
def cholesky(a, /, *, upper=False):
    """Return the Cholesky factors of positive definite matrices, as np.linalg.cholesky does.

    One triangle is read, but the gradient is symmetric, as that of a function of symmetric
    matrices.

    Args:
        a: symmetric or Hermitian matrices, (…, n, n).
        upper: whether to return the upper factor, of a = Uᴴ U, not the lower, of a = L Lᴴ.

    Raises:
        LinAlgError: a matrix is not positive definite.

    Example:
        >>> from autograd import Value
        >>> np.linalg.cholesky(Value([[4.0]]))
        Value([[2.]])
    """
    return h(_cholesky(h(a))) if upper else _cholesky(a)


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
    g_wide = gr[..., k:]  # of more columns than rows the last are a[k:] = q r[k:]
    g_rest = np.conj(q) @ g_wide
    gq = gq + np.conj(a[..., k:] @ g_wide.mT)
    r, gr = r[..., :k], gr[..., :k]
    inside = np.triu(gr @ r.mT - q.mT @ gq)
    both = inside + h(np.triu(inside, 1))
    both = both - 1j * np.imag(both) * np.eye(k) if both.dtype.kind == "c" else both
    g = np.linalg.solve(r, (gq + np.conj(q) @ both).mT).mT
    return np.concatenate([g, g_rest], axis=-1) if n > k else g


_qr = several(
    "qr",
    np.linalg.qr,
    lambda m, n, mode: ((m, m), (m, n)) if mode == "complete" else ((m, min(m, n)), (min(m, n), n)),
    _qr_vjp,
    samples=lambda rng: [
        ((rng.normal(size=shape),), {"mode": "reduced"})
        for shape in ((3, 3), (2, 4, 2), (2, 3), (2, 2, 4))
    ],
)


@answers(np.linalg.qr)
def qr(a, mode="reduced"):
    """Return the factors of a = Q R, Q with orthonormal columns and R upper triangular.

    Args:
        a: matrices, (…, m, n), whose first min(m, n) columns are independent.
        mode: "reduced", "complete" (Q square; a function may use the columns beyond the first
            min(m, n) only through the space they span) or "r" (R alone), as for np.linalg.qr.

    Raises:
        TypeError: `mode` is "raw", which packs the factors in LAPACK's own way.

    Example:
        >>> from autograd import Value
        >>> q, r = np.linalg.qr(Value([[3.0, 1.0], [4.0, 2.0]]))
        >>> np.abs(r.numpy()).round(6).tolist()
        [[5.0, 2.2], [0.0, 0.4]]
    """
    if mode == "r":
        return _qr(a, mode="reduced").R
    if mode not in ("reduced", "complete"):
        raise TypeError(
            f"np.linalg.qr of a Value has the modes 'reduced', 'complete' and 'r', not {mode!r}"
        )
    return _qr(a, mode=mode)
