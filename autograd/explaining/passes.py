"""Passes: how each gradient grows in the backward pass, and which pass made which node."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from autograd.engine.graph import parents_then
from autograd.engine.value import Value
from autograd.graphs.steps import steps

LONGEST = 200  # nodes; the gradients of a larger graph are not kept
SEED = "seed"  # the name of the gradient that a backward pass with a graph begins with


class Receipt(NamedTuple):
    """What a Value receives in the backward pass.

    Attributes:
        node: the Value.
        source: the node that passes it on; None for the result itself.
        added: what it receives.
        total: its gradient so far.
        last: whether that is all of it.
    """

    node: Value
    source: Value | None
    added: Any
    total: Any
    last: bool


def receipts(y: Value, nodes: list[Value], ends: Collection[int]) -> list[Receipt]:
    """Return what the Values between a result and some others receive, in the order of the pass.

    Args:
        y: the result.
        nodes: all that it depends on, oldest first.
        ends: serials of the Values to reach; the gradients of others do not matter.

    Example:
        >>> x = Value(3.0)
        >>> y = x * x
        >>> [(one.added, one.total) for one in receipts(y, [x, y], {x.serial})]
        [(1.0, 1.0), (3.0, 3.0), (3.0, 6.0)]
    """
    if len(nodes) > LONGEST:
        return []
    between = set(ends)
    for node in nodes:
        if node.op is not None and any(
            parent is not None and parent.serial in between for parent in parents_then(node)
        ):
            between.add(node.serial)
    found: list[Receipt] = []
    totals: dict[int, Any] = {}
    for step in steps(y):
        if step.node is y:
            found.append(Receipt(y, None, step.gradient, step.gradient, False))
        for link in step.links:
            serial = link.parent.serial
            if link.gradient is None or serial not in between:
                continue
            before = totals.get(serial)
            totals[serial] = link.gradient if before is None else before + link.gradient
            found.append(Receipt(link.parent, step.node, link.gradient, totals[serial], False))
    complete: dict[int, int] = {one.node.serial: i for i, one in enumerate(found)}
    return [one._replace(last=complete[one.node.serial] == i) for i, one in enumerate(found)]


def passes(nodes: list[Value]) -> dict[int, str]:
    """Return a heading for the first node of each pass, by serial; none if there is one pass.

    A backward pass that can be differentiated begins with a Value of its own, so what is younger
    than it was made by that pass, or from its gradients.

    Args:
        nodes: the nodes of a graph, oldest first.
    """
    seeds = [node for node in nodes if node.op is None and node.name == SEED]
    headings: dict[int, str] = {}
    current = ""
    for node in nodes:
        if node.op is None:
            continue
        before = sum(seed.serial < node.serial for seed in seeds)
        heading = title(before, len(seeds))
        if seeds and heading != current:
            headings[node.serial] = current = heading
    return headings


def title(number: int, many: int) -> str:
    """Return the heading of the forward pass, 0, or of a backward pass."""
    if not number:
        return "the forward pass:"
    which = "" if many == 1 else f"{('first', 'second', 'third', 'fourth')[min(number, 4) - 1]} "
    return f"the {which}backward pass, and what was computed from its gradients:"
