"""Ops along axes: sums, products, extremes, cumulative ones and deviations.

The arguments are NumPy's: `axis`, an int, a tuple or None for all axes, and `keepdims`.
"""

import math
from operator import index

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.engine.arrays import like, surely
from autograd.engine.primitive import define
from autograd.engine.silence import silence
from autograd.ops.elementwise import always, radial
from autograd.ops.not_finite import INF_MINUS_INF


def _axes(x, axis):
    """Return the axes that a reduction runs over, as non-negative numbers."""
    if axis is None:
        return tuple(range(x.ndim))
    axes = axis if isinstance(axis, tuple) else (axis,)
    return tuple(sorted([index(a) % max(x.ndim, 1) for a in axes]))


def _kept_shape(x, axis):
    """Return the shape of a reduction of `x` with keepdims=True."""
    axes = _axes(x, axis)
    return tuple(1 if i in axes else n for i, n in enumerate(x.shape))


def spread(g, x, axis):
    """Return `g`, which has the shape of a reduction of `x`, with reduced axes of length 1."""
    if isinstance(g, (float, np.generic)) or type(x) is float or not x.ndim:
        return g
    return np.reshape(g, _kept_shape(x, axis))


def _count(x, axis):
    """Return how many entries of `x` each entry of a reduction depends on."""
    if axis is None:
        return getattr(x, "size", 1)
    return math.prod([x.shape[i] for i in _axes(x, axis)]) if np.ndim(x) else 1


def _wide(x):
    """Return halves in single precision: sums and counts may be beyond 65,504, the largest half."""
    return x.astype(np.float32) if getattr(x, "dtype", None) == np.float16 else x


def _of_floats(x):
    """Return ints and booleans as floats, which may be −inf, and halves in single precision."""
    return x.astype(float) if getattr(x, "dtype", np.dtype(float)).kind in "iub" else _wide(x)


def _sample_axes(rng):
    x = rng.uniform(0.3, 2.0, (2, 3, 4)) * rng.choice([-1.0, 1.0], (2, 3, 4))
    return [
        ((x,), {}),
        ((x,), {"axis": 1}),
        ((x, (0, -1)), {}),
        ((x,), {"axis": -2, "keepdims": True}),
        ((x,), {"axis": ()}),
    ]


def _sample_some(rng):
    """Return the samples that reduce at least one axis."""
    return [sample for sample in _sample_axes(rng) if sample[1].get("axis") != ()]


def _sample_axis(rng):
    x = rng.uniform(0.3, 2.0, (2, 3)) * rng.choice([-1.0, 1.0], (2, 3))
    return [((x,), {}), ((x,), {"axis": 1}), ((x, 0), {})]


# -- sums and means ------------------------------------------------------------------------


def _sum(a, axis=None, keepdims=False):
    return np.add.reduce(a, axis, None, None, keepdims)


def _mean(a, axis=None, keepdims=False):
    """Compute np.mean as NumPy does: divided in double precision, and rounded; but faster."""
    a = np.asarray(a, like=like(a))
    if axis is not None and not a.ndim:
        normalize_axis_tuple(axis, 0)  # which raises, where a sum does not
    kind = a.dtype.kind
    wide = None if kind in "fc" and a.itemsize > 2 else np.float32 if kind == "f" else np.float64
    total = np.add.reduce(a, axis, wide, None, keepdims)
    n = np.intp(_count(a, axis))
    if type(total) is np.ndarray:
        mean = np.divide(total, n, out=total, casting="unsafe")
    else:
        single = type(total) is np.float32  # float() does as NumPy, in a fifth of the time
        mean = type(total)((float(total) if single else total) / n)
    return mean.astype(a.dtype) if wide is np.float32 else mean


sum_ = define(
    "sum",
    _sum,
    symbol="Σ",
    vjps=(lambda g, y, x, axis=None, keepdims=False: _broadcast(spread(g, x, axis), x),),
    samples=_sample_axes,
    latex=r"\sum",
    outside=INF_MINUS_INF,
    reads=("",),
)


