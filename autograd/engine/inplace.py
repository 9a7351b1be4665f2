"""Changes in place: a Value that changes, and with it the Values that are views of its memory.

A graph keeps numbers as they were.  So a Value that changes *becomes* the result of the change, a
new node, and a `Former`, a copy of what it was, takes its place below:

    v = 2 * w        w ← v
    w[0] = 5         Former of w ← setitem, which w is now;  v still names w as its parent

`w` is newer now than `v`, which was made of it, and that is how a walk knows that it has to follow
`w` back to the Former (`graph.former`).  A change of a view, `w[0] += 1`, is one of what it is a
view of; all views are taken anew when they are used next (`current`).  `composed/inplace.py` tells
what is computed then.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

import numpy as np

from autograd.engine.graph import FREED, next_serial, parents_then

last_change = [0]  # the greatest serial that a Value got by a change in place
changing = Lock()


def become(node: Any, new: Any) -> None:
    """Make `node` what `new` is; those that were made of it find a Former below."""
    node._data, node._grad, node.op = new._data, None, new.op
    node.first, node.second, node.a, node.b, node.more = (
        new.first, new.second, new.a, new.b, new.more
    )  # fmt: skip
    with changing:
        node.serial = last_change[0] = next_serial()


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


def seen_through(node: Any, what: Any) -> Any:
    """Return the part that a view shows of something of the shape of what it is a view of."""
    return node.op.forward(what, *node.args[1:], **node.params)


def inherited_grad(node: Any) -> Any:
    """Return the gradient that a computed Value shows if it has got none itself.

    A view shows its part of the other Value's; one that changed in place what it was before.
    """
    origin = node.origin()
    if type(node._data) is float:
        return origin._grad or 0.0
    if is_view(node) and node.parents[0].grad is not None:
        return seen_through(node, node.parents[0].grad)
    return origin.grad if origin is not node else None


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
