"""Convolution and pooling over the last axes, and the cell of an LSTM, as networks use them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np

from autograd.composed.creation import array
from autograd.ops import convolution, pooling, recurrent

Sizes = int | Sequence[int]


def conv(
    x: Any, w: Any, *, stride: Sizes = 1, padding: Any = 0, dilation: Sizes = 1, groups: int = 1
) -> Any:
    """Return the cross-correlation of each sample with each filter, summed over the channels.

    Entry i of the result is Σ_k w[k] · x[stride · i + dilation · k − padding], along each axis.

    Args:
        x: of shape (samples, channels, *sizes), or (channels, *sizes) for one sample.
        w: filters of shape (outputs, channels / groups, *kernel).
        stride: how far the filter moves, for each axis or for all.
        padding: how many zeros surround x: a number for all axes, or one for each, or a pair
            (before, after) for each; "same" for a result as large as x; "valid" for 0.
        dilation: how far apart the entries are that the filter reads.
        groups: into how many groups the channels are split; each output reads one.

    Returns:
        an array or Value of shape (samples, outputs, *results).

    Raises:
        ValueError: the shapes or options do not fit.

    Example:
        >>> from autograd import Value
        >>> conv(np.arange(5.0)[None, None], Value([[[1.0, -1.0]]]))
        Value([[[-1., -1., -1., -1.]]])
    """
    x, w = array(x), array(w)
    options = conv_options(w, stride, padding, dilation, groups)
    alone = x.ndim == w.ndim - 1
    x = x[None] if alone else x
    if x.ndim != w.ndim or x.shape[1] != w.shape[1] * groups or len(w) % groups:
        raise ValueError(
            f"conv of x of shape {x.shape} with filters of shape {w.shape} is not possible: give x "
            f"of shape (samples, {w.shape[1] * groups}, {', '.join('…' * (w.ndim - 2))}), since "
            f"there are {groups} group{'s' * (groups != 1)}, and filters in a multiple of {groups}"
        )
    reach = [d * (k - 1) + 1 for k, d in zip(w.shape[2:], options["dilation"], strict=True)]
    padded = [n + sum(p) for n, p in zip(x.shape[2:], options["padding"], strict=True)]
    if any(r > n for r, n in zip(reach, padded, strict=True)):
        raise ValueError(
            f"conv of x of sizes {x.shape[2:]}, with padding {tuple(padded)}, with a filter that "
            f"reaches over {tuple(reach)} is not possible: add padding, or use a smaller filter"
        )
    y = convolution.conv(x, w, **options)
    return y[0] if alone else y


def conv_transpose(
    x: Any,
    w: Any,
    *,
    stride: Sizes = 1,
    padding: Any = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Any:
    """Return the transpose of `conv`, which takes results back to the size of what they came from.

    Args:
        x: of shape (samples, inputs, *sizes), or (inputs, *sizes) for one sample.
        w: filters of shape (inputs, outputs / groups, *kernel).
        stride, padding, dilation, groups: those of the `conv` it is the transpose of.
        output_padding: how many entries to add at the end, since `conv` takes several sizes to one.

    Returns:
        an array or Value of shape (samples, outputs, *results).

    Raises:
        ValueError: the shapes or options do not fit.

    Example:
        >>> from autograd import Value
        >>> conv_transpose(np.array([[[1.0, 2.0]]]), Value([[[1.0, 10.0]]]), stride=2)
        Value([[[ 1., 10.,  2., 20.]]])
    """
    x, w = array(x), array(w)
    options = conv_options(w, stride, padding, dilation, groups)
    more = for_each_axis(output_padding, w.ndim - 2, "output_padding", 0)
    alone = x.ndim == w.ndim - 1
    x = x[None] if alone else x
    if x.ndim != w.ndim or x.shape[1] != len(w) or len(w) % groups:
        raise ValueError(
            f"conv_transpose of x of shape {x.shape} with filters of shape {w.shape} is not "
            f"possible: give x of shape (samples, {len(w)}, {', '.join('…' * (w.ndim - 2))})"
        )
    sizes = tuple(
        (n - 1) * s + d * (k - 1) + 1 - sum(p) + o
        for n, k, s, p, d, o in zip(
            x.shape[2:],
            w.shape[2:],
            options["stride"],
            options["padding"],
            options["dilation"],
            more,
            strict=True,
        )
    )
    y = convolution.conv_input(x, w, sizes=sizes, **options)
    return y[0] if alone else y


def max_pool(x: Any, kernel: Sizes, *, stride: Sizes | None = None, padding: Sizes = 0) -> Any:
    """Return the largest entry in each window; those that tie share the gradient.

    Args:
        x: of shape (…, *sizes), with as many sizes as `kernel` has.
        kernel: the size of the window along each of the last axes; one number for one axis.
        stride: how far the window moves; by its own size if left out.
        padding: how many entries of −inf surround x.

    Returns:
        an array or Value of shape (…, *results).

    Raises:
        ValueError: the window does not fit into x.

    Example:
        >>> from autograd import Value
        >>> max_pool(Value([1.0, 3.0, 2.0, 0.0]), 2)
        Value([3., 2.])
    """
    x, options = windows(array(x), kernel, stride, padding, -np.inf)
    return pooling.max_pool(x, **options)


def avg_pool(x: Any, kernel: Sizes, *, stride: Sizes | None = None, padding: Sizes = 0) -> Any:
    """Return the mean of each window; zeros that surround x count.

    Args:
        x, kernel, stride: as in `max_pool`.
        padding: how many zeros surround x.

    Returns:
        an array or Value of shape (…, *results).

    Raises:
        ValueError: the window does not fit into x.

    Example:
        >>> from autograd import Value
        >>> avg_pool(Value([1.0, 3.0, 2.0, 0.0]), 2)
        Value([2., 1.])
    """
    x, options = windows(array(x), kernel, stride, padding, 0.0)
    return pooling.sum_pool(x, **options) / prod(options["kernel"])


def lstm_cell(gates: Any, c: Any) -> tuple[Any, Any]:
    """Return the next (h, c) of an LSTM: c ← σ(f) c + σ(i) tanh(g), and h = σ(o) tanh(c).

    Args:
        gates: (i, f, g, o) before their activations, of shape (…, 4 · hidden).
        c: of shape (…, hidden).

    Returns:
        two arrays or Values of shape (…, hidden).

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> from autograd import Value
        >>> lstm_cell(Value([0.0, 0.0, 0.0, 0.0]), [2.0])
        (Value([0.38079708]), Value([1.]))
    """
    gates, c = array(gates), array(c)
    if not c.ndim or gates.shape != (*c.shape[:-1], 4 * c.shape[-1]):
        raise ValueError(
            f"lstm_cell of gates of shape {gates.shape} and a state of shape {c.shape} is not "
            "possible: give gates of four times the last size"
        )
    h, c = recurrent.parts(recurrent.lstm_cell(gates, c), 2)
    return h, c


def lstm(gates: Any, weight: Any, h: Any, c: Any) -> tuple[Any, Any]:
    """Return h and c after each step of an LSTM, whose gates are gates[t] + h @ weight.

    Args:
        gates: what the inputs add to the four gates, of shape (steps, …, 4 · hidden).
        weight: of shape (hidden, 4 · hidden).
        h, c: the first state, each of shape (…, hidden).

    Returns:
        two arrays or Values of shape (steps, …, hidden).

    Raises:
        ValueError: the shapes do not fit, or there is no step.

    Example:
        >>> from autograd import Value
        >>> h, c = lstm(Value(np.zeros((3, 4))), np.zeros((1, 4)), [0.0], [2.0])
        >>> c
        Value([[1.  ],
               [0.5 ],
               [0.25]])
    """
    gates, weight, h, c = map(array, (gates, weight, h, c))
    shapes = gates.shape, weight.shape, h.shape, c.shape
    hidden = c.shape[-1] if c.ndim else 0
    fits = (*gates.shape[:1], *c.shape[:-1], 4 * hidden), (hidden, 4 * hidden), c.shape, c.shape
    if not c.ndim or shapes != fits or not len(gates):
        raise ValueError(
            f"lstm of gates, a weight, h and c of shapes {shapes} is not possible: give gates of "
            "shape (steps, …, 4 · hidden) for one step or more, a weight of shape "
            "(hidden, 4 · hidden), and h and c of shape (…, hidden)"
        )
    y = recurrent.lstm(gates, weight, h, c)
    return y[0], y[1]


def windows(
    x: Any, kernel: Sizes, stride: Sizes | None, padding: Sizes, edge: float
) -> tuple[Any, dict[str, Any]]:
    """Return x with its padding, and kernel and stride with an entry for each axis."""
    sizes = axes_of(kernel)
    dims = len(sizes)
    steps = for_each_axis(sizes if stride is None else stride, dims, "stride", 1)
    borders = for_each_axis(padding, dims, "padding", 0)
    axes = zip(sizes, borders, x.shape[x.ndim - dims :], strict=True)
    if x.ndim < dims or any(k < 1 or k > n + 2 * p or 2 * p > k for k, p, n in axes):
        raise ValueError(
            f"windows of {tuple(sizes)} with padding {tuple(borders)} do not fit into an array of "
            f"shape {x.shape}: they may not be larger than its last axes, nor the padding larger "
            "than half of them"
        )
    if any(borders):
        widths = [(0, 0)] * (x.ndim - dims) + [(p, p) for p in borders]
        x = np.pad(x, widths, constant_values=edge)
    return x, {"kernel": tuple(sizes), "stride": steps}


def axes_of(kernel: Sizes) -> list[int]:
    """Return the sizes of a window as a list."""
    return [int(k) for k in np.atleast_1d(np.asarray(kernel))]


def for_each_axis(given: Any, dims: int, name: str, least: int) -> tuple[int, ...]:
    """Return an option as one int for each axis."""
    numbers = (given,) * dims if isinstance(given, (int, np.integer)) else tuple(given)
    if len(numbers) != dims or not all(
        isinstance(n, (int, np.integer)) and n >= least for n in numbers
    ):
        raise ValueError(
            f"{name} should be an int of at least {least}, or {dims} of them, not {given!r}"
        )
    return tuple(map(int, numbers))


def conv_options(
    w: Any, stride: Sizes, padding: Any, dilation: Sizes, groups: int
) -> dict[str, Any]:
    """Return the options of a convolution with filters `w`, each with an entry for each axis."""
    dims = w.ndim - 2
    if dims < 1:
        raise ValueError(
            f"filters have shape (outputs, channels, *kernel), not {w.shape}; for one channel "
            "write w[None, None]"
        )
    each = partial(for_each_axis, dims=dims, least=1)
    steps, gaps = each(stride, name="stride"), each(dilation, name="dilation")
    if not isinstance(groups, (int, np.integer)) or groups < 1:
        raise ValueError(f"groups should be an int of at least 1, not {groups!r}")
    if isinstance(padding, str):
        if padding not in ("same", "valid") or (padding == "same" and set(steps) != {1}):
            raise ValueError(
                f'padding should be numbers, "valid", or "same" where the stride is 1, not '
                f"{padding!r} with stride {steps}"
            )
        reach = [d * (k - 1) * (padding == "same") for k, d in zip(w.shape[2:], gaps, strict=True)]
        pairs = tuple((r // 2, r - r // 2) for r in reach)
    elif np.ndim(padding) == 2:
        pairs = tuple((a, b) for a, b in (for_each_axis(p, 2, "padding", 0) for p in padding))
    else:
        pairs = tuple((p, p) for p in for_each_axis(padding, dims, "padding", 0))
    if len(pairs) != dims:
        raise ValueError(f"padding should have an entry for each of {dims} axes, not {padding!r}")
    return {"stride": steps, "padding": pairs, "dilation": gaps, "groups": int(groups)}