def _sum_from(a, initial, axis=None, keepdims=False):
    return np.add.reduce(a, axis, None, None, keepdims, initial)


sum_from = define(
    "sum_from",
    _sum_from,
    vjps=(
        lambda g, y, x, initial, axis=None, keepdims=False: _broadcast(spread(g, x, axis), x),
        lambda g, y, x, initial, axis=None, keepdims=False: np.sum(g),
    ),
    samples=lambda rng: [((x, 0.5, *rest), named) for (x, *rest), named in _sample_axes(rng)],
    outside=INF_MINUS_INF,
)


def _broadcast(g, x):
    if type(x) is float:
        return g
    if isinstance(g, (float, np.generic)) and type(x) is np.ndarray:
        # np.broadcast_to in a fifth of the time: an array that is a single number in memory
        number = np.array(g)
        return np.ndarray(x.shape, number.dtype, number, 0, (0,) * x.ndim)
    return np.broadcast_to(g, x.shape)


mean = define(
    "mean",
    _mean,
    vjps=(
        lambda g, y, x, axis=None, keepdims=False: _broadcast(
            spread(_wide(g) / _count(x, axis), x, axis), x
        ),
    ),
    samples=_sample_axes,
    outside=INF_MINUS_INF,
    reads=("",),
)


def _centred(x, axis):
    return x - (np.mean(x, axis=axis, keepdims=True) if np.ndim(x) else x)


def _var_vjp(g, y, x, axis=None, ddof=0, keepdims=False):
    n, g, x = _count(x, axis) - ddof, _wide(g), _wide(x)
    return spread(g * 2 / n, x, axis) * np.conj(_centred(x, axis))


def _std_vjp(g, y, x, axis=None, ddof=0, keepdims=False):
    n, g, x = _count(x, axis) - ddof, _wide(g), _wide(x)
    if _count(x, axis) == n == 1:  # the deviation of a single number is 0, wherever it is
        return spread(g, x, axis) * 0.0
    return radial(g / n, y, np.conj(_centred(x, axis)), lambda z: spread(_wide(z), x, axis))


def _spread_of(function):
    def forward(a, axis=None, ddof=0, keepdims=False):
        return function(a, axis=axis, ddof=ddof, keepdims=keepdims)

    return forward


var = define("var", _spread_of(np.var), vjps=(_var_vjp,), samples=_sample_some, reads=("0",))
std = define("std", _spread_of(np.std), vjps=(_std_vjp,), samples=_sample_some, reads=("y0",))

# -- extremes: ties share the gradient equally -----------------------------------------------


def _extreme_vjp(g, y, x, axis=None, keepdims=False, initial=None):
    if type(x) is float or not x.ndim:
        return g
    chosen = x == spread(y, x, axis)
    share = 1 / np.maximum(np.sum(chosen, axis=_axes(x, axis), keepdims=True), 1)
    return spread(g, x, axis) * (chosen * share).astype(x.dtype)


def _extreme_of(ufunc):
    def forward(a, axis=None, keepdims=False, initial=None):
        bound = {} if initial is None else {"initial": initial}
        return ufunc.reduce(a, axis, None, None, keepdims, **bound)

    return forward


max_ = define(
    "max",
    _extreme_of(np.maximum),
    vjps=(_extreme_vjp,),
    selects=always,
    samples=_sample_axes,
    latex=r"\max",
    reads=("y0",),
)
min_ = define(
    "min",
    _extreme_of(np.minimum),
    vjps=(_extreme_vjp,),
    selects=always,
    samples=_sample_axes,
    latex=r"\min",
    reads=("y0",),
)


def _with_a_hole(rng):
    x = rng.normal(size=(3, 4))
    x[1, 2] = np.nan
    return x


