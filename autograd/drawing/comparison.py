"""Comparison: what is new, gone and different in a graph, as text, picture and page."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import Any, Literal

from autograd.drawing.changes import (
    ELSEWHERE,
    change_in_words,
    changed_picture,
    changes_of,
    counts_in_words,
    mark_of,
    share,
)
from autograd.drawing.colours import gradients_of
from autograd.drawing.drawing import Drawing
from autograd.drawing.folding import by_module, readable, unchanged_folded
from autograd.drawing.grouping import title
from autograd.drawing.picture import Node, Picture, picture_of
from autograd.drawing.program import rows_of
from autograd.drawing.repeats import without_repeats
from autograd.drawing.scene import Options
from autograd.drawing.source import lines_in_words, with_lines
from autograd.engine.value import Value
from autograd.notation.names import short, variables

SIGNS = {"": "  ", "new": "+ ", "gone": "− ", "different": "~ "}
AROUND = 2  # how many lines that are the same stand around one that is not
COLOURS = "green: new. Red, dashed: gone. Amber: different. White: the same"


def compare(
    before: Any,
    after: Any,
    *args: Any,
    gradients: bool | None = None,
    tolerance: float = 0.0,
    dark: bool = False,
    depth: int | None = None,
    repeats: bool = True,
    limit: int | Literal["auto"] | None = "auto",
    direction: str | None = None,
) -> Comparison:
    """Return what is new, gone and different in a graph, and by how much.

    Which node is which is found by names, by what computes it from what, and by what takes it; so
    it does not matter in which order two graphs were computed. Numbers are compared one by one.

    Args:
        before, after: what to compare: Values; or modules or functions, called with `args`; or
            drawings, as in `compare(draw(f, x), draw(f, x.astype("f4")))`.
        args: the inputs of the modules or functions.
        gradients: None compares those in `.grad`; True computes them here; False compares none.
        tolerance: differences of up to this share of the largest entry of an array are none.
        dark, depth, repeats, limit, direction: as in `draw`; if `depth` is left out, modules in
            which all is the same are folded in a picture of more than 60 boxes.

    Returns:
        a Comparison: print it, `.save` it, or let a notebook show it.

    Raises:
        TypeError: there is no Value to compare, or inputs are missing, or given to Values.
        ValueError: an option has no such value.
        FreedGraphError: a graph was freed.

    Example:
        >>> import numpy as np
        >>> def before(x, w):
        ...     return np.sum(np.tanh(x * w))
        >>> def after(x, w):
        ...     return np.sum(np.tanh(x * w) ** 2)
        >>> print(compare(before, after, np.array([1.0, 2.0]), 0.5))
        7 nodes: 4 the same, 1 different, 2 new
        <BLANKLINE>
            … 2 the same
            v1  2  = x·w
            v2  2  = tanh(v1)
          + v3  2  = v2²
          ~ v4     = sum(v3)   was 1.224, 35.1 %, took v2
        <BLANKLINE>
        numbers differ most at v4, 35.1 % ...
    """
    options = Options(
        gradients=gradients,
        dark=dark,
        depth=depth,
        repeats=repeats,
        limit=limit,
        direction=direction,
    )
    scope = variables(sys._getframe(1))
    if args and not any(map(is_called, (before, after))):
        raise TypeError(
            "give compare the two Values alone, compare(before, after): inputs are for modules and "
            "functions, compare(f, g, x)"
        )
    pictures = [pictured(target, args, scope) for target in (before, after)]
    return Comparison(pictures[0], pictures[1], options, tolerance)


def is_called(target: Any) -> bool:
    """Whether something is a module or a function to call."""
    return callable(target) and not isinstance(target, Value)


def pictured(target: Any, args: tuple, scope: Mapping[str, Any]) -> Picture:
    """Return the picture of one side of a comparison, with the lines of the program."""
    if isinstance(target, Drawing):
        return with_lines(target.picture)
    given = args if is_called(target) else ()
    return with_lines(picture_of(target, *given, scope=scope))


class Comparison(Drawing):
    """What became of a graph: print it, save it as a picture or a page; see `compare`.

    Attributes:
        before, after: the pictures that are compared.
        tolerance: up to which share differences are none.

    Example:
        >>> from autograd import Value
        >>> x = Value(2.0)
        >>> compare(x * 2.0, x * 3.0).different
        ['v1']
    """

    title = "What changed"

    def __init__(
        self, before: Picture, after: Picture, options: Options, tolerance: float = 0.0
    ) -> None:
        self.before, self.after, self.tolerance = before, after, tolerance
        slopes = [gradients_of(picture, options.gradients, False) for picture in (before, after)]
        picture, keys = changed_picture(before, after, (slopes[0], slopes[1]), tolerance)
        self.gradients = {keys[key]: g for key, g in slopes[0].items()} | slopes[1]
        self.keys_by_serial = {
            node.value.serial: keys[node.key] for node in before.nodes if node.value is not None
        }
        super().__init__(replace(picture, note=COLOURS), options)

    @property
    def new(self) -> list[str]:
        """What is only in the graph after, as it is called in the text."""
        return self.called("new")

    @property
    def gone(self) -> list[str]:
        """What is only in the graph before."""
        return self.called("gone")

    @property
    def different(self) -> list[str]:
        """What is in both, and differs."""
        return self.called("different")

    def called(self, mark: str) -> list[str]:
        """Return the names of the nodes with a mark, as they stand in the text of all of them."""
        rows = rows_of(self.picture, self.keys_by_serial)
        return [name for node, (name, *_) in rows if mark_of(node) == mark]

    @cached_property
    def whole(self) -> Picture:
        """The nodes with repeats folded, and modules in which all is the same."""
        options, picture = self.options, self.picture
        gone = [n.key for n in picture.nodes if mark_of(n) == "gone" and n.kind == "output"]
        picture = replace(picture, outputs=[*picture.outputs, *gone])
        if options.repeats:
            picture = without_repeats(picture)
        if options.depth is not None:
            picture = by_module(picture, options.depth)
        elif options.repeats:
            picture = readable(unchanged_folded(picture))
        return picture

    def __str__(self) -> str:
        rows = rows_of(self.listed, self.keys_by_serial)
        changes = [node.change for node in self.picture.nodes]
        head = f"{len(changes):,} nodes: {counts_in_words(changes)}"
        if not any(changes):
            return head
        names = {x.key: row[0] for node, row in rows for x in (node, *node.covers)}
        widths = [max(len(row[i]) for _, row in rows) for i in range(3)]
        lines = []
        for node, row in rows:
            left = "  ".join([*map(str.ljust, row[:3], widths), self.said(node, names)]).rstrip()
            told = mark_of(node) or self.of_constants(node) or node.kind == "more"
            lines.append((bool(told), f"  {SIGNS[mark_of(node)]}{left}"))
        return "\n".join([head, "", *with_gaps(lines), *self.extremes(names)])

    __repr__ = __str__

    def said(self, node: Node, names: Mapping[str, str]) -> str:
        """Return what became of a node and of the constants that it takes, and what it took."""
        mark = mark_of(node)
        words = change_in_words(node) if mark == "different" else ""
        gone = [key for change in changes_of(node)[:1] for key in sorted(change.gone)]
        if took := [names[key] for key in gone if key in names]:
            words = words.replace(ELSEWHERE, f"took {', '.join(took)}")
        frames = [title(part) for part in node.group if mark and "\n" in part]
        words = ", ".join(filter(None, [words, *self.of_constants(node)]))
        return words + "".join(f"  [{frame}]" for frame in frames)

    def of_constants(self, node: Node) -> list[str]:
        """Return what became of the constants that a node takes."""
        constants = [self.listed.by_key.get(key) for key in node.sources]
        return [
            f"{short(one.number)} {change_in_words(one)}"
            for one in constants
            if one is not None and one.kind == "constant" and mark_of(one) == "different"
        ]

    def extremes(self, names: Mapping[str, str]) -> list[str]:
        """Return a sentence on where the numbers differ first and most, none if they do not."""
        apart = [node for node in self.picture.nodes if node.change and node.change.size]
        if not apart:
            return []
        most = max(apart, key=lambda node: node.change.size if node.change else 0.0)

        def where(node: Node) -> str:
            line = lines_in_words(node)
            name = node.name or names.get(node.key) or "a constant"
            size = node.change.size if node.change else 0.0
            return f"{name}, {share(size)}" + (f" ({line})" if line else "")

        first = f"first at {where(apart[0])}, " if apart[0] is not most else ""
        return ["", f"numbers differ {first}most at {where(most)}"]


def with_gaps(lines: list[tuple[bool, str]]) -> list[str]:
    """Return lines of text, each with whether it is changed, without those far from changed ones.

    Example:
        >>> with_gaps([(False, "a"), (False, "b"), (False, "c"), (False, "d"), (True, "e")])
        ['    … 2 the same', 'c', 'd', 'e']
    """
    changed = [i for i, (is_changed, _) in enumerate(lines) if is_changed]
    near = {j for i in changed for j in range(i - AROUND, i + AROUND + 1)}
    found = []
    for is_near, group in groupby(enumerate(lines), lambda item: item[0] in near):
        texts = [text for _, (_, text) in group]
        found += texts if is_near or len(texts) == 1 else [f"    … {len(texts):,} the same"]
    return found
