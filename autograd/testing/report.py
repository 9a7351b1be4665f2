"""What a check of gradients says: a report, or an error that names what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy import ndarray


class GradientError(AssertionError):
    """A derivative is wrong; the message says which, where, and by how much."""


@dataclass
class Report:
    """What was checked and found right.

    Attributes:
        name: of the function.
        compared: how many derivatives were held against differences of values.
        lines: what was compared, one line for each order, mode and argument.
        kinks: points that are not differentiable, where a derivative between the two one-sided
            ones was accepted.
    """

    name: str
    compared: int = 0
    lines: list[str] = field(default_factory=list)
    kinks: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        head = f"gradients of {self.name} are right: {self.compared} derivatives compared"
        return "\n".join([head, *(f"  {line}" for line in self.lines + self.kinks)])


@dataclass
class Mismatch:
    """A derivative that is not what differences of values say.

    Attributes:
        argument: which number moved, as one writes it.
        where: the index of its entry, or the direction.
        result: the index of the result that changed.
        found, expected, error: the derivative, what differences say, and how far they may be off.
        claims, truths: all derivatives of that argument, for `slip`.
        shape: of the argument.
    """

    order: int
    mode: str
    argument: str
    where: str
    result: str
    found: float
    expected: float
    error: float
    power: float
    claims: ndarray
    truths: ndarray
    shape: tuple[int, ...]
    wrong: int

    def __str__(self) -> str:
        kind = {1: "derivative", 2: "second derivative"}.get(
            self.order, f"{self.order}th derivative"
        )
        lines = [
            f"{self.mode} mode, order {self.order}: the {kind} with respect to "
            f"{self.argument}{self.where}, of {self.result}:",
            f"  found     {self.found:.12g}",
            f"  expected  {self.expected:.12g} ± {self.error:.1g}, by differences of values",
            f"  {self.wrong} of {self.claims.size} derivatives of {self.argument} are wrong",
        ]
        if likely := slip(self.claims, self.truths, self.shape):
            lines.append(f"  it looks as if {likely}")
        if np.isfinite(self.power):
            lines.append(
                f"  what the derivative leaves over falls like t^{self.power:.2f}; "
                "with a right one it is t^2 or faster"
            )
        return "\n".join(lines)


def slip(found: ndarray, expected: ndarray, shape: tuple[int, ...]) -> str:
    """Return what may have gone wrong between two Jacobians (moves, results), or nothing."""

    def same(a: Any, b: Any) -> bool:
        return bool(np.allclose(a, b, rtol=1e-4, atol=1e-7 * (abs(expected).max() + 1e-300)))

    if not np.all(np.isfinite(found)):
        return "a number ran out of range, or something was divided by zero"
    if not found.any():
        return "the gradient is left out"
    size = abs(expected).max(initial=0.0)
    if 0 < size < np.inf:  # so that squares fit
        found, expected = found / size, expected / size
    if same(found, -expected):
        return "its sign is wrong"
    square = float((expected * expected).sum())
    factor = float((found * expected).sum()) / square if square else 0.0
    if factor and same(found, factor * expected):
        return f"a constant factor is wrong: it is {factor:.6g} times what it should be"
    if len(shape) == 2 and len(found) == shape[0] * shape[1]:
        turned = found.reshape(*shape, -1)
        if shape[0] == shape[1] and same(turned.swapaxes(0, 1).reshape(found.shape), expected):
            return "it is transposed"
    if len(expected) > 1 and found.shape == expected.shape:
        if same(found.sum(axis=0), expected.sum(axis=0)) or any(
            same(np.roll(found, k, axis=0), expected) for k in (1, -1)
        ):
            return "it is right in sum, and belongs to other entries"
        with np.errstate(all="ignore"):
            ratio = np.where(expected != 0, found / expected, 1.0)
        if not same(ratio, 1.0) and same(ratio, np.rint(1 / ratio) ** -1.0):
            return "it is not summed over an axis that was broadcast"
    off = ~np.isclose(found, expected, rtol=1e-6, atol=0.0)
    if 0 < off.sum() < off.size and same(found[off], -expected[off]):
        return "its sign is wrong at some entries"
    return ""


def shown(numbers: Sequence[Any]) -> str:
    """Return numbers for a message."""
    return ", ".join(f"{start_of(x)!r:.60}" for x in numbers)


def start_of(x: Any) -> Any:
    """Return a number, or nested lists of the first entries of an array."""
    x = np.asarray(x)
    return x.tolist() if x.size < 1000 else x.ravel()[:20].tolist()
