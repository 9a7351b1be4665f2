"""NumPy's functions that move entries about, made of ops: turning, cutting, joining."""

import numpy as np

from autograd.composed.shapes import (
    array,
    atleast_3d,
    concatenate,
    expand_dims,
    moveaxis,
    ravel,
    split,
    vstack,
)
from autograd.engine.dispatch import answers
from autograd.ops.shape import join, reshape


def rearranged(function, *arrays):
    """Return what `function` makes of arrays if it only moves their entries.

    NumPy moves the positions of the entries; the entries are then read from there.

    Example:
        >>> rearranged(np.flipud, np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([[3., 4.],
               [1., 2.]])
    """
    positions, size = [], 0
    for a in arrays:
        positions.append(size + np.arange(a.size).reshape(a.shape))
        size += a.size
    entries = join(*map(ravel, arrays)) if len(arrays) > 1 else ravel(arrays[0])
    return entries[function(*positions)]


# -- turning -----------------------------------------------------------------------------------


def _with_axes(m, least):
    if m.ndim < least:
        raise ValueError(f"an array of {least} dimensions or more is needed, not of {m.ndim}")
    return m


@answers(np.fliplr)
def fliplr(m):
    """Return `m` with its columns in reverse order."""
    return np.flip(_with_axes(m, 2), 1)


@answers(np.flipud)
def flipud(m):
    """Return `m` with its rows in reverse order."""
    return np.flip(_with_axes(m, 1), 0)


@answers(np.rot90)
def rot90(m, k=1, axes=(0, 1)):
    """Return `m` turned by k times 90 degrees in the plane of two axes, as np.rot90 does."""
    first, second = axes
    k %= 4
    if k == 2:
        return np.flip(m, (first, second))
    if k == 1:
        m = np.flip(m, second)
    turned = np.swapaxes(m, first, second) if k else m
    return np.flip(turned, second) if k == 3 else turned


@answers(np.rollaxis)
def rollaxis(a, axis, start=0):
    """Return `a` with one axis moved to before another, as np.rollaxis does."""
    axis, start = axis % a.ndim, start + a.ndim if start < 0 else start
    return moveaxis(a, axis, start - (axis < start))


# -- cutting -----------------------------------------------------------------------------------


@answers(np.hsplit)
def hsplit(ary, indices_or_sections):
    """Return the parts of `ary` from left to right, as np.hsplit does."""
    return split(ary, indices_or_sections, 1 if _with_axes(ary, 1).ndim > 1 else 0)


@answers(np.vsplit)
def vsplit(ary, indices_or_sections):
    """Return the parts of `ary` from top to bottom, as np.vsplit does."""
    return split(_with_axes(ary, 2), indices_or_sections, 0)


@answers(np.dsplit)
def dsplit(ary, indices_or_sections):
    """Return the parts of `ary` along its third axis, as np.dsplit does."""
    return split(_with_axes(ary, 3), indices_or_sections, 2)


def unstack(x, /, *, axis=0):
    """Return the slices of `x` along an axis, as np.unstack does: the mirror of np.stack."""
    return tuple(moveaxis(x, axis, 0))


if hasattr(np, "unstack"):
    answers(np.unstack)(unstack)


@answers(np.delete)
def delete(arr, obj, axis=None):
    """Return `arr` without the slices that `obj` names, as np.delete does."""
    return rearranged(lambda positions: np.delete(positions, obj, axis), arr)


@answers(np.trim_zeros)
def trim_zeros(filt, trim="fb", axis=None):
    """Return `filt` without the zeros at its front ('f' in `trim`) and back ('b')."""
    filt = array(filt)
    axes = range(filt.ndim) if axis is None else {a % filt.ndim for a in np.atleast_1d(axis)}
    index = [slice(None)] * filt.ndim
    for i, places in enumerate(np.nonzero(filt)):
        if i in axes:
            first, last = (places.min(), places.max() + 1) if places.size else (filt.shape[i], 0)
            index[i] = slice(
                first if "f" in trim.lower() else None, last if "b" in trim.lower() else None
            )
    return filt[tuple(index)]


# -- joining -----------------------------------------------------------------------------------


@answers(np.append)
def append(arr, values, axis=None):
    """Return `arr` with `values` behind it, as np.append does."""
    return concatenate([arr, values], axis)


@answers(np.insert)
def insert(arr, obj, values, axis=None):
    """Return `arr` with `values` put in before the places that `obj` names, as np.insert does."""
    arr, values = array(arr), array(values)
    return rearranged(
        lambda places, new: np.insert(places, obj, new, axis), arr, values.astype(arr.dtype)
    )


@answers(np.column_stack)
def column_stack(tup):
    """Return vectors as the columns of a matrix, matrices beside them, as np.column_stack does."""
    parts = [array(part) for part in tup]
    return concatenate([p if p.ndim >= 2 else reshape(p, (-1, 1)) for p in parts], axis=1)


@answers(np.dstack)
def dstack(tup):
    """Return the arrays joined along a third axis, as np.dstack does."""
    return concatenate([atleast_3d(part) for part in tup], axis=2)


if hasattr(np, "row_stack"):  # a name that NumPy is giving up
    answers(np.row_stack)(vstack)


@answers(np.block)
def block(arrays):
    """Return the array built of nested lists of blocks, as np.block does.

    The innermost lists are joined along the last axis, those around them along the one before.
    """

    def depth(x):
        return 1 + max(map(depth, x), default=0) if isinstance(x, list) else 0

    def leaves(x):
        return [leaf for item in x for leaf in leaves(item)] if isinstance(x, list) else [array(x)]

    levels = depth(arrays)
    ndim = max(levels, *[leaf.ndim for leaf in leaves(arrays)])

    def joined(x, level):
        if isinstance(x, list):
            return concatenate([joined(item, level - 1) for item in x], axis=-level)
        x = array(x)
        return reshape(x, (1,) * (ndim - x.ndim) + x.shape)

    return joined(arrays, levels) if levels else np.copy(joined(arrays, levels))


@answers(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    """Return all windows of a shape that slides over `x`, as NumPy's function does, but a copy."""
    slide = np.lib.stride_tricks.sliding_window_view
    return rearranged(lambda positions: slide(positions, window_shape, axis), array(x))


# -- repeating and combining -------------------------------------------------------------------


@answers(np.resize)
def resize(a, new_shape):
    """Return the entries of `a`, as often as needed, in a new shape, as np.resize does."""
    a = array(a)
    if not a.size:
        return np.resize(np.empty(a.shape, a.dtype), new_shape)
    return rearranged(lambda positions: np.resize(positions, new_shape), a)


@answers(np.meshgrid)
def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    """Return the coordinates of a grid with the given axes, as np.meshgrid does."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"indexing is 'xy' or 'ij', not {indexing!r}")
    vectors = [array(x) for x in xi]
    order = list(range(len(vectors)))
    if indexing == "xy" and len(order) > 1:
        order[:2] = 1, 0
    grids = [
        expand_dims(ravel(v), tuple(i for i in range(len(order)) if i != axis))
        for v, axis in zip(vectors, order, strict=True)
    ]
    grids = tuple(grids) if sparse else np.broadcast_arrays(*grids)
    return tuple(map(np.copy, grids)) if copy else grids
