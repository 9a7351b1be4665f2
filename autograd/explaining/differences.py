"""Differences: compare a derivative with finite differences, by running the graph again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.silence import silence
from autograd.engine.value import Value
from autograd.graphs.replay import Replay
from autograd.graphs.steps import rounding

ENTRIES = 20  # arrays of more are moved along one direction, not entry by entry
STEPS = np.array([2.0**-9, 2.0**-16, 2.0**-22])  # relative to the input; short ones near edges


@dataclass
class Differences:
    """Finite differences of a result, and the slopes expected from the gradient.

    Attributes:
        slopes, expected: both in the shape of the input; for a large array, one number along a
            direction.
        agree: whether they agree within the error of the differences.
        direction: whether all entries were moved at once, along a random direction.
        trouble: what may be wrong if they do not agree.
    """

    slopes: Any
    expected: Any
    agree: bool
    direction: bool
    trouble: str = ""

    @property
    def verdict(self) -> str:
        """✓, or what may be wrong."""
        return "✓" if self.agree else f"✗ {self.trouble}"


def differences(y: Value, x: Value, gradient: Any, noise: float | None = None) -> Differences:
    """Return finite differences of `y`, from running its graph again with `x` moved.

    These are central differences with two steps, extrapolated once (Richardson, 1911). The gap
    between the two, and rounding, give their error estimate. Central differences cannot see a kink
    between the two sides; there the slopes of the sides stay apart however short the step is.

    Args:
        y: a Value of one entry.
        x: a Value of any shape that it depends on, taken as it was when `y` was computed.
        gradient: the derivative of `y` with respect to `x`, in the shape of `x`.
        noise: see `rounding`; it is computed if left out.

    Raises:
        ValueError: the numbers of `x` were changed between two uses.

    Example:
        >>> x = Value(2.0)
        >>> found = differences(x**3, x, 12.0)
        >>> found.agree, round(float(found.slopes), 6)
        (True, 12.0)
    """
    again = Replay([y], [x])
    if again.changed:
        raise ValueError("its numbers were changed between two uses, so there is no one point")
    start = np.asarray(again.then[0])
    wide = np.result_type(start, np.float64)
    turned = start.dtype.kind == "c"  # along the imaginary axis too
    directions = np.eye(start.size) if start.size <= ENTRIES else random_direction(start.size)
    if turned:
        directions = np.concatenate([directions, 1j * directions])
    expected = (directions @ np.asarray(gradient).reshape(-1)).real
    noise = rounding(y) if noise is None else noise
    scale = abs(start).max(initial=0.0) or 1.0

    def at(moved: Any) -> Any:
        """Return the result for another `x`, or its real part if it is complex."""
        return np.asarray(again([moved.astype(wide)[()]])[0]).reshape(()).real

    def slopes(step: float) -> tuple[ndarray, ndarray, ndarray]:
        """Return central differences, the gaps between the slopes of both sides, and sizes."""
        moves = [step * direction.reshape(start.shape) for direction in directions]
        ahead, behind = (np.array([at(start + sign * move) for move in moves]) for sign in (1, -1))
        bends = abs((ahead - here) - (here - behind))
        return (ahead - behind) / (2 * step), bends / step, abs(ahead) + abs(behind)

    with silence():
        here = at(start)
        eps, ours = (
            np.finfo(here.dtype).eps,
            np.finfo(y.dtype).eps,
        )  # Replay runs in doubles
        for step in scale * STEPS[: 3 if eps < 1e-10 else 1]:
            (far, bent, sizes), (near, still_bent, _) = slopes(step), slopes(step / 2)
            best = (4 * near - far) / 3
            doubt = 4 * abs(best - near) + 20 * eps * (sizes + noise) / step
            doubt += max(1e-7, 50 * ours) * abs(expected) + 4 * ours * noise / scale
            kinks = (still_bent > 0.75 * bent) & (still_bent > 10 * doubt + 0.1 * abs(expected))
            agree = bool((np.isfinite(expected) & (abs(best - expected) <= doubt) & ~kinks).all())
            if agree:
                break
    trouble = "they do not agree: a kink, a jump, or a wrong rule"
    if not np.isfinite(best).all():
        trouble = "the result is not finite around here"
    elif (abs(best - expected) <= doubt).all():
        trouble = "a kink: the slopes of the two sides differ"
    elif (abs(expected * step) > 100 * sizes).any():
        trouble = "they do not agree: too steep for differences, or a wrong rule"
    if turned:
        best, expected = (x[: len(x) // 2] - 1j * x[len(x) // 2 :] for x in (best, expected))
    if start.size > ENTRIES:
        return Differences(best[0], expected[0], agree, True, trouble)
    best, expected = (x.reshape(start.shape)[()] for x in (best, expected))
    return Differences(best, expected, agree, False, trouble)


def random_direction(size: int) -> ndarray:
    """Return one direction of length 1, the same each time."""
    direction = np.random.default_rng(0).normal(size=(1, size))
    return direction / np.linalg.norm(direction)
