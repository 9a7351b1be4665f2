"""Finite differences with error estimates, to compare gradients with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.silence import silence
from autograd.testing.samples import FLAT, Change, Samples

EPS = float(np.finfo(float).eps)
LEVELS = 5  # of extrapolation
TAIL = 10  # halvings over which rounding is measured
QUICK = 1e-9  # relative difference at which four values are evidence enough
NOISY = 1e-6  # the same if rounding leaves fewer digits
STEP = 2e-7  # of the results: larger units are stairs, smaller ones may be rounding to float32
DEEP = 36  # halvings over which quotients grow towards an infinite slope
JUMP = 15.0  # factor by which they grow in four halvings at a jump, or from noise
FEW_DIGITS = 0.05  # relative error of a derivative with fewer than two known digits
FAR_STEPS = 2.0**-6  # of the largest step: what `from_afar` looks at
SMALL = 2.0**10  # times this a small number is 1
WORN = 16  # units by which a function's results may be off
NEARLY = 3  # widths of bounds that may miss a kink
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
        return few & ((claim != 0) | (abs(self.value) > self.error)) & self.known & ~self.kink

    def holds(self, claim: ndarray) -> ndarray:
        """Return which derivatives lie within the bounds."""
        return (claim >= self.low) & (claim <= self.high)

    def nearly_holds(self, claim: ndarray) -> ndarray:
        """Return which derivatives lie near the bounds, where these tell little."""
        return self.vague(claim) & (abs(claim - self.value) <= NEARLY * (self.high - self.low))

    def ends(self, i: int, per: float) -> tuple[float, float]:
        """Return the smallest and largest derivative of result `i`, times `per`."""
        ends = np.array([self.low[i], self.high[i]]) * per
        size = abs(ends).max()
        if np.isfinite(size):
            ends = size * np.round(ends / size, 9) + 0.0  # without their errors, and without -0
        return float(ends[0]), float(ends[1])


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


def slopes(
    samples: Samples, noise: ndarray, eps: float = EPS, largest: ndarray | None = None
) -> Slopes:
    """Return the derivatives along a line, from central and one-sided differences.

    They are extrapolated to the limit (Ridders, "Accurate computation of F'(x) and F'(x)F''(x)",
    1982). The smallest steps above the noise decide on which side of a kink the point is, and
    larger steps that agree with them add digits.

    Args:
        samples: the changes.
        noise: how far rounding may move each result, at least.
        eps: the eps of the function's arithmetic.
        largest: the size of the largest results along the line, where numbers as large may have
            been subtracted on the way to a small one; 0 for other results.
    """
    noise = with_unit(samples, noise, eps, largest)
    if largest is None:
        return on_stairs(samples, noise, combined(*limits(samples, noise)))
    found = combined(*limits(samples, np.maximum(noise, worn(samples, eps, largest))))
    return on_stairs(samples, np.maximum(noise, eps * largest), found)


def with_unit(
    samples: Samples, noise: ndarray, eps: float, largest: ndarray | None = None
) -> ndarray:
    """Return the noise, or the unit of results that are whole multiples of one by rounding."""
    size = noise / eps if largest is None else np.where(largest > 0, largest, noise / eps)
    return np.where(stairs(samples, size, eps), noise, np.maximum(noise, samples.unit))


def stairs(samples: Samples, size: ndarray, eps: float) -> ndarray:
    """Return which results of a size are multiples of too large a unit to come from rounding."""
    return samples.unit > max(STEP, 1e3 * eps) * size


def from_afar(samples: Samples, eps: float, largest: ndarray) -> Slopes:
    """Return the slopes from large steps alone, at small numbers; `known` where all agree.

    There, results may be wholly rounded though they are smooth at some distance.
    """
    far = samples.steps >= FAR_STEPS * samples.steps[0]
    samples = Samples(samples.steps[far], samples.ahead[far], samples.behind[far])
    both, left, right = limits(samples, worn(samples, eps, largest))
    found = combined(both, left, right)
    agree = (abs(both[0] - found.value) <= SAFETY * (both[1] + found.error)) & ~found.kink
    sure = found.high - found.low <= FEW_DIGITS * abs(found.value)
    small = samples.steps[0] >= SMALL
    return replace(found, known=found.known & agree & sure & small & (largest > 0))


def worn(samples: Samples, eps: float, largest: ndarray) -> ndarray:
    """Return how far rounding may move results of the size of the changes, (steps, results).

    Near a small number, what cancels may be as small as the step.
    """
    changes = abs(np.stack([samples.ahead, samples.behind]))
    sizes = np.where(np.isfinite(changes), changes, 0.0).max(axis=0)
    if samples.steps[0] >= SMALL:
        sizes = np.maximum(sizes, largest * samples.steps[:, None] / (4 * samples.steps[0]))
    return WORN * eps * sizes


def limits(samples: Samples, noise: ndarray) -> list[tuple[ndarray, ndarray]]:
    """Return (limits, errors) of the central quotients, those from the left, and from the right.

    Args:
        samples: the changes.
        noise: how far rounding moves each result, or (steps, results).
    """
    ahead, behind, column = samples.ahead, samples.behind, samples.steps[:, None]
    noise = np.broadcast_to(noise, ahead.shape)
    with silence():
        return [
            limit((ahead - behind) / (2 * column), column, 2, noise),
            one_sided(np.diff(behind, axis=0) / -np.diff(column, axis=0), column[1:], noise[1:]),
            one_sided(np.diff(ahead, axis=0) / np.diff(column, axis=0), column[1:], noise[1:]),
        ]


def on_stairs(samples: Samples, noise: ndarray, found: Slopes) -> Slopes:
    """Return the slopes, 0 where nothing at all changes nearby, whatever larger steps say."""
    still = samples.still
    widest = samples.steps[-np.maximum(still, 1)]
    error = 2 * noise / widest
    off = abs(found.value) > SAFETY * (error + found.error)
    flat = (still >= FLAT) & (off | (found.value == 0))
    return Slopes(
        value=np.where(flat, 0.0, found.value),
        low=np.where(flat, -SAFETY * error, found.low),
        high=np.where(flat, SAFETY * error, found.high),
        error=np.where(flat, error, found.error),
        kink=found.kink & ~flat,
        known=found.known | flat,
    )


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
        noise: (steps, results), the noise of the values behind the quotients.
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
            # Two quotients agree by chance where they have an extremum between them. So the next
            # difference counts, too, as far as it is no rounding.
            rounding = noise[:-1] / steps[:-1] + noise[1:] / steps[1:]
            after = np.vstack([(drift - rounding)[1:], drift[-1:]])
            spread = np.vstack([np.maximum(drift, after), drift[-1:]])
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
    # At a jump only the sides have slopes; and beyond a kink close by, central quotients agree on
    # another slope than that of either side.
    central = usable.all(axis=0) & ~apart & (error <= errors.max(axis=0))
    central &= (abs(value - sides) <= SAFETY * (error + errors)).all(axis=0)
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
