"""Factors, eigenvalues and singular values of matrices."""

import numpy as np

from autograd.engine.dispatch import answers
from autograd.ops import factors, singular, spectral
from autograd.ops.spectral import h


@answers(np.linalg.cholesky)
def cholesky(a, /, *, upper=False):
    """Return the Cholesky factors of positive definite matrices, as np.linalg.cholesky does.

    Only one triangle is read, but the gradient is symmetric, as for a function of symmetric
    matrices.

    Args:
        a: symmetric or Hermitian matrices, (…, n, n).
        upper: whether to return the upper factor of a = Uᴴ U, not the lower one of a = L Lᴴ.

    Raises:
        LinAlgError: a matrix is not positive definite.

    Example:
        >>> from autograd import Value
        >>> np.linalg.cholesky(Value([[4.0]]))
        Value([[2.]])
    """
    return h(factors.cholesky(h(a))) if upper else factors.cholesky(a)


@answers(np.linalg.qr)
def qr(a, mode="reduced"):
    """Return the factors of a = Q R, where Q has orthonormal columns and R is upper triangular.

    Args:
        a: matrices, (…, m, n), whose first min(m, n) columns are independent.
        mode: "reduced", "complete" (square Q; a function may use its columns beyond the first
            min(m, n) only through the space they span) or "r" (only R), as for np.linalg.qr.

    Raises:
        TypeError: `mode` is "raw", which packs the factors as LAPACK does.

    Example:
        >>> from autograd import Value
        >>> q, r = np.linalg.qr(Value([[3.0, 1.0], [4.0, 2.0]]))
        >>> np.abs(r.numpy()).round(6).tolist()
        [[5.0, 2.2], [0.0, 0.4]]
    """
    if mode == "r":
        return factors.qr(a, mode="reduced").R
    if mode not in ("reduced", "complete"):
        raise TypeError(
            f"np.linalg.qr of a Value takes mode 'reduced', 'complete' or 'r', not {mode!r}"
        )
    return factors.qr(a, mode=mode)


@answers(np.linalg.eigh)
def eigh(a, UPLO="L"):
    """Return the eigenvalues and eigenvectors of symmetric or Hermitian matrices.

    Args:
        a: matrices, (…, n, n); only one triangle is read, and has a gradient.
        UPLO: which triangle, "L" or "U".

    Returns:
        (eigenvalues, eigenvectors), of shapes (…, n) and (…, n, n), as np.linalg.eigh does.

    Raises:
        LinAlgError: in the backward pass, if eigenvalues are repeated and the function depends
            on the choice of their vectors, or on the phase of complex vectors.

    Example:
        >>> from autograd import Value
        >>> a = Value([[2.0, 0.0], [1.0, 2.0]])
        >>> w, v = np.linalg.eigh(a)
        >>> w.data
        array([1., 3.])
    """
    return spectral.eigh(a, UPLO=UPLO)


@answers(np.linalg.eigvalsh)
def eigvalsh(a, UPLO="L"):
    """Return the eigenvalues of symmetric or Hermitian matrices, as np.linalg.eigvalsh does.

    Where some are repeated, a symmetric function of them has first and second derivatives.

    Raises:
        LinAlgError: in the backward pass, if eigenvalues are repeated and the function is not
            symmetric in them, or is differentiated a third time.
    """
    return eigh(a, UPLO).eigenvalues


@answers(np.linalg.eig)
def eig(a):
    """Return the eigenvalues and eigenvectors of square matrices, as np.linalg.eig does.

    Args:
        a: matrices, (…, n, n).

    Returns:
        (eigenvalues, eigenvectors), of shapes (…, n) and (…, n, n), complex if necessary.

    Raises:
        LinAlgError: in the backward pass, if there are not n independent eigenvectors, or
            eigenvalues are repeated and the function depends on the choice of their vectors, or on
            the phase of complex vectors.
    """
    return spectral.eig(a)


@answers(np.linalg.eigvals)
def eigvals(a):
    """Return the eigenvalues of square matrices, as np.linalg.eigvals does."""
    return eig(a).eigenvalues


@answers(np.linalg.svd)
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """Return the singular value decomposition U, S, Vᴴ of matrices, as np.linalg.svd does.

    Args:
        a: matrices, (…, m, n).
        full_matrices: whether U and Vᴴ are square; a function may use the vectors beyond the
            first min(m, n) only through the space they span.
        compute_uv: False to return only S.
        hermitian: `a` is Hermitian, and its lower triangle is read.

    Returns:
        (U, S, Vh), or only S, which is in descending order.

    Raises:
        LinAlgError: in the backward pass, if singular values are repeated or zero and the
            function depends on the choice of their vectors, or on the phase of complex vectors.
    """
    if hermitian:
        a = from_lower(a)
    if not compute_uv:
        return singular.svd(a, full_matrices=False, hermitian=hermitian).S
    return singular.svd(a, full_matrices=full_matrices, hermitian=hermitian)


def from_lower(a):
    """Return Hermitian matrices from their lower triangles."""
    lower = np.tril(a, -1)
    return lower + h(lower) + np.real(a) * np.eye(a.shape[-1], dtype=a.dtype)


@answers(np.linalg.svdvals)
def svdvals(x):
    """Return the singular values of matrices, descending, as np.linalg.svdvals does.

    Where some are repeated or zero, a symmetric function of their squares has first and second
    derivatives.
    """
    return svd(x, compute_uv=False)
