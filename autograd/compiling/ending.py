"""Ending: what a program computes last is written over the old numbers, when all else is known.

An optimiser makes new weights from old ones and gradients, entry by entry. If they lay beside the
old ones, a step would need twice the memory, and most of its time would go into reading and writing
it. So a program is cut in two: what comes first, and the ending, which is looked at first, as its
numbers must be finite, and then written by calls of functions in C, between which no interrupt
comes. An array that anything but its Value holds, such as a graph, is copied before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from operator import setitem
from sys import getrefcount
from threading import RLock
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.node import Argument, Leaf, Node, form_of
from autograd.compiling.passes.finite import ALL_FINITE
from autograd.compiling.passes.regions import ufunc_of
from autograd.compiling.program import Program
from autograd.engine.value import held

Call = Callable[[], object]
# Held while arrays are asked who holds them and written to, and while a program takes its own.
WRITING = RLock()
LISTED = next(map(getrefcount, [object()]))  # the count of an object that only a list holds


@dataclass(eq=False)
class Ending:
    """The last steps of a program.

    Attributes:
        first: the program without them.
        places: which of the program's updates they make.
        old: the sources whose numbers are written over, and `taken` other nodes that they take.
        inputs: sources that stand for these, and for those, in a graph of its own.
        steps: that graph in order.
        new: for each of `old`, the step that gives what is written.
        finite: steps that must give finite numbers.
    """

    first: Program
    places: list[int]
    old: list[Node]
    taken: list[Node]
    inputs: list[Node]
    steps: list[Node]
    new: list[Node]
    finite: list[Node]

    @property
    def size(self) -> int:
        """How many bytes are written."""
        return sum(node.sample.nbytes for node in self.new)


def ending_of(program: Program, smallest: int) -> Ending | None:
    """Return the ending of a program, None if it has none.

    Args:
        program: the program.
        smallest: bytes of an array that is worth it.
    """
    nodes = program.nodes
    sources = {id(n.source.value): n for n in nodes if isinstance(n.source, Leaf)}
    old: dict[int, Node] = {}
    for i, (update, node) in enumerate(zip(program.updates, program.new, strict=True)):
        source = sources.get(id(update.value)) if update.slot == "data" else None
        if source is None or node is None or not is_like(source, node) or not is_entries(node):
            continue
        if node.sample.nbytes >= smallest:
            old[i] = source
    checks = {
        node
        for node, good in zip(program.guards, program.expected, strict=True)
        if node.op is ALL_FINITE and good
    }
    roots = {program.new[i] for i in old}
    others = {*program.results, *(x for i, x in enumerate(program.new) if i not in old)}
    others |= set(program.guards) - checks
    takers: dict[Node, set[Node]] = {}
    for node in nodes:
        for parent in node.parents:
            takers.setdefault(parent, set()).add(node)
    inside: set[Node] = set()
    for node in reversed(nodes):
        used = takers.get(node, set())
        needed = used or node in roots
        if needed and used <= inside | checks and node not in others and is_entries(node):
            inside.add(node)
    places = [i for i in old if program.new[i] in inside]
    if not places:
        return None
    return cut(program, inside, places, [old[i] for i in places], checks)


def cut(
    program: Program, inside: set[Node], places: list[int], old: list[Node], checks: set[Node]
) -> Ending:
    """Return the ending that is made of the steps inside."""
    steps = [node for node in program.nodes if node in inside]
    outside = {p: None for node in steps for p in node.parents if p not in inside}
    taken = [node for node in outside if node not in old]
    mine = [node for node in checks if node.args[0] in inside]
    guards = [
        (x, good) for x, good in zip(program.guards, program.expected, strict=True) if x not in mine
    ]
    rest = [i for i in range(len(program.updates)) if i not in places]
    first = replace(
        program,
        guards=tuple([x for x, _ in guards]),
        expected=tuple([good for _, good in guards]),
        updates=tuple([program.updates[i] for i in rest]),
        new=tuple([program.new[i] for i in rest]),
    )
    inputs = [
        Node(None, sample=x.sample, source=Argument(i), numbers=True)
        for i, x in enumerate([*old, *taken])
    ]
    here: dict[Node | None, Node] = dict(zip([*old, *taken], inputs, strict=True))
    for node in steps:
        here[node] = node.with_args([here[x] if isinstance(x, Node) else x for x in node.args])
    return Ending(
        first, places, old, taken, inputs, [here[node] for node in steps],
        [here[program.new[i]] for i in places], [here[node.args[0]] for node in mine],
    )  # fmt: skip


def is_entries(node: Node) -> bool:
    """Whether a step computes floats, entry by entry, from arrays of its own form and floats."""
    if ufunc_of(node) is None or type(node.sample) is not ndarray or not node.sample.ndim:
        return False
    return node.sample.dtype.char in "fd" and all(
        is_like(x, node) if isinstance(x, Node) and np.ndim(x.sample) else is_plain(x)
        for x in node.args
    )


def is_like(x: Node, node: Node) -> bool:
    """Whether two nodes are arrays of one shape and dtype."""
    return form_of(x.sample) == form_of(node.sample)


def is_plain(x: Any) -> bool:
    """Whether an argument is a float that takes the precision of what it meets."""
    return type(x.sample) is float if isinstance(x, Node) else type(x) in (float, int)


def sets_of(ending: Ending) -> list[list[Node]]:
    """Return the steps in sets that share no arrays of which one is written."""
    part: dict[Node, list[Node]] = {}
    written = ending.inputs[: len(ending.old)]
    for step in ending.steps:
        joined = [step]
        shared = [x for x in step.parents if x in part or x in written]
        for x in [*shared, *(x for x, y in zip(written, ending.new, strict=True) if y is step)]:
            found = part.get(x, [x])
            if found is not joined and not any(y is x for y in joined):
                joined += found
        for x in joined:
            part[x] = joined
    sets = {id(found): set(found) for found in part.values()}
    return [[step for step in ending.steps if step in found] for found in sets.values()]


def own_or_copies(values: list[Any], arrays: list[ndarray]) -> list[ndarray]:
    """Return arrays that may be written over: those of the Values if nobody else holds them.

    Args:
        values: what the arrays are, or were, the numbers of.
        arrays: in a list, which alone holds them beside the Values.
    """
    counts = list(map(getrefcount, arrays))
    own = [
        x if n <= LISTED + 1 and held(v) is x and x.base is None else x.copy(order="K")
        for v, x, n in zip(values, arrays, counts, strict=True)
    ]
    for x in own:
        if not x.flags.writeable:
            x.flags.writeable = True
    return own


def calls_to_write(ending: Any, arrays: list[ndarray], taken: list[Any]) -> list[Call] | None:
    """Return what writes new numbers over arrays, None if one of them would be infinite or NaN.

    Args:
        ending: an ending for some target, which takes arrays that lie one row after the other.
        arrays: the old numbers.
        taken: what else it takes.
    """
    in_rows = list(map(np.ascontiguousarray, arrays))
    calls = ending.calls([*in_rows, *taken])
    if calls is not None:
        moved = [(x, y) for x, y in zip(arrays, in_rows, strict=True) if x is not y]
        calls += [partial(setitem, x, ..., y) for x, y in moved]
    return calls
