"""Source: the lines of the program that made the nodes of a picture."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from autograd.drawing.picture import Node, Picture
from autograd.graphs.lines import lines_of, shown_file

FEW = 3  # lines of one file that are listed one by one


def with_lines(picture: Picture) -> Picture:
    """Return a picture whose nodes know the lines that made them, as far as these were noted.

    Example:
        >>> from autograd.drawing.picture import picture_of
        >>> def double(x):
        ...     return 2 * x
        >>> picture = with_lines(picture_of(double, 3.0))
        >>> picture["n2"].line.text.strip()
        'return 2 * x'
    """
    values = [node.value for node in picture.nodes if node.value is not None]
    lines = lines_of(values, picture.noted)
    nodes = [
        node if node.value is None else replace(node, line=lines.get(node.value.serial))
        for node in picture.nodes
    ]
    return replace(picture, nodes=nodes)


def needed(picture: Picture) -> Picture:
    """Return a picture whose nodes know their lines.

    Raises:
        ValueError: none of them is known.
    """
    found = with_lines(picture)
    if not any(node.line for node in found.nodes):
        raise ValueError(
            "make the graph inside `with autograd.debug():`, or give draw the function and its "
            "inputs, draw(f, x): lines of the program are noted there only, and source=True needs "
            "at least one"
        )
    return found


def lines_in_words(node: Node) -> str:
    """Return the lines that made a node, or all that a box stands for: "train.py:12, 15"."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for here in (x.line for x in node.covers or [node]):
        if here is not None and here.number not in numbers[shown_file(here.file)]:
            numbers[shown_file(here.file)].append(here.number)
    return ", ".join(f"{file}:{several(found)}" for file, found in numbers.items())


def several(numbers: list[int]) -> str:
    """Return a few numbers as text, of many the smallest and the largest."""
    if len(numbers) > FEW:
        return f"{min(numbers)} … {max(numbers)}"
    return ", ".join(map(str, sorted(numbers)))
