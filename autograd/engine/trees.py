"""Trees: numbers in nested lists, tuples, named tuples, dicts and dataclasses."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import fields
from typing import Any


def children(tree: Any) -> list[tuple[str, Any]] | None:
    """Return (how to write it, child) for each child of a tree; None for a leaf."""
    if not isinstance(tree, (dict, list, tuple)) and not hasattr(
        type(tree), "__dataclass_fields__"
    ):
        return None
    if isinstance(tree, dict):
        return [(f"[{key!r}]", child) for key, child in tree.items()]
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return [(f".{name}", getattr(tree, name)) for name in tree._fields]
    if isinstance(tree, (list, tuple)):
        return [(f"[{i}]", child) for i, child in enumerate(tree)]
    return [(f".{field.name}", getattr(tree, field.name)) for field in fields(tree)]


def leaves(tree: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (how to write it, leaf) for each leaf of a tree.

    Example:
        >>> list(leaves({"w": [1.0, 2.0], "b": 3.0}, "x"))
        [("x['w'][0]", 1.0), ("x['w'][1]", 2.0), ("x['b']", 3.0)]
    """
    inside = children(tree)
    if inside is None:
        yield name, tree
        return
    for suffix, child in inside:
        yield from leaves(child, name + suffix)


def filled(tree: Any, new: Iterator[Any]) -> Any:
    """Return a tree of the same form, with its leaves taken from `new` in order.

    Example:
        >>> filled({"w": [1.0, 2.0], "b": 3.0}, iter("abc"))
        {'w': ['a', 'b'], 'b': 'c'}
    """
    inside = children(tree)
    if inside is None:
        return next(new)
    parts = [filled(child, new) for _, child in inside]
    if isinstance(tree, dict):
        result = copy(tree)
        result.update(zip(tree, parts, strict=True))
        return result
    if isinstance(tree, (list, tuple)):
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    result = copy(tree)
    for field, part in zip(fields(tree), parts, strict=True):
        object.__setattr__(result, field.name, part)
    return result


def aligned(tree: Any, like: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of `tree` in the order of those of `like`, which must have the same form.

    Raises:
        TypeError: the forms differ.
    """
    wanted, given = children(like), children(tree)
    if wanted is None:
        yield name, tree
        return
    found = dict(given or [])
    if given is None or found.keys() != dict(wanted).keys():
        raise TypeError(
            f"{name} should have the form of the {type(like).__name__} that it belongs to, with "
            f"parts {', '.join(dict(wanted)) or 'none'}; it is of type {type(tree).__name__}, with "
            f"parts {', '.join(found) or 'none'}"
        )
    for suffix, child in wanted:
        yield from aligned(found[suffix], child, name + suffix)
