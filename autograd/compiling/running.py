"""Running: how a program takes the numbers of a call, and gives what the function returns."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.drawing import Draws, Updates
from autograd.compiling.ending import WRITING, calls_to_write, own_or_copies
from autograd.compiling.node import Node, form_of, lying
from autograd.compiling.program import Program
from autograd.compiling.returned import given_back
from autograd.compiling.surroundings import Surroundings
from autograd.engine.silence import silence
from autograd.engine.together import set_all
from autograd.engine.value import held_grad

WAIT = 10  # runs before native code is made of what Python can run
OTHER = object()  # what a run returns for a call that the program does not hold for
write_all = silence()(set_all)


class Running:
    """The part of a Variant that runs.

    Attributes:
        function: of the numbers of sources: the program but for its ending.
        read: for each source, the place of an argument, or how its number is read, and its form.
        named: the arguments that the function can also reach by a name, as the program has them.
        first: the program but for its ending, and `results` the nodes that the function gives.
        kinds: what makes results like those of the function itself, once it gave some.
        cleared: gradients that the program replaces, as rows of `set_all` that clear them.
        ending: what is written over old numbers, None for nothing; `values` are the Values that
            hold them, and `places` those of the sources.
    """

    function: Callable[..., tuple]
    program: Program
    first: Program
    results: list[Node]
    read: list[Any]
    surroundings: Surroundings
    named: dict[int, int]
    constants: set[int]
    draws: Draws | None
    ending: Any
    places: list[int]
    values: list[Any]
    kinds: list[Any]
    cleared: Updates
    waiting: bool
    runs: int

    def go_native(self, given: list[Any]) -> None:
        raise NotImplementedError

    def compute(self, numbers: list[Any], change: Callable[[Any], Any] | None = None) -> Any:
        """Return (results, updates) for the numbers of a call; OTHER if it is not for them.

        Nothing is changed yet.

        Args:
            numbers: those of the arguments.
            change: takes and returns any number that the program takes; it is to change no form.
        """
        for value, form in self.program.entered:
            grad = held_grad(value)
            if (None if grad is None else form_of(grad)) != form:
                return OTHER
        begun = self.begun(numbers, change)
        if begun is OTHER:
            return OTHER
        results, updates, old, taken = begun
        if self.ending is not None:
            new = [x.copy(order="K") for x in old]
            calls = calls_to_write(self.ending, new, taken)
            if calls is None:
                return OTHER
            write_all([], calls)
            made = dict(zip(self.ending.cut.places, new, strict=True))
            rest = iter(updates)
            updates = [
                (update.value, update.slot, made[i]) if i in made else next(rest)
                for i, update in enumerate(self.program.updates)
            ] + list(rest)
        return results, updates

    def run(self, numbers: list[Any]) -> Any:
        """Make the updates and return what the function returns; OTHER if it is not for a call."""
        begun = self.begun(numbers, last=(self.let_go,) if self.cleared else ())
        if begun is OTHER:
            return OTHER
        results, updates, old, taken = begun
        if self.ending is None:
            return self.finish(results, updates)
        with WRITING:
            own = own_or_copies(self.values, old)
            calls = calls_to_write(self.ending, own, taken)
            if calls is None:
                return OTHER
            write_all([*updates, *zip(self.values, repeat("written"), own)], calls)
        return self.finish(results, [])

    def let_go(self) -> None:
        """Clear gradients that the program is about to replace, as op by op they are by then.

        So there is no need of memory for both.
        """
        set_all(self.cleared)

    def begun(
        self,
        numbers: list[Any],
        change: Callable[[Any], Any] | None = None,
        last: tuple[Callable[[], None], ...] = (),
    ) -> Any:
        """Run the program but for its ending; return results, updates, and what that takes.

        Of the arrays that it writes over, the list holds the only reference of the program's.

        Args:
            numbers, change: see `compute`.
            last: what the program takes after its numbers.
        """
        moved: Updates = []
        if self.draws is not None:
            random, moved = self.draws.make()
            numbers = [*numbers, *random]
        given = self.given(numbers)
        if given is None:
            return OTHER
        if self.waiting and self.runs >= WAIT:
            self.go_native(given)
        if change is not None:
            given = list(map(change, given))
        try:
            found = self.function(*given, *last)
        except Exception:
            return OTHER  # the function itself says what is wrong, if anything is
        mine = {id(x) for x in given if type(x) is ndarray} | self.constants
        taken: set[int] = set()
        n, end = len(self.first.results), len(self.results)
        own = [self.owned(x, mine, taken) if type(x) is ndarray else x for x in found[:end]]
        new = iter(own[n:])
        updates = [
            (update.value, update.slot, None if node is None else next(new))
            for update, node in zip(self.first.updates, self.first.new, strict=True)
        ]
        old = [given[place] for place in self.places]
        inputs = [np.ascontiguousarray(x) if type(x) is ndarray else x for x in found[end:]]
        return own[:n], updates + moved, old, inputs

    def given(self, numbers: list[Any]) -> list[Any] | None:
        """Return what the program takes, None if it is not for that."""
        for value, form in self.program.entered:
            grad = held_grad(value)
            if (None if grad is None else form_of(grad)) != form:
                return None
        if self.surroundings.named(numbers) != self.named:
            return None
        given = []
        with WRITING:
            for place, read, kind, shape, dtype, lies in self.read:
                if place is not None:
                    given.append(numbers[place])
                    continue
                x = read()
                if type(x) is not kind or (shape is not None and x.shape != shape):
                    return None
                if shape is not None and x.dtype != dtype:
                    return None
                if lies is not None and lying(x) != lies:
                    return None
                given.append(x)
        return given

    def owned(self, x: ndarray, mine: set[int], taken: set[int]) -> ndarray:
        """Return a result as an array that nobody else holds."""
        if x.base is not None or id(x) in mine or id(x) in taken or not x.flags.writeable:
            x = x.copy(order="K")
        taken.add(id(x))
        return x

    def finish(self, results: list[Any], updates: list[Any]) -> Any:
        """Make the updates, and return what the function returns."""
        if updates:
            set_all(updates)
        if self.program.result is None:
            return None
        return given_back(self.program.result, results, self.kinds)
