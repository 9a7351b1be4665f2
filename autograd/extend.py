"""Ops of your own, under the names HIPS autograd gives them: a function, and its derivative.

    >>> from autograd import grad
    >>> @primitive
    ... def cube(x):
    ...     return x**3
    >>> defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    >>> float(grad(cube)(2.0))
    12.0

Arguments and results may be lists, tuples and dicts of arrays; in the graph each is one vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce, wraps
from itertools import count
from typing import Any

import numpy as np

from autograd.arrays import SCALARS, frozen
from autograd.primitive import Each, Primitive
from autograd.transforms import make_vjp
from autograd.trees import children, filled, leaves
from autograd.value import Value
from autograd.vectors import Packing, Single
from autograd.vspaces import VSpace, vspace
from autograd.wrap_util import get_name

__all__ = [
    "Box",
    "JVPNode",
    "SparseObject",
    "VJPNode",
    "VSpace",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "notrace_primitive",
    "primitive",
    "register_notrace",
    "vspace",
]

Box = Value
NUMBERS = (np.ndarray, *SCALARS)
Rule = Callable[..., Any]

primitive_vjps: dict[Any, Rule] = {}  # (argnums, ans, args, kwargs) -> g -> gradients
primitive_jvps: dict[Any, Rule] = {}  # (argnums, gs, ans, args, kwargs) -> change of ans
untraced: set[Any] = set()  # primitives whose results are plain numbers

# -- raw numbers and Values --------------------------------------------------------------------


def isbox(x: Any) -> bool:
    """Whether `x` is traced: a Value."""
    return isinstance(x, Value)


def holds_values(x: Any) -> bool:
    """Whether `x` is a Value or a container with one inside."""
    if isinstance(x, Value) or children(x) is None:
        return isinstance(x, Value)
    return any(isinstance(leaf, Value) for _, leaf in leaves(x))


def getval(x: Any) -> Any:
    """Return `x` with raw numbers for its Values."""
    if isinstance(x, Value):
        return x._value
    return filled(x, (getval(leaf) for _, leaf in leaves(x))) if holds_values(x) else x


# -- primitives --------------------------------------------------------------------------------


def primitive(f: Callable[..., Any]) -> Callable[..., Any]:
    """Make `f` an op: where it meets a Value, `defvjp` says what its derivative is.

    Args:
        f: a function of numbers, arrays and containers of them, and of anything else that is
            constant.  It sees raw numbers only.  Keyword arguments are constants.

    Returns:
        a function of the same arguments; on raw numbers it is `f`.

    Raises:
        TypeError: (when called) `f` uses a Value that is not among its arguments.
        NotImplementedError: (when differentiated) there is no rule for an argument.
    """

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        argnums = [i for i, x in enumerate(args) if holds_values(x)]
        if not argnums:
            return f(*args, **kwargs)
        if wrapped in untraced:
            return f(*map(getval, args), **kwargs)
        call = Call(wrapped, argnums, args, kwargs)
        ans = op.record(*call.vectors(args), call=call)  # `_forward` sets call.result
        return call.result.unpack(ans)

    op = Primitive(get_name(f), _forward, vjps=Each(_vjp))
    wrapped.fun = f  # type: ignore[attr-defined]
    wrapped._is_autograd_primitive = True  # type: ignore[attr-defined]
    return wrapped


class Call:
    """One call of a primitive: its traced arguments are the graph's, the others stand here."""

    result: Any = Single

    def __init__(self, function: Any, argnums: list[int], args: tuple, kwargs: dict) -> None:
        self.function, self.argnums, self.kwargs = function, argnums, kwargs
        self.constants = [frozen(x) if isinstance(x, np.ndarray) else x for x in args]
        self.packings: list[Any] = []
        for i in argnums:
            self.packings.append(Single if isbox(args[i]) else Packing(args[i], isbox))
            self.constants[i] = None

    def vectors(self, args: Sequence[Any]) -> list[Any]:
        """Return what stands in the graph for the traced arguments."""
        return [
            packing.pack(args[i]) for i, packing in zip(self.argnums, self.packings, strict=True)
        ]

    def args(self, vectors: Sequence[Any]) -> tuple:
        """Return all arguments, given what stands in the graph for the traced ones."""
        args = self.constants.copy()
        for i, packing, vector in zip(self.argnums, self.packings, vectors, strict=True):
            args[i] = packing.unpack(vector)
        return tuple(args)


