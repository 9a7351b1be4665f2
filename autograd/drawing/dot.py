"""DOT: a scene in Graphviz's language, with the size of every box, so that all layouts agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.drawing.grouping import Group, is_pass, title
from autograd.drawing.scene import Box, Scene
from autograd.drawing.style import DARK, LIGHT, Palette, box_size, fills_of, look_of

if TYPE_CHECKING:
    import graphviz


# Main edges run straight even if frames get wider for it (Graphviz weighs narrow frames 128);
# the source of a side edge stands next to its op.
WAYS: dict[str, dict[str, str]] = {
    "main": {"weight": "200"},
    "side": {"minlen": "0"},
    "": {},
    "later": {"style": "dashed", "class": "later"},
    "gone": {"style": "dashed", "class": "gone"},
}
# With many lines, Graphviz would take minutes to straighten them and avoid crossings.
MANY_LINES = 200
HASTE = {"mclimit": "0.1", "nslimit": "2", "nslimit1": "2"}
LONG = 12  # the most boxes in a row that go from left to right
GAP = 22.0  # between two of them
WIDE = 1000.0  # and how wide they may be, about as wide as the cell of a notebook


def digraph(scene: Scene, direction: str | None = None, dark: bool = False) -> graphviz.Digraph:
    """Return a scene as a `graphviz.Digraph`, by default from left to right, downwards if long."""
    import graphviz

    direction = direction_of(scene, direction)

    palette = DARK if dark else LIGHT
    graph = graphviz.Digraph(
        graph_attr={"rankdir": direction, "bgcolor": "transparent", "nodesep": "0.2",
                    "ranksep": "0.3", "fontname": "DejaVu Sans", "fontsize": "13",
                    "fontcolor": palette.faint, "labeljust": "l"},
        node_attr={"fontname": "DejaVu Sans", "fontsize": "12", "fontcolor": palette.text,
                   "shape": "box", "fixedsize": "true"},
        edge_attr={"color": palette.line, "arrowsize": "0.6"},
    )  # fmt: skip
    if len(scene.edges) > MANY_LINES:
        graph.attr(**HASTE)
    graphs: dict[Group, graphviz.Digraph] = {(): graph}
    for group, name in clusters(scene).items():
        graphs[group] = graphviz.Digraph(name, graph_attr=cluster_look(group, palette))
    for box in scene.boxes:
        add_box(graphs[box.group], box, palette)
    for group in sorted(graphs, key=len, reverse=True)[:-1]:  # innermost first
        graphs[group[:-1]].subgraph(graphs[group])
    order = {box.key: i for i, box in enumerate(scene.boxes)}
    for tail, head, way in scene.edges:
        if order[tail] > order[head]:  # against the flow of the data
            graph.edge(head, tail, dir="back", **WAYS[way])
        else:
            graph.edge(tail, head, **WAYS[way])
    if scene.words:
        graph.attr(label=escape(scene.words), labelloc="b")
    return graph


def direction_of(scene: Scene, asked: str | None) -> str:
    """Return where the data goes: as asked for, or downwards if the picture would be wide."""
    if asked is not None:
        return asked
    long = scene.longest(lambda box: 1) > LONG or scene.longest(room) > WIDE
    return "TB" if long else "LR"


def room(box: Box) -> float:
    """Return how wide a box is, with the arrow to it."""
    return box_size(box)[0] + GAP


def clusters(scene: Scene) -> dict[Group, str]:
    """Return the DOT name of every group, outer groups first."""
    groups = (box.group[:n] for box in scene.boxes for n in range(1, len(box.group) + 1))
    return {group: f"cluster_{n}" for n, group in enumerate(dict.fromkeys(groups), 1)}


def cluster_look(group: Group, palette: Palette) -> dict[str, str]:
    """Return the attributes of the frame around a module."""
    look = {"label": escape(title(group[-1])), "style": "rounded", "margin": "10"}
    if is_pass(group[-1]):
        return look | {"color": palette.gradient, "fontcolor": palette.gradient}
    return look | {"color": palette.cluster}


def add_box(graph: graphviz.Digraph, box: Box, palette: Palette) -> None:
    """Write one box."""
    look = look_of(box, palette)
    width, height = box_size(box)
    fills = fills_of(box, palette)
    style = ["filled"]
    style += ["rounded"] if look.round and box.kind != "op" else []
    style += ["dashed"] if look.dashed else []
    more = {"shape": "ellipse"} if box.kind == "op" else {}
    more |= {"peripheries": "2"} if look.double else {}
    more |= {"penwidth": "2"} if look.thick else {}
    graph.node(
        box.key,
        "\\n".join(escape(text) for _, text in box.lines),
        style=",".join(style),
        fillcolor=":".join(dict.fromkeys((fills[0], fills[-1]))),
        color=look.border,
        width=f"{width / 72:.3f}",
        height=f"{height / 72:.3f}",
        **more,
    )


def escape(text: str) -> str:
    """Return a text with what DOT would read as its own escapes or HTML entities escaped."""
    import graphviz

    return graphviz.escape(text.replace("&", "&amp;"))
