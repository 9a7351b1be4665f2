"""Changes: two pictures as one, in which each node knows what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import Any

import numpy as np

from autograd.drawing.colours import range_in_words, raw_gradient, size_in_words
from autograd.drawing.labels import own_label
from autograd.drawing.pairing import Pairing, inner_path, leaf
from autograd.drawing.picture import Node, Picture
from autograd.engine.silence import silence
from autograd.notation.names import lengths, short

ELSEWHERE, IN_ANOTHER_ORDER = "takes something else", "takes its arguments in another order"
PERCENT = 1e-3  # from this share on, differences are written in percent


@dataclass(frozen=True)
class Change:
    """What became of a node.

    Attributes:
        mark: "new", "gone" or "different".
        words: how it differs.
        size: how far the numbers are apart, as a share of the largest of them.
        slope: the same of the gradients.
        gone: the keys of what it took before and takes no longer.
    """

    mark: str
    words: tuple[str, ...] = ()
    size: float = 0.0
    slope: float = 0.0
    gone: frozenset[str] = frozenset()


def changed_picture(
    before: Picture,
    after: Picture,
    gradients: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {}),
    tolerance: float = 0.0,
) -> tuple[Picture, dict[str, str]]:
    """Return the picture after, with what is gone in it, and the keys of all nodes before.

    Args:
        before, after: pictures of two graphs.
        gradients: of each, the gradients by key.
        tolerance: up to which share of the largest number differences are none.
    """
    pairing = Pairing(before, after)
    keys = {
        one.key: other.key if other is not None else f"was{one.key}"
        for one, other in pairing.order
        if one is not None
    }
    nodes = []
    for one, other in pairing.order:
        if other is None and one is not None:
            sources = [keys[key] for key in one.sources]
            change = Change("gone")
            nodes.append(replace(one, key=keys[one.key], sources=sources, change=change))
        elif other is not None:
            found = Change("new") if one is None else None
            sources = list(other.sources)
            if one is not None:
                slopes = gradients[0].get(one.key), gradients[1].get(other.key)
                found = change_of(one, other, keys, slopes, tolerance)
                sources += sorted(found.gone) if found else []
            nodes.append(replace(other, sources=sources, change=found))
    merged = replace(after, nodes=nodes, modules=before.modules | after.modules)
    merged.shapes = before.shapes | after.shapes
    return merged, keys


def change_of(
    one: Node, other: Node, keys: Mapping[str, str], slopes: tuple, tolerance: float
) -> Change | None:
    """Return how a node differs from its partner before, None if it does not."""
    words = []
    if one.op is not None and other.op is not None and own_label(one) != own_label(other):
        words.append(f"was {own_label(one)}")
    if leaf(other) and one.name and other.name and inner_path(one) != inner_path(other):
        words.append(f"was {one.name}")
    if one.kind != other.kind and {one.kind, other.kind} != {"computed", "output"}:
        words.append(f"was {one.kind}")
    was = np.asarray(one.number), np.asarray(other.number)
    if was[0].dtype != was[1].dtype:
        words.append(f"was {was[0].dtype}")
    size = slope = 0.0
    if was[0].shape != was[1].shape:
        words.append(f"was {lengths(was[0]) or 'a number'}")
    else:
        size = apart(*was)
        words += [difference_in_words(was[0], was[1], size)] if size > tolerance else []
        slope = 0.0 if any(g is None for g in slopes) else apart(*map(raw_gradient, slopes))
        words += (
            [f"grad {difference_in_words(slopes[0], slopes[1], slope)}"]
            if slope > tolerance
            else []
        )
    took = [keys[key] for key in one.sources]
    if took != other.sources:
        words.append(IN_ANOTHER_ORDER if set(took) == set(other.sources) else ELSEWHERE)
    if not words:
        return None
    gone = frozenset(took) - set(other.sources)
    return Change("different", tuple(words), size, slope, gone)


def apart(x: Any, y: Any) -> float:
    """Return how far two arrays of a shape are apart, as a share of the largest entry of both.

    Example:
        >>> apart([2.0, 4.0], [3.0, 4.0]), apart([np.nan, 1.0], [np.nan, 1.0]), apart(0.0, np.nan)
        (0.25, 0.0, inf)
    """
    x, y = np.asarray(x), np.asarray(y)
    wide = complex if "c" in (x.dtype.kind, y.dtype.kind) else float
    x, y = x.astype(wide), y.astype(wide)
    with silence():
        same = (x == y) | ((x != x) & (y != y))
        if same.all():
            return 0.0
        if not (np.isfinite(x[~same]).all() and np.isfinite(y[~same]).all()):
            return inf
        largest = max(np.max(np.abs(z), initial=0.0, where=np.isfinite(z)) for z in (x, y))
        return float(np.max(np.abs(x[~same] / largest - y[~same] / largest)))


def difference_in_words(x: Any, y: Any, size: float) -> str:
    """Return what a number was, or how far the entries of an array are from what they were."""
    x, y = np.asarray(raw_gradient(x)), np.asarray(raw_gradient(y))
    if x.ndim == 0:
        return f"was {short(x)}, {share(size)}" if isfinite(size) else f"was {short(x)}"
    if not isfinite(size):
        odd = [int(np.sum(~np.isfinite(z))) for z in (x, y)]
        return f"{odd[1]:,} entries are NaN or infinite, {odd[0]:,} were"
    return f"by up to {share(size)}"


def share(size: float) -> str:
    """Return a share in words.

    Example:
        >>> share(0.0625), share(3e-8), share(2.0)
        ('6.25 %', '3e-8 of it', '200 %')
    """
    return f"{100 * size:.3g} %" if size >= PERCENT else f"{size_in_words(size)} of it"


def changes_of(node: Node) -> list[Change]:
    """Return the changes of all nodes that a box stands for."""
    return [x.change for x in node.covers or [node] if x.change is not None]


def mark_of(node: Node) -> str:
    """Return the mark of a box, "" for the same; "different" if it stands for several marks."""
    marks = {x.change.mark if x.change else "" for x in node.covers or [node]}
    return marks.pop() if len(marks) == 1 else "different"


def change_in_words(node: Node) -> str:
    """Return what became of a node, or of all that a box stands for; "" if it is the same."""
    found = changes_of(node)
    if not found:
        return ""
    if node.kind in ("module", "more"):
        return counts_in_words([x.change for x in node.covers])
    mark = mark_of(node)
    if mark != "different":
        return mark
    if len(found) == 1:
        return ", ".join(found[0].words)
    words = [word for word in found[0].words if all(word in x.words for x in found)]
    sizes = [x.size for x in found if x.size]
    words += [f"by up to {range_in_words(sizes)} of it"] if sizes and not words else []
    slopes = [x.slope for x in found if x.slope]
    words += [f"grad by up to {range_in_words(slopes)} of it"] if slopes else []
    return ", ".join(words) or "different"


def counts_in_words(changes: Sequence[Change | None]) -> str:
    """Return how many nodes are the same, different, new and gone.

    Example:
        >>> counts_in_words([None, None, Change("new"), Change("gone")])
        '2 the same, 1 new, 1 gone'
    """
    marks = [change.mark if change else "the same" for change in changes]
    kinds = ("the same", "different", "new", "gone")
    return ", ".join(f"{marks.count(kind):,} {kind}" for kind in kinds if kind in marks)
