"""Forms of ops that move entries: reshape, transpose, join, pad, repeat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.graphs.aligned import Size
from autograd.ops import shape as rows

BEGINNING = np.iinfo(np.int64).min


def reshape(to: Any, y: Any, x: Any, shape: Any) -> str:
    lengths = tuple(shape) if np.iterable(shape) else (shape,)
    if sum(isinstance(n, Size) for n in lengths) == 1 and -1 not in lengths:
        lengths = tuple(-1 if isinstance(n, Size) else n for n in lengths)
    zeros = {"allowzero": 1} if 0 in lengths else {}
    return to.put("Reshape", to.tensor(x, y.dtype), to.ints(lengths), **zeros)


def transpose(to: Any, y: Any, x: Any, axes: Any = None) -> str:
    order = range(y.ndim)[::-1] if axes is None else [int(axis) % y.ndim for axis in axes]
    return to.put("Transpose", to.tensor(x, y.dtype), perm=list(order))


def broadcast_to(to: Any, y: Any, x: Any, shape: Any) -> str:
    return to.put("Expand", to.tensor(x, y.dtype), to.ints(y.shape))


def flip(to: Any, y: Any, x: Any, axis: Any = None) -> str:
    axes = tuple(range(y.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    each = [to.ints((n,) * len(axes)) for n in (-1, BEGINNING)]
    steps = to.ints((-1,) * len(axes))
    return to.put("Slice", to.tensor(x, y.dtype), *each, to.ints(axes), steps)


def roll(to: Any, y: Any, x: Any, shift: Any, axis: Any = None) -> str:
    x = to.tensor(x, y.dtype)
    if axis is None:
        flat = rolled(to, to.put("Reshape", x, to.ints((-1,))), shift, 0, y.shape)
        return to.put("Reshape", flat, to.ints(y.shape))
    shifts = shift if isinstance(shift, tuple) else (shift,)
    for n, i in zip(shifts, axis if isinstance(axis, tuple) else (axis,), strict=True):
        x = rolled(to, x, n, i, y.shape[i : i + 1 or None])
    return x


def rolled(to: Any, x: str, shift: Any, axis: int, shape: tuple) -> str:
    """Join the end of an axis, whose length is the product of a shape, and what comes before it."""
    if any(isinstance(n, Size) for n in (shift, *shape)):
        raise ValueError("no form in ONNX along an axis of free size")
    cut = -shift % max(np.prod(shape, dtype=int), 1)
    axes, middle = to.ints((axis,)), to.ints((cut,))
    ends = [(middle, to.ints((np.iinfo(np.int64).max,))), (to.ints((0,)), middle)]
    return to.put("Concat", *[to.put("Slice", x, *pair, axes) for pair in ends], axis=axis)


def same(to: Any, y: Any, x: Any, *rest: Any, **params: Any) -> str:
    return to.put("Identity", to.tensor(x, y.dtype))


def full_like(to: Any, y: Any, x: Any, value: Any, **params: Any) -> str:
    return to.put("Expand", to.tensor(value, y.dtype), to.ints(y.shape))


def concatenate(to: Any, y: Any, *arrays: Any, axis: int = 0) -> str:
    return to.put("Concat", *[to.tensor(x, y.dtype) for x in arrays], axis=axis)


def stack(to: Any, y: Any, *arrays: Any, axis: int = 0) -> str:
    each = [to.put("Unsqueeze", to.tensor(x, y.dtype), to.ints((axis,))) for x in arrays]
    return to.put("Concat", *each, axis=axis)


def pad(to: Any, y: Any, x: Any, pad_width: Any, mode: str = "constant", **given: Any) -> str:
    value = given.pop("constant_values", 0)
    if mode not in ("constant", "edge", "reflect") or given or np.ndim(value):
        raise ValueError("no form in ONNX with such options")
    widths = np.broadcast_to(np.asarray(pad_width), (y.ndim, 2))
    pads = to.ints(tuple(widths.T.ravel().tolist()))
    more = [to.constant(value, y.dtype)] if mode == "constant" else []
    return to.put("Pad", to.tensor(x, y.dtype), pads, *more, mode=mode)


def repeat(to: Any, y: Any, x: Any, repeats: Any, axis: Any = None) -> str:
    shape = (y.shape[0],) if axis is None else x.shape
    n = x.shape if axis is None else (shape[axis],)
    if any(isinstance(length, Size) for length in n):
        raise ValueError("no form in ONNX along an axis of free size")
    x = to.tensor(x, y.dtype)
    x = to.put("Reshape", x, to.ints((-1,))) if axis is None else x
    entries = np.repeat(np.arange(np.prod(n, dtype=int)), repeats)
    return to.put("Gather", x, to.constant(entries, np.int64), axis=axis or 0)


def tile(to: Any, y: Any, x: Any, reps: Any) -> str:
    times = reps if isinstance(reps, tuple) else tuple(np.atleast_1d(reps).tolist())
    times = (1,) * (y.ndim - len(times)) + times
    missing = tuple(range(y.ndim - x.ndim))
    x = to.tensor(x, y.dtype)
    x = to.put("Unsqueeze", x, to.ints(missing)) if missing else x
    return to.put("Tile", x, to.ints(times))


JOINING: dict[Any, Callable[..., str]] = {
    rows.reshape: reshape,
    rows.transpose: transpose,
    rows.broadcast_to: broadcast_to,
    rows.flip: flip,
    rows.roll: roll,
    rows.astype: same,
    rows.copy: same,
    rows.laid_out: same,
    rows.full_like: full_like,
    rows.concatenate: concatenate,
    rows.stack: stack,
    rows.pad: pad,
    rows.repeat: repeat,
    rows.tile: tile,
}
