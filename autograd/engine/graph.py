"""What a graph is made of: the nodes that others depend on, in the order they were made.

A node has `serial` (the later made, the greater), `op` (None for a leaf) and `_data`, the result.
A node of an op of one or two arguments keeps the raw arguments as `a` and `b`, and the nodes they
came from, None for a constant, as `first` and `second`; its `more` is None.  Any other node keeps
`more = (parents, args, params)` instead.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from threading import Lock
from typing import Any

import numpy as np

FREED: tuple = ((), (), {})  # `more` of a node whose graph was let go
by_serial = attrgetter("serial")
last_change = [0]  # the greatest serial that a Value got by a change in place
changing = Lock()
entered: set[int] = set()  # the serials of what functions that run now are differentiated by


class FreedGraphError(RuntimeError):
    """A graph was walked again after `backward(free=True)` had let it go.

    Example:
        >>> from autograd import Value
        >>> y = Value(3.0) ** 2
        >>> y.backward(free=True)
        >>> y.backward()
        Traceback (most recent call last):
        autograd.engine.graph.FreedGraphError: the graph below this power was let go ...
    """


def changed(serial: Callable[[], int]) -> int:
    """Note that a Value changes in place, and return the serial of its new state."""
    with changing:
        last_change[0] = serial()
        return last_change[0]


def current(node: Any) -> Any:
    """Return a node, or, if it is a view of one that changed since, the view as it is now."""
    views: list[Any] = []
    while node is not None and last_change[0] > node.serial and not node.past and is_view(node):
        views.append(node)
        node = node.parents[0]
    while views:
        view = views.pop()
        base = view.parents[0]
        stale = base is not node or node.serial > view.serial
        node = view.op.call(node, *view.args[1:], **view.params) if stale else view
    return node


class differentiating:
    """While a function runs: these serials are of the nodes that it is differentiated by."""

    __slots__ = ("serials",)

    def __init__(self, serials: list[int]) -> None:
        self.serials = serials

    def __enter__(self) -> None:
        entered.update(self.serials)

    def __exit__(self, *error: object) -> None:
        entered.difference_update(self.serials)


def is_differentiated(node: Any) -> bool:
    """Whether a node depends on what a function is differentiated by that has not returned yet."""
    running = entered.copy()
    if not running:
        return False
    nodes, _ = history([node], {}, min(running))
    return any(node.serial in running for node in nodes)


def is_view(node: Any) -> bool:
    """Whether the data of a node are a view of its first parent's memory."""
    return (
        node.op is not None
        and node.op.view
        and node.more is not FREED
        and node.parents[0] is not None
        and isinstance(node._data, np.ndarray)
        and np.may_share_memory(node._data, node.args[0])
    )


def freed(node: Any) -> FreedGraphError:
    """Return the error for a node that was cut from what it was made of."""
    return FreedGraphError(
        f"the graph below this {node.op.name} was let go by backward(free=True); "
        "leave free=True out to walk a graph twice"
    )


def history(
    nodes: list[Any], grads: dict[int, Any], since: int = 0
) -> tuple[list[Any], dict[int, Any]]:
    """Return all that `nodes` depend on, the newest first, and a place for each gradient.

    Creation order is topological order: a node is newer than all it was made of.  The search
    ends at nodes that have a place in `grads` already, and at those older than `since`.
    """
    grads.update(dict.fromkeys([node.serial for node in nodes]))
    for node in nodes:  # the list grows as it is read
        if node.serial < since:
            continue
        if node.more is not None:
            for parent in node.more[0]:
                if parent is not None:
                    meet(parent, node, nodes, grads)
            continue
        # The fast path: `meet` for one or two parents, written out.
        first, second = node.first, node.second
        if first is not None:
            serial = first.serial
            if serial > node.serial:
                meet(first, node, nodes, grads)
            elif serial not in grads:
                grads[serial] = None
                nodes.append(first)
        if second is not None:
            serial = second.serial
            if serial > node.serial:
                meet(second, node, nodes, grads)
            elif serial not in grads:
                grads[serial] = None
                nodes.append(second)
    nodes.sort(key=by_serial, reverse=True)
    return nodes, grads


def meet(parent: Any, child: Any, nodes: list[Any], grads: dict[int, Any]) -> None:
    """Note a parent of `child` that was not met before, as it was when `child` was made."""
    parent = former(parent, child.serial)
    if parent.serial not in grads:
        grads[parent.serial] = None
        nodes.append(parent)


def let_go(root: Any) -> None:
    """Cut all nodes below `root` from what they were made of."""
    for node in history([root], {})[0]:
        if node.op is not None:
            node.first = node.second = node.a = node.b = None
            node.more = FREED


def former(node: Any, serial: int) -> Any:
    """Follow a node that was changed in place back to what it was before `serial`."""
    while node.serial > serial:
        if node.more is FREED:
            raise freed(node)
        node = node.parents[0]
    return node


def parents_then(node: Any) -> list[Any]:
    """Return the parents of a node as they were when it was made, None for constants."""
    return [None if p is None else former(p, node.serial) for p in node.parents]


def live_args(node: Any) -> tuple:
    """Return the arguments of `node` with graph nodes for those that have one."""
    args = list(node.args)
    for i, parent in enumerate(parents_then(node)):
        if parent is None:
            continue
        stale = last_change[0] > parent.serial and is_view(parent)
        args[i] = parent.as_it_was() if stale else parent  # no op takes that one anew
        now = parent._data
        if now is not node.args[i] and not np.array_equal(now, node.args[i], equal_nan=True):
            raise RuntimeError(
                f"an argument of {node.op.name} has new data since the op ran; differentiate "
                "with create_graph=True before you change it"
            )
    return tuple(args)
