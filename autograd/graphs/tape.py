"""Tape: all ops that a function runs, in order, with what each of them took from which other.

A graph holds what can be differentiated. A tape holds comparisons and indices, too: numbers that
left the graph and came back are recognised by their memory.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from autograd.engine.modes import watched, with_graph
from autograd.engine.value import Value, held
from autograd.graphs.followed import Followed
from autograd.graphs.places import LIBRARY, USERS, kind_of
from autograd.ops.shape import copy, laid_out

IN_MEMORY = (copy, laid_out)


class ResultOf(NamedTuple):
    """What stands for the result of an entry among the arguments of another."""

    number: int


@dataclass
class Entry:
    """A leaf that was given to the function, or an op that ran.

    Attributes:
        op: the Primitive; None for a leaf.
        args, params: what it took, with a ResultOf for each result of another entry.
        data: the result.
        follows: whether it depends on an input.
        serial: that of the Value.
        line: where the program called the op, such as "model.py, line 7"; "" if unknown.
    """

    op: Any
    args: tuple
    params: dict[str, Any]
    data: Any
    follows: bool
    serial: int = 0
    line: str = ""


class Tape:
    """Watches a function run.

    Args:
        leaves: Values that the function uses and that do not depend on its inputs.

    Attributes:
        entries: the leaves, the inputs, and the ops.
        reads: the lines where the program took numbers out of Values that depend on an input.

    Example:
        >>> tape = Tape([])
        >>> y = tape.run(lambda x: x[np.argmax(x.numpy()) :] * 2, [Value([1.0, 2.0])])
        >>> [entry.op.name for entry in tape.entries if entry.op]
        ['getitem', 'multiply']
        >>> tape.entries[2].args
        (ResultOf(number=1), 2)
    """

    def __init__(self, leaves: list[Value]) -> None:
        self.entries: list[Entry] = []
        self.reads: list[str] = []
        self.places: dict[int, ResultOf] = {}  # by the serial of a Value
        self.memory: dict[tuple, ResultOf] = {}  # by where an array lies, and how
        for leaf in leaves:
            self.add(leaf, Entry(None, (), {}, held(leaf), False))

    def run(self, function: Callable[..., Any], inputs: list[Any]) -> Any:
        """Call a function of inputs, Values or anything else; return what it returns."""
        for x in inputs:
            if isinstance(x, Value):
                self.add(x, Entry(None, (), {}, held(x), True))
        with np.errstate(all="ignore"), with_graph(), watched(self):
            return function(*inputs)

    def add(self, value: Value, entry: Entry) -> None:
        """Put an entry on the tape."""
        place = self.places[value.serial] = ResultOf(len(self.entries))
        entry.serial = value.serial
        self.entries.append(entry)
        if isinstance(entry.data, np.ndarray) and entry.data.size:
            self.memory.setdefault(memory_of(entry.data), place)
        if entry.follows:
            value.__class__ = Followed

    def same(self, value: Value, place: ResultOf) -> None:
        """Let a Value stand for a result that holds the same numbers, though they lie otherwise.

        Whether they are copied depends on how they lie, and so on the size of a batch.
        """
        self.places[value.serial] = place
        if isinstance(held(value), np.ndarray) and value.size:
            self.memory.setdefault(memory_of(held(value)), place)
        if self.entries[place.number].follows:
            value.__class__ = Followed

    def found(self, x: Any, parent: Value | None = None) -> Any:
        """Return an argument with a ResultOf for each result of an entry."""
        if parent is not None and parent.serial in self.places:
            return self.places[parent.serial]
        if isinstance(x, Value):
            return self.found(held(x), x)
        if isinstance(x, np.ndarray):
            return self.memory.get(memory_of(x), x)
        return tuple(map(self.found, x)) if type(x) is tuple else x

    # -- what it hears, see `engine.modes.Watcher`

    def made(
        self, value: Any, op: Any, parents: tuple, args: tuple, params: dict[str, Any] | None
    ) -> None:
        """Take down an op."""
        taken = tuple(self.found(x, p) for x, p in zip(args, parents, strict=True))
        if op.registered and op.call in IN_MEMORY and isinstance(taken[0], ResultOf):
            self.same(value, taken[0])
            return
        follows = any(self.entries[place.number].follows for place in places_in(taken))
        line = line_of(sys._getframe(1))
        self.add(value, Entry(op, taken, params or {}, held(value), follows, line=line))

    def walked(self, *told: Any) -> None:
        """Hear of a backward pass."""

    def where(self, frame: Any) -> str:
        """Return in which line of the program a frame is."""
        return at(line_of(frame))

    # -- what it hears from a `Followed` Value

    def read(self, frame: FrameType) -> None:
        """Take down that a frame read numbers: in which line of the program, or of ours."""
        self.reads.append(line_of(frame) or place_of(frame))


def places_in(args: Any) -> list[ResultOf]:
    """Return the places among arguments, also those in tuples."""
    if isinstance(args, ResultOf):
        return [args]
    return [place for x in args for place in places_in(x)] if type(args) is tuple else []


def memory_of(x: np.ndarray) -> tuple:
    """Return what two arrays share only if they are the same numbers."""
    return x.__array_interface__["data"][0], x.shape, x.strides, x.dtype


def line_of(frame: FrameType | None) -> str:
    """Return the line of the program that a frame was called from, within a run; "" for none."""
    while frame is not None and frame.f_code is not Tape.run.__code__:
        if kind_of(frame.f_code) & (USERS | LIBRARY):
            return place_of(frame)
        frame = frame.f_back
    return ""


def place_of(frame: FrameType) -> str:
    """Return the file and the line that a frame has reached."""
    return f"{os.path.basename(frame.f_code.co_filename)}, line {frame.f_lineno}"


def at(line: str) -> str:
    """Return where something happened, if it is known."""
    return f" ({line})" if line else ""
