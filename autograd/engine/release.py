"""Which numbers a graph lets go of: large results that nobody holds and no rule reads.

In `h = np.tanh(h @ w + x @ u)` the rule of tanh reads its result, those of the products read their
arguments, and that of the sum reads neither. So the products and the sum are dropped, as soon as
the op after next has run; if somebody asks for them after all, they are computed again (`aliases`).
What a rule reads is in the `reads` of its op.
"""

from __future__ import annotations

from sys import getrefcount
from typing import Any

from numpy import ndarray

from autograd.engine.graph import FREED, Alias, remade
from autograd.engine.ownership import ALONE
from autograd.engine.windows import Form

LARGE = 10_000  # entries; for fewer, the memory is not worth the time


def release(node: Any) -> None:
    """Let go of the numbers of those parents of `node` that only `node` holds, if none reads them.

    Called when another op takes `node`: by then, the variables of the program say what it holds.
    """
    if not is_computed(node):
        return
    op, more = node.op, node.more
    for place in range(op.arity if more is None else len(more[0])):
        # Not by a loop over the parents: each variable or tuple that holds one counts.
        parent = more[0][place] if more is not None else node.second if place else node.first
        if (
            parent is not None
            and type(parent._data) is ndarray
            and parent._data.size > LARGE
            and getrefcount(parent) <= ALONE + 1
            and is_computed(parent)
            and not is_read(parent, "y")
            and not is_read(node, str(place))
        ):
            form = parent._data = Form(parent._data)
            if more is None:
                setattr(node, "ab"[place], form)
            else:
                args = (*more[1][:place], form, *more[1][place + 1 :])
                more = node.more = remade(more, more[0], args)


def is_computed(node: Any) -> bool:
    """Whether an op that says what it reads computed a node, and no view of other memory."""
    op, more = node.op, node.more
    if op is None or op.reads is None or more is FREED or type(more) is Alias:
        return False
    return not op.view or getattr(node._data, "base", None) is None


def is_read(node: Any, what: str) -> bool:
    """Whether a rule for an argument that is a Value reads `what`, see `Described.reads`."""
    for place, reads in enumerate(node.op.reads):
        if what in reads and any(parent is not None for parent in node.parents[place : place + 1]):
            return True
    return False
