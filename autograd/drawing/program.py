"""Program: a picture as lines of code, one for each op, in the order in which they ran."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import numpy as np

from autograd.drawing.grouping import title
from autograd.drawing.picture import Node, Picture
from autograd.drawing.scene import shapeless
from autograd.drawing.source import lines_in_words
from autograd.notation.formulas import definition
from autograd.notation.names import lengths, short

WIDEST = 50  # what is longer than this shifts only its own comment


def program(picture: Picture) -> str:
    """Return a picture as a program: a line for each leaf and op, with its shape and where it is.

    What has no name is called v1, v2 and so on, and single numbers that are constants stand in the
    lines of their ops. An op in a loop is written as in the first turn and as in the last.

    Example:
        >>> import numpy as np
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> x = Value(np.ones((2, 6)), name="x")
        >>> print(program(picture_of(np.sum(2 * x[:, 1:3], axis=0))))
        x   2×6  input
        v1  2×2  = x[:, 1:3]
        v2  2×2  = 2·v1
        v3  2    = sum(v2, axis=0)
        return v3
    """
    rows = rows_of(picture)
    names = {node.key: row[0] for node, row in rows}
    widths = [max((len(row[i]) for _, row in rows), default=0) for i in range(3)]
    widths[2] = min(widths[2], WIDEST)
    lines = ["  ".join([*map(str.ljust, row, widths), place(node)]).rstrip() for node, row in rows]
    return "\n".join([*lines, f"return {', '.join(names[key] for key in picture.outputs)}"])


def rows_of(
    picture: Picture, others: Mapping[int, str] | None = None
) -> list[tuple[Node, tuple[str, str, str]]]:
    """Return the name, shape and definition of each node that has a line of its own.

    Args:
        picture: the nodes.
        others: keys of nodes by the serials of further Values that they stand for.
    """
    names = names_of(picture)
    called: dict[int, str] = {}
    home: dict[str, str] = {}
    for node in picture.nodes:
        for x in (node, *node.covers):
            home[x.key] = names[node.key]
            if x.value is not None:
                called[x.value.serial] = names[node.key]
    for serial, key in (others or {}).items():
        if key in home:
            called.setdefault(serial, home[key])
    return [
        (node, (names[node.key], shape_of(node), said_in_code(node, picture, names, called)))
        for node in picture.nodes
        if node.value is not None or node.kind in ("module", "more") or is_listed(node)
    ]


def names_of(picture: Picture) -> dict[str, str]:
    """Return what to call each node, all differently."""
    names: dict[str, str] = {}
    used: Counter[str] = Counter()
    numbered: Counter[str] = Counter()
    for node in picture.nodes:
        name = node.name if node.kind != "module" else ""
        if node.value is None and node.kind == "constant" and not is_listed(node):
            names[node.key] = short(node.number)
            continue
        if not name:
            letter = "c" if node.kind == "constant" else "v"
            numbered[letter] += 1
            name = f"{letter}{numbered[letter]}"
        used[name] += 1
        names[node.key] = f"{name} ({used[name]})" if used[name] > 1 else name
    return names


def is_listed(node: Node) -> bool:
    """Whether a node is a constant with a line of its own: a long array, or one for many turns."""
    numbers = [x.number for x in node.covers or [node]]
    several = any(not np.array_equal(x, numbers[0]) for x in numbers)
    long = np.ndim(node.number) > 0 and not short(node.number).endswith("]")
    return node.value is None and node.kind == "constant" and (several or long)


def shape_of(node: Node) -> str:
    """Return the shape of a node, "" for a number or a box of several things."""
    return "" if node.value is None and not is_listed(node) else lengths(node.number)


def said_in_code(
    node: Node, picture: Picture, names: dict[str, str], called: dict[int, str]
) -> str:
    """Return what a node is: an op with its arguments, a module's call, or a kind of leaf."""
    if node.kind == "more":
        return ""
    taken = ", ".join(names[key] for key in node.sources if picture[key].kind != "parameter")
    if node.kind == "module":
        taken += "".join(f", then {names[key]}" for key, _ in node.later)
        return f"= {node.name}({taken})  # {', '.join(node.number.splitlines())}"
    if is_listed(node):
        return f"constant, {shapeless([x.number for x in node.covers or [node]])}"
    if node.op is None or node.value is None:
        return f"= {taken}" if node.sources else node.kind
    ends = [node.value, node.covers[-1].value if node.covers else None]
    listed = [key for key in node.sources if is_listed(picture[key])]
    places = {int(key.rpartition("c")[2]): names[key] for key in listed}
    said = [definition(x, called, places=places) for x in ends if x is not None]
    text = " … ".join(dict.fromkeys(said))
    for name in {names[key] for key in node.sources if picture[key].covers}:
        text = re.sub(rf"({(row := re.escape(name))})(, {row})+", r"\1", text)
    return f"= {text}"


def place(node: Node) -> str:
    """Return the modules and loops around a node, and the lines that made it."""
    around = map(title, node.group) if node.op is not None else ()
    said = ", ".join(filter(None, [*around, lines_in_words(node)]))
    return f"# {said}" if said else ""
