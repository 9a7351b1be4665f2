"""Small functions on sequences and graphs, with which other names of HIPS autograd are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from graphlib import TopologicalSorter
from operator import attrgetter
from typing import Any


def subvals(x: Sequence[Any], ivs: Iterable[tuple[int, Any]]) -> tuple[Any, ...]:
    """Return a sequence as a tuple, with item `i` replaced by `v` for each pair `(i, v)`.

    Example:
        >>> subvals((1, 2, 3), [(0, 7), (2, 9)])
        (7, 2, 9)
    """
    items = list(x)
    for i, v in ivs:
        items[i] = v
    return tuple(items)


def subval(x: Sequence[Any], i: int, v: Any) -> tuple[Any, ...]:
    """Return a sequence as a tuple, with item `i` replaced by `v`."""
    return subvals(x, [(i, v)])


def toposort(
    end_node: Any, parents: Callable[[Any], Iterable[Any]] = attrgetter("parents")
) -> Iterator[Any]:
    """Yield all nodes of a graph from its end, each after all nodes that depend on it."""
    graph: dict[Any, list[Any]] = {}
    waiting = [end_node]
    while waiting:
        node = waiting.pop()
        if node not in graph:
            graph[node] = list(parents(node))
            waiting += graph[node]
    yield from reversed(list(TopologicalSorter(graph).static_order()))
