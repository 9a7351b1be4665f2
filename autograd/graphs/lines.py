"""Lines: the lines of a program, and which of them called an op."""

from __future__ import annotations

import linecache
import os
import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from types import CodeType, FrameType
from typing import Any, NamedTuple

from autograd.engine.graph import next_serial
from autograd.engine.modes import Watcher, watching
from autograd.engine.value import Value
from autograd.graphs.places import Spot, place_fields

LIMIT = 250_000  # how many ops' places are remembered
BLOCKS = 20  # of how many blocks that are over
STEPS = 3  # by how much the serial of a view grows when its base is changed in place


class Line(NamedTuple):
    """A line of a program: its file, number, function and text, and the bytes of the call."""

    file: str
    number: int
    function: str
    text: str
    columns: tuple[int, int] | None

    def __str__(self) -> str:
        where = f'File "{self.file}", line {self.number}, in {self.function}'
        if not self.text.strip():
            return where
        indent = len(self.text) - len(self.text.lstrip())
        lines = [where, f"    {self.text.strip()}"]
        if self.columns is not None:
            start, end = (len(self.text.encode()[:column].decode()) for column in self.columns)
            lines.append("    " + " " * (start - indent) + "^" * (end - start))
        return "\n".join(lines)


def line(code: CodeType | None, reached: int) -> Line | None:
    """Return the line at which some code had arrived, None if there is no code."""
    if code is None:
        return None
    number, last, start, end = next(islice(code.co_positions(), reached // 2, None))
    if number is None:
        number = code.co_firstlineno
    text = linecache.getline(code.co_filename, number).rstrip()
    columns = None
    if last == number and start is not None and end is not None:
        columns = (start, end)
    return Line(code.co_filename, number, code.co_name, text, columns)


class Places(Watcher):
    """A watcher that notes where each op was called.

    Args:
        base: the frame around what is watched.

    Attributes:
        places: the fields of a Spot for each op, oldest first.
    """

    def __init__(self, base: FrameType | None) -> None:
        self.base = base
        self.places: deque[tuple] = deque(maxlen=LIMIT)

    def made(
        self, value: Value, op: Any, parents: tuple, args: tuple, params: dict[str, Any] | None
    ) -> None:
        """Note the result of an op."""
        self.places.append(place_fields(value.serial, sys._getframe(3), self.base))

    def walked(
        self,
        roots: list[Value],
        seeds: list[Any],
        found: list[Any],
        nodes: list[Value] | None = None,
        places: dict[int, Any] | None = None,
    ) -> None:
        """Note nothing of a backward pass: its ops are noted one by one."""
        return

    def where(self, node: Value) -> str:
        """Return where a node was made, in words."""
        here = self.line(node)
        return f"made at {here}" if here else "made before debug() began or too long ago to know"

    def place(self, serial: int) -> Spot | None:
        """Return where a node was made; None if it was not watched.

        A node that was changed in place has a serial a little above that of the op that changed it.
        """
        places = list(self.places)
        i = bisect_right(places, serial, key=itemgetter(0))
        if not i:
            return None
        where = Spot(*places[i - 1])
        return where if where.child is None else self.place(where.child) or where

    def line(self, node: Value) -> Line | None:
        """Return the line at which a node was made, None if it is not known."""
        where = self.place(node.serial) if node.op is not None else None
        return None if where is None else line(where.code, where.reached)

    def close(self) -> None:
        """Let go of the frame around what was watched; what is made from now on has no place."""
        self.base = None
        if self.places:
            self.places.append((next_serial(), None, 0, (), None))


EARLIER: deque[deque[tuple]] = deque(maxlen=BLOCKS)  # the places of blocks that are over


def remember(noted: Places) -> None:
    """Keep the places of a block that is over, the newest LIMIT of all blocks."""
    if noted.places:
        EARLIER.append(noted.places)
        while sum(map(len, tuple(EARLIER))) > LIMIT:
            EARLIER.popleft()


def lines_of(values: Iterable[Value], noted: Places | None = None) -> dict[int, Line]:
    """Return the lines at which some Values were made, by serial, as far as they were noted.

    A Value that a rule made in a backward pass has the line of the op whose rule it was.

    Args:
        values: nodes of a graph.
        noted: what was noted while they were made, besides what `debug()` did.

    Example:
        >>> from autograd.engine.modes import watched
        >>> noted = Places(None)
        >>> with watched(noted):
        ...     y = Value(2.0) * 3.0
        >>> [here.text.strip() for here in lines_of([y], noted).values()]
        ['y = Value(2.0) * 3.0']
    """
    blocks = [*EARLIER, *(it.places for it in watching() if isinstance(it, Places))]
    blocks += [noted.places] if noted is not None else []
    where = {place[0]: place for block in blocks for place in tuple(block)}
    known: dict[tuple, Line | None] = {}
    lines: dict[int, Line] = {}
    for value in values:
        if value.op is None:
            continue
        near = range(value.serial, value.serial - (STEPS if value.op.view else 1), -1)
        place = next((where[n] for n in near if n in where), None)
        while place is not None and place[-1] in where:
            place = where[place[-1]]
        if place is None:
            continue
        at = place[1:3]
        if at not in known:
            known[at] = line(*at)
        if (here := known[at]) is not None:
            lines[value.serial] = here
    return lines


@lru_cache(100)
def shown_file(file: str) -> str:
    """Return the path of a file below the current folder, of another one only its name.

    A page may be sent to somebody whom the folders of its author are no concern of.
    """
    try:
        below = os.path.relpath(file)
    except ValueError:  # on another drive
        below = os.pardir
    return os.path.basename(file) if below.startswith(os.pardir) else below
