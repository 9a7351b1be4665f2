"""Entries picked by number, mask, case or from a diagonal, composed of indexing and `where`."""

import numpy as np

from autograd.composed.creation import array
from autograd.composed.layout import in_order
from autograd.engine.dispatch import answers
from autograd.engine.value import Value
from autograd.ops import indexing as rows
from autograd.ops.plain import raw


def within(indices, n, mode):
    """Return whole numbers below n; `mode` says what to do with others."""
    indices = raw(array(indices))
    indices = indices if indices.size else indices.astype(int)
    if mode == "wrap":
        return indices % n
    if mode == "clip":
        return np.clip(indices, 0, n - 1)
    if mode != "raise":
        raise ValueError(f"mode must be 'raise', 'wrap' or 'clip', not {mode!r}")
    return indices


def flat_if_none(a, axis):
    """Return `a` and `axis` as they are; if `axis` is None, `a` flattened, and 0."""
    a = array(a)
    return (np.ravel(a), 0) if axis is None else (a, axis)


@answers(np.take)
def take(a, indices, axis=None, out=None, mode="raise"):
    """Return the entries along an axis at `indices`, as np.take does."""
    a, axis = flat_if_none(a, axis)
    indices = within(indices, a.shape[axis], mode)
    if isinstance(indices, Value) and not isinstance(a, Value):  # a recording needs to see it
        a = Value(a)
    return in_order(a[(*[slice(None)] * (axis % a.ndim), indices)], "C")


@answers(np.take_along_axis)
def take_along_axis(arr, indices, axis=-1):
    """Return one entry along an axis for each index, as np.take_along_axis does."""
    arr, axis = flat_if_none(arr, axis)
    return rows.take_along_axis(arr, raw(array(indices)), axis)


@answers(np.compress)
def compress(condition, a, axis=None, out=None):
    """Return the entries along an axis where a condition holds, as np.compress does."""
    return take(a, np.flatnonzero(raw(array(condition))), axis)


@answers(np.choose)
def choose(a, choices, out=None, mode="raise"):
    """Return, for each number in `a`, the entry of that choice at its position (np.choose)."""
    choices = [array(choice) for choice in choices]
    a = within(array(a), len(choices), mode)
    if np.any((a < 0) | (a >= len(choices))):
        raise ValueError(
            f"np.choose takes numbers from 0 to {len(choices) - 1}; use mode='clip' for others"
        )
    shape = np.broadcast_shapes(a.shape, *[np.shape(raw(choice)) for choice in choices])
    layers = np.stack([np.broadcast_to(choice, shape) for choice in choices])
    return rows.take_along_axis(layers, np.broadcast_to(a, shape)[None], 0)[0]


@answers(np.select)
def select(condlist, choicelist, default=0):
    """Return the entries of the first choice whose condition holds, as np.select does."""
    if len(condlist) != len(choicelist):
        raise ValueError(
            f"{len(condlist)} conditions for {len(choicelist)} choices; give a choice for each "
            "condition, and default= for where none holds"
        )
    y = _weak(default)
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        y = np.where(condition, _weak(choice), y)
    return in_order(y, "C")


def _weak(x):
    """Return an array, a Value, or a plain number, which leaves the precision to other operands."""
    return x if isinstance(x, (int, float, complex)) else array(x)


# -- diagonals -----------------------------------------------------------------------------------


@answers(np.linalg.diagonal)
def matrix_diagonal(x, /, *, offset=0):
    """Return the diagonals of the matrices in the last two axes, as np.linalg.diagonal does."""
    return rows.diagonal(x, offset, -2, -1)
