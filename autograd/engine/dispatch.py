"""Which of our functions answers for which of NumPy's, and what is said where none does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

OURS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")  # autograd/
LIBRARIES = ("site-packages", "dist-packages", "<__array_function__")
NUMPY: dict[Any, Callable] = {}  # NumPy function -> what answers it for Values


def answers(*functions: Any) -> Callable[[Callable], Callable]:
    """Let the decorated function answer for NumPy functions where they meet a Value."""

    def register(ours: Callable) -> Callable:
        for function in functions:
            NUMPY[function] = ours
        return ours

    return register


def answer(key: Any, name: str, args: tuple, params: dict[str, Any]) -> Any:
    """Do what NumPy's function `name` does, on Values."""
    if key not in NUMPY:
        if isinstance(key, np.ufunc) and not hasattr(np, name):
            raise TypeError(
                f"{name} is no function of NumPy's that has a derivative here, so it cannot take a "
                "Value; for SciPy's functions write `import autograd.scipy.special` first, for "
                f"others use autograd.Primitive, or v.numpy() where no gradient is needed{there()}"
            )
        raise TypeError(
            f"np.{name} has no derivative rule here, so it cannot take a Value; build it from "
            "functions that have one (autograd.ops lists them), add a rule with "
            f"autograd.Primitive, or pass v.numpy() where no gradient is needed{there()}"
        )
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


class DroppedGradientError(TypeError):
    """A Value with a gradient was asked to become a plain number or array."""


def there() -> str:
    """Return which line of the user's was running, to end a message with."""
    frame: Any = sys._getframe(1)
    while frame and frame.f_code.co_filename.startswith((OURS, "<frozen ")):  # python -m autograd
        frame = frame.f_back
    theirs = frame
    while theirs and any(part in theirs.f_code.co_filename for part in LIBRARIES):
        theirs = theirs.f_back
    found = theirs or frame
    return f" ({found.f_code.co_filename}, line {found.f_lineno})" if found else ""


def by_position(function: Any, args: tuple, params: dict[str, Any]) -> tuple[tuple, dict]:
    """Turn arguments given by name, `np.flip(m=v)`, into positional ones where NumPy tells how."""
    try:
        bound = signature(function).bind(*args, **params)
    except (TypeError, ValueError):  # a method of a ufunc, or a function that tells nothing
        return args, params
    return bound.args, bound.kwargs
