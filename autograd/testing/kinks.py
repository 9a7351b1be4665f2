"""Kinks that entries share: derivatives that are right one by one may be wrong together.

Each entry of max(x, x) may have any derivative from 0 to 1, but the two have to add up to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise, product
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.claims import Claims
from autograd.testing.moves import scales
from autograd.testing.problem import bounds, from_reals, reals
from autograd.testing.report import apart
from autograd.testing.verdict import Verdict

Move = tuple[int, ndarray]  # a number, and its step

PAIRS = 8  # how many pairs to check
ALL = 4  # up to this many kinks are also checked all at once
ROUNDS = 3  # of points nearby, on each side of each kink
# How far away the points nearby are, as a power of eps, and in how many steps.  The nearer ones
# are for functions with a second kink close by, such as that of relu(x - 1e-9) beside 0.
AWAY = ((0.3, 2**8), *((power, 2**3) for power in (0.5, 0.6, 0.7, 0.76, 0.8, 0.9)))
BLUR = 0.01  # slopes nearby differ from those at the point by this share
NEARER = (0.3, 0.55, 0.8)  # powers of eps: how far away `between_slopes` looks
NEARBY_POINTS = 256  # at each of these distances
MANY = 1000  # numbers among which it does not look


def misfit(
    claims: Claims, numbers: Sequence[Any], kinks: Sequence[Verdict], eps: float, rng: Any
) -> str:
    """Return what is wrong with the derivatives of entries that move together, or "".

    Along any direction, a right derivative lies between the slopes of the function nearby (F.
    Clarke, "Optimization and nonsmooth analysis", 1983).

    Args:
        claims, numbers: the function and the point.
        kinks: the moves with a kink.
        eps: the eps of the function's arithmetic.
        rng: the source of the points nearby.
    """
    for group in groups(numbers, kinks):
        moved = [(kink.k, kink.step) for kink in group]
        claim = np.sum([kink.claim for kink in group], axis=0)
        size = np.sum([abs(kink.claim) for kink in group], axis=0)
        noise = np.max([kink.line.noise for kink in group], axis=0)
        off = np.sum([kink.found.kink for kink in group], axis=0) > 1
        if off.any():
            nearer = ranges(claims, numbers, moved, noise, eps, rng)
            farthest = low, high, bend, rounding = next(nearer)
            blur = bend + BLUR * (size + np.maximum(abs(low), abs(high))) + rounding
            off &= (claim < low - blur) | (claim > high + blur)
        if off.any():
            off &= ~between_kinks(claim, size, chain([farthest], nearer))
        if off.any():  # right if all numbers may move, as in a network of ReLUs
            off &= ~between_slopes(claims, numbers, moved, claim, eps)
        if off.any():
            i, per = int(off.argmax()), 1 / max(abs(kink.step).max() for kink in group)
            ends = apart(low[i] * per, high[i] * per)
            expected = f"from {ends[0]} to {ends[1]}" if ends[0] != ends[1] else ends[0]
            return (
                f"the derivatives with respect to {' and '.join(kink.name for kink in group)} "
                "do not fit together; when all move at once:\n"
                f"  found     {claim[i] * per:.12g}\n"
                f"  expected  {expected}, by finite differences nearby\n"
                "  entries that are tied share one gradient"
            )
    return ""


def ranges(
    claims: Claims,
    numbers: Sequence[Any],
    moves: Sequence[Move],
    noise: ndarray,
    eps: float,
    rng: Any,
) -> Iterator[tuple[ndarray, ndarray, ndarray, ndarray]]:
    """Yield the ends of the slopes nearby, nearer and nearer to the point.

    Args:
        claims, numbers, eps, rng: see `misfit`.
        moves: (number, step) for all that moves together.
        noise: how far rounding moves the results.

    Yields:
        the lowest slopes and the highest; how much they differ within a piece; how far rounding
        moves them.
    """
    for power, parts in AWAY:
        h = 2.0 ** np.round(power * np.log2(eps)) / parts
        slopes, bend = slopes_nearby(claims, numbers, moves, h, parts, rng)
        yield np.fmin.reduce(slopes), np.fmax.reduce(slopes), bend, 8 * noise / h


def between_kinks(
    claim: ndarray, size: ndarray, nearer: Iterator[tuple[ndarray, ndarray, ndarray, ndarray]]
) -> ndarray:
    """Return which derivatives are right since the point lies close to another kink.

    These lie within the slopes near the point, which reach further than those farther away.

    Args:
        claim: the derivatives of the results along the moves.
        size: of these, of each move and added up.
        nearer: the slopes nearby, from `ranges`.
    """
    right = np.zeros(claim.shape, bool)
    lowest, highest, *_ = next(nearer)
    for low, high, _, rounding in nearer:
        most = np.maximum(abs(low), abs(high))
        blur = BLUR * (size + most) + rounding
        further = (low < lowest - 2 * blur) | (high > highest + 2 * blur)
        seen = rounding <= 5 * BLUR * most
        right |= (claim >= low - blur) & (claim <= high + blur) & further & seen
        if right.all():
            break
    return right


def groups(numbers: Sequence[Any], kinks: Sequence[Verdict]) -> Iterator[Sequence[Verdict]]:
    """Yield groups of kinks that may belong together, those at similar numbers."""
    alike = sorted(kinks, key=lambda kink: float(reals([numbers[kink.k]])[kink.step != 0][0]))
    pairs = list(pairwise(alike))
    for one, other in pairs[:: len(pairs) // PAIRS + 1]:
        yield one, other
        yield one, replace(other, name=f"-{other.name}", step=-other.step, claim=-other.claim)
    if 2 < len(alike) <= ALL:
        yield alike


def change_by(claims: Claims, numbers: Sequence[Any], vector: ndarray) -> ndarray:
    """Return how the results change when all numbers move along one vector."""
    return claims.change_to(from_reals(reals(numbers) + vector, numbers))


def slope(value: Callable[[ndarray], ndarray], point: ndarray, along: ndarray, h: float) -> ndarray:
    """Return the slopes of the results at a point, by central differences."""
    return (value(point + h * along) - value(point - h * along)) / (2 * h)


def vectors(numbers: Sequence[Any], moves: Sequence[Move]) -> ndarray:
    """Return a vector of the steps of all numbers for each move."""
    ends = bounds(numbers)
    steps = np.zeros((len(moves), ends[-1]))
    for row, (k, step) in zip(steps, moves, strict=True):
        row[ends[k] : ends[k + 1]] = step
    return steps


def slopes_nearby(
    claims: Claims,
    numbers: Sequence[Any],
    moves: Sequence[Move],
    h: float,
    parts: int,
    rng: Any,
) -> tuple[ndarray, ndarray]:
    """Return the slopes of a function nearby when a group of numbers moves together.

    Args:
        claims, numbers, moves, rng: see `ranges`.
        h: the step of the differences.
        parts: how many steps away the points are at most.

    Returns:
        the slopes, (points, results); how much they differ within a piece.
    """
    steps = vectors(numbers, moves)
    along = steps.sum(axis=0)
    value = partial(change_by, claims, numbers)
    here = value(0 * along)
    sides = [(value(h * along) - here) / h, (here - value(-h * along)) / h]
    pieces = [
        h * parts * rng.uniform(0.5, 1.0, len(moves)) * signs @ steps
        for signs in product((-1.0, 1.0), repeat=len(moves))
        for _ in range(ROUNDS)
    ]
    far = np.array([slope(value, point, along, h) for point in pieces])
    near = np.array([slope(value, point / 2, along, h) for point in pieces])
    return np.array([*sides, *far, *near]), np.fmax.reduce(abs(far - near))


def between_slopes(
    claims: Claims, numbers: Sequence[Any], moves: Sequence[Move], claim: ndarray, eps: float
) -> ndarray:
    """Return which derivatives lie between slopes that stay apart however near the point.

    These are right (Clarke), whatever the differences at the point say: the median of three equal
    entries does not move when one of them does, but sorting gives its whole gradient to one.

    Args:
        claims, numbers, eps: see `misfit`.
        moves: (number, step) for all that moves together.
        claim: the derivatives of the results along it.
    """
    rng = np.random.default_rng(0)
    size = np.concatenate([scales(reals([x])) for x in numbers])
    if size.size > MANY:
        return np.zeros(claim.shape, bool)
    along = vectors(numbers, moves).sum(axis=0)
    value = partial(change_by, claims, numbers)
    around = size * rng.uniform(-1.0, 1.0, (NEARBY_POINTS, size.size))
    inside, gaps = np.ones(claim.shape, bool), list[ndarray]()
    for away in eps ** np.array(NEARER):
        h = away / 8
        slopes = [slope(value, away * u, along, h) for u in around]
        low, high = np.min(slopes, axis=0), np.max(slopes, axis=0)
        # The farthest points give the most digits; the nearest show that the slopes stay apart.
        blur = (5 * BLUR if gaps else 1e-8) * np.maximum(abs(low), abs(high))
        inside &= (claim >= low - blur) & (claim <= high + blur)
        inside &= (high - low > 4 * blur) | bool(gaps)  # slopes may differ by less than this blur
        gaps.append(high - low)
    return inside & (np.min(gaps, axis=0) > np.max(gaps, axis=0) / 2)
