"""The eager fast path: `Primitive.record` specialised for one and two arguments.

Each does exactly what `record` does; tests hold them against it.  Written out, because a call
or a loop here is a tenth of the time of an op.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import get_ident
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.arrays import SCALARS, frozen, normal
from autograd.recording import paused
from autograd.value import NOTHING, Value, leaf, next_serial

new = Value.__new__


def unary(op: Any) -> Callable[..., Any]:
    """Return `op.record` for one argument."""
    forward, scalar = op.forward, op.scalar

    def call(a: Any, **params: Any) -> Any:
        if params or not isinstance(a, Value):
            return raw_or_record(op, (a,), params)
        x = a._data
        if type(x) is float and scalar is not None:
            try:
                data = scalar(x)
            except (ArithmeticError, ValueError):
                data = float(forward(np.float64(x)))
        else:
            if a.op is None and type(x) is ndarray and x.flags.writeable:
                x = a.kept()
            data = forward(x)
            if type(data) is not ndarray or not data.ndim:
                data = normal(data)
        if paused and get_ident() in paused:
            return leaf(data)
        value = new(Value)
        value._data = data
        value._grad = None
        value.op = op
        value.args = (x,)
        value.first = a
        value.second = value.rest = None
        value.params = NOTHING
        value.serial = next_serial()
        value.name = None
        return value

    return call


def binary(op: Any) -> Callable[..., Any]:
    """Return `op.record` for two arguments."""
    forward, scalar = op.forward, op.scalar

    def call(a: Any, b: Any, **params: Any) -> Any:
        if isinstance(a, Value):
            first, x = a, a._data
            if isinstance(b, Value):
                second, y = b, b._data
            else:
                second, y = None, b
        elif isinstance(b, Value):
            first, x, second, y = None, a, b, b._data
        else:
            return raw_or_record(op, (a, b), params)
        kind, other = type(x), type(y)
        if kind is float and other is float and scalar is not None and not params:
            try:
                data = scalar(x, y)
            except (ArithmeticError, ValueError):
                data = float(forward(np.float64(x), np.float64(y)))
        elif params:
            return raw_or_record(op, (a, b), params)
        elif kind is float and other is int:
            return call(a, float(b))
        elif kind is int and other is float:
            return call(float(a), b)
        else:
            if kind is ndarray:
                if first is None:
                    x = frozen(x)
                elif a.op is None and x.flags.writeable:
                    x = a.kept()
            elif not isinstance(x, SCALARS):
                return raw_or_record(op, (a, b), params)
            if other is ndarray:
                if second is None:
                    y = frozen(y)
                elif b.op is None and y.flags.writeable:
                    y = b.kept()
            elif not isinstance(y, SCALARS):
                return raw_or_record(op, (a, b), params)
            try:
                data = forward(x, y)
            except ValueError as error:
                raise misfit(op, (x, y), error) from None
            if type(data) is not ndarray or not data.ndim:
                data = normal(data)
        if paused and get_ident() in paused:
            return leaf(data)
        value = new(Value)
        value._data = data
        value._grad = None
        value.op = op
        value.args = (x, y)
        value.first = first
        value.second = second
        value.rest = None
        value.params = NOTHING
        value.serial = next_serial()
        value.name = None
        return value

    return call


def general(op: Any) -> Callable[..., Any]:
    """Return `op.record` as a function, which binds as a method."""
    return lambda *args, **params: op.record(*args, **params)


def raw_or_record(op: Any, args: tuple, params: dict[str, Any]) -> Any:
    """Apply an elementwise op to what the fast path does not take."""
    if params:
        raise TypeError(
            f"{op.name} of a Value takes no {', '.join(params)}; "
            "use np.where for where=, v.astype for dtype="
        )
    if op.scalar is not None and all(type(x) is float for x in args):
        try:
            return op.scalar(*args)
        except (ArithmeticError, ValueError):
            return float(op.forward(*map(np.float64, args)))
    for x in args:
        if not isinstance(x, (*SCALARS, ndarray, Value, list, tuple)):
            raise TypeError(
                f"{op.name} takes numbers, arrays and Values, not {type(x).__name__} ({x!r:.60})"
            )
    if not any(isinstance(x, Value) for x in args):
        return normal(op.forward(*args))
    return op.record(*[np.asarray(x) if isinstance(x, (list, tuple)) else x for x in args])


def misfit(op: Any, args: tuple, error: ValueError) -> ValueError:
    """Return `error` with the op and the shapes it met."""
    shapes = " and ".join(str(x.shape) for x in args if isinstance(x, ndarray))
    rule = (
        "sizes must be equal or 1, counted from the last axis; reshape one of them"
        if op.elementwise
        else str(error)
    )
    return ValueError(f"{op.name} of shapes {shapes} is not possible: {rule}")
