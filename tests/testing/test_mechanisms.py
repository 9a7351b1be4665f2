"""No part of the checker can be left out: without it a planted case is judged otherwise."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from autograd.testing import GradientError
from benchmarks.planted import RIGHT, WRONG
from benchmarks.planted.library import Ours

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("nobody_blamed")]


def nothing(*args):
    """Find no fault."""


def none_right(*args):
    """Excuse no derivative."""
    *_, claim, _ = args
    return np.zeros(claim.shape, bool)


def none_more(samples, claim, value, noise):
    return np.zeros(claim.shape, bool)


def squares(samples, claim, noise):
    """What is left over of a right derivative falls like t²."""
    return np.full(claim.shape, 2.0)


def no_noise(claims, numbers):
    return np.zeros(len(claims.weights))


PARTS = {  # of autograd.testing: what stands in its place, and what is judged wrongly then
    # another look
    "check.Check.elsewhere": (nothing, "a slope remembered from the first point"),
    "check.same_in_low_precision": (nothing, "sign in float32"),
    "checker.check_rules": (nothing, "a gradient overwritten, hidden by 1e9"),
    "rules.check_vjp": (nothing, "digits dropped, hidden by 1e9"),
    "claims.Claims.same_again": (nothing, "a rule that looks at the last call"),
    "claims.Claims.linear": (nothing, "of a positive sum alone"),
    "claims.GROWTH": ((-1.0, 2.0**10), "g cut when small"),
    "handwritten.Handwritten.fitting": (nothing, "a column"),
    "handwritten.Handwritten.taken": (lambda problem, y: y, "an array of another library"),
    # kinks
    "check.misfit": (nothing, "max at a tie, all of it to both"),
    "kinks.ALL": (2, "max of three, half to each"),
    "check.between_slopes": (none_right, "sort of equals"),
    "kinks.between_slopes": (none_right, "a network of relus with nothing to do"),
    "check.Check.leave_out_kinks": (nothing, "the square of a max at a tie"),
    "check.diverges": (lambda *args: False, "the root of |x| at 0"),
    "numbers.DEEP": (1000, "the root of |x| at 0, any number"),
    "line.remainder_powers": (squares, "the root at 0, a finite slope"),
    "line.leaves_more": (none_more, "a little more beside a jump"),
    # rounding
    "check.in_float32": (lambda *args: False, "a large number in float32, added and taken away"),
    "defects.REACHES": ((0.0,), "a large number in float32, added and taken away"),
    "defects.LAST_BITS": (-1, "a millionth on stairs"),
    "check.in_double": (
        lambda claims, numbers, move, claim, *_: 0 * claim > 0,
        "rounding where nothing can be traced",
    ),
    "claims.Claims.rounding": (lambda *args: 0.0, "float32, log-sum-exp"),
    "claims.Claims.noise": (no_noise, "the last digits of a hyperbolic sine"),
    "line.tabulated": (lambda change, size, *_: 0 * size, "a sine, less another at 1e8"),
    "noise.LIMIT": (np.inf, "straight through stairs of a millionth"),
    "line.TINY": (0.0, "slopes below the least number"),
    "line.EXACT": (0.0, "an iteration that stops early"),
    "check.SMALLER": (1.0, "math.exp near its end"),
}
CASES = {
    case.name: (case, right)
    for kinds, right in ((WRONG, False), (RIGHT, True))
    for cases in kinds.values()
    for case in cases(Ours())
}


def passes(case):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            Ours().check(replace(case, special=False))
        except (GradientError, TypeError):
            return False
    return True


@pytest.mark.parametrize("part", PARTS)
def test_without_it_a_planted_case_is_judged_otherwise(monkeypatch, part):
    instead, name = PARTS[part]
    case, right = CASES[name]
    assert passes(case) is right
    monkeypatch.setattr(f"autograd.testing.{part}", instead)
    assert passes(case) is not right
