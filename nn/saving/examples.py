"""Examples of what a network takes: which ones show what it does, and others like them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn.module import Module


def check_examples(model: Module, examples: Sequence[Any], axes: Sequence[int | None]) -> None:
    """Raise if a network cannot be called with such arguments again and again."""
    own = {p.dtype for p in model.parameters()}
    arrays = [x for x in examples if isinstance(x, np.ndarray)]
    if not arrays or any(x.dtype.kind not in "biuf" or not x.size for x in arrays):
        raise TypeError(
            "write nn.export_onnx(model, x, path) with an example x of what the model takes: an "
            f"array of numbers, or a tuple of several; here it is {examples[0]!r:.60}"
        )
    if len(axes) != len(examples):
        raise ValueError(
            f"batch_axis={tuple(axes)} should have an entry for each of {len(examples)} inputs"
        )
    for x, axis in zip(examples, axes, strict=True):
        if not isinstance(x, np.ndarray):
            continue
        if axis is not None and not -x.ndim <= axis < x.ndim:
            raise ValueError(
                f"an input of shape {x.shape} has no axis {axis} for the samples of a batch: give "
                "a batch, or batch_axis=None"
            )
        if own and x.dtype.kind == "f" and x.dtype not in own:
            (dtype, *_) = own
            raise ValueError(
                f"write x.astype(np.{dtype}), the dtype of the parameters: a file fixes the dtype "
                f"of its inputs, here {x.dtype}"
            )
        if x.dtype.kind in "iu" and (x == x.flat[0]).all():
            raise ValueError(
                f"give an example with several ints, such as a real batch; all are {x.flat[0]} "
                "here, so nothing shows what depends on them"
            )


def like(
    x: Any, axis: int | None, n: int, share: tuple[float, float], rng: np.random.Generator
) -> Any:
    """Return new numbers such as those in an array; anything else as it is.

    Args:
        x: the array.
        axis, n: the axis that gets another size, and the size.
        share: the part of their range to draw from.
        rng: draws them.
    """
    if not isinstance(x, np.ndarray):
        return x
    shape = list(x.shape)
    if axis is not None:
        shape[axis] = n
    if x.dtype.kind in "biu":
        known = np.array([False, True]) if x.dtype.kind == "b" else np.unique(x)
        first, last = np.floor(share[0] * len(known)), np.ceil(share[1] * len(known))
        return rng.choice(known[int(first) : int(last)], shape)
    low, high = (float(bound) for bound in (np.nanmin(x), np.nanmax(x)))
    if not low < high < np.inf or low == -np.inf:
        low, high = -1.0, 1.0
    start, stop = (low + part * (high - low) for part in share)
    return rng.uniform(start, stop, shape).astype(x.dtype)
