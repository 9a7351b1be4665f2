"""Summary: the table of a network's layers, with shapes, parameters, multiply-adds and memory."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from autograd.graphs.costs import (
    Part,
    in_bytes,
    in_units,
    parameters_in_words,
    parts_of,
    way,
)
from autograd.notation.names import visible

HEADS = ("layer", "input → output", "parameters", "multiply-adds", "memory")
LEAST = 1e-3  # what stands in an input of floats: no logarithm or root of it is infinite


class Summary:
    """The table of a network's layers: terminals and notebooks show it.

    Attributes:
        parts: each module with its path, the number of its calls, the shapes of what went in and
            came out, its parameters, and the multiply-adds and bytes of all its calls. What an
            outer module has includes what its inner ones have.

    Example:
        >>> import nn
        >>> nn.MLP(2, [16, 1], seed=0).summary((5, 2)).parts[1].multiply_adds
        160
    """

    def __init__(self, parts: Sequence[Part], depth: int | None = None) -> None:
        self.parts = list(parts)
        self.depth = depth

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The cells of the table, without its heads."""
        found = []
        around: list[str] = []  # the paths of the modules around the next one
        for part in self.parts:
            while around and around[-1] and not part.path.startswith(f"{around[-1]}."):
                around.pop()
            if self.depth is None or len(around) <= self.depth:
                found.append(cells(part, around))
            around.append(part.path)
        return found

    @property
    def total(self) -> str:
        """What the whole network has and does, in words."""
        whole = self.parts[0]
        size = sum(p.nbytes for p in whole.module.parameters())
        done, results = in_units(whole.multiply_adds), in_bytes(whole.memory)
        return (
            f"{parameters_in_words(whole.size, whole.frozen)}, {in_bytes(size)}\n"
            f"{done} multiply-adds and {results} of results in a forward pass"
        )

    def __str__(self) -> str:
        table = [HEADS, *self.rows]
        widths = [max(len(row[i]) for row in table) for i in range(len(HEADS))]
        lines = []
        for row in table:
            left = [cell.ljust(width) for cell, width in zip(row[:2], widths, strict=False)]
            right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
            lines.append("  ".join([*left, *right]).rstrip())
        rule = "─" * max(map(len, lines))
        return "\n".join([lines[0], rule, *lines[1:], rule, self.total])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        place = ("left", "left", "right", "right", "right")

        def row(cells: Sequence[str], tag: str) -> str:
            marked = (
                f'<{tag} style="text-align:{side};white-space:pre">{escape(cell)}</{tag}>'
                for cell, side in zip(cells, place, strict=True)
            )
            return f"<tr>{''.join(marked)}</tr>"

        body = "".join(row(cells, "td") for cells in self.rows)
        total = escape(self.total).replace("\n", "<br>")
        foot = f'<tr><td colspan="5" style="text-align:left">{total}</td></tr>'
        return (
            f"<table><thead>{row(HEADS, 'th')}</thead><tbody>{body}</tbody>"
            f"<tfoot>{foot}</tfoot></table>"
        )


def cells(part: Part, around: list[str]) -> tuple[str, ...]:
    """Return one row of the table, for a module inside those with some paths."""
    kind = type(part.module).__name__
    own = part.path.removeprefix(f"{around[-1]}." if around else "")
    name = f"{visible(own)}  {kind}" if own else kind
    calls = f", {part.calls} calls" if part.calls > 1 else ""
    size, *frozen = parameters_in_words(part.size, part.frozen).split(", ")
    if not part.calls:
        way_of_it, done, memory = "not called", "", ""
    else:
        way_of_it = way(part.taken, part.given)
        done, memory = (
            in_units(part.multiply_adds) if part.multiply_adds else "",
            in_bytes(part.memory),
        )
    size = f"{', '.join([size.partition(' ')[0], *frozen])}" if part.size else ""
    return f"{'  ' * len(around)}{name}{calls}", way_of_it, size, done, memory


def summary(module: Any, *inputs: Any, dtype: Any = float, depth: int | None = None) -> Summary:
    """Return the table of a network's layers; `Module.summary` says the rest."""
    if not inputs:
        raise TypeError(
            f"give the shape of an input, model.summary((32, {first_size(module)})), or an input"
        )
    if len(inputs) > 1 and all(isinstance(x, (int, np.integer)) for x in inputs):
        raise TypeError(f"write the shape as one tuple, model.summary({inputs})")
    given = [example(x, dtype) for x in inputs]
    modes = [(part, part.training) for part in module.modules()]
    try:
        module.eval()
        return Summary(parts_of(module, *given), depth)
    finally:
        for part, training in modes:
            part.training = training


def first_size(module: Any) -> int:
    """Return how many numbers a sample probably has."""
    shapes = [p.shape for p in module.parameters() if p.ndim > 1]
    return shapes[0][0] if shapes else 1


def example(x: Any, dtype: Any) -> Any:
    """Return an input for a shape; an input as it is."""
    shape = (x,) if isinstance(x, (int, np.integer)) else x
    if not isinstance(shape, tuple) or not all(isinstance(n, (int, np.integer)) for n in shape):
        return x
    if np.dtype(dtype).kind in "fc":
        return np.full(shape, LEAST, dtype)
    return np.zeros(shape, dtype)
