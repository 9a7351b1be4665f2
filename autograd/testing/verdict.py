"""Verdict: the derivatives along one move, compared with finite differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.line import Line
from autograd.testing.numbers import Slopes
from autograd.testing.report import Mismatch


@dataclass
class Verdict:
    """The derivatives of all results along one move.

    Attributes:
        k, step: number `k` is moved along `step`.
        name, where: the label of the move, with its argument and without.
        per: the factor from derivatives along the step to those of an entry.
        claim: the derivatives.
        found: the finite differences.
        right: which derivatives are right.
        lost: which of these may be wrong, since rounding in the function leaves no digits.
        steep: whether one was left out because it is infinite.
        line: the values along the move.
    """

    k: int
    step: ndarray
    name: str
    where: str
    per: float
    claim: ndarray
    found: Slopes
    right: ndarray
    lost: ndarray
    steep: bool
    line: Line

    @property
    def kink(self) -> bool:
        """Whether one-sided derivatives differ."""
        return bool(self.found.kink.any())

    @property
    def blind(self) -> bool:
        """Whether the function is defined only at the point itself."""
        return bool(self.claim.size) and not self.found.known.any() and self.line.blind

    @property
    def undecided(self) -> ndarray:
        """Of which derivatives fewer than two digits are known."""
        return self.lost | (self.right & self.found.vague(self.claim))

    @property
    def worst(self) -> int:
        """The result whose derivative is furthest off."""
        off = np.nan_to_num(abs(self.claim - self.found.value), nan=np.inf)
        return int(np.where(self.right, -1.0, off).argmax())

    @property
    def truth(self) -> ndarray:
        """The derivatives as they should be."""
        return np.where(self.right & self.found.known, self.claim, self.found.value)


def mismatch(
    wrong: Verdict, same: Sequence[Verdict], names: Sequence[str], **about: Any
) -> Mismatch:
    """Return what to say about a wrong derivative.

    Args:
        wrong: the first verdict with a wrong derivative.
        same: all verdicts on the same argument.
        names: the names of the results.
        about: the other fields of the Mismatch.
    """
    i, per, found = wrong.worst, wrong.per, wrong.found
    return Mismatch(
        where=wrong.where,
        result=names[i],
        found=float(wrong.claim[i] * per),
        expected=float(found.value[i] * per),
        error=float(found.error[i] * per),
        ends=found.ends(i, per) if found.kink[i] else None,
        power=float(wrong.line.remainders(wrong.claim)[i]),
        claims=np.array([verdict.claim * verdict.per for verdict in same]),
        truths=np.array([verdict.truth * verdict.per for verdict in same]),
        wrong=sum(int((~verdict.right).sum()) for verdict in same),
        **about,
    )
