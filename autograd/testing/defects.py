"""What may be wrong with a function besides its derivatives, and with those in low precision."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from autograd.testing.claims import Claims
from autograd.testing.problem import OUTSIDE, Problem, from_reals, own, reals
from autograd.testing.report import GradientError, OutsideDomainError, shown
from autograd.transforms.trace import name_of

PROBES = 8  # points that show which numbers a function gives
LAST_BITS = 3  # of the digits of float32


def run_twice(problem: Problem, numbers: Sequence[Any], order: int) -> list[Any]:
    """Return the results, having seen that they are finite and the same again."""
    given = problem.arguments([own(x) for x in numbers])
    what = name_of(problem.f)
    try:
        first = problem.results(given)
    except OUTSIDE as error:
        raise OutsideDomainError(
            f"{what} is not defined at {shown(numbers)}, it raises {type(error).__name__}: "
            f"{error}; check it at a point inside its domain"
        ) from error
    if name := problem.changed(given):
        raise GradientError(f"{what} modifies its input {name} in place; let it copy first")
    values = reals(first)
    if not np.all(np.isfinite(values)):
        if order > 1:  # the first order has been checked: here is an infinite slope
            return []
        raise OutsideDomainError(
            f"{what} is not finite at {shown(numbers)}: its result is {shown(first)}; check it "
            "at a point inside its domain"
        )
    second = problem(*map(own, numbers))
    again = reals(second)
    if values.shape != again.shape or not np.allclose(values, again, 1e-12, 0.0):
        raise GradientError(
            f"{what} gives different results when called twice with the same arguments, "
            f"{shown(first)} and {shown(second)}; fix its random numbers"
        )
    return first


def in_float32(problem: Problem, numbers: Sequence[Any]) -> bool:
    """Whether a function computes in float32, whatever dtype its results have.

    Then they are numbers of float32 at all points, and not only because they have few digits, as
    whole numbers have, stairs, or what is left when numbers of float64 cancel.
    """
    rng, vector, full = np.random.default_rng(0), reals(numbers), False
    for reach in np.linspace(0.0, 0.5, PROBES):
        there = from_reals(vector * (1 + rng.uniform(-reach, reach, vector.size)), numbers)
        with suppress(Exception):  # it may not be defined there
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
    """Hold derivatives in the arguments' own dtype against those in the greatest precision.

    They are not comparable where the function itself takes another way, as np.partition may, whose
    order within a part depends on the dtype.
    """
    narrow = claims.derivatives(mode, numbers)
    eps = 64 * float(np.finfo(dtype).eps)
    start, size = reals(claims.problem(*map(own, numbers))), abs(claims.start)
    if not np.all(abs(start - claims.start) <= eps * (size + size.max(initial=0.0))):
        return
    for k, step, where, _ in moves:
        step = step / abs(step).max()  # a longer one may overflow, a shorter one underflow
        found, expected = narrow(k, step), wide(k, step)
        off, size = abs(found - expected), abs(expected)
        bound = eps * (size + size.max(initial=0.0)) + float(np.finfo(dtype).tiny)
        within = abs(expected) < np.finfo(dtype).max / 2  # others are infinite, rightly
        for i in np.flatnonzero(~(off <= bound) & within):
            if not off[i] <= eps / 8 * claims.rounding(numbers, k, step, int(i)):
                raise GradientError(
                    f"the gradient of {name_of(claims.problem.f)} is wrong in {dtype}: with "
                    f"respect to {claims.problem.names[k]}{where} it is {found[i]:.7g}, in "
                    f"float64 {expected[i]:.7g}"
                )
