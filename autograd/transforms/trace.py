"""Trace: run a function once at a point, and differentiate it there in either mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cached_property
from inspect import signature
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import NUMBERS, as_numpy, learns
from autograd.engine.differentiating import differentiated
from autograd.engine.dispatch import OURS, DroppedGradientError
from autograd.engine.inputs import leaf_data
from autograd.engine.modes import recording, with_graph
from autograd.engine.tracing import tracer
from autograd.engine.trees import aligned, children, filled, leaves
from autograd.engine.value import Value, held, leaf
from autograd.transforms.paths import Paths
from autograd.transforms.seeds import (
    entry_of,
    is_float,
    joined_objects,
    learning,
    numbers_of,
    seed,
    unrelated,
    unshared,
    zeros,
)

Argnum = int | str | tuple[int | str, ...] | list[int | str]
ALREADY = nullcontext()  # a graph is recorded anyway


class Trace:
    """One run of a function: its arguments, its results and the graph between them.

    Each number to differentiate enters as a node of its own, even if it is a Value already, so
    that nested derivatives do not mix up their variables.

    Args:
        f: the function.
        argnum: which arguments to differentiate: a position, a name, or several of them.
        args: all positional arguments.
        kwargs: all keyword arguments.
        goal: the name of the transformation, for messages.

    Raises:
        TypeError: there is no such argument, or it holds no floating-point numbers.
    """

    def __init__(
        self, f: Callable[..., Any], argnum: Argnum, args: tuple, kwargs: dict, goal: str
    ) -> None:
        self.f, self.goal = f, goal
        self.argument: Any
        self.entries: Sequence[Value | None]
        self.inputs: list[Value]
        if type(argnum) is int and 0 <= argnum < len(args) and is_float(args[argnum]):
            self.argument = args[argnum]
            self.entries = self.inputs = [leaf(leaf_data(self.argument))]
            args = (*args[:argnum], self.inputs[0], *args[argnum + 1 :])
        else:
            args, kwargs = self._enter(argnum, args, kwargs)
            self.inputs = [entry for entry in self.entries if entry is not None]
        serials = [entry.serial for entry in self.inputs]
        leaves_only = all([entry.op is None for entry in self.inputs])
        paused = not recording()
        with with_graph() if paused else ALREADY:
            try:
                self.result = joined_objects(differentiated(serials, f, args, kwargs))
            except ValueError as error:
                # a[i] = v into a plain array: NumPy hides our error behind one of its own
                if isinstance(error.__cause__, DroppedGradientError):
                    raise error.__cause__ from None
                raise
        self.outputs = [y.current() if isinstance(y, Value) else y for _, y in leaves(self.result)]
        self.roots = [y for y in self.outputs if learning(y)]
        self.paths = Paths(self.roots, serials)
        # Derivatives are Values if they depend on Values from outside, plain numbers otherwise.
        self.live = not (paused or (self.paths.closed and leaves_only)) or tracer() is not None

    def _enter(self, argnum: Argnum, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        """Return all arguments, with nodes in place of the numbers to differentiate."""
        several = isinstance(argnum, (tuple, list))
        chosen = argnum if isinstance(argnum, (tuple, list)) else [argnum]
        keys = [argument_key(self.f, key, args, kwargs) for key in chosen]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise TypeError(
                f"{self.goal}: argnum {argnum} asks for argument {min(twice)} of "
                f"{name_of(self.f)} twice; give each argument once"
            )
        arguments = {**dict(enumerate(args)), **kwargs}
        given = tuple([arguments[key] for key in keys])
        self.argument = given if several else given[0]
        found = [
            (x, self._entry(x, name))
            for key, argument in zip(keys, given, strict=True)
            for name, x in leaves(argument, f"argument {key}")
        ]
        self.entries = [entry for _, entry in found]
        if found and not any(entry is not None for entry in self.entries):
            raise TypeError(
                f"{self.goal} needs a float or an array of floats to differentiate, but argument "
                f"{argnum} of {name_of(self.f)} is {self.argument!r:.60}"
            )
        entered = filled(given, iter([x if entry is None else entry for x, entry in found]))
        arguments |= dict(zip(keys, entered, strict=True))
        return tuple([arguments[i] for i in range(len(args))]), {k: arguments[k] for k in kwargs}

    def _entry(self, x: Any, name: str) -> Value | None:
        """Return the node that stands for a number, None for what has no derivative."""
        if isinstance(x, Value):
            return entry_of(x) if learns(held(x)) else None
        if not isinstance(x, NUMBERS):
            return None
        dtype = np.result_type(x)
        if dtype.kind in "iu":
            kind, write = type(x).__name__, f"{x}.0"
            if isinstance(x, ndarray):
                kind, write = f"array of {dtype}", "x.astype(float)"
            article = "an" if kind[0] in "aeiou" else "a"
            raise TypeError(
                f"{self.goal}: {name} of {name_of(self.f)} is {article} {kind}, and only "
                f"floating-point numbers have derivatives; write {write}"
            )
        return leaf(leaf_data(x)) if dtype.kind in "fc" else None

    # -- what came out ---------------------------------------------------------------------------

    def numbers(self) -> list[Any]:
        """Return all results, each a number, an array or a Value.

        Raises:
            TypeError: one of them is something else.
        """
        for name, y in leaves(self.result, "result"):
            self._check(y, name)
        return self.outputs

    def number(self, y: Any) -> Any:
        """Return `y` if it is one real number, or an array or Value of one.

        Raises:
            TypeError: it is something else.
        """
        if type(y) is Value and type(held(y)) is float:
            return y
        self._check(y, "result")
        if np.size(y) != 1:
            raise TypeError(
                f"{self.goal} needs a function that returns one number, but the result of "
                f"{name_of(self.f)} has shape {np.shape(y)}; return its sum or mean, or use "
                "jacobian, or elementwise_grad if each entry depends on one entry of the argument"
            )
        dtype = np.result_type(y)
        if dtype.kind == "b" or (isinstance(y, Value) and not learns(held(y))):
            raise TypeError(
                f"{self.goal}: the result of {name_of(self.f)} has dtype {dtype}, which has no "
                "derivative; return a floating-point number"
            )
        return self.real(y)

    def real(self, y: Any) -> Any:
        """Return `y` if it is not complex.

        Raises:
            TypeError: it is complex.
        """
        if np.result_type(y).kind == "c":
            raise TypeError(
                f"{self.goal} needs a function that returns real numbers, but the result of "
                f"{name_of(self.f)} is complex; return its np.real or np.abs, or use "
                "holomorphic_grad or jacobian"
            )
        return y

    def _check(self, y: Any, name: str) -> None:
        if not isinstance(y, (Value, *NUMBERS)):
            hint = "; does it lack a return?" if y is None else ""
            raise TypeError(
                f"{self.goal} needs a function that returns numbers, but the {name} of "
                f"{name_of(self.f)} is {y!r:.60}{hint}"
            )

    def outside(self, tree: Any) -> Any:
        """Return results as the caller sees them: numbers, or Values if a larger graph goes on."""
        if self.live:
            return tree
        return filled(tree, iter([numbers_of(y) for _, y in leaves(tree)]))

    # -- derivatives -----------------------------------------------------------------------------

    def pull(self, seeds: list[Any]) -> list[Any]:
        """Return the gradient of Σ seed · result with respect to each input.

        Args:
            seeds: for each result a number, array or Value of its shape; None for zero.
        """
        own = [s for s, y in zip(seeds, self.outputs, strict=True) if learning(y)]
        return self._walk(self.paths, own, self.inputs)

    def push(self, tangents: list[Any]) -> list[Any]:
        """Return how each result changes when each input moves along its tangent.

        The gradient of Σ probe · result is linear in the probes, and its own gradient with
        respect to them is this change (J. Townsend, "A new trick for calculating Jacobian vector
        products", 2017). The graph of the first gradient is built once, for all tangents.
        """
        probes, linear, ways = self._transposed
        seeds = [t for t, way in zip(tangents, ways, strict=True) if isinstance(way, Value)]
        changes = iter(self._walk(linear, seeds, probes))
        return [next(changes) if learning(y) else zeros(y) for y in self.outputs]

    @cached_property
    def _transposed(self) -> tuple[list[Value], Paths, list[Any]]:
        probes = unrelated(self.roots)
        with with_graph():
            ways = self.paths.gradients(probes, self.live)
        links = [way for way in ways if isinstance(way, Value)]
        return probes, Paths(links, [probe.serial for probe in probes], linear=True), ways

    def _walk(self, paths: Paths, seeds: list[Any], targets: list[Value]) -> list[Any]:
        live = self.live and (recording() or tracer() is not None)
        if not (live or recording()):
            seeds = [held(s) if isinstance(s, Value) else s for s in seeds]
        found = paths.gradients(seeds, live)
        found.reverse()
        return [unshared(found.pop(), target, live) for target in targets]

    def like_argument(self, gradients: list[Any]) -> Any:
        """Return items, one for each input, arranged like the argument."""
        if len(gradients) == 1 and children(self.argument) is None:
            return as_numpy(gradients[0])
        rest = map(as_numpy, gradients)
        return filled(self.argument, iter([x if x is None else next(rest) for x in self.entries]))

    def like_result(self, changes: list[Any]) -> Any:
        """Return items, one for each result, arranged like the result."""
        return filled(self.result, map(as_numpy, changes))

    # -- seeds given by the user -----------------------------------------------------------------

    def cotangents(self, tree: Any) -> list[Any]:
        """Return a tree like the result as seeds for `pull`."""
        return [
            seed(y, given, name)
            for y, (name, given) in zip(
                self.outputs, aligned(tree, self.result, "the cotangent"), strict=True
            )
        ]

    def tangents(self, tree: Any) -> list[Any]:
        """Return a tree like the argument as seeds for `push`."""
        return [
            seed(entry, given, name)
            for entry, (name, given) in zip(
                self.entries, aligned(tree, self.argument, "the tangent"), strict=True
            )
            if entry is not None
        ]


def argument_key(
    f: Callable[..., Any], key: int | str, args: tuple, kwargs: dict, what: str = "argnum"
) -> int | str:
    """Return where an argument is: its position in `args` or its name in `kwargs`.

    Raises:
        TypeError: there is no such argument; the message calls the key `what`.
    """
    if isinstance(key, str):
        if key in kwargs:
            return key
        names = list(signature(f).parameters)
        if key in names and names.index(key) < len(args):
            return names.index(key)
        raise TypeError(f"{what} {key!r}: {name_of(f)} was called without an argument of that name")
    if not isinstance(key, (int, np.integer)) or isinstance(key, bool):
        raise TypeError(f"{what} is the position or the name of an argument, not {key!r:.60}")
    if not -len(args) <= key < len(args):
        raise TypeError(
            f"{what} {key}: {name_of(f)} was called with {len(args)} positional arguments, counted "
            f"from 0; give another {what}, or the name of a keyword argument"
        )
    return key % len(args)


def name_of(f: Callable[..., Any]) -> str:
    """Return the name of a function for a message, with its file and line unless it is ours."""
    name = getattr(f, "__name__", None) or f"{f!r}".partition("\n")[0][:40]
    code = getattr(f, "__code__", None)
    if code is None or code.co_filename.startswith(OURS):
        return name
    return f"{name} ({code.co_filename}, line {code.co_firstlineno})"
