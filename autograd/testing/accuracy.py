"""Accuracy: functions that are themselves numerical, such as solvers, and how exact they are.

A solver's result jumps where it takes one step more, and is smooth but slightly off in between. At
steps that are small next to its tolerance, differences see that, and not the function it stands
for; so here polynomials are fitted at larger ones, and what they leave over is the noise. A
derivative is right up to the accuracy that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy import ndarray

from autograd.testing.line import Line
from autograd.testing.numbers import Slopes, combined
from autograd.testing.samples import Change
from autograd.testing.verdict import Verdict

SHARE = 0.1  # of the largest derivative, which a small one may be off by, times the accuracy
POINTS = 12  # on each side, to fit a polynomial to
DEGREE = 6  # of that polynomial
WIDTHS = 6  # of intervals, each a quarter of the one before


def looks(line: Line, accuracy: float) -> Iterator[Slopes]:
    """Yield the derivatives along a line from more and more values.

    Args:
        line: the values.
        accuracy: the relative accuracy of the function, 0 for one that only rounding limits.
    """
    every = line.looks()
    if accuracy:
        yield next(every)
        yield (found := fitted(line.change, line.reach, accuracy))
        if found.known.all():
            return
    yield from every


def fitted(change: Change, reach: float, accuracy: float) -> Slopes:
    """Return the derivatives along a line, from polynomials that are fitted to many values.

    Args:
        change: how much the results change at a step.
        reach: the largest step, times 4.
        accuracy: intervals much smaller than this part of the reach are left out.
    """
    nodes = np.sin(np.pi / 2 * np.linspace(0, 1, POINTS + 1)[1:])
    widths = [width for width in 4.0 ** -np.arange(1, WIDTHS + 1) if width > accuracy / 4]
    found = []
    for width in np.array(widths) * reach:
        ahead, behind = (np.stack([change(s * width * t) for t in nodes]) for s in (1, -1))
        here = np.zeros_like(ahead[:1])
        ts = np.concatenate([-nodes[::-1], [0.0], nodes])
        whole = np.concatenate([behind[::-1], here, ahead])
        half = slice(POINTS, None), slice(None, POINTS + 1)
        sides = [(ts, whole), (ts[half[1]], whole[half[1]]), (ts[half[0]], whole[half[0]])]
        found.append([slope_at_0(t, values, width) for t, values in sides])
    both, left, right = (best([sides[i] for sides in found]) for i in range(3))
    return combined(both, left, right)


def slope_at_0(ts: ndarray, values: ndarray, width: float) -> tuple[ndarray, ndarray]:
    """Return (slopes at 0, errors) of the polynomials that fit values best.

    Args:
        ts: the points, as parts of the width.
        values: (points, results).
        width: the unit of the points.
    """
    usable = np.isfinite(values).all(axis=0)
    values = np.where(usable, values, 0.0)
    slopes = []
    for degree in (DEGREE, DEGREE - 2):
        powers = np.vander(ts, degree + 1, increasing=True)
        inverse = np.linalg.pinv(powers)
        slopes.append(inverse[1] @ values)
        if degree == DEGREE:
            left_over = values - powers @ (inverse @ values)
            noise = np.sqrt((left_over**2).sum(axis=0) / (len(ts) - degree - 1))
            errors = noise * np.linalg.norm(inverse[1])
    errors = errors + abs(slopes[0] - slopes[1])
    return slopes[0] / width, np.where(usable, errors / width, np.inf)


def best(found: Sequence[tuple[ndarray, ndarray]]) -> tuple[ndarray, ndarray]:
    """Return for each result the slope with the smallest error."""
    slopes, errors = (np.stack(each) for each in zip(*found, strict=True))
    pick, every = errors.argmin(axis=0), np.arange(errors.shape[1])
    return slopes[pick, every], errors[pick, every]


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
