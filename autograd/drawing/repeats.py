"""Repeats: what is there again and again, layers or turns of a loop, is drawn once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from autograd.drawing.grouping import Group, shared
from autograd.drawing.picture import Node, Picture, put_leaves_where_they_are_used

PERIOD = 200  # the longest repeated part that is looked for, in ops
TIMES = 3  # that it must be there
SAVED = 6  # ops that folding it must save
NOWHERE = 1000  # deeper than modules are


@dataclass
class Run:
    """Steps from `start` on that are the same `times` times over, `period` steps each.

    `chained` tells whether each part uses the one before; else they stand side by side.
    """

    start: int
    period: int
    times: int
    chained: bool = True

    def starts(self) -> range:
        """The first step of each part."""
        return range(self.start, self.start + self.period * self.times, self.period)

    @property
    def saved(self) -> int:
        """How many steps need not be drawn."""
        return (self.times - 1) * self.period


def without_repeats(picture: Picture) -> Picture:
    """Return a picture in which what is there again and again is drawn once.

    The parts must be alike in ops, shapes, modules, wiring and names but for the numbers in them.
    Each must use the one before, or all must be used by the same ops.  What is asked for stays to
    be seen, after them.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.grouping import title
        >>> from autograd.drawing.picture import picture_of
        >>> y = Value(1.0)
        >>> for _ in range(1000):
        ...     y = y * 0.5 + 1.0
        >>> folded = without_repeats(picture_of(y))
        >>> len(folded.nodes), title(folded["n2"].group[-1])
        (6, '× 1,000')
    """
    steps = [node for node in picture.nodes if node.op is not None]
    index = {node.key: i for i, node in enumerate(steps)}
    looks = [look(picture, steps, index, i) for i in range(len(steps))]
    stands_for: dict[str, str] = {}
    groups: dict[str, Group] = {}
    names: dict[str, str] = {}
    for run in runs(looks):
        parts = [steps[i : i + run.period] for i in run.starts()]
        for part in parts[1:]:
            stands_for |= {node.key: first.key for node, first in zip(part, parts[0], strict=True)}
        groups |= regrouped(parts, run.chained)
        names |= renamed(picture, parts[0], parts[-1])
    if not stands_for:
        return picture
    nodes = []
    for node in picture.nodes:
        first = stands_for.get(node.key)
        if first is None:
            sources = once(node.sources, stands_for)
            group, name = groups.get(node.key, node.group), names.get(node.key, node.name)
            nodes.append(replace(node, sources=sources, group=group, name=name))
        elif node.key in picture.outputs:
            nodes.append(replace(node, op=None, sources=[first], group=()))
    return settled(nodes, picture.outputs)


def once(sources: list[str], stands_for: dict[str, str]) -> list[str]:
    """Return sources with each replaced by what stands for it; what stands for several is one."""
    found: dict[str, str] = {}
    kept = [key for key in sources if found.setdefault(stands_for.get(key, key), key) == key]
    return [stands_for.get(key, key) for key in kept]


def renamed(picture: Picture, first: list[Node], last: list[Node]) -> dict[str, str]:
    """Return names that tell of all turns: "xs[0] … xs[9]", and a loop's variable."""
    names: dict[str, str] = {}
    for node, end in zip(first, last, strict=True):
        names[node.key] = node.name or ("" if end.key in picture.outputs else end.name)
        for key, other in zip(node.sources, end.sources, strict=True):
            (a, b) = picture[key], picture[other]
            if a.kind == b.kind == "input" and a.name != b.name:
                names[key] = f"{a.name} … {b.name}" if a.name and b.name else a.name or b.name
    return names


def settled(nodes: list[Node], outputs: list[str]) -> Picture:
    """Return a picture of those nodes that lead to the outputs."""
    wanted = set(outputs)
    for node in reversed(nodes):
        if node.key in wanted:
            wanted.update(node.sources)
    picture = Picture([node for node in nodes if node.key in wanted], outputs)
    put_leaves_where_they_are_used(picture)
    return picture


