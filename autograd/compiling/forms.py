"""The form of a call: what a program is compiled for; and other numbers of the same form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.node import form_of
from autograd.compiling.recording import is_number
from autograd.engine.modes import recording
from autograd.engine.trees import leaves
from autograd.engine.value import Value


def form_of_call(args: tuple, kwargs: dict[str, Any]) -> tuple[Any, list[Any]] | None:
    """Return what a program is compiled for, and the numbers it takes; None if there are Values."""
    key: list[Any] = [recording(), len(args)]
    numbers: list[Any] = []
    for name, x in leaves((args, kwargs)) if kwargs else leaves(args):
        if type(x) is float:
            key.append(float)
            numbers.append(x)
        elif type(x) is ndarray and x.dtype.kind in "biufc":
            key.append((x.dtype, x.shape, x.flags.c_contiguous, x.flags.f_contiguous))
            numbers.append(x if x.ndim else x[()])
        elif is_number(x):
            key.append(type(x))
            numbers.append(x)
        elif isinstance(x, Value):
            return None
        elif isinstance(x, (int, str, bytes, type(None))):
            key.append((type(x), x))
        else:
            key.append(id(x))
        if kwargs or len(args) != len(key) - 2:
            key.append(name)
    return tuple(key), numbers


def elsewhere(x: Any) -> Any:
    """Return other numbers of the same form."""
    if isinstance(x, ndarray):
        if x.dtype.kind not in "fc" or not x.size:
            return x
        moved = np.empty_like(x)
        moved[...] = (x.ravel()[::-1] * x.dtype.type(1.03125)).reshape(x.shape)
        return moved
    return type(x)(x * 1.03125) if isinstance(x, (float, np.floating)) else x


def close(a: Any, b: Any, scale: float, coarsest: float) -> bool:
    """Whether two results are the same but for the last digits of numbers of the given size.

    Args:
        a, b: the results.
        scale: the size.
        coarsest: the distance from 1 to the next number, where numbers are held with the fewest
            digits.
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
    return bool(np.allclose(a, b, rtol=bound, atol=bound * scale, equal_nan=True))
