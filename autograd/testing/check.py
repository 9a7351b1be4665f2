"""One check of a problem: compare the derivatives it claims with finite differences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.accuracy import achieved, largest_along, looks, relative
from autograd.testing.blur import (
    ULPS,
    along_all,
    in_double,
    in_the_graph,
    in_the_last_digits,
    with_noise,
)
from autograd.testing.claims import Claims
from autograd.testing.defects import in_float32, run_twice, same_in_low_precision
from autograd.testing.kinks import between_kinks, between_slopes, misfit, ranges
from autograd.testing.line import Line, allowed, diverges
from autograd.testing.moves import (
    coverage,
    directions,
    groups_of,
    moves_of,
    nearby,
    sums_of,
    weights_of,
)
from autograd.testing.notes import note
from autograd.testing.numbers import FEW_DIGITS, Slopes
from autograd.testing.problem import coarsest, moduli, own, reals
from autograd.testing.report import GradientError, Report, shown
from autograd.testing.slips import clues
from autograd.testing.table import comparison
from autograd.testing.verdict import Verdict, mismatch

SMALLER = 2.0**-20  # a step is made this much smaller if a derivative overflows along it


class Check:
    """One check of a problem, with what is known about it so far."""

    def __init__(
        self,
        problem: Any,
        modes: Sequence[str],
        rng: np.random.Generator,
        report: Report,
        brief: bool = False,
    ) -> None:
        self.problem, self.modes, self.rng, self.report = problem, modes, rng, report
        self.brief, self.order = brief, 1
        self.kinks: set[str] = set()  # moves along which a lower derivative jumps

    def run(self, order: int) -> None:
        """Check derivatives up to `order`.

        Raises:
            GradientError: a derivative is wrong.
        """
        problem = self.problem
        for self.order in range(1, order + 1):
            self.problem = problem
            self.first_order()
            if not self.results:
                break
            if self.order < order:
                problem = problem.gradient(self.results, self.rng)

    def elsewhere(self, problem: Any) -> None:
        """Check one direction at another point: a rule may remember the first one it saw."""
        for side in (1.0, -1.0):
            numbers = [nearby(x, side, self.rng) for x in problem.numbers]
            there = problem.moved(numbers), self.modes[:1], self.rng, Report(self.report.name)
            try:
                Check(*there, brief=True).first_order()
                return
            except GradientError as error:
                found = error
            except Exception:
                continue  # this point lies outside the domain
            try:
                Check(*there).first_order()  # to say which entry it is
            except GradientError as error:
                found = error
            raise GradientError(f"near the given point, {found}")

    def first_order(self) -> None:
        """Check the first derivatives of the problem."""
        numbers = self.problem.numbers
        self.results = run_twice(self.problem, numbers, self.order)
        if not self.results:
            return
        wide, rows, names = self.prepare()
        low = coarsest(numbers)
        for mode in self.modes:
            claimed = self.claims.derivatives(mode, wide)
            self.compare(mode, wide, rows, names, claimed)
            if low != coarsest(wide) and not self.problem.by_hand and not self.brief:
                same_in_low_precision(self.claims, self.moves, mode, numbers, claimed, low)

    def prepare(self) -> tuple[list[Any], ndarray | None, list[str]]:
        """Choose what to compare; return the numbers, the weights of results and their names."""
        wide = self.problem.widest()
        self.outputs = self.problem(*map(own, wide))
        self.start = reals(self.outputs)
        self.dtype = coarsest([*wide, *self.outputs])
        if self.dtype == float and in_float32(self.problem, wide):
            self.dtype = np.dtype(np.float32)
        rows: ndarray | None
        if self.brief and self.start.size > 1:
            rows, names = sums_of(self.start.size, self.rng, 1)
        else:
            rows, names = weights_of(self.outputs, self.rng, self.problem.result)
        if self.brief and self.start.size:
            self.moves = [m for k, x in enumerate(wide) for m in directions(k, x, self.rng, 1)]
        else:
            self.moves = list(moves_of(wide, self.rng))
        self.groups = groups_of(self.outputs) if rows is None else np.arange(len(rows))
        self.leave_out_kinks()
        self.claims = Claims(self.problem, self.order, self.outputs, rows)
        self.lines: dict[int, Line] = {}
        self.units: ndarray | None = None
        dtype = coarsest(self.problem.numbers) if self.problem.by_hand else self.dtype
        self.rounding = float(np.finfo(dtype).eps)
        self.size = moduli(self.outputs) if rows is None else abs(rows) @ moduli(self.outputs)
        return wide, rows, names

    @property
    def wrong(self) -> str:
        """The first line of a message about a wrong derivative."""
        what = self.problem.what
        return f"the {what} of {self.report.name} is wrong at {shown(self.problem.here)}"

    def how(self, mode: str) -> str:
        """Return where a derivative comes from, in words."""
        option = self.problem.by_hand
        return f"by {option}" if option else f"{mode} mode, order {self.order}"

    def compare(
        self, mode: str, numbers: Sequence[Any], rows: Any, names: list[str], claimed: Any
    ) -> None:
        """Compare derivatives with finite differences.

        Raises:
            GradientError: a derivative is off by more than the error estimate of the differences.
        """
        if self.problem.accuracy:
            every = [claimed(k, step) for k, step, *_ in self.moves]
            self.largest = largest_along(every, self.groups)
        verdicts: list[Verdict] = []
        wrong: Verdict | None = None
        for move in range(len(self.moves)):
            if wrong and self.moves[move][0] != wrong.k:
                break
            verdict = self.judge(move, numbers, claimed, hasty=wrong is not None)
            verdicts.append(verdict)
            wrong = wrong or (None if verdict.right.all() else verdict)
        kind = self.order, self.problem.by_hand or mode, names
        self.report.comparisons += [comparison(*kind, verdict) for verdict in verdicts]
        if wrong:
            same = [verdict for verdict in verdicts if verdict.k == wrong.k]
            told = mismatch(
                wrong,
                same,
                names,
                order=self.order,
                how=self.how(mode),
                argument=self.problem.names[wrong.k],
                shape=np.shape(numbers[wrong.k]),
                clues=clues(self.problem.names, numbers, wrong.k, self.moves, claimed),
            )
            raise GradientError(f"{self.wrong}\n{told}")
        kinks = [verdict for verdict in verdicts if verdict.kink]
        eps = float(np.finfo(self.dtype).eps)
        if problem := misfit(self.claims, numbers, kinks, eps, self.rng):
            raise GradientError(f"{self.wrong}\n{self.how(mode)}: {problem}")
        for verdict in verdicts:
            self.report.compared += int((verdict.found.known & ~verdict.undecided).sum())
            self.report.undecided += int(verdict.undecided.sum())
        line = f"{self.how(mode)}: {len(self.moves)} moves, {coverage(self.problem, numbers)}"
        if self.problem.accuracy:
            line += f"; relative error at most {achieved(verdicts, self.largest):.1g}"
        self.report.lines.append(line)
        self.kinks |= {verdict.name for verdict in kinks}
        note(self.problem, self.order, verdicts, self.report)

    def judge(
        self, move: int, numbers: Sequence[Any], claimed: Any, hasty: bool = False
    ) -> Verdict:
        """Return which derivatives along a move are right; if hasty, from five values only."""
        k, step, where, per = self.moves[move]
        claim = claimed(k, step)
        smaller = step * SMALLER
        if np.isinf(claim).any() and np.isfinite(claimed(k, smaller)).all():
            k, step, where, per = self.moves[move] = (k, smaller, where, per / SMALLER)
            claim = claimed(k, step)
        if move not in self.lines:
            change = self.claims.change(numbers, k, step)
            traced = partial(self.claims.noise, numbers)
            self.lines[move] = Line(change, self.size, abs(step).max(), traced, self.dtype)
        line = self.lines[move]
        every = looks(line, self.problem.accuracy)
        for i, found in enumerate(islice(every, 1 if hasty else None)):
            right = self.right(found, line, claim, per)
            if right.all() and line.settled(i, found):
                break
        infinite = ~right & np.isinf(found.value) & (self.order > 1)
        right |= infinite  # the function is fine there, whatever its rules return
        lost = np.zeros_like(right)
        if not right.all() and not hasty and not self.problem.accuracy:
            blurred = self.blurred(line, numbers, self.moves[move], claim, found) & ~right
            lost = blurred & (abs(claim - found.value) > FEW_DIGITS * abs(claim))
            right = right | blurred
            right |= self.tied(line, numbers, self.moves[move], claim, right)
            if (~right & found.kink).any():
                about = self.claims, numbers, [(k, step)], line.noise, line.eps
                nearer = ranges(*about, np.random.default_rng(0))
                right |= found.kink & between_kinks(claim, abs(claim), nearer)
        name, steep = f"{self.problem.names[k]}{where}", bool(infinite.any())
        return Verdict(k, step, name, where, per, claim, found, right, lost, steep, line)

    def right(self, found: Slopes, line: Line, claim: ndarray, per: float) -> ndarray:
        """Return which derivatives agree with finite differences."""
        right = allowed(found, claim, self.rounding, line.tiny, self.groups)
        if accuracy := self.problem.accuracy:
            right |= relative(claim, found, self.largest) <= accuracy
        right &= np.isfinite(claim)
        for i in np.flatnonzero(np.isinf(claim)):
            right[i] = claim[i] == found.value[i] * per or diverges(
                line.change, int(i), float(np.sign(claim[i]))
            )
        return right

    def blurred(
        self, line: Line, numbers: Sequence[Any], move: Any, claim: ndarray, found: Slopes
    ) -> ndarray:
        """Return which derivatives may be right for all that rounding in the function lets see.

        The remainder of a right one falls like t². Rounding in the function moves the derivative
        too; what a rule rounds besides is its own fault.
        """
        per = move[3]
        right = np.isfinite(claim) & ~line.refuted(claim, found)
        right |= (claim == 0) & line.on_fine_stairs
        right |= line.nothing & (abs(claim) * per <= ULPS * line.eps)
        afar = line.afar
        rounded = afar.known & ~afar.holds(found.value)
        right |= rounded & self.right(afar, line, claim, per)
        right |= found.nearly_holds(claim) & afar.kink & afar.holds(claim)
        if self.problem.by_hand and self.rounding > 1e-12:
            about = self.rounding, line.tiny, self.groups
            right |= in_double(self.claims, numbers, move, claim, found, *about)
        off = np.where(right, np.nan, abs(claim - found.value))
        if not self.problem.by_hand:
            right |= in_the_graph(self.claims, numbers, move, off / self.rounding)
        if not right.all():
            right |= self.right(with_noise(line, self.unit(line, numbers)), line, claim, per)
        if not right.all():
            right |= off <= in_the_last_digits(self.claims, numbers, move, line, found)
        return right

    def unit(self, line: Line, numbers: Sequence[Any]) -> ndarray:
        """Return how coarsely the results are rounded, as seen when all numbers move at once."""
        if self.units is None:
            self.units = along_all(self.claims, numbers, line, np.random.default_rng(0)).unit
        return self.units

    def tied(
        self, line: Line, numbers: Sequence[Any], move: Any, claim: ndarray, right: ndarray
    ) -> ndarray:
        """Return which other derivatives are right at ties of several entries: any from nearby."""
        k, step, where, _ = move
        if self.order > 1 or right.all():
            return np.zeros_like(right)
        tied = ~right & between_slopes(self.claims, numbers, [(k, step)], claim, line.eps)
        self.kinks |= {self.problem.names[k] + where} if tied.any() else set()
        return tied

    def leave_out_kinks(self) -> None:
        """Leave out the moves along which a derivative of a lower order jumps."""
        names = self.problem.names
        kept = [move for move in self.moves if names[move[0]] + move[2] not in self.kinks]
        if len(kept) < len(self.moves):
            why = "where a lower derivative does not exist"
            self.report.note(f"order {self.order}: without", sorted(self.kinks), why)
        self.moves = kept
