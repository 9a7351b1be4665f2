"""NumPy's options of reductions, `dtype`, `initial` and `where`: made of the rows in reduce.py.

`where` puts what changes nothing in the place of what is left out, `initial` joins at the end.
"""

import numpy as np

from autograd.composed.shapes import array
from autograd.engine.dispatch import answers
from autograd.engine.value import Value
from autograd.ops import reduce
from autograd.ops.shape import astype


def _prepared(a, dtype, out, where, neutral):
    """The entries that take part, of the dtype asked for; `neutral` in the place of others."""
    if out is not None:
        raise TypeError("a Value cannot be written into out=; leave it out and use the result")
    a = array(a)
    a = a if dtype is None else astype(a, dtype)
    return a if where is True else np.where(where, a, neutral)


def _real_dtype(a):
    return np.finfo(np.result_type(a.dtype, np.float16)).dtype


def _taking_part(a, axis, keepdims, where):
    """How many entries each entry of a reduction is made of, as floats of the kind of `a`."""
    taken = np.broadcast_to(where, a.shape)
    return astype(np.sum(taken, axis=axis, keepdims=keepdims), _real_dtype(a))


@answers(np.sum)
def sum_(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    """Return the sum over axes, as np.sum does."""
    if isinstance(a, Value) and dtype is out is initial is None and where is True:
        return reduce.sum_(a, axis, keepdims)
    total = reduce.sum_(_prepared(a, dtype, out, where, 0), axis, keepdims)
    return total if initial is None else total + initial


@answers(np.prod)
def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    """Return the product over axes, as np.prod does; its slope is right also at zeros."""
    if isinstance(a, Value) and dtype is out is initial is None and where is True:
        return reduce.prod(a, axis, keepdims)
    total = reduce.prod(_prepared(a, dtype, out, where, 1), axis, keepdims)
    return total if initial is None else total * initial


@answers(np.mean)
def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    """Return the mean over axes, as np.mean does."""
    if isinstance(a, Value) and dtype is out is None and where is True:
        return reduce.mean(a, axis, keepdims)
    a = _prepared(a, dtype, out, where, 0)
    if where is True:
        return reduce.mean(a, axis, keepdims)
    return reduce.sum_(a, axis, keepdims) / _taking_part(a, axis, keepdims, where)


@answers(np.var)
def var(
    a,
    axis=None,
    dtype=None,
    out=None,
    ddof=0,
    keepdims=False,
    *,
    where=True,
    mean=None,
    correction=None,
):
    """Return the variance over axes, as np.var does."""
    ddof = ddof if correction is None else correction
    if isinstance(a, Value) and dtype is out is mean is None and where is True:
        return reduce.var(a, axis, ddof, keepdims)
    a = _prepared(a, dtype, out, where, 0)
    if mean is None:
        mean = np.mean(a, axis=axis, keepdims=True, where=where)
    squares = np.square(np.abs(a - mean)) if a.dtype.kind == "c" else np.square(a - mean)
    freedom = np.maximum(_taking_part(a, axis, keepdims, where) - ddof, 0)
    return np.sum(squares, axis=axis, keepdims=keepdims, where=where) / freedom


@answers(np.std)
def std(
    a,
    axis=None,
    dtype=None,
    out=None,
    ddof=0,
    keepdims=False,
    *,
    where=True,
    mean=None,
    correction=None,
):
    """Return the standard deviation over axes, as np.std does; its slope at 0 is taken as 0."""
    ddof = ddof if correction is None else correction
    if isinstance(a, Value) and dtype is out is mean is None and where is True:
        return reduce.std(a, axis, ddof, keepdims)
    v = var(a, axis, dtype, out, ddof, keepdims, where=where, mean=mean)
    return np.where(v == 0, 0.0, np.sqrt(np.where(v == 0, 1.0, v)))


def _extreme(row, pairwise, lowest, a, axis, out, keepdims, initial, where):
    if isinstance(a, Value) and out is initial is None and where is True:
        return row(a, axis, keepdims)
    if initial is None and where is not True:
        raise ValueError(
            f"a {pairwise.__name__} with where= needs initial=, what it is of nothing; "
            f"give for example initial={lowest}"
        )
    a = _prepared(a, None, out, where, lowest)
    if initial is None:
        return row(a, axis, keepdims)
    return pairwise(row(a, axis, keepdims, initial=lowest), initial)


@answers(np.max, np.amax)
def max_(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    """Return the greatest entry over axes, as np.max does; equal ones share the gradient."""
    return _extreme(reduce.max_, np.maximum, -np.inf, a, axis, out, keepdims, initial, where)


@answers(np.min, np.amin)
def min_(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    """Return the least entry over axes, as np.min does; equal ones share the gradient."""
    return _extreme(reduce.min_, np.minimum, np.inf, a, axis, out, keepdims, initial, where)


@answers(np.ptp)
def ptp(a, axis=None, out=None, keepdims=False):
    """Return the greatest less the least entry over axes, as np.ptp does."""
    return max_(a, axis, out, keepdims) - min_(a, axis, out, keepdims)


# -- cumulatives -------------------------------------------------------------------------------


@answers(np.cumsum)
def cumsum(a, axis=None, dtype=None, out=None):
    """Return the sums of all entries up to each one, as np.cumsum does."""
    return reduce.cumsum(_prepared(a, dtype, out, True, 0), axis)


@answers(np.cumprod)
def cumprod(a, axis=None, dtype=None, out=None):
    """Return the products of all entries up to each one, as np.cumprod does."""
    return reduce.cumprod(_prepared(a, dtype, out, True, 1), axis)


def _cumulative(cumulated, neutral):
    def function(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
        x = array(x)
        if axis is None and x.ndim > 1:
            raise ValueError(f"x has {x.ndim} axes; say along which one to go, for example axis=0")
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
