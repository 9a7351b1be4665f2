"""Sorting and searching. The gradient goes back to the entries that were read."""

import numpy as np

from autograd.composed.creation import array
from autograd.composed.indexing import compress, flat_if_none
from autograd.engine.dispatch import answers
from autograd.ops import elementwise
from autograd.ops import sorting as rows
from autograd.ops.plain import raw
from autograd.ops.shape import astype


@answers(np.sort)
def sort(a, axis=-1, kind=None, *, stable=None):
    """Return the entries sorted along an axis, as np.sort does; axis=None flattens them first."""
    return rows.sort(*flat_if_none(a, axis))


@answers(np.partition)
def partition(a, kth, axis=-1, kind="introselect"):
    """Return the entries with the kth in its sorted position, as np.partition does."""
    a, axis = flat_if_none(a, axis)
    return rows.partition(a, kth, axis)


@answers(np.sort_complex)
def sort_complex(a):
    """Return the entries sorted along the last axis as complex numbers, as np.sort_complex does."""
    y = sort(a)
    return y if y.dtype.kind == "c" else astype(y, np.sort_complex(np.empty(0, y.dtype)).dtype)


@answers(np.where)
def where(condition, *choices):
    """Return one of two choices by a condition, or the positions where it holds, as np.where does.

    Raises:
        ValueError: only one choice is given; np.where takes two or none.
    """
    if len(choices) == 1:
        raise ValueError("np.where takes x and y after the condition, or neither")
    return elementwise.where(condition, *choices) if choices else np.nonzero(condition)


@answers(np.extract)
def extract(condition, arr):
    """Return the entries where a condition holds, as a vector, as np.extract does."""
    return compress(np.ravel(raw(array(condition))), arr)
