"""Pairing: which node of one picture is which node of another.

A node after a change is taken for one before it if it is the same Value; or a leaf of the same
name; or computed by the same op from nodes that are each other's; or if nodes that are each other's
take it at the same place. What is left is paired by its looks, and then has no partner.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator
from heapq import heapify, heappop, heappush

import numpy as np

from autograd.drawing.looks import fixed, settings
from autograd.drawing.picture import Node, Picture

ROUNDS_OF_PAIRING = 4  # how often all ways of pairing are tried


class Pairing:
    """The pairs of nodes of two pictures.

    Args:
        before, after: the pictures.

    Attributes:
        then: the key of the partner before, by the key after.
        now: the key of the partner after, by the key before.
        order: (node before or None, node after or None), sources first.
    """

    def __init__(self, before: Picture, after: Picture) -> None:
        self.before, self.after = before, after
        self.then: dict[str, str] = {}
        self.now: dict[str, str] = {}
        self.by(lambda node: None if node.value is None else node.value.serial)
        self.by(lambda node: named(node) and (node.kind, node.name, np.shape(node.number)))
        self.by(lambda node: named(node) and (node.kind, inner_path(node), np.shape(node.number)))
        for _ in range(ROUNDS_OF_PAIRING):
            count = len(self.then)
            self.downward(exactly=True)
            self.downward(exactly=False)
            self.upward(are_alike)
            self.by(lambda node: named(node) and (node.kind, node.name))
            self.by(lambda node: leaf(node) and (node.kind, np.shape(node.number)))
            self.downward(exactly=False)
            if len(self.then) == count:
                self.by(lambda node: node.op and (node.op.name, settings(node), node.name))
            if len(self.then) == count:
                break
        self.order = self.ordered()

    def pair(self, one: Node, other: Node) -> None:
        """Pair a node before with one after, and constants that both take at the same place."""
        self.now[one.key], self.then[other.key] = other.key, one.key
        if one.op is not None and other.op is not None:
            for a, b in self.sources_of(one, other):
                if a.kind == b.kind == "constant":
                    self.now[a.key], self.then[b.key] = b.key, a.key

    def sources_of(self, one: Node, other: Node) -> Iterator[tuple[Node, Node]]:
        """Yield the sources that two nodes take at the same places, if they take as many."""
        if len(one.sources) == len(other.sources):
            for a, b in zip(one.sources, other.sources, strict=True):
                yield self.before[a], self.after[b]

    def by(self, look: Callable[[Node], Hashable]) -> None:
        """Pair the nodes that have no partner and look the same, in order; falsy looks are none."""
        self.meet(
            {node.key: found for node in self.before.nodes if (found := look(node))},
            {node.key: found for node in self.after.nodes if (found := look(node))},
        )

    def meet(self, looks: dict[str, Hashable], looks_now: dict[str, Hashable]) -> None:
        """Pair nodes of equal looks, by key, if they have no partner."""
        waiting: dict[Hashable, deque[Node]] = defaultdict(deque)
        for key, look in looks.items():
            if key not in self.now:
                waiting[look].append(self.before[key])
        for key, look in looks_now.items():
            if key not in self.then and waiting[look]:
                self.pair(waiting[look].popleft(), self.after[key])

    def downward(self, exactly: bool) -> None:
        """Pair what the same op computes from the same; `exactly` asks for the same constants."""
        ids: dict[Hashable, int] = {}

        def looks(picture: Picture, partner: Callable[[str], Hashable]) -> dict[str, Hashable]:
            known: dict[str, Hashable] = {}
            for node in picture.nodes:
                if node.kind == "constant":
                    look: Hashable = fixed(node.number) if exactly else "constant"
                elif (met := partner(node.key)) is not None:
                    look = met
                elif node.op is None:
                    look = (id(picture), node.key)
                else:
                    look = (node.op.name, settings(node), *(known[key] for key in node.sources))
                known[node.key] = ids.setdefault(look, len(ids))
            return {key: known[key] for key in known if picture[key].op is not None}

        then = looks(self.before, lambda key: self.now.get(key))
        now = looks(self.after, lambda key: key if key in self.then else None)
        self.upward(lambda one, other: one.key in then and then[one.key] == now.get(other.key))
        self.meet(then, now)

    def upward(self, agree: Callable[[Node, Node], bool]) -> None:
        """Pair the outputs, and what nodes that are each other's take at the same place.

        Two without a partner become each other's if they `agree`.
        """
        ends = zip(self.before.outputs, self.after.outputs, strict=False)
        found = [(self.before[a], self.after[b]) for a, b in ends]
        for other in [None, *reversed(self.after.nodes)]:
            if other is not None and other.key in self.then:
                found = [*self.sources_of(self.before[self.then[other.key]], other)]
            for a, b in found:
                if a.key not in self.now and b.key not in self.then and agree(a, b):
                    self.pair(a, b)
            found = []

    # -- one after the other ------------------------------------------------------------------

    def ordered(self) -> list[tuple[Node | None, Node | None]]:
        """Return all pairs and single nodes, sources first.

        Two nodes cannot be each other's if that makes them their own source, so they are parted.
        """
        while True:
            rows = self.rows()
            needs = [
                {
                    self.row_of[side, key]
                    for side, node in enumerate(row)
                    if node is not None
                    for key in node.sources
                }
                for row in rows
            ]
            order = sources_first(needs)
            if len(order) == len(rows):
                return [rows[i] for i in order]
            left = set(range(len(rows))) - set(order)
            other = next(rows[i][1] for i in sorted(left) if None not in rows[i])
            assert other is not None
            del self.now[self.then.pop(other.key)]

    def rows(self) -> list[tuple[Node | None, Node | None]]:
        """Return pairs and single nodes: those of the picture after, with the gone in between."""
        rows: list[tuple[Node | None, Node | None]] = []
        gone: dict[str, list[Node]] = defaultdict(list)  # by the key after which they come
        last = ""
        for node in self.before.nodes:
            last = self.now.get(node.key, last)
            if node.key not in self.now:
                gone[last].append(node)
        rows += [(node, None) for node in gone[""]]
        for node in self.after.nodes:
            then = self.then.get(node.key)
            rows.append((None if then is None else self.before[then], node))
            rows += [(node, None) for node in gone[node.key]]
        self.row_of = {
            (side, node.key): i
            for i, row in enumerate(rows)
            for side, node in enumerate(row)
            if node is not None
        }
        return rows


def are_alike(one: Node, other: Node) -> bool:
    """Whether two nodes are leaves of one kind, or of the same op."""
    if one.op is None or other.op is None:
        return one.op is other.op and one.kind == other.kind
    return one.op is other.op


def named(node: Node) -> bool:
    """Whether a node is a leaf with a name."""
    return leaf(node) and bool(node.name)


def inner_path(node: Node) -> str:
    """Return the path of a parameter inside its network, "weights" for "model.weights"."""
    return node.name.partition(".")[2] or node.name


def leaf(node: Node) -> bool:
    """Whether a node is an input or a parameter."""
    return node.kind in ("input", "parameter")


def sources_first(needs: list[set[int]]) -> list[int]:
    """Return the numbers of things so that those a thing needs come first, else in order.

    Those on a circle, and what needs them, are left out.

    Example:
        >>> sources_first([{2}, set(), {1}]), sources_first([set(), {2}, {1}])
        ([1, 2, 0], [0])
    """
    users: dict[int, list[int]] = defaultdict(list)
    for i, needed in enumerate(needs):
        for j in needed:
            users[j].append(i)
    missing = [len(needed) for needed in needs]
    ready = [i for i, count in enumerate(missing) if not count]
    heapify(ready)
    found = []
    while ready:
        found.append(i := heappop(ready))
        for user in users[i]:
            missing[user] -= 1
            if not missing[user]:
                heappush(ready, user)
    return found
