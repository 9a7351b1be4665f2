"""See the graph: Values as boxes, ops as circles, edges in the direction of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.value import Value

if TYPE_CHECKING:
    import graphviz

STYLE = {
    "leaf": {"fillcolor": "#dcecfb", "color": "#3b78b4"},
    "computed": {"fillcolor": "#f6f6f4", "color": "#9a9a94"},
    "output": {"fillcolor": "#ffe9c7", "color": "#c98a1b"},
    "constant": {"fillcolor": "#ffffff", "color": "#c4c4be", "style": "rounded,filled,dashed"},
}


def draw(*outputs: Value) -> graphviz.Digraph:
    """Return the graph that made the given Values as a Graphviz drawing.

    Args:
        outputs: one or more Values.

    Returns:
        a `graphviz.Digraph`: it shows itself in notebooks, `.source` is its DOT text, and
        `.render("g", format="svg")` writes a picture where Graphviz's `dot` is installed.

    Raises:
        TypeError: something else than Values was given.

    Example:
        >>> x = Value(2.0, name="x")
        >>> "2" in draw(x * x).source
        True
    """
    import graphviz

    if not outputs or not all(isinstance(y, Value) for y in outputs):
        given = ", ".join(type(y).__name__ for y in outputs) or "nothing"
        raise TypeError(f"draw takes the Values to draw, draw(loss), not {given}")
    nodes = history(outputs)
    names = {node.serial: f"n{i}" for i, node in enumerate(nodes, 1)}
    picture = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "bgcolor": "transparent", "nodesep": "0.18", "ranksep": "0.3"},
        node_attr={"fontname": "Helvetica", "fontsize": "11", "shape": "box",
                   "style": "rounded,filled", "height": "0.3", "margin": "0.12,0.06"},
        edge_attr={"color": "#77776f", "arrowsize": "0.6"},
    )  # fmt: skip
    for node in nodes:
        name = names[node.serial]
        if node.op is None:
            picture.node(name, label(node, graphviz.escape), **STYLE["leaf"])
            continue
        kind = "output" if any(node is y for y in outputs) else "computed"
        picture.node(name, label(node, graphviz.escape), **STYLE[kind])
        picture.node(name + "op", graphviz.escape(node.op.symbol), shape="circle", margin="0.02",
                     fillcolor="#ffffff", color="#55554f", width="0.32")  # fmt: skip
        picture.edge(name + "op", name)
        for i, (parent, arg) in enumerate(zip(node.parents, node.args or (), strict=True)):
            if parent is not None:
                picture.edge(names[parent.serial], name + "op")
            elif isinstance(arg, (int, float, np.ndarray, np.generic)):
                picture.node(f"{name}c{i}", numbers(arg), **STYLE["constant"])
                picture.edge(f"{name}c{i}", name + "op")
    return picture


def history(outputs: tuple[Value, ...]) -> list[Value]:
    """Return all Values that the outputs were made of, the oldest first."""
    found, stack = {y.serial: y for y in outputs}, list(outputs)
    while stack:
        for parent in stack.pop().parents:
            if parent is not None and parent.serial not in found:
                found[parent.serial] = parent
                stack.append(parent)
    return [found[serial] for serial in sorted(found)]


def label(node: Value, escape: Any) -> str:
    """Return name, numbers and gradient, a line each."""
    lines = [escape(node.name)] if node.name else []
    lines.append(numbers(node._data))
    if node._grad is not None:
        grad = node._grad
        lines.append("grad " + numbers(grad._data if isinstance(grad, Value) else grad))
    return "\\n".join(lines)


def numbers(x: Any) -> str:
    """Return a number, or the shape of an array and its range."""
    if np.ndim(x) == 0:
        return f"{x:.4g}"
    if x.size <= 3 and x.ndim == 1:
        return "[" + ", ".join(f"{n:.3g}" for n in x) + "]"
    return "×".join(map(str, x.shape)) + (f" in {x.min():.3g} … {x.max():.3g}" if x.size else "")
