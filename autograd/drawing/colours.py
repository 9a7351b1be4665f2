"""Colours: the gradient of each node, its size, and the scale that turns a size into a shade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10, nan
from typing import Any

import numpy as np

from autograd.drawing.grouping import is_pass, title, turns
from autograd.drawing.picture import Node, Picture
from autograd.engine.silence import silence
from autograd.engine.value import Value, held, held_grad
from autograd.graphs.steps import steps

LEAST_SHADE = 0.15  # the shade of the smallest gradient that is not 0
MOST_SHADES = 12  # of the turns that one box stands for
AGREE = 1e-3  # how far two passes may differ in float32, as a share of the largest entry
POWERS = 5  # the most powers of ten that are written on a scale
ROOM = 0.22  # and how far from its ends


def gradients_of(picture: Picture, wanted: bool | None, colored: bool) -> dict[str, Any]:
    """Return the gradient of each node by key: from `.grad`, or computed now.

    Colours are for all nodes, and `.grad` is empty in most; so the pass is run again for them. If
    it gives something else than `.grad` holds, that came from another result, and stands alone.
    """
    left = gradients_left(picture)
    if wanted is None and not colored:
        return left
    if wanted is False and not colored:
        return {}
    outputs = [picture[key] for key in picture.outputs]
    root = outputs[0].value
    if len(outputs) != 1 or root is None or root.size != 1:
        if left and wanted is not True:
            return left
        shapes = ", ".join(str(np.shape(node.number)) for node in outputs)
        raise ValueError(
            f"draw a sum or a mean to see gradients: they need one number, and the outputs here "
            f"have shapes {shapes}"
        )
    keys = {node.value.serial: node.key for node in picture.nodes if node.value is not None}
    walked = ((keys[step.node.serial], step.gradient) for step in steps(root))
    found = {key: gradient for key, gradient in walked if gradient is not None}
    return found if wanted is True or agree(left, found) else left


def gradients_left(picture: Picture) -> dict[str, Any]:
    """Return the gradients in `.grad`, by key.

    If the picture has nodes that a backward pass made, what that one left says nothing of this
    result: gradients that are Values, and those of computed nodes unless the result has one too.
    """
    left = {
        node.key: held_grad(node.value)
        for node in picture.nodes
        if node.value is not None and held_grad(node.value) is not None
    }
    if not any(is_pass(part) for node in picture.nodes for part in node.group[:1]):
        return left
    after = any(key in left for key in picture.outputs)
    return {
        key: g
        for key, g in left.items()
        if not isinstance(g, Value) and (after or picture[key].op is None)
    }


def agree(left: dict[str, Any], found: dict[str, Any]) -> bool:
    """Whether the gradients that a pass left are those of another pass."""
    for key, g in left.items():
        one, other = np.asarray(raw_gradient(g)), np.asarray(raw_gradient(found.get(key, 0.0)))
        least = AGREE * np.max(np.abs(one), initial=0.0, where=np.isfinite(one))
        if not np.allclose(one, other, AGREE, least, equal_nan=True):
            return False
    return True


def raw_gradient(x: Any) -> Any:
    """Return a gradient as raw numbers."""
    return held(x) if isinstance(x, Value) else x


def root_mean_square(g: Any) -> float:
    """Return the root mean square of a gradient."""
    with silence():
        sizes = np.abs(np.asarray(raw_gradient(g), dtype=complex))
        return float(np.sqrt(np.mean(np.square(sizes)))) if sizes.size else 0.0


# -- from sizes to shades ------------------------------------------------------------------------


@dataclass
class Scale:
    """The shades of some sizes: from 0 to 1, by their logarithms.

    A size of 0 has shade 0, the smallest other one lies a little above, and one that is not finite
    has NaN.

    Attributes:
        low, high: the smallest and largest size that is neither 0 nor infinite; 0 if all are.
        zero, odd: whether some are 0; whether some are NaN or infinite.

    Example:
        >>> scale = Scale.of([0.001, 1.0, 1000.0])
        >>> scale.shade(0.001), scale.shade(1.0), scale.shade(1000.0)
        (0.15, 0.575, 1.0)
    """

    low: float
    high: float
    zero: bool
    odd: bool

    @classmethod
    def of(cls, sizes: Iterable[float]) -> Scale:
        """Return the scale of some sizes."""
        sizes = list(sizes)
        some = [x for x in sizes if isfinite(x) and x > 0]
        odd = any(not isfinite(x) for x in sizes)
        return cls(min(some, default=0.0), max(some, default=0.0), 0.0 in sizes, odd)

    def shade(self, size: float) -> float:
        """Return the shade of a size."""
        if size == 0 or not isfinite(size):
            return 0.0 if size == 0 else nan
        if self.low == self.high:
            return 1.0
        share = log10(size / self.low) / log10(self.high / self.low)
        return LEAST_SHADE + (1 - LEAST_SHADE) * share

    def marks(self) -> list[tuple[float, str]]:
        """Return where to write which size on a scale: its ends, and powers of ten between them.

        Example:
            >>> [text for _, text in Scale.of([2e-6, 0.01]).marks()]
            ['2e-6', '0.0001', '0.001', '0.01']
        """
        if not self.high:
            return []
        powers = range(floor(log10(self.low)) + 1, ceil(log10(self.high)))
        every = ceil(len(powers) / POWERS) or 1
        inner = [10.0**n for n in powers if n % every == 0]
        ends = LEAST_SHADE + ROOM, 1 - ROOM
        far = [x for x in inner if ends[0] < self.shade(x) < ends[1]]
        sizes = dict.fromkeys([self.low, *far, self.high])
        return [(self.shade(x), size_in_words(x)) for x in sizes]

    def __str__(self) -> str:
        """Say what the colours mean."""
        red = "; red: NaN or infinite" if self.odd else ""
        if not self.high:
            return f"all gradients are 0{red}"
        zero = ", 0 is the palest" if self.zero else ""
        ends = range_in_words([self.low, self.high])
        return (
            f"colour: root mean square of the gradient, on a logarithmic scale, {ends}{zero}{red}"
        )


def sizes_of(node: Node, gradients: dict[str, Any]) -> list[float]:
    """Return the sizes of the gradients of all nodes that a box stands for, in order."""
    return [root_mean_square(gradients[x.key]) for x in node.covers or [node] if x.key in gradients]


def shades_of(node: Node, gradients: dict[str, Any], scale: Scale) -> list[float]:
    """Return the shades of a box: those of its turns, or the ends of the range of a module's."""
    sizes = sizes_of(node, gradients)
    if sizes and node.kind in ("module", "more"):
        sizes = [min(sizes), max(sizes)] if all(map(isfinite, sizes)) else [nan]
    return [scale.shade(x) for x in evenly(sizes)]


