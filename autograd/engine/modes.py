"""How ops run in a thread: with or without a graph, watched or not."""

from collections.abc import Iterator
from contextlib import _GeneratorContextManager, contextmanager
from threading import get_ident
from typing import Any, NamedTuple, Protocol


class Watcher(Protocol):
    """An observer of the ops of a thread: `debug` finds NaNs with one, a profiler could count."""

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


class Mode(NamedTuple):
    """How ops run in a thread.

    Attributes:
        records: whether they build a graph.
        watchers: the observers of every result and every backward pass.
    """

    records: bool = True
    watchers: tuple[Watcher, ...] = ()


ORDINARY = Mode()
modes: dict[int, Mode] = {}  # thread -> its mode, unless that is the ordinary one
watches: dict[int, tuple[Watcher, ...]] = {}  # thread -> its watchers, if it has any


def no_grad() -> _GeneratorContextManager[None]:
    """Compute without a graph in this thread; use it as a context manager or as a decorator.

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
    """Record a graph in this thread, even inside `no_grad`."""
    return running(records=True)


def watched(watcher: Watcher) -> _GeneratorContextManager[None]:
    """Add a watcher to those of this thread."""
    return running(watchers=(*watching(), watcher))


@contextmanager
def running(**fields: Any) -> Iterator[None]:
    """Change fields of this thread's mode for a while."""
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
    """Return the watchers of this thread."""
    return watches.get(get_ident(), ())


def told(error: Exception, node: Any) -> Exception:
    """Return `error` with a note on where the program made a node, from each watcher."""
    for watcher in watching():
        error.add_note(watcher.where(node))
    return error
