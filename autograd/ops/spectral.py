"""Eigenvalues and their vectors.

Rules after Giles (2008), "Collected matrix derivative results for forward and reverse mode", and
for complex vectors Boeddeker et al. (2017, arXiv:1701.00392) and Wan and Zhang (2019,
arXiv:1909.02659). A rule finds the gradient in the basis of the vectors, then changes back to the
standard basis. Each vector of a complex matrix is unique only up to a phase, on which a function
should not depend.
"""

import numpy as np

from autograd.engine.arrays import Foreign
from autograd.engine.primitive import PRIMITIVES, define
from autograd.engine.value import Value
from autograd.ops.degenerate import (
    ambiguous,
    between,
    equal_pairs,
    flat,
    inverse,
    largest,
    must_be_known,
    others,
    slopes,
    used,
    vanishing,
)
from autograd.ops.packed import numbers, several, whole
from autograd.ops.plain import raw


def h(x):
    """Return the conjugate transposes of the matrices `x`."""
    return np.conj(x.mT)


def halves(x):
    """Return the Hermitian and the anti-Hermitian parts of the matrices `x`."""
    return (x + h(x)) / 2, (x - h(x)) / 2


def on_triangle(g, lower=True):
    """Return the gradient of a function that reads one triangle of a Hermitian matrix."""
    both = g + h(g)
    triangle = np.tril(both, -1) if lower else np.triu(both, 1)
    return triangle + np.real(g) * np.eye(g.shape[-1])


PHASE = "LAPACK chooses the phase of the vectors"


def phase_is_free(*turnings):
    """Raise unless the gradient along a common phase of each column of complex vectors is 0.

    Args:
        turnings: pairs (x, size) of gradients along the phases, (…, n), and the size of the
            numbers that they are sums of.
    """
    for x, size in turnings:
        if not vanishing(size)(numbers(x)).all():
            raise np.linalg.LinAlgError(
                "the function depends on the phase of complex vectors, and LAPACK may choose any, "
                "so it has no derivative; use functions that do not, such as np.abs(v) or "
                "v @ np.conj(v.mT)"
            )


def on_the_diagonal(x):
    """Return the diagonals of the matrices `x`."""
    return np.diagonal(x, axis1=-2, axis2=-1)


def _hermitian(rng):
    a = rng.normal(size=(2, 3, 3))
    return [((a,), {"UPLO": "L"}), ((a[0],), {"UPLO": "U"})]


def vectors_chosen(equal):
    """Return the vjps that `several` asks for.

    Args:
        equal: `(y, a, **params)` of numbers, the pairs of different places with equal values.
    """

    def by_results(g, y, packed, a, **params):
        if isinstance(raw(g), Foreign):
            return g
        if not numbers(g).any() and equal(numbers(y), a, **params).any():
            raise ambiguous()  # a function such as V log(w) Vᴴ, whose factor log(w) is 0
        return g

    def by_matrix(g, y, packed, a, **params):
        if not isinstance(y, Value) or isinstance(raw(y), Foreign):
            return None
        return flat(a) if equal(numbers(y), a, **params).any() else None

    return by_results, by_matrix


def _equal_eigenvalues(y, a, **_):
    return others(equal_pairs(y[..., : a.shape[-1]]))


# -- eigenvalues -------------------------------------------------------------------------------


def _eigh_vjp(gradients, results, a, UPLO):
    (gw, gv), (w, v) = gradients, results
    if isinstance(w, Value):
        equal = others(equal_pairs(w))
        known = slopes(gw, whole(w), 0) if equal.any() else None
        g = of_eigenvalues(a, gw, UPLO=UPLO, slopes=known)
    else:
        g = (np.conj(v) * gw[..., None, :]) @ v.mT
    turning = symmetric = None
    if used(gv):
        inner = v.mT @ gv
        symmetric, turning = halves(inner)
        if v.dtype.kind == "c":
            phase_is_free((np.imag(on_the_diagonal(inner)), largest(gv)))
    g = g + np.conj(v) @ between(w, gw, turning, symmetric) @ v.mT
    return on_triangle(g, UPLO.upper() == "L")


eigh = several(
    "eigh",
    np.linalg.eigh,
    lambda n, _, UPLO: ((n,), (n, n)),
    _eigh_vjp,
    real=(0,),
    vectors=(1,),
    chosen=vectors_chosen(_equal_eigenvalues),
    samples=_hermitian,
    real_only=PHASE,
)


def _of_eigenvalues(a, g, UPLO, slopes=None):
    v = np.linalg.eigh(a, UPLO).eigenvectors
    return (np.conj(v) * g[..., None, :]) @ v.mT


def _by_eigenvalues(gradient, y, a, g, UPLO, slopes=None):
    w, v = eigh(a, UPLO=UPLO)
    return means(np.real(np.sum(np.conj(v) * (gradient @ v), axis=-2)), equal_pairs(w))