def _forward(*vectors: Any, call: Call) -> Any:
    ans = call.function.fun(*call.args(vectors), **call.kwargs)
    if _is_number(ans):
        return ans
    if holds_values(ans):
        raise TypeError(
            f"the primitive {get_name(call.function)} uses a Value that is not among its "
            "arguments, so its gradient would be lost; pass the Value as an argument"
        )
    call.result = Packing(ans, _is_number)
    return call.result.pack(ans)


def _is_number(leaf: Any) -> bool:
    return isinstance(leaf, NUMBERS)


def _vjp(i: int, g: Any, y: Any, *vectors: Any, call: Call) -> Any:
    """The rule of every primitive: ask the one that `defvjp` gave."""
    rule = primitive_vjps.get(call.function) or partial(_transposed, call.function)
    ans, args = call.result.unpack(y), call.args(vectors)
    (gradient,) = rule((call.argnums[i],), ans, args, call.kwargs)(call.result.unpack(g))
    return None if gradient is None else call.packings[i].pack(gradient)


def notrace_primitive(f: Callable[..., Any]) -> Callable[..., Any]:
    """Let `f` see raw numbers for Values; what it returns has no derivative."""

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return f(*map(getval, args), **kwargs)

    return wrapped


def register_notrace(trace_type: Any, function: Callable[..., Any]) -> None:
    """Let what a primitive returns have no derivative, as `notrace_primitive` does."""
    untraced.add(function)


class VJPNode:
    """The name of reverse mode in `register_notrace(VJPNode, f)`."""


class JVPNode:
    """The name of forward mode in `register_notrace(JVPNode, f)`."""


# -- reverse mode ------------------------------------------------------------------------------


def defvjp(
    fun: Callable[..., Any], *vjpmakers: Rule | None, argnums: Iterable[int] | None = None
) -> None:
    """Give a primitive its vector-Jacobian products.

    Args:
        fun: the primitive.
        vjpmakers: for each argument a function `(ans, *args, **kwargs)` of the result and the
            arguments that returns a function of the gradient `g` of the result, which returns
            the gradient of the argument; None where that is zero.  Written with NumPy functions
            and primitives it can be differentiated again.
        argnums: which arguments they are for, the first ones if left out.

    Raises:
        TypeError: `fun` is not a primitive, or a vjp neither a function nor None.

    Example:
        >>> from autograd import grad
        >>> product = primitive(lambda x, y: x * y)
        >>> defvjp(product, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x)
        >>> [float(g) for g in grad(product, (0, 1))(2.0, 3.0)]
        [3.0, 2.0]
    """
    makers = dict(zip(count() if argnums is None else argnums, vjpmakers, strict=False))
    for maker in vjpmakers:
        if not (maker is None or callable(maker)):
            raise TypeError(
                f"the vjp {maker!r} of {get_name(fun)} is no function; "
                "write lambda ans, x: lambda g: ..., or None for zero"
            )

    def rule(argnums: Sequence[int], ans: Any, args: tuple, kwargs: dict) -> Rule:
        vjps = []
        for argnum in argnums:
            if argnum not in makers:
                raise _missing(fun, argnum)
            maker = makers[argnum] or _zero
            vjps.append(maker(ans, *args, **kwargs))
        return lambda g: [vjp(g) for vjp in vjps]

    defvjp_argnums(fun, rule)


def _zero(ans: Any, *args: Any, **kwargs: Any) -> Rule:
    return lambda g: None


def _missing(fun: Any, argnum: int) -> NotImplementedError:
    name = get_name(fun)
    return NotImplementedError(
        f"the primitive {name} has no derivative with respect to argument {argnum}; "
        f"give one with defvjp({name}, lambda ans, *args: lambda g: ..., argnums=({argnum},))"
    )


def defvjp_argnum(fun: Callable[..., Any], vjpmaker: Rule) -> None:
    """Give a primitive one vjp for all arguments, `(argnum, ans, args, kwargs)` -> g -> result."""

    def rule(argnums: Sequence[int], *call: Any) -> Rule:
        vjps = [vjpmaker(argnum, *call) for argnum in argnums]
        return lambda g: [vjp(g) for vjp in vjps]

    defvjp_argnums(fun, rule)


