"""Looks: what two nodes must have in common for one to be drawn in place of the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from functools import lru_cache
from inspect import signature
from typing import Any

import numpy as np

from autograd.drawing.grouping import of_any_call
from autograd.drawing.picture import Node, Picture, is_operand
from autograd.graphs.costs import sizes_of_parameters

COMPARED = 1000  # entries of an array among an op's settings; of a larger one, the array itself


def looks_of(picture: Picture) -> dict[str, Hashable]:
    """Return the look of each node by key: two that differ in it never stand for each other.

    These are the kind, name and shape of a leaf, and the op, settings, shape, dtype and modules of
    a computed node; in a comparison also what became of it. Numbers in names may differ, and so may
    the numbers that are computed with, and the entries that an index picks.
    """
    built = {
        path: (type(m).__name__, *sizes_of_parameters(m)) for path, m in picture.modules.items()
    }

    @lru_cache(None)
    def place(group: tuple[str, ...]) -> Hashable:
        return tuple((numberless(path), built.get(of_any_call(path))) for path in group)

    def own_look(node: Node) -> Hashable:
        if node.op is None or node.value is None:
            return node.kind, numberless(node.name), np.shape(node.number)
        value = node.value
        return node.op.name, settings(node), value.shape, value.dtype, place(node.group)

    return {
        node.key: (node.change.mark if node.change else "", own_look(node))
        for node in picture.nodes
    }


def settings(node: Node) -> tuple:
    """Return the axes, shapes and options of an op; of an index, only that there is one."""
    return (
        len(node.sources),
        *(
            (name, None if place == node.op.index else fixed(x))
            for place, name, x in arguments(node)
        ),
    )


def arguments(node: Node) -> list[tuple[int | None, str, Any]]:
    """Return the place, name and value of each argument of an op that is no box of its own."""
    op, value = node.op, node.value
    if value is None or (len(node.sources) == len(value.parents) and not value.params):
        return []
    given: list[tuple[int | None, str, Any]] = [
        (place, parameter_name(op.forward, place), arg)
        for place, (parent, arg) in enumerate(zip(value.parents, value.args, strict=True))
        if parent is None and not is_operand(op, place, arg)
    ]
    return given + [(None, name, x) for name, x in value.params.items()]


@lru_cache  # not `cache`, which would keep every function that a loop makes an op from
def parameter_name(f: Callable[..., Any], place: int) -> str:
    """Return the name of a parameter, "" if the function has no signature."""
    try:
        return list(signature(f).parameters)[place]
    except (ValueError, IndexError):
        return ""


def fixed(x: Any) -> Hashable:
    """Return something that equals that of another object only if both are the same setting."""
    if isinstance(x, np.ndarray):
        return (x.shape, x.dtype.str, x.tobytes() if x.size <= COMPARED else id(x))
    if isinstance(x, (tuple, list)):
        return tuple(map(fixed, x))
    if isinstance(x, dict):
        return tuple((key, fixed(part)) for key, part in x.items())
    return (type(x), x) if isinstance(x, Hashable) and not isinstance(x, slice) else repr(x)


@lru_cache(10_000)
def numberless(name: str) -> str:
    """Return a name without numbers, so that "layers.1" and "layers.2" look the same."""
    return re.sub(r"\d+", "#", of_any_call(name))
