"""Claims: derivatives according to autograd or a handwritten gradient, and their own defects."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.graph import next_serial
from autograd.engine.silence import silence
from autograd.engine.value import Value
from autograd.testing.moves import nearby, scales
from autograd.testing.noise import rounding, traced
from autograd.testing.problem import (
    Problem,
    bounds,
    coarsest,
    conjugates,
    from_reals,
    own,
    reals,
)
from autograd.testing.report import GradientError
from autograd.testing.samples import Change
from autograd.transforms.trace import name_of

GROWTH = (-1.0, 2.0**-10, 2.0**10)  # factors for incoming gradients


class Claims:
    """The derivatives of a problem's results, or of sums of them.

    Args:
        problem: the function.
        order: the order of its derivatives, for messages.
        outputs: its results at the point.
        rows: (sums, results) weights, None for each result alone.
    """

    def __init__(
        self, problem: Problem, order: int, outputs: Sequence[Any], rows: ndarray | None
    ) -> None:
        self.problem, self.order, self.outputs, self.rows = problem, order, outputs, rows
        self.start = reals(outputs)
        self.traced: ndarray | None = None

    def change(self, numbers: Sequence[Any], k: int, step: ndarray) -> Change:
        """Return how the results change when number `k` moves along `step`."""
        start = reals([numbers[k]])

        def change(t: float) -> ndarray:
            (moved,) = from_reals(start + t * step, [numbers[k]])
            return self.change_to([moved if i == k else x for i, x in enumerate(numbers)])

        return change

    def change_to(self, there: Sequence[Any]) -> ndarray:
        """Return how the results change from here to other numbers, NaN outside the domain."""
        change = np.full(self.start.size, np.nan)
        with suppress(Exception):  # whatever it raises where it is not defined
            results = reals(self.problem(*map(own, there)))
            if results.size == change.size:  # (-1.0) ** 0.5 is complex: two numbers
                change = results - self.start
        return change if self.rows is None else self.rows @ change

    @cached_property
    def weights(self) -> ndarray:
        """The rows; if there are none, one for each result alone."""
        return np.eye(self.start.size) if self.rows is None else self.rows

    def noise(self, numbers: Sequence[Any]) -> ndarray:
        """Return the noise of each row in units of eps from the function's graph, 0 without one."""
        if self.traced is None:
            self.traced = traced(self.problem, numbers, self.outputs, self.weights)
        return self.traced

    def derivatives(self, mode: str, numbers: Sequence[Any]) -> Any:
        """Return for `mode` a function of (number, step) that returns the derivatives along it."""
        what = f"{mode} mode, order {self.order} of {name_of(self.problem.f)}"
        try:
            if mode == "forward":
                push = self.problem.pushforward(numbers)
                return lambda k, step: self.pushed(push, numbers, k, step)
            pull, outputs = self.problem.pullback(numbers)
            self.same_results(numbers, outputs)
            jacobian = self.pulled(pull, numbers)
        except GradientError:
            raise
        except Exception as error:
            notes = "".join(f" ({note})" for note in getattr(error, "__notes__", ()))
            told = f"{type(error).__name__}: {error}{notes}"
            hint = "; let the rule make a new array" if "read-only" in told else ""
            raise GradientError(f"{what} is not possible: {told}{hint}") from error
        ends = bounds(numbers)

        def along(k: int, step: ndarray) -> ndarray:
            slopes, moved = jacobian[:, ends[k] : ends[k + 1]], step != 0
            if not moved.all():  # 0 times an infinite slope would be NaN
                slopes, step = slopes[:, moved], step[moved]
            return slopes @ step

        return along

    def in_double(self, numbers: Sequence[Any], k: int, step: ndarray) -> ndarray:
        """Return the derivatives of a handwritten gradient called in the precision of `numbers`,
        NaN if it fails in that."""
        claims = Claims(self.problem.moved(list(numbers)), self.order, self.outputs, self.rows)
        try:
            return claims.derivatives(self.problem.mode, numbers)(k, step)
        except GradientError:
            return np.full(len(self.weights), np.nan)

    def same_results(self, numbers: Sequence[Any], outputs: Sequence[Any]) -> None:
        """Refuse a function whose results on Values differ from those on numbers."""
        dtype = coarsest(numbers)
        if dtype != coarsest(self.outputs):
            return  # the known results have another precision
        eps = float(np.finfo(dtype).eps)
        found = reals(outputs)
        if found.shape == self.start.shape:
            off = found - self.start
            bound = max(1e4 * eps, self.problem.accuracy) * (
                abs(self.start) + abs(self.start).max(initial=0.0)
            )
            if np.all(abs(off) <= bound):
                return
            # Functions of Python and NumPy may differ in the last digit, and a subtraction may
            # leave nothing else.
            if np.all(abs(self.weights @ off) <= 64 * eps * self.noise(numbers)):
                return
        raise GradientError(
            f"{name_of(self.problem.f)} gives other results when it is differentiated: "
            f"{found.tolist()!r:.60}, not {self.start.tolist()!r:.60}"
        )

    def pulled(self, pull: Any, numbers: Sequence[Any]) -> ndarray:
        """Return the gradients of all rows, (rows, numbers)."""
        jacobian = np.array([self.row(pull, row, numbers) for row in self.weights])
        jacobian = jacobian.reshape(len(self.weights), reals(numbers).size)
        if len(jacobian) and not self.problem.by_hand:
            self.same_again(pull, jacobian[0], numbers)
            self.linear(pull, jacobian, numbers)
        return jacobian

    def same_again(self, pull: Any, first: ndarray, numbers: Sequence[Any]) -> None:
        """Refuse rules whose gradients depend on calls in between."""
        with suppress(Exception):  # outside the domain
            self.problem(*[nearby(x, 1.0, np.random.default_rng(0)) for x in numbers])
        again = self.row(pull, self.weights[0], numbers)
        rtol = max(1e-12, self.problem.accuracy)
        same = np.isclose(again, first, rtol, rtol * abs(first).max(initial=0.0), equal_nan=True)
        if not same.all():
            raise GradientError(
                f"reverse mode, order {self.order} of {name_of(self.problem.f)} gives another "
                f"gradient the second time, {again[~same][0]:.12g} after {first[~same][0]:.12g}: a "
                "rule depends on earlier calls, or writes into its arguments"
            )

    def row(self, pull: Any, row: ndarray, numbers: Sequence[Any]) -> ndarray:
        """Return the gradient of a sum of the results with these weights."""
        seeds = conjugates(from_reals(row, self.outputs))
        given = [own(g) for g in seeds]
        gradients = pull(given)
        if not all(np.array_equal(a, b) for a, b in zip(seeds, given, strict=True)):
            raise GradientError(
                f"reverse mode, order {self.order} of {name_of(self.problem.f)}: a rule "
                "modifies its incoming gradient in place; let it make a new array"
            )
        if not self.problem.by_hand:
            for name, x, g in zip(self.problem.names, numbers, gradients, strict=True):
                self.form(name, x, g)
        return reals(conjugates(gradients))

    def linear(self, pull: Any, jacobian: ndarray, numbers: Sequence[Any]) -> None:
        """Refuse gradients that are not linear in the incoming gradient."""
        factors = np.full(len(jacobian), -1.5)
        factors[0] = 2.5
        # entries that cancel are no larger than their rounding errors
        eps = 1e3 * float(np.finfo(coarsest([*numbers, *self.outputs])).eps)
        eps = max(eps, self.problem.accuracy)
        unit = max(abs(self.start).max(initial=0.0), 1.0) / scales(reals(numbers)).min(initial=1.0)
        for scale in GROWTH:
            found = self.row(pull, scale * factors @ self.weights, numbers) / scale
            expected = factors @ jacobian
            size = abs(factors) @ abs(jacobian) + abs(found)
            blur = max(1e-6, eps) * size + max(1e-9, eps) * size.max(initial=0.0) + eps * unit
            off = abs(found - expected) > blur
            if np.all(np.isfinite(expected)) and off.any():
                raise GradientError(
                    f"reverse mode, order {self.order} of {name_of(self.problem.f)} is not linear "
                    f"in its incoming gradient: for a sum of gradients it gives "
                    f"{found[off][0]:.12g}, and its gradients for each add up to "
                    f"{expected[off][0]:.12g}"
                )

    def form(self, name: str, x: Any, g: Any) -> None:
        """Refuse a gradient that differs in shape or dtype from its argument."""
        if np.shape(g) != np.shape(x):
            raise GradientError(
                f"the gradient of {name_of(self.problem.f)} with respect to {name} has shape "
                f"{np.shape(g)}, not {np.shape(x)} like the argument; sum over broadcast axes"
            )
        if isinstance(x, ndarray) and np.result_type(g).type is not x.dtype.type:
            raise GradientError(
                f"the gradient of {name_of(self.problem.f)} with respect to {name} has dtype "
                f"{np.result_type(g)}, not {x.dtype} like the argument; write g.astype(x.dtype)"
            )

    def pushed(self, push: Any, numbers: Sequence[Any], k: int, step: ndarray) -> ndarray:
        """Return how the rows change along a step of one number, by forward mode."""
        tangents = [np.zeros(reals([x]).size) for x in numbers]
        tangents[k] = step
        try:
            change = reals(push(from_reals(np.concatenate(tangents), numbers)))
        except GradientError:
            raise
        except Exception as error:
            raise GradientError(
                f"forward mode, order {self.order} of {name_of(self.problem.f)} is not possible: "
                f"{type(error).__name__}: {error}"
            ) from error
        if change.size != self.start.size:
            raise GradientError(
                f"forward mode, order {self.order} of {name_of(self.problem.f)} gives changes of "
                f"{change.size} results, but there are {self.start.size}; sum over broadcast axes"
            )
        return change if self.rows is None else self.rows @ change

    def rounding(self, numbers: Sequence[Any], k: int, step: ndarray, row: int) -> float:
        """Return how far rounding moves a derivative, in the function and in the rules of its ops.

        It is in units of the dtype's eps, 0 if that cannot be found out.
        """
        return self.moved_by_rounding(numbers, k, step, row)

    def conditioning(self, numbers: Sequence[Any], k: int, step: ndarray, row: int) -> float:
        """Return how far rounding in the function alone moves a derivative, in units of eps.

        Rules may lose as many digits, and no more: what they round inside is left out, but not
        that the numbers themselves are rounded where they move. It is 0 if that cannot be found
        out.
        """
        return self.moved_by_rounding(numbers, k, step, row, of_rules=False)

    def moved_by_rounding(
        self,
        numbers: Sequence[Any],
        k: int,
        step: ndarray,
        row: int,
        of_rules: bool = True,
    ) -> float:
        """Return Σ |number · derivative of the derivative by it| over a gradient's graph."""
        try:
            with silence():
                inputs = [Value(x) for x in numbers]
                pull, _ = self.problem.pullback(inputs)
                known = None if of_rules else next_serial()
                moved = pull(conjugates(from_reals(self.weights[row], self.outputs)))[k]
                (tangent,) = conjugates(from_reals(step, [numbers[k]]))
                along = np.real(moved * np.conj(tangent))
                return rounding(np.sum(along), known) + float(abs(along).sum().item())
        except Exception:
            return 0.0
