"""The rules that were given for each primitive, and what is done where one is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from autograd.engine.trees import leaves
from autograd.engine.value import Value
from autograd.hips.vspaces import vspace
from autograd.hips.wrap_util import get_name
from autograd.transforms.products import make_vjp

Rule = Callable[..., Any]

primitive_vjps: dict[Any, Rule] = {}  # (argnums, ans, args, kwargs) -> g -> gradients
primitive_jvps: dict[Any, Rule] = {}  # (argnums, gs, ans, args, kwargs) -> change of ans


def missing(fun: Any, argnum: int) -> NotImplementedError:
    """Return the error for a primitive that has no rule for an argument."""
    name = get_name(fun)
    return NotImplementedError(
        f"the primitive {name} has no derivative with respect to argument {argnum}; "
        f"give one with defvjp({name}, lambda ans, *args: lambda g: ..., argnums=({argnum},))"
    )


def transposed(fun: Any, argnums: Sequence[int], ans: Any, args: tuple, kwargs: dict) -> Rule:
    """The rule of a primitive without vjps, from its jvps."""
    if fun not in primitive_jvps:
        raise missing(fun, argnums[0])

    def vjps(g: Any) -> list[Any]:
        gradients = []
        for i in argnums:
            jvp = partial(_change, primitive_jvps[fun], i, ans, args, kwargs)
            try:
                transpose, _ = make_vjp(jvp)(vspace(args[i]).zeros())
                gradients.append(transpose(g))
            except (TypeError, ValueError):  # it may be for plain numbers
                if any(isinstance(x, Value) for _, x in leaves([g, ans, args])):
                    raise
                gradients.append(by_columns(jvp, args[i], ans, g))
        return gradients

    return vjps


def by_columns(jvp: Callable[[Any], Any], x: Any, ans: Any, g: Any) -> Any:
    """Return the gradient of Σ g · ans with respect to `x` from a jvp that takes raw numbers."""
    inside, outside = vspace(x), vspace(ans)
    gradient = inside.zeros()
    for e in inside.standard_basis():
        slope = outside.inner_prod(outside.covector(g), jvp(e))
        gradient = inside.add(gradient, inside.scalar_mul(inside.covector(e), slope))
    return gradient


def _change(jvps: Rule, argnum: int, ans: Any, args: tuple, kwargs: dict, g: Any) -> Any:
    return jvps((argnum,), [g], ans, args, kwargs)
