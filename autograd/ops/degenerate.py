"""Gradients where eigenvalues or singular values are equal.

The vectors of equal values may be rotated into each other: NumPy returns one basis of many. A
function that depends on the rotation has no derivative there. One that does not depend on it has a
derivative, although the rules for vectors divide by the difference of the values.
"""

import numpy as np

from autograd.engine.between import gradient_at
from autograd.engine.graph import history
from autograd.engine.primitive import Primitive
from autograd.engine.value import Value
from autograd.ops.packed import DECOMPOSITIONS, numbers

ROUNDING = 1e-15  # of numbers around 1: a sum of these that cancels is not zero, but of this size

# -- which values are equal ----------------------------------------------------------------------


def equal_pairs(w):
    """Return booleans (…, n, n): which pairs of the values `w` (…, n) are equal up to rounding."""
    w = numbers(w)
    size = np.max(np.abs(w), axis=-1, initial=0.0)[..., None, None]
    return (
        np.abs(w[..., None, :] - w[..., :, None]) <= 16 * w.shape[-1] * np.finfo(w.dtype).eps * size
    )


def others(equal):
    """Return the pairs of two different places among pairs of equal values."""
    return equal & ~np.eye(equal.shape[-1], dtype=bool)


def blocks(equal, alone=None):
    """Yield (matrix, places) for each set of two or more equal values, or of one if `alone`."""
    for matrix in np.ndindex(equal.shape[:-2]):
        for row in np.unique(equal[matrix], axis=0):
            block = np.flatnonzero(row)
            if len(block) > 1 or (alone is not None and alone[matrix][block].any()):
                yield matrix, block


def inverse(x, zero):
    """Return 1 / x, but 0 where `zero` holds."""
    return np.where(zero, 0.0, 1 / np.where(zero, 1.0, x))


def largest(x):
    """Return the greatest absolute value in an array or a Value, 0 if it is empty."""
    return np.max(np.abs(numbers(x)), initial=0.0)


def used(*gradients):
    """Return whether results were used: a gradient is not 0, or is a Value, which may change."""
    return any(isinstance(g, Value) or g.any() for g in gradients)


def vanishing(size):
    """Return a test of which numbers are zero up to the rounding error of others of that size."""
    return lambda x: np.abs(x) <= np.sqrt(np.finfo(size.dtype).eps) * size + ROUNDING


# -- first derivatives ---------------------------------------------------------------------------


def between(w, gw, turning=None, symmetric=None, size=0.0):
    """Return what the vectors add to the gradient of a matrix, in the basis of its vectors.

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
    equal = equal_pairs(w)
    if turning is None:
        turning = symmetric = np.zeros(equal.shape)
    apart = turning * inverse(w[..., None, :] - w[..., :, None], equal)
    return apart + _within(w, gw, turning, symmetric, equal, size)


def _within(w, gw, turning, symmetric, equal, size):
    """Return the gradient between vectors of equal values, 0 elsewhere.

    Suppose that the function depends on the matrix through V h(w) Vᴴ and through sums over equal
    values, and let M be the gradient of the former in the basis V. Then the gradient of the values
    is gw = h' diag(M) plus a constant, and `symmetric` is 2h M. So between vectors of equal values
    the gradient h' M is `symmetric` times a number, which its diagonal determines.
    """
    off = others(equal)
    if not off.any():
        return 0.0
    values, turned, rest = numbers(gw), numbers(turning), numbers(symmetric)
    size = size + largest(turned) + largest(rest)
    size_of_values = largest(values) + size / (largest(numbers(w)) or 1.0)
    must_vanish(turned * off, size)
    ratio = np.zeros(values.shape, values.dtype)
    for matrix, block in blocks(equal):
        ratio[(*matrix, block)] = _ratio(
            values[matrix][block],
            rest[matrix][np.ix_(block, block)],
            vanishing(size_of_values),
            vanishing(size),
        )
    return ratio[..., None, :] * symmetric * off if ratio.any() else 0.0


def _ratio(values, rest, small_value, small):
    """Return the r such that `values` is r times the diagonal of `rest`, plus a constant."""
    diagonal = np.real(np.diagonal(rest))
    a, b = values - values.mean(), diagonal - diagonal.mean()
    if small(rest - np.diag(np.diagonal(rest))).all() and small_value(a).all():
        return 0.0
    for x, z, unknowns in ((values, diagonal, 1), (a, b, 2)):
        # a diagonal that is constant tells nothing apart from the constant
        if not small(b).all() and len(x) > unknowns:
            r = (x @ z) / (z @ z)
            if small_value(x - r * z).all():
                return r
    raise ambiguous()


def must_vanish(x, size):
    """Raise LinAlgError unless `x` is zero up to the rounding error of numbers of that size."""
    if not vanishing(size)(x).all():
        raise ambiguous()


def ambiguous():
    """Return the error for a function that depends on the choice of basis, or may do so."""
    return np.linalg.LinAlgError(
        "eigenvalues or singular values are repeated (or zero), and the function depends on which "
        "basis of their vectors was chosen, or may depend on it, so it has no derivative there; "
        "use functions that do not, such as the sum of the values or the projector V @ V.T onto "
        "all their vectors, and take values alone from eigvalsh or svdvals"
    )


# -- second derivatives --------------------------------------------------------------------------


def slopes(g, y, start, zero=False):
    """Return how fast the gradients of equal values part when the values do; NaN if not known.

    A symmetric function of the values has the second derivatives κ + c on the diagonal and c beside
    it, within equal values. A change of the matrix that turns their vectors splits the values. The
    chain rule does not know that, since it moves one basis of vectors. It misses a term with κ.

    Args:
        g: the gradient of the values, (…, n), with a graph.
        y: the packed results of the decomposition.
        start: where the values are in `y`.
        zero: booleans (…, n), which singular values are 0. The function is even in these: c is 0.
    """
    n = g.shape[-1]
    w = numbers(y)[..., start : start + n].real
    zero = zero | np.zeros(w.shape, bool)
    if not isinstance(g, Value):
        return 0.0 * w
    found = np.full(w.shape, np.nan)
    nodes, _ = history([g], {})
    if any(node.op in DECOMPOSITIONS and node is not y for node in nodes):
        return found  # the values of two decompositions may be those of one matrix
    for matrix, block in blocks(equal_pairs(w), zero):
        seed = np.zeros(w.shape, w.dtype)
        seed[(*matrix, block[0])] = 1.0
        if not zero[(*matrix, block[0])]:
            seed[(*matrix, block[1])] = -1.0
        pulled = gradient_at(y, g, seed)
        row = 0.0 * w if pulled is None else pulled[..., start : start + n].real
        slope = row[(*matrix, block[0])]
        size = largest(row) + largest(g) / (largest(w) or 1.0)
        expected = slope * seed[(*matrix, block)]
        if np.isfinite(size) and vanishing(size)(row[(*matrix, block)] - expected).all():
            found[(*matrix, block)] = slope
    return found


def must_be_known(x, size):
    """Raise LinAlgError unless `x`, which an unknown number is multiplied by, is zero."""
    if not vanishing(size)(x).all():
        raise np.linalg.LinAlgError(
            "eigenvalues or singular values are repeated (or zero), and there is no rule for a "
            "higher derivative through the vectors there, or of values that are not in a symmetric "
            "function of them; differentiate once, or write the function without a decomposition"
        )


def _undefined(g, y, a):
    must_be_known(numbers(g), 0.0 * largest(g))


# Zeros, to be added to a gradient that has no derivative: to differentiate it again is an error.
flat = Primitive("flat", lambda a: np.zeros_like(a), (_undefined,))
