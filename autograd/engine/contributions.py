"""How the gradients that a node passes on reach its parents; the rest of `backward.hand_on`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.aliases import fill, recalled
from autograd.engine.arrays import Foreign, fit
from autograd.engine.graph import former, parents_then, taken
from autograd.engine.modes import told
from autograd.engine.recall import args_of, numbers
from autograd.engine.tracing import open_traces, tracer
from autograd.engine.windows import Form


def hand_down(node: Any, g: Any, grads: dict[int, Any], made: set[int]) -> None:
    """Do what `hand_on` does for an op that returns a changed copy of its first argument."""
    mine = node.serial in made and node._grad is not g
    own = g if mine else g.copy(order="K")
    own, *rest = node.op.hand_down(own, *taken(node), **node.params)
    for parent, gx in zip(parents_then(node), (own, *rest), strict=False):
        if parent is None or parent.serial not in grads:
            continue
        if gx is own and grads[parent.serial] is None:
            made.add(parent.serial)
        if (gx := fit(gx, parent._data)) is not None:
            accumulate(gx, parent.serial, grads, made)


def share_out(node: Any, given: tuple, grads: dict[int, Any], made: set[int]) -> None:
    """Do what `hand_on` does for an op whose vjps are `Each`: one call for all parents."""
    parents = [(i, former(p, node.serial)) for i, p in enumerate(node.parents) if p is not None]
    parents = [(i, parent) for i, parent in parents if parent.serial in grads]
    places = [i for i, _ in parents]
    g, y, *args = given
    found = applied(node, partial(node.op.vjps.rule, places), g, y, tuple(args), places)
    for (_, parent), gx in zip(parents, found, strict=True):
        if gx is not None and (gx := fit(gx, parent._data)) is not None:
            accumulate(gx, parent.serial, grads, made)


def accumulate(gx: Any, serial: int, grads: dict[int, Any], made: set[int]) -> None:
    """Add `gx` to the gradient that a node has so far, in place if the walk made that array."""
    total = grads[serial]
    if total is None:
        grads[serial] = gx
    elif serial in made and type(gx) is ndarray:
        total += gx
    else:
        grads[serial] = total = total + gx
        if type(total) is ndarray:
            made.add(serial)


def applied(
    node: Any,
    rule: Callable,
    g: Any,
    y: Any,
    args: tuple,
    place: int | list[int] | None = None,
    python: bool = True,
) -> Any:
    """Return what the rule of a node contributes.

    If Python's arithmetic raises, or without `python`, the numbers are NumPy's: 1/0 is inf. If the
    rule needs numbers that were not kept, they are computed again. If it asks an array of another
    engine for numbers that are not there yet, that engine's own rule for `place` is taken.
    """
    given = (g, y, *args)
    if not python:
        given = tuple([np.float64(x) if type(x) is float else x for x in given])
    try:
        if open_traces and (trace := tracer()) is not None:
            return trace.pulled(node.op, rule, given, node.params)
        return rule(*given, **node.params)
    except Exception as error:
        forms = any([type(x) is Form for x in given])
        foreign = foreign_in(given) if place is not None and node.op.registered else None
        again = python and isinstance(error, (ArithmeticError, ValueError))
        if not (forms or again or foreign is not None):
            raise
    if forms:  # here the error is gone, and with it what the rule had computed
        return with_all_numbers(node, rule, g, python)
    if foreign is not None:
        places: Any = place if isinstance(place, list) else [place]
        found = foreign.gradients(node.op, places, given, node.params)
        return found if isinstance(place, list) else found[0]
    return applied(node, rule, g, y, args, place, python=False)


def foreign_in(given: Sequence[Any]) -> Foreign | None:
    """Return an array of another engine among these numbers, raw or in Values."""
    raw = [getattr(x, "_data", x) for x in given]
    return next((x for x in raw if isinstance(x, Foreign)), None)


def with_all_numbers(node: Any, rule: Callable, g: Any, python: bool) -> Any:
    """Do what `applied` does with numbers that were not kept, and let them go again."""
    filled: list[Any] = []
    try:
        for x in (node, *recalled(node)):
            if type(getattr(x, "_data", None)) is Form:
                *below, x = fill(x)
                filled.append(x)
                for needed in below:
                    needed._data = Form(needed._data)
        return applied(node, rule, g, numbers(node), args_of(node), python=python)
    finally:
        for x in filled:
            x._data = Form(x._data)


def rule_for_places(op: Any, places: Sequence[int]) -> Callable[..., list[Any]]:
    """Return the rules of an op for some of its arguments as one, which returns a list."""
    if type(op.vjps) is not tuple:
        return partial(op.vjps.rule, places)
    rules = [op.vjps[place] for place in places if place < len(op.vjps)]
    return lambda *given, **params: [rule(*given, **params) for rule in rules] or [None]


def explain(error: Exception, node: Any) -> None:
    """Add a note to an error that says which op's rule raised it."""
    shapes = ", ".join(str(np.shape(a)) for a in taken(node)) or "no longer known"
    error.add_note(f"in the backward pass of {node.op.name}, arguments of shapes {shapes}")
    told(error, node)
