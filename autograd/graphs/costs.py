"""Costs: what the parts of a network take and give, and what they cost.

Pictures, pages and `nn`'s summaries read these numbers here.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.engine.modes import no_grad, watched
from autograd.engine.trees import leaves
from autograd.engine.value import Value, held
from autograd.graphs.calls import Call, Watch
from autograd.notation.names import lengths

UNITS = ("", "k", "M", "G", "T", "P")
WHOLE = 100_000  # numbers below are written in full


def multiply_adds(op: Any, y: Any, args: tuple, params: dict[str, Any] | None) -> int:
    """Return how many products an op computed and summed up; 0 for other ops.

    Args:
        op: the op.
        y, args, params: its raw result, arguments and keyword arguments.

    Example:
        >>> y = Value(np.ones((5, 3))) @ np.ones((3, 2))
        >>> multiply_adds(y.op, y.numpy(), y.args, y.params)
        30
    """
    if op.multiply_adds is None:
        return 0
    return int(op.multiply_adds(y, *args, **(params or {})))


def memory(op: Any, y: Any, args: tuple) -> int:
    """Return how many bytes the result of an op takes, 0 for a view of its first argument."""
    shared = op.view and np.may_share_memory(y, args[0])
    return 0 if shared else int(np.asarray(y).nbytes)


def cost(values: Iterable[Value]) -> tuple[int, int]:
    """Return the multiply-adds of the ops that made some Values, and the bytes of their results."""
    done = size = 0
    for value in values:
        if value.op is not None:
            y, args = held(value), value.args
            done += multiply_adds(value.op, y, args, value.params)
            size += memory(value.op, y, args)
    return done, size


def sizes_of_parameters(module: Any) -> tuple[int, int]:
    """Return how many numbers the parameters of a module hold, and how many of them are frozen."""
    parameters = [parameter for _, parameter in module.named_parameters()]
    frozen = [p for p in parameters if not getattr(p, "trainable", True)]
    return sum(p.size for p in parameters), sum(p.size for p in frozen)


# -- a network that runs -------------------------------------------------------------------------


@dataclass
class Part:
    """A module of a network, and what its calls cost.

    Attributes:
        path: its path in the network, "" for the whole.
        module: the module.
        calls: how often it was called.
        taken, given: the shapes of its arguments and its results in the first call.
        multiply_adds, memory: those of all calls, inner modules included: products that are summed
            up, and bytes of what its ops computed.
        size, frozen: how many numbers its parameters hold, and how many of them are frozen.
    """

    path: str
    module: Any
    calls: int = 0
    taken: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    multiply_adds: int = 0
    memory: int = 0

    def __post_init__(self) -> None:
        self.size, self.frozen = sizes_of_parameters(self.module)


class Meter:
    """Adds up what ops cost: a watcher of ops, see `engine.modes.Watcher`."""

    def __init__(self) -> None:
        self.serials: list[int] = []
        self.costs: list[tuple[int, int]] = [(0, 0)]  # multiply-adds and bytes so far

    def made(
        self, value: Any, op: Any, parents: tuple, args: tuple, params: dict[str, Any] | None
    ) -> None:
        """Add the cost of an op."""
        y = held(value)
        self.serials.append(value.serial)
        done, bytes = self.costs[-1]
        self.costs.append((done + multiply_adds(op, y, args, params), bytes + memory(op, y, args)))

    def walked(self, *told: Any) -> None:
        """Hear of a backward pass."""

    def where(self, node: Any) -> str:
        """Return nothing to say of a node."""
        return ""

    def between(self, first: int, last: int) -> tuple[int, int]:
        """Return the multiply-adds and bytes of the nodes with serials between two others."""
        before, after = (self.costs[bisect(self.serials, at)] for at in (first, last))
        return after[0] - before[0], after[1] - before[1]


def parts_of(model: Any, *inputs: Any) -> list[Part]:
    """Run a network without a graph, and return its parts, outer ones first.

    Args:
        model: a module of `nn`.
        inputs: what to call it with; arrays of floats become Values, so that all ops count.
    """
    parts = {id(module): Part(path, module) for path, module in model.named_modules()}
    meter = Meter()

    def seen(call: Call) -> None:
        part = parts[id(call.module)]
        if not part.calls:
            part.taken, part.given = shapes_of(call.args), shapes_of(call.output)
        done, bytes = meter.between(call.first, call.last)
        part.calls += 1
        part.multiply_adds += done
        part.memory += bytes

    with no_grad(), watched(meter), Watch([part.module for part in parts.values()], seen):
        model(*map(as_value, inputs))
    return list(parts.values())


def as_value(x: Any) -> Any:
    """Return an array of floats as a Value, anything else as it is."""
    return Value(x) if isinstance(x, np.ndarray) and x.dtype.kind in "fc" else x


def shapes_of(tree: Any) -> list[str]:
    """Return the shapes of all arrays among arguments or results, as text; "1" for a number."""
    arrays = (x for _, x in leaves(tree) if isinstance(x, (Value, np.ndarray, float, np.generic)))
    return [lengths(x) or "1" for x in arrays]


# -- in words ------------------------------------------------------------------------------------


def cost_in_words(done: int, size: int) -> str:
    """Return multiply-adds, if there are any, and bytes of results, as text."""
    words = f"{in_units(done)} multiply-add{'s' * (done != 1)}, " if done else ""
    return words + in_bytes(size)


def way(taken: Iterable[str], given: Iterable[str]) -> str:
    """Return what goes in and comes out, such as "5×4 → 5×8"; each shape once.

    Example:
        >>> way(["5×4", "5×4"], ["5×8"])
        '5×4 → 5×8'
    """
    sides = [", ".join(dict.fromkeys(shapes)) for shapes in (taken, given)]
    return f"{sides[0]} → {sides[1]}".strip() if sides[1] else sides[0]


def parameters_in_words(size: int, frozen: int) -> str:
    """Return how many parameters there are, and how many of them do not learn.

    Example:
        >>> parameters_in_words(1, 0), parameters_in_words(40, 8), parameters_in_words(40, 40)
        ('1 parameter', '40 parameters, 8 frozen', '40 parameters, frozen')
    """
    words = f"{size:,} parameter{'s' * (size != 1)}"
    if not frozen:
        return words
    return f"{words}, frozen" if frozen == size else f"{words}, {frozen:,} frozen"


def in_bytes(number: int) -> str:
    """Return a number of bytes, in units of a thousand: "8.19 kB"."""
    return in_units(number, "B", 1000)


def in_units(number: int, unit: str = "", whole: int = WHOLE) -> str:
    """Return a number in full if it is less than `whole`, else with three digits and a unit.

    Example:
        >>> in_units(1234), in_units(1_234_567), in_bytes(640), in_bytes(8192)
        ('1,234', '1.23 M', '640 B', '8.19 kB')
    """
    n = 0
    share = float(number)
    if number >= whole:
        while share >= 999.5 and n + 1 < len(UNITS):
            share, n = share / 1000, n + 1
    text = f"{share:.3g}" if n else f"{number:,}"
    return f"{text} {UNITS[n]}{unit}".rstrip()
