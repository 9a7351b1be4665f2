"""Sums, products and extremes over axes, and cumulative sums and products.

`where` replaces the entries it leaves out by a neutral number; `initial` is included at the end.
"""

import numpy as np

from autograd.composed.creation import array
from autograd.engine.dispatch import answers
from autograd.engine.elsewhere import refuse_options
from autograd.engine.value import Value
from autograd.ops import reduce as rows
from autograd.ops.shape import astype


def entries(a, dtype=None, out=None, where=True, neutral=None, other=None):
    """Return the entries to reduce, in the dtype given, with `neutral` instead of the others.

    Raises:
        TypeError: `out` is given, or `other` options that are not NumPy's.
    """
    if other:
        refuse_options(other)
    if out is not None:
        raise TypeError(
            "a method of a Value takes no out=; write np.sum(v, out=w), or leave it out and use "
            "the result"
        )
    if not isinstance(a, Value):
        a = array(a)
    if dtype is not None:
        a = astype(a, dtype)
    return a if where is True else np.where(where, a, neutral)


@answers(np.sum)
def sum_(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True, **other):
    """Return the sum over axes, as np.sum does."""
    a = entries(a, dtype, out, where, 0, other)
    if initial is not None and a.dtype.kind in "fc" and not np.ndim(initial):
        return rows.sum_from(a, initial, axis, keepdims)
    total = rows.sum_(a, axis, keepdims)
    return total if initial is None else total + _start(initial, total)


@answers(np.prod)
def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True, **other):
    """Return the product over axes, as np.prod does; its slope is right at zeros too."""
    total = rows.prod(entries(a, dtype, out, where, 1, other), axis, keepdims)
    return total if initial is None else total * _start(initial, total)


def _start(initial, y):
    """Return the number to start with in the dtype of the result."""
    return initial if y.dtype.kind in "fc" else array(initial).astype(y.dtype)


def _bound(infinity, dtype):
    """Return the number of a dtype that stands for an infinity: that itself, or the last there."""
    if dtype.kind in "fc":
        return infinity
    if dtype.kind == "b":
        return infinity > 0
    return np.iinfo(dtype).max if infinity > 0 else np.iinfo(dtype).min


def _extreme(row, pairwise, lowest, a, axis, out, keepdims, initial, where, other):
    if initial is None and where is not True:
        raise ValueError(
            f"a {pairwise.__name__} with where= needs initial=, the result of no entries; "
            f"give for example initial={lowest}"
        )
    a = a if isinstance(a, Value) else array(a)
    lowest = _bound(lowest, a.dtype)
    a = entries(a, None, out, where, lowest, other)
    if initial is None:
        return row(a, axis, keepdims)
    y = row(a, axis, keepdims, initial=lowest)
    return pairwise(y, _start(initial, y))


@answers(np.max, np.amax)
def max_(a, axis=None, out=None, keepdims=False, initial=None, where=True, **other):
    """Return the greatest entry over axes, as np.max does; equal ones share the gradient."""
    return _extreme(rows.max_, np.maximum, -np.inf, a, axis, out, keepdims, initial, where, other)


@answers(np.min, np.amin)
def min_(a, axis=None, out=None, keepdims=False, initial=None, where=True, **other):
    """Return the least entry over axes, as np.min does; equal ones share the gradient."""
    return _extreme(rows.min_, np.minimum, np.inf, a, axis, out, keepdims, initial, where, other)


@answers(np.ptp)
def ptp(a, axis=None, out=None, keepdims=False, **other):
    """Return the greatest minus the least entry over axes, as np.ptp does."""
    return max_(a, axis, out, keepdims, **other) - min_(a, axis, out, keepdims)


# -- over the entries that are numbers -----------------------------------------------------------


def _numbers(a, where):
    """Return which entries to reduce: those that are numbers, and in `where`."""
    return np.logical_and(np.logical_not(np.isnan(a)), where)


def over_numbers(function, reduction):
    """Define a NumPy function that is `reduction` over the entries that are not NaN."""

    @answers(function)
    def reduced(a, axis=None, dtype=None, out=None, *args, where=True, **options):
        a = array(a)
        return reduction(a, axis, dtype, out, *args, where=_numbers(a, where), **options)

    reduced.__name__ = function.__name__
    reduced.__doc__ = (
        f"Return the {reduction.__name__} of what is not NaN, as np.{reduced.__name__} does."
    )
    return reduced


nansum = over_numbers(np.nansum, np.sum)
nanprod = over_numbers(np.nanprod, np.prod)


def _extreme_of_numbers(function, row, over_all):
    @answers(function)
    def extreme(a, axis=None, out=None, keepdims=False, initial=None, where=True):
        a = array(a)
        if initial is None and where is True:
            return row(a, axis, keepdims)
        return over_all(a, axis, None, keepdims, initial, _numbers(a, where))

    return extreme


nanmax = _extreme_of_numbers(np.nanmax, rows.nanmax, np.max)
nanmin = _extreme_of_numbers(np.nanmin, rows.nanmin, np.min)

# -- up to each entry ----------------------------------------------------------------------------


@answers(np.cumsum)
def cumsum(a, axis=None, dtype=None, out=None, **other):
    """Return, for each entry, the sum of all up to it, as np.cumsum does."""
    return rows.cumsum(entries(a, dtype, out, other=other), axis)


@answers(np.cumprod)
def cumprod(a, axis=None, dtype=None, out=None, **other):
    """Return, for each entry, the product of all up to it, as np.cumprod does."""
    return rows.cumprod(entries(a, dtype, out, other=other), axis)


def _cumulative(cumulated, neutral):
    def function(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
        x = array(x)
        if axis is None and x.ndim > 1:
            raise ValueError(f"x has {x.ndim} axes; give the one to go along, for example axis=0")
        axis = 0 if axis is None else axis
        y = cumulated(x, axis, dtype, out)
        if not include_initial:
            return y
        shape = list(y.shape)
        shape[axis] = 1
        return np.concatenate([np.full(shape, neutral, y.dtype), y], axis=axis)

    return function


if hasattr(np, "cumulative_sum"):  # NumPy 2.1
    cumulative_sum = answers(np.cumulative_sum)(_cumulative(cumsum, 0))
    cumulative_prod = answers(np.cumulative_prod)(_cumulative(cumprod, 1))


@answers(np.nancumsum)
def nancumsum(a, axis=None, dtype=None, out=None):
    """Return, for each entry, the sum of what is not NaN up to it, as np.nancumsum does."""
    a = array(a)
    return np.cumsum(np.where(np.isnan(a), 0, a), axis=axis, dtype=dtype)


@answers(np.nancumprod)
def nancumprod(a, axis=None, dtype=None, out=None):
    """Return, for each entry, the product of what is not NaN up to it, as np.nancumprod does."""
    a = array(a)
    return np.cumprod(np.where(np.isnan(a), 1, a), axis=axis, dtype=dtype)
