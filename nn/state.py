"""Numbers that become those of a module: as arrays, and what keeps them from fitting."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value


def misfits(path: str, numbers: np.ndarray, own: Any, used: np.ndarray) -> list[str]:
    """Return what keeps numbers of a state from being those of a parameter or buffer."""
    if numbers.shape != own.shape:
        return [f"{path} has shape {numbers.shape} instead of {own.shape}"]
    if not np.can_cast(numbers.dtype, own.dtype, "same_kind"):
        return [f"{path} has dtype {numbers.dtype}, which cannot become {own.dtype}"]
    if numbers is not used and not np.array_equal(numbers, used, equal_nan=True):
        return [f"{path} is shared, and differs from the same numbers under another path"]
    return []


def as_array(x: Any) -> np.ndarray:
    """Return numbers as an array, and what is no array of numbers as one of objects."""
    x = x.numpy() if isinstance(x, Value) else x
    try:
        return np.array(x)
    except ValueError:  # rows of different lengths
        return np.array(x, dtype=object)
