"""The chain rule over a graph: each node passes its gradient on to its parents.

`walk` is the whole idea, for nodes as `graph` describes them. Nothing here knows Value or any op.
`fast_backward` is the same algorithm, written out for speed; tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy import ndarray

from autograd.engine.arrays import fit, has_nan
from autograd.engine.careful import careful_visit
from autograd.engine.contributions import accumulate, applied, explain, hand_down, share_out
from autograd.engine.graph import FREED, former, freed, history, let_go, taken
from autograd.engine.masks import Masks
from autograd.engine.modes import watches, watching
from autograd.engine.ownership import own_total
from autograd.engine.passes import Pass, remember
from autograd.engine.recall import live_args
from autograd.engine.silence import walking
from autograd.engine.tracing import open_traces, tracer

Leaves = list[tuple[Any, Any]]  # (leaf, gradient)


def walk(root: Any, seed: Any, live: Pass | None = None, retain: bool = False) -> Leaves:
    """Return (leaf, gradient) for each leaf that `root` depends on.

    Args:
        root: the node to differentiate.
        seed: its gradient, with which the pass begins.
        live: if given, call rules with nodes, so that gradients have graphs too, and note them.
        retain: store the gradients of computed nodes in their `_grad`. Those of scalars are
            always stored, since that costs nothing.
    """
    nodes, grads = history([root], {})
    grads[root.serial] = seed
    return visit(nodes, grads, live, retain)


def visit(nodes: list[Any], grads: dict[int, Any], live: Pass | None, retain: bool) -> Leaves:
    """Visit each node once, newest first, so that its gradient is complete when its turn comes."""
    leaves: Leaves = []
    made: set[int] = set()  # nodes whose gradient is an array of the walk's own, to be added into
    for node in nodes:
        g = grads.pop(node.serial)
        if g is None:
            continue
        if live is not None:
            live.found.extend((getattr(g, "serial", 0), node.serial))
        if node.op is None:
            leaves.append((node, g))
            continue
        if retain or isinstance(g, float):
            node._grad = g
        try:
            hand_on(node, g, grads, made, live is not None)
        except Exception as error:
            explain(error, node)
            raise
    return leaves


def hand_on(node: Any, g: Any, grads: dict[int, Any], made: set[int], live: bool) -> None:
    """Pass the gradient `g` of a node on to those of its parents that have an entry in `grads`.

    The op's rule for a parent (its vjp) computes what `g` contributes to the parent's gradient.
    `fit` gives this the shape and dtype of the parent's data; then it is added to what has
    reached the parent along other paths.
    """
    if node.more is FREED:
        raise freed(node)
    op, y, args, params = node.op, node._data, taken(node), node.params
    if live:
        y, args = node, live_args(node)
    elif op.hand_down is not None and type(g) is ndarray:
        hand_down(node, g, grads, made)
        return
    if type(op.vjps) is not tuple:
        share_out(node, (g, y, *args), grads, made)
        return
    for place, (parent, rule) in enumerate(zip(node.parents, op.vjps, strict=False)):
        if parent is None or (parent := former(parent, node.serial)).serial not in grads:
            continue
        total = None if op.add_into is None or live else own_total(parent, g, grads, made)
        if total is not None:
            op.add_into(total, g, *args, **params)
            continue
        gx = applied(node, rule, g, y, args, place)
        if gx is not None and (gx := fit(gx, parent._data)) is not None:
            accumulate(gx, parent.serial, grads, made)


@walking
def gradients(
    root: Any, seed: Any, graph: bool, retain: bool, free: bool, walk: Callable[..., Leaves] = walk
) -> Leaves:
    """Return (leaf, gradient) for each leaf that `root` depends on, by one walk or two.

    If a gradient holds NaN, `careful_visit` walks again: it knows which zeros come from a branch
    that was not taken, where 0 · inf is 0.

    Args:
        root, seed, retain: the arguments of `walk`; graph: whether gradients have graphs.
        free: free the graph afterwards.
        walk: the function above, or `fast_walk`.
    """
    live = Pass([root]) if graph else None
    leaves = walk(root, seed, live, retain)
    trace = tracer() if open_traces else None
    if trace is not None:
        leaves = trace.expect_no_nan(leaves)
    for _, g in leaves if trace is None else ():
        if g != g if isinstance(g, float) else has_nan(g):
            nodes, grads = history([root], {})
            grads[root.serial] = seed
            leaves = careful_visit(nodes, grads, graph, retain, Masks(None, graph))
            break
    remember(live)
    if watches:
        for watcher in watching():
            watcher.walked([root], [seed], [g for _, g in leaves])
    if free:
        let_go(root)
    return leaves
