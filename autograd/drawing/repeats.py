"""Repeats: draw repeated parts, such as layers or the turns of a loop, only once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import numpy as np

from autograd.drawing.grouping import Group, shared
from autograd.drawing.picture import Node, Picture, put_leaves_where_they_are_used
from autograd.drawing.runs import NOWHERE, PERIOD, SAVED, Signature, runs

TURN = 4  # with at least this many ops, a turn gets a group of its own on the page


def without_repeats(picture: Picture) -> Picture:
    """Return a picture in which repeated parts are drawn once.

    The parts must agree in ops, shapes, modules, wiring and names, except for numbers in names.
    They follow each other or stand side by side, and later ops use all of them alike, or the last
    one more than the others. Outputs among them stay visible, after the parts.

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
    stands_for: dict[str, str] = {}
    groups: dict[str, Group] = {}
    names: dict[str, str] = {}
    for repeat in repeats_of(picture):
        once, *others = repeat.parts
        for part in others:
            stands_for |= {node.key: one.key for node, one in zip(part, once, strict=True)}
        level = len(repeat.frame) - (not repeat.modules)
        groups |= {node.key: (*repeat.frame, *node.group[level:]) for node in once}
        names |= renamed(picture, once, others[-1])
    if not stands_for:
        return picture
    nodes = []
    for node in picture.nodes:
        first = stands_for.get(node.key)
        if first is None:
            sources = merged(node.sources, stands_for)
            group, name = groups.get(node.key, node.group), names.get(node.key, node.name)
            nodes.append(replace(node, sources=sources, group=group, name=name))
        elif node.key in picture.outputs:
            nodes.append(replace(node, op=None, sources=[first], group=()))
    return leading_to(nodes, picture.outputs)


def in_turns(picture: Picture) -> Picture:
    """Return a picture with a group around repeated parts, and one inside it for each longer turn.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.grouping import title
        >>> from autograd.drawing.picture import picture_of
        >>> y = Value(1.0)
        >>> for _ in range(9):
        ...     y = np.tanh(np.sin(np.exp(y * 0.5)))
        >>> [title(part) for part in in_turns(picture_of(y))["n5"].group]
        ['× 9', 'turn 1']
    """
    groups: dict[str, Group] = {}
    for repeat in repeats_of(picture):
        level = len(repeat.frame) - 1
        for n, part in enumerate(repeat.parts, 1):
            own = not repeat.modules and len(part) >= TURN
            turn = (f"{part[0].key}\nturn {n:,}",) if own else ()
            for node, like in zip(part, repeat.parts[n - 2], strict=True):
                if node.key not in picture.outputs or repeat.modules:
                    groups[node.key] = (*repeat.frame, *turn, *node.group[level:])
                for key, other in zip(node.sources, like.sources, strict=True):
                    if key != other and picture[key].kind == picture[other].kind == "input":
                        groups[key] = (*repeat.frame, *turn)
    nodes = [replace(node, group=groups.get(node.key, node.group)) for node in picture.nodes]
    return leading_to(nodes, picture.outputs)


def merged(sources: list[str], stands_for: dict[str, str]) -> list[str]:
    """Return sources, each replaced by its stand-in; a stand-in for several appears once."""
    found: dict[str, str] = {}
    kept = [key for key in sources if found.setdefault(stands_for.get(key, key), key) == key]
    return [stands_for.get(key, key) for key in kept]


def renamed(picture: Picture, first: list[Node], last: list[Node]) -> dict[str, str]:
    """Return names that cover all turns, such as "xs[0] … xs[9]" or a loop's variable."""
    names: dict[str, str] = {}
    pairs = list(zip(first, last, strict=True))
    for node, end in list(pairs):
        names[node.key] = node.name or ("" if end.key in picture.outputs else end.name)
        pairs += [(picture[a], picture[b]) for a, b in zip(node.sources, end.sources, strict=True)]
    for a, b in pairs:
        if a.kind == b.kind == "input" and a.name != b.name:
            names[a.key] = f"{a.name} … {b.name}" if a.name and b.name else a.name or b.name
    return names


def leading_to(nodes: list[Node], outputs: list[str]) -> Picture:
    """Return a picture of the nodes that lead to the outputs."""
    wanted = set(outputs)
    for node in reversed(nodes):
        if node.key in wanted:
            wanted.update(node.sources)
    picture = Picture([node for node in nodes if node.key in wanted], outputs)
    put_leaves_where_they_are_used(picture)
    return picture


@dataclass
class Repeat:
    """Repeated parts, the group for them, and whether each is a module in that group."""

    parts: list[list[Node]]
    frame: Group
    modules: bool


def repeats_of(picture: Picture) -> list[Repeat]:
    """Return the repeated parts of a picture."""
    steps = [node for node in picture.nodes if node.op is not None]
    index = {node.key: i for i, node in enumerate(steps)}
    users = Counter(picture.outputs) + Counter(key for node in steps for key in node.sources)
    found = []
    for run in runs([signature(picture, steps, index, i) for i in range(len(steps))]):
        parts = [steps[i : i + run.period] for i in run.starts()]
        first, last = parts[0], parts[-1]
        around = first[0].group
        for node in first + last:
            around = shared(around, node.group)
        level = len(around)
        names = {node.group[level : level + 1] for node in first}
        modules = len(names) == 1 and names != {()}
        times = f"× {len(parts):,}" if run.chained else side_by_side(parts)
        if modules:
            (name,), (end,) = names.pop(), last[0].group[level : level + 1]
            end = of_any_call(end)
            times = f"{name} {times}" if end == name else f"{name} … {end} {times}"
        found.append(Repeat(parts, (*around, f"{first[0].key}\n{times}"), modules))
    many = [step for step in steps if len(step.sources) > SAVED]
    return found + [row for step in many for row in rows_of(picture, step, users)]


def rows_of(picture: Picture, step: Node, users: Counter) -> Iterator[Repeat]:
    """Yield rows of many similar inputs of an op that nothing else uses."""
    leaves = [picture[key] for key in step.sources]
    for alike, row in groupby(leaves, lambda x: (x.kind, np.shape(x.number), numberless(x.name))):
        parts = [[leaf] for leaf in row if users[leaf.key] == 1]
        if alike[0] == "input" and len(parts) > SAVED:
            frame = f"{parts[0][0].key}\n{side_by_side(parts)}"
            yield Repeat(parts, (*step.group, frame), False)


def side_by_side(parts: list[list[Node]]) -> str:
    """Return the title of parts that do not use each other."""
    return f"× {len(parts):,} side by side"


def signature(picture: Picture, steps: list[Node], index: dict[str, int], i: int) -> Signature:
    """Return the signature of step `i`."""
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
    return Signature(what, begins, tuple(sources), name, tuple(names))


@lru_cache(10_000)
def numberless(name: str) -> str:
    """Return a name without numbers, so that "layers.1" and "layers.2" look the same."""
    return re.sub(r"\d+", "#", of_any_call(name))


def of_any_call(path: str) -> str:
    """Return the path of a module without the number of its call, "cell" for "cell (2)"."""
    return re.sub(r" \(\d+\)$", "", path)
