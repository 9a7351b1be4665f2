"""What passes share: a graph is made anew from its beginning to its ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.compiling.node import Node, in_order


def rebuilt(ends: list[Node], change: Callable[[Node], Any]) -> list[Node]:
    """Return a graph in which `change` was asked for each node what stands in its place.

    Args:
        ends: the graph.
        change: given a node whose arguments have been replaced already, returns a node.
    """
    new: dict[Node, Node] = {}
    for node in in_order(ends):
        args = [new[x] if isinstance(x, Node) else x for x in node.args]
        same = all(x is y for x, y in zip(args, node.args, strict=True))
        new[node] = change(node if same else node.with_args(args))
    return [new[end] for end in ends]
