"""The chain rule over a graph.  This file knows neither Value nor any op.

A node has `serial` (the later made, the greater), `op` (None for a leaf) and `_data`, the result.
A node of an op of one or two arguments keeps the raw arguments as `a` and `b`, and the nodes they
came from, None for a constant, as `first` and `second`; its `more` is None.  Any other node keeps
`more = (parents, args, params)` instead.
"""

from __future__ import annotations

from cmath import isnan
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.arrays import fit, learns

FREED: tuple = ((), (), {})  # `more` of a node whose graph was let go
by_serial = attrgetter("serial")


class FreedGraphError(RuntimeError):
    """A graph was walked again after `backward(free=True)` had let it go.

    Example:
        >>> from autograd import Value
        >>> y = Value(3.0) ** 2
        >>> y.backward(free=True)
        >>> y.backward()
        Traceback (most recent call last):
        autograd.backward.FreedGraphError: the graph below this power was let go ...
    """


def freed(node: Any) -> FreedGraphError:
    """Return the error for a node that was cut from what it was made of."""
    return FreedGraphError(
        f"the graph below this {node.op.name} was let go by backward(free=True); "
        "leave free=True out to walk a graph twice"
    )


@np.errstate(all="ignore")
def gradients(
    root: Any, seed: Any, higher_order: bool = False, retain: bool = False, free: bool = False, /
) -> list[tuple[Any, Any]]:
    """Return (leaf, gradient) for each leaf that `root` depends on.

    Rules see raw numbers, or with `higher_order` Values, so that the gradients are graphs
    themselves.  Gradients of inner nodes are dropped as the walk goes, but scalars' (they
    cost nothing) and with `retain` all are left in `_grad`.  `free` lets the graph go.

    A walk that ends in NaN is made again with care: where a `where` did not take a branch
    its gradient is 0, and the infinite slope of that branch must not make 0 · inf of it.
    """
    leaves = walk(root, seed, higher_order, retain)
    for _, g in leaves:
        if g != g if type(g) is float else has_nan(g):
            leaves = walk(root, seed, higher_order, retain, careful=True)
            break
    if free:
        let_go(root)
    return leaves


def straight_down(node: Any, g: Any, retain: bool) -> tuple[Any, Any]:
    """Follow a graph down to the first node that is not made of one other alone.

    Down to there only one gradient is on its way, and there is nothing to keep account of.
    """
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
            break  # `walk` meets it again and says where it was
        parent = second if first is None else first
        x = parent._data
        if type(gx) is not float or type(x) is not float:
            gx = fit(gx, x)
        if gx is None or parent.serial > node.serial:
            break
        if retain or type(g) is float:
            node._grad = g
        node, g = parent, gx
    return node, g


def history(root: Any) -> tuple[list[Any], dict[int, Any]]:
    """Return all nodes that `root` depends on, the newest first, and a place for each gradient.

    Creation order is topological order: a node is newer than all it was made of.
    """
    nodes: list[Any] = [root]
    grads: dict[int, Any] = {root.serial: None}
    for node in nodes:  # the list grows as it is read
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


def walk(
    root: Any, seed: Any, higher_order: bool, retain: bool, careful: bool = False
) -> list[tuple[Any, Any]]:
    """Visit every node once, the newest first, and hand its gradient on to its parents."""
    plain = not (higher_order or careful)
    if plain:
        root, seed = straight_down(root, seed, retain)
        if root.op is None:
            return [(root, seed)]
    nodes, grads = history(root)
    grads[root.serial] = seed
    owned: set[int] = set()  # whose gradients are arrays that the walk made, so may add into
    leaves = []
    node = root
    try:
        for node in nodes:
            g = grads.pop(node.serial)
            if g is None:
                continue
            op = node.op
            if op is None:
                leaves.append((node, g))
                continue
            if retain or type(g) is float:
                node._grad = g
            if not plain or node.more is not None:
                general(node, g, grads, owned, higher_order, careful)
                continue
            # The fast path: `general` for one or two arguments, written out.
            first, second = node.first, node.second
            try:
                if op.arity == 1:
                    by_first, by_second = op.vjps[0](g, node._data, node.a), None
                else:
                    y, a, b, (rule, other) = node._data, node.a, node.b, op.vjps
                    by_first = None if first is None else rule(g, y, a, b)
                    by_second = None if second is None else other(g, y, a, b)
            except (ArithmeticError, ValueError):
                general(node, g, grads, owned, higher_order, careful)
                continue
            if by_first is not None:
                if type(by_first) is float and type(first._data) is float:
                    s = first.serial
                    total = grads[s]
                    grads[s] = by_first if total is None else total + by_first
                else:
                    hand(by_first, first, node, grads, owned)
            if by_second is not None:
                if type(by_second) is float and type(second._data) is float:
                    s = second.serial
                    total = grads[s]
                    grads[s] = by_second if total is None else total + by_second
                else:
                    hand(by_second, second, node, grads, owned)
    except Exception as error:
        if node.op is not None:
            shapes = ", ".join(str(np.shape(a)) for a in node.args)
            error.add_note(f"in the backward pass of {node.op.name}, arguments of shapes {shapes}")
        raise
    return leaves


