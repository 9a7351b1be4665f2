"""Trails: the paths from a result back to the Values it depends on, and the strongest of them.

There may be far too many to list, so they are counted and compared without a list: each node gets
the number of paths to it, and the k strongest, from the nodes that use it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import inf, isnan, log
from typing import Any, NamedTuple

import numpy as np

from autograd.engine.value import Value
from autograd.graphs.steps import Link, links_of, steps


class Hop(NamedTuple):
    """A step from a node to one of its arguments.

    Attributes:
        node: a Value that an op made.
        place: the position of the argument.
        parent: the Value that was given there.
        local: the derivative of the node with respect to the argument, if both are single numbers.
    """

    node: Value
    place: int
    parent: Value
    local: Any


class Trail(NamedTuple):
    """A path from the result to a node.

    Attributes:
        weight: the logarithm of its strength, which is the size of the product of its derivatives;
            for arrays, of the ratios by which the gradient grows at each step.
        hop: its last step, None at the result itself.
        before: the trail up to that step.
    """

    weight: float
    hop: Hop | None
    before: Trail | None

    def hops(self) -> list[Hop]:
        """Return the steps in order, from the result on."""
        found, trail = [], self
        while trail.hop is not None and trail.before is not None:
            found.append(trail.hop)
            trail = trail.before
        return found[::-1]


@dataclass
class Ways:
    """All paths from the result to one Value.

    Attributes:
        end: the Value.
        gradient: the derivative of the result with respect to it; None if there is none.
        count: how many paths there are.
        trails: some of them, strongest first.
    """

    end: Value
    gradient: Any
    count: int
    trails: list[Trail]

    @property
    def paths(self) -> list[list[Hop]]:
        """The steps of each of these trails."""
        return [trail.hops() for trail in self.trails]


def ways(y: Value, ends: Collection[int] | None, most: int) -> dict[int, Ways]:
    """Return the paths from `y` to some Values, by serial.

    Args:
        y: the result.
        ends: serials of Values that it depends on; None for all leaves.
        most: how many trails to find for each.

    Example:
        >>> x = Value(3.0)
        >>> y = x * x + 2 * x
        >>> to_x = ways(y, None, 5)[x.serial]
        >>> to_x.count, [[hop.local for hop in path] for path in to_x.paths]
        (3, [[1.0, 3.0], [1.0, 3.0], [1.0, 2.0]])
    """
    found: dict[int, Ways] = {}
    counts = {y.serial: 1}
    best = {y.serial: [Trail(0.0, None, None)]}
    for step in steps(y):
        node = step.node
        count, trails = counts.pop(node.serial, 0), best.pop(node.serial, [])
        if node.serial in ends if ends is not None else node.op is None:
            found[node.serial] = Ways(node, step.gradient, count, trails)
        for link in step.links if count else ():
            if link.gradient is None:
                continue
            serial = link.parent.serial
            hop, weight = measured(node, step.gradient, link)
            longer = [Trail(trail.weight + weight, hop, trail) for trail in trails]
            counts[serial] = counts.get(serial, 0) + count
            both = best.get(serial, []) + longer
            best[serial] = sorted(both, key=lambda trail: -trail.weight)[:most]
    return found


def measured(node: Value, g: Any, link: Link) -> tuple[Hop, float]:
    """Return the hop of a link and the logarithm of its strength."""
    handed_on, local = link.gradient, None
    length = abs(g) if type(g) is float else float(np.linalg.norm(g))
    if not (1e-200 < length < 1e200):  # underflow or overflow: apply the rule to g = 1
        g = np.ones(node.shape, node.dtype)[()]
        length = float(np.linalg.norm(g))
        handed_on = next(one.gradient for one in links_of(node, g) if one.place == link.place)
    if node.ndim == link.parent.ndim == 0:
        local = handed_on / g
        ratio = abs(local)
    else:
        ratio = float(np.linalg.norm(handed_on)) / length if node.size else 0.0
    weight = -inf if ratio == 0 else inf if isnan(ratio) else log(ratio)
    return Hop(node, link.place, link.parent, local), weight


def along(y: Value, hops: list[Hop]) -> Any:
    """Return what a path adds to the gradient at its end, the product of its derivatives."""
    if all(hop.local is not None for hop in hops):
        product = 1.0
        for hop in hops:
            product = hop.local * product
        return product
    passed = Link(0, y, np.ones(y.shape, y.dtype)[()])
    for hop in hops:
        links = links_of(hop.node, passed.gradient, passed.reached)
        passed = next(link for link in links if link.place == hop.place)
    return passed.gradient
