"""The lines of an explanation, as text or as LaTeX, for pages and terminals to set in columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from math import log10
from typing import Any

import numpy as np

from autograd.engine.silence import silence
from autograd.engine.value import Value, held
from autograd.explaining.found import Derivation, Found
from autograd.explaining.trails import Hop, along
from autograd.graphs.membership import modules_around
from autograd.notation.formulas import definition, derivative, formula, is_factor
from autograd.notation.names import lengths, short
from autograd.notation.writing import Latex, Text, escaped

ROWS = 24  # the most in a table; the middle of longer ones is left out
STOPS = 7  # the most on a path
NODES = 100  # the most in a graph that is written as one formula


@dataclass
class Row:
    """One step of the forward pass, with its local derivatives.

    Attributes:
        name, made, number: `v1`, `x·w` and `-6`; a note on left-out steps has only a name.
        partials: the local derivatives on the paths.
    """

    name: str
    made: str = ""
    number: str = ""
    partials: list[str] = field(default_factory=list)


@dataclass
class Way:
    """A path, or all the remaining ones together.

    Attributes:
        stops: the names from the result to the end.
        factors: the local derivatives, if they are single numbers.
        product: what it adds to the derivative.
    """

    stops: list[str]
    factors: list[str]
    product: str


class Lines:
    """Writes the parts of an explanation.

    Args:
        about: the explanation.
        latex: write LaTeX.
    """

    def __init__(self, about: Found, latex: bool = False) -> None:
        self.about, self.latex = about, latex
        self.notation = (Latex if latex else Text)()
        self.modules = modules_around(about.nodes, about.modules) if about.modules else {}
        self.seeds = False  # whether a line mentions the gradient g

    def name(self, x: Value) -> str:
        """Return the name of a Value."""
        return self.notation.name(self.about.names[x.serial]).text

    def number(self, x: Any) -> str:
        """Return a number, or the shape and the range of an array."""
        if np.ndim(x) == 0:
            return self.notation.number(x).text
        return prose(short(x)) if self.latex else short(x).replace("-", "−")

    def title(self) -> str:
        """Return the result as a formula, in the leaves if that is short, and its number."""
        y, names = self.about.y, self.about.names
        if y.op is None:
            return f"{self.name(y)} = {self.number(held(y))}"
        whole = "…"
        if len(self.about.nodes) <= NODES:
            whole = formula(y, names, latex=self.latex, longest=240 if self.latex else 80)
        if "…" in whole:
            whole = definition(y, names, latex=self.latex)
        return f"{self.name(y)} = {whole} = {self.number(held(y))}"

    # -- the steps -------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """Return the steps that lead to the result, oldest first."""
        hops: dict[int, dict[int, Hop]] = {}
        paths = [path for found in self.about.derivations for path in found.ways.paths]
        for hop in (hop for path in paths for hop in path):
            hops.setdefault(hop.node.serial, {})[hop.place] = hop
        computed = [node for node in self.about.nodes if node.op is not None]
        if len(computed) > ROWS:
            computed = [node for node in computed if node.serial in hops]
        shown = middle_out(computed, ROWS)
        return [
            Row(f"… {len(computed) - len(shown) + 1:,} more steps …")
            if node is None
            else self.row(node, list(hops.get(node.serial, {}).values()))
            for node in shown
        ]

    def row(self, node: Value, hops: list[Hop]) -> Row:
        """Return the step that made a node."""
        made = definition(node, self.about.names, latex=self.latex)
        partials = [self.partial(hop) for hop in sorted(hops, key=lambda hop: hop.place)]
        several = [one + self.times(partials.count(one)) for one in dict.fromkeys(partials)]
        return Row(self.name(node), made, self.number(held(node)), several)

    def times(self, n: int) -> str:
        """Return how often a Value was used in the same way: ", twice" or ", 3 times"."""
        if n == 1:
            return ""
        often = "twice" if n == 2 else f"{n} times"
        return rf",\ \text{{{often}}}" if self.latex else f", {often}"

    def partial(self, hop: Hop) -> str:
        """Return a local derivative as a formula with its number or shapes."""
        node, parent = hop.node, hop.parent
        found = derivative(node, hop.place, self.about.names, latex=self.latex)
        ratio = self.ratio(node, parent)
        arrow = r"\leftarrow" if self.latex else "←"
        note = self.shapes(node, parent)
        if is_factor(node, hop.place):
            if hop.local is None:
                return f"{ratio} = {found}{note}"
            number = self.number(hop.local)
            return f"{ratio} = {found}" + (f" = {number}" if number != found else "")
        self.seeds = True
        return f"{self.name(parent)} {arrow} {found}{note}"

    def ratio(self, y: Value, x: Value) -> str:
        """Return ∂y/∂x."""
        if self.latex:
            return rf"\frac{{\partial {self.name(y)}}}{{\partial {self.name(x)}}}"
        return f"∂{self.name(y)}/∂{self.name(x)}"

    def shapes(self, node: Value, parent: Value) -> str:
        """Return how the shape changes in the backward pass, and which axes are summed over."""
        if node.shape == parent.shape:
            return ""
        note = ""
        if node.op.elementwise:
            lead = node.ndim - parent.ndim
            stretched = [i + lead for i, n in enumerate(parent.shape) if n != node.shape[i + lead]]
            axes = [*range(lead), *stretched]
            note = f", summed over {'axis' if len(axes) == 1 else 'axes'} {and_list(axes)}"
        note += f"  ({shape_text(node)} → {shape_text(parent)})"
        return r"\quad " + prose(note.strip(", ")) if self.latex else note

    # -- the paths -------------------------------------------------------------------------------

    @silence()
    def ways(self, found: Derivation) -> list[Way]:
        """Return the paths that are shown, and what the others add up to."""
        total, rest = found.ways.gradient, found.ways.gradient
        shown = []
        for hops in found.ways.paths:
            product = along(self.about.y, hops)
            rest = rest - product
            factors = [] if any(hop.local is None for hop in hops) else self.factors(hops)
            shown.append(Way(self.stops(hops, found.ways.end), factors, self.number(product)))
        more = found.ways.count - len(shown)
        if more:
            # a rest this small is rounding
            rest = np.where(abs(rest) < 1e-12 * abs(total), 0.0 * rest, rest)[()]
            shown.append(Way([f"… {n_paths(more, 'more ')}"], [], self.number(rest)))
        return shown

    def stops(self, hops: list[Hop], end: Value) -> list[str]:
        """Return the names along a path, or the modules that a long path goes through."""
        parts: list[Any] = [hop.node for hop in hops]
        if self.modules and len(parts) >= STOPS:
            parts = [
                part
                for group, nodes in groupby(parts, lambda node: self.modules.get(node.serial, ()))
                for part in (group[-1:] or nodes)
            ]
        return [*self.shortened(parts, STOPS - 1, self.stop), self.name(end)]

    def stop(self, part: Value | str) -> str:
        """Return the name of a node, or of a module that a path goes through."""
        if isinstance(part, Value):
            return self.name(part)
        return prose(f"[{escaped(part)}]") if self.latex else f"[{part}]"

    def factors(self, hops: list[Hop]) -> list[str]:
        """Return the numbers along a path, negative ones in brackets."""
        numbers = self.shortened([hop.local for hop in hops], STOPS, self.number)
        return [
            self.notation.brackets(x) if n and x.startswith(self.notation.minus) else x
            for n, x in enumerate(numbers)
        ]

    def shortened(
        self, parts: list[Any], most: int, written: Callable[[Any], str]
    ) -> Iterator[str]:
        """Yield the parts as text; if there are many, the middle ones are only counted."""
        shown = middle_out(parts, most)
        for part in shown:
            dots = f"… {len(parts) - len(shown) + 1:,} more …"
            yield written(part) if part is not None else prose(dots) if self.latex else dots


def prose(text: str) -> str:
    """Return text for use inside LaTeX formulas."""
    for sign, command in {"×": "times", "…": "ldots", "→": "to"}.items():
        text = text.replace(sign, rf"}}\{command}\text{{")
    return rf"\text{{{text}}}".replace(r"\text{}", "")


def middle_out(items: list[Any], most: int) -> list[Any]:
    """Return the items; if there are too many, the first and last ones with None between them."""
    if len(items) <= most + 2:
        return items
    half = most // 2
    return [*items[:half], None, *items[-half:]]


def n_paths(n: int, more: str = "") -> str:
    """Return a number of paths in words, however many there are."""
    if n < 10**12:
        return f"{n:,} {more}path{'s' * (n != 1)}"
    return f"about 10^{log10(n):.0f} {more}paths"


def shape_text(x: Value) -> str:
    """Return a shape such as 5×2, and 1 for a single number."""
    return lengths(x) or "1"


def and_list(axes: list[int]) -> str:
    """Return axes in words: "0", or "0 and 1"."""
    return " and ".join(map(str, axes))
