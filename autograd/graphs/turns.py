"""Turns: loops in a graph, which use a parameter again and again, and what flows back in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.engine.graph import FreedGraphError, history, parents_then
from autograd.engine.value import Value
from autograd.graphs.steps import steps

FEWEST = 5  # turns of what counts as a loop


@dataclass
class Loop:
    """A parameter that is used in each turn of a loop, of which each turn needs the one before.

    Attributes:
        parameter: its serial.
        turns: how many turns there are.
        uses: the turn of each node that takes the parameter and a state, by serial.
        states: the state that each turn began with.
    """

    parameter: int
    turns: int
    uses: dict[int, int]
    states: list[Value]


def loops(end: Value, parameters: Iterable[Value]) -> list[Loop]:
    """Return the loops that lead to a Value, by the parameters used in them.

    Example:
        >>> w, h = Value(0.5), Value(1.0)
        >>> for _ in range(6):
        ...     h = np.tanh(w * h)
        >>> [(loop.turns, len(loop.states)) for loop in loops(h, [w])]
        [(6, 5)]
    """
    try:
        nodes = history([end], {})[0][::-1]
        above = [(node, parents_then(node)) for node in nodes if node.op is not None]
    except FreedGraphError:
        return []
    owner = {p.serial: p.serial for p in parameters}  # of views such as w.T, too
    uses: dict[int, dict[int, list[Value]]] = {}  # the states that each use takes
    for node, parents in above:
        given = [parent for parent in parents if parent is not None]
        mine = [owner[parent.serial] for parent in given if parent.serial in owner]
        if mine and node.op.view:
            owner[node.serial] = mine[0]
        elif mine:
            states = [x for x in given if x.op is not None and x.serial not in owner]
            uses.setdefault(mine[0], {})[node.serial] = states
    many = [(p, found) for p, found in uses.items() if len(found) >= FEWEST]
    return [loop for p, found in many if (loop := chained(p, found, above)).turns >= FEWEST]


def chained(
    parameter: int, uses: dict[int, list[Value]], above: list[tuple[Value, list[Any]]]
) -> Loop:
    """Return the loop of a parameter, whose turns are the uses that need each other."""
    turn: dict[int, int] = {}  # how many uses there are on the longest way to a node
    for node, parents in above:
        before = [turn.get(parent.serial, 0) for parent in parents if parent is not None]
        turn[node.serial] = max(before) + (node.serial in uses)
    states = [state for found in uses.values() for state in found]
    return Loop(parameter, max(turn.values()), {use: turn[use] for use in uses}, states)


def flow(end: Value, loop: Loop) -> float:
    """Return the size of the gradient in the first turn of a loop, relative to the last.

    It is the gradient of a random mix of the entries of `end`, so that no sum cancels.
    """
    seed = np.random.default_rng(0).normal(size=end.shape).astype(end.dtype)
    sizes: dict[int, float] = {}
    for step in steps(end, seed[()], careful=False):
        turn = loop.uses.get(step.node.serial)
        if turn is not None and step.gradient is not None:
            size = float(np.linalg.norm(np.ravel(step.gradient)))
            sizes[turn] = max(sizes.get(turn, 0.0), size)
    if len(sizes) < 2 or not sizes[max(sizes)]:
        return np.nan
    return sizes[min(sizes)] / sizes[max(sizes)]
