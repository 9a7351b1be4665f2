"""Ops of your own, by HIPS autograd's names: a function, and its derivative.

Arguments and results may be lists, tuples and dicts of arrays; in the graph each is one vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from itertools import count
from typing import Any

from autograd.engine.value import Value as Box
from autograd.hips.adopted import note_jvps, note_vjps
from autograd.hips.custom import as_op, getval, isbox, notrace_primitive, register_notrace
from autograd.hips.nodes import JVPNode, VJPNode
from autograd.hips.rules import (
    Rule,
    by_argnum,
    missing,
    primitive_jvps,
    primitive_vjps,
    unwrapped,
)
from autograd.hips.vspaces import SparseObject, VSpace, vspace

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
    "getval",
    "isbox",
    "notrace_primitive",
    "primitive",
    "primitive_jvps",
    "primitive_vjps",
    "register_notrace",
    "vspace",
]

# -- primitives --------------------------------------------------------------------------------


def primitive(f: Callable[..., Any]) -> Callable[..., Any]:
    """Make `f` an op, whose derivative is given by `defvjp`.

    Older ways to give a rule work too: `.defgrad(lambda ans, *args: lambda g: ..., argnum=0)`,
    `.defvjp(lambda g, ans, vs, gvs, *args: ..., argnum=0)`, where `vs` and `gvs` are the vector
    spaces of the argument and of g, and `.defvjp_is_zero(argnums)`.

    Args:
        f: a function of numbers, arrays and containers of these, and of anything else that is
            constant. It sees raw numbers only. Keyword arguments are constants.

    Returns:
        a function of the same arguments; on raw numbers it does what `f` does.

    Raises:
        TypeError: (when called) `f` uses a Value that is not among its arguments.
        NotImplementedError: (when differentiated) there is no rule for an argument.

    Example:
        >>> from autograd import grad
        >>> @primitive
        ... def cube(x):
        ...     return x**3
        >>> defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
        >>> cube(Box(2.0)), float(grad(cube)(2.0))
        (Value(8.0), 12.0)
    """
    op: Any = as_op(f)
    rules, makers = op.rules, {}

    def defgrad(maker: Any, argnum: int = 0) -> None:
        makers[argnum] = maker
        rules.vjps = by_argnum(f, makers)

    def older_defvjp(vjp: Callable[..., Any], argnum: int = 0) -> None:
        def maker(ans: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
            return lambda g: vjp(g, ans, vspace(args[argnum]), vspace(g), *args, **kwargs)

        defgrad(maker, argnum)

    def defvjp_is_zero(argnums: Iterable[int] = (0,)) -> None:
        for argnum in argnums:
            defgrad(None, argnum)

    op.defgrad, op.defvjp, op.defvjp_is_zero = defgrad, older_defvjp, defvjp_is_zero
    return op


# -- reverse mode ------------------------------------------------------------------------------


def defvjp(
    fun: Callable[..., Any], *vjpmakers: Rule | None, argnums: Iterable[int] | None = None
) -> None:
    """Give a primitive its vector-Jacobian products.

    Args:
        fun: the primitive, or a function of NumPy or SciPy, whose derivative these are from now
            on. For any other function they are stored in `primitive_vjps`, but never used.
        vjpmakers: for each argument, a function `(ans, *args, **kwargs)` of the result and the
            arguments. It returns a function of the gradient `g` of the result, which returns
            the gradient of the argument. None stands for a gradient of zero. Written with NumPy
            functions and primitives, it can be differentiated again.
        argnums: the arguments that they are for; the first ones if left out.

    Raises:
        TypeError: `fun` is not a function, or a vjp is neither a function nor None.

    Example:
        >>> from autograd import grad
        >>> product = primitive(lambda x, y: x * y)
        >>> defvjp(product, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x)
        >>> [float(g) for g in grad(product, (0, 1))(2.0, 3.0)]
        [3.0, 2.0]
    """
    makers = dict(zip(count() if argnums is None else argnums, vjpmakers, strict=False))
    defvjp_argnums(fun, by_argnum(unwrapped(fun), makers))


def defvjp_argnum(fun: Callable[..., Any], vjpmaker: Rule) -> None:
    """Give a primitive one vjp for all arguments.

    Args:
        fun: the primitive.
        vjpmaker: a function `(argnum, ans, args, kwargs)` of the position of the argument, the
            result and all arguments, which returns the vjp of that argument.

    Raises:
        TypeError: `fun` is not a function.

    Example:
        >>> from autograd import grad
        >>> total = primitive(lambda *xs: sum(xs))
        >>> defvjp_argnum(total, lambda argnum, ans, xs, kwargs: lambda g: g)
        >>> [float(g) for g in grad(total, (0, 1))(2.0, 3.0)]
        [1.0, 1.0]
    """

    def rule(argnums: Sequence[int], *call: Any) -> Rule:
        vjps = [vjpmaker(argnum, *call) for argnum in argnums]
        return lambda g: [vjp(g) for vjp in vjps]

    defvjp_argnums(fun, rule)


def defvjp_argnums(fun: Callable[..., Any], vjpmaker: Rule) -> None:
    """Give a primitive one vjp for several arguments at once.

    Args:
        fun: the primitive.
        vjpmaker: a function `(argnums, ans, args, kwargs)` that returns a function of `g`, which
            returns a list with the gradient of each argument in `argnums`.

    Raises:
        TypeError: `fun` is not a function.

    Example:
        >>> from autograd import grad
        >>> total = primitive(lambda *xs: sum(xs))
        >>> defvjp_argnums(total, lambda argnums, ans, xs, kwargs: lambda g: [g] * len(argnums))
        >>> [float(g) for g in grad(total, (0, 1))(2.0, 3.0)]
        [1.0, 1.0]
    """
    note_vjps(fun, vjpmaker)


# -- forward mode ------------------------------------------------------------------------------
# It calls the jvps, and derives missing ones from the vjps. If a primitive has only jvps, its vjps
# come from them: a jvp is linear in the change of its argument, and the vjp is its transpose.


def defjvp(fun: Callable[..., Any], *jvpfuns: Any, argnums: Iterable[int] | None = None) -> None:
    """Give a primitive its Jacobian-vector products.

    Args:
        fun: the primitive, or a function of NumPy or SciPy that has no derivative here.
        jvpfuns: for each argument, a function `(g, ans, *args, **kwargs)` of the change of the
            argument, which returns the change of the result; None for zero; "same" for a
            function that is linear in the argument. Written with NumPy functions and primitives,
            it can be differentiated again; otherwise reverse mode calls it once for each entry.
        argnums: the arguments that they are for; the first ones if left out.

    Raises:
        TypeError: `fun` is not a function.

    Example:
        >>> from autograd import grad
        >>> square = primitive(lambda x: x**2)
        >>> defjvp(square, lambda g, ans, x: 2 * x * g)
        >>> float(grad(square)(3.0))
        6.0
    """
    funs, inner = (
        dict(zip(count() if argnums is None else argnums, jvpfuns, strict=False)),
        unwrapped(fun),
    )

    def jvp(argnum: int, g: Any, ans: Any, args: tuple, kwargs: dict) -> Any:
        if argnum not in funs:
            raise missing(inner, argnum)
        jvpfun = funs[argnum]
        if jvpfun == "same":
            return _linear(inner, argnum, g, args, kwargs)
        return vspace(ans).zeros() if jvpfun is None else jvpfun(g, ans, *args, **kwargs)

    defjvp_argnum(fun, jvp)


def def_linear(fun: Callable[..., Any]) -> None:
    """Declare a primitive, written with NumPy functions and primitives, linear in each argument.

    Args:
        fun: the primitive; it is its own jvp.

    Raises:
        TypeError: `fun` is not a function.

    Example:
        >>> from autograd import grad
        >>> product = primitive(lambda x, y: x * y)
        >>> def_linear(product)
        >>> [float(g) for g in grad(product, (0, 1))(2.0, 3.0)]
        [3.0, 2.0]
    """
    inner = unwrapped(fun)
    defjvp_argnum(fun, lambda argnum, g, ans, *call: _linear(inner, argnum, g, *call))


def _linear(fun: Any, argnum: int, g: Any, args: tuple, kwargs: dict) -> Any:
    return fun(*args[:argnum], g, *args[argnum + 1 :], **kwargs)


def defjvp_argnum(fun: Callable[..., Any], jvpmaker: Rule) -> None:
    """Give a primitive one jvp for every argument.

    Args:
        fun: the primitive.
        jvpmaker: a function `(argnum, g, ans, args, kwargs)` of the position of an argument, its
            change, the result and all arguments, which returns the change of the result.

    Raises:
        TypeError: `fun` is not a function.

    Example:
        >>> from autograd import grad
        >>> square = primitive(lambda x: x**2)
        >>> defjvp_argnum(square, lambda argnum, g, ans, args, kwargs: 2 * args[argnum] * g)
        >>> float(grad(square)(3.0))
        6.0
    """

    def jvps(argnums: Sequence[int], gs: Sequence[Any], *call: Any) -> Any:
        changes = [jvpmaker(argnum, g, *call) for argnum, g in zip(argnums, gs, strict=True)]
        return reduce(vspace(changes[0]).add, changes)

    defjvp_argnums(fun, jvps)


def defjvp_argnums(fun: Callable[..., Any], jvpmaker: Rule) -> None:
    """Give a primitive one jvp for several arguments at once.

    Args:
        fun: the primitive.
        jvpmaker: a function `(argnums, gs, ans, args, kwargs)` of the positions of some
            arguments, their changes, the result and all arguments, which returns the change of
            the result.

    Raises:
        TypeError: `fun` is not a function.

    Example:
        >>> from autograd import grad
        >>> total = primitive(lambda *xs: sum(xs))
        >>> defjvp_argnums(total, lambda argnums, gs, ans, args, kwargs: sum(gs))
        >>> float(grad(total)(2.0, 3.0))
        1.0
    """
    note_jvps(fun, jvpmaker)
