"""Folding: a large picture made small enough to read.  Each function takes and gives a Picture."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from heapq import heappop, heappush

import numpy as np

from autograd.drawing.grouping import Group, shared, title
from autograd.drawing.picture import Node, Picture, put_leaves_where_they_are_used

PERIOD = 200  # the longest repeated part that is looked for, in ops
TIMES = 3  # that it must be there
SAVED = 6  # ops that folding it must save


# -- modules -------------------------------------------------------------------------------------


def by_module(picture: Picture, depth: int) -> Picture:
    """Return a picture with one box for each module `depth` levels down.

    What is asked for stays to be seen, outside its module.

    Example:
        >>> from autograd.drawing.picture import picture_of
        >>> import nn
        >>> folded = by_module(picture_of(nn.MLP(2, [3, 1], seed=0), [1.0, 2.0]), 0)
        >>> [node.name for node in folded.nodes if node.kind == "module"]
        ['layers.0', 'layers.1']
    """
    boxes: dict[Group, Node] = {}
    around: dict[str, Node] = {}  # the box that a node is in
    members: dict[str, list[Node]] = {}
    for node in picture.nodes:
        if len(node.group) > depth:
            path = node.group[: depth + 1]
            if path not in boxes:
                name = title(path[-1])
                boxes[path] = Node(
                    f"m{len(boxes) + 1}", None, None, name, "module", None, [], path[:-1]
                )
            around[node.key] = boxes[path]
            members.setdefault(boxes[path].key, []).append(node)

    def seen(key: str) -> str:
        return around[key].key if key in around else key

    nodes = []
    for node in picture.nodes:
        box = around.get(node.key)
        if box is None:
            nodes.append(replace(node, sources=[seen(key) for key in node.sources]))
        elif node is members[box.key][-1]:
            took = (seen(key) for member in members[box.key] for key in member.sources)
            box.sources = [key for key in dict.fromkeys(took) if key != box.key]
            box.number = contents(members[box.key]) + (" each" if "× " in box.name else "")
            nodes.append(box)
            for output in members[box.key]:
                if output.key in picture.outputs:
                    nodes.append(replace(output, op=None, sources=[box.key], group=()))
    return Picture(nodes, picture.outputs)


def contents(members: list[Node]) -> str:
    """Return in words what a folded module holds."""
    ops = sum(node.op is not None for node in members)
    size = sum(np.size(node.number) for node in members if node.kind == "parameter")
    words = [f"{ops:,} op{'s' * (ops != 1)}"] if ops else []
    return ", ".join(words + ([f"{size:,} parameter{'s' * (size != 1)}"] if size else []))


# -- repeats -------------------------------------------------------------------------------------


@dataclass
class Run:
    """Steps from `start` on that are the same `times` times over, `period` steps each."""

    start: int
    period: int
    times: int

    def starts(self) -> range:
        """The first step of each part."""
        return range(self.start, self.start + self.period * self.times, self.period)

    @property
    def saved(self) -> int:
        """How many steps need not be drawn."""
        return (self.times - 1) * self.period


def without_repeats(picture: Picture) -> Picture:
    """Return a picture in which what follows itself again and again is drawn once.

    The parts must be alike in ops, shapes, modules and wiring, and each must use the one before.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> y = Value(1.0)
        >>> for _ in range(1000):
        ...     y = y * 0.5 + 1.0
        >>> folded = without_repeats(picture_of(y))
        >>> len(folded.nodes), title(folded["n2"].group[-1])
        (9, '× 999')
    """
    steps = [node for node in picture.nodes if node.op is not None]
    index = {node.key: i for i, node in enumerate(steps)}
    looks = [look(picture, steps, index, i) for i in range(len(steps))]
    stands_for: dict[str, str] = {}
    groups: dict[str, Group] = {}
    for run in runs(looks):
        parts = [steps[i : i + run.period] for i in run.starts()]
        for part in parts[1:]:
            stands_for |= {node.key: first.key for node, first in zip(part, parts[0], strict=True)}
        groups |= regrouped(parts)
    if not stands_for:
        return picture
    nodes = [
        replace(
            node,
            sources=[stands_for.get(key, key) for key in node.sources],
            group=groups.get(node.key, node.group),
        )
        for node in picture.nodes
        if node.key not in stands_for
    ]
    return settled(nodes, picture.outputs)


def settled(nodes: list[Node], outputs: list[str]) -> Picture:
    """Return a picture of those nodes that lead to the outputs."""
    wanted = set(outputs)
    for node in reversed(nodes):
        if node.key in wanted:
            wanted.update(node.sources)
    picture = Picture([node for node in nodes if node.key in wanted], outputs)
    put_leaves_where_they_are_used(picture)
    return picture


@dataclass
class Look:
    """What a step must have in common with another to be its repetition.

    Attributes:
        what: op, shape, name and module, with their numbers left out.
        starts: whether a module begins with it.
        sources: each as ("step", how many steps back) or its kind and shape.
    """

    what: tuple
    starts: bool
    sources: tuple

    def much_like(self, other: Look) -> bool:
        """Whether they differ only in where the steps they took come from, as first ones do."""
        return (
            self.what == other.what
            and len(self.sources) == len(other.sources)
            and all(
                a == b or (b[0] == "step" and a[0] in ("step", "far", "input"))
                for a, b in zip(self.sources, other.sources, strict=True)
            )
        )


def look(picture: Picture, steps: list[Node], index: dict[str, int], i: int) -> Look:
    """Return what step `i` looks like."""
    node = steps[i]
    sources: list[tuple] = []
    for key in node.sources:
        back = i - index.get(key, i)
        if not back:
            source = picture[key]
            sources.append((source.kind, np.shape(source.number)))
        else:
            sources.append(("step", back) if back <= PERIOD else ("far", key))
    own = node.key if node.key in picture.outputs else numberless(node.name)
    what = (node.op.name, np.shape(node.number), own, tuple(map(numberless, node.group)))
    before = steps[i - 1].group if i else ()
    return Look(what, node.group != before, tuple(sources))


def numberless(name: str) -> str:
    """Return a name without what tells "layers.1" from "layers.2" and "cell" from "cell (2)"."""
    return re.sub(r"\d+", "#", re.sub(r" \(\d+\)$", "", name))


def runs(looks: list[Look]) -> list[Run]:
    """Return the repeats that save most, without overlaps."""
    known: dict[tuple, int] = {}
    ids = np.array([known.setdefault((x.what, x.starts, x.sources), len(known)) for x in looks])
    found = []
    for period in range(1, min(PERIOD, len(looks) // TIMES) + 1):
        same = np.concatenate([[0], ids[:-period] == ids[period:], [0]]).astype(np.int8)
        edges = np.flatnonzero(np.diff(same)).reshape(-1, 2)
        for start, end in edges[np.diff(edges)[:, 0] >= period].tolist():
            run = aligned(looks, start, end + period, period)
            if run.times >= TIMES and run.saved >= SAVED and chained(looks, run):
                found.append(run)
    taken = np.zeros(len(looks), bool)
    chosen = []
    for run in sorted(found, key=lambda run: (-run.saved, run.period)):
        place = slice(run.start, run.start + run.period * run.times)
        if not taken[place].any():
            taken[place] = True
            chosen.append(run)
    return chosen


def aligned(looks: list[Look], start: int, end: int, period: int) -> Run:
    """Return the repeats of a period in a stretch; they begin where a module does, if any does."""
    for _ in range(period):
        if not start or not looks[start - 1].much_like(looks[start - 1 + period]):
            break
        start -= 1
    first = next((i for i in range(start, start + period) if looks[i].starts), start)
    return Run(first, period, (end - first) // period)


def chained(looks: list[Look], run: Run) -> bool:
    """Whether each part uses the one before."""
    second = run.start + run.period
    return any(
        source[0] == "step" and i - source[1] < second
        for i in range(second, second + run.period)
        for source in looks[i].sources
    )


def regrouped(parts: list[list[Node]]) -> dict[str, Group]:
    """Return the group of each step of the first part, which now tells how often it is there."""
    first, last, times = parts[0], parts[-1], f"× {len(parts):,}"
    around = first[0].group
    for node in first + last:
        around = shared(around, node.group)
    level = len(around)
    names = {node.group[level : level + 1] for node in first}
    if len(names) == 1 and names != {()}:
        (name,), (end,) = names.pop(), last[0].group[level : level + 1]
        end = re.sub(r" \(\d+\)$", "", end)
        times = f"{name} {times}" if end == name else f"{name} … {end} {times}"
        level += 1
    part = f"{first[0].key}\n{times}"
    return {node.key: (*around, part, *node.group[level:]) for node in first}


# -- a limit -------------------------------------------------------------------------------------


def within(picture: Picture, limit: int) -> Picture:
    """Return a picture of the `limit` nodes nearest to the outputs, and a box for the rest.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> x = Value(2.0)
        >>> small = within(picture_of(x * x * x * x), 3)
        >>> [node.name or node.key for node in small.nodes]
        ['… 1 more', 'n1', 'n3', 'n4']
    """
    order = {node.key: i for i, node in enumerate(picture.nodes)}
    waiting = sorted(-order[key] for key in picture.outputs)  # the newest first
    met, kept = set(picture.outputs), set[str]()
    while waiting and len(kept) < limit:
        node = picture.nodes[-heappop(waiting)]
        kept.add(node.key)
        for key in node.sources:
            if not picture[key].sources:
                if len(kept) < limit:
                    kept.add(key)
            elif key not in met:
                met.add(key)
                heappush(waiting, -order[key])
    hidden = len(picture.nodes) - len(kept)
    if not hidden:
        return picture
    more = Node("more", None, None, f"… {hidden:,} more", "more", None, [])
    nodes = [
        replace(node, sources=[key if key in kept else "more" for key in node.sources])
        for node in picture.nodes
        if node.key in kept
    ]
    return Picture([more, *nodes], [key for key in picture.outputs if key in kept])
