"""Gradients where eigenvalues or singular values are equal.

The vectors of equal values may be rotated into each other: NumPy returns one basis of many. A
function that depends on the rotation has no derivative there. One that does not depend on it has a
derivative, although the rules for vectors divide by the difference of the values.
"""

import numpy as np

from autograd.engine.value import Value
from autograd.ops.packed import numbers


def equal_pairs(w):
    """Return booleans (…, n, n): which pairs of the values `w` (…, n) are equal up to rounding."""
    w = numbers(w)
    size = np.max(np.abs(w), axis=-1, initial=0.0)[..., None, None]
    return (
        np.abs(w[..., None, :] - w[..., :, None]) <= 16 * w.shape[-1] * np.finfo(w.dtype).eps * size
    )


def inverse(x, zero):
    """Return 1 / x, but 0 where `zero` holds."""
    return np.where(zero, 0.0, 1 / np.where(zero, 1.0, x))


def between(w, gw, turning=None, symmetric=None, size=0.0):
    """Return the gradient of a matrix in the basis of its vectors.

    Args:
        w: eigenvalues or singular values, (…, n).
        gw: their gradient, (…, n).
        turning: the gradient along rotations of the vectors into each other, (…, n, n). It is 0
            within equal values if the function does not depend on the basis.
        symmetric: the rest of the gradient of the vectors, in their own basis, (…, n, n).
            Both are None for a function of the values alone.
        size: the size of the numbers that `turning` is a difference of, if they may cancel.

    Raises:
        LinAlgError: the function depends on the choice of basis, or may depend on it.
    """
    equal, g = equal_pairs(w), gw[..., None, :] * np.eye(w.shape[-1])
    if turning is None:
        turning = symmetric = np.zeros(equal.shape)
    else:
        g = g + turning * inverse(w[..., None, :] - w[..., :, None], equal)
    return g + _within(w, gw, turning, symmetric, equal, size)


def largest(x):
    """Return the greatest absolute value in an array or a Value, 0 if it is empty."""
    return np.max(np.abs(numbers(x)), initial=0.0)


def used(*gradients):
    """Return whether results were used: a gradient is not 0, or is a Value, which may change."""
    return any(isinstance(g, Value) or g.any() for g in gradients)


def _within(w, gw, turning, symmetric, equal, size):
    """Return the gradient between vectors of equal values, 0 elsewhere.

    Suppose that the function depends on the matrix through V h(w) Vᴴ, and let M be the gradient of
    that in the basis V. Then the gradient of the values is gw = h' diag(M), and `symmetric` is
    2h M. So between vectors of equal values the gradient h' M is `symmetric` times a number, which
    its diagonal determines.
    """
    off = equal & ~np.eye(equal.shape[-1], dtype=bool)
    if not off.any():
        return 0.0
    values, turned, rest = numbers(gw), numbers(turning), numbers(symmetric)
    size = size + largest(turned) + largest(rest)
    size_of_values = largest(values) + size / (largest(numbers(w)) or 1.0)
    must_vanish(turned * off, size)
    ratio = np.zeros(values.shape, values.dtype)
    for matrix in np.ndindex(equal.shape[:-2]):
        for row in np.unique(equal[matrix], axis=0):
            block = np.flatnonzero(row)
            if len(block) > 1:
                ratio[(*matrix, block)] = _ratio(
                    values[matrix][block],
                    rest[matrix][np.ix_(block, block)],
                    vanishing(size_of_values),
                    vanishing(size),
                )
    if not ratio.any():
        return 0.0
    if isinstance(gw, Value):
        raise np.linalg.LinAlgError(
            "there is no rule for a higher derivative through the vectors of repeated eigenvalues "
            "or singular values; differentiate once, or write the function without a decomposition"
        )
    return ratio[..., None, :] * symmetric * off


def _ratio(values, rest, small_value, small):
    """Return the r such that `values` is r times the diagonal of `rest`, plus a constant."""
    diagonal = np.real(np.diagonal(rest))
    if small_value(values):
        return 0.0
    for unknowns, centred in ((1, False), (2, True)):
        a = values - values.mean() if centred else values
        b = diagonal - diagonal.mean() if centred else diagonal
        if small(b):
            told, r = small(rest - np.diag(np.diagonal(rest))), 0.0
        else:
            told, r = len(values) > unknowns, (a @ b) / (b @ b)
        if told and small_value(a - r * b):
            return r
    raise _ambiguous()


def vanishing(size):
    """Return a test of whether numbers are zero up to the rounding error of others of that size."""
    return lambda x: np.all(np.abs(x) <= np.sqrt(np.finfo(size.dtype).eps) * size)


def must_vanish(x, size):
    """Raise LinAlgError unless `x` is zero up to the rounding error of numbers of that size."""
    if not vanishing(size)(x):
        raise _ambiguous()


def _ambiguous():
    return np.linalg.LinAlgError(
        "eigenvalues or singular values are repeated (or zero), and the function depends on which "
        "basis of their vectors was chosen, so it has no derivative there; use functions that do "
        "not, such as the sum of the values or the projector V @ V.T onto all their vectors"
    )
