"""Defects other than wrong derivatives: of the function itself, and in low precision."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from autograd.testing.claims import Claims
from autograd.testing.moves import scales
from autograd.testing.problem import OUTSIDE, Problem, from_reals, own, reals
from autograd.testing.report import GradientError, OutsideDomainError, shown
from autograd.transforms.trace import name_of

REACHES = (0.0, *2.0 ** np.arange(-4, 7))  # how far away to look
LAST_BITS = 3  # mask for the last bits of a float32


def run_twice(problem: Problem, numbers: Sequence[Any], order: int) -> list[Any]:
    """Return the results, after checking that they are finite and the same the second time."""
    given = problem.arguments([own(x) for x in numbers])
    what = name_of(problem.f)
    try:
        first = problem.results(given)
    except OUTSIDE as error:
        raise OutsideDomainError(
            f"{what} is not defined at {shown(problem.here)}: it raises {type(error).__name__}: "
            f"{error}; check it at a point inside its domain"
        ) from error
    if name := problem.changed(given):
        raise GradientError(f"{what} modifies its input {name} in place; let it copy first")
    values = reals(first)
    if not np.all(np.isfinite(values)):
        if order > 1:  # lower orders were right: this is an infinite slope
            return []
        raise OutsideDomainError(
            f"{what} is not finite at {shown(problem.here)}: its result is {shown(first)}; check "
            "it at a point inside its domain"
        )
    if order > 1 and has_no_slope(problem, numbers):
        return []
    second = problem(*map(own, numbers))
    again = reals(second)
    if values.shape != again.shape or not np.allclose(
        values, again, max(1e-12, problem.accuracy), 0.0
    ):
        raise GradientError(
            f"{what} gives different results when called twice with the same arguments, "
            f"{shown(first)} and {shown(second)}; fix its random numbers"
        )
    return first


def has_no_slope(problem: Problem, numbers: Sequence[Any]) -> bool:
    """Whether a gradient is NaN where it is to be differentiated again.

    So it is where 0 meets an infinite slope, as in x √x at 0: what is 0 may move.
    """
    try:
        _, results = problem.pullback(numbers)
    except Exception:
        return False  # the check itself will say what is wrong
    return bool(np.any(np.isnan(reals(results))))


def in_float32(problem: Problem, numbers: Sequence[Any]) -> bool:
    """Whether a function computes in float32, whatever the dtype of its results.

    If so, its results are float32 numbers at all points, and some need all their bits. Whole
    numbers, steps of a staircase or what is left after a cancellation have few digits; what is left
    of larger numbers, farther away, has more.
    """
    rng, vector, full = np.random.default_rng(0), reals(numbers), False
    size = np.maximum(abs(vector), 1.0)
    for reach in REACHES:
        there = from_reals(vector + size * rng.uniform(-reach, reach, vector.size), numbers)
        with suppress(Exception):  # the function may not be defined there
            values = reals(problem(*there))
            values = values[np.isfinite(values)]
            rounded = values.astype(np.float32)
            if not np.array_equal(values, rounded):
                return False
            full |= bool((rounded.view(np.int32) & LAST_BITS).any())
    return full


def same_in_low_precision(
    claims: Claims,
    moves: Sequence[Any],
    mode: str,
    numbers: Sequence[Any],
    wide: Any,
    dtype: np.dtype,
) -> None:
    """Compare derivatives in the dtype of the arguments with those in the highest precision.

    They cannot be compared if the function itself takes another branch, as np.partition may: the
    order within its parts depends on the dtype. Nor is there anything to compare where a derivative
    is no more than rounding in double precision, as where it is 0 by symmetry.
    """
    narrow = claims.derivatives(mode, numbers)
    eps = max(64 * float(np.finfo(dtype).eps), claims.problem.accuracy)
    start, size = reals(claims.problem(*map(own, numbers))), abs(claims.start)
    if not np.all(abs(start - claims.start) <= eps * (size + size.max(initial=0.0))):
        return
    least = float(np.finfo(float).eps) * size.max(initial=0.0)
    for k, step, where, _ in moves:
        step = step / abs(step).max()  # a longer one may overflow, a shorter one underflow
        found, expected = narrow(k, step), wide(k, step)
        off, size = abs(found - expected), abs(expected)
        bound = eps * (size + size.max(initial=0.0)) + float(np.finfo(dtype).tiny)
        bound = bound + least / scales(reals([numbers[k]])).max()
        within = abs(expected) < np.finfo(dtype).max / 2  # larger ones overflow, rightly
        for i in np.flatnonzero(~(off <= bound) & within):
            if not off[i] <= eps / 8 * claims.rounding(numbers, k, step, int(i)):
                raise GradientError(
                    f"the gradient of {name_of(claims.problem.f)} is wrong in {dtype}: with "
                    f"respect to {claims.problem.names[k]}{where} it is {found[i]:.7g}, but in "
                    f"float64 {expected[i]:.7g}"
                )
