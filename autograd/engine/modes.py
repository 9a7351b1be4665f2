"""How the ops of a thread run: with a graph or without one, watched or not."""

from collections.abc import Iterator
from contextlib import _GeneratorContextManager, contextmanager
from threading import get_ident
from typing import Any, NamedTuple


class Mode(NamedTuple):
    """How ops run in a thread.

    Attributes:
        records: whether they make a graph.
        watch: who is told of every result and every walk back; None for nobody.
    """

    records: bool = True
    watch: Any = None


ORDINARY = Mode()
modes: dict[int, Mode] = {}  # of the threads that are in another than the ordinary one
watches: dict[int, Any] = {}  # of those among them that are watched


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
    return changed(records=False)


def with_graph() -> _GeneratorContextManager[None]:
    """Record a graph in this thread, inside `no_grad` too."""
    return changed(records=True)


@contextmanager
def changed(**fields: Any) -> Iterator[None]:
    """Change the mode of this thread for a while."""
    before = modes.get(get_ident(), ORDINARY)
    enter(before._replace(**fields))
    try:
        yield
    finally:
        enter(before)


def enter(mode: Mode) -> None:
    """Put this thread into a mode."""
    thread = get_ident()
    for table, entry in ((modes, None if mode == ORDINARY else mode), (watches, mode.watch)):
        if entry is not None:
            table[thread] = entry
        else:
            table.pop(thread, None)


def recording() -> bool:
    """Whether ops record a graph now, in this thread."""
    return not modes or modes.get(get_ident(), ORDINARY).records


def watching() -> Any:
    """Return who watches this thread, None for nobody."""
    return watches.get(get_ident())


def told(error: Exception, node: Any) -> Exception:
    """Return `error` with a note where the program made a node, if somebody watches."""
    if (watch := watching()) is not None:
        error.add_note(watch.where(node))
    return error
