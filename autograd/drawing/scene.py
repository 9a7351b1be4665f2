"""Scene: boxes with text and lines between them, to be written as DOT, SVG or text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from autograd.drawing.changes import change_in_words, changes_of, mark_of
from autograd.drawing.colours import (
    Scale,
    raw_gradient,
    root_mean_square,
    shades_of,
    sizes_in_words,
)
from autograd.drawing.grouping import Group, of_any_call, path_of
from autograd.drawing.labels import label_of
from autograd.drawing.looks import arguments
from autograd.drawing.picture import Node, Picture
from autograd.drawing.source import lines_in_words
from autograd.notation.names import lengths, short, spread, visible

NEXT_TURN = "dashed arrows lead to the next turn"
LONGEST = 40  # how many letters of a name are shown
# The highest sources of an op stand before it, lower ones beside it.
HEIGHTS = {"parameter": 0, "constant": 0, "again": 0, "input": 1, "computed": 2}


@dataclass
class Options:
    """What to show; `draw` explains each option."""

    values: bool = True
    gradients: bool | None = None
    shapes: bool = True
    dtypes: bool = False
    color: str | None = None
    dark: bool = False
    depth: int | None = None
    repeats: bool = True
    limit: int | Literal["auto"] | None = "auto"
    direction: str | None = None
    source: bool = False

    def __post_init__(self) -> None:
        if self.direction not in (None, "LR", "RL", "TB", "BT"):
            raise ValueError(
                f'direction={self.direction!r} should be "LR" (left to right), "RL", "TB" (top to '
                'bottom) or "BT", or left out'
            )
        if self.color not in (None, "gradient"):
            raise ValueError(f'color={self.color!r} should be "gradient", or left out')
        for name, least in (("depth", 0), ("limit", 1)):
            given = getattr(self, name)
            if given is None or (name, given) == ("limit", "auto"):
                continue
            if not isinstance(given, (int, np.integer)) or given < least:
                raise ValueError(f"{name}={given!r} should be an int of at least {least}, or None")


@dataclass(slots=True)
class Box:
    """One box of a scene.

    Attributes:
        key: its name in DOT.
        kind: a Node's kind, or "op", "module", "more", or "again" for a copy of another box.
        lines: its text as (role, text); roles are "name", "value", "gradient", "source" and
            "change".
        group: the modules around it.
        shades: the sizes of its gradients from 0 to 1, NaN for one that is not finite: of each
            turn that it stands for, or of a module the smallest and the largest; empty for none.
        hint: the tooltip.
        mark: what became of it in a comparison: "new", "gone", "different" or "same"; else "".
    """

    key: str
    kind: str
    lines: list[tuple[str, str]]
    group: Group = ()
    shades: Sequence[float] = ()
    hint: str = ""
    mark: str = ""


@dataclass
class Scene:
    """Boxes and lines between them.

    Attributes:
        boxes: ordered so that data flows from earlier to later ones.
        edges: (from, to, way) by their keys; the way is "main" from one computed Value to the
            next, "side" for leaves that join it, "later" for what one turn of a loop hands on to
            the next, "gone" for what is no longer taken, "" for others.
        legend: what the colours mean; None if there are none.
        note: what else to say below it.
    """

    boxes: list[Box] = field(default_factory=list)
    edges: list[tuple[str, str, str]] = field(default_factory=list)
    legend: Scale | None = None
    note: str = ""

    @property
    def words(self) -> str:
        """What stands below the picture."""
        return ". ".join(filter(None, (self.note, str(self.legend or ""))))

    def longest(self, size: Callable[[Box], float]) -> float:
        """Return the largest sum of sizes of the boxes along a path through the scene."""
        place = {box.key: i for i, box in enumerate(self.boxes)}
        own = [size(box) for box in self.boxes]
        longest = list(own)
        for tail, head, _ in self.edges:  # by head, in order of the data
            a, b = place[tail], place[head]
            if a < b:
                longest[b] = max(longest[b], longest[a] + own[b])
        return max(longest, default=0)


def scene_of(picture: Picture, gradients: dict[str, Any], options: Options) -> Scene:
    """Return the scene of a picture: a box for each Value and a circle for each op."""
    scene = Scene(note=picture.note)
    if options.color == "gradient":
        scene.legend = Scale.of(map(root_mean_square, gradients.values()))
    compared = any(node.change for node in picture.nodes)
    for node in picture.nodes:
        box = Box(node.key, node.kind, lines(node, gradients, options), node.group)
        if scene.legend is not None:
            box.shades = shades_of(node, gradients, scene.legend)
        box.hint = node.name
        if compared:
            box.mark = mark_of(node) or "same"
        end = node.key
        if node.op is not None:
            end = node.key + "op"
            scene.boxes.append(Box(end, "op", [("name", label_of(node))], node.group))
            scene.boxes[-1].hint, scene.boxes[-1].mark = op_calls(node), box.mark
        kinds = [picture[key].kind for key in node.sources]
        heights = [HEIGHTS.get(kind, 2) for kind in kinds]
        for key, height in zip(node.sources, heights, strict=True):
            way = "side" if height < max(heights) else "main" if height == 2 else ""
            if is_gone(key, node, picture):
                way = "gone"
            scene.edges.append((key, end, way))
        scene.edges += [(key, end, "later") for key, _ in node.later]
        if end != node.key:
            scene.edges.append((end, node.key, "main"))
        scene.boxes.append(box)
    if any(node.later for node in picture.nodes):
        scene.note = ". ".join(filter(None, [scene.note, NEXT_TURN]))
    return scene


def is_gone(source: str, node: Node, picture: Picture) -> bool:
    """Whether a node takes another one no longer."""
    took = any(source in change.gone for change in changes_of(node))
    return took or "gone" in (mark_of(picture[source]), mark_of(node))


def op_call(node: Node) -> str:
    """Return an op with its axes, indices and options as in code: "sum(axis=1)"."""
    said = [
        f"{name}={short_repr(x)}" if len(name) > 1 else short_repr(x)
        for _, name, x in arguments(node)
        if x is not None and x is not False
    ]
    return f"{node.op.name}({', '.join(said)})" if said else node.op.name


def op_calls(node: Node) -> str:
    """Return the op of a node, or those of the first and the last that it stands for."""
    first, last = op_call(node), op_call(node.covers[-1] if node.covers else node)
    return first if first == last else f"{first} … {last}"


def short_repr(x: Any) -> str:
    """Return the repr of something small, the type of something large."""
    text = visible(repr(x))
    return text if len(text) <= LONGEST else type(x).__name__


def lines(node: Node, gradients: dict[str, Any], options: Options) -> list[tuple[str, str]]:
    """Return what is written in the box of a node."""
    found = [("name", shortened(inner_name(node)))] if node.name else []
    if node.kind in ("more", "again"):
        return found
    all_of_it = node.covers or [node]
    if node.kind == "module":
        found += [("value", said) for said in node.number.split("\n")]
    elif said := ", ".join(number_parts([x.number for x in all_of_it], options)):
        found.append(("value", said))
    slope = gradient_in_words(node, gradients, options) if options.gradients is not False else ""
    found += [("gradient", f"grad {slope}")] if slope else []
    if node.kind != "module" and (source := lines_in_words(node)) and options.source:
        found.append(("source", source))
    return [*found, ("change", change)] if (change := change_in_words(node)) else found


def gradient_in_words(node: Node, gradients: dict[str, Any], options: Options) -> str:
    """Return the gradient of a node, or what is written of those that a box stands for."""
    if options.color and node.covers:
        return sizes_in_words(node, gradients)
    some = [raw_gradient(gradients[x.key]) for x in node.covers or [node] if x.key in gradients]
    return shapeless(some) if some and node.kind != "module" else ""


def inner_name(node: Node) -> str:
    """Return the name of a node without the path of its module; of a row, without their paths."""
    path = next((path for part in reversed(node.group) if (path := path_of(part))), "")
    path = of_any_call(path)
    first, *last = (name.removeprefix(f"{path}.") for name in node.name.split(" … "))
    return first if last and last[0].endswith(f".{first}") else " … ".join([first, *last])


def number_parts(numbers: list[Any], options: Options) -> list[str]:
    """Return the shape, values and dtype of numbers or arrays that share a box, as options want."""
    x = numbers[0]
    plain = np.ndim(x) == 0 or (np.ndim(x) == 1 and np.size(x) <= 3)
    found = []
    if options.values and (plain or options.shapes):
        found.append(short_of_all(numbers))
    elif options.values:
        found.append(shapeless(numbers))
    elif options.shapes and np.ndim(x):
        found.append(lengths(x))
    if options.dtypes:
        found.append(str(np.asarray(x).dtype))
    return found


def short_of_all(numbers: list[Any]) -> str:
    """Return a number or an array as text; of several that differ, the range of all of them.

    Example:
        >>> short_of_all([2.0]), short_of_all([2.0, 0.5]), short_of_all([np.eye(2), 3 * np.eye(2)])
        ('2', '0.5 … 2', '2×2 in 0 … 3')
    """
    first = numbers[0]
    if all(x is first or np.array_equal(x, first) for x in numbers):
        return short(first)
    together = np.concatenate([np.ravel(x) for x in numbers])
    sizes = "|·| " if together.dtype.kind == "c" else ""
    return f"{lengths(first)} in {sizes}{spread(together)}".removeprefix(" in ")


def shapeless(numbers: list[Any]) -> str:
    """Return a number, or the smallest and largest of an array, or of several."""
    text = short_of_all(numbers)
    return re.sub("^(, | in )", "", text.removeprefix(lengths(numbers[0]))) or "empty"


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a long name with its middle left out."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[: half - 1]}…{text[-half:]}"
