"""Kinks that entries share: derivatives that are right for each alone may be wrong together.

Each entry of max(x, x) may have any derivative from 0 to 1, but they have to add up to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.claims import Claims
from autograd.testing.numbers import Slopes
from autograd.testing.problem import from_reals, reals

PAIRS = 8  # that are looked at
ALL = 4  # so many are looked at all at once as well
ROUNDS = 3  # of points near by, on each side of each kink
BLUR = 0.01  # slopes near by differ from those at the point


@dataclass
class Kink:
    """A move along which the function has a kink.

    Attributes:
        name: of what is moved.
        k, step: number `k` is moved along `step`.
        claim: the derivatives of the results along it.
        found: what differences say of them.
        noise: how far rounding moves the results.
    """

    name: str
    k: int
    step: ndarray
    claim: ndarray
    found: Slopes
    noise: ndarray


def misfit(
    claims: Claims, numbers: Sequence[Any], kinks: Sequence[Kink], eps: float, rng: Any
) -> str:
    """Return what is wrong with the derivatives of entries that move together, or nothing.

    Along any direction a right one lies between the slopes that the function has near by
    (F. Clarke, "Optimization and nonsmooth analysis", 1983).

    Args:
        claims, numbers: the function and the point.
        kinks: the moves with a kink.
        eps: of the arithmetic of the function.
        rng: of the points near by.
    """
    for group in groups(numbers, kinks):
        claim = np.sum([kink.claim for kink in group], axis=0)
        size = np.sum([abs(kink.claim) for kink in group], axis=0)
        slopes, blur, h = slopes_nearby(claims, numbers, group, eps, rng)
        low, high = np.fmin.reduce(slopes), np.fmax.reduce(slopes)
        blur += BLUR * (size + np.maximum(abs(low), abs(high)))
        blur += 8 * np.max([kink.noise for kink in group], axis=0) / h
        off = (claim < low - blur) | (claim > high + blur)
        off &= np.sum([kink.found.kink for kink in group], axis=0) > 1
        if off.any():
            i, per = int(off.argmax()), 1 / max(abs(kink.step).max() for kink in group)
            return (
                f"the derivatives with respect to {' and '.join(kink.name for kink in group)} "
                "do not fit together; when all move at once:\n"
                f"  found     {claim[i] * per:.12g}\n"
                f"  expected  from {low[i] * per:.6g} to {high[i] * per:.6g}, by differences near "
                "by\n"
                "  what is tied shares a gradient"
            )
    return ""


def groups(numbers: Sequence[Any], kinks: Sequence[Kink]) -> Iterator[Sequence[Kink]]:
    """Yield the kinks that may belong together: where numbers are alike."""
    alike = sorted(kinks, key=lambda kink: float(reals([numbers[kink.k]])[kink.step != 0][0]))
    pairs = list(pairwise(alike))
    for one, other in pairs[:: len(pairs) // PAIRS + 1]:
        yield one, other
        yield one, replace(other, name=f"-{other.name}", step=-other.step, claim=-other.claim)
    if 2 < len(alike) <= ALL:
        yield alike


def slopes_nearby(
    claims: Claims, numbers: Sequence[Any], group: Sequence[Kink], eps: float, rng: Any
) -> tuple[ndarray, ndarray, float]:
    """Return what slopes a function has near by when a group of numbers moves together.

    Returns:
        the slopes, (points, results); how far those of a piece differ; the step they are by.
    """
    away = 2.0 ** np.round(0.3 * np.log2(eps))
    h = away / 2**8
    ends = np.cumsum([0] + [reals([x]).size for x in numbers])
    steps = np.zeros((len(group), ends[-1]))
    for row, kink in zip(steps, group, strict=True):
        row[ends[kink.k] : ends[kink.k + 1]] = kink.step
    start, along = reals(numbers), steps.sum(axis=0)

    def value(vector: ndarray) -> ndarray:
        there = from_reals(start + vector, numbers)
        pairs = zip(there, numbers, strict=True)
        return claims.change_to([float(y) if type(x) is float else y for y, x in pairs])

    def slope(point: ndarray) -> ndarray:
        return (value(point + h * along) - value(point - h * along)) / (2 * h)

    here = value(0 * along)
    sides = [(value(h * along) - here) / h, (here - value(-h * along)) / h]
    pieces = [
        away * rng.uniform(0.5, 1.0, len(group)) * signs @ steps
        for signs in product((-1.0, 1.0), repeat=len(group))
        for _ in range(ROUNDS)
    ]
    far = np.array([slope(point) for point in pieces])
    near = np.array([slope(point / 2) for point in pieces])
    return np.array([*sides, *far, *near]), np.fmax.reduce(abs(far - near)), h
