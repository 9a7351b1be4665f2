"""Reductions that pass over NaN: NumPy's reductions of the entries that are numbers."""

import numpy as np

from autograd.composed.shapes import array
from autograd.engine.dispatch import answers
from autograd.engine.primitive import define
from autograd.ops.reduce import extreme_vjp


def _numbers(a, where):
    """Which entries take part: those that are numbers, and in `where`."""
    return np.logical_and(np.logical_not(np.isnan(a)), where)


def _over_numbers(function, reduction):
    """Answer for a NumPy function that is `reduction` over the entries that are numbers."""

    @answers(function)
    def reduced(a, axis=None, dtype=None, out=None, *args, where=True, **options):
        a = array(a)
        return reduction(a, axis, dtype, out, *args, where=_numbers(a, where), **options)

    reduced.__name__ = function.__name__
    reduced.__doc__ = (
        f"Return the {reduction.__name__} of what is not NaN, as np.{reduced.__name__}."
    )
    return reduced


nansum = _over_numbers(np.nansum, np.sum)
nanprod = _over_numbers(np.nanprod, np.prod)
nanmean = _over_numbers(np.nanmean, np.mean)
nanvar = _over_numbers(np.nanvar, np.var)
nanstd = _over_numbers(np.nanstd, np.std)


def _extreme(name, function, over_all):
    row = define(
        name,
        lambda a, axis=None, keepdims=False: function(a, axis=axis, keepdims=keepdims),
        vjps=(extreme_vjp,),
        samples=lambda rng: [((_with_a_hole(rng),), {"axis": 1}), ((_with_a_hole(rng),), {})],
    )

    @answers(function)
    def extreme(a, axis=None, out=None, keepdims=False, initial=None, where=True):
        a = array(a)
        if initial is None and where is True:
            return row(a, axis, keepdims)
        return over_all(a, axis, None, keepdims, initial, _numbers(a, where))

    return extreme


def _with_a_hole(rng):
    x = rng.normal(size=(3, 4))
    x[1, 2] = np.nan
    return x


nanmax = _extreme("nanmax", np.nanmax, np.max)
nanmin = _extreme("nanmin", np.nanmin, np.min)


@answers(np.nancumsum)
def nancumsum(a, axis=None, dtype=None, out=None):
    """Return the sums of what is not NaN up to each entry, as np.nancumsum does."""
    a = array(a)
    return np.cumsum(np.where(np.isnan(a), 0, a), axis=axis, dtype=dtype)


@answers(np.nancumprod)
def nancumprod(a, axis=None, dtype=None, out=None):
    """Return the products of what is not NaN up to each entry, as np.nancumprod does."""
    a = array(a)
    return np.cumprod(np.where(np.isnan(a), 1, a), axis=axis, dtype=dtype)
