"""The rules given for each primitive, and what happens if one is missing."""

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
        f"add one with defvjp({name}, lambda ans, *args: lambda g: ..., argnums=({argnum},))"
    )


def transposed(fun: Any, argnums: Sequence[int], ans: Any, args: tuple, kwargs: dict) -> Rule:
    """The rule of a primitive without vjps, derived from its jvps."""
    if fun not in primitive_jvps:
        raise missing(fun, argnums[0])

    def vjps(g: Any) -> list[Any]:
        gradients = []
        for i in argnums:
            jvp = partial(_change, primitive_jvps[fun], i, ans, args, kwargs)
            if any(isinstance(x, Value) for _, x in leaves([g, ans, args])):
                gradients.append(make_vjp(jvp)(vspace(args[i]).zeros())[0](g))
            else:
                gradients.append(transpose(jvp, args[i], g, []))
        return gradients

    return vjps


def _change(jvps: Rule, argnum: int, ans: Any, args: tuple, kwargs: dict, g: Any) -> Any:
    return jvps((argnum,), [g], ans, args, kwargs)


def transpose(f: Callable[[Any], Any], like: Any, v: Any, columns: list[Any]) -> Any:
    """Return the transpose of a linear function, applied to `v`.

    If `f` can be traced, this is a gradient, which is checked by ⟨fᵀv, x⟩ = ⟨v, f(x)⟩. A function
    written for plain numbers may raise, or lose the gradient; then `f` is called with each basis
    vector.

    Args:
        f: a linear function.
        like: an argument of the form that `f` takes.
        v: an array or container of the form that `f` returns.
        columns: a list for the values of `f` on the basis, to be kept for the next `v`.

    Example:
        >>> import numpy as np
        >>> float(transpose(lambda x: 3 * x, 1.0, 2.0, []))
        6.0
        >>> float(transpose(lambda x: np.full(2, float(x)), 1.0, np.ones(2), []))
        2.0
    """
    inside, outside = vspace(like), vspace(v)
    dual = outside.covector(v)
    if not columns:
        x = inside.probe()
        image = f(x)
        try:
            found = make_vjp(f)(x)[0](v)
            one = inside.inner_prod(inside.covector(found), x)
            other = outside.inner_prod(dual, image)
            if abs(one - other) <= 1e-6 * (abs(one) + abs(other)):
                return found
        except Exception:
            pass
        columns += map(f, inside.standard_basis())
    total = inside.zeros()
    for e, column in zip(inside.standard_basis(), columns, strict=True):
        part = inside.scalar_mul(inside.covector(e), outside.inner_prod(dual, column))
        total = inside.add(total, part)
    return total
