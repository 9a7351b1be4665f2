"""Scene: boxes with text and lines between them, to be written as DOT, SVG or text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.drawing.grouping import Group, title
from autograd.drawing.looks import arguments
from autograd.drawing.picture import Node, Picture
from autograd.engine.silence import silence
from autograd.engine.value import Value, held, held_grad
from autograd.graphs.steps import steps
from autograd.notation.names import lengths, short, spread, visible

LONGEST = 40  # how many letters of a name are shown
LEAST_SHADE = 0.15  # the shade of the smallest gradient that is not 0
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
    limit: int | None = 300
    direction: str | None = None

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
            if given is not None and (not isinstance(given, (int, np.integer)) or given < least):
                raise ValueError(f"{name}={given!r} should be an int of at least {least}, or None")


@dataclass(slots=True)
class Box:
    """One box of a scene.

    Attributes:
        key: its name in DOT.
        kind: a Node's kind, or "op", "module", "more", or "again" for a copy of another box.
        lines: its text as (role, text); roles are "name", "value" and "gradient".
        group: the modules around it.
        shade: the size of its gradient from 0 to 1; NaN if it is not finite; None for no colour.
        hint: the tooltip.
    """

    key: str
    kind: str
    lines: list[tuple[str, str]]
    group: Group = ()
    shade: float | None = None
    hint: str = ""


@dataclass
class Scene:
    """Boxes and lines between them.

    Attributes:
        boxes: ordered so that data flows from earlier to later ones.
        edges: (from, to, way) by their keys; the way is "main" from one computed Value to the
            next, "side" for leaves that join it, "" for others.
        legend: what the colours mean.
    """

    boxes: list[Box] = field(default_factory=list)
    edges: list[tuple[str, str, str]] = field(default_factory=list)
    legend: str = ""

    def length(self) -> int:
        """Return how many boxes the longest path through the scene has."""
        place = {box.key: i for i, box in enumerate(self.boxes)}
        longest = [1] * len(place)
        for tail, head, _ in self.edges:  # by head, in order of the data
            if place[tail] < place[head]:
                longest[place[head]] = max(longest[place[head]], longest[place[tail]] + 1)
        return max(longest, default=0)


def scene_of(picture: Picture, gradients: dict[str, Any], options: Options) -> Scene:
    """Return the scene of a picture: a box for each Value and a circle for each op."""
    scene = Scene()
    shades: dict[str, float] = {}
    if options.color == "gradient":
        shades, scene.legend = shades_of(gradients)
    for node in picture.nodes:
        box = Box(node.key, node.kind, lines(node, gradients, options), node.group)
        box.shade = shades.get(node.key)
        box.hint = node.name
        end = node.key
        if node.op is not None:
            end = node.key + "op"
            scene.boxes.append(Box(end, "op", [("name", node.op.symbol)], node.group))
            scene.boxes[-1].hint = op_calls(node)
        kinds = [picture[key].kind for key in node.sources]
        heights = [HEIGHTS.get(kind, 2) for kind in kinds]
        for key, height in zip(node.sources, heights, strict=True):
            way = "side" if height < max(heights) else "main" if height == 2 else ""
            scene.edges.append((key, end, way))
        if end != node.key:
            scene.edges.append((end, node.key, "main"))
        scene.boxes.append(box)
    return scene


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
    if node.kind == "module":
        return [*found, ("value", node.number)] if node.number else found
    if node.kind in ("more", "again"):
        return found
    all_of_it = node.covers or [node]
    said = ", ".join(number_parts([x.number for x in all_of_it], options))
    found += [("value", said)] if said else []
    some = [raw_gradient(gradients[x.key]) for x in all_of_it if x.key in gradients]
    if some and options.gradients is not False:
        found.append(("gradient", f"grad {shapeless(some)}"))
    return found


def inner_name(node: Node) -> str:
    """Return the name of a node without the path of its module; of a row, without their paths."""
    path = title(node.group[-1]).partition(" ")[0] if node.group else ""
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


def raw_gradient(x: Any) -> Any:
    """Return a gradient as raw numbers."""
    return held(x) if isinstance(x, Value) else x


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a long name with its middle left out."""
    if len(text) <= longest:
        return text
    half = longest // 2
    return f"{text[: half - 1]}…{text[-half:]}"


# -- gradients -----------------------------------------------------------------------------------


def gradients_of(picture: Picture, options: Options) -> dict[str, Any]:
    """Return the gradient of each node by key: from `.grad`, or computed now."""
    left = {
        node.key: held_grad(node.value)
        for node in picture.nodes
        if node.value is not None and held_grad(node.value) is not None
    }
    if options.gradients is None and (left or options.color is None):
        return left
    if options.gradients is False and options.color is None:
        return {}
    outputs = [picture[key] for key in picture.outputs]
    root = outputs[0].value
    if len(outputs) != 1 or root is None or root.size != 1:
        shapes = ", ".join(str(np.shape(node.number)) for node in outputs)
        raise ValueError(
            f"draw a sum or a mean to see gradients: they need one number, and the outputs here "
            f"have shapes {shapes}"
        )
    keys = {node.value.serial: node.key for node in picture.nodes if node.value is not None}
    walked = ((keys[step.node.serial], step.gradient) for step in steps(root))
    return {key: gradient for key, gradient in walked if gradient is not None}


def shades_of(gradients: dict[str, Any]) -> tuple[dict[str, float], str]:
    """Return a shade from 0 to 1 for each gradient, by the logarithm of its size, and a legend.

    A gradient of 0 has shade 0; the smallest other one lies a little above.
    """
    sizes = {key: root_mean_square(raw_gradient(g)) for key, g in gradients.items()}
    finite = [x for x in sizes.values() if np.isfinite(x)]
    some = [x for x in finite if x > 0]
    red = "; red: NaN or infinite" if len(finite) < len(sizes) else ""
    if not some:
        return {key: 0.0 if x == 0 else np.nan for key, x in sizes.items()}, (
            "all gradients are 0" + red
        )
    low, high = np.log10(min(some)), np.log10(max(some))

    def shade(x: float) -> float:
        if x == 0 or not np.isfinite(x):
            return 0.0 if x == 0 else np.nan
        share = (np.log10(x) - low) / (high - low) if high > low else 1.0
        return float(LEAST_SHADE + (1 - LEAST_SHADE) * share)

    zero = ", 0 is the palest" if len(some) < len(finite) else ""
    return {key: shade(x) for key, x in sizes.items()}, (
        f"colour: root mean square of the gradient, {min(some):.2g} … {max(some):.2g}{zero}{red}"
    )


def root_mean_square(g: Any) -> float:
    """Return the root mean square of a gradient."""
    with silence():
        return (
            float(np.sqrt(np.mean(np.square(np.abs(np.asarray(g, dtype=complex))))))
            if np.size(g)
            else 0.0
        )
