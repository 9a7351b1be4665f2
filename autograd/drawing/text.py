"""Text: a picture as an indented tree, from the results down to what they depend on."""

from __future__ import annotations

from collections import Counter
from textwrap import wrap
from typing import Any

from autograd.drawing.grouping import Group, title
from autograd.drawing.labels import label_of
from autograd.drawing.picture import Node, Picture
from autograd.drawing.scene import Options, lines
from autograd.graphs.membership import shared

DEEPEST = 20  # levels that are indented; deeper ones are numbered
COLUMNS = 80  # of a terminal; longer lines are continued further to the right


def tree(picture: Picture, gradients: dict[str, Any], options: Options) -> str:
    """Return a picture as lines of text; a node that is used again is written "as above".

    Example:
        >>> from autograd import Value
        >>> from autograd.drawing.picture import picture_of
        >>> x = Value(3.0, name="x")
        >>> print(tree(picture_of(x * x + 1.0), {}, Options()))
        + 10
          × 9
            x = 3  (input)
            x, as above
          1
    """
    uses = Counter(key for node in picture.nodes for key in taken(node))
    waiting: list[tuple[str, int, Group, str]]
    waiting = [(key, 0, (), "") for key in reversed(picture.outputs)]
    met: set[str] = set()
    written = []
    while waiting:
        key, depth, around, when = waiting.pop()
        node = picture[key]
        indent = "  " * depth if depth <= DEEPEST else "  " * DEEPEST + f"[{depth}] "
        again = key in met
        tag = f" #{key[1:]}" if uses[key] > 1 and not node.name and node.op is not None else ""
        if again:
            written.append(f"{indent}{node.name or sign_of(node) + tag}, {when or 'as above'}")
            continue
        met.add(key)
        said = said_of(node, tag, gradients, options)
        place = ", ".join(map(title, node.group[len(shared(node.group[:-1], around)) :]))
        place = "" if node.group == around else place
        said += f"  [{place}]" if place else ""
        written += wrapped(indent, f"{said}  ({when})" if when else said)
        for n, source in reversed([*enumerate(taken(node))]):
            later = "in later turns" if n >= len(node.sources) else ""
            waiting.append((source, depth + 1, node.group, later))
    return "\n".join(written)


def taken(node: Node) -> list[str]:
    """Return the keys of what a node takes, in later turns of a loop, too."""
    return [*node.sources, *(key for key, _ in node.later)]


def wrapped(indent: str, text: str) -> list[str]:
    """Return a text as lines that fit a terminal.

    Example:
        >>> print(*wrapped("    ", "a module of this class, " * 4 + "and so on"), sep="\\n")
            a module of this class, a module of this class, a module of this class, a
                module of this class, and so on
    """
    return wrap(
        text,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=f"{' ' * len(indent)}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def sign_of(node: Node) -> str:
    """Return the label of a node's op, or its kind if it has none."""
    return label_of(node) if node.op is not None else node.kind


def said_of(node: Node, tag: str, gradients: dict[str, Any], options: Options) -> str:
    """Return one line of the tree without its indent."""
    roles = dict(lines(node, gradients, options))
    name, value = roles.get("name", ""), roles.get("value", "")
    if node.kind == "module":
        about = ", ".join(node.number.split("\n"))
        return f"{name}: {about}" + (f"  {roles['gradient']}" if "gradient" in roles else "")
    text = f"{name} = {value}" if name and value else name or value
    text = f"{label_of(node)}{tag} {text}" if node.op is not None else text
    kind = f"  ({node.kind})" if node.kind in ("input", "parameter") else ""
    more = [roles[role] for role in ("gradient", "source") if role in roles]
    return "  ".join([text + kind or node.kind, *more])
