"""Convolution of several channels, in any number of dimensions, as networks use it.

Three bilinear ops, each the transpose of the others: `conv` gives the result, `conv_input` takes a
gradient of the result back to the input, and `conv_weight` to the weights. So their derivatives of
any order are each other.

All gather the part of the input that each result depends on into columns, and multiply matrices
(Chellapilla et al., "High performance convolutional neural networks for document processing",
2006). Shapes are (samples, channels, *sizes); weights have shape (outputs, channels / groups,
*kernel).

In memory the samples come last, also in the results: then columns are copied in long runs, one
matrix product serves all samples, and the next convolution finds its input as it needs it. Columns
are made for some rows of the results at a time, so that they stay in the processor's cache.
"""

from itertools import product
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograd.engine.primitive import define
from autograd.ops.not_finite import NOTHING_TIMES_INF

CACHED = 1 << 17  # entries of columns that are made at a time
ADDED = 1 << 20  # and of those that are added to what they came from, a slice for each entry


def _results(sizes, kernel, stride, padding, dilation):
    """Return how many results there are along each axis."""
    return tuple(
        (n + before + after - d * (k - 1) - 1) // s + 1
        for n, k, s, (before, after), d in zip(
            sizes, kernel, stride, padding, dilation, strict=True
        )
    )


def _samples_last(x, padding=()):
    """Return x of shape (channels, *sizes, samples), surrounded by zeros."""
    x = np.moveaxis(x, 0, -1)
    if not any(map(any, padding)):
        return np.asarray(x, order="C", like=x)
    shape = (len(x), *map(_padded, x.shape[1:-1], padding), x.shape[-1])
    padded = np.zeros(shape, x.dtype, like=x)
    padded[_inner(x.shape[1:-1], padding)] = x
    return padded


def _padded(n, padding):
    return n + sum(padding)


def _inner(sizes, padding):
    """Return the index of what padding surrounds."""
    inner = [slice(before, before + n) for n, (before, _) in zip(sizes, padding, strict=True)]
    return (slice(None), *inner)


def _windows(x, kernel, results, stride, dilation):
    """Return what each entry of the kernel is multiplied by, as a view of x.

    It has shape (channels, *kernel, *results, samples).
    """
    axes = range(1, 1 + len(kernel))
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    every = [slice(0, s * (n - 1) + 1, s) for n, s in zip(results, stride, strict=True)]
    apart = [slice(None, None, d) for d in dilation]
    views = sliding_window_view(x, reach, tuple(axes))
    views = views[(slice(None), *every, slice(None), *apart)]
    last = views.ndim - len(kernel)
    return np.moveaxis(views, range(last, views.ndim), axes)


