"""Ops made from any function, and how the graph calls the rules that they are given later.

Functions and rules get copies of arrays, which they may write to; those in a graph are read-only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any

import numpy as np

from autograd.engine.arrays import NUMBERS
from autograd.engine.each import Each
from autograd.engine.ownership import frozen
from autograd.engine.primitive import Primitive
from autograd.engine.trees import children, filled, leaves
from autograd.engine.value import Value
from autograd.hips.rules import Rules, primitives, transpose, transposed
from autograd.hips.vectors import Packing, Single
from autograd.hips.wrap_util import get_name

# -- raw numbers and Values --------------------------------------------------------------------


def isbox(x: Any) -> bool:
    """Whether `x` is traced: a Value.

    Args:
        x: anything.

    Example:
        >>> isbox(Value(2.0)), isbox(2.0)
        (True, False)
    """
    return isinstance(x, Value)


def holds_values(x: Any) -> bool:
    """Whether `x` is a Value or a container with one inside."""
    if isinstance(x, Value) or children(x) is None:
        return isinstance(x, Value)
    return any(isinstance(leaf, Value) for _, leaf in leaves(x))


def getval(x: Any) -> Any:
    """Return `x` with raw numbers instead of Values.

    Args:
        x: anything; Values in containers are replaced too.

    Example:
        >>> getval([Value([2.0]), "text"])
        [array([2.]), 'text']
    """
    if isinstance(x, Value):
        return writable(x._value)
    return filled(x, (getval(leaf) for _, leaf in leaves(x))) if holds_values(x) else x


# -- primitives --------------------------------------------------------------------------------


def as_op(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return `f` as an op, with a derivative from the rules; see `extend.primitive`."""

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        argnums = [i for i, x in enumerate(args) if holds_values(x)]
        if not argnums:
            return f(*args, **kwargs)
        if not rules.traced:
            return f(*map(getval, args), **kwargs)
        call = Call(rules, argnums, args, kwargs)
        ans = op.record(*call.vectors(args), call=call)  # `_forward` sets call.result
        return call.result.unpack(ans)

    op, rules = Primitive(get_name(f), _forward, vjps=Each(_vjps)), Rules(f)
    wrapped.fun = f  # type: ignore[attr-defined]
    wrapped.rules = rules  # type: ignore[attr-defined]
    wrapped._is_autograd_primitive = True  # type: ignore[attr-defined]
    primitives.add(wrapped)
    return wrapped


class Call:
    """One call of a primitive: the graph holds its traced arguments, this object all others."""

    result: Any = Single  # the form of the result,
    cotangent: Any = Single  # and of its gradient, with zeros for what has none

    def __init__(self, rules: Rules, argnums: list[int], args: tuple, kwargs: dict) -> None:
        self.rules, self.argnums, self.kwargs = rules, argnums, kwargs
        self.constants = [frozen(x) if isinstance(x, np.ndarray) else x for x in args]
        self.packings: list[Any] = []
        self.rows: dict[int, list[Any]] = {}  # Jacobians, where forward mode had to have them whole
        for i in argnums:
            self.packings.append(Single if isbox(args[i]) else Packing(args[i], isbox))
            self.constants[i] = None

    def vectors(self, args: Sequence[Any]) -> list[Any]:
        """Return the arrays in the graph that hold the traced arguments."""
        return [
            packing.pack(args[i]) for i, packing in zip(self.argnums, self.packings, strict=True)
        ]

    def args(self, vectors: Sequence[Any]) -> tuple:
        """Return all arguments, given the arrays that hold the traced ones."""
        args = [writable(x) if isinstance(x, np.ndarray) else x for x in self.constants]
        for i, packing, vector in zip(self.argnums, self.packings, vectors, strict=True):
            args[i] = writable(packing.unpack(vector))
        return tuple(args)

    def gradients(self, places: Sequence[int], g: Any, y: Any, args: tuple) -> list[Any]:
        """Return the results of the rule for some of the traced arguments, in these' forms."""
        rule = self.rules.vjps or partial(transposed, self.rules)
        ans, given = writable(self.result.unpack(y)), writable(self.cotangent.unpack(g))
        return list(rule(tuple([self.argnums[i] for i in places]), ans, args, self.kwargs)(given))

    def gradient(self, i: int, g: Any, y: Any, args: tuple) -> Any:
        """Return the result of the rule for the `i`th traced argument, in that argument's form."""
        (gradient,) = self.gradients([i], g, y, args)
        return gradient

    def change(self, i: int, tangent: Any, y: Any, args: tuple) -> Any:
        """Return the change of the result by the rule of `defjvp`, None if there is no rule."""
        if self.rules.jvps is None:
            return None
        ans = writable(self.result.unpack(y))
        try:
            found = self.rules.jvps((self.argnums[i],), [tangent], ans, args, self.kwargs)
        except NotImplementedError:
            return None
        return self.result.pack(found)


