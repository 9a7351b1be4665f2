"""State that is no Value: Kept arrays, and random generators, in attributes, lists and closures.

While a function is recorded, something else lies in each of these places, which notes what is done
to it: a Value for an array, a `Drawing` for a generator. A program reads the arrays anew at each
call and draws anew; it writes the arrays back, and moves the generators on, when all is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import getitem, setitem
from typing import Any, NamedTuple

import numpy as np

from autograd.compiling.drawing import Draw, Drawing, copied
from autograd.compiling.errors import NotHereError, TracingError, caller, line
from autograd.compiling.kept import Standing
from autograd.compiling.node import Drawn, Entries, Node
from autograd.engine.state import Kept, is_known
from autograd.engine.traced import Traced
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value, held, held_grad, leaf


class Place(NamedTuple):
    """Where state lies that is no Value.

    Attributes:
        write: `setattr` or `setitem`.
        holder, key: what it is called with.
        thing: the array or generator.
    """

    write: Callable[..., None]
    holder: Any
    key: Any
    thing: Any

    def read(self) -> Any:
        """Return what lies there now."""
        return (getattr if self.write is setattr else getitem)(self.holder, self.key)

    def put(self, thing: Any) -> tuple[Any, Any, Any, Any]:
        """Return a function, and its arguments, that puts a thing there, and never fails."""
        if isinstance(self.holder, list):  # it may have become shorter
            return setitem, self.holder, slice(self.key, self.key + 1), [thing]
        return self.write, self.holder, self.key, thing


@contextmanager
def untouched(things: list[Any]) -> Iterator[None]:
    """Keep state that a recording does not follow as it is: arrays are read-only meanwhile."""
    arrays = [x for x in things if isinstance(x, Kept)]
    states = [(x.bit_generator, x.bit_generator.state) for x in things if is_known(x)]
    try:
        for array in arrays:
            array.flags.writeable = False
        yield
    finally:
        for array in arrays:
            array.flags.writeable = True
        for generator, state in states:
            generator.state = state


def now(thing: Any, slot: str) -> Any:
    """Return what a slot of `set_all` holds."""
    if slot == "data":
        return held(thing.current())
    if slot == "entries":
        return np.array(thing)[()]
    return str(thing.state) if slot == "state" else held_grad(thing)


class State:
    """The part of a Recording that follows state which is no Value.

    Attributes:
        draws: what the program draws, in order.
    """

    nodes: dict[int, Node]
    inputs: list[Value]
    failed: TracingError | None

    def __init__(self) -> None:
        super().__init__()
        self.draws: list[Draw] = []
        self.stand_ins: dict[int, Any] = {}
        self.copies: dict[int, np.random.Generator] = {}

    def stand_in(self, thing: Any) -> Any:
        """Return what a recorded run sees of an array or a generator."""
        if id(thing) not in self.stand_ins:
            found = self.array(thing) if isinstance(thing, Kept) else self.generator(thing)
            self.stand_ins[id(thing)] = found
        return self.stand_ins[id(thing)]

    def array(self, array: Kept) -> Standing:
        """Return a Value for an array."""
        value: Any = leaf(np.array(array)[()])
        value.__class__, value.a = Standing, array
        self.nodes[value.serial] = Node(
            None, sample=held(value), source=Entries(array), numbers=True
        )
        return value

    def generator(self, generator: np.random.Generator) -> Drawing:
        """Return a generator that notes what is drawn."""
        key = id(generator.bit_generator)
        copy = self.copies.setdefault(key, copied(generator))
        return Drawing(generator, copy, self)

    def drawn(self, copy: np.random.Generator, draw: Draw) -> Value:
        """Return a Value for numbers that each call draws anew."""
        asked = draw.args, draw.kwargs
        if any(isinstance(x, Value) for _, x in leaves(asked)):
            self.failed = TracingError(
                "draw numbers that depend on nothing, and compute with them, such as mean + spread "
                f"* rng.standard_normal(shape): rng.{draw.method} is given what is computed"
                f"{line(caller())}"
            )
            raise self.failed
        if draw.kwargs.get("out") is not None:
            raise NotHereError("random numbers are drawn into an array")
        own = iter([np.copy(x) if isinstance(x, np.ndarray) else x for _, x in leaves(asked)])
        args, kwargs = filled(asked, own)
        draw = Draw(draw.generator, draw.method, args, kwargs)
        x = draw.from_(copy)
        if (
            not isinstance(x, (float, np.generic, np.ndarray))
            or np.result_type(x).kind not in "biufc"
        ):
            raise NotHereError(f"rng.{draw.method} gives a {type(x).__name__}")
        value: Any = leaf(x)
        value.__class__ = Traced
        source = Drawn(len(self.inputs) + len(self.draws))
        self.nodes[value.serial] = Node(None, sample=x, source=source, numbers=True)
        self.draws.append(draw)
        return value
