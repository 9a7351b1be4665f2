"""Constants away: what depends on no source is computed once, while compiling."""

from __future__ import annotations

from autograd.compiling.node import Node
from autograd.compiling.passes.rebuild import rebuilt


def constants_away(ends: list[Node]) -> list[Node]:
    """Return a graph in which steps on constants alone are constants, and stand in arguments."""

    def change(node: Node) -> Node:
        args = [x.sample if isinstance(x, Node) and is_constant(x) else x for x in node.args]
        if node.op is not None and not any(isinstance(x, Node) for x in args):
            return Node(None, sample=node.sample, numbers=node.numbers)
        return node.with_args(args)

    return rebuilt(ends, change)


def is_constant(node: Node) -> bool:
    """Whether a node is a constant."""
    return node.op is None and node.source is None
