"""Regions: elementwise steps on arrays of one shape that run together, a block at a time.

A long chain of NumPy calls on large arrays reads and writes main memory at each call. In blocks
that fit into the cache it does so once for the whole chain. The bits are the same, since each entry
depends on the same entries.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.node import Node
from autograd.engine.primitive import PRIMITIVES
from autograd.ops.elementwise import where
from autograd.ops.shape import laid_out

WHERE, LAID_OUT = PRIMITIVES[where.__name__], PRIMITIVES[laid_out.__name__]
SHORTEST = 3  # steps for which blocks pay
LARGE = 6_000_000  # bytes of an array for which blocks pay: caches hold smaller ones
SMALLEST_NATIVE = 2_000  # entries of an array for which a native loop pays
# NumPy's function for each operator: it takes `out`.
UFUNCS = {
    operator.add: np.add,
    operator.sub: np.subtract,
    operator.mul: np.multiply,
    operator.truediv: np.true_divide,
    operator.neg: np.negative,
    operator.pow: np.power,
    abs: np.absolute,
}


@dataclass(eq=False)
class Region:
    """Steps that run together.

    Attributes:
        nodes: the steps in order.
        inputs: nodes outside whose numbers they take.
        outputs: those of the steps that something else takes, or that are ends.
    """

    nodes: list[Node]
    inputs: list[Node]
    outputs: list[Node]


def ufunc_of(node: Node) -> Any:
    """Return the ufunc that computes a step, None if it is none."""
    if node.op is None or not node.op.elementwise or node.params:
        return None
    f = UFUNCS.get(node.op.forward, node.op.forward)
    fits = isinstance(f, np.ufunc) and f.nin == len(node.args) and f.nout == 1
    return f if fits else None


def in_regions(
    nodes: list[Node],
    ends: list[Node],
    fits: Callable[[Node], bool],
    place: Callable[[Node], Any],
    pays: Callable[[list[Node]], bool] = lambda members: len(members) >= SHORTEST,
) -> list[Node | Region]:
    """Return nodes, some of them gathered in regions, in an order in which they can run.

    Args:
        nodes: a graph in order.
        ends: the nodes that it is run for.
        fits: whether a step can be part of a region.
        place: what the steps of a region have in common, such as the shape.
        pays: whether some steps are worth a region.
    """
    level: dict[Node, tuple[int, int]] = {}
    groups: dict[Any, list[Node]] = {}
    for node in nodes:
        # steps that wait for the same number of others, such as sums, may run in one region
        depth = 0
        for parent in node.parents:
            before, kind = level[parent]
            joins = kind and fits(node) and place(parent) == place(node)
            depth = max(depth, before if joins else before + (1 if kind else 0))
            if not kind and not fits(node):
                depth = max(depth, before)
        level[node] = depth, int(fits(node))
    used: dict[Node, set[Any]] = {}
    for node in nodes:
        for parent in node.parents:
            used.setdefault(parent, set()).add(node)
    last = set(ends)
    sink(nodes, level, used, last, fits, place)
    for node in nodes:
        if fits(node):
            groups.setdefault((level[node][0], place(node)), []).append(node)
    placed: list[Any] = []
    for node in nodes:
        if not fits(node):
            placed.append(((level[node][0], 1), node))
    for (depth, _), members in groups.items():
        if not pays(members):
            placed += [((depth, 2), node) for node in members]
            continue
        inside = set(members)
        inputs = {p: None for node in members for p in node.parents if p not in inside}
        outputs = [n for n in members if n in last or not used.get(n, set()) <= inside]
        placed.append(((depth, 2), Region(members, list(inputs), outputs)))
    return ordered(placed, nodes)


def sink(
    nodes: list[Node],
    level: dict[Node, tuple[int, int]],
    used: dict[Node, set[Any]],
    last: set[Node],
    fits: Callable[[Node], bool],
    place: Callable[[Node], Any],
) -> None:
    """Move steps that only later regions take into the first of these."""
    for node in reversed(nodes):
        takers = used.get(node, set())
        moves = fits(node) and node not in last and takers
        if moves and all(fits(x) and place(x) == place(node) for x in takers):
            level[node] = min(level[x][0] for x in takers), 1


def ordered(placed: list[Any], nodes: list[Node]) -> list[Node | Region]:
    """Return regions and nodes such that each comes after what it takes."""
    home = {n: x for _, x in placed for n in (x.nodes if isinstance(x, Region) else [x])}
    done: set[Any] = set()
    found: list[Any] = []

    def place(x: Any) -> None:
        waiting = [x]
        while waiting:
            top = waiting[-1]
            takes = top.inputs if isinstance(top, Region) else top.parents
            new = [home[p] for p in takes if home[p] not in done and home[p] is not top]
            if new:
                waiting += new
                continue
            waiting.pop()
            if top not in done:
                done.add(top)
                found.append(top)

    for node in nodes:
        if home[node] not in done:
            place(home[node])
    return found


def fits(node: Node) -> bool:
    """Whether a step can run in blocks: all its arrays lie in memory one row after the other."""
    here = layout(node)
    if not is_candidate(node, 1) or node.sample.nbytes < LARGE or here != (node.sample.shape, "C"):
        return False
    return all(
        layout(x) == here or np.ndim(x.sample if isinstance(x, Node) else x) == 0 for x in node.args
    )


def is_candidate(node: Node, smallest: int) -> bool:
    """Whether a step computes arrays entry by entry, with so many entries at least."""
    if node.op is None or node.params or not (node.op.elementwise or node.op in (WHERE, LAID_OUT)):
        return False
    large = type(node.sample) is ndarray and node.sample.size >= smallest
    return large and layout(node) is not None


def layout(x: Any) -> tuple[tuple[int, ...], str] | None:
    """Return the shape of an argument and its order in memory, None if there are gaps."""
    sample = x.sample if isinstance(x, Node) else x
    if type(sample) is not ndarray:
        return None
    flags = sample.flags
    order = "C" if flags.c_contiguous else "F" if flags.f_contiguous else ""
    return (sample.shape, order) if order else None
