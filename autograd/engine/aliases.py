"""Aliases: Values that stand for a node of the graph, since the memory they name has changed.

The nodes of a graph do not change. A Value is a node, until it is changed in place. From then on it
is an *alias*: it stands for a node, always the newest state of the memory it names:

    v = 2 * w        v → w
    w[0] = 5         v → former ← state, which w stands for now
    w[1] = 6         v → former ← state ← state, which w stands for now

Ops that are given an alias take the node it stands for. Only what was computed before the first
change has the Value itself as its parent, and means what it was then: its `former`.

A view of an alias is an alias too. It has a `base`, the Value it is a view of, and a `window`, the
part of the memory that it shows. When it is next used after a change, its node is made anew. A view
of a Value that never changed is an ordinary node, and becomes an alias if that Value changes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import copied, normal, viewed
from autograd.engine.graph import FREED, Alias, former, next_serial, taken
from autograd.engine.ownership import kept
from autograd.engine.silence import silence
from autograd.engine.windows import Form, Window

last_change = [0]  # the serial of the newest state
cutouts: list[Any] = []  # the op that cuts a window out of an array, from `ops/indexing.py`

# -- which node a Value stands for -----------------------------------------------------------------


def current(value: Any) -> Any:
    """Return the node that ops take for a Value: itself, unless it is an alias."""
    if value.more is None:
        if type(value._data) is Form:
            fill(value)
        return value
    if last_change[0] > value.serial:
        catch_up(value)
    more = value.more
    if type(more) is not Alias:
        if type(value._data) is Form:
            fill(value)
        return value
    node = more.node
    if type(node._data) is Form:
        node._data = copied(memory(value))
    return node


@silence()
def fill(value: Any) -> list[Any]:
    """Compute the numbers of a node again, and of those below that it needs; return all of them."""
    waiting, filled = [value], []
    while waiting:
        node = waiting[-1]
        args = recalled(node)
        missing = [x for x in args if type(getattr(x, "_data", None)) is Form]
        if missing:
            waiting += missing
            continue
        raw = [getattr(x, "_data", x) for x in args]
        node._data = normal(node.op.forward(*raw, **node.params))
        filled.append(waiting.pop())
    return filled


def recalled(node: Any) -> list[Any]:
    """Return the raw arguments of a node; for each that is not kept, the node that it came from."""
    pairs = zip(taken(node), node.parents, strict=True)
    return [former(p, node.serial) if type(x) is Form else x for x, p in pairs]


def catch_up(value: Any) -> None:
    """If a Value is a view of one that has changed since, let it stand for a view of that."""
    views: list[Any] = []
    while last_change[0] > value.serial and (base := base_of(value)) is not None:
        views.append(value)
        value = base
    for view in reversed(views):
        base = base_of(view)
        if type(view.more) is Alias:
            made_of = view.more.parents[0]
            if made_of is base.more.node or made_of is view.more.root.more.node:
                continue
            how, window, former = view.more.how, view.more.window, view.more.former
        elif type(base.more) is Alias:
            how = view.op, taken(view)[1:], view.params
            shown = how[0].forward(memory(base), *how[1], **how[2])
            window, former = Window.on(root_of(base)._data, shown), pure(view)
        else:
            look_again(view, base)
            continue
        shows(view, base, window, how, former)


def look_again(view: Any, base: Any) -> None:
    """Take the numbers of a view of a leaf anew, if those of the leaf were replaced since."""
    (_, *rest), whole = taken(view), kept(base)
    if whole is not view.more[1][0] and type(whole) is ndarray:
        view.more = view.more[0], (whole, *rest), view.more[2]
        view._data = viewed(view.op.forward(whole, *rest, **view.params), whole)


def noted_writes() -> None:
    """Note that the numbers of a leaf may be written to, so that its views look again."""
    last_change[0] = next_serial()


def shows(view: Any, base: Any, window: Window, how: tuple, former: Any = None) -> None:
    """Make a Value an alias that shows a part of the memory of `base`.

    Its node is a view of the node of `base`. That of a view of a view is cut out of the root's
    memory directly, and so its gradient goes there directly.
    """
    root = root_of(base)
    form = Form(window.of(root._data))
    if base is root or not window.is_part():
        node = view_node(base, how, form)
    else:
        node = view_node(root, (cutouts[0], (window,), {}), form)
    parents, args, params = node.more
    alias = Alias(parents, args, params, node, base, root, window, how, former)
    # no interrupt comes between these lines, see `blocks`
    view._data, view.op, view.serial = node._data, node.op, node.serial
    view.first = view.second = view.a = view.b = None
    view.more = alias


def view_node(base: Any, how: tuple, data: Any) -> Any:
    """Return a node for the result of a view op on an alias."""
    op, rest, params = how
    node = base.copied()
    node._data, node._grad, node.op, node.name = data, None, op, None
    node.serial = next_serial()
    node.first = node.second = node.a = node.b = None
    parents = base.more.node, *[None] * len(rest)
    node.more = parents, (Form(base._data), *rest), params
    return node


def is_view(value: Any) -> bool:
    """Whether a Value shows memory of another one, its base."""
    return base_of(value) is not None


def base_of(value: Any) -> Any:
    """Return the Value of whose memory this one is a view, None if it is none."""
    more = value.more
    if type(more) is Alias:
        return more.base
    if value.op is None or not value.op.view or more is FREED or more[0][0] is None:
        return None
    data, whole = value._data, more[1][0]
    shares = type(data) is type(whole) is ndarray and np.may_share_memory(data, whole)
    return more[0][0] if shares else None


# -- memory --------------------------------------------------------------------------------------


def memory(value: Any) -> Any:
    """Return the numbers of a Value as they lie in memory: for a view, a view of the array."""
    more = value.more
    if type(more) is Alias and more.base is not None:
        return more.window.of(more.root._data)
    return value._data


def root_of(alias: Any) -> Any:
    """Return the alias whose memory another one shows, or itself if it is no view."""
    return alias if alias.more.root is None else alias.more.root


def place_of(value: Any) -> tuple[Any, Window | None]:
    """Return the Value whose memory `value` is, and which part of it; None for all."""
    catch_up(value)
    if type(value.more) is Alias:
        return root_of(value), value.more.window
    root, views = views_to(value)
    if not views:
        return value, None
    whole = np.empty_like(root._data)
    return root, Window.on(whole, seen_through(views, whole))


def views_to(value: Any) -> tuple[Any, list[Any]]:
    """Return the Value at the end of all bases of a view, and the views from there to `value`."""
    views: list[Any] = []
    while (base := base_of(value)) is not None:
        views.append(value)
        value = base
    return value, views[::-1]


def seen_through(views: list[Any], what: Any) -> Any:
    """Return the part of `what` that the last of several views shows, each of the one before."""
    for view in views:
        what = view.op.forward(what, *taken(view)[1:], **view.params)
    return what


def pure(parent: Any, seen: set[int] | None = None) -> Any:
    """Return the node that something older than any change of `parent` means by it."""
    views: list[Any] = []
    while type(parent.more) is not Alias:
        base = base_of(parent) if last_change[0] > parent.serial else None
        if base is None:
            return views[0] if views else parent
        views.append(parent)
        parent = base
    node = parent.more.former
    for view in reversed(views):
        node, below = view.copied(), node
        node.more = (below, *view.more[0][1:]), *view.more[1:]
        if seen is not None and view is not views[0]:
            seen.add(view.serial)
    return node
