"""Functions that only move entries: deleting, inserting, repeating, flipping and rotating."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.composed.creation import array
from autograd.composed.manipulation.joining import concatenate
from autograd.composed.manipulation.shapes import ravel, with_axes
from autograd.engine.dispatch import answers
from autograd.ops import shape as rows
from autograd.ops.indexing import windows, writable_windows
from autograd.ops.plain import plain


def rearranged(function, *arrays):
    """Return the result of a `function` that only moves the entries of arrays.

    NumPy moves the numbers of the entries, by which the entries are then picked.

    Example:
        >>> rearranged(np.flipud, np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([[3., 4.],
               [1., 2.]])
    """
    positions, size = [], 0
    for a in arrays:
        positions.append(size + np.arange(a.size).reshape(a.shape))
        size += a.size
    entries = rows.concatenate(*map(ravel, arrays)) if len(arrays) > 1 else ravel(arrays[0])
    return entries[function(*positions)]


# -- adding and removing -------------------------------------------------------------------------


_delete, _insert = plain(np.delete), plain(np.insert)


@answers(np.delete)
def delete(arr, obj, axis=None):
    """Return `arr` without the slices at `obj`, as np.delete does."""
    return rearranged(lambda positions: _delete(positions, obj, axis), arr)


@answers(np.insert)
def insert(arr, obj, values, axis=None):
    """Return `arr` with `values` inserted before the positions `obj`, as np.insert does."""
    arr, values = array(arr), array(values)
    return rearranged(
        lambda places, new: _insert(places, obj, new, axis), arr, values.astype(arr.dtype)
    )


@answers(np.append)
def append(arr, values, axis=None):
    """Return `arr` with `values` at its end, as np.append does."""
    return concatenate([arr, values], axis)


@answers(np.trim_zeros)
def trim_zeros(filt, trim="fb", axis=None):
    """Return `filt` without the zeros at its front ('f' in `trim`) and at its back ('b')."""
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


@answers(np.resize)
def resize(a, new_shape):
    """Return the entries of `a`, as often as needed, in a new shape, as np.resize does."""
    a = array(a)
    if not a.size:
        return np.resize(np.empty(a.shape, a.dtype), new_shape)
    return rearranged(lambda positions: np.resize(positions, new_shape), a)


@answers(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    """Return a view of all windows of `x` of one shape, as NumPy's function does."""
    return (writable_windows if writeable else windows)(array(x), window_shape, axis)


# -- flipping and rotating -----------------------------------------------------------------------


@answers(np.fliplr)
def fliplr(m):
    """Return `m` with its columns in reverse order."""
    return np.flip(with_axes(m, 2), 1)


@answers(np.flipud)
def flipud(m):
    """Return `m` with its rows in reverse order."""
    return np.flip(with_axes(m, 1), 0)


@answers(np.rot90)
def rot90(m, k=1, axes=(0, 1)):
    """Return `m` rotated by k times 90 degrees in the plane of two axes, as np.rot90 does."""
    first, second = normalize_axis_tuple(axes, m.ndim)
    k %= 4
    if k == 2:
        return np.flip(m, (first, second))
    if k == 1:
        m = np.flip(m, second)
    turned = np.swapaxes(m, first, second) if k else m
    return np.flip(turned, second) if k == 3 else turned
