"""Remainders: change(t) − claim · t, which falls like t² for a right derivative (Taylor)."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from autograd.testing.samples import Samples

TAYLOR = 1.5  # between the powers of the remainder of a wrong derivative, 1, and a right one, 2


def remainder_powers(samples: Samples, claim: ndarray, noise: ndarray) -> ndarray:
    """Return the power of t with which the remainder change(t) − claim · t falls, NaN for noise.

    It is 1 for a wrong derivative (Taylor's theorem) and 2 for a right one, or 3 since the part
    that is even in t is left out. It is fitted to the four smallest steps above the noise.
    """
    rest = left_over(samples, claim)
    powers = np.full(claim.shape, np.nan)
    for i in np.flatnonzero(np.isfinite(claim)):
        seen = visible(rest[:, i], noise[i])[-4:]
        if len(seen) == 4:
            powers[i] = np.polyfit(np.log(samples.steps[seen]), np.log(rest[seen, i]), 1)[0]
    return powers


def leaves_more(samples: Samples, claim: ndarray, value: ndarray, noise: ndarray) -> ndarray:
    """Return where the remainder of a claim exceeds that of a value, at small steps above noise."""
    rest, other = left_over(samples, claim), left_over(samples, value)
    more = np.zeros(claim.shape, bool)
    for i in np.flatnonzero(np.isfinite(claim) & np.isfinite(value)):
        seen = visible(rest[:, i], noise[i])[-2:]
        more[i] = len(seen) == 2 and rest[seen, i].sum() > 4 * other[seen, i].sum()
    return more


def left_over(samples: Samples, claim: ndarray) -> ndarray:
    """Return |change(t) − claim · t|, (steps, results), averaged over the sides that exist."""
    t = samples.steps[:, None]
    ahead, behind = samples.ahead - claim * t, -samples.behind - claim * t
    ahead, behind = (
        np.where(np.isfinite(side), side, other)
        for side, other in ((ahead, behind), (behind, ahead))
    )
    return abs(ahead + behind) / 2


def visible(rest: ndarray, noise: float) -> ndarray:
    """Return the steps at which the remainder exceeds the noise."""
    return np.flatnonzero((rest > 8 * noise) & (rest < np.inf))
