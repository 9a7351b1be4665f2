"""Ops along axes: sums, products, extremes, cumulatives, and the norms and deviations.

NumPy's arguments hold throughout: `axis` an int, a tuple or None for all; `keepdims`.
"""

import numpy as np

from autograd.arrays import normal
from autograd.primitive import define


def _axes(x, axis):
    """The axes a reduction runs over, as non-negative numbers."""
    if axis is None:
        return tuple(range(x.ndim))
    return tuple(sorted(a % max(x.ndim, 1) for a in np.atleast_1d(np.array(axis, dtype=int))))


def _kept_shape(x, axis):
    """The shape of a reduction of `x` with keepdims=True."""
    axes = _axes(x, axis)
    return tuple(1 if i in axes else n for i, n in enumerate(x.shape))


def spread(g, x, axis):
    """Return `g`, of the shape of a reduction of `x`, with the reduced axes as ones."""
    if type(g) is float or type(x) is float or not x.ndim:
        return g
    return np.reshape(g, _kept_shape(x, axis))


def _count(x, axis):
    """How many entries went into each entry of a reduction of `x`."""
    return int(np.prod([x.shape[i] for i in _axes(x, axis)])) if type(x) is not float else 1


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
    """The samples that reduce something."""
    return [sample for sample in _sample_axes(rng) if sample[1].get("axis") != ()]


def _sample_axis(rng):
    x = rng.uniform(0.3, 2.0, (2, 3)) * rng.choice([-1.0, 1.0], (2, 3))
    return [((x,), {}), ((x,), {"axis": 1}), ((x, 0), {})]


# -- sums and means ------------------------------------------------------------------------


def _sum(a, axis=None, keepdims=False):
    return np.add.reduce(a, axis, None, None, keepdims)


def _mean(a, axis=None, keepdims=False):
    total = np.add.reduce(a, axis, None, None, keepdims)
    return total / _count(np.asarray(a), axis)


sum_ = define(
    "sum",
    _sum,
    numpy=(np.sum, (np.add, "reduce")),
    symbol="Σ",
    vjps=(lambda g, y, x, axis=None, keepdims=False: _broadcast(spread(g, x, axis), x),),
    samples=_sample_axes,
)


def _broadcast(g, x):
    if type(x) is float:
        return g
    if type(g) is float and type(x) is np.ndarray:
        # np.broadcast_to in a tenth of its time: an array that is one number in memory
        return np.ndarray(x.shape, float, np.array(g), 0, (0,) * x.ndim)
    return np.broadcast_to(g, x.shape)


mean = define(
    "mean",
    _mean,
    numpy=(np.mean,),
    vjps=(
        lambda g, y, x, axis=None, keepdims=False: _broadcast(
            spread(g / _count(x, axis), x, axis), x
        ),
    ),
    samples=_sample_axes,
)


def _centred(x, axis):
    return x - (np.mean(x, axis=axis, keepdims=True) if np.ndim(x) else x)


def _var_vjp(g, y, x, axis=None, ddof=0, keepdims=False, correction=None):
    n = _count(x, axis) - (ddof if correction is None else correction)
    return spread(g * 2 / n, x, axis) * np.conj(_centred(x, axis))


def _std_vjp(g, y, x, axis=None, ddof=0, keepdims=False, correction=None):
    n = _count(x, axis) - (ddof if correction is None else correction)
    # a constant has deviation 0, the least there is: its slope is taken as 0, not 0/0
    return spread(g / (n * np.where(y == 0, 1.0, y)), x, axis) * np.conj(_centred(x, axis))


def _spread_of(function):
    def forward(a, axis=None, ddof=0, keepdims=False, correction=None):
        ddof = ddof if correction is None else correction
        return function(a, axis=axis, ddof=ddof, keepdims=keepdims)

    return forward


var = define("var", _spread_of(np.var), numpy=(np.var,), vjps=(_var_vjp,), samples=_sample_some)
std = define("std", _spread_of(np.std), numpy=(np.std,), vjps=(_std_vjp,), samples=_sample_some)

# -- extremes: ties share the gradient equally -----------------------------------------------


def _extreme_vjp(g, y, x, axis=None, keepdims=False):
    if type(x) is float:
        return g
    chosen = x == spread(y, x, axis)
    share = 1 / np.sum(chosen, axis=_axes(x, axis), keepdims=True)
    return spread(g, x, axis) * (chosen * share).astype(x.dtype)


def _max(a, axis=None, keepdims=False):
    return np.maximum.reduce(a, axis, None, None, keepdims)


