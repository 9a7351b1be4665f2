"""Convolution of several channels, in any number of dimensions, as networks use it.

Three bilinear ops, each the transpose of the others: `conv` gives the result, `conv_input` takes a
gradient of the result back to the input, and `conv_weight` to the weights. So their derivatives of
any order are each other.

All gather the part of the input that each result depends on into columns, and multiply matrices
(Chellapilla et al., "High performance convolutional neural networks for document processing",
2006). Shapes are (samples, channels, *sizes); weights have shape (outputs, channels / groups,
*kernel).
"""

from math import prod

import numpy as np

from autograd.engine.primitive import define
from autograd.ops.not_finite import NOTHING_TIMES_INF


def _results(sizes, kernel, stride, padding, dilation):
    """Return how many results there are along each axis."""
    return tuple(
        (n + before + after - d * (k - 1) - 1) // s + 1
        for n, k, s, (before, after), d in zip(
            sizes, kernel, stride, padding, dilation, strict=True
        )
    )


def _slabs(kernel, results, stride, dilation):
    """Yield, for each entry of the kernel, its index and the index of what it is multiplied by."""
    for entry in np.ndindex(*kernel):
        taken = [
            slice(e * d, e * d + s * (n - 1) + 1, s)
            for e, n, s, d in zip(entry, results, stride, dilation, strict=True)
        ]
        yield entry, (..., *taken)


def _columns(x, kernel, results, stride, padding, dilation, groups):
    """Return what each result depends on, of shape (samples, groups, entries, results)."""
    if any(map(any, padding)):
        x = np.pad(x, [(0, 0), (0, 0), *padding])
    columns = np.empty((*x.shape[:2], *kernel, *results), x.dtype, like=x)
    for entry, taken in _slabs(kernel, results, stride, dilation):
        columns[(slice(None), slice(None), *entry)] = x[taken]
    return columns.reshape(len(x), groups, -1, prod(results))


def _rows(w, groups):
    """Return weights as a matrix for each group."""
    return w.reshape(groups, len(w) // groups, -1)


def _conv(x, w, stride, padding, dilation, groups, results=None):
    """`results`: how many to compute along each axis; as many as there are if left out."""
    kernel = w.shape[2:]
    results = results or _results(x.shape[2:], kernel, stride, padding, dilation)
    columns = _columns(x, kernel, results, stride, padding, dilation, groups)
    return np.matmul(_rows(w, groups), columns).reshape(len(x), len(w), *results)


def _conv_input(g, w, sizes, stride, padding, dilation, groups):
    kernel, results = w.shape[2:], g.shape[2:]
    columns = np.matmul(_rows(w, groups).mT, g.reshape(len(g), groups, -1, prod(results)))
    channels = w.shape[1] * groups
    columns = columns.reshape(len(g), channels, *kernel, *results)
    padded = [n + before + after for n, (before, after) in zip(sizes, padding, strict=True)]
    x = np.zeros((len(g), channels, *padded), columns.dtype, like=columns)
    for entry, taken in _slabs(kernel, results, stride, dilation):
        x[taken] += columns[(slice(None), slice(None), *entry)]
    inner = [slice(before, before + n) for n, (before, _) in zip(sizes, padding, strict=True)]
    return x[(..., *inner)]


def _conv_weight(g, x, kernel, stride, padding, dilation, groups):
    columns = _columns(x, kernel, g.shape[2:], stride, padding, dilation, groups)
    rows = g.reshape(len(g), groups, -1, prod(g.shape[2:]))
    w = np.matmul(rows, columns.mT).sum(0)
    return w.reshape(g.shape[1], x.shape[1] // groups, *kernel)


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
