"""Differences: a derivative beside what moving the input a little does to the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.replay import Replay
from autograd.value import Value

ENTRIES = 20  # of an array that are moved one by one
STEPS = np.array([2.0**-9, 2.0**-16, 2.0**-22])  # by the size of the input; short ones near edges


@dataclass
class Differences:
    """Finite differences of a result and what the gradient says.

    Attributes:
        slopes, expected: of the shape of the input; of a large array one number, along a direction.
        agree: whether they are the same but for rounding and for what differences cannot see.
        direction: all entries were moved at once, along a random direction.
    """

    slopes: Any
    expected: Any
    agree: bool
    direction: bool

    @property
    def verdict(self) -> str:
        """✓, or what may be the matter."""
        if self.agree:
            return "✓"
        if not np.isfinite(self.slopes).all():
            return "✗ the result is not finite around here"
        return "✗ they do not agree: a kink, or a wrong rule"


def differences(y: Value, x: Value, gradient: Any) -> Differences:
    """Return finite differences of `y`, from its graph run again with `x` moved.

    Central differences with two steps, extrapolated once (Richardson, 1911); how far the two lie
    apart, and rounding, say how much they can be trusted.

    Args:
        y: a Value of one entry.
        x: what it depends on, of any shape.
        gradient: the derivative of `y` with respect to `x`, of its shape.

    Example:
        >>> x = Value(2.0)
        >>> found = differences(x**3, x, 12.0)
        >>> found.agree, round(float(found.slopes), 6)
        (True, 12.0)
    """
    again = Replay([y], [x])
    start = np.asarray(x._data)
    wide = np.result_type(start, np.float64)
    turned = start.dtype.kind == "c" and y.dtype.kind != "c"  # along the imaginary axis too
    directions = np.eye(start.size) if start.size <= ENTRIES else random_direction(start.size)
    if turned:
        directions = np.concatenate([directions, 1j * directions])
    expected = directions @ np.asarray(gradient).reshape(-1)
    expected = expected if y.dtype.kind == "c" else expected.real
    eps = np.finfo(y.dtype).eps

    def slopes(step: float) -> tuple[ndarray, ndarray]:
        """Return central differences and how large the numbers were that they are made of."""
        found, sizes = [], []
        for direction in directions:
            move = step * direction.reshape(start.shape)
            ahead, behind = (
                np.asarray(again([(start + sign * move).astype(wide)[()]])[0]).reshape(())
                for sign in (1, -1)
            )
            found.append((ahead - behind) / (2 * step))
            sizes.append(abs(ahead) + abs(behind))
        return np.array(found), np.array(sizes)

    with np.errstate(all="ignore"):
        for step in (abs(start).max(initial=0.0) or 1.0) * STEPS[: 3 if eps < 1e-10 else 1]:
            (far, sizes), (near, _) = slopes(step), slopes(step / 2)
            best = (4 * near - far) / 3
            doubt = 4 * abs(best - near) + 20 * eps * sizes / step
            doubt += max(1e-7, 50 * eps) * abs(expected)
            agree = bool((abs(best - expected) <= doubt).all())
            if agree:
                break
    if turned:
        best, expected = (x[: len(x) // 2] - 1j * x[len(x) // 2 :] for x in (best, expected))
    if start.size > ENTRIES:
        return Differences(best[0], expected[0], agree, True)
    best, expected = (x.reshape(start.shape)[()] for x in (best, expected))
    return Differences(best, expected, agree, False)


def random_direction(size: int) -> ndarray:
    """Return one direction of length 1, the same each time."""
    direction = np.random.default_rng(0).normal(size=(1, size))
    return direction / np.linalg.norm(direction)
