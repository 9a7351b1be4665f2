"""The same entries in another shape, with axes in another order, or with more or fewer axes."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.composed.creation import array
from autograd.composed.layout import by_strides, in_memory, in_order
from autograd.engine.dispatch import answers
from autograd.engine.elsewhere import refuse_options
from autograd.ops import shape as rows

# -- another shape -------------------------------------------------------------------------------


def _columns_first(a, order):
    """Whether `order` reads the entries of `a` with the first index changing fastest."""
    if order in ("C", "F"):
        return order == "F"
    if order != "A":
        raise ValueError(f"order must be 'C', 'F' or 'A', not {order!r}")
    flags = in_memory(a).flags
    return flags.f_contiguous and not flags.c_contiguous


@answers(np.reshape)
def reshape(a, shape=None, order="C", *, newshape=None, copy=None):
    """Return the entries in another shape, as np.reshape does; `newshape` is its older name."""
    shape = newshape if shape is None else shape
    if fortran := _columns_first(a, order):
        # reversing the axes before and after makes the first index the one that changes fastest
        backwards = shape[::-1] if isinstance(shape, (tuple, list)) else shape
        y = rows.transpose(rows.reshape(rows.transpose(a), backwards))
    else:
        y = rows.reshape(a, shape)
    if copy is False and y.size and not np.may_share_memory(in_memory(y), in_memory(a)):
        raise ValueError("np.reshape with copy=False: these entries need a copy; leave copy out")
    return rows.copy(y, "F" if fortran else "C") if copy else y


@answers(np.ravel)
def ravel(a, order="C"):
    """Return all entries along a single axis, as np.ravel does."""
    if order == "K":  # as they lie in memory
        a, order = rows.transpose(a, by_strides(a)), "C"
    return in_order(reshape(a, (-1,), order), "C")  # a copy of what lies apart, such as v[::2]


# -- axes in another order -----------------------------------------------------------------------


@answers(np.moveaxis)
def moveaxis(a, source, destination):
    """Return `a` with axes moved to new positions, as np.moveaxis does."""
    # the axes of an array with lengths 0, 1, 2, … show where NumPy moves each
    moved = np.moveaxis(np.broadcast_to(0.0, range(a.ndim)), source, destination)
    return rows.transpose(a, moved.shape)


@answers(np.rollaxis)
def rollaxis(a, axis, start=0):
    """Return `a` with one axis moved in front of another, as np.rollaxis does."""
    axis, start = axis % a.ndim, start + a.ndim if start < 0 else start
    return moveaxis(a, axis, start - (axis < start))


@answers(np.swapaxes)
def swapaxes(a, axis1, axis2):
    """Return `a` with two axes exchanged."""
    first, second = normalize_axis_index(axis1, a.ndim), normalize_axis_index(axis2, a.ndim)
    axes = list(range(a.ndim))
    axes[first], axes[second] = second, first
    return rows.transpose(a, tuple(axes))


@answers(np.matrix_transpose, np.linalg.matrix_transpose)
def matrix_transpose(x):
    """Return `x` with its last two axes exchanged, as np.matrix_transpose does."""
    return swapaxes(x, -1, -2)


# -- more or fewer axes --------------------------------------------------------------------------


@answers(np.squeeze)
def squeeze(a, axis=None, **other):
    """Return `a` without its axes of length one, or without those in `axis`."""
    if other:
        refuse_options(other)
    shape = np.squeeze(np.empty(a.shape), axis).shape
    return a if shape == a.shape else rows.reshape(a, shape)


@answers(np.expand_dims)
def expand_dims(a, axis):
    """Return `a` with axes of length one inserted, as np.expand_dims does."""
    return rows.reshape(a, np.expand_dims(np.broadcast_to(0.0, a.shape), axis).shape)


def _each(function):
    """Let a function of one array take several, and return a tuple of results for these."""

    def of_each(*arys):
        results = tuple(function(array(a)) for a in arys)
        return results[0] if len(arys) == 1 else results

    return of_each


def with_axes(m, least):
    """Return `m`, which has `least` axes or more, or raise ValueError."""
    if m.ndim < least:
        raise ValueError(f"give an array of at least {least} dimensions, not of {m.ndim}")
    return m


@answers(np.atleast_1d)
@_each
def atleast_1d(a):
    """Return `a`, or an array of one entry if it is a scalar."""
    return a if a.ndim else rows.reshape(a, (1,))


@answers(np.atleast_2d)
@_each
def atleast_2d(a):
    """Return `a` with at least two axes, by leading ones of length one."""
    return a if a.ndim >= 2 else rows.reshape(a, (1, a.size))


@answers(np.atleast_3d)
@_each
def atleast_3d(a):
    """Return `a` with at least three axes, as np.atleast_3d does."""
    return a if a.ndim >= 3 else rows.reshape(a, np.atleast_3d(np.broadcast_to(0.0, a.shape)).shape)


@answers(np.broadcast_arrays)
def broadcast_arrays(*arrays):
    """Return all arrays broadcast to their common shape."""
    shape = np.broadcast_shapes(*[np.shape(a) for a in map(array, arrays)])
    return tuple(rows.broadcast_to(a, shape) for a in map(array, arrays))
