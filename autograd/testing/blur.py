"""Blur: how far rounding inside a function moves its derivatives, whoever computes them.

It is the function's own: a derivative that loses more digits than these is wrong. Differences
already know the noise of the values along their own line; here is what shows only elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.claims import Claims
from autograd.testing.line import Line, allowed
from autograd.testing.moves import scales
from autograd.testing.numbers import FEW_DIGITS, Slopes, slopes
from autograd.testing.problem import from_reals, reals
from autograd.testing.samples import Change, sampled

ULPS = 16  # since an op may round by several units
LOW = 64  # units by which a gradient may be off in low precision
LOOKS = 3  # of points in the last digits
DIGITS = 4  # units by which the numbers move there
SPREAD = 4  # since the slopes there are a few of many


def in_the_graph(claims: Claims, numbers: Sequence[Any], move: Any, off: ndarray) -> ndarray:
    """Return which derivatives rounding in the graph of the function may have moved so far.

    Args:
        claims, numbers: the function and the point.
        move: (number, step, ...).
        off: how far the derivatives are off, in units of eps; NaN for those not to look at.
    """
    k, step, *_ = move
    right = np.zeros(off.shape, bool)
    for i in np.flatnonzero(np.isfinite(off)):
        right[i] = off[i] <= ULPS * claims.conditioning(numbers, k, step, int(i))
    return right


def in_the_last_digits(
    claims: Claims, numbers: Sequence[Any], move: Any, line: Line, found: Slopes
) -> ndarray:
    """Return how far the derivatives move when the numbers move in their last digits.

    An ill-conditioned problem is solved exactly for numbers that are a few units off (J. Wilkinson,
    "Rounding errors in algebraic processes", 1963). It is 0 where they jump: that is a kink.
    """
    k, step, *_ = move
    rng, vector = np.random.default_rng(0), reals(numbers)
    spread = np.zeros(found.value.shape)
    for _ in range(LOOKS):
        beside = vector * (1 + DIGITS * line.eps * rng.choice([-1.0, 1.0], vector.size))
        change = from_zero(claims.change(from_reals(beside, numbers), k, step))
        there = slopes(sampled(change, line.dtype, line.reach), *line.worst)
        usable = there.known & ~there.kink & ~found.kink & np.isfinite(there.value)
        spread = np.maximum(spread, np.where(usable, abs(there.value - found.value), np.inf))
    size = np.maximum(abs(found.value), line.largest / 100)
    told = np.isfinite(found.value) & (spread <= FEW_DIGITS * size)
    return np.where(told, SPREAD * spread, 0.0)


def from_zero(change: Change) -> Change:
    """Return a change counted from where it starts."""
    start = change(0.0)
    return lambda t: change(t) - start


def along_all(claims: Claims, numbers: Sequence[Any], line: Line, rng: np.random.Generator) -> Line:
    """Return a line like another, along which all numbers move at once.

    What is flat along one number may show how coarsely it is rounded along others.
    """
    vector = reals(numbers)
    step = (
        scales(vector) * rng.uniform(0.5, 1.0, vector.size) * rng.choice([-1.0, 1.0], vector.size)
    )

    def change(t: float) -> ndarray:
        return claims.change_to(from_reals(vector + t * step, numbers))

    return Line(change, line.size, abs(step).max(initial=0.0), line.traced, line.dtype)


def with_noise(line: Line, noise: ndarray) -> Slopes:
    """Return the derivatives along a line if its results are rounded at least so much."""
    own, eps, largest = line.worst
    return slopes(line.samples, np.maximum(own, noise), eps, largest)


def in_double(
    claims: Claims,
    numbers: Sequence[Any],
    move: Any,
    claim: ndarray,
    found: Slopes,
    eps: float,
    tiny: float,
    groups: ndarray,
) -> ndarray:
    """Return which derivatives of a handwritten gradient are right up to its low precision.

    They must be right in double precision, and in their own precision be off by no more than
    the rounding of numbers of size 1, such as 1 in p - 1, or of the largest of them.

    Args:
        claims, numbers, move: see `in_the_graph`.
        claim, found: the derivatives, and the finite differences.
        eps: the eps of the precision the gradient is called in.
        tiny, groups: see `allowed`.
    """
    k, step, _, per = move
    double = claims.in_double(numbers, k, step)
    size = max(1.0, abs(double).max(initial=0.0) * per)
    near = abs(claim - double) * per <= LOW * eps * size
    return near & allowed(found, double, float(np.finfo(float).eps), tiny, groups)
