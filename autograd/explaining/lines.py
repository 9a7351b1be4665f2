"""The lines of an explanation, as text or as LaTeX, for pages and terminals to set in columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np

from autograd.engine.silence import silence
from autograd.engine.value import Value, held
from autograd.explaining.found import Derivation, Found
from autograd.explaining.passes import passes
from autograd.explaining.rows import Row, Way
from autograd.explaining.trails import Hop, along
from autograd.explaining.words import and_list, middle_out, n_paths, prose, shape_text
from autograd.graphs.guesses import modules_around
from autograd.notation.formulas import definition, derivative, formula, is_factor
from autograd.notation.names import short
from autograd.notation.writing import Latex, Text, escaped

IN_FULL = 12  # an array of no more is written in full
ROWS = 24  # the most in a table; the middle of longer ones is left out
STOPS = 7  # the most on a path
NODES = 100  # the most in a graph that is written as one formula


class Lines:
    """Writes the parts of an explanation.

    Args:
        about: the explanation.
        latex: write LaTeX.
    """

    def __init__(self, about: Found, latex: bool = False) -> None:
        self.about, self.latex = about, latex
        self.notation = (Latex if latex else Text)()
        self.constants = {key: name for key, (name, _) in about.constants.items()}
        nodes, owned = about.nodes, about.modules
        self.modules = modules_around(nodes, owned, about.parts) if owned else {}
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
            whole = formula(
                y,
                names,
                latex=self.latex,
                longest=240 if self.latex else 80,
                constants=self.constants,
            )
        if "…" in whole:
            whole = definition(y, names, latex=self.latex, constants=self.constants)
        return f"{self.name(y)} = {whole} = {self.number(held(y))}"

    # -- the steps -------------------------------------------------------------------------------

    @cached_property
    def rows(self) -> list[Row]:
        """The steps that lead to the result, oldest first; equal ones are one row."""
        hops: dict[int, dict[int, Hop]] = {}
        paths = [path for found in self.about.derivations for path in found.ways.paths]
        for hop in (hop for path in paths for hop in path):
            hops.setdefault(hop.node.serial, {})[hop.place] = hop
        computed = [node for node in self.about.nodes if node.op is not None]
        if len(computed) > ROWS:
            computed = [node for node in computed if node.serial in hops]
        shown = middle_out(computed, ROWS)
        headings = passes(self.about.nodes)
        found: list[Row] = []
        first: dict[tuple, Row] = {}
        for node in shown:
            if node is None:
                found.append(Row(f"… {len(computed) - len(shown) + 1:,} more steps …"))
                continue
            if node.serial in headings:
                first = {}
                found.append(Row(headings[node.serial]))
            row = self.row(node, list(hops.get(node.serial, {}).values()))
            like = first.setdefault(row.key(), row)
            if like is row:
                found.append(row)
            else:
                like.twins.append(row.name)
        return found

    def row(self, node: Value, hops: list[Hop]) -> Row:
        """Return the step that made a node."""
        made = definition(node, self.about.names, latex=self.latex, constants=self.constants)
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
        found = derivative(
            node, hop.place, self.about.names, latex=self.latex, constants=self.constants
        )
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

    # -- the backward pass and the entries --------------------------------------------------------

    def growth(self) -> list[tuple[str, str, str, str]]:
        """Return for each step of the backward pass the node, what it receives, whence, its sum."""
        found = []
        for one in middle_out(self.about.receipts, ROWS):
            if one is None:
                found.append(("…", "", "", ""))
                continue
            source = "" if one.source is None else self.name(one.source)
            head, total = self.ratio(self.about.y, one.node), self.number(one.total)
            sign, minus = "+ " if source else "", self.notation.minus
            added = f"{sign}{self.number(one.added)}".replace(f"+ {minus}", f"{minus} ")
            found.append((head, added, source, total))
        return found

    def entries(self) -> list[tuple[str, list[str]]]:
        """Return the names of small arrays that a table only describes, and their rows in full."""
        about = self.about
        given = {self.notation.name(name).text: x for name, x in about.constants.values()}
        given |= {self.name(node): held(node) for node in about.nodes if node.op is None}
        made = {self.name(node): held(node) for node in about.nodes if node.op is not None}
        made |= {self.ratio(about.y, one.node): one.total for one in about.receipts if one.last}
        hidden = {name: x for name, x in made.items() if np.ndim(x) and short(x)[0] != "["}
        if not any(np.ndim(x) for x in (*given.values(), *hidden.values())):
            return []
        return [(name, self.array_rows(x)) for name, x in (given | hidden).items() if full(x)]

    def array_rows(self, x: Any) -> list[str]:
        """Return an array in full, a line for each row of numbers."""
        text = np.array2string(
            np.asarray(x),
            separator=", ",
            max_line_width=1000,
            threshold=IN_FULL + 1,
            formatter={"all": lambda number: self.notation.number(number).text},
        )
        return text.split("\n")

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
        shown, more = self.joined(shown), found.ways.count - len(shown)
        if more:
            # a rest this small is rounding
            rest = np.where(abs(rest) < 1e-12 * abs(total), 0.0 * rest, rest)[()]
            shown.append(Way([f"… {n_paths(more, 'more ')}"], [], self.number(rest)))
        return shown

    def joined(self, ways: list[Way]) -> list[Way]:
        """Return the paths with equal ones as one line, which says how often it stands there."""
        alike: dict[tuple, list[Way]] = {}
        twins = {name: row.name for row in self.rows for name in row.twins}
        for way in ways:
            stops = [twins.get(stop, stop) for stop in way.stops]
            alike.setdefault((*stops, *way.factors, way.product), []).append(way)
        return [
            Way(one.stops, one.factors, one.product + self.times(1 + len(others)))
            for one, *others in alike.values()
        ]

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


def full(x: Any) -> bool:
    """Whether an array is written in full."""
    return 0 < np.size(x) <= IN_FULL
