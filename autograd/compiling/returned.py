"""Returned: what a compiled function gives back, in the containers and types of the function."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from numpy import asarray, dtype, generic, integer, ndarray

from autograd.compiling.node import Node
from autograd.compiling.reading import numbers
from autograd.compiling.recording import is_number
from autograd.engine.each import Each
from autograd.engine.primitive import Primitive
from autograd.engine.protocols import is_finished
from autograd.engine.trees import children, filled, leaves
from autograd.engine.unreached import UNRECORDED
from autograd.engine.value import Value, held, leaf, made_by

# What never changes, and holds no number of a call.
PLAIN = (int, str, bytes, range, dtype, generic)


def pairs_of(recorded: Any, result: Any) -> list[tuple[Any, Any]] | None:
    """Return each leaf of a recorded result with that of a result of the function itself.

    Return None if they are not in the same places of the same containers, or if a container holds
    more than its items, as an object of a subclass of list may.
    """
    ours, its = children(recorded), children(result)
    if ours is None or its is None:
        return [(recorded, result)] if ours is its else None
    if type(recorded) is not type(result) or [x for x, _ in ours] != [x for x, _ in its]:
        return None
    if vars_of(result).keys() - getattr(type(result), "__dataclass_fields__", {}).keys():
        return None
    found: list[tuple[Any, Any]] = []
    for (_, x), (_, y) in zip(ours, its, strict=True):
        pairs = pairs_of(x, y)
        if pairs is None:
            return None
        found += pairs
    return found


def vars_of(thing: Any) -> dict[str, Any]:
    """Return the attributes that an object holds, but for those in slots."""
    return getattr(thing, "__dict__", {})


def paired(recorded: Any, result: Any) -> tuple[list[tuple[Any, Any]], str]:
    """Return `pairs_of`, and why a program cannot return what its function does, "" if it can.

    What is no number must be the very thing that the function returns, or a text and the like. An
    object that the function makes, such as a generator or a set, may hold numbers of its call.
    """
    pairs = pairs_of(recorded, result)
    if pairs is None:
        return [], "it returns now these things, now others"
    for x, y in pairs:
        if x is y or isinstance(x, Node):
            continue
        if type(x) is not type(y) or not (isinstance(x, PLAIN) or is_number(x)):
            what = f"a new {type(y).__name__}, not numbers in tuples, lists, dicts or dataclasses"
            return pairs, f"it returns {what}"
        if not is_number(x) and x != y:
            return pairs, f"it returns now {x!r:.40}, now {y!r:.40}"
    return pairs, ""


def numbers_in(y: Any) -> Any:
    """Return the numbers that a function gave: those of a Value, and one number as such."""
    y = numbers(y)
    return y[()] if isinstance(y, ndarray) and not y.ndim else y


def given_back(recorded: Any, results: list[Any], kinds: list[Any]) -> Any:
    """Return a recorded result with numbers in place of its nodes.

    Args:
        recorded: what the function returned while it was recorded, with nodes.
        results: the numbers of these nodes.
        kinds: `maker_of` what the function itself gives.
    """
    shown = list(map(as_given, results, kinds))
    if isinstance(recorded, Node):
        return shown[0]
    new = iter(shown)
    found = [next(new) if isinstance(y, Node) else fresh(y) for _, y in leaves(recorded)]
    return filled(recorded, iter(found))


def maker_of(y: Any, outside: list[Value]) -> Any:
    """Return what makes a result like `y` of numbers: its type, and for a Value a function.

    Args:
        y: what the function itself gives.
        outside: the Values that the program reads. If `y` has a graph, this may lead to them.
    """
    if not isinstance(y, Value):
        return type(y)
    return unrecorded if is_finished(y) or not outside else partial(cut_off, tuple(outside))


def as_given(x: Any, kind: Any) -> Any:
    """Return a number or an array in the type in which the function gives it.

    An op of the program's own may give now a whole number, now another.
    """
    if type(x) is kind:
        return x
    is_type = isinstance(kind, type)
    if is_type and issubclass(kind, (int, integer)) and isinstance(x, float) and x % 1.0 != 0.0:
        return x
    is_array = is_type and issubclass(kind, ndarray)
    return asarray(x) if is_array else kind(x)


def unrecorded(x: Any) -> Value:
    """Return a Value that has no history, and needs none."""
    return leaf(x, None, UNRECORDED)


def cut_off(outside: tuple[Value, ...], x: Any) -> Value:
    """Return a Value that depends on Values from outside, in a way that no graph tells."""
    return made_by(PROGRAM, held(leaf(x)), outside, (None,) * len(outside), {})


def no_graph(places: list[int], g: Any, y: Any, *args: Any) -> Any:
    """Raise: the gradient of a Value from outside is asked for."""
    raise ValueError(
        "call backward(), or take the gradient, inside of the compiled function, or compile what "
        "does: what a program returns has no graph that leads back to the Values it read, such as "
        "parameters; where they need no gradient, call it inside no_grad()"
    )


PROGRAM = Primitive("program", lambda *xs: None, vjps=Each(no_graph))


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
