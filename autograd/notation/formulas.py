"""Formulas: how a Value was computed, and the local derivative of an op, as text or LaTeX.

Derivatives are not stated a second time for this. The rule in the op's row is run on Values in
place of its arguments, and the graph that it builds is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, signature
from itertools import islice
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import normal
from autograd.engine.contributions import applied
from autograd.engine.graph import FREED, freed, history, parents_then
from autograd.engine.modes import with_graph
from autograd.engine.silence import silence
from autograd.engine.value import Value, bare, held
from autograd.notation.names import own_name
from autograd.notation.writing import (
    AND,
    COMPARED,
    OR,
    Latex,
    Piece,
    Text,
    escaped,
    number_like,
)


def formula(
    y: Value,
    names: Mapping[int, str] | None = None,
    *,
    latex: bool = False,
    digits: int = 4,
    longest: int = 300,
    constants: Mapping[int, str] | None = None,
) -> str:
    """Return how a Value was computed, as an expression in its leaves.

    Args:
        y: a Value.
        names: names for Values, by serial; others keep their own name or appear as numbers.
        latex: write LaTeX.
        digits: how many digits of a number to write.
        longest: longer parts are replaced by "…".
        constants: names for arrays that are no Values, by id.

    Example:
        >>> x, w = Value(2.0, name="x"), Value(-3.0, name="w")
        >>> formula(np.tanh(x * w + 0.5) ** 2 / x)
        'tanh(x·w + 0.5)²/x'
    """
    notation = (Latex if latex else Text)(digits, constants=constants)
    return written(y, {}, names or {}, notation, longest).text


def definition(
    node: Value,
    names: Mapping[int, str] | None = None,
    *,
    latex: bool = False,
    digits: int = 4,
    constants: Mapping[int, str] | None = None,
    places: Mapping[int, str] | None = None,
) -> str:
    """Return the op that made a Value and the names of its arguments, such as `v1 + b`.

    Args:
        node: a Value that an op made.
        names, latex, digits, constants: see `formula`.
        places: names for arguments that are no Values, by their places.

    Example:
        >>> x, w = Value(2.0, name="x"), Value(-3.0, name="w")
        >>> definition(np.tanh(x * w), {(x * w).serial: "v"})
        'tanh(x)'
    """
    notation = (Latex if latex else Text)(digits, constants=constants)
    _, arguments = called(node, names or {})
    arguments = [(places or {}).get(i) if x is None else x for i, x in enumerate(arguments)]
    parts = [
        notation.neutral(raw) if name is None else notation.name(name)
        for name, raw in zip(arguments, node.args, strict=True)
    ]
    return piece(node, parts, notation).text


def derivative(
    node: Value,
    place: int,
    names: Mapping[int, str] | None = None,
    *,
    latex: bool = False,
    digits: int = 4,
    longest: int = 100,
    constants: Mapping[int, str] | None = None,
) -> str:
    """Return the local derivative of an op with respect to one of its arguments, as a formula.

    If it `is_factor`, this is the partial derivative; otherwise it is what the rule makes of the
    gradient g of the result. Result and arguments appear by name. If the rule treats single points
    such as x = 0 apart, or chooses a branch, the formula is the one that applies here.

    Args:
        node: a Value that an op made.
        place: the position of the argument.
        names: names for Values, by serial; others keep their own name or become y, x, a, b, ….
        latex: write LaTeX.
        digits: how many digits of a number to write.
        longest: a longer formula is replaced by its description in words.
        constants: names for arrays that are no Values, by id.

    Raises:
        FreedGraphError: the graph was freed.

    Example:
        >>> x, w = Value([1.0, 2.0], name="x"), Value([3.0, 4.0], name="w")
        >>> derivative(np.tanh(x), 0), derivative(x / w, 1), derivative(x @ w, 1)
        ('1 − y²', '−y/w', 'g·x')
    """
    if node.more is FREED:
        raise freed(node)
    op, notation = node.op, (Latex if latex else Text)(digits, node, constants)
    rule = rule_for(node, place)
    result, arguments = called(node, names or {})
    at = ordinary(node) if op.elementwise else None
    y, g = symbol(held(node), at), symbol(np.ones_like(held(node)), at)
    known = {y.serial: notation.name(result), g.serial: notation.name("g")}
    args = list(node.args)
    for i, name in enumerate(arguments):
        if name is not None or (isinstance(args[i], ndarray) and args[i].dtype.kind in "fc"):
            number = args[i]
            args[i] = symbol(number, at)
            known[args[i].serial] = notation.number(number) if name is None else notation.name(name)
    seed = 1.0 if is_factor(node, place) else g
    try:
        with with_graph(), silence():
            found = rule(seed, y, *args, **node.params) if rule else None
    except (ArithmeticError, ValueError, TypeError):
        return unwritten(op, latex)
    if found is None:
        return "0"
    if not isinstance(found, Value):
        return notation.number(found).text
    whole = written(found, known, {}, notation, longest * (3 if latex else 1))
    if "…" in whole.text:
        return unwritten(op, latex)
    if whole.binds in (OR, AND, COMPARED):
        whole = notation.choice(whole, notation.number(1.0), notation.number(0.0))
    return whole.text


@silence()
def is_factor(node: Value, place: int) -> bool:
    """Whether an op multiplies the gradient by its local derivative; a conjugate does not."""
    rule, x, y = rule_for(node, place), node.args[place], held(node)
    if rule is None or not (node.op.elementwise and np.iscomplexobj(x) and np.iscomplexobj(y)):
        return node.op.elementwise
    seeds, one = (1.0, 1j), np.ones_like(y)
    try:
        by = [applied(node, rule, g * one, y, node.args, python=False) for g in seeds]
    except (ArithmeticError, ValueError, TypeError):  # a rule may refuse complex numbers
        return True
    return bool(np.allclose(by[1], 1j * by[0], equal_nan=True))


def rule_for(node: Value, place: int) -> Callable[..., Any] | None:
    """Return the rule of an op for one of its arguments."""
    return next(islice(node.op.vjps, place, None), None)


def unwritten(op: Any, latex: bool) -> str:
    """Return the words for a derivative that has no short formula."""
    text = f"the derivative of {op.name}" if op.elementwise else f"g through the rule of {op.name}"
    return rf"\text{{{escaped(text)}}}" if latex else text


def called(node: Value, names: Mapping[int, str]) -> tuple[str, list[str | None]]:
    """Return names for the result of an op and its arguments, None for constants.

    What has no name gets a letter that names nothing else.
    """
    parents = parents_then(node)
    given = [
        None if parent is None else names.get(parent.serial) or own_name(parent)
        for parent in parents
    ]
    result = names.get(node.serial) or own_name(node)
    used = {*given, result, *(names.values() if "" in [*given, result] else ())}
    result = result or next(fresh("yzr", used))
    several = sum(name is not None for name in given) > 1
    free = fresh("abcdefhijk" if several else "xuv", used | {result})
    by_serial: dict[int, str] = {}
    arguments = []
    for parent, name in zip(parents, given, strict=True):
        if name == "":
            name = by_serial.get(parent.serial) or next(free)
            by_serial[parent.serial] = name
        arguments.append(name)
    return result, arguments


def fresh(letters: str, used: set[str | None]) -> Iterator[str]:
    """Yield names that are not used."""
    yield from (letter for letter in letters if letter not in used)
    yield from (f"{letters[0]}{n}" for n in range(1, len(used) + 100))


def ordinary(node: Value) -> tuple[int, ...]:
    """Return the index of a typical entry, one without zeros and ties if there is any."""
    numbers = [np.broadcast_to(x, node.shape) for x in node.args if number_like(x)]
    special = np.zeros(node.shape, int)
    for n, x in enumerate(numbers):
        for other in (0, *numbers[:n]):
            special = special + (x == other)
    best = np.argmin(special) if node.size else 0
    return tuple(int(i) for i in np.unravel_index(best, [max(n, 1) for n in node.shape]))


def symbol(x: Any, at: tuple[int, ...] | None) -> Value:
    """Return a new leaf with these numbers, or only the one at an index of the result."""
    if at is not None and np.ndim(x):
        shape = np.shape(x)
        place = [min(i, n - 1) for i, n in zip(at[len(at) - len(shape) :], shape, strict=True)]
        x = x[tuple(place)] if np.size(x) else np.full((), 0.5).astype(x.dtype)
    return bare(normal(np.asarray(x)))


def written(
    y: Value, known: Mapping[int, Piece], names: Mapping[int, str], notation: Text, longest: int
) -> Piece:
    """Write the graph of a Value, down to Values that are `known`.

    Args:
        y, names, longest: see `formula`.
        known: the pieces for leaves and for other Values where to stop, by serial.
        notation: how sums and products are written.
    """
    pieces: dict[int, Piece] = dict(known)
    nodes, _ = history([y], dict.fromkeys(known)) if y.serial not in known else ([], {})
    for node in reversed(nodes):
        if node.op is None:
            name = names.get(node.serial) or own_name(node)
            pieces[node.serial] = notation.name(name) if name else notation.number(held(node))
            continue
        if node.more is FREED:
            raise freed(node)
        parts = [
            raw if parent is None else pieces[parent.serial]
            for parent, raw in zip(parents_then(node), node.args, strict=True)
        ]
        found = piece(node, parts, notation)
        pieces[node.serial] = found if len(found.text) <= longest else Piece("…")
    return pieces[y.serial]


def piece(node: Value, parts: list[Any], notation: Text) -> Piece:
    """Write a node from its written arguments; arguments that are not Values are raw."""
    op = node.op
    numbers = [in_notation(x, notation) for x in parts if op.elementwise or number_like(x)]
    found = op.written(notation, node, *numbers) if op.written is not None else None
    if found is not None:
        return found
    named = {} if op.elementwise else options(node, parts, node.params)
    said = [notation.option(*given) for given in named.items()]
    return notation.call(op.name, [*numbers, *said], op.latex)


def in_notation(part: Any, notation: Text) -> Piece:
    """Return an argument as a piece, or "…" if it is a table of numbers in a rule."""
    if isinstance(part, Piece):
        return part
    own = None if notation.rule_of is None else notation.rule_of.args
    table = isinstance(part, ndarray) and own is not None and all(part is not x for x in own)
    return Piece("…") if table else notation.number(part)


def options(node: Value, parts: list[Any], params: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that are not numbers, by name, except those with default values."""
    try:
        known = dict(signature(node.op.forward).parameters)
    except ValueError:
        return {}
    by_name = dict(zip(known, parts, strict=False)) if len(parts) <= len(known) else {}
    given = {name: x for name, x in by_name.items() if not number_like(x)} | params
    defaults = {name: p.default for name, p in known.items() if p.default is not Parameter.empty}
    return {name: x for name, x in given.items() if not (name in defaults and x is defaults[name])}