def evenly(items: Sequence[float]) -> list[float]:
    """Return items, or if they are many, some at equal distances with the first and the last."""
    if len(items) <= MOST_SHADES:
        return list(items)
    return [items[round(i * (len(items) - 1) / (MOST_SHADES - 1))] for i in range(MOST_SHADES)]


def sizes_in_words(node: Node, gradients: dict[str, Any]) -> str:
    """Return the range of the sizes of the gradients that a box stands for, "" for none.

    Example:
        >>> turns = [Node(f"n{i}", None, 0.0, "", "computed", None, []) for i in range(3)]
        >>> box = Node("n0", None, 0.0, "", "computed", None, [], ("n0\\n× 3",), turns)
        >>> sizes_in_words(box, {"n0": 1e-6, "n1": 1e-4, "n2": 0.01})
        '1e-6 … 0.01 over 3 turns'
    """
    sizes = sizes_of(node, gradients)
    if not sizes:
        return ""
    if node.kind in ("module", "more"):
        return range_in_words(sizes)
    frames = [title(part) for part in node.group if turns(part) > 1]
    parts = "turns" if len(frames) == 1 and not frames[0].endswith("side by side") else "parts"
    return f"{range_in_words(sizes)} over {len(node.covers):,} {parts}"


def range_in_words(sizes: Sequence[float]) -> str:
    """Return the smallest and largest of some sizes; NaN if one is."""
    low, high = (nan, nan) if any(x != x for x in sizes) else (min(sizes), max(sizes))
    words = [size_in_words(low), size_in_words(high)]
    return " … ".join(dict.fromkeys(words))


def size_in_words(x: float) -> str:
    """Return a size with two digits: "1e-6" and not "1e-06"."""
    return f"{x:.2g}".replace("e-0", "e-").replace("e+0", "e")