def _min(a, axis=None, keepdims=False):
    return np.minimum.reduce(a, axis, None, None, keepdims)


max_ = define(
    "max",
    _max,
    numpy=(np.max, np.amax, (np.maximum, "reduce")),
    vjps=(_extreme_vjp,),
    samples=_sample_axes,
)
min_ = define(
    "min",
    _min,
    numpy=(np.min, np.amin, (np.minimum, "reduce")),
    vjps=(_extreme_vjp,),
    samples=_sample_axes,
)

# -- products --------------------------------------------------------------------------------


def _others(x):
    """For each entry along the last axis, the product of all others; right also with zeros."""
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
    others = np.reshape(_others(flat), moved.shape) if x.size else moved
    return spread(g, x, axis) * np.transpose(others, np.argsort(order))


def _prod(a, axis=None, keepdims=False):
    return np.multiply.reduce(a, axis, None, None, keepdims)


prod = define(
    "prod",
    _prod,
    numpy=(np.prod, (np.multiply, "reduce")),
    symbol="Π",
    vjps=(_prod_vjp,),
    samples=_sample_axes,
)

# -- cumulatives -----------------------------------------------------------------------------


def _reverse_cumsum(g, axis):
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


def _cumsum_vjp(g, y, x, axis=None):
    return np.reshape(_reverse_cumsum(g, 0 if axis is None else axis), np.shape(x))


def _cumprod_vjp(g, y, x, axis=None):
    if axis is None:
        return np.reshape(_cumprod_vjp(g, y, np.ravel(x), 0), np.shape(x))
    if np.all(x != 0):
        return _reverse_cumsum(g * y, axis) / x
    # d y_j / d x_k is the product of x_i, i ≤ j, without x_k: row k has a one in its place
    x, g = np.moveaxis(x, axis, -1), np.moveaxis(g, axis, -1)
    here = np.eye(x.shape[-1], dtype=bool)
    rows = np.cumprod(np.where(here, 1.0, x[..., None, :]), axis=-1)
    slopes = np.where(np.tri(*here.shape, dtype=bool).T, rows, 0.0)
    return np.moveaxis(np.sum(g[..., None, :] * slopes, axis=-1), -1, axis)


cumsum = define("cumsum", np.cumsum, numpy=(np.cumsum,), vjps=(_cumsum_vjp,), samples=_sample_axis)
cumprod = define(
    "cumprod", np.cumprod, numpy=(np.cumprod,), vjps=(_cumprod_vjp,), samples=_sample_axis
)

# -- log-sum-exp and the norm ----------------------------------------------------------------


def _finite(y):
    return np.where(np.isfinite(y), y, 0.0)


def _logsumexp(a, axis=None, keepdims=False):
    a = np.asarray(a)
    top = _finite(np.max(a, axis=axis, keepdims=True, initial=-np.inf))
    with np.errstate(divide="ignore"):
        y = np.log(np.sum(np.exp(a - top), axis=axis, keepdims=True)) + top
    return normal(y if keepdims else np.squeeze(y, axis=axis))


def _logsumexp_vjp(g, y, x, axis=None, keepdims=False):
    return spread(g, x, axis) * np.exp(x - spread(_finite(y), x, axis))


logsumexp = define(
    "logsumexp",
    _logsumexp,
    vjps=(_logsumexp_vjp,),
    samples=_sample_some,
)


def _norm(x, ord=None, axis=None, keepdims=False):
    if ord not in (None, 2, "fro") or (ord == 2 and axis is None and np.ndim(x) == 2):
        raise TypeError(
            f"np.linalg.norm of a Value takes ord=None, 2 (vectors) or 'fro', not {ord!r}; "
            "write other norms with np.abs, ** and np.sum"
        )
    return np.linalg.norm(x, ord, axis, keepdims)


def _norm_vjp(g, y, x, ord=None, axis=None, keepdims=False):
    # zero is the norm's least point: its slope there is taken as 0, not 0/0
    return spread(g / np.where(y == 0, 1.0, y), x, axis) * np.conj(x)


norm = define(
    "norm",
    _norm,
    numpy=(np.linalg.norm,),
    symbol="‖·‖",
    vjps=(_norm_vjp,),
    samples=lambda rng: [
        ((rng.normal(size=(2, 3)),), {}),
        ((rng.normal(size=(2, 3)),), {"axis": 1, "keepdims": True}),
        ((rng.normal(size=4), 2), {}),
    ],
)
