"""The ending of a program in calls of NumPy's functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import inf, sqrt
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.blocks import function_of
from autograd.compiling.ending import Call, Ending, sets_of
from autograd.compiling.node import Node
from autograd.compiling.passes.finite import ALL_FINITE
from autograd.compiling.passes.regions import ufunc_of
from autograd.compiling.text import OtherwiseError
from autograd.engine.silence import silence

PART = 65_536  # entries that are written at once
# How large entries of a result are at most, from how large those of the arguments are.
SIZES: dict[Any, Callable[..., float]] = {
    np.add: lambda a, b: a + b,
    np.subtract: lambda a, b: a + b,
    np.multiply: lambda a, b: a * b,
    np.negative: lambda a: a,
}
SLACK = 2.0**-8  # for the rounding of sums of squares,
MOST_ENTRIES = 2**22  # which have so many terms at most


def is_quick(ending: Ending) -> bool:
    """Whether it is known how large results are at most; else they would be computed twice."""
    return not ending.finite or all(ufunc_of(step) in SIZES for step in ending.steps)


class InNumPy:
    """An ending in calls of NumPy's functions.

    Args:
        ending: which.
    """

    def __init__(self, ending: Ending) -> None:
        self.cut = ending
        checks = [Node(ALL_FINITE, (x,), {}, np.True_) for x in ending.finite]
        nodes, guards = [*ending.inputs, *ending.steps, *checks], [(x, np.True_) for x in checks]
        self.compute = silence()(function_of(nodes, ending.inputs, guards, [])[0])
        self.bounds = [(x, SIZES[ufunc_of(x)]) for x in ending.steps if ending.finite]
        self.limits = [(x, SLACK * float(np.finfo(x.sample.dtype).max)) for x in ending.finite]
        self.plans = [Plan(ending, steps) for steps in sets_of(ending)]
        self.text = "".join(["then, over the old numbers:\n", *(plan.text for plan in self.plans)])

    def calls(self, inputs: list[Any]) -> list[Call] | None:
        """Return what writes the results over the first inputs, None if one would be infinite."""
        if not self.cannot_be_large(inputs):
            try:
                self.compute(*inputs)
            except OtherwiseError:
                return None
        return [call for plan in self.plans for call in plan.calls(inputs)]

    def cannot_be_large(self, inputs: list[Any]) -> bool:
        """Return whether all results are finite for sure, from how large the inputs are at most."""
        if not self.limits:
            return True
        size = dict(zip(self.cut.inputs, map(at_most, inputs), strict=True))
        for node, bound in self.bounds:
            given = [size[x] if isinstance(x, Node) else abs(x) for x in node.args]
            size[node] = bound(*given)
        return all(size[x] < limit for x, limit in self.limits)


class Plan:
    """The calls for some steps that share arrays, part by part of these.

    Args:
        ending: whose steps they are.
        steps: which, in order.

    Attributes:
        between: dtypes of arrays that are needed beside inputs and results.
        constants: numbers that the steps take.
        lines: for each call its function, the places of what it takes among inputs, constants and
            arrays in between, and the place of its result.
    """

    def __init__(self, ending: Ending, steps: list[Node]) -> None:
        self.constants = [x for node in steps for x in node.args if not isinstance(x, Node)]
        self.size = steps[0].sample.size
        self.between: list[Any] = []
        self.lines: list[tuple[Any, list[int], int]] = []
        at: dict[Any, int] = {node: i for i, node in enumerate(ending.inputs)}
        first = len(at) + len(self.constants)
        constants = iter(range(len(at), first))
        last = {x: i for i, node in enumerate(steps) for x in node.parents}
        written = dict(zip(ending.inputs, ending.new, strict=False))
        late, free = [], []
        for i, node in enumerate(steps):
            given = [at[x] if isinstance(x, Node) else next(constants) for x in node.args]
            free += [at[x] for x in {*node.parents} if last[x] == i and at[x] >= first]
            targets = [x for x, new in written.items() if new is node]
            now = [x for x in targets if last.get(x, -1) <= i]  # nothing takes the old numbers
            if not targets:  # old numbers that nothing takes after this, and no later than its own
                taken = [x for x in node.parents if x in written and last[x] == i]
                now = [x for x in taken if last[node] <= steps.index(written[x])]
            if now:
                at[node] = at[now[0]]
            else:
                fits = [place for place in free if self.between[place - first] == node.sample.dtype]
                at[node] = fits[0] if fits else first + len(self.between)
                if fits:
                    free.remove(fits[0])
                else:
                    self.between.append(node.sample.dtype)
                if targets:
                    last[node] = len(steps)
            late += [(np.positive, [at[node]], at[x]) for x in targets if x not in now[:1]]
            self.lines.append((ufunc_of(node), given, at[node]))
        self.lines += late
        names = [f"x{i}" for i in range(len(ending.inputs))] + [repr(x) for x in self.constants]
        names += [f"y{i}" for i in range(len(self.between))]
        self.text = "".join(
            f"{f.__name__}({', '.join(names[i] for i in given)}, {names[out]})\n"
            for f, given, out in self.lines
        )

    def calls(self, inputs: list[Any]) -> list[Call]:
        """Return the calls for some inputs."""
        between = [np.empty(min(PART, self.size), dtype) for dtype in self.between]
        things = [*inputs, *self.constants, *between]
        used = {i for _, given, out in self.lines for i in (*given, out)}
        flat = {i: things[i].ravel() for i in used if isinstance(things[i], ndarray)}
        called = [(f, (*given, out)) for f, given, out in self.lines]
        found: list[Call] = []
        for start in range(0, self.size, PART):
            for i, x in flat.items():
                begin = start if i < len(inputs) else 0
                things[i] = x[begin : begin + min(PART, self.size - start)]
            found += [partial(f, *[things[i] for i in places]) for f, places in called]
        return found


def at_most(x: Any) -> float:
    """Return a number that no entry of an array is larger than, but for the rounding of sums."""
    if not isinstance(x, ndarray):
        return abs(x)
    flat = x.ravel()
    return sqrt(flat.dot(flat)) if x.size < MOST_ENTRIES else inf
