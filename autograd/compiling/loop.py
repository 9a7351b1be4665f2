"""Loops: a compiled step that is run for each row of some arrays, in one loop of its own.

What the step reads and writes back, such as weights, stays in variables of the loop; it is written
back after each chunk, so an interrupt leaves the state of a whole number of steps.

The check that new weights are finite is made once a chunk where that says the same: w ± d is not
finite if w is not, so what is finite at the end was so all along. Nor need a gradient be looked at
that goes into such a weight by sums and products, for they pass on a NaN. If the check fails, the
chunk is run again with a check at each step.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np
from numpy import float64, ndarray

from autograd.compiling.node import NAN, Argument, Entries, Grad, Leaf, Node, in_order
from autograd.compiling.passes.unroll import ALL, ANY, ENTRY, JOINED
from autograd.compiling.program import Program
from autograd.compiling.scalars import written_as
from autograd.compiling.text import OtherwiseError, Text, used_once

SUMS = (operator.add, operator.sub)
PASS_ON_NAN = (*SUMS, operator.mul, operator.neg)


class Loop:
    """The loop of a program over rows.

    Attributes:
        text: the printed loop.
        rows: the sources that are arguments, and `outer` the others.
        carried: the sources that each step changes for the next.
    """

    largest = 8_000  # rows of a chunk: they stay in the cache as floats
    chunk = smallest = 256  # rows of the next chunk, and of each at least

    def __init__(self, program: Program) -> None:
        self.program = program
        self.rows, self.outer, self.carried = sources_of(program)
        checks = list(zip(program.guards, program.expected, strict=True))
        self.late, now = self.deferred(checks)
        self.quick, self.text = self.printed(now, counted=False)
        self.careful, _ = self.printed(checks, counted=True)

    def deferred(self, checks: list[Any]) -> tuple[list[Node], list[Any]]:
        """Return the nodes to be finite at the end, and the checks that stay in each step."""
        single = [part for check in checks for part in parted(*check)]
        pairs: set[Any] = set()
        for old, new in self.carried.items():
            if new is not None and new.op is JOINED:
                pairs |= {(x, place) for place, x in enumerate(new.args)}
                new_entries = new.args
                for place, x in enumerate(new_entries):
                    if not grows_from(x, old, place):
                        pairs.discard((x, place))
            elif new is not None and grows_from(new, old, None):
                pairs.add((new, None))
        growing = {x for x, _ in pairs}
        late = [
            n.args[0] for n, good in single if is_finite_check(n) and good and n.args[0] in growing
        ]
        reached = passed_on(late)
        stay = [
            (n, good)
            for n, good in single
            if not (is_finite_check(n) and good and n.args[0] in growing)
            and not (n.op is NAN and not good and n.args[0] in reached)
        ]
        return late, stay

    def printed(self, checks: list[Any], counted: bool) -> tuple[Callable[..., Any], str]:
        """Return a function (rows, *outer) that runs the loop, and its text."""
        ends = [node for node, _ in checks] + self.late
        for node in self.program.new:
            ends += [] if node is None else entries_of(node)
        nodes = in_order(ends)
        checks_only = [node for node, _ in checks]
        text = Text(used_once(nodes, ends[len(checks_only) :], checks_only))
        before, unpacked = [], {}
        for source in [*self.rows, *self.outer]:
            name = text.variable(source)
            if np.ndim(source.sample):
                unpacked[source] = [f"{name}_{i}" for i in range(source.sample.size)]
            elif type(source.sample) is float64:
                before.append(f"{name} = float({name})")
        split = {n.args[0] for n in nodes if n.op is ENTRY}
        for n in nodes:
            if n.op is ENTRY:
                text.names[n] = unpacked[n.args[0]][n.params["place"]]
        for source in self.outer:
            if source in split:
                names = ", ".join(unpacked[source])
                before.append(f"{names}, = {text.names[source]}.ravel().tolist()")
        checked: dict[Node, list[Any]] = {}
        for node, expected in checks:
            checked.setdefault(node, []).append(expected)
        for node in nodes:
            if node.op is not ENTRY and node.source is None:
                text.write(node)
                for expected in checked.get(node, ()):
                    text.guard(node, expected)
        outer = ", ".join(text.names[s] for s in self.outer)
        carried = {x: new for x, new in self.carried.items() if x in split or x not in unpacked}
        olds = [x for old in carried for x in unpacked.get(old, [text.names[old]])]
        for x in self.moved():
            text.lines.append(f"{text.names[x]}_then = {text.names[x]}")
            text.names[x] += "_then"
        news: list[str] = []
        for new in carried.values():
            joined = new is not None and new.op is JOINED
            news += map(text.number, new.args) if joined else [text.result(new)]
        if olds:
            text.lines.append(f"{', '.join(olds)}, = {', '.join(news)},")
        body = "\n            ".join(text.lines or ["pass"])
        heads = [n for s in self.rows for n in (unpacked[s] if s in split else [text.names[s]])]
        head = ", ".join(heads) + "," if heads else "_"
        found = ", ".join(self.final(node, text) for node in self.program.new if node is not None)
        late = " and ".join(f"{text.number(x)} - {text.number(x)} == 0.0" for x in self.late)
        lead = "\n    ".join([*before, "done = 0"])
        each = f"done, ({head}) in enumerate(rows)" if counted else f"{head} in rows"
        state = ", ".join(olds)
        source_text = (
            f"def loop(rows, {outer}):\n    {lead}\n    state = ({state}{',' if olds else ''})\n"
            f"    try:\n        for {each}:\n            {body}\n"
            f"    except Stops:\n        return done, ({state}{',' if olds else ''}), None\n"
            f"    if not ({late or 'True'}): return None\n"
            f"    return -1, ({state}{',' if olds else ''}), ({found}{',' if found else ''})\n"
        )
        text.scope["Stops"] = (OtherwiseError, ArithmeticError, ValueError, TypeError)
        exec(compile(source_text, "<compiled loop>", "exec"), text.scope)
        return text.scope["loop"], source_text

    def run(
        self, columns: list[Any], start: int, stop: int, outer: list[Any]
    ) -> tuple[int, list[Any], BaseException | None]:
        """Run the steps of some rows.

        Args:
            outer: the numbers of the other sources.

        Returns:
            how many were made before one that does not fit, what they leave, and no interrupt.
        """
        lists = columns_of(self.rows, columns, start, stop)
        steps = stop - start
        found = self.quick(zip(*lists, strict=True) if lists else repeat((), steps), *outer)
        if found is None or found[0] >= 0:
            rows = list(zip(*lists, strict=True)) if lists else [()] * steps
            found = self.careful(rows, *outer)
            if found[0] >= 0:  # run the steps before it again, to write back what they left
                steps = found[0]
                found = self.careful(rows[:steps], *outer) if steps else None
        if found is None or found[2] is None:
            return 0, [], None
        return steps, found[2], None

    def moved(self) -> list[Node]:
        """Return what a step writes back as it came in, and gives another number before it does."""
        new = [x for node in self.program.new if node is not None for x in entries_of(node)]
        carried = [x for x in new if (x.args[0] if x.op is ENTRY else x) in self.carried]
        return list(dict.fromkeys(carried))

    def final(self, node: Node, text: Text) -> str:
        """Return the expression of what is written back after the last step."""
        return text.joined(node) if node.op is JOINED else text.result(node)


def sources_of(program: Program) -> tuple[list[Node], list[Node], dict[Node, Any]]:
    """Return the sources that are arguments, the others, and what the step makes of the latter."""
    sources = [node for node in program.nodes if node.source is not None]
    outer = [n for n in sources if not isinstance(n.source, Argument)]
    targets = {(id(u.value), u.slot): i for i, u in enumerate(program.updates)}
    carried = {n: program.new[targets[slot_of(n)]] for n in outer if slot_of(n) in targets}
    return [n for n in sources if isinstance(n.source, Argument)], outer, carried


def entries_of(node: Node) -> list[Node]:
    """Return the nodes that a result is put together of, itself if it is one number."""
    return [x for x in node.args if isinstance(x, Node)] if node.op is JOINED else [node]


def slot_of(node: Node) -> Any:
    """Return what a source reads: the id of a Value, or of an array, and what of it."""
    if isinstance(node.source, Entries):
        return id(node.source.array), "entries"
    if isinstance(node.source, (Leaf, Grad)):
        return id(node.source.value), "data" if isinstance(node.source, Leaf) else "grad"
    return None


def parted(node: Node, expected: Any) -> list[tuple[Node, Any]]:
    """Return a check as checks of single numbers, if it is one of all of them."""
    if (node.op is ALL and expected) or (node.op is ANY and not expected):
        return [(x, expected) for x in node.args if isinstance(x, Node)]
    return [(node, expected)]


def is_finite_check(node: Node) -> bool:
    """Whether a node says whether a float is finite."""
    return node.op is not None and node.op.forward is np.isfinite and isinstance(node.args[0], Node)


def grows_from(new: Any, old: Node, place: int | None) -> bool:
    """Whether a number is a sum or difference of what it was before and another."""
    if not isinstance(new, Node) or written_as(new.op) not in SUMS:
        return False
    for x in new.args:
        if place is None and x is old:
            return True
        if (
            isinstance(x, Node)
            and x.op is ENTRY
            and x.args[0] is old
            and x.params["place"] == place
        ):
            return True
    return False


def passed_on(ends: list[Node]) -> set[Node]:
    """Return the nodes whose NaN would be a NaN in one of these."""
    found, waiting = set(ends), list(ends)
    while waiting:
        node = waiting.pop()
        if written_as(node.op) in PASS_ON_NAN:
            new = [p for p in node.parents if p not in found]
            found.update(new)
            waiting += new
    return found


def columns_of(rows: list[Node], data: list[Any], start: int, stop: int) -> list[list[float]]:
    """Return the columns of a chunk of the arguments as lists, one for each entry of a row."""
    columns: list[list[float]] = []
    for node in rows:
        part = data[node.source.place][start:stop]
        if np.ndim(node.sample):
            flat = np.asarray(part).reshape(len(part), -1)
            columns += [flat[:, i].tolist() for i in range(flat.shape[1])]
        else:
            columns.append(part.tolist() if isinstance(part, ndarray) else list(part))
    return columns
