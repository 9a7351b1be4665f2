"""Norms, condition numbers, determinants and traces.

Where a norm has a kink, we take its smallest subgradient: 0 at zero; ties share it equally.
"""

import numpy as np

from autograd.composed.linalg.decompositions import svdvals
from autograd.engine.dispatch import answers
from autograd.engine.silence import silence
from autograd.ops import inverses
from autograd.ops import norms as rows
from autograd.ops.packed import numbers


def _vector_norm(x, ord, axis, keepdims):
    if ord is None or ord == 2:
        return rows.norm(x, axis=axis, keepdims=keepdims)
    if ord == np.inf:
        return np.max(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.abs(x), axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(np.sign(np.abs(x)), axis=axis, keepdims=keepdims)
    if isinstance(ord, str):
        raise ValueError(f"a norm of vectors takes a number as ord, not {ord!r}")
    return rows.p_norm(x, ord=ord, axis=axis, keepdims=keepdims)


def _matrix_norm(x, ord, axis, keepdims):
    if ord in (None, "fro", "f"):
        return rows.norm(x, axis=axis, keepdims=keepdims)
    x = np.moveaxis(x, axis, (-2, -1))
    if ord in (1, -1, np.inf, -np.inf):
        lines = np.sum(np.abs(x), axis=-2 if abs(ord) == 1 else -1)
    elif ord in (2, -2):
        lines = svdvals(x)
    elif ord == "nuc":
        # singular values are sizes: they have a kink at 0, and slope 0 there
        lines = np.hypot(svdvals(x), 0.0)
    else:
        raise ValueError(
            "a norm of matrices takes None, 'fro', 'nuc', 1, -1, 2, -2, inf or -inf as ord, "
            f"not {ord!r}"
        )
    if ord == "nuc":
        y = np.sum(lines, axis=-1)
    else:
        y = np.max(lines, axis=-1) if ord > 0 else np.min(lines, axis=-1)
    if ord in (2, -2):
        y = np.hypot(y + _kink(lines, y), 0.0)
    return np.expand_dims(y, tuple(i % np.ndim(x) for i in axis)) if keepdims else y


def _kink(lines, y):
    """Return 0, without a second derivative where several of the singular values are `y`."""
    tied = numbers(lines) == np.expand_dims(numbers(y), -1)
    tied = tied & (np.sum(tied, axis=-1, keepdims=True) > 1)
    if not tied.any():
        return 0.0
    return rows.norm(np.where(tied, lines - np.expand_dims(y, -1), 0.0), axis=-1)


@answers(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):
    """Return a norm of vectors or matrices, of any order, as np.linalg.norm does.

    Args:
        x: an array.
        ord: for vectors, any number, ∞ and −∞ included; for matrices, None, "fro", "nuc", ±1,
            ±2 or ±∞.
        axis: one axis for vectors, two for matrices, None for all of `x`.
        keepdims: keep the reduced axes with length 1.

    Raises:
        ValueError: there is no such norm.

    Example:
        >>> from autograd import Value
        >>> np.linalg.norm(Value([3.0, -4.0]), 1)
        Value(7.0)
    """
    if axis is None:
        if ord is None:
            return rows.norm(x, keepdims=keepdims)
        if x.ndim not in (1, 2):
            raise ValueError(
                f"a norm of order {ord!r} is for vectors or matrices, not for a Value of shape "
                f"{x.shape}; give axis=, one axis or two"
            )
        axis = tuple(range(x.ndim))
    axis = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    if len(axis) == 1:
        return _vector_norm(x, ord, axis[0], keepdims)
    return _matrix_norm(x, ord, axis, keepdims)


@answers(np.linalg.vector_norm)
def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    """Return norms of vectors along one, several or all axes, as np.linalg.vector_norm does."""
    axes = tuple(range(x.ndim)) if axis is None else axis
    if np.ndim(axes) == 0:
        return _vector_norm(x, ord, axes, keepdims)
    axes = tuple(i % x.ndim for i in axes)
    stay = [i for i in range(x.ndim) if i not in axes]
    flat = np.reshape(np.transpose(x, [*axes, *stay]), (-1, *[x.shape[i] for i in stay]))
    y = _vector_norm(flat, ord, 0, False)
    return np.expand_dims(y, axes) if keepdims else y


@answers(np.linalg.matrix_norm)
def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    """Return norms of the matrices in the last two axes, as np.linalg.matrix_norm does."""
    return _matrix_norm(x, ord, (-2, -1), keepdims)


@answers(np.linalg.cond)
def cond(x, p=None):
    """Return the condition numbers of matrices, ‖x‖ · ‖x⁻¹‖ in the norm `p`.

    Args:
        x: matrices, (…, m, n), square unless `p` is None, 2 or −2.
        p: the norm of matrices, as `ord` of np.linalg.norm.

    Raises:
        LinAlgError: a matrix is singular, and `p` is not None, 2 or −2.
    """
    if p in (None, 2, -2):
        s = svdvals(x)
        with silence():
            y = s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
        undefined = np.isnan(numbers(y)) & ~np.isnan(numbers(x)).any((-2, -1))
        return np.where(undefined, np.inf, y) if undefined.any() else y
    return matrix_norm(x, ord=p) * matrix_norm(inverses.inv(x), ord=p)


@answers(np.linalg.slogdet)
def slogdet(a):
    """Return the signs of the determinants of matrices, and the logarithms of their sizes.

    Args:
        a: square matrices, (…, n, n).

    Returns:
        (sign, logabsdet), each of shape (…), as np.linalg.slogdet does.

    Example:
        >>> from autograd import Value
        >>> np.linalg.slogdet(Value(np.eye(2) * 3.0)).logabsdet
        Value(2.1972245773362196)
    """
    return inverses.slogdet(a)


@answers(np.trace)
def trace(a, offset=0, axis1=0, axis2=1):
    """Return the sums along the diagonals of `a`, as np.trace does."""
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1)


@answers(np.linalg.trace)
def matrix_trace(x, /, *, offset=0):
    """Return the traces of the matrices in the last two axes, as np.linalg.trace does."""
    return trace(x, offset, -2, -1)
