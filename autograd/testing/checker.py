"""check_gradients: are the derivatives of a function right, at a point, in every mode and order?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.claims import Claims
from autograd.testing.handwritten import Handwritten
from autograd.testing.line import TAYLOR, Line, allowed, diverges
from autograd.testing.moves import coverage, directions, moves_of, nearby, sums_of, weights_of
from autograd.testing.numbers import Slopes
from autograd.testing.problem import OUTSIDE, Problem, coarsest, own, reals
from autograd.testing.report import GradientError, Mismatch, Report, shown
from autograd.trace import called


def check_gradients(
    f: Callable[..., Any],
    *args: Any,
    order: int = 2,
    modes: Sequence[str] = ("reverse", "forward"),
    wrt: Any = None,
    grad: Callable[..., Any] | None = None,
    seed: int = 0,
) -> Report:
    """Check derivatives of a function at a point against differences of its values.

    There is no tolerance to choose: differences are extrapolated with an estimate of their own
    error, and a derivative that is further away is wrong.  Where the derivatives from the two
    sides differ, all between them are right.

    Args:
        f: takes and returns numbers, arrays and containers of them.
        args: the point, in any float or complex dtype.
        order: up to which order derivatives are checked.
        modes: "reverse" (against the arrows), "forward" (along them).
        wrt: positions of the arguments to differentiate; all that hold floats if left out.
        grad: a function of the same arguments that returns the gradient, where it was written
            by hand or comes from elsewhere: of the argument's form, or a tuple for several; a
            Jacobian if `f` returns an array.  Then `f` need not be differentiable by autograd,
            and `order` and `modes` play no part.
        seed: of the random directions.

    Returns:
        a report that can be printed.

    Raises:
        GradientError: a derivative is wrong, or the function has another defect.
        TypeError: there is nothing to differentiate, or the result is no number.
        ValueError: the function is not defined at the point.

    Example:
        >>> report = check_gradients(lambda x: np.sum(np.sin(x)), np.array([0.5, 1.0]))
        >>> print(report)
        gradients of <lambda> are right: ...
        >>> check_gradients(lambda x: x**3, 2.0, grad=lambda x: 2 * x**2)
        Traceback (most recent call last):
        autograd.testing.report.GradientError: the gradient of <lambda> is wrong...
    """
    if not set(modes) <= {"reverse", "forward"} or not modes:
        raise ValueError(f'modes are "reverse" and "forward", not {modes!r}')
    if order < 1:
        raise ValueError(f"order counts from 1, not {order}")
    rng = np.random.default_rng(seed)
    report = Report(getattr(f, "__name__", None) or repr(f))
    problem: Any = Problem(f, args, wrt)
    if grad is not None:
        problem, order, modes = Handwritten(f, args, wrt, grad), 1, ("reverse",)
    try:
        with np.errstate(all="ignore"):
            Check(problem, modes, rng, report).run(order)
    except GradientError as error:
        if grad is None:
            from autograd.testing.blame import blame

            with np.errstate(all="ignore"):
                culprit = blame(problem, order)
            if culprit:
                raise GradientError(f"{error}\n{culprit}") from None
        raise
    return report


class Check:
    """One check: a problem, and what is known about it so far."""

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
        self.kinks: set[str] = set()  # the moves along which a derivative of lower order jumps

    def run(self, order: int) -> None:
        """Check derivatives up to `order`.

        Raises:
            GradientError: one is wrong.
        """
        first = problem = self.problem
        for self.order in range(1, order + 1):
            self.problem = problem
            self.first_order()
            if not self.results:
                break
            if self.order < order:
                problem = problem.gradient(self.results, self.rng)
        if not self.kinks:  # there a constant may be right that is wrong elsewhere
            self.elsewhere(first)

    def elsewhere(self, problem: Any) -> None:
        """Check one direction at another point: a rule may remember the first one it saw."""
        for side in (1.0, -1.0):
            numbers = [nearby(x, side, self.rng) for x in problem.numbers]
            report = Report(self.report.name)
            there = Check(problem.moved(numbers), self.modes[:1], self.rng, report, brief=True)
            try:
                there.first_order()
                return
            except GradientError:
                raise
            except Exception:  # this point lies outside the domain
                continue

    def first_order(self) -> None:
        """Check the first derivatives of the problem."""
        numbers = self.problem.numbers
        self.results = self.run_twice(numbers)
        if not self.results:
            return
        wide = self.problem.widest()
        self.outputs = self.problem(*map(own, wide))
        self.start = reals(self.outputs)
        self.dtype = coarsest([*wide, *self.outputs])
        rows: ndarray | None
        if self.brief and self.start.size:
            rows, names = sums_of(self.start.size, self.rng, 1)
            self.moves = [m for k, x in enumerate(wide) for m in directions(k, x, self.rng, 1)]
        else:
            rows, names = weights_of(self.outputs, self.rng)
            self.moves = list(moves_of(wide, self.rng))
        self.leave_out_kinks()
        self.claims = Claims(self.problem, self.order, self.outputs, rows)
        self.lines: dict[int, Line] = {}
        low = coarsest(numbers)
        handwritten = isinstance(self.problem, Handwritten)
        self.rounding = float(np.finfo(low if handwritten else self.dtype).eps)
        for mode in self.modes:
            claimed = self.claims.derivatives(mode, wide)
            self.compare(mode, wide, rows, names, claimed)
            if low != coarsest(wide) and not handwritten and not self.brief:
                self.same_in_low_precision(mode, numbers, claimed, low)

    # -- values ------------------------------------------------------------------------------------

    def run_twice(self, numbers: Sequence[Any]) -> list[Any]:
        """Return the results, having seen that they are finite and the same again."""
        copies = [own(x) for x in numbers]
        what = called(self.problem.f)
        try:
            first = self.problem(*copies)
        except OUTSIDE as error:
            raise ValueError(
                f"{what} is not defined at {shown(numbers)}, it raises {type(error).__name__}: "
                f"{error}; check it at a point inside its domain"
            ) from error
        for name, x, copy in zip(self.problem.names, numbers, copies, strict=True):
            if not np.array_equal(x, copy, equal_nan=True):
                raise GradientError(f"{what} modifies its input {name} in place; let it copy first")
        values = reals(first)
        if not np.all(np.isfinite(values)):
            if self.order > 1:  # the first order has been checked: here is an infinite slope
                return []
            raise ValueError(
                f"{what} is not finite at {shown(numbers)}: its result is {shown(first)}; check it "
                "at a point inside its domain"
            )
        again = reals(self.problem(*map(own, numbers)))
        if values.shape != again.shape or not np.allclose(values, again, 1e-12, 0.0):
            raise GradientError(
                f"{what} gives different results when called twice with the same arguments, "
                f"{shown(first)} and {shown([again])}; fix its random numbers"
            )
        return first

    def same_in_low_precision(
        self, mode: str, numbers: Sequence[Any], wide: Any, dtype: np.dtype
    ) -> None:
        """Hold derivatives in the arguments' own dtype against those in the greatest precision."""
        narrow = self.claims.derivatives(mode, numbers)
        eps = 64 * float(np.finfo(dtype).eps)
        for k, step, where, _ in self.moves:
            found, expected = narrow(k, step), wide(k, step)
            off, size = abs(found - expected), abs(expected)
            bound = eps * (size + size.max(initial=0.0)) + float(np.finfo(dtype).tiny)
            for i in np.flatnonzero(~(off <= bound) & np.isfinite(expected)):
                if not off[i] <= eps * self.claims.rounding(numbers, k, step, int(i)):
                    raise GradientError(
                        f"the gradient of {called(self.problem.f)} is wrong in {dtype}: with "
                        f"respect to {self.problem.names[k]}{where} it is {found[i]:.7g}, in "
                        f"float64 {expected[i]:.7g}"
                    )

    # -- the verdict -------------------------------------------------------------------------------

    def compare(
        self, mode: str, numbers: Sequence[Any], rows: Any, names: list[str], claimed: Any
    ) -> None:
        """Compare derivatives with differences of values.

        Raises:
            GradientError: one is further away than the differences' own error.
        """
        size = abs(self.start) if rows is None else abs(rows) @ abs(self.start)
        wrong: list[Any] = []
        claims: list[ndarray] = []
        truths: list[ndarray] = []
        last = 0
        for move, (k, step, where, per) in enumerate(self.moves):
            if k != last:
                if wrong:
                    break
                claims, truths, last = [], [], k
            claim = claimed(k, step)
            self.report.compared += claim.size
            if move not in self.lines:
                change = self.claims.change(numbers, k, step)
                traced = partial(self.claims.noise, numbers)
                self.lines[move] = Line(change, size, 1 / per, traced, self.dtype)
            line = self.lines[move]
            for found in islice(line.looks(), 2 if wrong else 3):
                right = self.right(found, line, claim)
                if right.all() and not found.kink.any():
                    break
            else:
                self.note_kink(found, f"{self.problem.names[k]}{where}", per)
            if not right.all() and not wrong:
                right |= self.excused(line, numbers, k, step, claim, found)
            if not right.all():
                wrong.append((where, per, claim, found, right, line))
            claims.append(claim * per)
            truths.append(found.value * per)
        if wrong:
            where, per, claim, found, right, line = wrong[0]
            off = np.nan_to_num(abs(claim - found.value), nan=np.inf)
            worst = int(np.where(right, -1.0, off).argmax())
            mismatch = Mismatch(
                order=self.order,
                mode=mode,
                argument=self.problem.names[last],
                where=where,
                result=names[worst],
                found=float(claim[worst] * per),
                expected=float(found.value[worst] * per),
                error=float(found.error[worst] * per),
                power=float(line.remainders(claim)[worst]),
                claims=np.array(claims),
                truths=np.array(truths),
                shape=np.shape(numbers[last]),
                wrong=len(wrong),
            )
            raise GradientError(
                f"the gradient of {self.report.name} is wrong at {shown(self.problem.numbers)}\n"
                f"{mismatch}"
            )
        self.report.lines.append(
            f"order {self.order}, {mode} mode: {len(self.moves)} moves, {coverage(numbers)}"
        )

    def right(self, found: Slopes, line: Line, claim: ndarray) -> ndarray:
        """Return which derivatives are what differences of values say."""
        # Gradients of results are near 1, and what is far below cancels to its rounding errors.
        unit = max(abs(self.start).max(initial=0.0), 1.0 if self.order > 1 else 0.0)
        right = allowed(found, claim, self.rounding, unit) & np.isfinite(claim)
        for i in np.flatnonzero(np.isinf(claim)):
            right[i] = diverges(line.change, int(i), float(np.sign(claim[i])))
        return right

    def excused(
        self,
        line: Line,
        numbers: Sequence[Any],
        k: int,
        step: ndarray,
        claim: ndarray,
        found: Slopes,
    ) -> ndarray:
        """Return which derivatives differences do not refute, though they are not theirs.

        What a right one leaves over falls like t², and rounding in the derivative itself is
        something that differences know nothing of.
        """
        right = np.isfinite(claim) & ~(line.remainders(claim) < TAYLOR)
        if not isinstance(self.problem, Handwritten):
            off = abs(claim - found.value)
            for i in np.flatnonzero(~right & np.isfinite(claim)):
                rounding = self.claims.rounding(numbers, k, step, int(i))
                right[i] = off[i] <= 64 * self.rounding * rounding
        return right

    def leave_out_kinks(self) -> None:
        """Leave out the moves along which a derivative of a lower order jumps."""
        names = self.problem.names
        kept = [move for move in self.moves if names[move[0]] + move[2] not in self.kinks]
        if len(kept) < len(self.moves):
            self.report.lines.append(
                f"order {self.order}: without {', '.join(sorted(self.kinks)):.80}, for want of a "
                "derivative of lower order there"
            )
        self.moves = kept

    def note_kink(self, found: Slopes, name: str, per: float) -> None:
        """Note a point that is not differentiable."""
        if not found.kink.any():
            return
        self.kinks.add(name)
        i = int(found.kink.argmax())
        note = (
            f"not differentiable here: {name}, the one-sided derivatives are "
            f"{found.low[i] * per:.6g} and {found.high[i] * per:.6g}"
        )
        if self.order == 1 and note not in self.report.kinks:
            self.report.kinks.append(note)
