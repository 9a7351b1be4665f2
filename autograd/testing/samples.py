"""Samples: the values of a function along a line, and how coarsely they are rounded.

A function is looked at along a line: `change(t)` is an array of how much each result differs from
the one at t = 0, NaN where it is undefined. t = 1 is a step as large as the numbers are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.silence import silence

Change = Callable[[float], ndarray]

HALVINGS = {np.dtype(np.float64): 50, np.dtype(np.float32): 17, np.dtype(np.float16): 8}
FLAT = 8  # halvings without any change
ROUGH = 32  # times the last digit: what results are rounded to if larger numbers cancel


@dataclass
class Samples:
    """How much results change along a line, at steps that halve, on both sides."""

    steps: ndarray
    ahead: ndarray
    behind: ndarray

    @cached_property
    def unit(self) -> ndarray:
        """What all changes are whole multiples of, 0 if there is no such number."""
        return quantum(np.concatenate([self.ahead, self.behind]))

    @cached_property
    def still(self) -> ndarray:
        """How many of the smallest steps change nothing at all."""
        unchanged = (self.ahead == 0) & (self.behind == 0)
        return np.cumprod(unchanged[::-1], axis=0).sum(axis=0)

    @property
    def constant(self) -> ndarray:
        """Which results never change."""
        return self.still == len(self.steps)

    def rough(self, noise: ndarray, least: ndarray) -> ndarray:
        """Return which results are rounded far more than numbers of their size need be."""
        return (np.maximum(noise, self.unit) > ROUGH * least) | (self.still >= FLAT)


def sampled(change: Change, dtype: Any = np.float64, reach: float = 1.0) -> Samples:
    """Return the changes at steps from a quarter of the reach down to the last digit."""
    steps = 0.5 ** np.arange(2 - np.log2(reach), HALVINGS[np.dtype(dtype)])
    ahead, behind = (np.stack([change(s * t) for t in steps]) for s in (1.0, -1.0))
    return Samples(steps, ahead, behind)


def quantum(changes: ndarray) -> ndarray:
    """Return the unit of results that are whole multiples of one, 0 for others.

    This happens after subtracting a large number: below some step nothing changes any more.
    """
    size = abs(np.where(np.isfinite(changes), changes, 0.0))
    least = np.where(size > 0, size, np.inf).min(axis=0)
    with silence():
        multiples = np.where(size < 1000 * least, size / least, 0.0)
    # The smallest change seen may be a few units.
    whole = (abs(8 * multiples - np.rint(8 * multiples)) < 1e-3).all(axis=0)
    whole |= least < 1e-9 * size.max(axis=0)
    whole &= multiples.max(axis=0) >= 3
    return np.where(whole & (size == 0).any(axis=0) & np.isfinite(least), least, 0.0)
