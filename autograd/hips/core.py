"""Names HIPS autograd's users import: derivatives of functions of one argument, and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd.hips.boxes import backward_pass, new_box
from autograd.hips.extend import (
    Box,
    JVPNode,
    SparseObject,
    VJPNode,
    VSpace,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    getval,
    isbox,
    primitive_jvps,
    primitive_vjps,
    vspace,
)
from autograd.hips.extend import primitive as plain_primitive
from autograd.hips.tracer import Node, toposort, trace
from autograd.transforms import products

__all__ = [
    "Box",
    "JVPNode",
    "Node",
    "SparseObject",
    "VJPNode",
    "VSpace",
    "backward_pass",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "getval",
    "isbox",
    "make_jvp",
    "make_vjp",
    "new_box",
    "primitive",
    "primitive_jvps",
    "primitive_vjps",
    "toposort",
    "trace",
    "vspace",
]


def make_vjp(fun: Callable[[Any], Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """Return (vjp, fun(x)), where `vjp(g)` is the gradient of Σ g · fun(x).

    A result without a derivative, such as that of a comparison, is a constant.

    Example:
        >>> vjp, y = make_vjp(lambda x: x**2, 3.0)
        >>> print(y, vjp(1.0))
        9.0 6.0
    """
    return products.make_vjp(fun)(x)


def make_jvp(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """Return jvp, where `jvp(v)` is (fun(x), its change when x moves along v).

    Example:
        >>> print(*make_jvp(lambda x: x**2, 3.0)(1.0))
        9.0 6.0
    """
    return products.make_jvp(fun)(x)


def primitive(f: Callable[..., Any]) -> Callable[..., Any]:
    """Make `f` an op, as `autograd.extend.primitive` does.

    The result has the older ways to give a rule too: `.defgrad(lambda ans, *args: lambda g: ...,
    argnum=0)`, `.defvjp(lambda g, ans, vs, gvs, *args: ..., argnum=0)`, where `vs` and `gvs` are
    the vector spaces of the argument and of g, and `.defvjp_is_zero(argnums)`.

    Args:
        f: a function of numbers and arrays.

    Example:
        >>> from autograd import Value
        >>> cube = primitive(lambda x: x**3)
        >>> cube.defgrad(lambda ans, x: lambda g: g * 3 * x**2)
        >>> x = Value(2.0)
        >>> cube(x).backward()
        >>> x.grad
        12.0
    """
    wrapped: Any = plain_primitive(f)
    makers: dict[int, Any] = {}

    def defgrad(maker: Any, argnum: int = 0) -> None:
        makers[argnum] = maker
        defvjp(wrapped, *makers.values(), argnums=makers)

    def older_defvjp(vjp: Callable[..., Any], argnum: int = 0) -> None:
        def maker(ans: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
            return lambda g: vjp(g, ans, vspace(args[argnum]), vspace(g), *args, **kwargs)

        defgrad(maker, argnum)

    def defvjp_is_zero(argnums: Iterable[int] = (0,)) -> None:
        for argnum in argnums:
            defgrad(None, argnum)

    wrapped.defgrad, wrapped.defvjp, wrapped.defvjp_is_zero = defgrad, older_defvjp, defvjp_is_zero
    return wrapped
