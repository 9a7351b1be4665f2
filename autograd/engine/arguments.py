"""Values as arguments of an op where they need care: given by name, or where there is no rule."""

from __future__ import annotations

from inspect import signature
from typing import Any

from autograd.engine.arrays import learns
from autograd.engine.value import Value


def by_place(op: Any, args: tuple, params: dict[str, Any]) -> tuple[tuple, dict[str, Any]]:
    """Return the arguments with Values given by name, as in np.sum(a=v), made positional."""
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