@dataclass(frozen=True)
class Look:
    """What a step must have in common with another to be its repetition.

    Attributes:
        what: op, shape and modules.
        begins: the level of the outermost module that begins with it.
        sources: each as ("step", how many steps back) or its kind and shape.
        name: its own; that of what was asked for is like no other.
        names: of its sources, "" for steps.
    """

    what: tuple
    begins: int
    sources: tuple
    name: str
    names: tuple

    def may_begin(self, second: Look) -> bool:
        """Whether it may be of the first turn: the numbers that it took come from elsewhere."""
        own = zip(self.sources, self.names, strict=True)
        theirs = zip(second.sources, second.names, strict=True)
        return (
            (self.what, self.name) == (second.what, second.name)
            and len(self.sources) == len(second.sources)
            and all(
                a == b or (b[0][0] == "step" and a[0][0] in ("step", "far", "input", "constant"))
                for a, b in zip(own, theirs, strict=True)
            )
        )

    def may_end(self, before: Look) -> bool:
        """Whether it may be of the last turn, whose Values have names or are asked for."""
        return (self.what, self.begins, self.sources) == (
            before.what,
            before.begins,
            before.sources,
        )


def look(picture: Picture, steps: list[Node], index: dict[str, int], i: int) -> Look:
    """Return what step `i` looks like."""
    node = steps[i]
    sources: list[tuple] = []
    for key in node.sources:
        at = index.get(key)
        if at is None:
            source = picture[key]
            sources.append((source.kind, np.shape(source.number)))
        else:
            sources.append(("step", i - at) if i - at <= PERIOD else ("far", at))
    what = (node.op.name, np.shape(node.number), tuple(map(numberless, node.group)))
    outer = shared(steps[i - 1].group, node.group) if i else ()
    begins = len(outer) if len(node.group) > len(outer) else NOWHERE
    names = ("" if key in index else numberless(picture[key].name) for key in node.sources)
    name = f"{node.key}\n" if node.key in picture.outputs else numberless(node.name)
    return Look(what, begins, tuple(sources), name, tuple(names))


def numberless(name: str) -> str:
    """Return a name without what tells "layers.1" from "layers.2" and "cell" from "cell (2)"."""
    return re.sub(r"\d+", "#", re.sub(r" \(\d+\)$", "", name))


def runs(looks: list[Look]) -> list[Run]:
    """Return the repeats that save most, without overlaps."""
    known: dict[Look, int] = {}
    ids = np.array([known.setdefault(x, len(known)) for x in looks])
    found = []
    for period in range(1, min(PERIOD, len(looks) // TIMES) + 1):
        same = np.concatenate([[0], ids[:-period] == ids[period:], [0]]).astype(np.int8)
        edges = np.flatnonzero(np.diff(same)).reshape(-1, 2)
        for start, end in edges[np.diff(edges)[:, 0] >= period].tolist():
            run = aligned(looks, start, end + period, period)
            if run.times >= TIMES and run.saved >= SAVED:
                found.append(run)
    users = users_of(looks)
    taken = np.zeros(len(looks), bool)
    chosen = []
    for run in sorted(found, key=lambda run: (-run.saved, run.period)):
        place = slice(run.start, run.start + run.period * run.times)
        if not taken[place].any() and (run.chained or side_by_side(users, run)):
            taken[place] = True
            chosen.append(run)
    return chosen


def aligned(looks: list[Look], start: int, end: int, period: int) -> Run:
    """Return the repeats of a period in a stretch, which may be longer by a first and a last turn.

    They begin where a module does, an outer one if there are several.
    """
    for _ in range(period):
        if not start or not looks[start - 1].may_begin(looks[start - 1 + period]):
            break
        start -= 1
    for _ in range(period):
        if end == len(looks) or not looks[end].may_end(looks[end - period]):
            break
        end += 1
    first = min(range(start, start + period), key=lambda i: looks[i].begins)
    run = Run(first, period, (end - first) // period)
    run.chained = chained(looks, run)
    return run


def chained(looks: list[Look], run: Run) -> bool:
    """Whether each part uses the one before."""
    second = run.start + run.period
    return any(
        source[0] == "step" and i - source[1] < second
        for i in range(second, second + run.period)
        for source in looks[i].sources
    )


def users_of(looks: list[Look]) -> list[set[int]]:
    """Return for each step those that use it."""
    users: list[set[int]] = [set() for _ in looks]
    for i, look in enumerate(looks):
        for kind, at in look.sources:
            if kind in ("step", "far"):
                users[i - at if kind == "step" else at].add(i)
    return users


def side_by_side(users: list[set[int]], run: Run) -> bool:
    """Whether the parts are used by the same steps, and none by another."""
    used = [
        [
            {u - i if u < i + run.period else -u for u in users[i]}
            for i in range(start, start + run.period)
        ]
        for start in run.starts()
    ]
    return all(part == used[0] for part in used)


def regrouped(parts: list[list[Node]], chained: bool) -> dict[str, Group]:
    """Return the group of each step of the first part, which now tells how often it is there."""
    first, last, times = parts[0], parts[-1], f"× {len(parts):,}"
    times += "" if chained else " side by side"
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
