"""Names HIPS autograd's users import: small functions on sequences and graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from graphlib import TopologicalSorter
from operator import attrgetter
from typing import Any


def subvals(x: Sequence[Any], ivs: Iterable[tuple[int, Any]]) -> tuple:
    """Return a sequence as a tuple with the items `(i, v)` put in.

    Example:
        >>> subvals((1, 2, 3), [(0, 7), (2, 9)])
        (7, 2, 9)
    """
    items = list(x)
    for i, v in ivs:
        items[i] = v
    return tuple(items)


def subval(x: Sequence[Any], i: int, v: Any) -> tuple:
    """Return a sequence as a tuple with `v` for its item `i`."""
    return subvals(x, [(i, v)])


def func(f: Any) -> Any:
    """Return `f`; once it unwrapped the methods of Python 2."""
    return f


def toposort(
    end_node: Any, parents: Callable[[Any], Iterable[Any]] = attrgetter("parents")
) -> Iterator[Any]:
    """Yield all nodes of a graph from its end on, each after all that were made of it."""
    graph: dict[Any, list[Any]] = {}
    waiting = [end_node]
    while waiting:
        node = waiting.pop()
        if node not in graph:
            graph[node] = list(parents(node))
            waiting += graph[node]
    yield from reversed(list(TopologicalSorter(graph).static_order()))


def quick_grad_check(
    fun: Callable[..., Any],
    arg0: Any,
    extra_args: tuple = (),
    kwargs: dict[str, Any] | None = None,
    **tolerances: Any,
) -> None:
    """Check the gradient of `fun` with respect to its first argument, as `check_grads` does."""
    from autograd.test_util import check_grads

    check_grads(lambda x: fun(x, *extra_args, **(kwargs or {})), modes=["rev"], order=1)(arg0)