def _extreme_of_numbers(name, function):
    return define(
        name,
        lambda a, axis=None, keepdims=False: function(a, axis=axis, keepdims=keepdims),
        vjps=(_extreme_vjp,),
        selects=always,
        samples=lambda rng: [((_with_a_hole(rng),), {"axis": 1}), ((_with_a_hole(rng),), {})],
    )


nanmax = _extreme_of_numbers("nanmax", np.nanmax)
nanmin = _extreme_of_numbers("nanmin", np.nanmin)

# -- products --------------------------------------------------------------------------------


def products_of_others(x):
    """Return, for each entry along the last axis, the product of the others, without dividing."""
    ones = np.ones_like(x[..., :1])
    before = np.cumprod(np.concatenate([ones, x[..., :-1]], axis=-1), axis=-1)
    after = np.cumprod(np.concatenate([ones, x[..., :0:-1]], axis=-1), axis=-1)
    return before * after[..., ::-1]


def _prod_vjp(g, y, x, axis=None, keepdims=False):
    if type(x) is float:
        return g
    axes = _axes(x, axis)
    rest = [i for i in range(x.ndim) if i not in axes]
    order = [*rest, *axes]
    moved = np.transpose(x, order)
    flat = np.reshape(moved, (*[x.shape[i] for i in rest], -1)) if x.size else moved
    others = np.reshape(products_of_others(flat), moved.shape) if x.size else moved
    return spread(g, x, axis) * np.transpose(others, np.argsort(order))


def _prod(a, axis=None, keepdims=False):
    return np.multiply.reduce(a, axis, None, None, keepdims)


TOO_LARGE = (
    (
        lambda y, x, *axis: np.isinf(y) & np.all(np.isfinite(x)),
        "an overflow: a product of numbers of up to {sizes[0]:.2g} is too large for a {dtype}; "
        "scale the numbers before, or add their logarithms: np.log(x).sum()",
    ),
)
prod = define(
    "prod",
    _prod,
    symbol="Π",
    vjps=(_prod_vjp,),
    samples=_sample_axes,
    latex=r"\prod",
    outside=TOO_LARGE,
    reads=("0",),
)

# -- cumulatives -----------------------------------------------------------------------------


def _reverse_cumsum(g, axis):
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


def _cumsum_vjp(g, y, x, axis=None):
    return np.reshape(_reverse_cumsum(_wide(g), 0 if axis is None else axis), np.shape(x))


def _later(x, d, filling):
    """Return the entries of `x` shifted by `d` along the last axis, padded with `filling`."""
    d = min(d, x.shape[-1])
    return np.concatenate([x[..., d:], np.full_like(x[..., :d], filling)], axis=-1)


def _recurrence(g, x):
    """Return s with s_k = g_k + x_{k+1} s_{k+1} along the last axis, by doubling.

    After the step of length d, each s_k holds its first 2d terms (Hillis and Steele, 1986).
    """
    s, factor, d = g, _later(x, 1, 0.0), 1
    while d < g.shape[-1]:
        s = s + factor * _later(s, d, 0.0)
        factor = factor * _later(factor, d, 0.0)
        d = 2 * d
    return s


def _cumprod_vjp(g, y, x, axis=None):
    if axis is None:
        return np.reshape(_cumprod_vjp(g, y, np.ravel(x), 0), np.shape(x))
    if surely(np.all(x != 0)):
        return _reverse_cumsum(g * y, axis) / x
    # x_k is a factor of y_k, y_{k+1}, …: the entries before it, times g_k + x_{k+1} (g_{k+1} + …
    x, g = np.moveaxis(x, axis, -1), np.moveaxis(g, axis, -1)
    before = np.cumprod(np.concatenate([np.ones_like(x[..., :1]), x[..., :-1]], axis=-1), axis=-1)
    return np.moveaxis(before * _recurrence(g, x), -1, axis)


