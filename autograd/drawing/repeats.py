"""Repeats: draw repeated parts, such as layers or the turns of a loop, only once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import prod
from operator import mul

from autograd.drawing.fold import Fold
from autograd.drawing.folds import Folds
from autograd.drawing.grouping import Group, of_any_call, path_of, title, titled, together, turns
from autograd.drawing.picture import (
    Node,
    Picture,
    groups_of_users,
    put_leaves_where_they_are_used,
)
from autograd.graphs.membership import shared

TURN = 4  # with at least this many nodes, a turn gets a group of its own on the page


def without_repeats(picture: Picture) -> Picture:
    """Return a picture in which repeated parts are drawn once; `folds` says which these are.

    Outputs among them stay visible, after the parts.

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
    folds = Folds(picture)
    outer = repeats_of(folds, picture)
    drawn = once(picture, outer)
    return once(drawn, repeats_of(Folds(picture, folds), drawn), outer) if outer else picture


def once(picture: Picture, repeats: list[Repeat], outer: Sequence[Repeat] = ()) -> Picture:
    """Return a picture in which the first part of each repeat stands for all; `outer` are drawn."""
    if not repeats:
        return picture
    rows = {row[0].key: list(row) for repeat in repeats for row in repeat.rows()}
    chains = {row[0].key for repeat in repeats if repeat.handed_on for row in repeat.rows()}
    stands_for = {node.key: key for key, row in rows.items() for node in row}
    nodes = []
    for node in picture.nodes:
        one = stands_for.get(node.key, node.key)
        if one == node.key:
            later = dict.fromkeys((stands_for.get(key, key), frame) for key, frame in node.later)
            sources = merged(node.sources, stands_for)
            nodes.append(replace(node, sources=sources, later=[*later]))
        elif node.key in picture.outputs:
            nodes.append(replace(node, op=None, sources=[one], group=()))
    folded = Picture(nodes, picture.outputs, dict(picture.modules), dict(picture.shapes))
    for key, row in rows.items():
        folded[key].covers = covered(row)
        folded[key].name = name_of(row, picture.outputs, key in chains)
    for repeat in repeats:
        for node, last in zip(repeat.parts[0], repeat.parts[-1], strict=True):
            first, end = (repeat.group_of(x, bool(repeat.module)) for x in (node, last))
            folded[node.key].group = spanning(first, end, repeat.frame)
        for part in {part for node in repeat.parts[0] for part in folded[node.key].group}:
            if "\n" in part and part not in folded.modules and (path := path_of(part)):
                folded.modules[part] = picture.modules.get(of_any_call(path))
                if path in picture.shapes:
                    folded.shapes[part] = picture.shapes[path]
        for key, source in repeat.handed_on:
            carried = stands_for.get(source, source), repeat.frame[-1]
            folded[key].later = list(dict.fromkeys([*folded[key].later, carried]))
    put_leaves(folded, [*outer, *repeats])
    return folded


def spanning(first: Group, last: Group, frame: Group) -> Group:
    """Return the group of the first node of a row, with titles that cover the last one's, too."""
    group, key = list(frame), re.split("[ \n]", frame[-1])[0]
    for part, end in zip(first[len(frame) :], last[len(frame) :], strict=True):
        said = together(part, end, tuple(group))
        group.append(part if said == title(part) else titled(key, path_of(part), said))
    return tuple(group)


def covered(row: list[Node]) -> list[Node]:
    """Return the nodes that a row stands for, turn by turn of the fold around it if there is one.

    Of a row of leaves that all turns share, these are the leaves.
    """
    turns = zip(*(node.covers or [node] for node in row), strict=True)
    return [node for turn in turns for node in turn]


def in_turns(picture: Picture) -> Picture:
    """Return a picture with a group around repeated parts, and one inside it for each longer turn.

    An output that is the last of them stands after the group.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.grouping import title
        >>> from autograd.drawing.picture import picture_of
        >>> import numpy as np
        >>> y = Value(1.0)
        >>> for _ in range(9):
        ...     y = np.tanh(np.sin(np.exp(y * 0.5)))
        >>> [title(part) for part in in_turns(picture_of(y))["n5"].group]
        ['× 9', 'turn 1']
    """
    grouped = replace(picture, nodes=[replace(node) for node in picture.nodes])
    repeats = repeats_of(Folds(picture), picture)
    for repeat in repeats:
        ends = [node.key for node in repeat.parts[-1] if node.sources][-1:]
        after = {*ends} & {*picture.outputs} if not repeat.module else set()
        for n, part in enumerate(repeat.parts, 1):
            own = not repeat.module and len(part) >= TURN
            turn = (f"{part[0].key}\nturn {n:,}",) if own else ()
            for node in part:
                if node.key not in after:
                    grouped[node.key].group = repeat.group_of(node, False, turn)
    put_leaves(grouped, repeats)
    return grouped


