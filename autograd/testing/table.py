"""The report as data: every derivative that was compared, as a row of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.numbers import Slopes
from autograd.testing.verdict import Verdict


@dataclass
class Comparison:
    """The derivatives of all results along one move, compared with finite differences.

    Attributes:
        order, mode: of the derivatives; the mode is the option, such as grad=, for those by hand.
        results: the names of the results.
        argument: the entry or the direction along which the arguments move.
        per, claim, found, right, undecided: see `Verdict`.
    """

    order: int
    mode: str
    results: Sequence[str]
    argument: str
    per: float
    claim: ndarray
    found: Slopes
    right: ndarray
    undecided: ndarray

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each result."""
        known = self.found.known
        columns = zip(
            self.results,
            (self.claim * self.per).tolist(),
            np.where(known, self.found.value * self.per, np.nan).tolist(),
            np.where(known, self.found.error * self.per, np.nan).tolist(),
            self.words().tolist(),
            strict=True,
        )
        for result, found, expected, error, verdict in columns:
            yield {
                "order": self.order,
                "mode": self.mode,
                "argument": self.argument,
                "result": result,
                "found": found,
                "expected": expected,
                "error": error,
                "verdict": verdict,
            }

    def words(self) -> ndarray:
        """Return the verdict on each derivative in a word."""
        found = self.found
        conditions = [~self.right, ~found.known, found.kink, self.undecided]
        return np.select(conditions, ["wrong", "unknown", "kink", "vague"], "right")


def comparison(order: int, mode: str, results: Sequence[str], verdict: Verdict) -> Comparison:
    """Return the comparison that led to a verdict, without the values along the move.

    Args:
        order, mode, results: see `Comparison`.
    """
    about = verdict.name, verdict.per, verdict.claim, verdict.found, verdict.right
    return Comparison(order, mode, results, *about, verdict.undecided)