def _by_matrix(gradient, y, a, g, UPLO, slopes=None):
    """Return the derivative of Daleckii and Krein (1965), with its limit within equal values."""
    w, v = eigh(a, UPLO=UPLO)
    inner, equal = h(v) @ gradient @ v, equal_pairs(w)
    inside = divided(w, g, equal) * inner + parting(inner, equal, slopes)
    change = on_triangle(np.conj(v @ inside @ h(v)), UPLO.upper() == "L")
    return change + flat(a) if isinstance(a, Value) and others(equal).any() else change


def means(x, equal):
    """Return the means over equal values."""
    share = equal / np.sum(equal, axis=-1, keepdims=True)
    return np.sum(share * x[..., None, :], axis=-1)


def divided(w, g, equal):
    """Return (gᵢ − gⱼ) / (wᵢ − wⱼ), 0 for equal values."""
    return (g[..., :, None] - g[..., None, :]) * inverse(w[..., :, None] - w[..., None, :], equal)


def parting(inner, equal, slopes):
    """Return the part of `inner` that splits equal values, times the slopes.

    The rest, a multiple of the identity, moves them together.
    """
    together = means(on_the_diagonal(inner), equal)[..., None] * np.eye(equal.shape[-1])
    parting = (inner - together) * equal
    if not others(equal).any():
        return 0.0 * parting
    known = np.zeros(equal.shape[:-1]) + (np.nan if slopes is None else slopes)
    unknown = others(equal).any(-1) & np.isnan(known)
    must_be_known(numbers(parting) * unknown[..., None], largest(inner))
    return parting * np.nan_to_num(known)[..., None]


of_eigenvalues = define(
    "of_eigenvalues",
    _of_eigenvalues,
    vjps=(_by_matrix, _by_eigenvalues),
    samples=lambda rng: [
        ((a, rng.normal(size=a.shape[:-1])), params) for (a,), params in _hermitian(rng)
    ],
    real_only="its second argument are eigenvalues of Hermitian matrices, which are real",
    doc="""Return the matrix with the eigenvectors of `a` and eigenvalues `g`, conjugated.

    It is the gradient of a function of the eigenvalues alone, with respect to the matrix, if `g` is
    its gradient with respect to them.

    Args:
        a: Hermitian matrices, (…, n, n), of which one triangle is read.
        g: numbers, (…, n).
        UPLO: which triangle, "L" or "U".
        slopes: how fast `g` part where eigenvalues are equal, see `degenerate.slopes`.
    """,
)


def _eig_vjp(gradients, results, a):
    (gw, gv), (w, v) = gradients, results
    if _defective(numbers(w), numbers(v)):
        raise np.linalg.LinAlgError(
            "the matrix has no n independent eigenvectors (up to rounding), so its eigenvalues "
            "have no derivative; use the matrix itself, as np.trace, np.linalg.det and powers do"
        )
    # the vectors have length 1, so they cannot change along themselves
    along = np.sum(v * gv, axis=-2, keepdims=True)
    if v.dtype.kind == "c":
        phase_is_free((np.imag(along), largest(gv)))
    turning = (v.mT @ (gv - np.conj(v) * np.real(along))) * (1 - np.eye(w.shape[-1]))
    g = gw[..., None, :] * np.eye(w.shape[-1]) + between(w, gw, turning, 0 * turning)
    g = np.linalg.solve(v.mT, g @ v.mT)
    return g + flat(a) if isinstance(w, Value) and others(equal_pairs(w)).any() else g


def _defective(w, v):
    """Return whether eigenvalues are as close as rounding moves them, because vectors are."""
    eps = np.finfo(v.dtype).eps
    try:
        moves = np.linalg.norm(np.linalg.inv(v), axis=-1)  # of each, if the matrix moves by 1
    except np.linalg.LinAlgError:
        return True
    moves = np.minimum(moves, 1 / eps)
    size = np.max(np.abs(w), axis=-1, keepdims=True, initial=0.0)
    near = 16 * w.shape[-1] * eps * (moves * size)[..., None]
    close = others(np.abs(w[..., None, :] - w[..., :, None]) <= near)
    return bool(np.any(close & (moves * np.sqrt(eps) > 1 / 16)[..., None]))


def _distinct(rng):
    return [((np.diag([1.0, 2.0, 4.0]) + 0.2 * rng.normal(size=(2, 3, 3)),), {})]


eig = several(
    "eig",
    np.linalg.eig,
    lambda n, _: ((n,), (n, n)),
    _eig_vjp,
    vectors=(1,),
    chosen=vectors_chosen(_equal_eigenvalues),
    samples=_distinct,
    real_only=PHASE,
)
EIG = PRIMITIVES["eig"]  # the numbers decide whether its results are complex
