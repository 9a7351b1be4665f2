"""Which of our functions stands in for which of NumPy's, and the errors where none does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from inspect import signature
from typing import Any

import numpy as np

from autograd.engine.arrays import NUMBERS, learns
from autograd.engine.elsewhere import refuse_other_names

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
    if "out" in params or len(args) > 2:
        out, args, params = without_out(key, args, params)
        if out is not None:
            return written(out, key, name, answer(key, name, args, params))
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
    if params and any(hasattr(x, "_data") for x in params.values()):
        args, params = by_position(key, args, params)
    try:
        return NUMPY[key](*args, **params)
    except (AttributeError, IndexError, ZeroDivisionError) as error:
        if not of_ours(error):
            raise
        given = ", ".join(map(described, args))
        raise TypeError(f"np.{name} cannot take {given}: {error}{there()}") from error
    except TypeError as error:
        if "unexpected keyword argument" not in str(error):
            raise
        refuse_other_names(params)
        option = str(error).rpartition("argument ")[2]
        raise TypeError(
            f"np.{name} of a Value does not take {option}; leave it out, and use np.where "
            "to leave entries out or v.astype to change the dtype"
        ) from None


def without_out(key: Any, args: tuple, params: dict[str, Any]) -> tuple[Any, tuple, dict[str, Any]]:
    """Return the argument `out` of a function of NumPy, None if there is none, and the others."""
    if "out" in params:
        return params["out"], args, {name: x for name, x in params.items() if name != "out"}
    place = place_of_out(key)
    if place is None or place >= len(args):
        return None, args, params
    rest = args[place + 1 :]
    return args[place], (*args[:place], None, *rest) if rest else args[:place], params


@cache
def place_of_out(key: Any) -> int | None:
    """Return the position of the argument `out` of a function of NumPy, None if it has none."""
    try:
        parameters = signature(key).parameters
    except (TypeError, ValueError):  # a method of a ufunc, or a function without a signature
        return None
    found = parameters.get("out")
    if found is None or found.kind is found.KEYWORD_ONLY:
        return None
    return list(parameters).index("out")


def written(out: Any, key: Any, name: str, results: Any) -> Any:
    """Write results into `out`, and return it: a Value is changed in place, as by out[...] = y.

    Raises:
        TypeError: a result has a gradient, and its `out` is a plain array or of another kind.
        ValueError: a result has another shape than its `out`.
    """
    several = isinstance(results, tuple)
    results = results if several else (results,)
    targets = out if isinstance(out, tuple) else (out,)
    pairs = list(zip(targets, results, strict=True))
    for target, result in pairs:
        if target is not None:
            check_out(target, result, key, name)
    for target, result in pairs:
        if hasattr(target, "_data"):
            target[...] = result
        elif target is not None:
            target[...] = getattr(result, "_data", result)
    done = tuple([result if target is None else target for target, result in pairs])
    return done if several else done[0]


def check_out(target: Any, result: Any, key: Any, name: str) -> None:
    """Raise if a result cannot be written into `out`."""
    if not hasattr(target, "_data"):
        if not isinstance(target, np.ndarray):
            raise TypeError(
                f"out= of np.{name} is a Value, or an array, not {target!r:.60}{there()}"
            )
        if hasattr(result, "_data") and learns(result._data):
            operator = isinstance(key, np.ufunc) and key.nin == 2
            way, instead = ("out=, or += on it", "a = a + v") if operator else ("out=", "")
            raise TypeError(
                f"np.{name} cannot write a Value into a plain array ({way}): the gradient would "
                f"be lost; use its result, {instead or f'y = np.{name}(…)'}, or make the array a "
                f"Value{there()}"
            )
    data = getattr(result, "_data", result)
    shape, dtype = np.shape(data), np.result_type(data)
    fits = shape == target.shape or (
        isinstance(key, np.ufunc)  # which may broadcast its result
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


def of_ours(error: Exception) -> bool:
    """Whether Python, not NumPy or a user's function, raised an error in a line of this package."""
    tell = ("has no attribute", "index out of range", "by zero")
    frame = error.__traceback__ and error.__traceback__.tb_next
    while frame and frame.tb_frame.f_code.co_filename.startswith(OURS):
        frame = frame.tb_next
    return (
        frame is None
        and type(error).__module__ == "builtins"
        and any(words in str(error) for words in tell)
    )


def described(x: Any) -> str:
    """Return a few words on an argument: its shape if it is numbers, itself otherwise."""
    data = getattr(x, "_data", x)
    if isinstance(data, NUMBERS):
        return f"an array of shape {np.shape(data)}" if np.ndim(data) else "a number"
    return f"{type(x).__name__} ({x!r:.40})"


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
