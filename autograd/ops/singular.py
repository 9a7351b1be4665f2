"""Singular values and their vectors; rules as for eigenvalues in `spectral`."""

import numpy as np

from autograd.engine.primitive import define
from autograd.engine.value import Value
from autograd.ops.degenerate import (
    between,
    equal_pairs,
    flat,
    inverse,
    largest,
    must_be_known,
    must_vanish,
    others,
    slopes,
    used,
    vanishing,
)
from autograd.ops.packed import numbers, several, whole
from autograd.ops.spectral import (
    PHASE,
    divided,
    h,
    halves,
    means,
    on_the_diagonal,
    parting,
    phase_is_free,
    vectors_chosen,
)


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
        turned = numbers(halves(rest.mT @ grest)[1])
        must_vanish(turned, largest(grest))
        gradient = gradient - np.conj(rest) @ h(q.mT @ grest)
    return gradient


def _over(x, s, zero):
    """Return the columns of `x` divided by `s`; where `s` is 0 they must vanish, and stay 0."""
    must_vanish(numbers(x) * zero[..., None, :], largest(x))
    return x * inverse(s, zero)[..., None, :]


def _svd_vjp(gradients, results, a, full_matrices, hermitian):
    (gu, gs, gvh), (u, s, vh) = gradients, results
    k, vectors = s.shape[-1], used(gu, gvh)
    if isinstance(s, Value):
        zero, known = _zeros(s), None
        if others(equal_pairs(s)).any() or zero.any():
            known = slopes(gs, whole(s), u.shape[-2] * u.shape[-1], zero)
            known = np.where(zero & ~vanishing(largest(gs))(numbers(gs)), np.nan, known)
        g = of_singular_values(a, gs, slopes=known)
    else:
        g = np.conj(u[..., :k] * gs[..., None, :]) @ np.conj(vh[..., :k, :])
    if not vectors:
        between(s, gs)  # raises unless equal values have equal gradients
    return g + _of_vectors(gradients, results, a) if vectors else g


def _of_singular_values(a, g, slopes=None):
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return np.conj((u * g[..., None, :]) @ vh)


def _by_singular_values(gradient, y, a, g, slopes=None):
    u, s, vh = svd(a, full_matrices=False, hermitian=False)
    along = np.real(np.sum(np.conj(u) * (gradient @ h(vh)), axis=-2))
    return np.where(_zeros(s), 0.0, means(along, equal_pairs(s)))


def _by_any_matrix(gradient, y, a, g, slopes=None):
    u, s, vh = svd(a, full_matrices=False, hermitian=False)
    v, k = h(vh), s.shape[-1]
    zero = _zeros(s)
    both = zero[..., None, :] & zero[..., :, None]
    equal = (equal_pairs(s) & ~both) | np.eye(k, dtype=bool)
    known = np.zeros(s.shape) + (np.nan if slopes is None else slopes)
    unknown, at_zero = np.isnan(known) & zero, np.where(zero, np.nan_to_num(known), 0.0)
    size = largest(gradient)

    inner = h(u) @ gradient @ v
    symmetric, rest = halves(inner)
    must_be_known(numbers(inner) * (both & unknown[..., None]), size)
    total = (g[..., :, None] + g[..., None, :]) * inverse(s[..., :, None] + s[..., None, :], both)
    middle = divided(s, g, equal | both) * symmetric + parting(symmetric, equal, slopes)
    middle = middle + total * rest + (both * at_zero[..., None]) * inner
    change, ratio = u @ middle @ vh, g * inverse(s, zero) + at_zero
    if a.shape[-2] > k:
        left = gradient @ v - u @ inner
        must_be_known(numbers(left) * unknown[..., None, :], size)
        change = change + (left * ratio[..., None, :]) @ vh
    if a.shape[-1] > k:
        right = h(u) @ gradient - inner @ vh
        must_be_known(numbers(right) * unknown[..., None], size)
        change = change + u @ (ratio[..., None] * right)
    undefined = isinstance(a, Value) and (others(equal).any() or zero.any())
    return np.conj(change) + flat(a) if undefined else np.conj(change)


of_singular_values = define(
    "of_singular_values",
    _of_singular_values,
    vjps=(_by_any_matrix, _by_singular_values),
    samples=lambda rng: [
        ((rng.normal(size=shape), rng.normal(size=shape[:-2] + (min(shape[-2:]),))), {})
        for shape in ((3, 3), (2, 4, 3), (2, 3))
    ],
    real_only="its second argument are singular values, which are real",
    doc="""Return the matrix with the vectors of `a` and singular values `g`, conjugated.

    It is to singular values what `of_eigenvalues` is to eigenvalues.
    """,
)


def _of_vectors(gradients, results, a):
    """Return the part of the gradient that comes from the vectors."""
    (gu, gs, gvh), (u, s, vh) = gradients, results
    k, eye = s.shape[-1], np.eye(s.shape[-1])
    v, gv = h(vh), h(gvh)
    (u, u0), (gu, gu0) = ((x[..., :k], x[..., k:]) for x in (u, gu))
    (v, v0), (gv, gv0) = ((x[..., :k], x[..., k:]) for x in (v, gv))
    zero = _zeros(s)
    both = zero[..., None, :] & zero[..., :, None]
    ugu, vgv = u.mT @ gu, v.mT @ gv
    (symmetric_u, turning_u), (symmetric_v, turning_v) = halves(ugu), halves(vgv)
    against = (turning_u - turning_v) * (1 - eye)  # u and v turn in opposite directions
    size = largest(ugu) + largest(vgv)
    if u.dtype.kind == "c":  # u and v share one phase, but if s is 0 each has its own
        of_u, of_v = (np.imag(on_the_diagonal(x)) for x in (ugu, vgv))
        phase_is_free((of_u + of_v, size), (numbers(of_u) * zero, size))
        against = against + 2 * turning_u * eye
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


def _equal_singular_values(y, a, full_matrices, hermitian):
    m, k = a.shape[-2], min(a.shape[-2:])
    start = m * (m if full_matrices else k)
    return others(equal_pairs(np.real(y[..., start : start + k])))


def _svd_shapes(m, n, full_matrices, hermitian):
    k = min(m, n)
    return ((m, m), (k,), (n, n)) if full_matrices else ((m, k), (k,), (k, n))


svd = several(
    "svd",
    np.linalg.svd,
    _svd_shapes,
    _svd_vjp,
    real=(1,),
    vectors=(0, 2),
    chosen=vectors_chosen(_equal_singular_values),
    samples=lambda rng: [
        ((rng.normal(size=shape),), {"full_matrices": False, "hermitian": False})
        for shape in ((3, 3), (2, 4, 3), (2, 3))
    ],
    real_only=PHASE,
)
