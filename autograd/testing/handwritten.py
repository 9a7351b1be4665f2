"""Gradients written by hand or taken from elsewhere, in the form of a Problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from autograd.engine.trees import aligned
from autograd.engine.value import Value
from autograd.testing.problem import NUMBERS, Problem, own
from autograd.testing.report import GradientError
from autograd.testing.slips import misshapen
from autograd.transforms.trace import name_of


class ByHand(Problem):
    """A function with derivatives that another function returns.

    Args:
        f, args, wrt: see Problem.
        by: the function that returns the derivatives; it takes the same arguments first.
    """

    def __init__(
        self, f: Callable[..., Any], args: Sequence[Any], wrt: Any, by: Callable[..., Any]
    ) -> None:
        super().__init__(f, args, wrt)
        self.by = by

    def taken(self, y: Any) -> Any:
        """Return an array of another library as a NumPy array."""
        if not isinstance(y, NUMBERS) and hasattr(y, "__array__"):
            with suppress(Exception):  # then it is not a number
                return np.asarray(y)
        return y

    def asked(self, *args: Any) -> Any:
        """Return what the other function returns for these arguments.

        Raises:
            GradientError: it raises an error, or changes one of the arguments of `f`.
        """
        try:
            found = self.by(*args)
        except GradientError:
            raise
        except Exception as error:
            raise GradientError(
                f"{name_of(self.by)} raises {type(error).__name__}: {error}"
            ) from error
        if name := self.changed(args[: len(self.args)]):
            raise GradientError(
                f"{name_of(self.by)} modifies its input {name} in place; let it copy first"
            )
        return found


class Handwritten(ByHand):
    """A function with a gradient function of its own, which is `by`."""

    by_hand = "grad="

    def pullback(self, numbers: Sequence[Any]) -> tuple[Callable[[list[Any]], list[Any]], Any]:
        """Return the same as `Problem.pullback`, computed with `grad`.

        `grad` is called in the dtype of the arguments as they were given.

        Raises:
            GradientError: `grad` returns something else the second time, or in another form.
        """
        results = self(*[own(x) for x in numbers])
        found, again = (
            self.entries(self.asked(*self.arguments([own(x) for x in self.numbers])))
            for _ in range(2)
        )
        self.fitting(found, results)
        rtol = max(1e-12, self.accuracy)
        for name, a, b in zip(self.names, found, again, strict=True):
            if not (np.shape(a) == np.shape(b) and np.allclose(a, b, rtol, 0.0, equal_nan=True)):
                raise GradientError(
                    f"{name_of(self.by)} gives different gradients of {name} when called twice"
                )
        return (lambda g: self.weighted(found, self.numbers, g)), results

    def gradient(self, results: list[Any], rng: np.random.Generator) -> Any:
        """Return the gradient as a function of the numbers and of the gradients of the results.

        Called with Values, it shows how far rounding moves the gradient.
        """

        def gradient(*moving: Any) -> list[Any]:
            numbers, g = moving[: len(self.numbers)], moving[len(self.numbers) :]
            return self.weighted(self.entries(self.by(*self.arguments(numbers))), numbers, g)

        return gradient

    def results(self, args: Sequence[Any]) -> list[Any]:
        """Return the result of the function, an array if it is a list of numbers.

        Raises:
            TypeError: the result is several arrays.
        """
        results = super().results(args)
        if len(results) > 1 and all(np.ndim(y) == 0 for y in results):
            return [np.stack(results)]
        if len(results) != 1:
            raise TypeError(
                f"grad= belongs to one result, but {name_of(self.f)} returns {len(results)}; check "
                "a function that returns one of them, or np.concatenate them"
            )
        return results

    def entries(self, tree: Any) -> list[Any]:
        """Return the gradient for each number that moves, from what `grad` returned."""
        hint = "; does it lack a return?" if tree is None else ""
        several = len(self.differentiated) > 1
        if not several and not (isinstance(tree, tuple) and len(tree) == 1):
            tree = (tree,)
        if not isinstance(tree, (tuple, list)) or len(tree) != len(self.differentiated):
            raise GradientError(
                f"{name_of(self.by)} should return a tuple of {len(self.differentiated)} "
                f"gradients, one for each argument, not {tree!r:.60}{hint}"
            )
        found: dict[str, Any] = {}
        for i, part in zip(self.differentiated, tree, strict=True):
            try:
                pairs = list(aligned(part, self.args[i], f"args[{i}]"))
            except TypeError as error:
                raise GradientError(f"the gradient by {name_of(self.by)}: {error}") from None
            found.update(pairs)
        entries: list[Any] = []
        for name, x in zip(self.names, self.numbers, strict=True):
            a = found[name]
            try:
                kind = np.result_type(a if isinstance(a, Value) else np.asarray(a)).kind
            except Exception:
                kind = "O"
            if kind not in "biufc":
                raise GradientError(
                    f"{name_of(self.by)} returns {a!r:.60} as the gradient of {name}, which is "
                    f"not a number{hint}"
                )
            if isinstance(x, np.ndarray) and isinstance(a, (list, tuple)):
                raise GradientError(
                    f"{name_of(self.by)} returns a {type(a).__name__} as the gradient of {name}, "
                    "which is an array; return np.array(...)"
                )
            whole = isinstance(a, (float, complex, np.generic, Value))
            entries.append(a if whole else np.array(a))  # a copy: `grad` may reuse its array
        return entries

    def fitting(self, gradients: list[Any], results: list[Any]) -> None:
        """Refuse gradients with the shape of neither a gradient nor a Jacobian, or a wrong dtype.

        Raises:
            GradientError: a gradient has another shape or dtype than it should.
        """
        (result,) = results
        lead, single = np.shape(result), np.size(result) == 1
        for name, x, a in zip(self.names, self.numbers, gradients, strict=True):
            what = f"the gradient with respect to {name} by {name_of(self.by)} has"
            jacobian = lead + np.shape(x)
            if np.shape(a) != jacobian and not (single and np.shape(a) == np.shape(x)):
                wanted = np.shape(x) if single else jacobian
                why = "a gradient has the shape of the argument"
                if not single:
                    why = f"for a result of shape {lead} it is a Jacobian, (result, argument)"
                raise GradientError(
                    f"{what} shape {np.shape(a)}, not {wanted}: {why}; "
                    f"{misshapen(np.shape(a), wanted)}"
                )
            given, dtype = np.result_type(a), np.result_type(x)
            if np.iscomplexobj(result) and given.kind == "c":
                dtype = np.result_type(dtype, np.complex64)  # for a real argument too
            if given != dtype and (isinstance(x, np.ndarray) or given.kind == "c"):
                raise GradientError(
                    f"{what} dtype {given}, not {dtype} like the argument; write g.astype({dtype})"
                )

    def weighted(
        self, gradients: Sequence[Any], numbers: Sequence[Any], g: Sequence[Any]
    ) -> list[Any]:
        """Return Σ g · a for each gradient a, or Jacobian with the result's axes first."""
        found = []
        for a, x in zip(gradients, numbers, strict=True):
            (weight,) = g or [1.0]
            axes = np.ndim(weight)
            if axes and np.shape(a) == np.shape(weight) + np.shape(x):
                total = np.tensordot(weight, a, axes=axes)
            else:
                total = np.reshape(weight, ()) * a
            found.append(total if np.iscomplexobj(x) else np.real(total))
        return found