def merged(sources: list[str], stands_for: dict[str, str]) -> list[str]:
    """Return sources, each replaced by its stand-in; a stand-in for several appears once."""
    found: dict[str, str] = {}
    kept = [key for key in sources if found.setdefault(stands_for.get(key, key), key) == key]
    return [stands_for.get(key, key) for key in kept]


def name_of(row: list[Node], outputs: list[str], chain: bool) -> str:
    """Return a name for all turns: "xs[0] … xs[9]", "n.w[0] … w[9]" or a loop's variable."""
    first, *_, last = (node.name for node in row)
    if first == last:
        return first
    if first:
        owner, dot, _ = first.rpartition(".")
        return f"{first} … {last.removeprefix(f'{owner}{dot}') if dot else last}".strip()
    if row[-1].key in outputs:
        return ""
    return last if chain or not last else f"… {last}"


def put_leaves(picture: Picture, repeats: list[Repeat]) -> None:
    """Put leaves where they are used, rows of them in frames beside those of folds."""
    put_leaves_where_they_are_used(picture)
    used = groups_of_users(picture)
    for node in picture.nodes:
        if not node.sources and node.covers:
            node.group = roomy(node.group, len(node.covers))
    frames: dict[str, Group] = {}
    for repeat in repeats:
        for (leaf,) in repeat.parts if repeat.of_leaves else ():
            if leaf.key in picture.by_key:
                frames[leaf.key] = frames.get(leaf.key, ()) + repeat.frame
    for key, frame in frames.items():
        times = len(picture[key].covers) // prod(map(turns, frame))
        picture[key].group = (*roomy(used[key], times), *frame)


def roomy(group: Group, times: int) -> Group:
    """Return the outer part of a group that stands for at most so many turns."""
    products = accumulate(map(turns, group), mul)
    return group[: sum(product <= times for product in products)]


@dataclass
class Repeat:
    """A fold as it is drawn.

    Attributes:
        parts: its parts, each with the leaves that only this part uses.
        frame: the frame around it, after the groups around that; of leaves, only the frame.
        module: the path of the first part's module if each part is one, else "".
        handed_on: the keys of nodes of the first part and of what they take in later turns: nodes
            of the first part, too, which stand for what the turn before made.
    """

    parts: list[list[Node]]
    frame: Group
    module: str = ""
    handed_on: Sequence[tuple[str, str]] = ()

    @property
    def of_leaves(self) -> bool:
        """Whether its parts are leaves."""
        return not self.parts[0][0].sources

    def rows(self) -> Iterator[tuple[Node, ...]]:
        """Yield the nodes of which one stands for all."""
        return zip(*self.parts, strict=True)

    def group_of(self, node: Node, instead: bool, turn: Group = ()) -> Group:
        """Return the group of a node within the frame, or with the frame instead of its module."""
        return (*self.frame, *turn, *node.group[len(self.frame) - (not instead) :])


def repeats_of(folds: Folds, picture: Picture) -> list[Repeat]:
    """Return folds as they are drawn in a picture, those that have nodes in it."""
    shown = [fold for fold in folds if all(node.key in picture.by_key for node in fold.nodes())]
    leaves = {
        fold: [row for row in folds.leaf_rows(fold) if all(x.key in picture.by_key for x in row)]
        for fold in shown
    }
    times = Counter(row[0].key for rows in leaves.values() for row in rows)
    found, others = [], {}
    for fold, rows in leaves.items():
        fold_there = Fold([[picture[node.key] for node in part] for part in fold.parts])
        frame, module = frame_of(fold_there, folds.is_chain(fold))
        parts = [list(part) for part in fold_there.parts]
        for row in rows:
            row = [picture[leaf.key] for leaf in row]
            alone = len(row[0].covers) == len(parts[0][0].covers)
            if times[row[0].key] > 1 or not alone or (module and row[0].kind == "input"):
                others[row[0].key] = Fold([[leaf] for leaf in row])
            else:
                parts = [[*part, leaf] for part, leaf in zip(parts, row, strict=True)]
        found.append(Repeat(parts, frame, module, folds.handed_on(fold)))
    return found + [Repeat(fold.parts, frame_of(fold, False)[0][-1:]) for fold in others.values()]


def frame_of(fold: Fold, chain: bool) -> tuple[Group, str]:
    """Return the frame around a fold, and the path of the first part's module if each is one."""
    first, last = fold.parts[0], fold.parts[-1]
    around = first[0].group
    for node in first + last:
        around = shared(around, node.group)
    level = len(around)
    said = f"× {len(fold.parts):,}" + ("" if chain else " side by side")
    names = {node.group[level : level + 1] for node in first}
    module = ""
    if len(names) == 1 and names != {()} and first[0].sources:
        (part,), end = names.pop(), last[0].group[level]
        said = f"{together(part, end, around)} {said}"
        module = path_of(part)
    return (*around, titled(first[0].key, module, said)), module
