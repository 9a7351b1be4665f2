"""Loops and maps inside a function that is recorded: few turns one by one, many as one step."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiling.batched import mapped
from autograd.compiling.errors import NotHereError, TracingError
from autograd.compiling.reading import numbers
from autograd.compiling.recording import Recording
from autograd.compiling.repeated import Repeated, form, is_floating
from autograd.compiling.subprogram import Subprogram
from autograd.compiling.text import OtherwiseError
from autograd.engine.arrays import computed
from autograd.transforms.rows import Row, row_of, stacked_column
from autograd.transforms.turns import Loop, Results

MANY = 500  # turns
SAMPLES = 8
SETTLED = 3  # turns after which a state has the dtypes that it keeps


class Inside:
    """The `Host` while a function is recorded."""

    def looped(self, loop: Loop, state: Row, columns: Row) -> Results | None:
        """Return what `loop.plain` does, by one step; None for a loop that is recorded as it is."""
        if loop.length is None or loop.length < MANY:
            return None
        try:
            return Long(loop, columns).results(state)
        except (NotHereError, TracingError, OtherwiseError):
            return None

    def mapped(self, f: Any, columns: Row, axes: Any) -> Row | None:
        """Return the results for all samples; None to have them recorded one by one."""
        if len(columns[0]) < SAMPLES:
            return None
        try:
            return mapped(f, columns, axes)
        except (NotHereError, TracingError):
            return None


Recording.host = Inside()


class Long:
    """A loop of many turns.

    Attributes:
        first: the outputs of the turns that are recorded one by one, until the state is settled.
        state: what it is then; `moving` are the places of floats in it, which change.
    """

    def __init__(self, loop: Loop, columns: Row) -> None:
        self.loop, self.columns = loop, columns
        self.backwards = loop.order(0) != 0
        self.first: list[Row] = []
        self.state: Row = []
        self.moving: list[int] = []

    def results(self, state: Row) -> Results:
        """Return what `loop.plain` does.

        Raises:
            NotHereError, TracingError: it cannot be one step.
        """
        rows = self.rows_in(slice(None))
        self.state, self.moving = state, [i for i, x in enumerate(state) if is_floating(x)]
        Subprogram(
            lambda given: self.turn(given, rows), self.sample(rows)
        )  # it changes nothing else?
        self.settle(state)
        n, done = self.loop.length or 0, len(self.first)
        rows = self.rows_in(slice(0, n - done) if self.backwards else slice(done, n))
        wide = [x for x in rows if x is not None]
        starts = [self.state[i] for i in self.moving]
        body = Subprogram(lambda given: self.turn(given, rows), self.sample(rows))
        run = Repeated(self.loop.name, body, starts, wide, self.backwards)
        found = run(*starts, *wide, *body.outside)
        last = list(self.state)
        for i, x in zip(self.moving, found, strict=False):
            last[i] = x
        return last, self.joined(found[len(starts) :]), []

    def rows_in(self, part: slice) -> Row:
        """Return a part of the columns, and the numbers of turns, at which only fori_loop looks."""
        turns = np.arange(self.loop.length or 0) if all(x is None for x in self.columns) else None
        return [x if x is None else x[part] for x in (*self.columns, turns)]

    def sample(self, rows: Row) -> Row:
        """Return the numbers of floats in the state, and of a row."""
        state = [numbers(self.state[i]) for i in self.moving]
        return state + [computed(numbers(x)[0]) for x in rows if x is not None]

    def settle(self, state: Row) -> None:
        """Run turns until the state keeps its shapes and dtypes."""
        for k in range(SETTLED):
            t = self.loop.order(k)
            new, outputs, sums = self.loop.body(t, state, row_of(self.columns, t))
            self.first.append(outputs)
            kept, state = state, new
            if list(map(form, kept)) == list(map(form, state)) and not sums:
                break
        else:
            raise NotHereError("a state changes its form")
        self.state = state
        self.moving = [i for i, x in enumerate(state) if is_floating(x)]
        self.check_still(kept)

    def check_still(self, state: Row) -> None:
        """Raise unless all of a state but floats is what it was."""
        still = [i for i in range(len(state)) if i not in self.moving]
        if any(state[i] is not self.state[i] for i in still):
            raise NotHereError("what is no float changes in a state")

    def turn(self, given: Row, rows: Row) -> Row:
        """Return the next state and the outputs, for the numbers of a state and of a row."""
        own, state = iter(given), list(self.state)
        for i in self.moving:
            state[i] = next(own)
        *row, t = [None if x is None else next(own) for x in rows]
        new, outputs, _ = self.loop.body(t, state, row)
        self.check_still(new)
        return [new[i] for i in self.moving] + [y for y in outputs if y is not None]

    def joined(self, rest: Row) -> Row:
        """Return all outputs, those of the first turns and the rest."""
        first = self.first[::-1] if self.backwards else self.first
        found, outputs = iter(rest), []
        for column in zip(*first, strict=True):
            own = stacked_column(list(column))
            if own is not None:
                more = next(found)
                own = np.concatenate([more, own] if self.backwards else [own, more])
            outputs.append(own)
        return outputs
