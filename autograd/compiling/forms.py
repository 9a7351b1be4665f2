"""The form of a call: what a program is compiled for; and other numbers of the same form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.node import form_of, lying
from autograd.compiling.recording import is_number
from autograd.engine.modes import recording
from autograd.engine.silence import silence
from autograd.engine.trees import children
from autograd.engine.value import Value

EPS = float(np.finfo(float).eps)
STATIC = {int, bool, str, bytes, type(None)}
SAFETY = 8  # times the spread of a result: rounding differs by some last digits, not by one


def form_of_call(args: tuple, kwargs: dict[str, Any]) -> tuple[Any, list[Any]] | None:
    """Return what a program is compiled for, and the numbers it takes; None if there are Values."""
    key: list[Any] = [recording(), len(args)]
    numbers: list[Any] = []
    for x in args:
        if not form_noted(x, key, numbers):
            return None
    for name, x in kwargs.items():
        key.append(name)
        if not form_noted(x, key, numbers):
            return None
    if len(numbers) > 1:
        ids = [id(x) for x in numbers if type(x) is ndarray]
        if len(set(ids)) < len(ids):  # f(x, x), where `is` would tell
            key.append(tuple(map(ids.index, ids)))
    return tuple(key), numbers


def form_noted(x: Any, key: list[Any], numbers: list[Any]) -> bool:
    """Note the form of an argument and the numbers in it; return False for a Value."""
    kind = type(x)
    if kind is float:
        key.append(float)
        numbers.append(x)
    elif kind is ndarray and x.dtype.kind in "biufc":
        key.append((x.dtype, x.shape, lying(x)))
        numbers.append(x if x.ndim else x[()])
    elif is_number(x):
        key.append(kind)
        numbers.append(x)
    elif kind in STATIC:
        key.append((kind, x))
    elif isinstance(x, Value):
        return False
    elif (inside := children(x)) is not None:
        key += (kind, len(inside))
        for name, child in inside:
            key.append(name)
            if not form_noted(child, key, numbers):
                return False
    else:
        key.append((kind, repr(x)) if isinstance(x, np.generic) else id(x))
    return True


def elsewhere(x: Any) -> Any:
    """Return other numbers of the same form."""
    if isinstance(x, ndarray):
        if x.dtype.kind not in "fc" or not x.size:
            return x
        moved = np.empty_like(x)
        moved[...] = (x.ravel()[::-1] * x.dtype.type(1.03125)).reshape(x.shape)
        return moved
    return type(x)(x * 1.03125) if isinstance(x, (float, np.floating)) else x


def nudged(x: Any) -> Any:
    """Return numbers with other last digits."""
    if type(x) is float or np.result_type(x).kind not in "fc":
        return x * (1 + EPS) if type(x) is float else x
    step = np.finfo(np.result_type(x)).eps
    steps = np.where(np.arange(np.size(x)) % 3, step, -step).astype(np.result_type(x))
    return x * (1 + steps).reshape(np.shape(x))[()]


def distance(a: Any, b: Any) -> float:
    """Return how far two results are apart at most, where both are finite."""
    if a is None or isinstance(a, (str, dict)) or np.result_type(a).kind not in "fc":
        return 0.0
    with silence():
        apart = np.abs(np.subtract(a, b))
    return float(np.max(apart, initial=0.0, where=np.isfinite(apart)))


def close(a: Any, b: Any, scale: float, coarsest: float, spread: float = 0.0) -> bool:
    """Whether two results are the same but for the last digits of numbers of the given size.

    Args:
        a, b: the results.
        scale: the size.
        coarsest: the distance from 1 to the next number, where numbers are held with the fewest
            digits.
        spread: how far the result moves with the last digits of what it is computed from.
    """
    if a is None or b is None:
        return a is b
    if isinstance(a, str):  # the state of a generator
        return a == str(b)
    if form_of(a)[1:] != form_of(b)[1:]:
        return False
    kind = np.result_type(a)
    if kind.kind not in "fc":
        return bool(np.array_equal(a, b))
    bound = max(np.finfo(kind).eps, coarsest) ** 0.75
    scale = max(scale, float(np.max(np.abs(a), initial=0.0, where=np.isfinite(a))))
    slack = bound * scale + SAFETY * spread
    return bool(np.allclose(a, b, rtol=bound, atol=slack, equal_nan=True))


def to_the_bit(a: Any, b: Any) -> bool:
    """Whether two results are the same to the last bit."""
    if a is None or b is None or isinstance(a, str):
        return a is b or a == str(b)
    return form_of(a) == form_of(b) and np.asarray(a).tobytes() == np.asarray(b).tobytes()
