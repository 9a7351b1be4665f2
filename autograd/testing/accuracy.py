"""Accuracy: functions that are themselves numerical, such as solvers, and how exact they are.

A solver's result jumps where it takes one step more, and is smooth but slightly off in between. At
steps that are small next to its tolerance, differences see that, and not the function it stands
for; so larger steps count here, and a derivative is right up to the accuracy that was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy import ndarray

from autograd.testing.numbers import Samples, Slopes, slopes
from autograd.testing.verdict import Verdict

SHARE = 0.1  # of the largest derivative, which a small one may be off by, times the accuracy


def from_large_steps(samples: Samples, noise: ndarray, accuracy: float) -> Slopes:
    """Return the derivatives along a line, from steps at which more changes than a solver's error.

    Args:
        samples: the changes.
        noise: how far rounding may move each result.
        accuracy: the relative accuracy of the results.
    """
    large = samples.steps >= accuracy * samples.steps[0]
    return slopes(Samples(samples.steps[large], samples.ahead[large], samples.behind[large]), noise)


def relative(claim: ndarray, found: Slopes, largest: ndarray) -> ndarray:
    """Return the relative errors of derivatives, as far as finite differences can tell.

    Args:
        claim: the derivatives along a move.
        found: the finite differences.
        largest: for each result, the largest derivative of its array along any move.
    """
    off = np.maximum(np.maximum(found.low - claim, claim - found.high), 0.0)
    return shares(off, found, largest)


def achieved(verdicts: Sequence[Verdict], largest: ndarray) -> float:
    """Return the largest relative error of derivatives, that of finite differences included."""
    errors = [
        shares(abs(verdict.claim - verdict.found.value), verdict.found, largest)[told]
        for verdict in verdicts
        for told in [verdict.found.known & ~verdict.found.kink & np.isfinite(verdict.claim)]
    ]
    return float(np.concatenate(errors).max(initial=0.0)) if errors else 0.0


def shares(off: ndarray, found: Slopes, largest: ndarray) -> ndarray:
    """Return errors as shares of the derivatives, and of a tenth of the largest of their array."""
    size = np.where(np.isfinite(found.value), abs(found.value), 0.0) + SHARE * largest
    return np.divide(off, size, out=np.where(off > 0, np.inf, 0.0), where=size > 0)


def largest_along(derivatives: Sequence[ndarray], groups: ndarray) -> ndarray:
    """Return for each result the largest derivative of its array.

    Args:
        derivatives: (moves, results).
        groups: a number for each result, equal for results of one array.
    """
    every = np.reshape(derivatives, (len(derivatives), len(groups)))
    size = np.where(np.isfinite(every), abs(every), 0.0).max(axis=0, initial=0.0)
    largest = np.zeros(groups.max(initial=-1) + 1)
    np.maximum.at(largest, groups, size)
    return largest[groups]
