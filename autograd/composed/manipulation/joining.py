"""Joining arrays into one, and splitting one into parts."""

from itertools import pairwise

import numpy as np

from autograd.composed.creation import array
from autograd.composed.manipulation.shapes import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    moveaxis,
    ravel,
    with_axes,
)
from autograd.engine.dispatch import answers
from autograd.ops import shape as rows

# -- joining -------------------------------------------------------------------------------------


def _in_dtype(arrays, dtype, casting):
    """Return the arrays in a list as arrays or Values, converted to `dtype` if one is given."""
    parts = [array(part) for part in arrays]
    return parts if dtype is None else [part.astype(dtype, casting=casting) for part in parts]


@answers(np.concatenate)
def concatenate(arrays, axis=0, *, dtype=None, casting="same_kind"):
    """Return the arrays joined along an axis, as np.concatenate does."""
    parts = _in_dtype(arrays, dtype, casting)
    if axis is None:
        return rows.concatenate(*[ravel(part) for part in parts])
    return rows.concatenate(*parts, axis=axis)


@answers(np.stack)
def stack(arrays, axis=0, *, dtype=None, casting="same_kind"):
    """Return the arrays joined along a new axis, as np.stack does."""
    return rows.stack(*_in_dtype(arrays, dtype, casting), axis=axis)


@answers(np.vstack)
def vstack(tup, *, dtype=None, casting="same_kind"):
    """Return the arrays one below the other, as np.vstack does."""
    return concatenate([atleast_2d(part) for part in tup], dtype=dtype, casting=casting)


if hasattr(np, "row_stack"):  # a name that NumPy is phasing out
    answers(np.row_stack)(vstack)


@answers(np.hstack)
def hstack(tup, *, dtype=None, casting="same_kind"):
    """Return the arrays side by side, as np.hstack does."""
    parts = [atleast_1d(part) for part in tup]
    axis = 0 if parts[0].ndim == 1 else 1
    return concatenate(parts, axis, dtype=dtype, casting=casting)


@answers(np.dstack)
def dstack(tup):
    """Return the arrays joined along a third axis, as np.dstack does."""
    return concatenate([atleast_3d(part) for part in tup], axis=2)


@answers(np.column_stack)
def column_stack(tup):
    """Return vectors as columns, and matrices, side by side, as np.column_stack does."""
    parts = [array(part) for part in tup]
    return concatenate([p if p.ndim >= 2 else rows.reshape(p, (-1, 1)) for p in parts], axis=1)


@answers(np.block)
def block(arrays):
    """Return the array built of nested lists of blocks, as np.block does.

    The innermost lists are joined along the last axis, the lists around them along the axis before.
    """
    levels = _depth(arrays)
    ndim = max(levels, *[block.ndim for block in _blocks(arrays)])
    joined = _joined(arrays, levels, ndim)
    return joined if levels else np.copy(joined)


def _depth(x):
    return 1 + max(map(_depth, x), default=0) if isinstance(x, list) else 0


def _blocks(x):
    return [block for item in x for block in _blocks(item)] if isinstance(x, list) else [array(x)]


def _joined(x, level, ndim):
    if isinstance(x, list):
        return concatenate([_joined(item, level - 1, ndim) for item in x], axis=-level)
    x = array(x)
    return rows.reshape(x, (1,) * (ndim - x.ndim) + x.shape)


# -- splitting -----------------------------------------------------------------------------------


@answers(np.split)
def split(ary, indices_or_sections, axis=0):
    """Return the parts of `ary` along an axis, as np.split does.

    Raises:
        ValueError: the number of sections does not divide the length of the axis.
    """
    n = ary.shape[axis]
    if isinstance(indices_or_sections, (int, np.integer)) and n % indices_or_sections:
        raise ValueError(
            f"an axis of {n} cannot be split into {indices_or_sections} equal parts; "
            "use np.array_split, or give the positions to cut at"
        )
    return array_split(ary, indices_or_sections, axis)


@answers(np.array_split)
def array_split(ary, indices_or_sections, axis=0):
    """Return the parts of `ary` along an axis, as equal as possible, as np.array_split does."""
    n = ary.shape[axis]
    if isinstance(indices_or_sections, (int, np.integer)):
        parts = np.array_split(np.empty(n), indices_or_sections)
        cuts = np.cumsum([0, *map(len, parts)]).tolist()
    else:
        cuts = [0, *indices_or_sections, n]
    head = (slice(None),) * (axis % ary.ndim)
    return [ary[(*head, slice(start, stop))] for start, stop in pairwise(cuts)]


@answers(np.hsplit)
def hsplit(ary, indices_or_sections):
    """Return the parts of `ary` from left to right, as np.hsplit does."""
    return split(ary, indices_or_sections, 1 if with_axes(ary, 1).ndim > 1 else 0)


@answers(np.vsplit)
def vsplit(ary, indices_or_sections):
    """Return the parts of `ary` from top to bottom, as np.vsplit does."""
    return split(with_axes(ary, 2), indices_or_sections, 0)


@answers(np.dsplit)
def dsplit(ary, indices_or_sections):
    """Return the parts of `ary` along its third axis, as np.dsplit does."""
    return split(with_axes(ary, 3), indices_or_sections, 2)


def unstack(x, /, *, axis=0):
    """Return the slices of `x` along an axis, as np.unstack does; np.stack undoes it."""
    return tuple(moveaxis(x, axis, 0))


if hasattr(np, "unstack"):  # NumPy 2.1
    answers(np.unstack)(unstack)
