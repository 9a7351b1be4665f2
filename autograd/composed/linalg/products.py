"""Products of vectors, matrices and arrays."""

from operator import index
from string import ascii_letters

import numpy as np

from autograd.engine.dispatch import answers
from autograd.ops import contraction as rows
from autograd.ops.shape import resized


@answers(np.dot)
def dot(a, b):
    """Return the sum over the last axis of `a` and the last but one of `b`, as np.dot does."""
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return a @ b
    return tensordot(a, b, ((np.ndim(a) - 1,), (max(np.ndim(b) - 2, 0),)))


@answers(np.inner)
def inner(a, b):
    """Return the sum over the last axes of `a` and `b`, as np.inner does."""
    return a * b if not np.ndim(a) or not np.ndim(b) else tensordot(a, b, ((-1,), (-1,)))


@answers(np.outer)
def outer(a, b):
    """Return all products of an entry of `a` and an entry of `b`, as np.outer does."""
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


@answers(np.vdot)
def vdot(a, b):
    """Return the sum of products of entries, the first conjugated, as np.vdot does."""
    return np.sum(np.conj(np.ravel(a)) * np.ravel(b))


@answers(np.linalg.outer)
def outer_of_vectors(x1, x2, /):
    """Return all products of entries of two vectors, as np.linalg.outer does."""
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ValueError(
            f"np.linalg.outer takes two vectors, not shapes {np.shape(x1)} and {np.shape(x2)}; "
            "np.outer takes any shapes"
        )
    return outer(x1, x2)


@answers(np.vecdot, np.linalg.vecdot)
def vecdot(x1, x2, /, *, axis=-1):
    """Return the dot products of vectors, the first conjugated, as np.vecdot does."""
    x1, x2 = np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1)
    return (np.conj(x1)[..., None, :] @ x2[..., :, None])[..., 0, 0]


def _need_axes(name, *pairs):
    for x, ndim in pairs:
        if np.ndim(x) < ndim:
            raise ValueError(f"np.{name} needs at least {ndim} axes here, not shape {np.shape(x)}")


def matvec(x1, x2, /):
    """Return the products of matrices and vectors, as np.matvec does."""
    _need_axes("matvec", (x1, 2), (x2, 1))
    return (x1 @ np.expand_dims(x2, -1))[..., 0]


def vecmat(x1, x2, /):
    """Return the products of vectors, conjugated, and matrices, as np.vecmat does."""
    _need_axes("vecmat", (x1, 1), (x2, 2))
    return (np.conj(x1)[..., None, :] @ x2)[..., 0, :]


if hasattr(np, "matvec"):  # NumPy 2.2
    answers(np.matvec)(matvec)
    answers(np.vecmat)(vecmat)


@answers(np.tensordot, np.linalg.tensordot)
def tensordot(a, b, axes=2):
    """Return the sum over chosen axes of `a` and `b`, as np.tensordot does: one matmul.

    Args:
        a, b: arrays or Values.
        axes: the number of last axes of `a` and first axes of `b` to sum over, or two lists of
            axes.
    """
    na, nb = np.ndim(a), np.ndim(b)
    if isinstance(axes, (int, np.integer)):
        left, right = list(range(na - axes, na)), list(range(axes))
    else:
        left, right = ([int(i) for i in np.atleast_1d(side)] for side in axes)
    left, right = [i % na for i in left], [i % nb for i in right]
    stay_a = [i for i in range(na) if i not in left]
    stay_b = [i for i in range(nb) if i not in right]
    shape_a, shape_b = np.shape(a), np.shape(b)
    if [shape_a[i] for i in left] != [shape_b[i] for i in right]:
        raise ValueError(
            f"tensordot of shapes {shape_a} and {shape_b} over the axes {left} and {right} is not "
            "possible: axes that are summed together must have the same length"
        )
    summed = int(np.prod([shape_a[i] for i in left]))
    left_matrix = np.reshape(
        np.transpose(a, stay_a + left),
        (-1, summed) if summed else (int(np.prod([shape_a[i] for i in stay_a])), 0),
    )
    right_matrix = np.reshape(
        np.transpose(b, right + stay_b),
        (summed, -1) if summed else (0, int(np.prod([shape_b[i] for i in stay_b]))),
    )
    shape = [shape_a[i] for i in stay_a] + [shape_b[i] for i in stay_b]
    return np.reshape(left_matrix @ right_matrix, shape)


def _letters(sublist):
    """Write a list of axis numbers in letters, as in einsum's strings."""
    return "".join("..." if i is Ellipsis else ascii_letters[i] for i in sublist)


