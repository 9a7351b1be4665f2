"""Padding, in every mode that NumPy has a name for."""

import numpy as np

from autograd.composed.manipulation.joining import concatenate
from autograd.composed.manipulation.rearranging import rearranged
from autograd.composed.manipulation.shapes import moveaxis
from autograd.engine.dispatch import answers
from autograd.ops import shape as rows

BY_POSITION = ("edge", "wrap", "reflect", "symmetric")
BY_STATISTIC = {"maximum": np.max, "minimum": np.min, "mean": np.mean, "median": np.median}


def _per_axis(x, ndim):
    """Return one pair (before, after) for each axis."""
    if isinstance(x, dict):
        pairs = np.zeros((ndim, 2), int)
        for axis, pair in x.items():
            pairs[axis] = pair
        return pairs.tolist()
    return np.broadcast_to(np.asarray(x), (ndim, 2)).tolist()


@answers(np.pad)
def pad(array, pad_width, mode="constant", **options):
    """Return `array` with entries added at its edges, as np.pad does in every named mode.

    Raises:
        TypeError: `mode` is "empty", or a function, which would write in place.
    """
    widths = _per_axis(pad_width, array.ndim)
    if mode == "constant":
        return rows.pad(array, widths, **options)
    odd = options.get("reflect_type") == "odd"
    if mode in BY_POSITION and not odd:
        return rearranged(lambda positions: np.pad(positions, widths, mode, **options), array)
    if odd:
        grown = _oddly_reflected
    elif mode in BY_STATISTIC:
        lengths = _per_axis(options.get("stat_length"), array.ndim)
        grown = _with_statistic
    elif mode == "linear_ramp":
        lengths = _per_axis(options.get("end_values", 0), array.ndim)
        grown = _with_ramp
    else:
        raise TypeError(
            f"np.pad of a Value takes mode 'constant', 'linear_ramp', {', '.join(BY_POSITION)} "
            f"or {', '.join(BY_STATISTIC)}, not {mode!r}; write others with np.concatenate"
        )
    for axis, (before, after) in enumerate(widths):
        y = moveaxis(array, axis, 0)
        option = mode if odd else lengths[axis]
        if before or after:
            array = moveaxis(grown(y, before, after, option, mode), 0, axis)
    return array


def _with_statistic(y, before, after, lengths, mode):
    """Pad the first axis with the mean, maximum, … of the nearest entries."""
    first, last = (y.shape[0] if n is None else min(n, y.shape[0]) for n in lengths)
    statistic = BY_STATISTIC[mode]
    left = statistic(y[:first], axis=0, keepdims=True)
    right = statistic(y[y.shape[0] - last :], axis=0, keepdims=True)
    return concatenate([np.repeat(left, before, 0), y, np.repeat(right, after, 0)])


def _with_ramp(y, before, after, ends, mode):
    """Pad the first axis with evenly spaced numbers from the end values to the edges."""

    def ramp(end, edge, n):
        share = rows.reshape(np.arange(n, dtype=y.dtype) / max(n, 1), (n,) + (1,) * (y.ndim - 1))
        return end + (edge - end) * share

    left, right = ramp(ends[0], y[:1], before), ramp(ends[1], y[-1:], after)
    return concatenate([left, y, np.flip(right, 0)])


def _oddly_reflected(y, before, after, mode, _):
    """Pad the first axis with its mirror image, flipped about the edge: 2 · edge − entries."""
    skip = 1 if mode == "reflect" else 0  # whether the mirror image leaves the edge itself out
    period = y.shape[0] - skip
    if not period:
        return concatenate([np.repeat(y[:1], before, 0), y, np.repeat(y[-1:], after, 0)])
    while before or after:
        n, m = min(before, period), min(after, period)
        left = 2 * y[:1] - np.flip(y[skip : n + skip], 0)
        end = y.shape[0] - skip
        right = 2 * y[-1:] - np.flip(y[end - m : end], 0)
        y = concatenate([left, y, right])
        before, after = before - n, after - m
    return y
