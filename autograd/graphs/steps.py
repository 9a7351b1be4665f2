"""The chain rule step by step: what each node passes on to each of its parents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograd.engine.arrays import fit
from autograd.engine.contributions import carefully
from autograd.engine.graph import FREED, freed, history, parents_then
from autograd.engine.silence import silence
from autograd.engine.value import Value, held


@dataclass
class Link:
    """What an op passes back to one of its arguments.

    Attributes:
        place: the position of the argument.
        parent: the Value that was given there.
        gradient: what the op adds to the gradient of that Value, in its shape; None for nothing.
    """

    place: int
    parent: Value
    gradient: Any


@dataclass
class Step:
    """One node of a backward pass.

    Attributes:
        node: a Value.
        gradient: the derivative of the root with respect to it, complete by now; None if there
            is none.
        links: what it passes to each of its parents; empty for a leaf.
    """

    node: Value
    gradient: Any
    links: list[Link]


def steps(root: Value, seed: Any = None) -> Iterator[Step]:
    """Yield the steps of a backward pass, newest node first; `.grad` stays as it is.

    Args:
        root: the Value to differentiate.
        seed: the gradient to begin with, in its shape; ones if left out.

    Raises:
        FreedGraphError: the graph was freed.

    Example:
        >>> x = Value(3.0)
        >>> for step in steps(x * x):
        ...     print(step.gradient, [link.gradient for link in step.links])
        1.0 [3.0, 3.0]
        6.0 []
    """
    nodes, grads = history([root], {})
    one = np.ones(root.shape, root.dtype)[()] if seed is None else seed
    grads[root.serial] = fit(one, held(root))
    for node in nodes:
        g = grads.pop(node.serial)
        links = links_of(node, g) if node.op is not None else []
        for link in links:
            if link.gradient is not None:
                total = grads[link.parent.serial]
                grads[link.parent.serial] = (
                    link.gradient if total is None else total + link.gradient
                )
        yield Step(node, g, links)


@silence()
def links_of(node: Value, g: Any) -> list[Link]:
    """Return what a node with gradient `g` passes on to its parents."""
    if node.more is FREED:
        raise freed(node)
    parents = {i: parent for i, parent in enumerate(parents_then(node)) if parent is not None}
    found = found_by_rules(node, g, list(parents)) if g is not None else dict.fromkeys(parents)
    return [
        Link(i, parent, None if (gx := found[i]) is None else fit(gx, held(parent)))
        for i, parent in parents.items()
    ]


def found_by_rules(node: Value, g: Any, places: list[int]) -> dict[int, Any]:
    """Return what the rules of a node's op find for the arguments at `places`."""
    op, vjps = node.op, node.op.vjps

    def apply(rule: Callable[..., Any]) -> Any:
        return carefully(op, rule, g, held(node), node.args, node.params)

    if type(vjps) is tuple:
        return {i: apply(vjps[i]) if i < len(vjps) else None for i in places}
    return dict(zip(places, apply(partial(vjps.rule, places)), strict=True))


@silence()
def rounding(root: Value, before: int | None = None) -> float:
    """Return how far rounding may have moved a number, in units of the eps of its dtype.

    This is the sum over its graph of |number · derivative of the result by it| (S. Linnainmaa,
    "Taylor expansion of the accumulated rounding error", 1976), or 0 if that is not finite. `.grad`
    stays as it is.

    Args:
        root: the number.
        before: count only the nodes that are older than this serial; all if left out.

    Example:
        >>> x = Value(1e8)
        >>> rounding((x + 1.0) - x)  # so the result, 1, has no digit after the eighth
        100000002.0
    """
    moved = 0.0
    for step in steps(root):
        if before is not None and step.node.serial >= before:
            continue
        x, g = held(step.node), step.gradient
        if type(x) is float and type(g) is float:
            moved += abs(x * g)
        elif g is not None:
            sizes = np.abs(x).astype(float)  # half precision would overflow
            moved += float(np.sum(sizes * np.abs(g)))
    return moved if np.isfinite(moved) else 0.0
