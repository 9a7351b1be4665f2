"""Nearness: of a picture that is too large, what is nearest to the result."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from heapq import heappop, heappush

from autograd.drawing.picture import Node, Picture

READABLE = 60  # so many boxes can be read, however they hang together
FAR = 300  # so many if few lines run beside each other
FEW_LINES = 5  # beside each other; a chain has one, a network with four skip connections has five


def readable_part(picture: Picture) -> Picture:
    """Return what is nearest to the result if a picture is large, and a note on the rest.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> products = [Value(float(i)) * i for i in range(50)]
        >>> part = readable_part(picture_of(sum(products)))
        >>> print(len(part.nodes), part.note)
        61 the 60 boxes nearest to the result, of 201: limit=None draws all
    """
    return near_the_result(picture, READABLE if lines_beside(picture) > FEW_LINES else FAR)


def near_the_result(picture: Picture, most: int) -> Picture:
    """Return a picture of at most so many nodes, with a note on the rest if there is one."""
    if len(picture.nodes) <= most:
        return picture
    boxes = len(picture.nodes)
    note = f"the {most} boxes nearest to the result, of {boxes:,}: limit=None draws all"
    return replace(nearest(picture, most), note=". ".join(filter(None, [picture.note, note])))


def lines_beside(picture: Picture) -> int:
    """Return how many computed nodes wait for a later use at once, where these are most.

    It is the number of lines that run beside each other if the nodes are drawn in order: 1 in a
    chain, and many in a graph that nobody can follow.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> x = Value(1.0) * 2.0
        >>> lines_beside(picture_of(x * 2.0 * 2.0)), lines_beside(picture_of(x * 2.0 * x))
        (1, 2)
    """
    last = {key: node.key for node in picture.nodes for key in node.sources if picture[key].sources}
    ends = Counter(last.values())
    waiting = most = 0
    for node in picture.nodes:
        waiting += (node.key in last) - ends[node.key]
        most = max(most, waiting)
    return most


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
    drawn = {x.key for key in kept for x in picture[key].covers or [picture[key]]}
    others = [x for node in picture.nodes for x in node.covers or [node] if x.key not in drawn]
    hidden = list({node.key: node for node in others}.values())
    if not hidden:
        return picture
    more = Node("more", None, None, f"… {len(hidden):,} more", "more", None, [], covers=hidden)
    nodes = [
        replace(
            node,
            sources=[key if key in kept else "more" for key in node.sources],
            later=[told for told in node.later if told[0] in kept],
        )
        for node in picture.nodes
        if node.key in kept
    ]
    outputs = [key for key in picture.outputs if key in kept]
    return replace(picture, nodes=[more, *nodes], outputs=outputs)
