"""The chain rule over a graph.  This file knows neither Value nor any op; `graph` says what
the slots of a node hold.
"""

from __future__ import annotations

from cmath import isnan
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import SCALARS, fit, learns
from autograd.engine.graph import FREED, former, freed, history, let_go, live_args
from autograd.engine.modes import told, watches, watching

NUMBERS = (ndarray, *SCALARS)


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
    if watches and (watch := watching()) is not None:
        watch.walked([root], [seed], [g for _, g in leaves])
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


def walk(
    root: Any, seed: Any, higher_order: bool, retain: bool, careful: bool = False
) -> list[tuple[Any, Any]]:
    """Return (leaf, gradient) for each leaf that `root` depends on."""
    plain = not (higher_order or careful)
    if plain:
        root, seed = straight_down(root, seed, retain)
        if root.op is None:
            return [(root, seed)]
    nodes, grads = history([root], {})
    grads[root.serial] = seed
    return visit(nodes, grads, plain, higher_order, retain, careful)


def visit(
    nodes: list[Any],
    grads: dict[int, Any],
    plain: bool,
    higher_order: bool,
    retain: bool,
    careful: bool,
) -> list[tuple[Any, Any]]:
    """Visit every node once, the newest first, and hand its gradient on to its parents.

    A parent without a place in `grads` gets none; `plain` says that each has one, and that the
    rules see raw numbers.
    """
    owned: set[int] = set()  # whose gradients are arrays that the walk made, so may add into
    leaves = []
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
            shapes = ", ".join(str(np.shape(a)) for a in node.args) or "no longer known"
            error.add_note(f"in the backward pass of {node.op.name}, arguments of shapes {shapes}")
            told(error, node)
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
        if parent is None or (parent := former(parent, node.serial)).serial not in grads:
            continue
        if op.add_into is not None and not higher_order and learns(parent._data):
            total = grads[parent.serial]
            if isinstance(g, NUMBERS) and (total is None or isinstance(total, NUMBERS)):
                op.add_into(buffer(parent, grads, owned), g, *args, **params)
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
    elif serial in owned and type(gx) is ndarray:
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
        # One pass, and NaN if any entry is; BLAS would start threads for a large array.
        g = flat.dot(flat) if flat.size < 10_000 else flat.max()
    return isnan(g)
