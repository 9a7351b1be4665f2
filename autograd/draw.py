"""See a graph: Values as boxes, ops as ellipses, edges in the direction of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.backward import FreedGraphError, former
from autograd.value import Value

if TYPE_CHECKING:
    import graphviz

LOOKS: dict[str, dict[str, str]] = {
    "leaf": {"fillcolor": "#e3f2fd", "color": "#1e88e5"},
    "constant": {"fillcolor": "#f5f5f5", "color": "#9e9e9e", "style": "rounded,filled,dashed"},
    "computed": {},
    "output": {"fillcolor": "#fff3e0", "color": "#fb8c00", "penwidth": "2"},
    "op": {"shape": "ellipse", "fillcolor": "#455a64", "color": "#455a64", "fontcolor": "white"},
}
FONT = {"fontname": "Helvetica,Arial,sans-serif", "fontsize": "12"}
MOST_ENTRIES = 6  # of an array that is drawn in numbers


def draw(*values: Value) -> graphviz.Digraph:
    """Return the graph that `values` were computed by, as a picture.

    Leaves are blue, constants grey and dashed, the given values orange.  A box shows the name,
    the numbers (of a large array its dtype and shape) and the gradient if there is one.

    Args:
        values: what to draw, each with all it depends on.

    Returns:
        a `graphviz.Digraph`: `.source` is its DOT text; `.render("graph", format="svg")`
        needs Graphviz's program `dot`.  A notebook shows it as it is.

    Raises:
        TypeError: something else than Values.
        FreedGraphError: `backward(free=True)` has let the graph go.

    Example:
        >>> x = Value(3.0, name="x")
        >>> print(draw(x * x).source)  # doctest: +ELLIPSIS
        digraph {
        ...
    """
    import graphviz

    picture = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "bgcolor": "white", "nodesep": "0.18", "ranksep": "0.3"},
        node_attr={"shape": "box", "style": "rounded,filled", "fillcolor": "white",
                   "color": "#90a4ae", "height": "0.3", "margin": "0.12,0.06", **FONT},
        edge_attr={"color": "#78909c", "arrowsize": "0.6"},
    )  # fmt: skip

    def box(name: str, look: str, lines: list[str]) -> None:
        label = "\\n".join(graphviz.escape(line) for text in lines for line in text.split("\n"))
        picture.node(name, graphviz.nohtml(label), **LOOKS[look])

    nodes = history(values)
    number = {node.serial: i for i, node in enumerate(nodes)}
    outputs = {value.serial for value in values}
    for i, node in enumerate(nodes):
        if node.op is not None:
            options = [f"{key}={brief(option)}" for key, option in node.params.items()]
            box(f"op{i}", "op", [node.op.symbol, *options])
            for k, (parent, arg) in enumerate(zip(node.parents, node.args, strict=True)):
                if parent is not None:
                    picture.edge(f"v{number[former(parent, node.serial).serial]}", f"op{i}")
                elif arg is not None:
                    box(f"c{i}_{k}", "constant", [brief(arg)])
                    picture.edge(f"c{i}_{k}", f"op{i}")
            picture.edge(f"op{i}", f"v{i}")
        look = "output" if node.serial in outputs else "leaf" if node.op is None else "computed"
        box(f"v{i}", look, describe(node))
    return picture


def history(values: tuple[Value, ...]) -> list[Value]:
    """Return all that `values` depend on and themselves, in order of creation."""
    for value in values:
        if not isinstance(value, Value):
            raise TypeError(
                f"draw() takes Values, not {type(value).__name__} ({value!r:.60}); "
                "give the results of a computation: draw(y) or draw(y, z)"
            )
    if not values:
        raise TypeError("draw() needs at least one Value: draw(y)")
    seen: dict[int, Value] = {}
    stack = list(values)
    while stack:
        node = stack.pop()
        if node.serial in seen:
            continue
        seen[node.serial] = node
        if node.args is None:
            raise FreedGraphError(
                f"the graph below this {node.op.name} was let go by backward(free=True); "
                "draw it before, or leave free=True out"
            )
        stack += [former(parent, node.serial) for parent in node.parents if parent is not None]
    return [seen[serial] for serial in sorted(seen)]


def describe(node: Value) -> list[str]:
    """Return the lines in a Value's box."""
    named = f"{node.name} = " if node.name is not None else ""
    lines = [named + brief(node._data)]
    return lines if node._grad is None else [*lines, f"grad {brief(node._grad)}"]


def brief(x: Any) -> str:
    """Return numbers, or what else an op was given, in few characters."""
    x = x._data if isinstance(x, Value) else x
    if isinstance(x, np.ndarray):
        if x.size > MOST_ENTRIES:
            return f"{x.dtype} {x.shape}"
        return np.array2string(x, precision=4, separator=", ")
    if isinstance(x, (float, complex, np.inexact)):
        return f"{x:.4g}"
    text = str(x)
    return text if len(text) <= 24 else text[:23] + "…"
