"""Which of our functions stands in for which of NumPy's, and the errors where none does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

OURS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")  # autograd/
LIBRARIES = ("site-packages", "dist-packages", "<__array_function__")
NUMPY: dict[Any, Callable] = {}  # NumPy function -> the function that replaces it for Values


def answers(*functions: Any) -> Callable[[Callable], Callable]:
    """Call the decorated function instead of these NumPy functions when they are given a Value."""

    def register(ours: Callable) -> Callable:
        for function in functions:
            NUMPY[function] = ours
        return ours

    return register


def answer(key: Any, name: str, args: tuple, params: dict[str, Any]) -> Any:
    """Do on Values what NumPy's function `name` does."""
    if key not in NUMPY:
        if isinstance(key, np.ufunc) and not hasattr(np, name):
            raise TypeError(
                f"{name} has no derivative rule here, so it cannot take a Value; for a function "
                "of SciPy's, write `import autograd.scipy.special` first; for another, add a rule "
                f"with autograd.Primitive, or pass v.numpy() where no gradient is needed{there()}"
            )
        raise TypeError(
            f"np.{name} has no derivative rule here, so it cannot take a Value; build it from "
            "functions that have one (autograd.ops lists them), add a rule with "
            f"autograd.Primitive, or pass v.numpy() where no gradient is needed{there()}"
        )
    if params.get("out") is not None:
        params = dict(params)
        into = params.pop("out")
        targets = into if isinstance(into, tuple) else (into,)
        for target in targets:
            if not hasattr(target, "_data"):
                raise TypeError(
                    f"np.{name} cannot write a Value into a plain array (out=, or += on an "
                    "ndarray): the gradient would be lost; write a = a + v, or make `a` a "
                    f"Value{there()}"
                )
        results = answer(key, name, args, params)
        for target, y in zip(targets, results if len(targets) > 1 else (results,), strict=True):
            write_into(target, y, name, stretches=isinstance(key, np.ufunc))
        return into
    if params and any(hasattr(x, "_data") for x in params.values()):
        args, params = by_position(key, args, params)
    try:
        return NUMPY[key](*args, **params)
    except TypeError as error:
        if "unexpected keyword argument" not in str(error):
            raise
        option = str(error).rpartition("argument ")[2]
        raise TypeError(
            f"np.{name} of a Value does not take {option}; leave it out, and use np.where "
            "to leave entries out or v.astype to change the dtype"
        ) from None


def write_into(target: Any, result: Any, name: str, stretches: bool) -> None:
    """Write a result into the Value given as `out`, into which a ufunc's may be broadcast."""
    shape, dtype = np.shape(result), np.result_type(getattr(result, "dtype", result))
    fits = shape == target.shape or (
        stretches
        and len(shape) <= target.ndim
        and all(n in (1, m) for n, m in zip(shape[::-1], target.shape[::-1], strict=False))
    )
    if not fits:
        raise ValueError(
            f"np.{name} gives a result of shape {shape}, which does not fit out= of shape "
            f"{target.shape}; give a Value of that shape"
        )
    if not np.can_cast(dtype, target.dtype, "same_kind"):
        raise TypeError(
            f"np.{name} gives {dtype}, which cannot be written into out= of {target.dtype}; give "
            "a Value of that dtype"
        )
    target[...] = result


class DroppedGradientError(TypeError):
    """A Value with a gradient would have become a plain number or array, and lost the gradient."""


def there() -> str:
    """Return the line of the user's program that was running, as the end of a message."""
    frame: Any = sys._getframe(1)
    while frame and frame.f_code.co_filename.startswith((OURS, "<frozen ")):  # python -m autograd
        frame = frame.f_back
    theirs = frame
    while theirs and any(part in theirs.f_code.co_filename for part in LIBRARIES):
        theirs = theirs.f_back
    found = theirs or frame
    return f" ({found.f_code.co_filename}, line {found.f_lineno})" if found else ""


def by_position(function: Any, args: tuple, params: dict[str, Any]) -> tuple[tuple, dict]:
    """Make arguments given by name, `np.flip(m=v)`, positional, if NumPy shows the signature."""
    try:
        bound = signature(function).bind(*args, **params)
    except (TypeError, ValueError):  # a method of a ufunc, or a function without a signature
        return args, params
    return bound.args, bound.kwargs