def defvjp_argnums(fun: Callable[..., Any], vjpmaker: Rule) -> None:
    """Give a primitive one vjp for several at once, `(argnums, ans, args, kwargs)` -> g -> list."""
    primitive_vjps[_checked(fun)] = vjpmaker


def _checked(fun: Any) -> Any:
    if not hasattr(fun, "_is_autograd_primitive"):
        raise TypeError(
            f"{get_name(fun)} is not a primitive, so it cannot be given a derivative; "
            "write f = primitive(f) first and call that"
        )
    return fun


# -- forward mode ------------------------------------------------------------------------------
# is derived from the vjps.  A primitive with jvps alone gets vjps from them: a jvp is linear in
# the change of its argument, and the derivative of a linear function is its transpose.


def defjvp(fun: Callable[..., Any], *jvpfuns: Any, argnums: Iterable[int] | None = None) -> None:
    """Give a primitive its Jacobian-vector products, used where it has no vjps.

    Args:
        fun: the primitive.
        jvpfuns: for each argument a function `(g, ans, *args, **kwargs)` of the change of the
            argument, which returns the change of the result; None where that is zero; "same"
            for a function linear in the argument.  Written with NumPy functions and primitives.
        argnums: which arguments they are for, the first ones if left out.

    Raises:
        TypeError: `fun` is not a primitive.

    Example:
        >>> from autograd import grad
        >>> square = primitive(lambda x: x**2)
        >>> defjvp(square, lambda g, ans, x: 2 * x * g)
        >>> float(grad(square)(3.0))
        6.0
    """
    funs = dict(zip(count() if argnums is None else argnums, jvpfuns, strict=False))

    def jvp(argnum: int, g: Any, ans: Any, args: tuple, kwargs: dict) -> Any:
        if argnum not in funs:
            raise _missing(fun, argnum)
        jvpfun = funs[argnum]
        if jvpfun == "same":
            return _linear(fun, argnum, g, args, kwargs)
        return vspace(ans).zeros() if jvpfun is None else jvpfun(g, ans, *args, **kwargs)

    defjvp_argnum(fun, jvp)


def def_linear(fun: Callable[..., Any]) -> None:
    """Say that a primitive, made of NumPy functions and primitives, is linear in every argument."""
    defjvp_argnum(fun, lambda argnum, g, ans, *call: _linear(fun, argnum, g, *call))


def _linear(fun: Any, argnum: int, g: Any, args: tuple, kwargs: dict) -> Any:
    return fun.fun(*args[:argnum], g, *args[argnum + 1 :], **kwargs)


def defjvp_argnum(fun: Callable[..., Any], jvpmaker: Rule) -> None:
    """Give a primitive one jvp for every argument, `(argnum, g, ans, args, kwargs)`."""

    def jvps(argnums: Sequence[int], gs: Sequence[Any], *call: Any) -> Any:
        changes = [jvpmaker(argnum, g, *call) for argnum, g in zip(argnums, gs, strict=True)]
        return reduce(vspace(changes[0]).add, changes)

    defjvp_argnums(fun, jvps)


def defjvp_argnums(fun: Callable[..., Any], jvpmaker: Rule) -> None:
    """Give a primitive one jvp for several arguments, `(argnums, gs, ans, args, kwargs)`."""
    primitive_jvps[_checked(fun)] = jvpmaker


def _transposed(fun: Any, argnums: Sequence[int], ans: Any, args: tuple, kwargs: dict) -> Rule:
    """The rule of a primitive without vjps, from its jvps."""
    if fun not in primitive_jvps:
        raise _missing(fun, argnums[0])

    def vjps(g: Any) -> list[Any]:
        gradients = []
        for i in argnums:
            jvp = partial(_change, primitive_jvps[fun], i, ans, args, kwargs)
            transpose, _ = make_vjp(jvp)(vspace(args[i]).zeros())
            gradients.append(transpose(g))
        return gradients

    return vjps


def _change(jvps: Rule, argnum: int, ans: Any, args: tuple, kwargs: dict, g: Any) -> Any:
    return jvps((argnum,), [g], ans, args, kwargs)


def SparseObject(vs: VSpace, mut_add: Callable[[Any], Any]) -> Any:
    """Return the gradient that `mut_add` adds to zeros, for vjps that return SparseObjects."""
    return mut_add(vs.zeros())
