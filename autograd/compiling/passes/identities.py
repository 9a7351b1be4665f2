"""Identities: steps that change no bit are left out."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.compiling.node import HAS_NAN, NAN, Node, form_of
from autograd.compiling.passes.rebuild import rebuilt
from autograd.compiling.scalars import PRODUCTS, is_scalar
from autograd.engine.primitive import PRIMITIVES
from autograd.ops.elementwise import negative, subtract
from autograd.ops.shape import reshape

UNCHANGED = (np.positive,)
QUOTIENTS = (operator.truediv, np.divide)
SUM = (operator.add, np.add)
RESHAPE = PRIMITIVES[reshape.__name__]
NEGATIVE, SUBTRACT = (PRIMITIVES[op.__name__] for op in (negative, subtract))


def identities_away(ends: list[Node]) -> list[Node]:
    """Return a graph without +x, 1 · x, x / 1 and x.reshape(x.shape).

    Products with −1 and sums with −x are simpler.
    a + (−x) and a − x have the same bits, as have −1 · x and −x.
    """

    def change(node: Node) -> Node:
        forward = getattr(node.op, "forward", None)
        if node.params or forward is None:
            return node
        if node.op is HAS_NAN and is_scalar(node.args[0]):
            return Node(NAN, node.args, {}, node.sample)
        if forward in UNCHANGED:
            return instead(node, node.args[0])
        if node.op is RESHAPE and isinstance(x := node.args[0], Node) and same_form(x, node):
            return instead(node, node.args[0])
        if forward in QUOTIENTS and type(node.args[1]) in (int, float) and node.args[1] == 1:
            return instead(node, node.args[0])
        if forward in PRODUCTS and len(node.args) == 2:
            for one, x in (node.args, node.args[::-1]):
                if isinstance(one, (float, np.floating)) and one == 1.0:
                    return instead(node, x)
                if isinstance(one, (float, np.floating)) and one == -1.0 and isinstance(x, Node):
                    opposite = Node(NEGATIVE, (x,), {}, node.sample, numbers=node.numbers)
                    return opposite if same_form(x, node) else node
        if forward in SUM and len(node.args) == 2:
            a, b = node.args
            if isinstance(b, Node) and b.op is NEGATIVE and same_form(b.args[0], b):
                return Node(SUBTRACT, (a, b.args[0]), {}, node.sample, numbers=node.numbers)
        return node

    return rebuilt(ends, change)


def same_form(x: Node, y: Node) -> bool:
    """Whether two nodes have the same type and shape."""
    return form_of(x.sample) == form_of(y.sample)


def instead(node: Node, x: Any) -> Node:
    """Return what a node passes on, if it is seen as the same by what comes after."""
    same = isinstance(x, Node) and form_of(x.sample) == form_of(node.sample)
    return x if same and x.numbers == node.numbers else node
