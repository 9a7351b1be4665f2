"""Loop: a loop that is one node of the graph, and whose gradient is a loop backwards.

The node keeps the state before each turn. Its rule goes through the turns from the last to the
first: it computes a turn again, with a graph, and carries the gradient of the state from its end to
its beginning. That is a loop of the same kind, so derivatives of any order are loops too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from autograd.engine.arrays import fit
from autograd.engine.each import Each
from autograd.engine.hosts import host
from autograd.engine.modes import recording, with_graph
from autograd.engine.ownership import kept
from autograd.engine.primitive import Primitive
from autograd.engine.silence import silence
from autograd.engine.tracing import tracer
from autograd.engine.value import Value, held, leaf, made_by
from autograd.ops.plain import raw
from autograd.transforms.checkpoint import (
    OPEN,
    fixed,
    is_random,
    packed,
    same,
    unpacked,
)
from autograd.transforms.paths import Paths
from autograd.transforms.reach import NOTHING, Moment, state_in
from autograd.transforms.rows import (
    Kind,
    Row,
    added,
    as_kept,
    entry,
    kind_of,
    new_node,
    nonzero,
    row_of,
    stacked_rows,
)
from autograd.transforms.seeds import learning, zeros
from autograd.transforms.turns import Loop, Results


def looped(loop: Loop, state: Row, columns: Row) -> Results:
    """Return what `loop.plain` does, as one node of the graph where there is one."""
    engine = host()
    if engine is not None and (found := engine.looped(loop, state, columns)) is not None:
        return found
    one_node = recording() and tracer() is None  # a trace records what is in it
    return Record(loop).node(state, columns) if one_node else loop.plain(state, columns)


@dataclass
class Record:
    """A run of a loop that can be computed again, turn by turn.

    Attributes:
        loop: the loop.
        start, columns: what it began with, and `OPEN` for what can be differentiated by.
        outside: the serials of the Values from outside that its results depend on.
        moving: the places of the states, outputs and sums that have derivatives.
        before: by row, in order of turns, the state before the turn: of what can be differentiated
            by only its `Kind`.
        after: for each row that of the next turn, the number of turns for the last.
        last: the kinds of the moving states at the end.
        forms: the shapes and dtypes of the parts, which `run` returns.
        begun: the buffers and random generators that the loop moved, as they were before it.
        then: by row, those that the turn moved, as they were before it.
    """

    loop: Loop
    start: Row = field(default_factory=list)
    columns: Row = field(default_factory=list)
    outside: list[int] = field(default_factory=list)
    moving: list[list[int]] = field(default_factory=list)
    before: dict[int, Row] = field(default_factory=dict)
    after: dict[int, int] = field(default_factory=dict)
    last: list[Kind] = field(default_factory=list)
    forms: list[tuple[tuple[int, ...], Any]] = field(default_factory=list)
    begun: Moment = NOTHING
    then: dict[int, Moment] = field(default_factory=dict)

    def run(self, state: Row, columns: Row) -> tuple[Results, Row, list[Value]]:
        """Return the results, the parts, and the Values from outside that they depend on.

        The parts are the numbers of the moving states, outputs and sums. That of a state has a row
        for before each turn, and one for the end.
        """
        self.start, self.columns = [fixed(x) for x in state], [fixed(x) for x in columns]
        numbers = [as_kept(x) for x in columns]
        reached = state_in([self.loop.body, *state])
        begun = Moment(reached)
        moving = [{i for i, x in enumerate(state) if learning(x)}, set[int](), set[int]()]
        before: dict[int, Row] = {}
        outputs: dict[int, Row] = {}
        outside: dict[int, Value] = {}
        sums: Row = []
        k = 0
        while self.loop.goes_on(k, state):
            t, k = self.loop.order(k), k + 1
            before[t], then = [as_kept(x) for x in state], Moment(reached)
            self.before[t] = [
                kind_of(n) if learning(x) else n for x, n in zip(state, before[t], strict=True)
            ]
            given = list(map(entry, state, before[t]))
            row = list(map(entry, columns, row_of(numbers, t)))
            result, used = self.loop.turn(t, given, row)
            self.then[t] = then.of_what_moved()
            outside |= {x.serial: x for x in used}
            for seen, new in zip(moving, result, strict=True):
                seen |= {i for i, x in enumerate(new) if learning(x)}
            state, outputs[t] = result[0], [as_kept(x) for x in result[1]]
            sums = added(sums, [as_kept(x) for x in result[2]])
        self.begun = begun.of_what_moved()
        self.outside = list(outside)
        self.moving = [sorted(found) for found in moving]
        self.after = dict(zip(before, [*list(before)[1:], len(before)], strict=False))
        results = list(state), stacked_rows(outputs), sums
        rows = [*[before[t] for t in sorted(before)], [as_kept(x) for x in state]]
        parts = [np.stack([row[i] for row in rows]) for i in self.moving[0]]
        for found, places in zip(results[1:], self.moving[1:], strict=True):
            parts += [found[i] for i in places]
        self.forms = [(np.shape(part), np.result_type(part)) for part in parts]
        self.last = [kind_of(rows[-1][i]) for i in self.moving[0]]
        return results, parts, list(outside.values())

    def node(self, state: Row, columns: Row) -> Results:
        """Return the results, computed from the sources by one node."""
        inside = [x.current() for x in (*state, *columns) if learning(x)]
        results, parts, outside = self.run(state, columns)
        if not (parts and self.before):
            return results
        sources, data = (*inside, *outside), packed(parts)
        args = tuple([kept(x) for x in sources])
        op = Primitive(self.loop.name, self.forward, Each(self.gradients))
        node = made_by(op, data, sources, args, {}) if sources else leaf(data)
        each = iter(unpacked(node, self.forms))
        for i, kind in zip(self.moving[0], self.last, strict=True):
            results[0][i] = kind.of(next(each)[-1])
        for found, places in zip(results[1:], self.moving[1:], strict=True):
            for i in places:
                found[i] = next(each)
        return results

    def forward(self, *numbers: Any) -> Any:
        """Return the packed parts for other numbers."""
        given, other = map(leaf, numbers), Record(self.loop)
        start, columns = (
            [next(given) if x is OPEN else fixed(x) for x in row]
            for row in (self.start, self.columns)
        )
        with with_graph(), silence():
            _, parts, outside = self.begun.again(other.run, start, columns)
        self.check_outside(outside, numbers)
        if other.forms != self.forms:
            raise RuntimeError(
                f"{self.loop.name}: with these numbers it takes another number of turns, or its "
                "results have other shapes, so this graph cannot be used for them; call it again"
            )
        return packed(parts)

    # -- backwards -----------------------------------------------------------------------------

    def gradients(self, places: list[int], g: Any, y: Any, *numbers: Any) -> Row:
        """Return the gradients of the sources at these places."""
        live = any(isinstance(x, Value) for x in numbers)
        inside = len(numbers) - len(self.outside)
        by_outside = any(place >= inside for place in places)
        states, outputs, n = len(self.moving[0]), len(self.moving[1]), len(self.before)
        given = numbers[sum(x is OPEN for x in self.start) : inside]
        parts, slopes = unpacked(y, self.forms), unpacked(g, self.forms)
        sums = slopes[states + outputs :]

        def back(t: int, carry: Row, row: Row) -> Results:
            columns = iter(row)
            state, own = self.entered(t, islice(columns, states), islice(columns, len(given)))
            extra = list(islice(columns, states))
            roots, used = self.again(t, state, own, parts, numbers)
            ends = [
                (root, fit(slope, held(root)))
                for root, slope in zip(roots, (*carry, *columns, *sums), strict=True)
                if learning(root) and nonzero(slope) is not None
            ]
            entries = [state[i] for i in self.moving[0]]
            entries += [x for x, first in zip(own, self.columns, strict=True) if first is OPEN]
            targets = [*filter(learning, entries), *(used if by_outside else ())]
            paths = Paths([root for root, _ in ends], [x.serial for x in targets])
            slopes = paths.gradients([slope for _, slope in ends], live)
            found = {id(x): slope for x, slope in zip(targets, slopes, strict=True)}
            inside = [zeros(x) if found.get(id(x)) is None else found[id(x)] for x in entries]
            for i, more in enumerate(extra):
                if more is not None and learning(entries[i]):
                    inside[i] = inside[i] + fit(more, held(entries[i]))
            by_serial = {x.serial: found.get(id(x)) for x in used}
            return (
                inside[:states],
                inside[states:],
                [by_serial.get(serial) for serial in self.outside],
            )

        order = list(self.before)
        loop = Loop(
            f"gradient of {self.loop.name}",
            back,
            lambda k, _: k < n,
            lambda k: order[n - 1 - k],
        )
        carry = [kind.of(x[-1]) for x, kind in zip(slopes, self.last, strict=False)]
        columns = [*[x[:n] for x in parts[:states]], *given]
        columns += [nonzero(x[:n]) for x in slopes[:states]]
        columns += [nonzero(x) for x in slopes[states : states + outputs]]
        with with_graph():
            first, rows, totals = (
                looped(loop, carry, columns) if live else loop.plain(carry, columns)
            )
        starts = [x for i, x in zip(self.moving[0], first, strict=True) if self.start[i] is OPEN]
        found = [*starts, *rows, *totals]
        return [found[place] for place in places]

    def entered(self, t: int, states: Iterable[Any], own: Iterable[Any]) -> tuple[Row, Row]:
        """Return the state and the row of a turn, with new nodes to differentiate by.

        Args:
            t: the row.
            states: the numbers of the moving states before the turn.
            own: those of this row, in columns that can be differentiated by.
        """
        state = [fixed(x) if is_random(x) else x for x in self.before[t]]
        for i, x in zip(self.moving[0], states, strict=True):
            if isinstance(state[i], Kind):
                state[i] = new_node(state[i].of(x))
        numbers = map(new_node, own)
        row = [next(numbers) if x is OPEN else x for x in row_of(self.columns, t)]
        return state, row

    def again(
        self, t: int, state: Row, row: Row, parts: Row, numbers: tuple
    ) -> tuple[Row, list[Value]]:
        """Compute a turn again; return what may move of its results, and the Values from outside.

        Args:
            t, state, row: the arguments of the body.
            parts: what the loop computed.
            numbers: those of the sources.

        Raises:
            RuntimeError: the turn depends on something that has changed since it ran.
        """
        with silence():
            result, used = self.then[t].again(self.loop.turn, t, state, row)
        self.check_outside(used, numbers)
        roots = [new[i] for new, places in zip(result, self.moving, strict=True) for i in places]
        rows = [self.after[t]] * len(self.moving[0]) + [t] * len(self.moving[1])
        for new, part, place in zip(roots, parts, rows, strict=False):
            if not same(new, raw(part)[place]):
                raise RuntimeError(
                    f"{self.loop.name} gave other results when a turn was computed again; put what "
                    "changes between turns into the state or the data, such as a mask or a number "
                    "that it uses from outside, and draw from an np.random.Generator"
                )
        return roots, used

    def check_outside(self, used: list[Value], numbers: tuple) -> None:
        """Raise if a Value that a turn used from outside is not what it was."""
        own = numbers[len(numbers) - len(self.outside) :]
        then = dict(zip(self.outside, own, strict=True))
        if not all(x.serial in then and same(x, then[x.serial]) for x in used):
            raise RuntimeError(
                f"a Value that {self.loop.name} uses from outside has changed since it ran; call "
                "backward before you change it"
            )