def _blocks(shape, dims, size):
    """Yield some rows of the results, and where they are in the matrix of all.

    `shape` is that of all windows.
    """
    rows, row = shape[1 + dims], prod(shape[2 + dims :])
    each = max(1, size // max(1, row * prod(shape[: 1 + dims])))
    for start in range(0, rows, each):
        some = slice(start, min(rows, start + each))
        yield (*[slice(None)] * (1 + dims), some), slice(some.start * row, some.stop * row)


def _rows(x, groups):
    """Return an array as a matrix for each group of its first axis."""
    return x.reshape(groups, len(x) // groups, -1)


def _conv(x, w, stride, padding, dilation, groups, results=None):
    """`results`: how many to compute along each axis; as many as there are if left out."""
    kernel, dims = w.shape[2:], w.ndim - 2
    results = results or _results(x.shape[2:], kernel, stride, padding, dilation)
    windows = _windows(_samples_last(x, padding), kernel, results, stride, dilation)
    weights = _rows(w, groups)
    shape = (*weights.shape[:2], prod(results) * len(x))
    y = np.empty(shape, np.result_type(x, w), like=x)
    for some, block in _blocks(windows.shape, dims, CACHED):
        columns = windows[some].reshape(groups, weights.shape[-1], -1)
        y[..., block] = np.matmul(weights, columns)
    return np.moveaxis(y.reshape(len(w), *results, len(x)), -1, 0)


def _conv_input(g, w, sizes, stride, padding, dilation, groups):
    kernel, results, channels = w.shape[2:], g.shape[2:], w.shape[1] * groups
    x = np.zeros((channels, *map(_padded, sizes, padding), len(g)), np.result_type(g, w), like=g)
    shape = (channels, *kernel, *results, len(g))
    weights, g = _rows(w, groups).mT, _rows(_samples_last(g), groups)
    for (*_, some), block in _blocks(shape, len(kernel), ADDED):
        rows = some.stop - some.start
        columns = np.matmul(weights, g[..., block])
        columns = columns.reshape(channels, *kernel, rows, *shape[2 + len(kernel) :])
        for entry in product(*map(range, kernel)):  # in turn, since their windows overlap
            x[_taken(entry, some, results, stride, dilation)] += columns[(slice(None), *entry)]
    return np.moveaxis(x[_inner(sizes, padding)], -1, 0)


def _taken(entry, rows, results, stride, dilation):
    """Return the index of what one entry of the kernel is multiplied by, for some rows."""
    ends = [(rows.start, rows.stop), *[(0, n) for n in results[1:]]]
    return (slice(None), *[
        slice(e * d + s * start, e * d + s * (stop - 1) + 1, s)
        for e, d, s, (start, stop) in zip(entry, dilation, stride, ends, strict=True)
    ])  # fmt: skip


def _conv_weight(g, x, kernel, stride, padding, dilation, groups):
    windows = _windows(_samples_last(x, padding), kernel, g.shape[2:], stride, dilation)
    shape = g.shape[1], x.shape[1] // groups, *kernel
    outputs, inputs = shape[0] // groups, prod(shape[1:])
    tall = inputs > outputs  # products are faster with the longer side first
    w = np.zeros((groups, max(inputs, outputs), min(inputs, outputs)), np.result_type(g, x), like=g)
    g = _rows(_samples_last(g), groups)
    for some, block in _blocks(windows.shape, len(kernel), CACHED):
        pair = g[..., block], windows[some].reshape(groups, inputs, -1)
        first, second = pair[::-1] if tall else pair
        w += np.matmul(first, second.mT)
    return (w.mT if tall else w).reshape(shape)


def _samples(rng):
    """Return (x, w, options) in one, two and three dimensions."""
    plain = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}
    two = {"stride": (2, 1), "padding": ((1, 0), (0, 2)), "dilation": (1, 2), "groups": 2}
    three = {"stride": (1, 2, 1), "padding": ((1, 1),) * 3, "dilation": (1, 1, 1), "groups": 1}
    return [
        (rng.normal(size=(2, 3, 6)), rng.normal(size=(4, 3, 3)), plain),
        (rng.normal(size=(1, 4, 5, 4)), rng.normal(size=(2, 2, 3, 2)), two),
        (rng.normal(size=(1, 1, 2, 4, 3)), rng.normal(size=(2, 1, 2, 2, 1)), three),
    ]


conv = define(
    "conv",
    _conv,
    symbol="∗",
    vjps=(
        lambda g, y, x, w, results=None, **options: conv_input(g, w, sizes=x.shape[2:], **options),
        lambda g, y, x, w, results=None, **options: conv_weight(
            g, x, kernel=w.shape[2:], **options
        ),
    ),
    reads=("1", "0"),
    product=True,
    multiply_adds=lambda y, x, w, **options: y.size * prod(w.shape[1:]),
    outside=NOTHING_TIMES_INF,
    samples=lambda rng: [((x, w), options) for x, w, options in _samples(rng)],
)
conv_input = define(
    "conv_input",
    _conv_input,
    symbol="∗ᵀ",
    vjps=(
        lambda v, y, g, w, sizes, **options: conv(v, w, results=g.shape[2:], **options),
        lambda v, y, g, w, sizes, **options: conv_weight(g, v, kernel=w.shape[2:], **options),
    ),
    reads=("1", "0"),
    product=True,
    multiply_adds=lambda y, g, w, **options: g.size * prod(w.shape[1:]),
    outside=NOTHING_TIMES_INF,
    samples=lambda rng: [
        ((_conv(x, w, **options), w), {"sizes": x.shape[2:], **options})
        for x, w, options in _samples(rng)
    ],
)
conv_weight = define(
    "conv_weight",
    _conv_weight,
    symbol="∗ᵀ",
    vjps=(
        lambda v, y, g, x, kernel, **options: conv(x, v, results=g.shape[2:], **options),
        lambda v, y, g, x, kernel, **options: conv_input(g, v, sizes=x.shape[2:], **options),
    ),
    reads=("1", "0"),
    product=True,
    multiply_adds=lambda y, g, x, **options: g.size * prod(y.shape[1:]),
    outside=NOTHING_TIMES_INF,
    samples=lambda rng: [
        ((_conv(x, w, **options), x), {"kernel": w.shape[2:], **options})
        for x, w, options in _samples(rng)
    ],
)
