"""Kinks at several entries at once: what lies between the slopes of each alone may still be wrong.

The gradient (1, 1) of max(x, y) at a tie is: the derivative along (1, 1) is 1, not 2.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.line import Line
from autograd.testing.moves import DIRECTIONS
from autograd.testing.report import GradientError, between, shown

CLEAR = 1e-3  # of the derivatives: so far outside is no rounding


def check_together(
    check: Any, mode: str, numbers: list[Any], names: list[str], size: ndarray, claimed: Any
) -> None:
    """Check the derivatives in directions that move several entries with kinks at once.

    A derivative must lie between the one-sided ones along every line.  It need not where the
    function bends up along some and down along others, such as max(x, y) - max(x, z): there a
    gradient that is right for each part may be none of the sum (F. Clarke, "Optimization and
    nonsmooth analysis", 1983).

    Args:
        check: a Check that has compared each move alone.
        mode, numbers, names, size, claimed: see `Check.compare`.

    Raises:
        GradientError: one lies outside.
    """
    bent = [
        (check.moves[move], line.seen[-1].bend)
        for move, line in check.lines.items()
        if len(line.seen) > 1 and line.seen[-1].kink.any()
    ]
    if len(bent) < 2:
        return
    bends = np.array([bend for _, bend in bent])
    for i in range(DIRECTIONS):
        factors = check.rng.choice([-1.0, -0.75, 0.75, 1.0], len(bent)) if i else np.ones(len(bent))
        steps: dict[int, ndarray] = {}
        for ((k, step, *_), _), factor in zip(bent, factors, strict=True):
            steps[k] = steps.get(k, 0.0) + factor * step
        claim = sum(claimed(k, step) for k, step in steps.items())
        scale = max(abs(step).max() for step in steps.values())
        traced = partial(check.claims.noise, numbers)
        line = Line(check.claims.change(numbers, steps), size, scale, traced, check.dtype)
        for found in line.looks():
            every = np.vstack([bends, np.where(found.known, found.bend, 0.0)])
            one_way = (every >= 0).all(axis=0) | (every <= 0).all(axis=0)
            beyond = np.maximum(found.low - claim, claim - found.high)
            wrong = one_way & found.known & (beyond > CLEAR * (abs(claim) + abs(bends).sum(axis=0)))
            if found.known.all() and not wrong.any():
                break
        if wrong.any():
            worst = int(np.where(wrong, beyond, -1.0).argmax())
            moved = [check.problem.names[k] + where for (k, _, where, _), _ in bent]
            per = bent[0][0][3]
            raise GradientError(
                f"the gradient of {check.report.name} is wrong at {shown(check.problem.numbers)}\n"
                f"{mode} mode, order 1: the derivative of {names[worst]} by "
                f"{', '.join(moved):.80} together:\n"
                f"  found     {claim[worst] * per:.12g}\n"
                f"  expected  {between(found.low[worst] * per, found.high[worst] * per)}\n"
                "  each alone is possible; is what tied entries share given to each in full?"
            )
