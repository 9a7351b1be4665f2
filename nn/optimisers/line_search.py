"""How far to go along a direction: a line search for the strong Wolfe conditions.

First a bracket is found that holds good points, then it is made smaller (Nocedal and Wright,
"Numerical optimization", 2006, algorithms 3.5 and 3.6, with the safeguards of Schmidt's minFunc,
2005, which PyTorch has too).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

ENOUGH = 1e-4  # the decrease of the loss that is enough, as a part of what its slope promises
FLAT = 0.9  # the slope that is flat enough, as a part of the first one


class Point(NamedTuple):
    """A place on the line: how far along, the loss, its slope along the line, its gradient."""

    t: float
    loss: float
    slope: float
    gradient: np.ndarray


def strong_wolfe(
    at: Callable[[float], Point], start: Point, t: float, length: float, shortest: float, tries: int
) -> Point:
    """Return a point where the loss is low enough and its slope flat enough, or the best found.

    Args:
        at: gives the point at some distance along the line.
        start: the point at 0, where the slope is negative.
        t: the first distance to try.
        length: the largest entry of the direction.
        shortest: how short a bracket, in the largest entry of the parameters, ends the search.
        tries: how many more points to ask for, after the first.
    """

    def high(point: Point) -> bool:
        return not point.loss <= start.loss + ENOUGH * point.t * start.slope

    def flat(point: Point) -> bool:
        return abs(point.slope) <= -FLAT * start.slope

    before, point = start, at(t)
    for tried in range(tries):
        if high(point) or (tried > 1 and point.loss >= before.loss):
            break
        if flat(point):
            return point
        if point.slope >= 0:
            break
        bounds = point.t + 0.01 * (point.t - before.t), 10 * point.t
        before, point = point, at(cubic_minimum(before, point, *bounds))
    else:
        ends = [start, point]
        return ends[lowest(ends)]

    ends, stuck = [before, point], False
    best = lowest(ends)
    for _ in range(tried, tries):
        left, right = sorted(end.t for end in ends)
        if (right - left) * length < shortest:
            break
        t = cubic_minimum(ends[0], ends[1], left, right)
        margin = 0.1 * (right - left)
        close = min(right - t, t - left) < margin
        if close and (stuck or not left < t < right):
            t = right - margin if abs(t - right) < abs(t - left) else left + margin
            close = False
        stuck = close
        point = at(t)
        if high(point) or point.loss >= ends[best].loss:
            ends[1 - best] = point
            best = lowest(ends)
            continue
        if flat(point):
            return point
        if point.slope * (ends[1 - best].t - ends[best].t) >= 0:
            ends[1 - best] = ends[best]
        ends[best] = point
    return ends[best]


def lowest(ends: list[Point]) -> int:
    """Return which of two points has the lower loss; the first of equal ones, and no NaN."""
    return min((0, 1), key=lambda i: (math.isnan(ends[i].loss), ends[i].loss))


def cubic_minimum(a: Point, b: Point, least: float, most: float) -> float:
    """Return where the cubic through two points and their slopes is lowest, within bounds.

    The middle of the bounds if it has no minimum.
    """
    a, b = sorted((a, b), key=lambda point: point.t)
    mean = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square = mean * mean - a.slope * b.slope
    if square >= 0:
        root = math.sqrt(square)
        below = b.slope - a.slope + 2 * root
        t = b.t - (b.t - a.t) * ((b.slope + root - mean) / below) if below else math.nan
        if math.isfinite(t):
            return min(max(t, least), most)
    return (least + most) / 2
