"""The chain rule over a graph.  This file knows neither Value nor any op.

A node has `serial` (the later made, the greater), `op` (None for a leaf), `parents` (for
each argument the node it came from, None for a constant), `args` (the arguments as raw
numbers), `params` (keyword arguments) and `_data`, the result.  Parents are kept as `first` and
`second`, of ops of more arguments as `rest`.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.arrays import fit


class FreedGraphError(RuntimeError):
    """A graph was walked again after `backward(free=True)` had let it go."""


@np.errstate(all="ignore")
def gradients(
    root: Any, seed: Any, *, higher_order: bool = False, retain: bool = False, free: bool = False
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
        if has_nan(g):
            leaves = walk(root, seed, higher_order, retain, careful=True)
            break
    if free:
        let_go(root)
    return leaves


def walk(
    root: Any, seed: Any, higher_order: bool, retain: bool, careful: bool = False
) -> list[tuple[Any, Any]]:
    """Visit every node once, the newest first, and hand each gradient on to the parents.

    Creation order is topological order: the newest node that waits has heard from all who
    used it.
    """
    waiting, grads, heap = {root.serial: root}, {root.serial: seed}, [-root.serial]
    owned: set[int] = set()  # arrays the walk made itself and may add into
    leaves = []
    while heap:
        serial = -heappop(heap)
        node, g = waiting.pop(serial), grads.pop(serial)
        op = node.op
        if op is None:
            leaves.append((node, g))
            continue
        if retain or type(g) is float:
            node._grad = g
        y, args, params = node._data, node.args, node.params
        if args is None:
            raise FreedGraphError(
                f"the graph below this {op.name} was let go by backward(free=True); "
                "leave free=True out to walk a graph twice"
            )
        if higher_order:
            y, args = node, live_args(node)
        adds = op.add_into is not None and not higher_order
        arity = 0 if params or careful else len(args)
        if arity == 2:
            first, second = args
        try:
            for parent, rule in zip(node.rest or (node.first, node.second), op.vjps):  # noqa: B905
                if parent is None:
                    continue
                s = parent.serial
                if s > serial:
                    parent = former(parent, serial)
                    s = parent.serial
                x = parent._data
                if adds:
                    if s not in owned:
                        total = np.zeros(x.shape, x.dtype)
                        if s in grads:
                            total += grads[s]
                        else:
                            waiting[s] = parent
                            heappush(heap, -s)
                        grads[s] = total
                        owned.add(s)
                    op.add_into(grads[s], g, *args, **params)
                    continue
                try:
                    if arity == 2:
                        gx = rule(g, y, first, second)
                    elif arity == 1:
                        gx = rule(g, y, *args)
                    elif careful:
                        gx = carefully(op, rule, g, y, args, params)
                    else:
                        gx = rule(g, y, *args, **params)
                except (ArithmeticError, ValueError):
                    gx = carefully(op, rule, g, y, args, params)
                if gx is None:
                    continue
                if (type(gx) is not float or type(x) is not float) and (
                    type(gx) is not ndarray
                    or type(x) is not ndarray
                    or gx.dtype is not x.dtype
                    or gx.shape != x.shape
                ):
                    gx = fit(gx, x)
                    if gx is None:
                        continue
                if s not in grads:
                    waiting[s], grads[s] = parent, gx
                    heappush(heap, -s)
                elif s in owned:
                    grads[s] += gx
                else:
                    grads[s] = total = grads[s] + gx
                    if type(total) is ndarray:
                        owned.add(s)
        except Exception as error:
            shapes = ", ".join(str(np.shape(a)) for a in node.args)
            error.add_note(f"in the backward pass of {op.name}, arguments of shapes {shapes}")
            raise
    return leaves


def carefully(op: Any, rule: Callable, g: Any, y: Any, args: tuple, params: dict[str, Any]) -> Any:
    """Apply a rule as NumPy would (1/0 is inf, floats never raise); no gradient in, none out."""
    safe = [np.float64(x) if type(x) is float else x for x in (g, y, *args)]
    gx = rule(*safe, **params)
    return gx if gx is None or not op.elementwise else np.where(safe[0] == 0, 0.0, gx)


def has_nan(g: Any) -> bool:
    """Whether a gradient, raw or a Value, holds a NaN."""
    if type(g) is not float:
        flat = getattr(g, "_data", g)
        if type(flat) is ndarray:
            flat = flat.ravel()
            g = flat.dot(flat)  # one pass, and NaN if any entry is
        else:
            g = flat
    return bool(g != g)


def let_go(root: Any) -> None:
    """Cut all nodes below `root` from what they were made of."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.op is not None and node.args is not None:
            stack += [parent for parent in node.parents if parent is not None]
            node.args = node.first = node.second = node.rest = None


def former(node: Any, serial: int) -> Any:
    """Follow a node that was changed in place back to what it was before `serial`."""
    while node.serial > serial:
        node = node.first
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
