"""HIPS autograd's helpers for writing rules.

A rule does not need them here, since the backward pass itself gives each gradient the shape and
dtype of its argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine.arrays import fit
from autograd.hips.numpy_wrapper import metadata, of_kind

__all__ = [
    "match_complex",
    "metadata",
    "repeat_to_match_shape",
    "replace_zero",
    "unbroadcast",
    "unbroadcast_f",
]


def unbroadcast(x: Any, target_meta: tuple[Any, ...], broadcast_idx: int = 0) -> Any:
    """Return a gradient summed to the shape of an argument that was broadcast.

    Args:
        x: the gradient.
        target_meta: `metadata` of the argument.
        broadcast_idx: ignored.

    Example:
        >>> unbroadcast(np.ones((3, 2)), metadata(np.zeros(2)))
        array([3., 3.])
    """
    return fit(x, of_kind(target_meta))


def unbroadcast_f(target: Any, f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the vjp `f` with its gradients summed to the shape of `target`."""
    meta = metadata(target)
    return lambda g: unbroadcast(f(g), meta)


def match_complex(target: Any, x: Any) -> Any:
    """Return `x` as complex or real numbers, whichever `target` holds."""
    if np.iscomplexobj(target):
        return x + 0j
    return np.real(x)


def replace_zero(x: Any, val: Any) -> Any:
    """Return `x` with its zeros replaced by `val`."""
    return np.where(x != 0, x, val)


def repeat_to_match_shape(
    g: Any, shape: tuple[int, ...], dtype: Any, axis: Any, keepdims: bool
) -> tuple[Any, int]:
    """Return the gradient of a reduction, repeated along the reduced axes, and how often it is.

    Args:
        g: the gradient.
        shape, dtype: those of the argument of the reduction.
        axis, keepdims: those of the reduction.
    """
    if shape == ():
        return g, 1
    reduced = np.sum(np.broadcast_to(np.zeros((), dtype), shape), axis=axis, keepdims=True)
    repeated = np.broadcast_to(np.reshape(g, reduced.shape), shape)
    return repeated, int(np.prod(shape)) // max(reduced.size, 1)