@answers(np.einsum)
def einsum(*operands, optimize=False):
    """Return the Einstein sum over the operands, as np.einsum does.

    Args:
        *operands: a string of subscripts and its operands; or each operand followed by the list
            of its axes' numbers and, optionally, at the end that of the result.
        optimize: whether, or in which order, to multiply two at a time; see np.einsum_path.

    Example:
        >>> float(einsum("i,i->", np.ones(3), np.arange(3.0)))
        3.0
        >>> float(einsum(np.ones(3), [0], np.arange(3.0), [0]))
        3.0
    """
    if isinstance(operands[0], str):
        subscripts, *operands = operands
    else:
        subscripts = ",".join(map(_letters, operands[1::2]))
        if len(operands) % 2:
            subscripts += "->" + _letters(operands[-1])
        operands = operands[: len(operands) // 2 * 2 : 2]
    return rows.einsum(*operands, subscripts=subscripts, optimize=optimize)


@answers(np.linalg.matrix_power)
def matrix_power(a, n):
    """Return the n-th power of square matrices, by squaring; of their inverses if n is negative."""
    n = index(n)
    if n == 0:
        return np.where(True, np.eye(a.shape[-1], dtype=a.dtype), a)
    if n < 0:
        return matrix_power(np.linalg.inv(a), -n)
    power = None
    while n:
        if n % 2:
            power = a if power is None else power @ a
        n //= 2
        a = a @ a if n else a
    return power


@answers(np.linalg.multi_dot)
def multi_dot(arrays):
    """Return the product of matrices, in the order that takes the fewest multiplications.

    Args:
        arrays: two or more matrices; the first and the last may be vectors.

    Raises:
        ValueError: there are fewer than two.
    """
    if len(arrays) < 2:
        raise ValueError(f"np.linalg.multi_dot takes two arrays or more, not {len(arrays)}")
    sizes = [1 if arrays[0].ndim == 1 else arrays[0].shape[0], *[a.shape[0] for a in arrays[1:]]]
    sizes.append(1 if arrays[-1].ndim == 1 else arrays[-1].shape[1])
    return _product(arrays, _cheapest_cuts(sizes), 0, len(arrays))


def _cheapest_cuts(sizes):
    """Return where to cut the product of the matrices i to j in two, for each (i, j)."""
    n = len(sizes) - 1
    costs, cuts = {(i, i + 1): 0 for i in range(n)}, {}
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length
            costs[i, j], cuts[i, j] = min(
                (costs[i, k] + costs[k, j] + sizes[i] * sizes[k] * sizes[j], k)
                for k in range(i + 1, j)
            )
    return cuts


def _product(arrays, cuts, i, j):
    if j == i + 1:
        return arrays[i]
    cut = cuts[i, j]
    return _product(arrays, cuts, i, cut) @ _product(arrays, cuts, cut, j)


@answers(np.kron)
def kron(a, b):
    """Return the Kronecker product: every entry of `a` times all of `b`, as np.kron does."""
    ndim = max(np.ndim(a), np.ndim(b))
    shapes = [(1,) * (ndim - np.ndim(x)) + np.shape(x) for x in (a, b)]
    a = np.reshape(a, [n for size in shapes[0] for n in (size, 1)])
    b = np.reshape(b, [n for size in shapes[1] for n in (1, size)])
    return np.reshape(a * b, [m * n for m, n in zip(*shapes, strict=True)])


@answers(np.cross)
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Return the cross products of vectors of three entries, or two, as np.cross does.

    Raises:
        ValueError: vectors of a different length.
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    lengths = {a.shape[-1], b.shape[-1]}
    if not lengths <= {2, 3}:
        raise ValueError(
            f"np.cross takes vectors with 2 or 3 entries, not {a.shape[-1]} and {b.shape[-1]}"
        )
    if lengths == {2}:
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    a, b = resized(a, 3, -1), resized(b, 3, -1)
    y = np.roll(a, -1, -1) * np.roll(b, 1, -1) - np.roll(a, 1, -1) * np.roll(b, -1, -1)
    return np.moveaxis(y, -1, axisc)


@answers(np.linalg.cross)
def cross_of_three(x1, x2, /, *, axis=-1):
    """Return the cross products of vectors of three entries, as np.linalg.cross does."""
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(
            f"np.linalg.cross takes vectors with 3 entries, not {x1.shape[axis]} and "
            f"{x2.shape[axis]}"
        )
    return cross(x1, x2, axis=axis)
