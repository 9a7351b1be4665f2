"""Repeated: a body for each row of some columns, as one step of a recorded function.

Its derivative is a loop backwards over the states that there were, of any order.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import prod
from typing import Any

import numpy as np

from autograd.compiling.errors import NotHereError
from autograd.compiling.node import HAS_NAN
from autograd.compiling.reading import numbers
from autograd.compiling.subprogram import Subprogram
from autograd.engine.arrays import NUMBERS, Foreign
from autograd.engine.contributions import foreign_in
from autograd.engine.each import Each
from autograd.engine.primitive import Primitive
from autograd.engine.silence import silence
from autograd.transforms.products import vjp
from autograd.transforms.rows import Row
from autograd.transforms.scan import scan
from autograd.transforms.seeds import zeros
from autograd.transforms.turns import Loop, Results


class Repeated:
    """A loop of a body.

    Args:
        name: for messages.
        body: takes the state, a row and Values from outside; returns the next state and outputs.
        starts, columns: the state it begins with, and the columns.
        backwards: whether it begins with the last row.
        keep: whether the states before all turns are results, too.

    Raises:
        NotHereError: a turn gives another form of state than it takes, or several dtypes.
    """

    def __init__(
        self,
        name: str,
        body: Subprogram,
        starts: Row,
        columns: Row,
        backwards: bool,
        keep: bool = False,
    ) -> None:
        self.given = name, body, starts, columns, backwards
        self.name, self.body, self.backwards, self.keep = name, body, backwards, keep
        self.states, self.rows, self.n = len(starts), len(columns), len(columns[0])
        forms = list(map(form, body.samples))
        if forms[: self.states] != list(map(form, starts)) or len({kind for _, kind in forms}) != 1:
            raise NotHereError("a state changes its form, or there are several dtypes")
        self.dtype = forms[0][1]
        shapes = [shape for shape, _ in forms]
        many = [(self.n, *shape) for shape in shapes]
        self.shapes = shapes[: self.states] + many[self.states :]
        self.shapes += many[: self.states] if keep else []

    def __call__(self, *given: Any) -> Row:
        """Return the last state, all outputs, and the states before all turns if they are kept.

        Args:
            given: the state, the columns, and what the body takes from outside.
        """
        return self.apart(Primitive(self.name, self.forward, Each(self.gradients))(*given))

    def apart(self, packed: Any) -> Row:
        """Return the parts of a result."""
        places = pairwise(accumulate(map(prod, self.shapes), initial=0))
        return [
            np.reshape(packed[start:stop], shape) if shape else packed[start]
            for (start, stop), shape in zip(places, self.shapes, strict=True)
        ]

    def groups(self, parts: Row) -> tuple[Row, Row, Row]:
        """Return the parts for the last state, for outputs, and for states before turns."""
        end = len(parts) - self.states if self.keep else len(parts)
        return parts[: self.states], parts[self.states : end], parts[end:]

    @silence()
    def forward(self, *given: Any) -> Any:
        """Return all results side by side in one flat array."""
        if (engine := foreign_in(given)) is not None:
            return self.on(engine, given)
        program, places = self.body.compiled()
        k, m = self.states, self.states + self.rows
        state, columns, outside = given[:k], given[k:m], given[m:]
        parts = [np.empty(shape, self.dtype) for shape in self.shapes]
        last, outputs, before = self.groups(parts)
        for t in reversed(range(self.n)) if self.backwards else range(self.n):
            for kept, x in zip(before, state, strict=False):
                kept[t] = x
            now = (*state, *[column[t] for column in columns], *outside)
            found = program(*[now[place] for place in places])
            state = found[:k]
            for kept, y in zip(outputs, found[k:], strict=True):
                kept[t] = y
        for part, x in zip(last, state, strict=True):
            part[...] = x
        return np.concatenate([np.ravel(part) for part in parts])

    def gradients(self, places: list[int], g: Any, y: Any, *given: Any) -> Row:
        """Return the gradients at these places, by a loop backwards over the states before."""
        k, m = self.states, self.states + self.rows
        columns, outside = given[k:m], given[m:]
        keeping = self if self.keep else Repeated(*self.given, keep=True)
        _, _, before = keeping.groups(self.apart(y) if self.keep else keeping(*given))
        by_last, by_outputs, by_before = self.groups(self.apart(g))
        asked = {*range(k), *places}
        moving = [i for i, x in enumerate(given) if is_floating(x) and i in asked]
        by_rows, by_outside = [i for i in moving if k <= i < m], [i for i in moving if i >= m]

        def back(carry: tuple[Row, Row], row: tuple[Row, ...]) -> tuple[tuple[Row, Row], Row]:
            ends, sums = carry
            state, this, of_outputs, of_before = row
            own = [*state, *this, *outside]

            def turn(*moved: Any) -> tuple:
                now = dict(zip(moving, moved, strict=True))
                return tuple(self.body(*[now.get(i, x) for i, x in enumerate(own)]))

            _, pull = vjp(turn, *[own[i] for i in moving])
            found = dict(zip(moving, pull((*ends, *of_outputs)), strict=True))
            new = [found[i] for i in range(k)]
            new = [x + more for x, more in zip(new, of_before, strict=True)] if of_before else new
            sums = [x + found[i] for x, i in zip(sums, by_outside, strict=True)]
            return (new, sums), [found[i] for i in by_rows]

        carry = by_last, [zeros(given[i]) for i in by_outside]
        rows = before, list(columns), by_outputs, by_before
        (ends, sums), found = scan(back, carry, rows, reverse=not self.backwards)
        order = [*range(k), *by_rows, *by_outside]
        by_place = dict(zip(order, [*ends, *found, *sums], strict=True))
        return [by_place.get(place) for place in places]

    def on(self, engine: Foreign, given: tuple) -> Any:
        """Return all results side by side, by a loop of another engine."""
        k, m = self.states, self.states + self.rows
        if any(node.op is not HAS_NAN for node in self.body.program.guards):
            raise NotHereError("a loop holds for some numbers only")

        def body(t: Any, state: Row, row: Row) -> Results:
            found = self.body(*state, *row, *given[m:])
            return found[:k], found[k:] + (state if self.keep else []), []

        order = (lambda t: self.n - 1 - t) if self.backwards else int
        loop = Loop(self.name, body, lambda t, _: t < self.n, order, self.n)
        last, outputs, _ = engine.looped(loop, list(given[:k]), list(given[k:m]))
        return np.concatenate([np.ravel(x) for x in (*last, *outputs)])


def form(x: Any) -> tuple[Any, ...]:
    """Return the shape and the dtype of numbers."""
    x = numbers(x)
    return (np.shape(x), np.result_type(x)) if isinstance(x, NUMBERS) else ()


def is_floating(x: Any) -> bool:
    """Whether this is a float, or floats."""
    x = numbers(x)
    return isinstance(x, NUMBERS) and np.result_type(x).kind == "f"
