"""Eigenvalues, singular values and their vectors.

Rules after Giles (2008), "Collected matrix derivative results for forward and reverse mode", and
for complex vectors Boeddeker et al. (2017, arXiv:1701.00392) and Wan and Zhang (2019,
arXiv:1909.02659). A rule finds the gradient in the basis of the vectors, then changes back to the
standard basis. Each vector of a complex matrix is unique only up to a phase, on which a function
should not depend.
"""

import numpy as np

from autograd.ops.degenerate import between, inverse, largest, must_vanish, used
from autograd.ops.packed import numbers, several


def h(x):
    """Return the conjugate transposes of the matrices `x`."""
    return np.conj(x.mT)


def _halves(x):
    """Return the Hermitian and the anti-Hermitian parts of the matrices `x`."""
    return (x + h(x)) / 2, (x - h(x)) / 2


def on_triangle(g, lower=True):
    """Return the gradient of a function that reads one triangle of a Hermitian matrix."""
    both = g + h(g)
    triangle = np.tril(both, -1) if lower else np.triu(both, 1)
    return triangle + np.real(g) * np.eye(g.shape[-1])


PHASE = "LAPACK chooses the phase of the vectors"


def _hermitian(rng):
    a = rng.normal(size=(2, 3, 3))
    return [((a,), {"UPLO": "L"}), ((a[0],), {"UPLO": "U"})]


# -- eigenvalues -------------------------------------------------------------------------------


def _eigh_vjp(gradients, results, a, UPLO):
    (gw, gv), (w, v) = gradients, results
    symmetric, turning = _halves(v.mT @ gv) if used(gv) else (None, None)
    g = np.conj(v) @ between(w, gw, turning, symmetric) @ v.mT
    return on_triangle(g, UPLO.upper() == "L")


eigh = several(
    "eigh",
    np.linalg.eigh,
    lambda n, _, UPLO: ((n,), (n, n)),
    _eigh_vjp,
    real=(0,),
    samples=_hermitian,
    real_only=PHASE,
)


def _eig_vjp(gradients, results, a):
    (gw, gv), (w, v) = gradients, results
    # the vectors have length 1, so they cannot change along themselves
    gv = gv - np.conj(v) * np.real(np.sum(v * gv, axis=-2, keepdims=True))
    turning = (v.mT @ gv) * (1 - np.eye(w.shape[-1]))
    return np.linalg.solve(v.mT, between(w, gw, turning, 0 * turning) @ v.mT)


def _distinct(rng):
    return [((np.diag([1.0, 2.0, 4.0]) + 0.2 * rng.normal(size=(2, 3, 3)),), {})]


eig = several(
    "eig",
    np.linalg.eig,
    lambda n, _: ((n,), (n, n)),
    _eig_vjp,
    samples=_distinct,
    real_only=PHASE,
)


# -- singular values ---------------------------------------------------------------------------


def apart(q, rest, gq, grest):
    """Return the part of the gradient of the columns `q` that is orthogonal to them.

    Args:
        q: orthonormal columns, (…, m, k).
        rest: columns that complete a basis, (…, m, m − k), or none, (…, m, 0).
        gq, grest: their gradients.

    Raises:
        LinAlgError: the function depends on the choice of `rest`.
    """
    gradient = gq - np.conj(q) @ (q.mT @ gq)
    if rest.shape[-1]:
        turned = numbers(_halves(rest.mT @ grest)[1])
        must_vanish(turned, largest(grest))
        gradient = gradient - np.conj(rest) @ h(q.mT @ grest)
    return gradient


def _over(x, s, zero):
    """Return the columns of `x` divided by `s`; where `s` is 0 they must vanish, and stay 0."""
    must_vanish(numbers(x) * zero[..., None, :], largest(x))
    return x * inverse(s, zero)[..., None, :]


def _svd_vjp(gradients, results, a, full_matrices, hermitian):
    (gu, gs, gvh), (u, s, vh) = gradients, results
    if used(gu, gvh):
        ga = _of_vectors(gradients, results, a)
    else:
        k = s.shape[-1]
        ga = np.conj(u[..., :k]) @ between(s, gs) @ np.conj(vh[..., :k, :])
    return on_triangle(ga) if hermitian else ga


def _of_vectors(gradients, results, a):
    (gu, gs, gvh), (u, s, vh) = gradients, results
    k, eye = s.shape[-1], np.eye(s.shape[-1])
    v, gv = h(vh), h(gvh)
    (u, u0), (gu, gu0) = ((x[..., :k], x[..., k:]) for x in (u, gu))
    (v, v0), (gv, gv0) = ((x[..., :k], x[..., k:]) for x in (v, gv))
    zero = _zeros(s)
    both = zero[..., None, :] & zero[..., :, None]
    ugu, vgv = u.mT @ gu, v.mT @ gv
    (symmetric_u, turning_u), (symmetric_v, turning_v) = _halves(ugu), _halves(vgv)
    against = (turning_u - turning_v) * (1 - eye)  # u and v turn in opposite directions
    if u.dtype.kind == "c":  # u and v share one phase: count it as u's
        against = against + 2 * turning_u * eye
    size = largest(ugu) + largest(vgv)
    must_vanish(numbers(against) * both, size)
    g = between(s, gs, turning_u + turning_v, (symmetric_u + symmetric_v) / 2, size)
    g = g + against * inverse(s[..., None, :] + s[..., :, None], both)
    left, right = np.conj(u) @ g, 0.0
    if a.shape[-2] > k:
        left = left + _over(apart(u, u0, gu, gu0), s, zero)
    if a.shape[-1] > k:
        right = np.conj(u) @ h(_over(apart(v, v0, gv, gv0), s, zero))
    return left @ v.mT + right


def _zeros(s):
    """Return which singular values are zero up to rounding."""
    s = numbers(s)
    largest = np.max(s, axis=-1, keepdims=True, initial=0.0)
    return s <= 16 * s.shape[-1] * np.finfo(s.dtype).eps * largest


def _svd_shapes(m, n, full_matrices, hermitian):
    k = min(m, n)
    return ((m, m), (k,), (n, n)) if full_matrices else ((m, k), (k,), (k, n))


svd = several(
    "svd",
    np.linalg.svd,
    _svd_shapes,
    _svd_vjp,
    real=(1,),
    samples=lambda rng: [
        ((rng.normal(size=shape),), {"full_matrices": False, "hermitian": False})
        for shape in ((3, 3), (2, 4, 3), (2, 3))
    ],
    real_only=PHASE,
)
