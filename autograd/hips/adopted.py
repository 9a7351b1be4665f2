"""Rules given to functions of NumPy and SciPy: in HIPS autograd all of them are primitives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd.engine.dispatch import NUMPY
from autograd.engine.primitive import PRIMITIVES, Primitive
from autograd.hips.custom import as_op
from autograd.hips.rules import Rule, primitive_jvps, primitive_vjps
from autograd.hips.vectors import Single


def note_vjps(fun: Any, rule: Rule) -> None:
    """Keep the vjps of a function, and let a function of NumPy or SciPy have them.

    Raises:
        TypeError: `fun` is no function.
    """
    primitive_vjps[callable_only(fun)] = rule
    if hasattr(fun, "_is_autograd_primitive"):
        return
    row = row_of(fun)
    if row is not None:
        row.vjps = tuple(partial(_given, rule, i) for i in range(row.arity))
    elif from_a_library(fun):
        primitive_vjps[adopted(fun)] = rule


def note_jvps(fun: Any, rule: Rule) -> None:
    """Keep the jvps of a function, and let one of NumPy or SciPy without a derivative have them.

    Raises:
        TypeError: `fun` is no function.
    """
    primitive_jvps[callable_only(fun)] = rule
    if hasattr(fun, "_is_autograd_primitive"):
        return
    if from_a_library(fun) and not has_a_derivative(inner(fun)):
        primitive_jvps[adopted(fun)] = rule


def callable_only(fun: Any) -> Callable[..., Any]:
    """Return `fun` if it can be called."""
    if not callable(fun):
        raise TypeError(
            f"a derivative is given to a function, and {fun!r:.60} is none; write "
            "f = primitive(f) and give it to f"
        )
    return fun


def inner(fun: Any) -> Any:
    """Return the function of NumPy or SciPy that one of `autograd.numpy` or `.scipy` stands for."""
    return getattr(fun, "__wrapped__", fun)


def from_a_library(fun: Any) -> bool:
    """Whether a function is NumPy's or SciPy's, so that the package may answer for it."""
    module = getattr(inner(fun), "__module__", None) or ""
    return isinstance(inner(fun), np.ufunc) or module.split(".")[0] in ("numpy", "scipy")


def has_a_derivative(key: Any) -> bool:
    """Whether the package has a derivative of a function, of its own and not of the user's."""
    return key in NUMPY and not hasattr(NUMPY[key], "_is_autograd_primitive")


def row_of(fun: Any) -> Primitive | None:
    """Return the elementwise op that a function is."""
    ours = NUMPY.get(inner(fun), fun)
    return next((op for op in PRIMITIVES.values() if op.elementwise and op.call is ours), None)


def _given(rule: Rule, i: int, g: Any, y: Any, *args: Any) -> Any:
    given = map(Single.unpack, args)
    (gradient,) = rule((i,), Single.unpack(y), (*given,), {})(Single.unpack(g))
    return gradient


def adopted(fun: Any) -> Any:
    """Return the primitive that answers for a function of NumPy or SciPy from now on."""
    key = inner(fun)
    if key not in NUMPY or has_a_derivative(key):
        NUMPY[key] = as_op(key)
    return NUMPY[key]
