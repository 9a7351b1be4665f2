"""Quick checks of whether the numbers of ops are finite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import NUMBERS
from autograd.engine.value import Value, held

SMALL = 10_000  # entries; for more, BLAS would start threads


def all_finite(x: Any) -> bool:
    """Whether a number, or all of an array, is finite; anything else counts as finite.

    A sum is NaN or infinite if an entry is. If the sum itself overflows, each entry is checked.
    """
    if type(x) is float:
        return x - x == 0.0
    if isinstance(x, Value):
        return all_finite(held(x))
    if not isinstance(x, (ndarray, np.generic, complex)) or np.result_type(x).kind not in "fc":
        return True
    if type(x) is ndarray and x.ndim:
        flat = x if x.ndim == 1 else x.ravel()
        total = flat.dot(flat) if flat.size < SMALL else flat.sum()
        if total - total == 0:
            return True
    return bool(np.isfinite(x).all())


def holds_nan(x: Any) -> bool:
    """Whether a number or an entry of an array is NaN."""
    return isinstance(x, (float, complex, ndarray, np.generic)) and bool(np.isnan(x).any())


def nonfinite_entries(x: Any) -> tuple[int, tuple[int, ...]]:
    """Return how many entries are not finite, and the index of the first."""
    places = np.argwhere(~np.isfinite(x))
    return len(places), tuple(places[0].tolist())


def largest(x: Any) -> float:
    """Return the largest absolute value among the finite entries, 0 if there are none."""
    sizes = np.abs(np.asarray(x))
    sizes = sizes[np.isfinite(sizes)]
    return float(sizes.max()) if sizes.size else 0.0


def only_moves_entries(op: Any, args: Sequence[Any], y: Any) -> bool:
    """Whether an op seems to have only moved entries: all finite ones in `y` are in `args`."""
    if op.elementwise:
        return False
    pool = [np.ravel(x) for x in args if isinstance(x, NUMBERS)]
    numbers = np.asarray(y)
    return bool(np.isin(numbers[np.isfinite(numbers)], np.concatenate(pool)).all())
