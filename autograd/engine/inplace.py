"""Changes in place: what they do to a Value, and to the nodes below it.

A Value that is changed *becomes* the result of the change: it stands for a new node, its newest
state (`aliases` explains it). No node refers to an alias, so there are no cycles: where a new state
depends on what was computed before the first change, `cut` lets that refer to the former node.

The numbers of a state are written over by the next change if nobody else holds them. A backward
pass needs only their shape; for the rest they are computed again (`recall`). `composed/inplace.py`
makes the new states.
"""

from __future__ import annotations

from sys import getrefcount
from threading import Lock
from typing import Any, NamedTuple

from autograd.engine.aliases import last_change, pure
from autograd.engine.graph import Alias, next_serial, remade, taken
from autograd.engine.ownership import ALONE
from autograd.engine.release import release
from autograd.engine.tracing import tracer
from autograd.engine.value import Former
from autograd.engine.windows import Form

changing = Lock()


class Written(NamedTuple):
    """`more` of a state that was written, and whose numbers may be written over in their turn."""

    parents: tuple
    args: tuple
    params: dict[str, Any]


def overwrites(op: Any, root: Any) -> bool:
    """Whether `op` may write over the numbers of a Value: they can be computed again."""
    return (
        type(root.more) is Alias
        and type(root.more.node.more) is Written
        and op.write is not None
        and root._data.flags.writeable
        and getrefcount(root._data) <= ALONE + 1  # it is held by the Value and its node
    )


def write_over(op: Any, root: Any, parents: tuple, rest: tuple) -> None:
    """Let a Value stand for a new state, for which `op` writes over its numbers."""
    old, data = root.more.node, root._data
    form = Form(data)
    state = old.copied()
    state.serial, state._grad = next_serial(), None
    state.more = Written((old, *parents), (form, *rest), {})
    becomes(root, old, state, (op.write, data, *(*rest, None)[:3], form))


def state_of(root: Any) -> Any:
    """Return the node of a Value that is no view, as something that it may become newer than."""
    return root.more.node if type(root.more) is Alias else root.copied()


def becomes(root: Any, old: Any, state: Any, over: tuple | None = None) -> None:
    """Let a Value that was `old` stand for a new state.

    Args:
        root, old, state: the Value, the node that it was, and the one that it will be.
        over: (write, its four arguments, the form of `old`), to write over numbers.
    """
    if (trace := tracer()) is not None:
        trace.changing(root)
    first = type(root.more) is not Alias
    seen: set[int] | None
    if first:
        former, seen = old, None if unused(old) else set()
    else:
        former, seen = root.more.former, root.more.seen
    state.name = root.name
    if state.op.write is not None:
        state.more = Written(*state.more)
    if seen is not None and not first:
        cut(state, former.serial, seen)
    more = (state.parents, taken(state), state.params)
    alias = Alias(*more, state, former=former, seen=seen)
    with changing:
        newest = max(last_change[0], state.serial)
        # no interrupt comes from the end of `write` to that of these lines, see `blocks`; with
        # `write(*args)` one would
        if over is not None:
            write, data, numbers, index, window, form = over
            write(data, numbers, index, window)
            old._data = form
        old.__class__ = Former
        root._data, root._grad, root.op = state._data, None, state.op
        root.first = root.second = root.a = root.b = None
        root.more = alias
        root.serial, last_change[0] = state.serial, newest
    if seen is not None and first:
        cut(state, former.serial, seen)
        root.more = root.more._replace(parents=state.parents)
    release(old)


def unused(former: Any) -> bool:
    """Whether no node but the first state has taken a Value: each would hold its array.

    Its other holders are the Value and `former`; a leaf whose array was given out is copied.
    """
    if former.op is None and former._data.flags.writeable:
        return False
    return getrefcount(former._data) <= ALONE + 2


def cut(state: Any, birth: int, seen: set[int]) -> None:
    """Let all that a state depends on refer to nodes only, where it refers to aliases.

    Args:
        state: the newest state of an alias.
        birth: the serial of its former node; nothing older can refer to the alias.
        seen: the serials of nodes that earlier calls for this alias have dealt with.
    """
    waiting = [state]
    while waiting:
        node = waiting.pop()
        if node.serial in seen or node.serial < birth:
            continue
        seen.add(node.serial)
        for place, parent in enumerate(node.parents):
            if parent is None:
                continue
            below = pure(parent, seen)
            if below is not parent:
                set_parent(node, place, below)
            waiting.append(below)


def set_parent(node: Any, place: int, parent: Any) -> None:
    """Replace one parent of a node."""
    if node.more is None:
        setattr(node, ("first", "second")[place], parent)
        return
    before = node.parents
    parents = *before[:place], parent, *before[place + 1 :]
    node.more = remade(node.more, parents, node.more[1])
