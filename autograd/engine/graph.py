"""The graph: its nodes, and how to list all that a node depends on, in order of creation.

A node has a `serial`, which grows with every new node, an `op` (None for a leaf) and `_data`, the
result. If the op takes one or two arguments, `a` and `b` are the raw arguments, `first` and
`second` the nodes they came from (None for a constant), and `more` is None. Any other node has
`more = (parents, args, params)` instead. `parents`, `args` and `params` read either form. What was
changed in place has an `Alias`, as `inplace` explains.
"""

from __future__ import annotations

from itertools import count
from operator import attrgetter
from typing import Any, NamedTuple

next_serial = count(1).__next__
by_serial = attrgetter("serial")
FREED: tuple = ((), (), {})  # `more` of a node whose graph was freed


class Alias(NamedTuple):
    """`more` of a Value that stands for a node: it was changed in place, or is a view of one.

    Attributes:
        parents, args, params: those of the node.
        node: the node that ops take for it.
        base: for a view, the Value it is a view of.
        root: for a view, the Value at the end of all bases.
        window: for a view, the part of the root's memory that it shows.
        how: for a view, the op that was applied to the base, its other arguments and keywords.
        former: the node that it was itself, before the first change; None if it never was one.
        seen: see `inplace.cut`; None if nothing took the Value before its first change.
    """

    parents: tuple
    args: tuple
    params: dict[str, Any]
    node: Any
    base: Any = None
    root: Any = None
    window: Any = None
    how: tuple = ()
    former: Any = None
    seen: set[int] | None = None


class FreedGraphError(RuntimeError):
    """A second backward pass went through a graph that `backward(free=True)` had freed.

    Example:
        >>> from autograd import Value
        >>> y = Value(3.0) ** 2
        >>> y.backward(free=True)
        >>> try:
        ...     y.backward()
        ... except FreedGraphError as error:
        ...     print(str(error).partition(";")[0])
        the graph below this power was freed by backward(free=True)
    """


def freed(node: Any) -> FreedGraphError:
    """Return the error for a node that was cut off from its parents."""
    return FreedGraphError(
        f"the graph below this {node.op.name} was freed by backward(free=True); "
        "leave out free=True to use a graph twice"
    )


def history(
    nodes: list[Any], grads: dict[int, Any], since: int = 0
) -> tuple[list[Any], dict[int, Any]]:
    """Return all that `nodes` depend on, newest first, and `grads` with an entry for each.

    Creation order is topological order, since a node is newer than its parents. The search stops
    at nodes that have an entry in `grads` already, and at those older than `since`.
    """
    grads.update(dict.fromkeys([node.serial for node in nodes]))
    for node in nodes:  # the list grows while it is read
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
    """Return the parents of a node as they were when it was made, with None for constants."""
    return [None if p is None else former(p, node.serial) for p in node.parents]


def former(node: Any, serial: int) -> Any:
    """Return what a node was before `serial`: if it is newer, it was changed in place since."""
    if node.serial <= serial:
        return node
    if node.more is FREED:
        raise freed(node)
    return node.more.former


def taken(node: Any) -> tuple:
    """Return the raw arguments of a node, with a `Form` for numbers that are not kept."""
    if node.more is not None:
        return node.more[1]
    return (node.a, node.b)[: node.op.arity] if node.op is not None else ()


def remade(more: tuple, parents: tuple, args: tuple) -> tuple:
    """Return `more` of a node with other parents and arguments, as a tuple of the same kind."""
    kind: Any = type(more)
    parts = parents, args, more[2]
    return parts if kind is tuple else kind(*parts)


def let_go(root: Any) -> None:
    """Cut `root` and all nodes below it off from their parents and arguments."""
    for node in history([root], {})[0]:
        if node.op is not None:
            node.first = node.second = node.a = node.b = None
            node.more = FREED
