"""How a gradient depends on a node between it and the leaves.

For rules that need to know how their gradient depends on their result, in the middle of a walk: no
node shows another `grad` afterwards.
"""

from __future__ import annotations

from itertools import repeat
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.backward import Leaves
from autograd.engine.blocks import at_once
from autograd.engine.fast_backward import fast_history, fast_visit
from autograd.engine.recall import args_of, numbers
from autograd.engine.tracing import tracer


def gradient_at(target: Any, root: Any, seed: Any) -> Any:
    """Return the gradient of Σ seed · root with respect to a node; None if it has none.

    Args:
        target: a node.
        root: a newer node.
        seed: numbers of the shape of `root`.
    """
    return walked(target, root, seed, target.serial)[0]


def walked(target: Any, root: Any, seed: Any, since: int) -> tuple[Any, Leaves, list[Any]]:
    """Return the gradient of Σ seed · root at a node, those of leaves around it, and nodes met.

    Args:
        target, root, seed: as in `gradient_at`.
        since: no older nodes are visited.
    """
    nodes, grads = fast_history([root], {target.serial: None}, since)
    nodes = [node for node in nodes if node.serial > since]
    computed = [node for node in nodes if node.op is not None]
    shown = [node._grad for node in computed]
    try:
        at_once(setattr, computed, repeat("_grad"), repeat(None))
        grads[root.serial] = seed
        leaves = fast_visit(nodes, grads, retain=True)
        met = [node for node in computed if node._grad is not None]
        return grads[target.serial], leaves, met
    finally:
        at_once(setattr, computed, repeat("_grad"), shown)


def own_slopes(target: Any, root: Any, entries: Any, alone: bool = False) -> ndarray:
    """Return the slope of some entries of `root` by the same entries of `target`, 0 for the others.

    It is NaN where it is not known: for entries that depend on others of these, and for all if an
    op between them is at its kink.

    Args:
        target, root: nodes of one shape.
        entries: booleans in that shape.
        alone: all are NaN, too, if `root` depends on leaves in other ways than through `target`.
    """
    if (trace := tracer()) is not None:
        trace.impossible("a gradient is taken at a kink")
    since = 0 if alone else target.serial
    found = []
    for unequal in (0.0, 1.0) if np.count_nonzero(entries) > 1 else (0.0,):
        weights = 1.0 + unequal * np.sqrt(np.arange(np.size(entries))).reshape(np.shape(entries))
        seed = np.where(entries, weights, 0.0).astype(root.dtype)[()]
        g, leaves, met = walked(target, root, seed, since)
        g = 0.0 if g is None else g
        if any(np.any(np.not_equal(x, 0)) for _, x in leaves) or (np.any(g) and kinked(met)):
            g = np.nan
        found.append(np.where(entries, g / weights, 0.0)[()])
    slopes, again = found[0], found[-1]
    eps = np.finfo(root.dtype).eps
    rounding = eps**0.5 * np.max(np.abs(slopes)) + eps * np.max(np.abs(root.numpy()))
    known = (np.abs(slopes - again) <= rounding) | (slopes == again)
    return np.where(known, slopes, np.nan)[()]


def kinked(nodes: list[Any]) -> bool:
    """Whether one of these ops is at its kink: its slope is neither ±1 nor that of no choice."""
    for node in nodes:
        op = node.op
        if op.breaks != "kink":
            continue
        y, args = numbers(node), args_of(node)
        one = np.ones(np.shape(y))[()]
        for rule, parent in zip(op.vjps, node.parents, strict=False):
            if parent is not None:
                size = np.abs(rule(one, y, *args, **node.params))
                out = op.selects is not None and op.selects(y, *args)
                if not np.all((size == 1) | ((size == 0) & out)):
                    return True
    return False
