"""Changes in place: what they do to a Value, and to the Values that are views of its memory.

A graph keeps numbers as they were. So a Value that is changed *becomes* the result of the change,
a new node, whose first parent is a `Former`, a copy of the Value as it was:

    v = 2 * w        w ← v
    w[0] = 5         Former of w ← setitem, which w is now; v still has w as its parent

Now `w` is newer than its child `v`, and this is how a walk knows that it must follow `w` back to
the Former (`graph.former`). To change a view, as in `w[0] += 1`, is to change the Value it is a
view of; every view is taken anew when it is next used (`current`). `composed/inplace.py` computes
the new numbers.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

import numpy as np

from autograd.engine.graph import FREED, next_serial, parents_then

last_change = [0]  # the serial of the Value that was last changed in place
changing = Lock()


def become(node: Any, new: Any) -> None:
    """Turn `node` into what `new` is; nodes computed from it earlier find its Former below."""
    node._data, node._grad, node.op = new._data, None, new.op
    node.first, node.second, node.a, node.b, node.more = (
        new.first, new.second, new.a, new.b, new.more
    )  # fmt: skip
    with changing:
        node.serial = last_change[0] = next_serial()


def is_view(node: Any) -> bool:
    """Whether the data of a node is a view of its first parent's memory."""
    return (
        node.op is not None
        and node.op.view
        and node.more is not FREED
        and node.parents[0] is not None
        and isinstance(node._data, np.ndarray)
        and np.may_share_memory(node._data, node.args[0])
    )


def current(node: Any) -> Any:
    """Return a node; if it is a view of one that has changed since, a new view of that."""
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


def seen_through(node: Any, what: Any) -> Any:
    """Return the part that a view shows of `what`, an array shaped like its first parent."""
    return node.op.forward(what, *node.args[1:], **node.params)


def inherited_grad(node: Any) -> Any:
    """Return the gradient that a computed Value shows if it has none of its own.

    A view shows its part of its parent's; a Value changed in place, that of what it was before.
    """
    origin = node.origin()
    if type(node._data) is float:
        return origin._grad or 0.0
    if is_view(node) and node.parents[0].grad is not None:
        return seen_through(node, node.parents[0].grad)
    return origin.grad if origin is not node else None


def live_args(node: Any) -> tuple:
    """Return the arguments of `node`, as nodes of the graph where they are not constants."""
    args = list(node.args)
    for i, parent in enumerate(parents_then(node)):
        if parent is None:
            continue
        stale = last_change[0] > parent.serial and is_view(parent)
        args[i] = parent.as_it_was() if stale else parent  # `current` leaves a Former as it is
        now = parent._data
        if now is not node.args[i] and not np.array_equal(now, node.args[i], equal_nan=True):
            raise RuntimeError(
                f"the data of an argument of {node.op.name} was changed after the op ran; "
                "differentiate with create_graph=True before you change it"
            )
    return tuple(args)
