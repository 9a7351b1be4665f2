"""The outcome of a check: a report, or an error that says what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.remainders import TAYLOR
from autograd.testing.slips import slip


class GradientError(AssertionError):
    """A derivative is wrong; the message says which, where, and by how much.

    Attributes:
        report: what was compared until then, with the wrong derivatives in its table.

    Example:
        >>> from autograd.testing import check_gradients
        >>> check_gradients(lambda x: x**2, 3.0, grad=lambda x: x)
        Traceback (most recent call last):
        autograd.testing.report.GradientError: the gradient of <lambda> is wrong at 3.0...
    """

    report: Report | None = None


class OutsideDomainError(ValueError):
    """The function is not defined at the point, so it has no derivative there."""


@dataclass
class Report:
    """What was checked and found right.

    Attributes:
        name: the name of the function.
        compared: how many derivatives were compared with finite differences.
        undecided: how many could not be, since rounding leaves fewer than two digits of them.
        lines: what was compared, one line for each order, mode and argument.
        kinks: points that are not differentiable, where a derivative between the two one-sided
            ones was accepted.
        comparisons: the derivatives along each move, for `table`.

    Example:
        >>> from autograd.testing import check_gradients
        >>> check_gradients(lambda x: x**2, 3.0, order=1).compared
        2
    """

    name: str
    compared: int = 0
    undecided: int = 0
    lines: list[str] = field(default_factory=list)
    kinks: list[str] = field(default_factory=list)
    comparisons: list[Any] = field(default_factory=list, repr=False)

    @property
    def table(self) -> list[dict[str, Any]]:
        """Every derivative that was compared, as a row: a dict with the same keys in each.

        These are order, mode, argument, result, found (the derivative), expected (the finite
        difference), error (its estimate) and verdict: "right", "wrong", "kink" (right, since it
        lies between the one-sided ones), "vague" (fewer than two digits are known) or "unknown"
        (there is nothing to compare with). `pandas.DataFrame(report.table)` takes it.

        Example:
            >>> from autograd.testing import check_gradients
            >>> first, *_ = check_gradients(lambda x: x**2, 3.0).table
            >>> first["argument"], first["result"], round(first["expected"], 6), first["verdict"]
            ('args[0]', 'result', 6.0, 'right')
        """
        return [row for comparison in self.comparisons for row in comparison.rows()]

    def note(self, what: str, names: Sequence[str], why: str) -> None:
        """Add a line about some moves, once."""
        line = f"{what} {', '.join(names):.80}, {why}"
        if names and line not in self.lines:
            self.lines.append(line)

    def __str__(self) -> str:
        head = f"gradients of {self.name} are right: {self.compared} derivatives compared"
        if self.undecided:
            head = f"gradients of {self.name}: {self.compared} derivatives compared, all right"
            head = head if self.compared else f"gradients of {self.name} cannot be judged"
            head += f"; of {self.undecided} rounding leaves fewer than two digits"
        return "\n".join([head, *(f"  {line}" for line in self.lines + self.kinks)])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


@dataclass
class Mismatch:
    """A derivative that disagrees with finite differences.

    Attributes:
        how: where the derivative comes from.
        argument: which number moved, as code.
        where: the index of its entry, or the direction.
        result: the index of the result that changed.
        found, expected, error: the derivative, the finite differences and their error estimate.
        ends: at a kink the one-sided derivatives, which are expected instead.
        claims, truths: all derivatives of that argument, for `slip`.
        shape: the shape of the argument.
        clues: what else `slip` looks at: derivatives of others, and possible factors. None if the
            derivatives are along a direction in which any slip looks like a factor.
    """

    order: int
    how: str
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
    ends: tuple[float, float] | None = None
    clues: tuple[dict[str, ndarray], dict[str, ndarray]] | None = ({}, {})

    def __str__(self) -> str:
        ordinals = {1: "", 2: "second ", 3: "third "}
        kind = f"{ordinals.get(self.order, f'{self.order}th ')}derivative"
        expected = f"{self.expected:.12g} ± {self.error:.1g}, by finite differences"
        if self.ends:
            expected = "from {} to {}, the one-sided derivatives".format(*apart(*self.ends))
        lines = [
            f"{self.how}: the {kind} with respect to {self.argument}{self.where}, "
            f"of {self.result}:",
            f"  found     {self.found:.12g}",
            f"  expected  {expected}",
            f"  {self.wrong} of {self.claims.size} derivatives of {self.argument} are wrong",
        ]
        if self.ends:
            return "\n".join(lines)
        if self.clues is not None:
            likely = slip(self.claims, self.truths, self.shape, *self.clues, self.order)
            lines += [f"  it looks as if {likely}"] if likely else []
        if self.power < TAYLOR:
            lines.append(
                f"  the remainder for a step t falls like t^{self.power:.2f}; for a right "
                "derivative it falls like t^2 or faster"
            )
        return "\n".join(lines)


def apart(low: float, high: float) -> tuple[str, str]:
    """Return two numbers with as many digits as it takes to tell them apart, up to 9.

    Example:
        >>> apart(-1.0, 1.0), apart(1.0, 1.0000003)
        (('-1', '1'), ('1', '1.0000003'))
    """
    pairs = [(f"{low:.{digits}g}", f"{high:.{digits}g}") for digits in (6, 7, 8, 9)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])


def shown(numbers: Sequence[Any]) -> str:
    """Return numbers for a message."""
    return ", ".join(f"{start_of(x)!r:.60}" for x in numbers)


def start_of(x: Any) -> Any:
    """Return a number, or nested lists of the first entries of an array."""
    x = np.asarray(x)
    return x.tolist() if x.size < 1000 else x.ravel()[:20].tolist()
