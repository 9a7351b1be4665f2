"""Scattered at once: a sum of arrays that are 0 but for a part each is made in one array.

The gradient of an array that was read part by part, such as the steps of a sequence, is such a
sum. Made one by one, each of its terms would be as large as the whole array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiling.node import Node, form_of, in_order
from autograd.compiling.passes.identities import SUM
from autograd.engine.primitive import PRIMITIVES, Primitive
from autograd.ops.indexing import repeats, scatter

SCATTER = PRIMITIVES[scatter.__name__]


def _parts_in_place(*parts: Any, indices: list[Any], shape: tuple[int, ...], dtype: Any) -> Any:
    total = np.zeros(shape, dtype)
    for part, index in zip(parts, indices, strict=True):
        total[index] += part
    return total


PARTS = Primitive("parts_in_place", _parts_in_place, None)


def scattered_at_once(ends: list[Node]) -> list[Node]:
    """Return a graph in which parts are added to one array of zeros, in the order of the sums.

    Adding the zeros of the other terms changes no bit of a sum that began with a zero.
    """
    nodes = in_order(ends)
    uses: dict[Node, int] = dict.fromkeys(ends, 2)
    for node in nodes:
        for parent in node.parents:
            uses[parent] = uses.get(parent, 0) + 1
    new: dict[Node, Node] = {}
    parts: dict[Node, list[tuple[Any, Any]]] = {}  # (part, index) of what is a sum of them
    for node in nodes:
        args = [new[x] if isinstance(x, Node) else x for x in node.args]
        if is_part(node):
            parts[node] = [(args[0], node.args[1])]
        elif is_sum(node, parts) and uses[node.args[0]] == uses[node.args[1]] == 1:
            parts[node] = parts[node.args[0]] + parts[node.args[1]]
        same = all(x is y for x, y in zip(args, node.args, strict=True))
        new[node] = node if same else node.with_args(args)
        if len(parts.get(node, ())) > 1:
            given, indices = zip(*parts[node], strict=True)
            form = {"shape": node.sample.shape, "dtype": node.sample.dtype}
            params = {"indices": list(indices), **form}
            new[node] = Node(PARTS, given, params, node.sample, numbers=node.numbers)
    return [new[end] for end in ends]


def is_part(node: Node) -> bool:
    """Whether a node is an array of zeros with numbers at some places, each named once."""
    if node.op is not SCATTER or node.params or not isinstance(node.args[0], Node):
        return False
    known = not any(isinstance(x, Node) for x in node.args[1:])
    return known and type(node.sample) is np.ndarray and not repeats(node.args[1])


def is_sum(node: Node, parts: dict[Node, list[tuple[Any, Any]]]) -> bool:
    """Whether a node adds one more part to others."""
    if getattr(node.op, "forward", None) not in SUM or len(node.args) != 2:
        return False
    total, last = node.args
    if not (isinstance(total, Node) and isinstance(last, Node)) or total is last:
        return False
    if len(parts.get(last, ())) != 1 or total not in parts:
        return False
    return form_of(total.sample) == form_of(last.sample) == form_of(node.sample)
