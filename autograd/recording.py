"""Whether ops record a graph: always, but inside no_grad."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident

paused: set[int] = set()  # the threads inside no_grad


@contextmanager
def no_grad() -> Iterator[None]:
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
    thread = get_ident()
    outermost = thread not in paused
    paused.add(thread)
    try:
        yield
    finally:
        if outermost:
            paused.discard(thread)


def recording() -> bool:
    """Whether ops record a graph now, in this thread."""
    return not (paused and get_ident() in paused)


@contextmanager
def with_graph() -> Iterator[None]:
    """Record a graph in this thread, inside `no_grad` too."""
    thread = get_ident()
    was_paused = thread in paused
    paused.discard(thread)
    try:
        yield
    finally:
        if was_paused:
            paused.add(thread)
