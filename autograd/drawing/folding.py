"""Folding: make a large picture readable. Each function takes and returns a Picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any

from autograd.drawing.grouping import Group, is_pass, of_any_call, title, turns
from autograd.drawing.nearness import READABLE
from autograd.drawing.picture import Node, Picture
from autograd.graphs.costs import (
    cost,
    cost_in_words,
    parameters_in_words,
    sizes_of_parameters,
    way,
)
from autograd.notation.names import lengths, short

MANY = 8  # the most ops that lines from one leaf lead to


def by_module(picture: Picture, depth: int) -> Picture:
    """Return a picture with one box for each module `depth` levels down.

    Outputs stay visible, outside their modules.

    Example:
        >>> from autograd.drawing.picture import picture_of
        >>> import nn
        >>> folded = by_module(picture_of(nn.MLP(2, [3, 1], seed=0), [1.0, 2.0]), 0)
        >>> [node.name for node in folded.nodes if node.kind == "module"]
        ['layers.0', 'layers.1']
    """

    def whole(node: Node) -> Group:
        levels = [n for n, part in enumerate(node.group) if opens(part, picture)]
        return node.group[: levels[depth] + 1] if len(levels) > depth else ()

    return in_boxes(picture, whole)


def in_boxes(picture: Picture, whole: Callable[[Node], Group]) -> Picture:
    """Return a picture with a box for each group of nodes; `whole` says which one a node is in."""
    members: dict[Group, list[Node]] = {}  # by the path of the module they are in
    for node in picture.nodes:
        if path := whole(node):
            members.setdefault(path, []).append(node)
    first = 1 + sum(node.kind == "module" for node in picture.nodes)
    home = {node.key: f"m{n}" for n, row in enumerate(members.values(), first) for node in row}
    paths = {row[-1].key: path for path, row in members.items()}  # a box stands where its last does

    def handed_on(node: Node) -> list[tuple[str, str]]:
        return [*dict.fromkeys((home.get(key, key), frame) for key, frame in node.later)]

    leaving = set(picture.outputs)
    for node in picture.nodes:
        leaving.update(key for key in node.sources if home.get(key) != home.get(node.key))

    nodes = []
    for node in picture.nodes:
        if node.key not in home:
            sources = [home.get(key, key) for key in node.sources]
            nodes.append(replace(node, sources=sources, later=handed_on(node)))
        elif node.key in paths:
            path = paths[node.key]
            nodes.append(module_box(home[node.key], path, members[path], leaving, picture))
            took = (home.get(key, key) for member in members[path] for key in member.sources)
            nodes[-1].sources = [key for key in dict.fromkeys(took) if key != home[node.key]]
            handed = dict.fromkeys(told for member in members[path] for told in handed_on(member))
            own = home[node.key]
            nodes[-1].later = [told for told in handed if told[0] != own or told[1] in path[:-1]]
            for output in members[path]:
                if output.key in picture.outputs:
                    nodes.append(replace(output, op=None, sources=[home[node.key]], group=()))
    return replace(picture, nodes=nodes)


def readable(picture: Picture) -> Picture:
    """Return a picture with as many levels of modules open as keep it readable, and a note on it.

    Example:
        >>> from autograd.drawing.picture import picture_of
        >>> import nn
        >>> small = nn.MLP(9, [8, 7], seed=0)
        >>> large = nn.MLP(20, range(19, 5, -1), seed=0)
        >>> for model, size in (small, 9), (large, 20):
        ...     folded = readable(picture_of(model, [1.0] * size))
        ...     print(f"{len(folded.nodes)} {folded.note}".strip())
        19
        35 modules are folded: depth=1 opens them
    """
    if len(picture.nodes) <= READABLE:
        return picture
    parts = {part for node in picture.nodes for part in node.group}
    if all(module_of(part, picture) is None for part in parts):
        return picture  # a backward pass alone stays open
    levels = max(sum(opens(part, picture) for part in node.group) for node in picture.nodes)
    for depth in reversed(range(levels)):
        picture_then = by_module(picture, depth)
        if len(picture_then.nodes) <= READABLE or not depth:
            note = f"modules are folded: depth={levels} opens them"
            return replace(picture_then, note=". ".join(filter(None, [picture.note, note])))
    return picture


def unchanged_folded(picture: Picture) -> Picture:
    """Return the picture of a comparison with a box for each module in which all is the same.

    A picture that can be read as it is stays as it is.
    """
    if len(picture.nodes) <= READABLE:
        return picture
    changed = {
        node.group[:n]
        for node in picture.nodes
        for n in range(len(node.group) + 1)
        if any(x.change for x in node.covers or [node])
    }

    def whole(node: Node) -> Group:
        ends = (n for n, part in enumerate(node.group, 1) if opens(part, picture))
        return next((node.group[:n] for n in ends if node.group[:n] not in changed), ())

    return in_boxes(picture, whole)


def module_box(
    key: str, path: Group, members: list[Node], leaving: set[str], picture: Picture
) -> Node:
    """Return the box of a folded module, without its sources."""
    said = about(path, members, output_shapes(members, leaving), picture)
    covers = [covered for node in members for covered in node.covers or [node]]
    return Node(key, None, "\n".join(said), title(path[-1]), "module", None, [], path[:-1], covers)


def about(path: Group, members: list[Node], given: list[str], picture: Picture) -> list[str]:
    """Return what is said of a module: its class and shapes, its size, what it costs.

    Args:
        path: the group of the module.
        members: the nodes in it.
        given: the shapes of what leaves it, which serve if its call was not seen.
        picture: where it is.
    """
    module, times = module_of(path[-1], picture), prod(map(turns, path))
    every = [x for node in members for x in node.covers or [node] if x.op is not None]
    ops = len(every) // times
    each = " each" if turns(path[-1]) > 1 else ""
    sizes = (0, 0) if module is None else sizes_of_parameters(module)
    words = [f"{ops:,} op{'s' * (ops != 1)}"] if ops else []
    words += [parameters_in_words(*sizes)] if sizes[0] else []
    done, size = (n // times for n in cost(x.value for x in every if x.value is not None))
    taken, given = picture.shapes.get(path[-1], ([], given))
    kind = [] if module is None else [type(module).__name__]
    lines = [" ".join([*kind, way(taken, given)]).strip() + call_of(path[-1], picture)]
    costs = [cost_in_words(done, size)] if size else []
    rows = [words, costs] if sizes[0] or done else [words + costs]
    return lines + [", ".join(row) + each for row in rows if row]


def call_of(part: str, picture: Picture) -> str:
    """Return which call of a module this is, if it was called several times."""
    calls = [path for path in picture.shapes if of_any_call(path) == of_any_call(part)]
    if "\n" in part or len(calls) < 2:
        return ""
    return f", call {calls.index(part) + 1} of {len(calls)}"


def module_of(part: str, picture: Picture) -> Any:
    """Return the module that a part of a group is about, None for the frame of a loop."""
    return picture.modules.get(part if "\n" in part else of_any_call(part))


def opens(part: str, picture: Picture) -> bool:
    """Whether a part of a group is a level of `depth`: a module or a backward pass."""
    return is_pass(part) or module_of(part, picture) is not None


def output_shapes(members: list[Node], leaving: set[str]) -> list[str]:
    """Return the shapes of the outputs of a folded module."""
    return [lengths(x.number) or "1" for x in members if x.key in leaving and x.op is not None]


def with_leaves_at_hand(picture: Picture) -> Picture:
    """Return a picture that repeats the name of a leaf with many users next to each of them.

    What is not drawn counts as a leaf.

    Lines from one place to everywhere are hard to follow, and take Graphviz minutes.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> import numpy as np
        >>> w = y = Value(1.0, name="w")
        >>> for _ in range(9):
        ...     y = np.sin(y) * w
        >>> [node.name for node in with_leaves_at_hand(picture_of(y)).nodes if not node.sources]
        ['w', 'w', 'w', 'w', 'w', 'w', 'w', 'w', 'w', 'w']
    """
    users = Counter(key for node in picture.nodes for key in dict.fromkeys(node.sources))
    many = {
        node.key: "…" if node.kind == "more" else node.name or short(node.number)
        for node in picture.nodes
        if users[node.key] > MANY and node.kind in ("input", "parameter", "constant", "more")
    }
    if not many:
        return picture
    met: set[str] = set()
    nodes = []
    for node in picture.nodes:
        again = {key: f"{key}for{node.key}" for key in node.sources if key in many and key in met}
        met.update(node.sources)
        nodes += [
            Node(copy, None, None, many[key], "again", None, [], node.group)
            for key, copy in again.items()
        ]
        nodes.append(replace(node, sources=[again.get(key, key) for key in node.sources]))
    return replace(picture, nodes=nodes)
