"""Replay: run a graph again with new numbers for some of its Values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.engine.graph import FREED, freed, history, parents_then
from autograd.engine.silence import silence
from autograd.engine.value import Value, held


class Replay:
    """The part of a graph that depends on some of its Values, ready to run again.

    Args:
        outputs: the results.
        inputs: the Values that get new numbers; how they were computed does not matter.

    Attributes:
        then: the numbers of the inputs when the graph was built.
        changed: whether the numbers of an input changed between two of its uses.

    Raises:
        FreedGraphError: the graph was freed.

    Example:
        >>> x, w = Value(2.0), Value(-3.0)
        >>> again = Replay([np.square(x * w)], [x])
        >>> again([1.0]), again([2.0])
        ([9.0], [36.0])
    """

    def __init__(self, outputs: Sequence[Value], inputs: Sequence[Value]) -> None:
        self.outputs, self.inputs = outputs, inputs
        self.nodes: list[tuple[Value, list[int | None]]] = []  # and its moving parents
        starts = {x.serial for x in inputs}
        moved = set(starts)
        then: dict[int, Any] = {}
        self.changed = False
        nodes, _ = history(list(outputs), dict.fromkeys(moved))
        for node in reversed(nodes):
            if node.op is None or node.serial in moved:
                continue
            if node.more is FREED:
                raise freed(node)
            serials = [p if p is None else p.serial for p in parents_then(node)]
            places = [serial if serial in moved else None for serial in serials]
            if places.count(None) < len(places):
                moved.add(node.serial)
                self.nodes.append((node, places))
                for place, raw in zip(places, node.args, strict=True):
                    if place is None or place not in starts:
                        continue
                    old = then.setdefault(place, raw)
                    self.changed |= old is not raw and not np.array_equal(old, raw, equal_nan=True)
        self.then = [then.get(x.serial, held(x)) for x in inputs]

    @silence()
    def __call__(self, numbers: Sequence[Any]) -> list[Any]:
        """Return the results for these numbers of the inputs."""
        known = {x.serial: number for x, number in zip(self.inputs, numbers, strict=True)}
        for node, places in self.nodes:
            args = [
                raw if place is None else known[place]
                for place, raw in zip(places, node.args, strict=True)
            ]
            known[node.serial] = node.op.compute(tuple(args), node.params)
        return [known.get(output.serial, held(output)) for output in self.outputs]