def _forward(*vectors: Any, call: Call) -> Any:
    ans = call.rules.fun(*call.args(vectors), **call.kwargs)
    if _is_number(ans):
        return ans
    if holds_values(ans):
        raise TypeError(
            f"the primitive {get_name(call.rules.fun)} uses a Value that is not among its "
            "arguments, so its gradient would be lost; pass the Value as an argument"
        )
    zeros = [np.zeros_like(x) if _is_number(x) and not _moves(x) else x for _, x in leaves(ans)]
    call.result, call.cotangent = Packing(ans, _moves), Packing(filled(ans, iter(zeros)), _moves)
    return call.result.pack(ans)


def _is_number(leaf: Any) -> bool:
    return isinstance(leaf, NUMBERS)


def _moves(leaf: Any) -> bool:
    return _is_number(leaf) and np.result_type(leaf).kind in "fc"


def writable(tree: Any) -> Any:
    """Return `tree` with copies of its read-only arrays, which keep their memory layout."""
    if isinstance(tree, np.ndarray):
        return tree if tree.flags.writeable else tree.copy("K")
    if children(tree) is None:
        return tree
    return filled(tree, (writable(leaf) for _, leaf in leaves(tree)))


def _vjps(places: Sequence[int], g: Any, y: Any, *vectors: Any, call: Call) -> list[Any]:
    """The rule of every primitive, which calls the one given by `defvjp`.

    Forward mode differentiates it with respect to `g` only, which yields the jvp.
    """
    if isinstance(g, Value) and not any(isinstance(x, Value) for x in (y, *vectors)):
        return [PULLBACK.record(g, i=i, y=y, vectors=vectors, call=call) for i in places]
    found = call.gradients(places, g, y, call.args(vectors))
    return [
        None if gradient is None else call.packings[i].pack(gradient)
        for i, gradient in zip(places, found, strict=True)
    ]


def _pulled(g: Any, i: int, y: Any, vectors: tuple, call: Call) -> Any:
    gradient = call.gradient(i, g, y, call.args(vectors))
    return np.zeros_like(vectors[i]) if gradient is None else call.packings[i].pack(gradient)


def _pushed(tangent: Any, pulled: Any, g: Any, i: int, y: Any, vectors: tuple, call: Call) -> Any:
    """Return how the result of a call changes with its `i`th traced argument."""
    change = call.change(i, call.packings[i].unpack(tangent), y, call.args(vectors))
    if change is None:
        rule = partial(_pulled, i=i, y=y, vectors=vectors, call=call)
        return transpose(rule, g, tangent, call.rows.setdefault(i, []))
    return change


PULLBACK = Primitive("pullback", _pulled, vjps=[_pushed])


def notrace_primitive(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return `f` as a function that sees raw numbers instead of Values, and has no derivative.

    Args:
        f: a function of anything.

    Example:
        >>> whole = notrace_primitive(lambda x: x // 1)
        >>> print(whole(Value(2.5)))
        2.0
    """

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return f(*map(getval, args), **kwargs)

    return wrapped


def register_notrace(trace_type: Any, function: Callable[..., Any]) -> None:
    """Make the result of a primitive have no derivative, as `notrace_primitive` does.

    Args:
        trace_type: `VJPNode` or `JVPNode`; either has the same effect here.
        function: the primitive.

    Example:
        >>> from autograd.extend import VJPNode, primitive
        >>> whole = primitive(lambda x: x // 1)
        >>> register_notrace(VJPNode, whole)
        >>> print(whole(Value(2.5)))
        2.0
    """
    if function in primitives:
        function.rules.traced = False  # type: ignore[attr-defined]
