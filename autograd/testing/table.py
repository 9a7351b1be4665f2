"""The report as data: every derivative that was compared, as a row of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.verdict import Verdict


@dataclass
class Comparison:
    """The derivatives of all results along one move, compared with finite differences.

    Attributes:
        order, mode: of the derivatives; the mode is the option, such as grad=, for those by hand.
        argument: the entry or the direction along which the arguments move.
        results: the names of the results.
        found, expected, error: the derivatives, the finite differences and their error estimates.
        verdicts: a word for each.
    """

    order: int
    mode: str
    argument: str
    results: Sequence[str]
    found: ndarray
    expected: ndarray
    error: ndarray
    verdicts: ndarray

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield a row for each result."""
        columns = zip(
            self.results,
            self.found.tolist(),
            self.expected.tolist(),
            self.error.tolist(),
            self.verdicts.tolist(),
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


def comparison(order: int, mode: str, results: Sequence[str], verdict: Verdict) -> Comparison:
    """Return the comparison that led to a verdict.

    Args:
        order, mode, results: see `Comparison`.
    """
    found, per = verdict.found, verdict.per
    conditions = [~verdict.right, ~found.known, found.kink, found.vague(verdict.claim)]
    words = ["wrong", "unknown", "kink", "vague"]
    return Comparison(
        order,
        mode,
        verdict.name,
        results,
        verdict.claim * per,
        np.where(found.known, found.value, np.nan) * per,
        np.where(found.known, found.error, np.nan) * per,
        np.select(conditions, words, "right"),
    )
