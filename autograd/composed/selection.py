"""Picking entries by number, by mask or by case: made of indexing and of `where`."""

import numpy as np

from autograd.composed.shapes import array
from autograd.composed.sorting import flat_if_none
from autograd.engine.dispatch import answers
from autograd.ops.indexing import setitem, take_along_axis
from autograd.ops.plain import raw


def within(indices, n, mode):
    """Whole numbers below n: `mode` says what becomes of those that are not."""
    indices = np.asarray(raw(indices))
    if mode == "wrap":
        return indices % n
    if mode == "clip":
        return np.clip(indices, 0, n - 1)
    if mode != "raise":
        raise ValueError(f"mode is 'raise', 'wrap' or 'clip', not {mode!r}")
    return indices


@answers(np.take)
def take(a, indices, axis=None, out=None, mode="raise"):
    """Return the entries along an axis that `indices` name, as np.take does."""
    a, axis = flat_if_none(a, axis)
    indices = within(indices, a.shape[axis], mode)
    return a[(*[slice(None)] * (axis % a.ndim), indices)]


@answers(np.take_along_axis)
def take_each_along_axis(arr, indices, axis=-1):
    """Return entries named one by one along an axis, as np.take_along_axis does."""
    arr, axis = flat_if_none(arr, axis)
    return take_along_axis(arr, raw(array(indices)), axis)


@answers(np.compress)
def compress(condition, a, axis=None, out=None):
    """Return the entries along an axis where a condition holds, as np.compress does."""
    return take(a, np.flatnonzero(raw(array(condition))), axis)


@answers(np.extract)
def extract(condition, arr):
    """Return the entries where a condition holds, in a row, as np.extract does."""
    return compress(np.ravel(raw(array(condition))), arr)


@answers(np.choose)
def choose(a, choices, out=None, mode="raise"):
    """Return for each number in `a` the entry at its place of that choice, as np.choose does."""
    choices = [array(choice) for choice in choices]
    a = within(array(a), len(choices), mode)
    if np.any((a < 0) | (a >= len(choices))):
        raise ValueError(f"np.choose has the choices 0 to {len(choices) - 1}; use mode='clip'")
    shape = np.broadcast_shapes(a.shape, *[np.shape(raw(choice)) for choice in choices])
    layers = np.stack([np.broadcast_to(choice, shape) for choice in choices])
    return take_along_axis(layers, np.broadcast_to(a, shape)[None], 0)[0]


@answers(np.select)
def select(condlist, choicelist, default=0):
    """Return the entries of the first choice whose condition holds, as np.select does."""
    if len(condlist) != len(choicelist):
        raise ValueError(
            f"{len(condlist)} conditions for {len(choicelist)} choices; give a choice for each, "
            "and default= for where none holds"
        )
    y = _weak(default)
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        y = np.where(condition, _weak(choice), y)
    return y


def _weak(x):
    """Return an array or Value, or a plain number, which takes the precision of what it meets."""
    return x if isinstance(x, (int, float, complex)) else array(x)


@answers(np.piecewise)
def piecewise(x, condlist, funclist, *args, **kw):
    """Return on each part of `x` its own function of it, as np.piecewise does.

    A function sees the entries of its part alone.  A number stands for a constant.
    """
    x = array(x)
    conditions = np.asarray(raw(array(condlist)), dtype=bool)
    if conditions.ndim == min(x.ndim, 1):  # one condition, not in a list
        conditions = conditions[None]
    if len(funclist) == len(conditions) + 1:
        conditions = np.concatenate([conditions, ~conditions.any(axis=0, keepdims=True)])
    if len(funclist) != len(conditions):
        raise ValueError(
            f"{len(conditions)} conditions for {len(funclist)} functions; give a function for "
            "each, and one more for where none holds"
        )
    if not x.ndim:
        return piecewise(np.reshape(x, (1,)), conditions[:, None], funclist, *args, **kw)[0]
    y = np.zeros(x.shape, x.dtype)
    for condition, function in zip(conditions, funclist, strict=True):
        part = function(x[condition], *args, **kw) if callable(function) else function
        y = setitem(y, part, condition) if np.any(condition) else y
    return y
