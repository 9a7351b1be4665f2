"""Notes: what the report says about points without a derivative, and what was compared badly."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.testing.problem import Problem
from autograd.testing.report import OutsideDomainError, Report, apart, shown
from autograd.testing.verdict import Verdict
from autograd.transforms.trace import name_of


def note(problem: Problem, order: int, verdicts: Sequence[Verdict], report: Report) -> None:
    """Report where a function has no derivative, and what could not be compared well.

    Args:
        problem, order: the function, and the order of its derivatives.
        verdicts: one for each move.
        report: takes the notes.

    Raises:
        OutsideDomainError: there is nothing to compare with along any move.
    """
    for verdict in verdicts:
        if verdict.kink and order == 1:
            note_kink(verdict, report)
    blind = [verdict.name for verdict in verdicts if verdict.blind]
    if blind and len(blind) == len(verdicts) and order == 1:
        raise OutsideDomainError(
            f"{name_of(problem.f)} is defined at {shown(problem.here)}, but at no point tried "
            "near it, so there is nothing to compare with; let it take those too"
        )
    steep = [verdict.name for verdict in verdicts if verdict.steep]
    vague = [verdict.name for verdict in verdicts if verdict.undecided.any()]
    alone = "where the function is defined only at the point itself"
    few = "where it is small next to the result or near a kink"
    report.note(f"order {order}: nothing to compare with along", blind, alone)
    report.note(f"order {order}: without", steep, "where it is infinite")
    report.note(f"order {order}: fewer than two digits are known along", vague, few)


def note_kink(verdict: Verdict, report: Report) -> None:
    """Report a point where a function is not differentiable."""
    low, high = apart(*verdict.found.ends(int(verdict.found.kink.argmax()), verdict.per))
    where = f"not differentiable here: {verdict.name}"
    told = f"{where}, the one-sided derivatives are {low} and {high}"
    if low != high and told not in report.kinks:
        report.kinks.append(told)
