"""The walk of `backward`, written out for speed; read that first.

Each function does what its namesake without `fast_` does, for walks over raw numbers in which
every parent has an entry in `grads`. Tests compare the two, to the last bit. Three cases are
written out: ops of one or two arguments, which have slots of their own; floats, which are simply
added; and chains of nodes along which there is only one gradient to carry.
"""

from __future__ import annotations

from typing import Any

from numpy import float64, ndarray

from autograd.engine.arrays import fit
from autograd.engine.backward import Leaves, hand_on, visit
from autograd.engine.contributions import explain
from autograd.engine.graph import by_serial, former
from autograd.engine.passes import Pass
from autograd.engine.windows import Form


def fast_walk(root: Any, seed: Any, live: Pass | None = None, retain: bool = False) -> Leaves:
    """Return (leaf, gradient) for each leaf that `root` depends on."""
    if live is not None:
        nodes, grads = fast_history([root], {})
        grads[root.serial] = seed
        return visit(nodes, grads, live, retain)
    # Go straight down while each node has a single parent: there is only one gradient to carry,
    # and `grads` is not needed.
    node, g = root, seed
    while (op := node.op) is not None and node.more is None:
        first, second = node.first, node.second
        if first is not None and second is not None:
            break
        try:
            if op.arity == 1:
                gx = op.vjps[0](g, node._data, node.a)
            else:
                gx = op.vjps[0 if second is None else 1](g, node._data, node.a, node.b)
        except Exception:
            break  # `fast_visit` will raise it again, and say where
        parent = second if first is None else first
        x = parent._data
        if type(gx) is not float or type(x) is not float:
            gx = fit(gx, x)
        if gx is None or parent.serial > node.serial:
            break
        if type(g) is float or retain or type(g) is float64:
            node._grad = g
        node, g = parent, gx
    if op is None:
        return [(node, g)]
    nodes, grads = fast_history([node], {})
    grads[node.serial] = g
    return fast_visit(nodes, grads, retain)


def fast_history(
    nodes: list[Any], grads: dict[int, Any], since: int = 0
) -> tuple[list[Any], dict[int, Any]]:
    """Return all that `nodes` depend on, newest first, and `grads` with an entry for each."""
    grads.update(dict.fromkeys([node.serial for node in nodes]))
    for node in nodes:  # the list grows while it is read
        if node.serial < since:
            continue
        if node.more is not None:
            for parent in node.more[0]:
                if parent is not None:
                    meet(parent, node, nodes, grads)
            continue
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
    """Add a new parent of `child` to the list, as it was when `child` was made."""
    parent = former(parent, child.serial)
    if parent.serial not in grads:
        grads[parent.serial] = None
        nodes.append(parent)


def fast_visit(nodes: list[Any], grads: dict[int, Any], retain: bool = False) -> Leaves:
    """Visit each node once, newest first."""
    made: set[int] = set()
    leaves: Leaves = []
    node: Any = None
    try:
        for node in nodes:
            g = grads.pop(node.serial)
            if g is None:
                continue
            op = node.op
            if op is None:
                leaves.append((node, g))
                continue
            if type(g) is float or retain or type(g) is float64:
                node._grad = g
            if node.more is not None:
                hand_on(node, g, grads, made, False)
                continue
            first, second = node.first, node.second
            by_first = by_second = None
            try:
                if op.arity == 1:
                    by_first = op.vjps[0](g, node._data, node.a)
                elif second is None:
                    by_first = op.vjps[0](g, node._data, node.a, node.b)
                else:
                    rule, other = op.vjps
                    y, a, b = node._data, node.a, node.b
                    if first is not None:
                        by_first = rule(g, y, a, b)
                    by_second = other(g, y, a, b)
            except Exception:
                pass  # and with it, what the rule had computed
            else:
                if by_first is not None:
                    if type(by_first) is float and type(first._data) is float:
                        s = first.serial
                        total = grads[s]
                        grads[s] = by_first if total is None else total + by_first
                    else:
                        fast_accumulate(by_first, first, node, grads, made)
                if by_second is not None:
                    if type(by_second) is float and type(second._data) is float:
                        s = second.serial
                        total = grads[s]
                        grads[s] = by_second if total is None else total + by_second
                    else:
                        fast_accumulate(by_second, second, node, grads, made)
                continue
            hand_on(node, g, grads, made, False)  # it deals with it, or raises it again
    except Exception as error:
        if node.op is not None:
            explain(error, node)
        raise
    return leaves


def fast_accumulate(
    gx: Any, parent: Any, child: Any, grads: dict[int, Any], made: set[int]
) -> None:
    """Give `gx` the shape and dtype of the parent's data, and add it to the parent's gradient."""
    serial = parent.serial
    if serial > child.serial:
        parent = former(parent, child.serial)
        serial = parent.serial
    x = parent._data
    if (
        type(gx) is not ndarray
        or (type(x) is not ndarray and type(x) is not Form)
        or gx.dtype is not x.dtype
        or gx.shape != x.shape
    ):
        gx = fit(gx, x)
        if gx is None:
            return
    total = grads[serial]
    if total is None:
        grads[serial] = gx
    elif serial in made and type(gx) is ndarray:
        total += gx
    else:
        grads[serial] = total = total + gx
        if type(total) is ndarray:
            made.add(serial)
