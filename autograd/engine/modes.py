"""How the ops of a thread run: with a graph or without one, watched or not."""

from collections.abc import Iterator
from contextlib import _GeneratorContextManager, contextmanager
from threading import get_ident
from typing import Any, NamedTuple, Protocol


class Watcher(Protocol):
    """Who is told what the ops of a thread do: `debug` finds NaNs so, a profiler could count."""

    def made(
        self, value: Any, op: Any, parents: tuple, args: tuple, params: dict[str, Any] | None
    ) -> None:
        """Hear of the result of an op, after each.

        Args:
            value: the result, without a graph inside `no_grad`.
            op: a Primitive.
            parents: for each argument the Value it was, None for a constant.
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
        """Hear of a walk back, after each.

        Args:
            roots: the Values that were differentiated.
            seeds: the gradients it began with, None for zero.
            found: the gradients it ended with, None for zero.
            nodes, places: the part of the graph it went through, as `graph.history` gives it; all
                below the roots if left out.
        """

    def where(self, node: Any) -> str:
        """Return a sentence on where the program made a node, to be added to an error."""


class Mode(NamedTuple):
    """How ops run in a thread.

    Attributes:
        records: whether they make a graph.
        watchers: who is told of every result and every walk back.
    """

    records: bool = True
    watchers: tuple[Watcher, ...] = ()


ORDINARY = Mode()
modes: dict[int, Mode] = {}  # of the threads that are in another than the ordinary one
watches: dict[int, tuple[Watcher, ...]] = {}  # of those among them that are watched


def no_grad() -> _GeneratorContextManager[None]:
    """Compute without a graph, in this thread: as a context manager or a decorator.

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
    return running(records=False)


def with_graph() -> _GeneratorContextManager[None]:
    """Record a graph in this thread, inside `no_grad` too."""
    return running(records=True)


def watched(watcher: Watcher) -> _GeneratorContextManager[None]:
    """Tell somebody of what this thread does, besides those who watch already."""
    return running(watchers=(*watching(), watcher))


@contextmanager
def running(**fields: Any) -> Iterator[None]:
    """Run this thread in a mode with other fields for a while."""
    before = modes.get(get_ident(), ORDINARY)
    enter(before._replace(**fields))
    try:
        yield
    finally:
        enter(before)


def enter(mode: Mode) -> None:
    """Put this thread into a mode."""
    thread = get_ident()
    tables: tuple[tuple[dict, Any], ...] = (
        (modes, None if mode == ORDINARY else mode),
        (watches, mode.watchers or None),
    )
    for table, entry in tables:
        if entry is not None:
            table[thread] = entry
        else:
            table.pop(thread, None)


def recording() -> bool:
    """Whether ops record a graph now, in this thread."""
    return not modes or modes.get(get_ident(), ORDINARY).records


def watching() -> tuple[Watcher, ...]:
    """Return who watches this thread."""
    return watches.get(get_ident(), ())


def told(error: Exception, node: Any) -> Exception:
    """Return `error` with a note where the program made a node, if somebody watches."""
    for watcher in watching():
        error.add_note(watcher.where(node))
    return error
