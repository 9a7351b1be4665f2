"""Returned: what a compiled function gives back, in the containers and types of the function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy import asarray, ndarray

from autograd.compiling.node import Node
from autograd.compiling.reading import numbers
from autograd.engine.trees import filled, leaves
from autograd.engine.unreached import UNRECORDED
from autograd.engine.value import Value, leaf


def pairs_of(recorded: Any, result: Any) -> list[tuple[Any, Any]] | None:
    """Return each leaf of a recorded result with that of a result of the function itself.

    Return None if they are not in the same places.
    """
    ours, its = list(leaves(recorded)), list(leaves(result))
    if [path for path, _ in ours] != [path for path, _ in its]:
        return None
    return [(x, y) for (_, x), (_, y) in zip(ours, its, strict=True)]


def numbers_in(y: Any) -> Any:
    """Return the numbers that a function gave: those of a Value, and one number as such."""
    y = numbers(y)
    return y[()] if isinstance(y, ndarray) and not y.ndim else y


def given_back(recorded: Any, results: list[Any], kinds: list[Any]) -> Any:
    """Return a recorded result with numbers in place of its nodes.

    Args:
        recorded: what the function returned while it was recorded, with nodes.
        results: the numbers of these nodes.
        kinds: the types in which the function itself gives them.
    """
    shown = list(map(as_given, results, kinds))
    if isinstance(recorded, Node):
        return shown[0]
    new = iter(shown)
    found = [next(new) if isinstance(y, Node) else fresh(y) for _, y in leaves(recorded)]
    return filled(recorded, iter(found))


def as_given(x: Any, kind: Any) -> Any:
    """Return a number or an array in the type in which the function gives it."""
    if type(x) is kind:
        return x
    if issubclass(kind, Value):
        return leaf(x, None, UNRECORDED)
    return asarray(x) if issubclass(kind, ndarray) else kind(x)


def fresh(y: Any) -> Any:
    """Return a constant among the results; an array as a copy."""
    return y.copy() if type(y) is ndarray else y


def written(recorded: Any, found: Callable[[], str], known: Callable[[Any], str]) -> str | None:
    """Return an expression for a result; None if it is more than plain containers of numbers.

    Args:
        recorded: as in `given_back`.
        found: returns what stands for the next node.
        known: returns a name for a constant.
    """
    if isinstance(recorded, Node):
        return found()
    kind = type(recorded)
    if kind not in (tuple, list, dict):
        plain = isinstance(recorded, (float, int, str, type(None)))
        return known(recorded) if plain else None
    things = recorded.values() if kind is dict else recorded
    parts = [x for x in (written(thing, found, known) for thing in things) if x is not None]
    if len(parts) < len(recorded):
        return None
    if kind is dict:
        entries = [f"{known(key)}: {x}" for key, x in zip(recorded, parts, strict=True)]
        return f"{{{', '.join(entries)}}}"
    first, last = "()" if kind is tuple else "[]"
    return f"{first}{''.join(f'{x}, ' for x in parts)}{last}"
