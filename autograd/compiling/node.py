"""Node: a step of a recorded program, and where the numbers come from that it begins with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.engine.arrays import has_nan
from autograd.engine.primitive import Primitive
from autograd.engine.value import Value, held, held_grad

SMALL = 4_096  # bytes of an array; what is smaller is kept
HAS_NAN = Primitive("has_nan", lambda x: np.bool_(has_nan(x)), None)
NAN = Primitive(
    "isnan", np.isnan, None, scalar=lambda x: x != x, elementwise=True, domain=((0, 1),)
)


@dataclass(frozen=True)
class Argument:
    """A number or array among the arguments of the call, by its place among their leaves."""

    place: int


@dataclass(frozen=True)
class Drawn(Argument):
    """Random numbers: a program takes them as it takes arguments, after these."""


@dataclass(frozen=True)
class Leaf:
    """The numbers of a Value from outside, such as a parameter, read anew at each call."""

    value: Value

    def read(self) -> Any:
        return held(self.value.current())


@dataclass(frozen=True)
class Grad:
    """The gradient that a Value from outside holds when the call begins."""

    value: Value

    def read(self) -> Any:
        return held_grad(self.value)


@dataclass(frozen=True, eq=False)
class Attribute:
    """A number in an attribute of an object, such as the learning rate of an optimiser."""

    owner: Any
    name: str

    def read(self) -> Any:
        return as_float(getattr(self.owner, self.name))


@dataclass(frozen=True, eq=False)
class Setting(Attribute):
    """A number in a dict, or at a place in a tuple there, such as the momentum of an optimiser."""

    owner: dict[str, Any]
    place: int | None

    def read(self) -> Any:
        found = self.owner[self.name]
        return as_float(found if self.place is None else found[self.place])


@dataclass(frozen=True, eq=False)
class Entries:
    """The numbers of a Kept array, such as a running mean."""

    array: np.ndarray

    def read(self) -> Any:
        return np.asarray(self.array)[()]

    def __repr__(self) -> str:
        return f"Entries({id(self.array)})"


Source = Argument | Leaf | Grad | Attribute | Entries


class Node:
    """One step of a recorded program: an op and what it takes, or a source.

    Attributes:
        op: the Primitive; None for a source.
        args: its arguments, each a Node or a constant.
        params: its keyword arguments, constants all.
        source: where the numbers of a node without op come from.
        sample: what it gave while it was recorded, in the type, shape and dtype that it always has;
            of a large array only one number is kept when the program is there.
        numbers: whether the program sees plain numbers, not a Value.
    """

    __slots__ = ("args", "numbers", "op", "params", "sample", "source")

    def __init__(
        self,
        op: Any,
        args: tuple = (),
        params: dict[str, Any] | None = None,
        sample: Any = None,
        source: Any = None,
        numbers: bool = False,
    ) -> None:
        self.op, self.args, self.params = op, args, params or {}
        self.sample, self.source, self.numbers = sample, source, numbers

    def __repr__(self) -> str:
        return f"Node({self.op.name if self.op else self.source}, {form_of(self.sample)})"

    @property
    def parents(self) -> list[Node]:
        """The nodes among the arguments."""
        return [x for x in self.args if isinstance(x, Node)]

    def forget(self) -> None:
        """Keep one number in place of a large array, unless it is a constant."""
        if is_large(self) and (self.op is not None or self.source is not None):
            self.sample = np.broadcast_to(self.sample.flat[0], self.sample.shape)

    def with_args(self, args: Iterable[Any]) -> Node:
        """Return the same step on other arguments."""
        return Node(self.op, tuple(args), self.params, self.sample, self.source, self.numbers)


def as_float(x: Any) -> Any:
    """Return an int as a float, as an attribute may hold one or the other; else what is given."""
    return float(x) if isinstance(x, int) else x


def sample_of(x: Any) -> Any:
    """Return an argument of a step as it was while the program was recorded."""
    return x.sample if isinstance(x, Node) else x


def is_large(node: Node) -> bool:
    """Whether a node is an array that is worth letting go of."""
    return type(node.sample) is np.ndarray and node.sample.nbytes >= SMALL


def form_of(x: Any) -> tuple[Any, ...]:
    """Return what must stay the same of numbers for a recorded program to hold: type and shape.

    A Python float and an np.float64 differ: the one takes the precision of what it meets.
    """
    if isinstance(x, np.ndarray):
        return np.ndarray, x.dtype.str, x.shape
    return (type(x),)


def lying(x: np.ndarray) -> tuple[Any, ...]:
    """Return how entries lie in memory, as far as NumPy's orders "K" and "A" tell.

    >>> lying(np.ones((2, 3))), lying(np.ones((2, 3)).T), lying(np.ones((4, 6))[::2, ::2])
    ((True, False), (False, True), (24, 8))
    """
    flags = x.flags
    if flags.c_contiguous or flags.f_contiguous:
        return flags.c_contiguous, flags.f_contiguous
    return np.empty_like(x).strides


def in_order(ends: Iterable[Node]) -> list[Node]:
    """Return all nodes that some depend on, each after those that it takes."""
    order: list[Node] = []
    seen: set[Node] = set()
    waiting: list[tuple[Node, Iterator[Node]]] = []
    for end in ends:
        if end in seen:
            continue
        seen.add(end)
        waiting.append((end, iter(end.parents)))
        while waiting:
            _, parents = waiting[-1]
            new = next((p for p in parents if p not in seen), None)
            if new is None:
                order.append(waiting.pop()[0])
            else:
                seen.add(new)
                waiting.append((new, iter(new.parents)))
    return order
