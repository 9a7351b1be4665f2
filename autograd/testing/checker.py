"""check_gradients: are the derivatives of a function right, at a point, in every mode and order?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.handwritten import Handwritten
from autograd.testing.numbers import Slopes, diverges, quick, remainder_slope, slopes
from autograd.testing.problem import (
    OUTSIDE,
    Problem,
    conjugates,
    from_reals,
    moves,
    own,
    reals,
    widened,
)
from autograd.testing.report import GradientError, Mismatch, Report
from autograd.trace import called

ENTRIES = 256  # of one argument that move one by one; above this, in random directions
DIRECTIONS = 6
SINGLES = 12  # entries of a large argument that move alone
RESULTS = 64  # that are looked at one by one; above this, random sums of them
SUMS = 4
QUICK = 1e-9  # relative difference at which four values are evidence enough
NOISY = 1e-6  # the same where rounding leaves them fewer digits


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
        self, problem: Any, modes: Sequence[str], rng: np.random.Generator, report: Report
    ) -> None:
        self.problem, self.modes, self.rng, self.report = problem, modes, rng, report

    def run(self, order: int) -> None:
        """Check derivatives up to `order`.

        Raises:
            GradientError: one is wrong.
        """
        problem = self.problem
        for now in range(1, order + 1):
            self.problem, self.order = problem, now
            self.first_order()
            if now < order:
                problem = problem.gradient(self.results, self.rng)
                if not problem.numbers or not self.results:
                    return

    def first_order(self) -> None:
        """Check the first derivatives of the problem."""
        numbers = self.problem.numbers
        self.results = self.run_twice(numbers)
        if not self.results:
            return
        wide = self.widest(numbers)
        self.outputs = self.problem(*map(own, wide))
        self.start = reals(self.outputs)
        self.dtype = coarsest([*wide, *self.outputs])
        rows, names = self.rows()
        self.moves = list(self.steps(wide))
        self.seen: dict[int, Any] = {}
        low = coarsest(numbers)
        handwritten = isinstance(self.problem, Handwritten)
        self.rounding = float(np.finfo(low if handwritten else self.dtype).eps)
        for mode in self.modes:
            claimed = self.derivatives(mode, wide, rows)
            self.compare(mode, wide, rows, names, claimed)
            if low != coarsest(wide) and not handwritten:
                self.same_in_low_precision(mode, numbers, rows, claimed, low)

    def widest(self, numbers: Sequence[Any]) -> list[Any]:
        """Return the numbers in the greatest precision that the function takes."""
        wide = [widened(x) for x in numbers]
        try:
            self.problem(*map(own, wide))
        except Exception:
            return list(numbers)
        return wide

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
        if not close(values, again, 1e-12):
            raise GradientError(
                f"{what} gives different results when called twice with the same arguments, "
                f"{shown(first)} and {shown([again])}; fix its random numbers"
            )
        return first

    def rows(self) -> tuple[ndarray | None, list[str]]:
        """Return what sums of the results are looked at, None for each result alone."""
        if self.start.size <= RESULTS:
            return None, [
                f"result{label}"
                for label in labels(
                    [f"[{i}]" for i in range(len(self.outputs))] if len(self.outputs) > 1 else [""],
                    self.outputs,
                )
            ]
        size = self.start.size
        weights = self.rng.uniform(0.5, 1.5, (SUMS, size)) * self.rng.choice(
            [-1.0, 1.0], (SUMS, size)
        )
        return weights, [f"random sum {i} of {size} results" for i in range(SUMS)]

    def change(self, numbers: Sequence[Any], k: int, step: ndarray, rows: Any) -> Callable:
        """Return how the results change when number `k` moves along `step`."""

        def change(t: float) -> ndarray:
            there = [own(x) for x in numbers]
            (vector,) = [reals([there[k]])]
            moving = vector + t * step
            (there[k],) = from_reals(moving, [there[k]])
            if type(numbers[k]) is float:
                there[k] = float(there[k])
            try:
                change = reals(self.problem(*there)) - self.start
            except OUTSIDE:
                change = np.full(self.start.size, np.nan)
            return change if rows is None else rows @ change

        return change

    # -- derivatives -------------------------------------------------------------------------------

    def derivatives(self, mode: str, numbers: Sequence[Any], rows: Any) -> Any:
        """Return for `mode` a function of (number, step) that gives the derivatives along it."""
        what = f"{mode} mode, order {self.order} of {called(self.problem.f)}"
        try:
            if mode == "forward":
                push = self.problem.pushforward(numbers)
                return lambda k, step: self.pushed(push, numbers, k, step, rows)
            jacobian = self.pulled(self.problem.pullback(numbers), numbers, rows)
        except GradientError:
            raise
        except Exception as error:
            raise GradientError(
                f"{what} is not possible: {type(error).__name__}: {error}"
            ) from error
        ends = np.cumsum([0] + [reals([x]).size for x in numbers])
        return lambda k, step: jacobian[:, ends[k] : ends[k + 1]] @ step

    def pulled(self, pull: Any, numbers: Sequence[Any], rows: Any) -> ndarray:
        """Return the gradients of all rows, (rows, numbers)."""
        found = []
        weights = np.eye(self.start.size) if rows is None else rows
        extra = np.sum(weights[:1] * 2.5, axis=0) + np.sum(weights[1:] * -1.5, axis=0)
        for row in [*weights, extra]:
            seeds = conjugates(from_reals(row, self.outputs))
            given = [own(g) for g in seeds]
            gradients = pull(given)
            if not all(np.array_equal(a, b) for a, b in zip(seeds, given, strict=True)):
                raise GradientError(
                    f"reverse mode, order {self.order} of {called(self.problem.f)}: a rule "
                    "modifies its incoming gradient in place; let it make a new array"
                )
            forms = self.problem.numbers if isinstance(self.problem, Handwritten) else numbers
            for name, x, g in zip(self.problem.names, forms, gradients, strict=True):
                self.form(name, x, g)
            found.append(reals(conjugates(gradients)))
        jacobian = np.array(found[:-1]).reshape(len(weights), len(found[-1]))
        if len(weights):
            expected = 2.5 * jacobian[0] - 1.5 * jacobian[1:].sum(axis=0)
            size = 2.5 * abs(jacobian).sum(axis=0) + abs(found[-1])
            # Entries that cancel are of the size of their rounding errors.
            eps = 1e3 * float(np.finfo(coarsest([*numbers, *self.outputs])).eps)
            unit = abs(self.start).max() / scales(reals(numbers)).max(initial=1e-290)
            blur = max(1e-6, eps) * size + max(1e-9, eps) * size.max(initial=0.0) + eps * unit
            off = abs(found[-1] - expected) > blur
            if np.all(np.isfinite(expected)) and off.any():
                raise GradientError(
                    f"reverse mode, order {self.order} of {called(self.problem.f)} is not linear "
                    f"in its incoming gradient: a sum of gradients gives {found[-1][off][0]:.12g}, "
                    f"the sum of what they give is {expected[off][0]:.12g}"
                )
        return jacobian

    def form(self, name: str, x: Any, g: Any) -> None:
        """Refuse a gradient of another shape or dtype than what it belongs to."""
        if np.shape(g) != np.shape(x):
            raise GradientError(
                f"the gradient of {called(self.problem.f)} with respect to {name} has shape "
                f"{np.shape(g)}, not {np.shape(x)} as the argument; sum over axes that were broadcast"
            )
        if isinstance(x, ndarray) and np.result_type(g) != x.dtype:
            raise GradientError(
                f"the gradient of {called(self.problem.f)} with respect to {name} has dtype "
                f"{np.result_type(g)}, not {x.dtype} as the argument; write g.astype(x.dtype)"
            )

    def pushed(
        self, push: Any, numbers: Sequence[Any], k: int, step: ndarray, rows: Any
    ) -> ndarray:
        """Return how the rows change along a step of one number, as forward mode says."""
        tangents = [np.zeros(reals([x]).size) for x in numbers]
        tangents[k] = step
        try:
            change = reals(push(from_reals(np.concatenate(tangents), numbers)))
        except Exception as error:
            raise GradientError(
                f"forward mode, order {self.order} of {called(self.problem.f)} is not possible: "
                f"{type(error).__name__}: {error}"
            ) from error
        return change if rows is None else rows @ change

    def same_in_low_precision(
        self, mode: str, numbers: Sequence[Any], rows: Any, wide: Any, dtype: np.dtype
    ) -> None:
        """Hold derivatives in the arguments' own dtype against those in the greatest precision."""
        narrow = self.derivatives(mode, numbers, rows)
        eps = float(np.finfo(dtype).eps)
        for k, step, where, _ in self.moves:
            found, expected = narrow(k, step), wide(k, step)
            bound = 2e3 * eps * (abs(expected) + abs(expected).max(initial=0.0))
            if not np.all(abs(found - expected) <= bound) and np.all(np.isfinite(expected)):
                i = int(np.argmax(abs(found - expected) - bound))
                raise GradientError(
                    f"the gradient of {called(self.problem.f)} is wrong in {dtype}: with respect to "
                    f"{self.problem.names[k]}{where} it is {found[i]:.7g}, in float64 "
                    f"{expected[i]:.7g}"
                )

    # -- the verdict -------------------------------------------------------------------------------

    def steps(self, numbers: Sequence[Any]) -> Iterator[tuple[int, ndarray, str, float]]:
        """Yield (number, step, how one writes its place, 1 / its size) for all that is moved."""
        for k, x in enumerate(numbers):
            vector = reals([x])
            size = scales(vector)
            names = labels([""], [x])
            if vector.size <= ENTRIES:
                singles = np.arange(vector.size)
            else:
                ordered = np.argsort(vector)
                small = np.argsort(abs(vector), kind="stable")
                spread = np.linspace(0, vector.size - 1, SINGLES // 2).astype(int)
                singles = np.unique(np.concatenate([ordered[spread], small[spread]]))
            for j in singles:
                step = np.zeros(vector.size)
                step[j] = size[j]
                yield k, step, names[j], 1 / size[j]
            if vector.size > ENTRIES:
                for i in range(DIRECTIONS):
                    signs = self.rng.choice([-1.0, -0.75, 0.75, 1.0], vector.size)
                    yield k, size * signs, f" along random direction {i}", 1.0

    def compare(
        self, mode: str, numbers: Sequence[Any], rows: Any, names: list[str], claimed: Any
    ) -> None:
        """Compare derivatives with differences of values.

        Raises:
            GradientError: one is further away than the differences' own error.
        """
        noise = np.finfo(self.dtype).eps * (
            abs(self.start) if rows is None else abs(rows) @ abs(self.start)
        )
        wrong: list[Any] = []
        claims, truths, count, last = [], [], 0, 0
        for move, (k, step, where, per) in enumerate(self.moves):
            if k != last and wrong:
                break
            if k != last:
                claims, truths, last = [], [], k
            claim = claimed(k, step)
            change = self.change(numbers, k, step, rows)
            count += claim.size
            if move not in self.seen:
                self.seen[move] = quick(change, self.dtype)
            truth, fine = self.seen[move] if isinstance(self.seen[move], tuple) else (None, False)
            if not np.all(fine) or not near(claim, truth, noise, self.dtype).all():
                if isinstance(self.seen[move], tuple):
                    self.seen[move] = slopes(change, noise, self.dtype)
                truth, bad = self.verdict(self.seen[move], change, claim, mode, k, where, per)
                if bad is not None:
                    wrong.append((bad, where, per, claim, truth, change))
            claims.append(claim * per)
            truths.append(truth * per)
        self.report.compared += count
        if wrong:
            bad, where, per, claim, truth, change = wrong[0]
            i, error = bad
            raise GradientError(
                f"the gradient of {self.report.name} is wrong at {shown(self.problem.numbers)}\n"
                + str(
                    Mismatch(
                        self.order, mode, self.problem.names[last], where, names[i],
                        float(claim[i] * per), float(truth[i] * per), float(error * per),
                        remainder_slope(lambda t: change(t)[i : i + 1], claim[i : i + 1]),
                        np.array(claims), np.array(truths), np.shape(numbers[last]), len(wrong),
                    )
                )
            )  # fmt: skip
        self.report.lines.append(
            f"order {self.order}, {mode} mode: {count} derivatives, {self.coverage(numbers)}"
        )

    def verdict(
        self, found: Slopes, change: Any, claim: ndarray, mode: str, k: int, where: str, per: float
    ) -> tuple[ndarray, tuple[int, float] | None]:
        """Return (derivatives by differences, the worst that is wrong and its error)."""
        # Rounding in the derivative itself, which differences know nothing of.
        size = np.where(np.isfinite(claim), abs(claim), 0.0)
        slack = (4 if self.rounding < 1e-12 else 2e3) * self.rounding * (size + size.max(initial=0))
        slack = slack + QUICK * abs(found.value)
        right = (claim >= found.low - slack) & (claim <= found.high + slack) | ~found.known
        right &= np.isfinite(claim)
        for i in np.flatnonzero(~right & np.isinf(claim)):
            right[i] = diverges(lambda t, i=i: change(t)[i : i + 1], np.sign(claim[i]))
        name = f"{self.problem.names[k]}{where}"
        if found.kink.any() and self.order == 1 and mode == self.modes[0]:
            i = int(found.kink.argmax())
            self.report.kinks.append(
                f"not differentiable here: {name}, the one-sided derivatives are "
                f"{found.low[i] * per:.6g} and {found.high[i] * per:.6g}"
            )
        if right.all():
            return found.value, None
        excess = np.where(right, -1.0, np.nan_to_num(abs(claim - found.value), nan=np.inf))
        i = int(excess.argmax())
        return found.value, (i, float(found.error[i]))

    def coverage(self, numbers: Sequence[Any]) -> str:
        """Return in words how numbers were moved."""
        large = [x for x in numbers if reals([x]).size > ENTRIES]
        if not large:
            return "each entry by itself"
        return (
            f"arguments of more than {ENTRIES} entries along {DIRECTIONS} random directions and "
            f"{SINGLES} entries or less by themselves"
        )


def scales(vector: ndarray) -> ndarray:
    """Return a power of two for each number that is its size; that of the others for a zero."""
    size = abs(vector)
    usual = np.median(size[size > 0]) if size.any() else 1.0
    size = np.where((size == 0) | ~np.isfinite(size), usual, size)
    return 2.0 ** np.floor(np.log2(np.maximum(size, 1e-290)))


def labels(names: list[str], numbers: Sequence[Any]) -> list[str]:
    """Return how one writes each real number in `numbers`."""
    found = []
    for name, x in zip(names, numbers, strict=True):
        for index in np.ndindex(np.shape(x)):
            label = name + (str(list(index)) if index else "")
            found += [f"{label}.real", f"{label}.imag"] if np.iscomplexobj(x) else [label]
    return found


def shown(numbers: Sequence[Any]) -> str:
    """Return numbers for a message."""
    return ", ".join(f"{np.asarray(x).tolist()!r:.60}" for x in numbers)


def close(a: ndarray, b: ndarray, tolerance: float) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=tolerance, atol=0.0, equal_nan=True))


def coarsest(numbers: Sequence[Any]) -> np.dtype:
    """Return the real dtype of the least precision among numbers."""
    dtypes = [np.finfo(np.result_type(x)).dtype for x in numbers if moves(x)]
    return max(dtypes, key=lambda dtype: np.finfo(dtype).eps, default=np.dtype(float))


def near(claim: ndarray, truth: ndarray, noise: ndarray, dtype: Any) -> ndarray:
    """Whether derivatives agree with those of `quick` well enough to look no further."""
    off, blur = abs(claim - truth), 8 * noise * 2.0**10
    agree = off <= QUICK * abs(truth)
    return agree | ((off <= blur) & (blur <= NOISY * abs(truth)) & (dtype == np.float64))
