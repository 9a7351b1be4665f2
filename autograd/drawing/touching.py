"""Touching: lines that run over boxes which are not theirs, and how they get out of the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograd.drawing.dot import digraph
from autograd.drawing.layout import Layout, layout
from autograd.drawing.scene import Scene
from autograd.drawing.style import box_size

HALF_LINE = 0.5  # how far a line reaches from its middle
POINTS = np.linspace(0.0, 1.0, 30)[:, None]  # where a curve is looked at
BASIS = np.hstack(
    [(1 - POINTS) ** 3, 3 * (1 - POINTS) ** 2 * POINTS, 3 * (1 - POINTS) * POINTS**2, POINTS**3]
)


def clear_layout(scene: Scene, source: str, direction: str | None) -> Layout:
    """Return the layout of a scene, in which leaves stand beside their ops unless that is crowded.

    A leaf stands in one row with its op. If boxes stand between them, the line may touch these;
    then such leaves go to the row before.

    Args:
        scene: the boxes and lines.
        source: its DOT text.
        direction: where the data goes, as asked for.
    """
    places = layout(source)
    touching = lines_over_boxes(places, scene)
    if not touching:
        return places
    edges = [(a, b, "" if (a, b) in touching else way) for a, b, way in scene.edges]
    other = layout(digraph(replace(scene, edges=edges), direction).source)
    return other if len(lines_over_boxes(other, scene)) < len(touching) else places


def lines_over_boxes(places: Layout, scene: Scene) -> set[tuple[str, str]]:
    """Return the ends of lines from leaves beside their ops that touch other boxes."""
    beside = {(tail, head) for tail, head, way in scene.edges if way == "side"}
    keys = [box.key for box in scene.boxes]
    centers = np.array([places.centers[key] for key in keys])
    sizes = np.array([box_size(box) for box in scene.boxes]) / 2 + HALF_LINE
    found = set()
    for line, ends in zip(places.paths, places.ends, strict=True):
        if ends in beside:
            curves = [BASIS @ np.array(line[i : i + 4]) for i in range(0, len(line) - 4, 3)]
            away = np.abs(np.vstack(curves)[:, None] - centers)
            over = np.flatnonzero((away < sizes).all(axis=2).any(axis=0))
            if {keys[i] for i in over} - {*ends}:
                found.add(ends)
    return found
