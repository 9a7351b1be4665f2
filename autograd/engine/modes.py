"""How ops run: with or without a graph, watched or not.

Each `with` block that changes this is on for the code inside it: in the same thread and, with
asyncio, in the same task, and in tasks started inside it. A block inside a generator is on while
the generator runs, not while the code that takes its items does. Blocks of several tasks and
generators may end in any order.
"""

from __future__ import annotations

from contextvars import ContextVar
from types import FrameType
from typing import Any, Protocol, Self

from autograd.engine.blocks import Block, generator_around


class Watcher(Protocol):
    """An observer of ops: `debug` finds NaNs with one, a profiler could count."""

    def made(
        self, value: Any, op: Any, parents: tuple, args: tuple, params: dict[str, Any] | None
    ) -> None:
        """Receive the result of an op; called after each op.

        Args:
            value: the result, without a graph inside `no_grad`.
            op: a Primitive.
            parents: the Values that the op took, with None for each constant.
            args: the arguments as raw numbers.
            params: the keyword arguments, None for an op that takes none.
        """

    def walked(
        self,
        roots: list[Any],
        seeds: list[Any],
        found: list[Any],
        nodes: list[Any] | None = None,
        places: dict[int, Any] | None = None,
    ) -> None:
        """Receive the result of a backward pass; called after each pass.

        Args:
            roots: the Values that were differentiated.
            seeds: the gradients it began with, None for zero.
            found: the gradients it ended with, None for zero.
            nodes, places: the part of the graph it went through, as `graph.history` returns it;
                all below the roots if left out.
        """

    def where(self, node: Any) -> str:
        """Return a sentence that says where the program made a node, for an error's notes."""


class Running(Block):
    """A block in which ops run in another mode.

    Args:
        records: whether ops build a graph; None for as they did before.
        watcher: one more observer of every result and every backward pass.
    """

    __slots__ = ("generator", "records", "watcher")

    def __init__(self, records: bool | None = None, watcher: Watcher | None = None) -> None:
        super().__init__()
        self.records, self.watcher = records, watcher
        self.generator: FrameType | None = None  # that of the generator it is in, if it is in one

    def begin(self, frame: FrameType) -> None:
        self.generator = generator_around(frame)
        around.set((*[block for block in around.get() if block in modes], self))
        modes.add(self)
        if self.watcher is not None:
            watches.add(self)

    def end(self) -> None:
        modes.discard(self)
        watches.discard(self)
        around.set(tuple([block for block in around.get() if block in modes]))
        self.generator = None

    def again(self) -> Self:
        return type(self)(self.records, self.watcher)


modes: set[Running] = set()  # the blocks that are open, anywhere in this process
watches: set[Running] = set()  # those of them with a watcher
around: ContextVar[tuple[Running, ...]] = ContextVar("around", default=())  # outer ones first


def no_grad() -> Running:
    """Compute without a graph; use it as a context manager or as a decorator.

    It applies to its own thread and asyncio task, and inside a generator to the generator alone.

    Example:
        >>> from autograd import Value
        >>> x = Value(2.0)
        >>> with no_grad():
        ...     y = x * x
        >>> y.data, y.op
        (4.0, None)
        >>> @no_grad()
        ... def predict(x):
        ...     return x * x
    """
    return Running(records=False)


def with_graph() -> Running:
    """Record a graph, even inside `no_grad`."""
    return Running(records=True)


def watched(watcher: Watcher) -> Running:
    """Add a watcher to those that there are."""
    return Running(watcher=watcher)


def recording() -> bool:
    """Whether ops record a graph here and now."""
    records = True
    for block in around.get():
        running = block.generator is None or block.generator.f_back is not None
        if running and block.entered and block.records is not None:
            records = block.records
    return records


def watching() -> list[Watcher]:
    """Return the watchers of what runs here and now, outer ones first."""
    return mode()[1] if watches else []


def mode() -> tuple[bool, list[Watcher]]:
    """Return whether ops record a graph here and now, and the watchers, outer ones first."""
    records, watchers = True, []
    for block in around.get():
        running = block.generator is None or block.generator.f_back is not None
        if block.entered and running:
            if block.records is not None:
                records = block.records
            if block.watcher is not None:
                watchers.append(block.watcher)
    return records, watchers


def told(error: Exception, node: Any) -> Exception:
    """Return `error` with a note on where the program made a node, from each watcher."""
    for watcher in watching():
        error.add_note(watcher.where(node))
    return error
