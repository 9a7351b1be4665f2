"""The rules given for each primitive, and what happens if one is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from functools import partial
from typing import Any
from weakref import WeakSet

from autograd.engine.trees import leaves
from autograd.engine.value import Value
from autograd.hips.vspaces import vspace
from autograd.hips.wrap_util import get_name
from autograd.transforms.products import make_vjp

Rule = Callable[..., Any]

primitives: WeakSet[Any] = WeakSet()


class Rules:
    """What is known of one primitive: the primitive and its calls hold this, and it holds neither.

    Attributes:
        fun: the function that was made a primitive.
        vjps: its rule `(argnums, ans, args, kwargs) -> g -> gradients`, if there is one.
        jvps: its rule `(argnums, gs, ans, args, kwargs) -> change of ans`, if there is one.
        traced: whether its results are Values, not plain numbers.
    """

    def __init__(self, fun: Any) -> None:
        self.fun = fun
        self.vjps: Rule | None = None
        self.jvps: Rule | None = None
        self.traced = True


class ByFunction(MutableMapping[Any, Rule]):
    """The rules of one kind by function; those of a primitive live as long as the primitive."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.others: dict[Any, Rule] = {}  # for functions that are not primitives

    def __getitem__(self, fun: Any) -> Rule:
        rule = getattr(fun.rules, self.kind) if fun in primitives else self.others.get(fun)
        if rule is None:
            raise KeyError(fun)
        return rule

    def __setitem__(self, fun: Any, rule: Rule) -> None:
        if fun in primitives:
            setattr(fun.rules, self.kind, rule)
        else:
            self.others[fun] = rule

    def __delitem__(self, fun: Any) -> None:
        if fun not in self:
            raise KeyError(fun)
        if fun in primitives:
            setattr(fun.rules, self.kind, None)
        else:
            del self.others[fun]

    def __iter__(self) -> Iterator[Any]:
        yield from [f for f in primitives if getattr(f.rules, self.kind)]
        yield from self.others

    def __len__(self) -> int:
        return len(list(iter(self)))


primitive_vjps = ByFunction("vjps")
primitive_jvps = ByFunction("jvps")


def missing(fun: Any, argnum: int) -> NotImplementedError:
    """Return the error for a primitive that has no rule for an argument."""
    name = get_name(fun)
    return NotImplementedError(
        f"the primitive {name} has no derivative with respect to argument {argnum}; "
        f"add one with defvjp({name}, lambda ans, *args: lambda g: ..., argnums=({argnum},))"
    )


def by_argnum(fun: Any, makers: dict[int, Rule | None]) -> Rule:
    """Return the rule of `fun` from the vjp makers for its arguments."""
    for maker in makers.values():
        if not (maker is None or callable(maker)):
            raise TypeError(
                f"the vjp {maker!r} of {get_name(fun)} should be a function; "
                "write lambda ans, x: lambda g: ..., or None for zero"
            )

    def rule(argnums: Sequence[int], ans: Any, args: tuple, kwargs: dict) -> Rule:
        vjps = []
        for argnum in argnums:
            if argnum not in makers:
                raise missing(fun, argnum)
            maker = makers[argnum] or _zero
            vjps.append(maker(ans, *args, **kwargs))
        return lambda g: [vjp(g) for vjp in vjps]

    return rule


def unwrapped(fun: Any) -> Any:
    """Return the function that a primitive was made from: a rule must not hold its primitive."""
    return fun.fun if fun in primitives else fun


def _zero(ans: Any, *args: Any, **kwargs: Any) -> Rule:
    return lambda g: None


def transposed(rules: Rules, argnums: Sequence[int], ans: Any, args: tuple, kwargs: dict) -> Rule:
    """The rule of a primitive without vjps, derived from its jvps."""
    if rules.jvps is None:
        raise missing(rules.fun, argnums[0])

    def vjps(g: Any) -> list[Any]:
        gradients = []
        for i in argnums:
            jvp = partial(_change, rules, i, ans, args, kwargs)
            if any(isinstance(x, Value) for _, x in leaves([g, ans, args])):
                gradients.append(make_vjp(jvp)(vspace(args[i]).zeros())[0](g))
            else:
                gradients.append(transpose(jvp, args[i], g, []))
        return gradients

    return vjps


def _change(rules: Any, argnum: int, ans: Any, args: tuple, kwargs: dict, g: Any) -> Any:
    return rules.jvps((argnum,), [g], ans, args, kwargs)


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
