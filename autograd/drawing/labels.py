"""Labels: an op's symbol with its axes, indices, shapes and options, as in code."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.drawing.looks import arguments
from autograd.drawing.picture import Node
from autograd.notation.names import lengths, visible

LONGEST_LABEL = 28  # of a longer one the end is only in the tooltip
LISTED = 3  # how many numbers of an index are written one by one
INDEX = "[·]"  # the symbol of an op that takes entries
# Options that change nothing, and need not be written.
PLAIN: dict[str, Any] = {
    "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "ddof": 0, "order": "K",
}  # fmt: skip


def label_of(node: Node) -> str:
    """Return what stands in the circle of an op; for several nodes in one box, what they share.

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> x = Value(np.ones((3, 8)))
        >>> y = np.sum(x[:, 4:8].reshape(2, 6), axis=1)
        >>> [label_of(node) for node in picture_of(y).nodes[1:]]
        ['[:, 4:8]', 'reshape → 2×6', 'Σ axis=1']
    """
    labels = dict.fromkeys(map(own_label, node.covers or [node]))
    if len(labels) == 1:
        return next(iter(labels))
    ends = f"{next(iter(labels))} … {next(reversed(labels))}"
    return ends if len(ends) <= LONGEST_LABEL else node.op.symbol


def own_label(node: Node) -> str:
    """Return the label of the op of one node."""
    symbol, words = node.op.symbol, []
    for place, name, x in arguments(node):
        if place is not None and place == node.op.index:
            index = index_in_words(x)
            words += [] if INDEX in symbol else [f"[{index}]"]
            symbol = symbol.replace(INDEX, f"[{index}]")
        else:
            words += argument_in_words(name, x, node)
    for count in range(len(words), -1, -1):
        said = words[:count] + ["…"] * (count < len(words))
        label = " ".join([symbol, ", ".join(said)]).strip()
        if len(label) <= LONGEST_LABEL:
            return label
    return node.op.symbol


def argument_in_words(name: str, x: Any, node: Node) -> list[str]:
    """Return what to write for an argument that is no box of its own, nothing if it is plain."""
    x = simplest(x)
    if x is None or x is False or PLAIN.get(name) == x:
        return []
    if name == "shape":
        return [f"→ {lengths(node.number) or '1'}"]
    if name == "subscripts" or len(name) < 2 or name.startswith(node.op.symbol):
        return [visible(x)]
    if isinstance(x, (type, np.dtype)):
        return [np.dtype(x).name]
    return [name if x is True else f"{name}={visible(repr(x))}"]


def simplest(x: Any) -> Any:
    """Return a number for a sequence or an array of equal numbers, such as 2 for (2, 2).

    Other arrays become lists.
    """
    if isinstance(x, (np.ndarray, tuple, list)):
        try:
            numbers = np.asarray(x)
        except ValueError:  # of different lengths
            return x
        if numbers.size and numbers.dtype.kind in "iuf" and (numbers == numbers.flat[0]).all():
            return numbers.flat[0].item()
    return x.tolist() if isinstance(x, np.ndarray) else x


def index_in_words(index: Any) -> str:
    """Return an index as in code, arrays in it as their shape.

    Example:
        >>> index_in_words((slice(None), slice(4, 8))), index_in_words((..., 0, None))
        (':, 4:8', '..., 0, None')
        >>> index_in_words(np.array([2, 0])), index_in_words(np.ones((2, 9), bool))
        ('[2, 0]', '2×9 bools')
    """
    if isinstance(index, tuple):
        return ", ".join(map(index_in_words, index))
    if isinstance(index, slice):
        ends = ["" if x is None else str(x) for x in (index.start, index.stop)]
        return ":".join([*ends, str(index.step)] if index.step is not None else ends)
    if index is Ellipsis:
        return "..."
    if isinstance(index, (list, np.ndarray)) and np.ndim(index):
        some = np.asarray(index)
        if some.ndim == 1 and some.size <= LISTED and some.dtype.kind != "b":
            return str(some.tolist())
        return f"{lengths(some)} {'bools' if some.dtype.kind == 'b' else 'ints'}"
    return str(index)
