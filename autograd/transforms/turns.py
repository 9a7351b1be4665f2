"""Turns: what a loop does, and how to run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograd.engine.differentiating import differentiated
from autograd.engine.graph import next_serial
from autograd.engine.value import Value
from autograd.transforms.checkpoint import from_outside
from autograd.transforms.rows import Row, added, row_of, stacked_rows
from autograd.transforms.seeds import learning

Results = tuple[Row, Row, Row]  # the next or last state, outputs, and what is summed up


@dataclass(frozen=True)
class Loop:
    """A loop that takes a row of some columns at each turn and carries a state.

    A column is an array, a Value, or None, of which each row is None.

    Args:
        name: what to call it in pictures and messages.
        body: `(t, state, row)` → the next state, outputs, and summands, where None is 0.
        goes_on: `(k, state)` → whether there is a turn after k turns.
        order: `k` → the row that turn k takes.
        length: the number of turns, None if the state decides.
    """

    name: str
    body: Callable[[Any, Row, Row], Results]
    goes_on: Callable[[int, Row], Any]
    order: Callable[[int], int] = int
    length: int | None = None

    def plain(self, state: Row, columns: Row) -> Results:
        """Return the last state, the outputs of all turns stacked by row, and the sums."""
        outputs: dict[int, Row] = {}
        sums: Row = []
        k = 0
        while self.goes_on(k, state):
            t, k = self.order(k), k + 1
            state, outputs[t], summands = self.body(t, state, row_of(columns, t))
            sums = added(sums, summands)
        return state, stacked_rows(outputs), sums

    def turn(self, t: Any, state: Row, row: Row) -> tuple[Results, list[Value]]:
        """Return what the body does, and the Values from outside that this depends on."""
        entries = [x for x in (*state, *row) if learning(x)]
        own = [*[x.serial for x in entries], next_serial()]
        results = differentiated(own[:-1], self.body, (t, state, row), {})
        roots = [x for part in results for x in part if learning(x)]
        used = from_outside(self.name, self.body, roots, entries, own)
        return results, [x for x in used if learning(x)]
