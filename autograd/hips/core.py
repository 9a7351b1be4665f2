"""The names of HIPS autograd's `core`: derivatives of functions of one argument, and rules."""

from __future__ import annotations

from collections.abc import Callable
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
    primitive,
    primitive_jvps,
    primitive_vjps,
    vspace,
)
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

    A result without a derivative, such as that of a comparison, counts as a constant.

    Example:
        >>> vjp, y = make_vjp(lambda x: x**2, 3.0)
        >>> print(y, vjp(1.0))
        9.0 6.0
    """
    return products.make_vjp(fun)(x)


def make_jvp(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """Return a function `jvp`, where `jvp(v)` is (fun(x), its derivative along v).

    Example:
        >>> print(*make_jvp(lambda x: x**2, 3.0)(1.0))
        9.0 6.0
    """
    return products.make_jvp(fun)(x)
