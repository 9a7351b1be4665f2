"""Windows of the last axes: the largest entry of each, or the sum.

Entries that tie for the largest share the gradient equally. As for convolution, each op has a
transpose: `sum_unpool` takes a gradient of sums back to the entries, `max_unpool` takes one of
`max_pool` back to those that were chosen, and `max_picked` is the transpose of that, in turn. All
but `max_pool` are linear in their first argument, so their derivatives of any order are each other.
"""

from functools import reduce
from itertools import product
from math import prod

import numpy as np

from autograd.engine.primitive import define
from autograd.ops.elementwise import always
from autograd.ops.not_finite import INF_MINUS_INF


def _results(sizes, kernel, stride):
    return [(n - k) // s + 1 for n, k, s in zip(sizes, kernel, stride, strict=True)]


def _places(sizes, kernel, stride):
    """Return, for each place in a window, the index of the entries that all windows have there."""
    slices = [
        [slice(i, i + s * (n - 1) + 1, s) for i in range(k)]
        for k, s, n in zip(kernel, stride, _results(sizes, kernel, stride), strict=True)
    ]
    return [(..., *place) for place in product(*slices)]


def _sizes(x, kernel):
    return x.shape[x.ndim - len(kernel) :]


def _joined(x, kernel, stride, join):
    """Join the entries of each window, along one axis after the other."""
    for axis, (k, step) in enumerate(zip(kernel, stride, strict=True), x.ndim - len(kernel)):
        head, end = (slice(None),) * axis, (x.shape[axis] - k) // step * step + 1
        x = reduce(join, [x[(*head, slice(i, i + end, step))] for i in range(k)])
    return x


# -- sums ------------------------------------------------------------------------------------


def _sum_pool(x, kernel, stride):
    return _joined(x, kernel, stride, np.add)


def _sum_unpool(g, sizes, kernel, stride):
    gx = np.zeros((*g.shape[: g.ndim - len(kernel)], *sizes), g.dtype, like=g)
    for place in _places(sizes, kernel, stride):
        gx[place] += g
    return gx


# -- extremes --------------------------------------------------------------------------------


def _max_pool(x, kernel, stride):
    return _joined(x, kernel, stride, np.maximum)


def _choices(x, kernel, stride):
    """Return, for each place in a window, its index in x and whether it is chosen; and how many."""
    y = _max_pool(x, kernel, stride)
    places = _places(_sizes(x, kernel), kernel, stride)
    chosen = [x[place] == y for place in places]
    counts = np.zeros_like(y, np.min_scalar_type(prod(kernel)))
    for mask in chosen:
        counts += mask
    return list(zip(places, chosen, strict=True)), np.maximum(counts, 1)  # none where y is NaN


def _max_unpool(g, x, kernel, stride):
    choices, counts = _choices(x, kernel, stride)
    share = np.zeros_like(counts, g.dtype)  # in memory as x is, which g may not be
    share[...] = g / counts
    gx = np.zeros_like(x, g.dtype)
    apart = all([k <= s for k, s in zip(kernel, stride, strict=True)])
    for place, mask in choices:
        if apart:
            gx[place] = mask * share
        else:
            gx[place] += mask * share
    return gx


def _max_picked(v, x, kernel, stride):
    choices, counts = _choices(x, kernel, stride)
    total = sum([mask * v[place] for place, mask in choices])
    return (total / counts).astype(v.dtype, copy=False)


def _no_slope(g, y, v, x, **options):
    """Return 0: which entries are chosen stays the same nearby."""
    return 0.0


def _samples(rng):
    """Return (x, options) with windows that lie apart, and with some that overlap."""
    return [
        (rng.normal(size=(2, 5)), {"kernel": (2,), "stride": (2,)}),
        (rng.normal(size=(2, 4, 5)), {"kernel": (2, 3), "stride": (1, 2)}),
    ]


sum_pool = define(
    "sum_pool",
    _sum_pool,
    symbol="Σ",
    vjps=(
        lambda g, y, x, kernel, **rest: sum_unpool(
            g, sizes=_sizes(x, kernel), kernel=kernel, **rest
        ),
    ),
    outside=INF_MINUS_INF,
    reads=("",),
    samples=lambda rng: [((x,), options) for x, options in _samples(rng)],
)
sum_unpool = define(
    "sum_unpool",
    _sum_unpool,
    vjps=(lambda v, y, g, sizes, **options: sum_pool(v, **options),),
    outside=INF_MINUS_INF,
    reads=("",),
    samples=lambda rng: [
        ((_sum_pool(x, **options),), {"sizes": _sizes(x, options["kernel"]), **options})
        for x, options in _samples(rng)
    ],
)
max_pool = define(
    "max_pool",
    _max_pool,
    vjps=(lambda g, y, x, **options: max_unpool(g, x, **options),),
    selects=always,
    reads=("0",),
    samples=lambda rng: [((x,), options) for x, options in _samples(rng)],
)
max_unpool = define(
    "max_unpool",
    _max_unpool,
    vjps=(lambda v, y, g, x, **options: max_picked(v, x, **options), _no_slope),
    selects=always,
    reads=("1", ""),
    samples=lambda rng: [
        ((rng.normal(size=_max_pool(x, **options).shape), x), options)
        for x, options in _samples(rng)
    ],
)
max_picked = define(
    "max_picked",
    _max_picked,
    vjps=(lambda g, y, v, x, **options: max_unpool(g, x, **options), _no_slope),
    selects=always,
    reads=("1", ""),
    samples=lambda rng: [((rng.normal(size=x.shape), x), options) for x, options in _samples(rng)],
)
