"""The names of HIPS autograd's `tracer`: a graph as nodes of a class that the user defines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.engine.differentiating import differentiated
from autograd.engine.graph import history, parents_then
from autograd.engine.trees import children, filled, leaves
from autograd.engine.value import Value, held
from autograd.hips.boxes import TraceStack, new_box, trace_stack
from autograd.hips.extend import Box, getval, isbox, notrace_primitive, primitive, register_notrace
from autograd.hips.nodes import Node
from autograd.hips.sequences import subvals, toposort
from autograd.ops.elementwise import positive
from autograd.transforms.seeds import joined_objects

__all__ = [
    "Box",
    "Node",
    "TraceStack",
    "getval",
    "isbox",
    "new_box",
    "notrace_primitive",
    "primitive",
    "register_notrace",
    "subvals",
    "toposort",
    "trace",
    "trace_stack",
]


def trace(start_node: Node, fun: Callable[[Any], Any], x: Any) -> tuple[Any, Node | None]:
    """Run `fun(x)`, then make a node of the class of `start_node` for each step, in order.

    Args:
        start_node: the node of `x`.
        fun: a function of one argument.
        x: a number, an array, or a container of these.

    Returns:
        (result, its node); the node is None if the result does not depend on `x`.

    Example:
        >>> class Names(Node):
        ...     def __init__(self, value, fun, args, kwargs, parent_argnums, parents):
        ...         self.names = [*(name for p in parents for name in p.names), fun.__name__]
        ...     def initialize_root(self):
        ...         self.names = []
        >>> trace(Names.new_root(), lambda x: -(x * 2.0), 3.0)[1].names
        ['multiply', 'negative']
    """
    container = children(x) is not None
    inputs = [positive(leaf) if isbox(leaf) else Value(leaf) for _, leaf in leaves(x)]
    serials = [entry.serial for entry in inputs]
    result = joined_objects(differentiated(serials, fun, (filled(x, iter(inputs)),), {}))
    make: Any = type(start_node)
    nodes: dict[int, Node] = {}
    for i, entry in enumerate(inputs):
        nodes[entry.serial] = start_node
        if container:
            nodes[entry.serial] = make(entry._value, leaf_of, (x, i), {}, (0,), (start_node,))
    ends = {y.serial: y for _, y in leaves(result) if isbox(y)}
    since = min(nodes, default=0)
    steps = history(list(ends.values()), {}, since)[0]
    for step in reversed(steps):
        parents = {
            i: nodes[parent.serial]
            for i, parent in enumerate(parents_then(step))
            if parent is not None and parent.serial in nodes
        }
        if parents:
            nodes[step.serial] = make(
                held(step), step.op.call, step.args, step.params, (*parents,), (*parents.values(),)
            )
    inside_a_larger_graph = steps and steps[-1].serial < since
    value = result if inside_a_larger_graph else getval(result)
    found = [leaf for _, leaf in leaves(result)]
    traced = {i: nodes[y.serial] for i, y in enumerate(found) if isbox(y) and y.serial in nodes}
    if not traced:
        return value, None
    if children(result) is None:
        return value, traced[0]

    def gather(*leaves: Any) -> Any:
        return filled(value, iter(leaves))

    return value, make(
        value, gather, tuple(map(getval, found)), {}, (*traced,), (*traced.values(),)
    )


def leaf_of(tree: Any, i: int) -> Any:
    """Return leaf number `i` of a container."""
    return [leaf for _, leaf in leaves(tree)][i]
