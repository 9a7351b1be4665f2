"""Finite differences with error estimates, to compare gradients with.

A function is looked at along a line: `change(t)` is an array of how much each result differs from
the one at t = 0, NaN where it is undefined. t = 1 is a step as large as the numbers are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.silence import silence

Change = Callable[[float], ndarray]

EPS = float(np.finfo(float).eps)
LEVELS = 5  # of extrapolation
TAIL = 10  # halvings over which rounding is measured
HALVINGS = {np.dtype(np.float64): 50, np.dtype(np.float32): 17, np.dtype(np.float16): 8}
QUICK = 1e-9  # relative difference at which four values are evidence enough
NOISY = 1e-6  # the same if rounding leaves fewer digits
STEP = 2e-7  # of the results: larger units are stairs, smaller ones may be rounding to float32
DEEP = 36  # halvings over which quotients grow towards an infinite slope
JUMP = 15.0  # factor by which they grow in four halvings at a jump, or from noise
FLAT = 8  # halvings without any change
TAYLOR = 1.5  # between the powers of the remainder of a wrong derivative, 1, and a right one, 2
FEW_DIGITS = 0.05  # relative error of a derivative with fewer than two known digits
SAFETY = 5.0  # since error estimates are only estimates


@dataclass
class Slopes:
    """The derivatives of several results along a line.

    Attributes:
        value: the best estimates.
        low, high: the bounds of right derivatives, errors included.
        error: the error estimates.
        kink: where the one-sided derivatives differ.
        known: where there is an estimate at all.
    """

    value: ndarray
    low: ndarray
    high: ndarray
    error: ndarray
    kink: ndarray
    known: ndarray

    def vague(self, claim: ndarray) -> ndarray:
        """Return where fewer than two digits of a derivative are known, other than at a kink."""
        few = self.high - self.low > FEW_DIGITS * abs(claim)
        return few & (claim != 0) & self.known & ~self.kink

    def ends(self, i: int, per: float) -> tuple[float, float]:
        """Return the smallest and largest derivative of result `i`, times `per`."""
        ends = np.array([self.low[i], self.high[i]]) * per
        size = abs(ends).max()
        if np.isfinite(size):
            ends = size * np.round(ends / size, 9) + 0.0  # without their errors, and without -0
        return float(ends[0]), float(ends[1])


@dataclass
class Samples:
    """How much results change along a line, at steps that halve, on both sides."""

    steps: ndarray
    ahead: ndarray
    behind: ndarray


def sampled(change: Change, dtype: Any = np.float64, reach: float = 1.0) -> Samples:
    """Return the changes at steps from a quarter of the reach down to the last digit."""
    steps = 0.5 ** np.arange(2 - np.log2(reach), HALVINGS[np.dtype(dtype)])
    ahead, behind = (np.stack([change(s * t) for t in steps]) for s in (1.0, -1.0))
    return Samples(steps, ahead, behind)


def quick(change: Change, noise: ndarray, dtype: Any = np.float64) -> Slopes:
    """Return the derivatives along a line from five values; those not `known` need more values.

    Central differences are extrapolated once (Richardson, 1911). At a kink the second difference
    divided by t does not fall with t; on stairs a much smaller step has another slope.
    """
    t = 2.0**-8 if np.finfo(dtype).eps < 1e-10 else 2.0**-5
    far, near = (change(t), change(-t)), (change(t / 2), change(-t / 2))
    c = (far[0] - far[1]) / (2 * t)
    d = (near[0] - near[1]) / t
    value = (4 * d - c) / 3
    bend, bend_near = abs(far[0] + far[1]) / t, abs(near[0] + near[1]) / (t / 2)
    smooth = (bend_near <= 0.75 * bend) | (bend_near <= 1e-9 * abs(value))
    closer = t * t / 2**10
    off = abs(change(closer) / closer - value)
    smooth &= off <= 1e-3 * (abs(value) + bend) + 8 * noise / closer
    blur = 4 * noise / t
    error = np.where(blur <= NOISY * abs(value), blur, 0.0) if t < 2.0**-5 else 0.0
    error = np.maximum(error, QUICK * abs(value))
    known = smooth & np.isfinite(value)
    return Slopes(value, value - error, value + error, error, ~known, known)


def slopes(samples: Samples, noise: ndarray, eps: float = EPS) -> Slopes:
    """Return the derivatives along a line, from central and one-sided differences.

    They are extrapolated to the limit (Ridders, "Accurate computation of F'(x) and F'(x)F''(x)",
    1982). The smallest steps above the noise decide on which side of a kink the point is, and
    larger steps that agree with them add digits.

    Args:
        samples: the changes.
        noise: how far rounding may move each result, at least.
        eps: the eps of the function's arithmetic.
    """
    ahead, behind, column = samples.ahead, samples.behind, samples.steps[:, None]
    unit = quantum(np.concatenate([ahead, behind]))
    noise = np.where(unit <= max(STEP, 1e3 * eps) / eps * noise, np.maximum(noise, unit), noise)
    with silence():
        both = limit((ahead - behind) / (2 * column), column, 2, noise)
        right = one_sided(np.diff(ahead, axis=0) / np.diff(column, axis=0), column[1:], noise)
        left = one_sided(np.diff(behind, axis=0) / -np.diff(column, axis=0), column[1:], noise)
    return on_stairs(samples, noise, combined(both, left, right))


def on_stairs(samples: Samples, noise: ndarray, found: Slopes) -> Slopes:
    """Return the slopes, 0 where nothing at all changes nearby, whatever larger steps say."""
    still = np.cumprod(((samples.ahead == 0) & (samples.behind == 0))[::-1], axis=0).sum(axis=0)
    widest = samples.steps[-np.maximum(still, 1)]
    error = 2 * noise / widest
    flat = (still >= FLAT) & (abs(found.value) > SAFETY * (error + found.error))
    return Slopes(
        value=np.where(flat, 0.0, found.value),
        low=np.where(flat, -SAFETY * error, found.low),
        high=np.where(flat, SAFETY * error, found.high),
        error=np.where(flat, error, found.error),
        kink=found.kink & ~flat,
        known=found.known | flat,
    )


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


def one_sided(quotients: ndarray, steps: ndarray, noise: ndarray) -> tuple[ndarray, ndarray]:
    """Return the limits of the quotients of one side, infinite where they keep growing."""
    value, error = limit(quotients, steps, 1, noise)
    last = quotients[-DEEP::4]
    before, after = abs(last[:-1]), abs(last[1:])
    grow = (after > 1.1 * before) & (after < JUMP * before) & (last[1:] * last[:-1] > 0)
    infinite = grow.all(axis=0) & (len(quotients) > DEEP)
    return np.where(infinite, np.inf * last[-1], value), np.where(infinite, 0.0, error)


def limit(
    quotients: ndarray, steps: ndarray, power: int, noise: ndarray
) -> tuple[ndarray, ndarray]:
    """Return (limits, errors) of difference quotients as the steps go to zero.

    Args:
        quotients: (steps, results); their error is a series in powers of step**power.
        steps: (steps, 1), each half of the one before.
        power: see `quotients`.
        noise: (results,), the noise of the values behind the quotients.
    """
    drift = abs(np.diff(quotients, axis=0))
    drift = np.where(np.isfinite(drift), drift, np.inf)
    # At steps a thousand times smaller, what changes is rounding, not the function.
    seen = np.maximum.accumulate((np.where(drift < np.inf, drift, 0.0) * steps[1:])[::-1])[::-1]
    last = max(len(seen) - 4, 0)
    later = [min(k + TAIL, last) for k in range(len(steps))]
    noise = np.maximum(noise, seen[later])
    values, errors = [], []
    table = quotients
    for level in range(LEVELS):
        if level:
            factor = 2.0 ** (power * level)
            finer = (factor * table[1:] - table[:-1]) / (factor - 1)
            spread = abs(finer - table[1:])
            table = finer
        else:
            spread = np.vstack([drift, drift[-1:]])
        size = len(table) - 1
        spread = np.maximum(spread[:size], abs(np.diff(table, axis=0)))
        values.append(table[:size])
        errors.append(spread + 2 * noise[level : level + size] / steps[level : level + size])
    return chosen(values, errors)


def chosen(values: list[ndarray], errors: list[ndarray]) -> tuple[ndarray, ndarray]:
    """Return the most accurate estimates among those that agree with the smallest steps."""
    rows = np.concatenate([np.arange(len(v)) + level for level, v in enumerate(values)])
    order = np.argsort(-rows, kind="stable")
    v, e = np.concatenate(values)[order], np.concatenate(errors)[order]
    e = np.where(np.isfinite(e) & np.isfinite(v), e, np.inf)
    # If smaller steps disagree, something lies in between: a kink, an end of the domain.
    high = np.fmin.accumulate(np.where(e < np.inf, v + 3 * e, np.inf))
    low = np.fmax.accumulate(np.where(e < np.inf, v - 3 * e, -np.inf))
    e = np.where((v + 3 * e < low) | (v - 3 * e > high), np.inf, e)
    every = np.arange(v.shape[1])
    least = e.argmin(axis=0)
    size = abs(v[least, every])
    telling = e <= 1e-4 * np.maximum(abs(v), size)
    anchor = np.where(telling.any(axis=0), telling.argmax(axis=0), least)
    near = abs(v - v[anchor, every]) <= 3 * (e + e[anchor, every])
    pick = np.where(near, e, np.inf).argmin(axis=0)
    return v[pick, every], e[pick, every]


def combined(both: Any, left: Any, right: Any) -> Slopes:
    """Return the derivatives from central and one-sided differences together."""
    value, error = both
    sides, errors = np.stack([left[0], right[0]]), np.stack([left[1], right[1]])
    usable = np.isfinite(errors)
    low = np.where(usable, sides - SAFETY * errors, np.inf).min(axis=0)
    high = np.where(usable, sides + SAFETY * errors, -np.inf).max(axis=0)
    middle = sides.mean(axis=0)
    gap, slack = abs(sides[1] - sides[0]), SAFETY * errors.sum(axis=0)
    apart = usable.all(axis=0) & (gap > slack)
    # At a jump only the sides have slopes.
    central = usable.all(axis=0) & ~apart & (error <= errors.max(axis=0))
    central &= abs(value - middle) <= SAFETY * error + slack
    one = np.where(usable[0], sides[0], sides[1])
    two = np.where(usable.all(axis=0), middle, one)
    return Slopes(
        value=np.where(central, value, two),
        low=np.where(central, value - SAFETY * error, low),
        high=np.where(central, value + SAFETY * error, high),
        error=np.where(central, error, np.where(usable, errors, 0.0).max(axis=0)),
        kink=apart,
        known=usable.any(axis=0),
    )


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
