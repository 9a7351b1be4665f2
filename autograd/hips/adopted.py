"""Rules for functions of NumPy and SciPy, which in HIPS autograd are all primitives."""

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
    """Store the vjps of a function, and use them if it is a function of NumPy or SciPy.

    Raises:
        TypeError: `fun` is not a function.
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
    """Store the jvps of a function, and use them if NumPy or SciPy has it, but no derivative of it.

    Raises:
        TypeError: `fun` is not a function.
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
            f"derivatives are given to a function, not to {fun!r:.60}; write f = primitive(f), and "
            "give them to f"
        )
    return fun


def inner(fun: Any) -> Any:
    """Return the function of NumPy or SciPy for one of `autograd.numpy` or `autograd.scipy`."""
    return getattr(fun, "__wrapped__", fun)


def from_a_library(fun: Any) -> bool:
    """Whether a function is NumPy's or SciPy's, so that this package may replace it."""
    module = getattr(inner(fun), "__module__", None) or ""
    return isinstance(inner(fun), np.ufunc) or module.split(".")[0] in ("numpy", "scipy")


def has_a_derivative(key: Any) -> bool:
    """Whether this package itself, not the user, has a derivative of a function."""
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
    """Return the primitive that replaces a function of NumPy or SciPy from now on."""
    key = inner(fun)
    if key not in NUMPY or has_a_derivative(key):
        NUMPY[key] = as_op(key)
    return NUMPY[key]
