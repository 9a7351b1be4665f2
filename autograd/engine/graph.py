"""What a graph is made of: the nodes that others depend on, in the order they were made.

A node has `serial` (the later made, the greater), `op` (None for a leaf) and `_data`, the result.
A node of an op of one or two arguments keeps the raw arguments as `a` and `b`, and the nodes they
came from, None for a constant, as `first` and `second`; its `more` is None.  Any other node keeps
`more = (parents, args, params)` instead.  `parents`, `args` and `params` read either form.
"""

from __future__ import annotations

from itertools import count
from operator import attrgetter
from typing import Any

next_serial = count(1).__next__
by_serial = attrgetter("serial")
FREED: tuple = ((), (), {})  # `more` of a node whose graph was let go


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
        for parent in (node.first, node.second) if node.more is None else node.more[0]:
            if parent is None:
                continue
            if parent.serial > node.serial:
                parent = former(parent, node.serial)
            if parent.serial not in grads:
                grads[parent.serial] = None
                nodes.append(parent)
    nodes.sort(key=by_serial, reverse=True)
    return nodes, grads


def parents_then(node: Any) -> list[Any]:
    """Return the parents of a node as they were when it was made, None for constants."""
    return [None if p is None else former(p, node.serial) for p in node.parents]


def former(node: Any, serial: int) -> Any:
    """Follow a node that was changed in place, which made it newer, back to before `serial`."""
    while node.serial > serial:
        if node.more is FREED:
            raise freed(node)
        node = node.parents[0]
    return node


def let_go(root: Any) -> None:
    """Cut all nodes below `root` from what they were made of."""
    for node in history([root], {})[0]:
        if node.op is not None:
            node.first = node.second = node.a = node.b = None
            node.more = FREED
