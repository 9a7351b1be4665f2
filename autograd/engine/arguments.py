"""The rules of an op, and its arguments where they need care: by name, or without a rule."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

from autograd.engine.arrays import learns
from autograd.engine.elsewhere import OPTIONS, refuse_other_names
from autograd.engine.value import Value


def rules_of(op: Any) -> tuple:
    """Return the vjps of an op, () if it has no derivative; raise if some are missing."""
    if op.vjps is None:
        return ()
    vjps = tuple(op.vjps)
    usable = all(rule is None or callable(rule) for rule in vjps)
    if not usable or not any(vjps) or len(vjps) < op.arity:
        raise TypeError(
            f"the op {op.name} needs vjps with one function for each argument, not {vjps!r:.60}: "
            "vjps=[lambda g, y, x: ...], with None for an argument that must be a number; or "
            "vjps=None, if the op has no derivative"
        )
    return tuple(rule or refusing(op, place) for place, rule in enumerate(vjps))


def refusing(op: Any, place: int) -> Callable[..., None]:
    """Return the rule for an argument without one: an error if the argument needs a gradient."""

    def rule(g: Any, y: Any, *args: Any, **params: Any) -> None:
        x = args[place]
        if learns(x._data if isinstance(x, Value) else x):
            raise without_derivative(op, f"argument {place}")

    return rule


def by_place(op: Any, args: tuple, params: dict[str, Any]) -> tuple[tuple, dict[str, Any]]:
    """Return the arguments with Values given by name, as in np.sum(a=v), made positional."""
    if not OPTIONS.keys().isdisjoint(params):
        refuse_other_names(params)
    named = [name for name, x in params.items() if isinstance(x, Value)]
    if not named:
        return args, params
    bound = signature(op.forward).bind(*args, **params)
    bound.apply_defaults()
    names = list(bound.arguments)
    for name in named:
        if name not in names and learns(params[name]._data):
            raise without_derivative(op, name)
    places = 1 + max(map(names.index, named))
    rest = {name: x for name, x in params.items() if name in names[places:]}
    return tuple([bound.arguments[name] for name in names[:places]]), rest


def refuse_without_rule(op: Any, parents: tuple) -> None:
    """Raise if an argument without a rule is a Value that needs a gradient."""
    for place, x in enumerate(parents):
        if place >= len(op.vjps) and x is not None and learns(x._data):
            raise without_derivative(op, f"argument {place}")


def without_derivative(op: Any, what: str) -> TypeError:
    """Return the error for a Value that needs a gradient where only a number can be given."""
    return TypeError(
        f"{op.name} has no derivative with respect to {what}; pass a number there: v.numpy()"
    )