cumsum = define("cumsum", np.cumsum, vjps=(_cumsum_vjp,), samples=_sample_axis, reads=("",))
cumprod = define(
    "cumprod",
    np.cumprod,
    vjps=(_cumprod_vjp,),
    samples=_sample_axis,
    outside=TOO_LARGE,
    reads=("y0",),
)

# -- log-sum-exp and softmax -------------------------------------------------------------


def _finite(y):
    return np.where(np.isfinite(y), y, 0.0)


_log = silence()(np.log)  # of 0, −inf


def _below_top(x, axis):
    """Return the largest entries, or 0 where they are infinite, and all entries less by these."""
    top = _finite(np.maximum.reduce(x, axis, None, None, True, -np.inf))
    return top, x - top


def _in_dtype_of(x, y):
    narrow = x.dtype.kind in "fc" and y.dtype != x.dtype
    return (y.astype(x.dtype) if narrow else y)[()]


def _logsumexp(a, axis=None, keepdims=False):
    a = np.asarray(a, like=like(a))
    top, below = _below_top(_of_floats(a), axis)
    y = _log(np.sum(np.exp(below), axis=axis, keepdims=True)) + top
    return _in_dtype_of(a, y if keepdims else np.squeeze(y, axis=axis))


def _softmax(x, axis=None):
    x = np.asarray(x, like=like(x))
    e = _below_top(_of_floats(x), axis)[1]
    e = np.exp(e, **_over(e))
    total = np.sum(e, axis=axis, keepdims=True)
    if type(x) is not np.ndarray or np.any(total == np.inf):  # an infinite entry takes all
        e = np.where(total == np.inf, e == np.inf, e)
        total = np.sum(e, axis=axis, keepdims=True)
    y = np.divide(e, np.where(total == 0, total.dtype.type(1), total), **_over(e))
    return _in_dtype_of(x, y)


def _over(x, *others):
    """Return where NumPy may write a result over an array `x` that nobody else holds.

    With `others` from which the result is computed too, only if these lie in memory as x does:
    else NumPy lays the result out otherwise, and sums over it would differ in the last digits.
    """
    alike = type(x) is np.ndarray and all(x.strides == other.strides for other in others)
    return {"out": x} if alike else {}


def _log_softmax(x, axis=None):
    x = np.asarray(x, like=like(x))
    below = _below_top(_of_floats(x), axis)[1]
    total = np.add.reduce(np.exp(below), axis, None, None, True)
    return _in_dtype_of(x, np.subtract(below, _log(total), **_over(below)))


def _softmax_vjp(g, y, x, axis=None):
    g, y = _wide(g), _wide(y)
    products = g * y
    over = _over(products, g, y)
    rest = np.subtract(g, np.sum(products, axis=axis, keepdims=True), **over)
    return np.multiply(y, rest, **over)


def _log_softmax_vjp(g, y, x, axis=None):
    g, half = _wide(g), getattr(x, "dtype", None) == np.float16
    chances = _wide(softmax(x, axis=axis)) if half else np.exp(y)
    shares = chances * np.sum(g, axis=axis, keepdims=True)
    return np.subtract(g, shares, **_over(shares, g))


logsumexp = define(
    "logsumexp",
    _logsumexp,
    vjps=(lambda g, y, x, axis=None, keepdims=False: spread(g, x, axis) * softmax(x, axis=axis),),
    samples=_sample_some,
    reads=("0",),
    doc="""Return log Σ e^x over all entries or along `axis`, without overflow.

    Example:
        >>> logsumexp(Value([1000.0, 1000.0])) - np.log(2)
        Value(1000.0)
    """,
)
softmax = define("softmax", _softmax, vjps=(_softmax_vjp,), samples=_sample_axis, reads=("y",))
log_softmax = define(
    "log_softmax", _log_softmax, vjps=(_log_softmax_vjp,), samples=_sample_axis, reads=("y",)
)
