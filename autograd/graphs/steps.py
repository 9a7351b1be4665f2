"""The chain rule step by step: what each node passes on to each of its parents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.engine.arrays import fit
from autograd.engine.careful import Reached, handed_on
from autograd.engine.graph import FREED, freed, history, parents_then
from autograd.engine.masks import Masks
from autograd.engine.silence import silence
from autograd.engine.value import Value, held


@dataclass
class Link:
    """What an op passes back to one of its arguments.

    Attributes:
        place: the position of the argument.
        parent: the Value that was given there.
        gradient: what the op adds to the gradient of that Value, in its shape; None for nothing.
        reached: which entries of it are more than 0 for want of a way, see `engine/careful.py`.
    """

    place: int
    parent: Value
    gradient: Any
    reached: Reached = np.True_


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


def steps(root: Value, seed: Any = None, careful: bool = True) -> Iterator[Step]:
    """Yield the steps of a backward pass, newest node first; `.grad` stays as it is.

    Args:
        root: the Value to differentiate.
        seed: the gradient to begin with, in its shape; ones if left out.
        careful: let 0 · inf be 0 in branches that were not taken, at twice the cost.

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
    reached: dict[int, Reached] = {root.serial: np.True_}
    masks = Masks(None, False)
    for node in nodes:
        g, way = grads.pop(node.serial), reached.pop(node.serial, np.False_)
        links = links_of(node, g, way if careful else None, masks) if node.op is not None else []
        for link in links:
            if link.gradient is not None:
                serial = link.parent.serial
                total = grads[serial]
                grads[serial] = link.gradient if total is None else total + link.gradient
                reached[serial] = reached.get(serial, np.False_) | link.reached
        yield Step(node, g, links)


@silence()
def links_of(
    node: Value, g: Any, reached: Reached = None, masks: Masks | None = None
) -> list[Link]:
    """Return what a node with gradient `g` passes on to its parents.

    Args:
        node, g: the node and its gradient; None for nothing.
        reached, masks: what a careful walk knows, see `careful.handed_on`.
    """
    if node.more is FREED:
        raise freed(node)
    parents = {i: parent for i, parent in enumerate(parents_then(node)) if parent is not None}
    links = {i: Link(i, parent, None) for i, parent in parents.items()}
    if g is not None:
        for i, parent, gx, way in handed_on(node, g, reached, masks):
            links[i] = Link(i, parent, gx, way)
    return list(links.values())


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
    for careful in (False, True):
        every = steps(root, careful=careful)
        moved = sum(_moved(step) for step in every if before is None or step.node.serial < before)
        if np.isfinite(moved):
            return moved
    return 0.0


def _moved(step: Step) -> float:
    x, g = held(step.node), step.gradient
    if type(x) is float and type(g) is float:
        return abs(x * g)
    if g is None:
        return 0.0
    sizes = np.abs(x).astype(float)  # half precision would overflow
    return float(np.sum(sizes * np.abs(g)))
