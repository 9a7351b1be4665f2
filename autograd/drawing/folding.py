"""Folding: make a large picture readable. Each function takes and returns a Picture."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from heapq import heappop, heappush

import numpy as np

from autograd.drawing.grouping import Group, title
from autograd.drawing.picture import Node, Picture
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

    leaving = {
        key
        for node in picture.nodes
        for key in node.sources
        if key in around and around[key] is not around.get(node.key)
    } | set(picture.outputs)

    nodes = []
    for node in picture.nodes:
        box = around.get(node.key)
        if box is None:
            nodes.append(replace(node, sources=[seen(key) for key in node.sources]))
        elif node is members[box.key][-1]:
            took = (seen(key) for member in members[box.key] for key in member.sources)
            box.sources = [key for key in dict.fromkeys(took) if key != box.key]
            each = " each" if "× " in box.name else ""
            box.number = (
                contents(members[box.key]) + each + output_shapes(members[box.key], leaving)
            )
            nodes.append(box)
            for output in members[box.key]:
                if output.key in picture.outputs:
                    nodes.append(replace(output, op=None, sources=[box.key], group=()))
    return Picture(nodes, picture.outputs)


def contents(members: list[Node]) -> str:
    """Return how many ops and parameters a folded module holds, in words."""
    ops = sum(node.op is not None for node in members)
    size = sum(np.size(node.number) for node in members if node.kind == "parameter")
    words = [f"{ops:,} op{'s' * (ops != 1)}"] if ops else []
    return ", ".join(words + ([f"{size:,} parameter{'s' * (size != 1)}"] if size else []))


def output_shapes(members: list[Node], leaving: set[str]) -> str:
    """Return the shapes of the outputs of a folded module, in words."""
    shapes = [lengths(x.number) for x in members if x.key in leaving]
    return " → " + ", ".join(dict.fromkeys(shapes)) if any(shapes) else ""


def nearest(picture: Picture, limit: int) -> Picture:
    """Return a picture of the `limit` nodes nearest to the outputs, and a box for the rest.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> x = Value(2.0)
        >>> small = nearest(picture_of(x * x * x * x), 3)
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


def with_leaves_at_hand(picture: Picture) -> Picture:
    """Return a picture that repeats the name of a leaf with many users next to each of them.

    Lines from one place to everywhere are hard to follow, and take Graphviz minutes.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> w = y = Value(1.0, name="w")
        >>> for _ in range(9):
        ...     y = np.sin(y) * w
        >>> [node.name for node in with_leaves_at_hand(picture_of(y)).nodes if not node.sources]
        ['w', 'w', 'w', 'w', 'w', 'w', 'w', 'w', 'w', 'w']
    """
    users = Counter(key for node in picture.nodes for key in dict.fromkeys(node.sources))
    many = {
        node.key: node.name or short(node.number)
        for node in picture.nodes
        if users[node.key] > MANY and node.kind in ("input", "parameter", "constant")
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
    return Picture(nodes, picture.outputs)
