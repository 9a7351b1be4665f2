"""Gradients that were written by hand, or come from elsewhere, in the form of a Problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.testing.problem import Problem, own
from autograd.testing.report import GradientError
from autograd.testing.slips import misshapen
from autograd.trace import called
from autograd.trees import aligned


class Handwritten(Problem):
    """A function with a gradient function of its own.

    Args:
        f, args, wrt: see Problem.
        grad: a function of the same arguments.
    """

    def __init__(
        self, f: Callable[..., Any], args: Sequence[Any], wrt: Any, grad: Callable[..., Any]
    ) -> None:
        super().__init__(f, args, wrt)
        self.grad = grad
        moving = {name.partition("]")[0] for name in self.names}
        self.differentiated = [i for i in self.keys if f"args[{i}" in moving]

    def pullback(self, numbers: Sequence[Any]) -> tuple[Callable[[list[Any]], list[Any]], Any]:
        """Return what the one of Problem returns, by `grad`.

        `grad` is asked in the dtype of the arguments as they were given.

        Raises:
            GradientError: `grad` changes its arguments, is not the same again, or gives something
                of another form.
        """
        results = self(*[own(x) for x in numbers])
        numbers = self.numbers
        given = self.arguments([own(x) for x in numbers])
        tree = self.grad(*given)
        if name := self.changed(given):
            raise GradientError(
                f"{called(self.grad)} modifies its input {name} in place; let it copy first"
            )
        found = self.entries(tree)
        self.fitting(found, results)
        again = self.entries(self.grad(*self.arguments([own(x) for x in numbers])))
        for name, a, b in zip(self.names, found, again, strict=True):
            if np.shape(a) == np.shape(b) and not np.allclose(a, b, rtol=1e-12, equal_nan=True):
                raise GradientError(
                    f"{called(self.grad)} gives different gradients of {name} when called twice"
                )
        return (
            lambda g: [self.weighted(a, x, g) for a, x in zip(found, numbers, strict=True)]
        ), results

    def entries(self, tree: Any) -> list[Any]:
        """Return what `grad` gave for each number that moves."""
        hint = "; does it lack a return?" if tree is None else ""
        several = len(self.differentiated) > 1
        if not several and not (isinstance(tree, tuple) and len(tree) == 1):
            tree = (tree,)
        if not isinstance(tree, (tuple, list)) or len(tree) != len(self.differentiated):
            raise GradientError(
                f"{called(self.grad)} should return {len(self.differentiated)} gradients, one for "
                f"each argument, in a tuple, and it returns {tree!r:.60}{hint}"
            )
        found: dict[str, Any] = {}
        for i, part in zip(self.differentiated, tree, strict=True):
            try:
                pairs = list(aligned(part, self.args[i], f"args[{i}]"))
            except TypeError as error:
                raise GradientError(f"the gradient by {called(self.grad)}: {error}") from None
            found.update(pairs)
        entries: list[Any] = []
        for name, x in zip(self.names, self.numbers, strict=True):
            a = found[name]
            try:
                kind = np.asarray(a).dtype.kind
            except ValueError:
                kind = "O"
            if kind not in "biufc":
                raise GradientError(
                    f"{called(self.grad)} returns {a!r:.60} as the gradient of {name}, no "
                    f"number{hint}"
                )
            if isinstance(x, np.ndarray) and isinstance(a, (list, tuple)):
                raise GradientError(
                    f"{called(self.grad)} returns a {type(a).__name__} as the gradient of {name}, "
                    "which is an array; return np.array(...)"
                )
            entries.append(a if isinstance(a, (float, complex, np.generic)) else np.asarray(a))
        return entries

    def fitting(self, gradients: list[Any], results: list[Any]) -> None:
        """Refuse what has the shape neither of a gradient nor of a Jacobian.

        Raises:
            GradientError: a gradient has another shape, or there are several results for it.
        """
        if len(results) != 1:
            raise GradientError(
                f"grad= belongs to one result, and {called(self.f)} returns {len(results)}; check "
                "a function that returns one of them, or np.concatenate them"
            )
        lead = np.shape(results[0])
        for name, x, a in zip(self.names, self.numbers, gradients, strict=True):
            jacobian, single = lead + np.shape(x), np.size(results[0]) == 1
            if np.shape(a) == jacobian or (single and np.shape(a) == np.shape(x)):
                continue
            wanted = np.shape(x) if single else jacobian
            what = (
                "gradient has the shape of the argument"
                if single
                else (f"result has shape {lead}, so this is a Jacobian of shape (result, argument)")
            )
            raise GradientError(
                f"the gradient with respect to {name} by {called(self.grad)} has shape "
                f"{np.shape(a)}, not {wanted}: the {what}; {misshapen(np.shape(a), wanted)}"
            )

    def weighted(self, a: Any, x: Any, g: list[Any]) -> Any:
        """Return Σ g · a of a gradient, or of a Jacobian with the result's axes first."""
        if len(g) == 1 and np.ndim(g[0]) and np.shape(a) == np.shape(g[0]) + np.shape(x):
            axes = np.ndim(g[0])
            return np.tensordot(g[0], a, axes=axes).astype(np.result_type(a))[()]
        if len(g) == 1 and np.size(g[0]) == 1:
            weight = np.reshape(g[0], ())[()]
            return np.asarray(a * weight).astype(np.result_type(a))[()]
        return a
