"""Random numbers: what a recorded run draws from generators, which each call draws anew.

While a function is recorded, a `Drawing` lies wherever it would find a generator of NumPy's: it
draws from a copy, and the recording notes what was asked for. A program takes these numbers as it
takes its arguments. Each call draws them, in the same order, from a copy of the generator as it is
then, and moves the generator on with all other updates. So eager calls, programs and those of JAX
draw the same, and a call that fails has drawn nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.compiling.errors import NotHereError
from autograd.engine.tracing import tracer

ALONE = {"bytes", "shuffle", "spawn"}  # what they give are no new numbers
Updates = list[tuple[Any, str, Any]]


@dataclass(frozen=True, eq=False)
class Draw:
    """Numbers that a program draws from a generator.

    Attributes:
        generator: the one that it finds.
        method: the name of what it calls; `args`, `kwargs` are the arguments, constants all.
    """

    generator: np.random.Generator
    method: str
    args: tuple
    kwargs: dict[str, Any]

    def from_(self, generator: np.random.Generator) -> Any:
        """Return the numbers, drawn from this generator."""
        return getattr(np.random.Generator, self.method)(generator, *self.args, **self.kwargs)


class Drawing(np.random.Generator):
    """What a function finds in place of a generator while it is recorded.

    Args:
        generator: the generator.
        copy: draws in its place.
        recording: is told what is drawn; whoever else draws meanwhile is given `generator`.
    """

    def __init__(self, generator: Any, copy: np.random.Generator, recording: Any) -> None:
        super().__init__(copy.bit_generator)
        self.generator, self.copy, self.recording = generator, copy, recording

    @property
    def bit_generator(self) -> Any:
        """The state, which is not to be had while a function is recorded."""
        if tracer() is not self.recording:
            return self.generator.bit_generator
        raise NotHereError("the state of a random generator is read")

    def __reduce__(self) -> Any:
        self.bit_generator  # noqa: B018  a copy reads the state
        return self.generator.__reduce__()


def noted(name: str) -> Callable[..., Any]:
    """Return a method that draws and notes it."""

    def draw(self: Drawing, *args: Any, **kwargs: Any) -> Any:
        trace = tracer()
        if trace is not None and trace.is_general:
            raise NotHereError("each turn of a loop draws anew")
        if trace is not self.recording:
            return getattr(self.generator, name)(*args, **kwargs)
        if name in ALONE:
            raise NotHereError(f"a generator's {name} is called")
        return self.recording.drawn(self.copy, Draw(self.generator, name, args, kwargs))

    return draw


for _name in dir(np.random.Generator):
    if not _name.startswith("_") and _name != "bit_generator":
        setattr(Drawing, _name, noted(_name))


def copied(generator: np.random.Generator) -> np.random.Generator:
    """Return a generator that draws the same as this one will."""
    kind: Any = type(generator.bit_generator)
    copy = np.random.Generator(kind(0))
    copy.bit_generator.state = generator.bit_generator.state
    return copy


class Draws:
    """What a program draws at each call; one call at a time.

    Args:
        draws: in order.
    """

    def __init__(self, draws: tuple[Draw, ...]) -> None:
        self.draws = draws
        self.copies = {
            id(draw.generator.bit_generator): (draw.generator.bit_generator, copied(draw.generator))
            for draw in draws
        }

    def make(self) -> tuple[list[Any], Updates]:
        """Return the numbers, and how they move the generators on; nothing is moved yet."""
        for own, copy in self.copies.values():
            copy.bit_generator.state = own.state
        numbers = [
            draw.from_(self.copies[id(draw.generator.bit_generator)][1]) for draw in self.draws
        ]
        return numbers, [
            (own, "state", copy.bit_generator.state) for own, copy in self.copies.values()
        ]