def general(
    node: Any, g: Any, grads: dict[int, Any], owned: set[int], higher_order: bool, careful: bool
) -> None:
    """Hand the gradient `g` of a node on to its parents, through the rules of its op."""
    if node.more is FREED:
        raise freed(node)
    op, y, params = node.op, node._data, node.params
    args = node.args
    if higher_order:
        y, args = node, live_args(node)
    for parent, rule in zip(node.parents, op.vjps, strict=False):
        if parent is None:
            continue
        if op.add_into is not None and not higher_order and learns(parent._data):
            op.add_into(buffer(former(parent, node.serial), grads, owned), g, *args, **params)
            continue
        try:
            gx = rule(g, y, *args, **params) if not careful else None
        except (ArithmeticError, ValueError):
            careful = True
        if careful:
            gx = carefully(op, rule, g, y, args, params)
        if gx is not None:
            hand(gx, parent, node, grads, owned)


def hand(gx: Any, parent: Any, child: Any, grads: dict[int, Any], owned: set[int]) -> None:
    """Add `gx`, brought to the shape and dtype of the parent's data, to what the parent has."""
    if parent.serial > child.serial:
        parent = former(parent, child.serial)
    x = parent._data
    if (
        type(gx) is not ndarray
        or type(x) is not ndarray
        or gx.shape != x.shape
        or gx.dtype != x.dtype
    ):
        gx = fit(gx, x)
        if gx is None:
            return
    serial = parent.serial
    total = grads[serial]
    if total is None:
        grads[serial] = gx
    elif serial in owned:
        total += gx
    else:
        grads[serial] = total = total + gx
        if type(total) is ndarray:
            owned.add(serial)


def buffer(parent: Any, grads: dict[int, Any], owned: set[int]) -> ndarray:
    """Return an array of the walk's own that holds what the parent has got so far."""
    serial = parent.serial
    if serial not in owned:
        total = np.zeros(parent.shape, parent.dtype)
        if grads[serial] is not None:
            total += grads[serial]
        grads[serial] = total
        owned.add(serial)
    return grads[serial]


def carefully(op: Any, rule: Callable, g: Any, y: Any, args: tuple, params: dict[str, Any]) -> Any:
    """Apply a rule as NumPy would (1/0 is inf, floats never raise); no gradient in, none out."""
    safe = [np.float64(x) if type(x) is float else x for x in (g, y, *args)]
    gx = rule(*safe, **params)
    return gx if gx is None or not op.elementwise else np.where(safe[0] == 0, 0.0, gx)


def has_nan(g: Any) -> bool:
    """Whether a gradient, raw or a Value, holds a NaN."""
    if type(g) is not ndarray:
        g = getattr(g, "_data", g)
    if type(g) is ndarray:
        flat = g if g.ndim == 1 else g.ravel()
        g = flat.dot(flat)  # one pass, and NaN if any entry is
    return isnan(g)


def let_go(root: Any) -> None:
    """Cut all nodes below `root` from what they were made of."""
    for node in history(root)[0]:
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


def live_args(node: Any) -> tuple:
    """Return the arguments of `node` with graph nodes for those that have one."""
    args = list(node.args)
    for i, parent in enumerate(node.parents):
        if parent is None:
            continue
        parent = args[i] = former(parent, node.serial)
        now = parent._data
        if now is not node.args[i] and not np.array_equal(now, node.args[i], equal_nan=True):
            raise RuntimeError(
                f"an argument of {node.op.name} has new data since the op ran; differentiate "
                "with create_graph=True before you change it"
            )
    return tuple(args)
