"""Derivatives from values alone, each with an error estimate: what gradients are held against.

A function is asked along a line: `change(t)` is an array of how much each result differs from
the one at t = 0, NaN where the function has none.  t = 1 is a step as large as the numbers are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

Change = Callable[[float], ndarray]

LEVELS = 5  # of extrapolation
TAIL = 10  # halvings
HALVINGS = {np.dtype(np.float64): 44, np.dtype(np.float32): 17, np.dtype(np.float16): 8}
QUICK = 1e-9  # relative difference at which four values are evidence enough
NOISY = 1e-6  # the same where rounding leaves them fewer digits
SAFETY = 5.0  # estimates of errors are estimates


@dataclass
class Slopes:
    """The derivatives of several results along a line.

    Attributes:
        value: the best estimates.
        low, high: where right derivatives lie, the errors included.
        error: the estimated errors.
        kink: where the derivatives from the two sides differ.
        known: where there is an estimate at all.
    """

    value: ndarray
    low: ndarray
    high: ndarray
    error: ndarray
    kink: ndarray
    known: ndarray


def quick(change: Change, dtype: Any = np.float64) -> tuple[ndarray, ndarray]:
    """Return (derivatives, whether they look smooth) from four values.

    One extrapolation of central differences (Richardson, 1911).  At a kink the second difference
    over t does not fall with t.
    """
    t = 2.0**-10 if np.finfo(dtype).eps < 1e-10 else 2.0**-5
    far, near = (change(t), change(-t)), (change(t / 2), change(-t / 2))
    c = (far[0] - far[1]) / (2 * t)
    d = (near[0] - near[1]) / t
    value = (4 * d - c) / 3
    bend, bend_near = abs(far[0] + far[1]) / t, abs(near[0] + near[1]) / (t / 2)
    smooth = (bend_near <= 0.75 * bend) | (bend_near <= 1e-9 * abs(value))
    return value, smooth & np.isfinite(value)


def slopes(change: Change, noise: ndarray, dtype: Any = np.float64) -> Slopes:
    """Return the derivatives along a line, from both sides and from each.

    Central and one-sided differences over steps from a quarter of the scale down to the last
    digits, extrapolated to the limit (Ridders, "Accurate computation of F'(x) and F'(x)F''(x)",
    1982).  The smallest steps that say anything decide on which side of a kink the point is, and
    larger steps that agree with them add digits.

    Args:
        change: see above.
        noise: how far rounding may move each result, at least.
        dtype: what the function computes in.
    """
    steps = 0.5 ** np.arange(2, HALVINGS[np.dtype(dtype)])
    ahead, behind = (np.stack([change(s * t) for t in steps]) for s in (1.0, -1.0))
    column = steps[:, None]
    noise = np.maximum(noise, quantum(np.concatenate([ahead, behind])))
    with np.errstate(all="ignore"):
        both = limit((ahead - behind) / (2 * column), column, 2, noise)
        right = limit(np.diff(ahead, axis=0) / np.diff(column, axis=0), column[1:], 1, noise)
        left = limit(np.diff(behind, axis=0) / -np.diff(column, axis=0), column[1:], 1, noise)
    return combined(both, left, right)


def quantum(changes: ndarray) -> ndarray:
    """Return the unit of results that are whole multiples of one, 0 where they are of none.

    So it is where a large number was subtracted: below some step nothing changes any more.
    """
    size = abs(np.where(np.isfinite(changes), changes, 0.0))
    least = np.where(size > 0, size, np.inf).min(axis=0)
    with np.errstate(all="ignore"):
        multiples = np.where(size < 1000 * least, size / least, 0.0)
    # The least that was seen may be a few units.
    whole = (abs(8 * multiples - np.rint(8 * multiples)) < 1e-3).all(axis=0)
    whole |= least < 1e-9 * size.max(axis=0)
    whole &= multiples.max(axis=0) >= 3
    return np.where(whole & (size == 0).any(axis=0) & np.isfinite(least), least, 0.0)


def limit(
    quotients: ndarray, steps: ndarray, power: int, noise: ndarray
) -> tuple[ndarray, ndarray]:
    """Return (limits, errors) of difference quotients as the steps go to zero.

    Args:
        quotients: (steps, results), their error a series in powers of step**power.
        steps: (steps, 1), each half of the one before.
        power: see above.
        noise: (results,) of the values that the quotients are made of.
    """
    drift = abs(np.diff(quotients, axis=0))
    drift = np.where(np.isfinite(drift), drift, np.inf)
    # Steps a thousand times smaller show rounding, not the function.
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
    """Return the estimates with the least error of those that agree with the smallest steps."""
    rows = np.concatenate([np.arange(len(v)) + level for level, v in enumerate(values)])
    order = np.argsort(-rows, kind="stable")
    v, e = np.concatenate(values)[order], np.concatenate(errors)[order]
    e = np.where(np.isfinite(e) & np.isfinite(v), e, np.inf)
    every = np.arange(v.shape[1])
    least = e.argmin(axis=0)
    size = abs(v[least, every])
    telling = e <= 1e-4 * np.maximum(abs(v), size)
    anchor = np.where(telling.any(axis=0), telling.argmax(axis=0), least)
    near = abs(v - v[anchor, every]) <= 3 * (e + e[anchor, every])
    pick = np.where(near, e, np.inf).argmin(axis=0)
    return v[pick, every], e[pick, every]


def combined(both: Any, left: Any, right: Any) -> Slopes:
    """Return what central differences and those of each side say together."""
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


def remainder_slope(change: Change, slope: ndarray) -> float:
    """Return the power of t with which change(t) − slope · t falls: 2 for a right derivative.

    It is 1 for a wrong one (Taylor's theorem); NaN where nothing is left over.
    """
    ts = 2.0 ** -np.arange(6, 14)
    rest = np.array([np.nansum(abs(change(t) - slope * t)) for t in ts])
    if not np.all(np.isfinite(rest) & (rest > 0)):
        return float("nan")
    return float(np.polyfit(np.log(ts), np.log(rest), 1)[0])


def diverges(change: Change, i: int, sign: float) -> bool:
    """Whether the difference quotients of result `i` grow towards sign · infinity as t → 0."""
    for side in (1.0, -1.0):
        ts = side * 2.0 ** -np.arange(4, 36, 4)
        quotients = np.array([sign * float(change(t)[i]) / t for t in ts])
        if np.all(quotients[1:] > 1.1 * quotients[:-1]) and quotients[0] > 0:
            return True
    return False


def near(claim: ndarray, truth: ndarray, noise: ndarray, dtype: Any) -> ndarray:
    """Whether derivatives agree with those of `quick` well enough to look no further."""
    off, blur = abs(claim - truth), 8 * noise * 2.0**10
    agree = off <= QUICK * abs(truth)
    return agree | ((off <= blur) & (blur <= NOISY * abs(truth)) & (dtype == np.float64))
