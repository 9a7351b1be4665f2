"""The fast path of eager computation: `Primitive.record` for ops of one and of two arguments.

Each function does exactly what `record` does; tests compare them. The code is written out,
because a single call or loop would take a tenth of the time of an op.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import float64, ndarray

from autograd.engine.aliases import current
from autograd.engine.arrays import NUMBERS, SCALARS, computed, like
from autograd.engine.elsewhere import not_ours
from autograd.engine.graph import next_serial
from autograd.engine.modes import mode, modes, recording, watches
from autograd.engine.ownership import frozen, kept
from autograd.engine.release import LARGE, release
from autograd.engine.tracing import open_traces, tracer
from autograd.engine.unreached import UNRECORDED
from autograd.engine.value import Value, bare, leaf
from autograd.engine.windows import Form

new = Value.__new__


def unary(op: Any) -> Callable[..., Any]:
    """Return `op.record` for one argument."""
    forward, scalar = op.forward, op.scalar or through_numpy(op.forward)

    def call(a: Any) -> Any:
        if not isinstance(a, Value):
            return forward(a) if type(a) is ndarray and a.ndim else slowly(op, a)
        x = a._data
        if type(x) is float:
            try:
                data = scalar(x)
            except (ArithmeticError, ValueError):
                data = float(forward(float64(x)))
        elif type(x) is float64:
            x = float(x)
            try:
                data = scalar(x)
                if type(data) is float:
                    data = float64(data)
            except (ArithmeticError, ValueError):
                data = forward(float64(x))
        else:
            if a.op is None:
                if type(x) is ndarray and x.flags.writeable:
                    x = None  # `kept` counts who holds the array
                    x = kept(a)
            elif type(x) is Form or (
                a.more is not None and (a.op.view or type(a.more) is not tuple)
            ):
                a = current(a)
                x = a._data
            try:
                data = forward(x)
            except Exception as error:
                tell_trace(error)
                raise
            if type(data) is not ndarray or not data.ndim:
                data = computed(data)
            elif data.size > LARGE:
                release(a)
        if modes and (watches or not recording()):
            return aside(op, data, (a,), (x,)) if watches else leaf(data, None, UNRECORDED)
        value = new(Value)
        value._data = data
        value.op = op
        value.first = a
        value.a = x
        value.serial = next_serial()
        value._grad = value.second = value.b = value.more = value.name = None
        return value

    return call


def binary(op: Any, unusual: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Return `op.record` for two arguments; `unusual(op, a, b)` handles what is not a number."""
    forward, scalar = op.forward, op.scalar or through_numpy(op.forward)
    unusual = unusual or slowly

    def call(a: Any, b: Any) -> Any:
        if isinstance(a, Value):
            first, x = a, a._data
            if isinstance(b, Value):
                second, y = b, b._data
            else:
                second, y = None, b
                if type(b) is not float and type(x) is float and type(b) in (int, float64):
                    y = float(b)
        elif isinstance(b, Value):
            second, y = b, b._data
            first, x = None, a
            if type(a) is not float and type(y) is float and type(a) in (int, float64):
                x = float(a)
        else:
            return unusual(op, a, b)
        if type(x) is float and type(y) is float:
            try:
                data = scalar(x, y)
            except (ArithmeticError, ValueError):
                data = float(forward(float64(x), float64(y)))
        elif (type(x) is float or type(x) is float64) and (type(y) is float or type(y) is float64):
            x, y = float(x), float(y)
            try:
                data = scalar(x, y)
                if type(data) is float:
                    data = float64(data)
            except (ArithmeticError, ValueError):
                data = forward(float64(x), float64(y))
        else:
            if type(x) is ndarray:
                if first is None:
                    x = frozen(x)
                elif first.op is None:
                    if x.flags.writeable:
                        x = None
                        x = kept(first)
                elif first.more is not None and (first.op.view or type(first.more) is not tuple):
                    first = current(first)
                    x = first._data
            elif type(x) is not float and not isinstance(x, SCALARS):
                return unusual(op, a, b)
            if type(y) is ndarray:
                if second is None:
                    y = frozen(y)
                elif second.op is None:
                    if y.flags.writeable:
                        y = None
                        y = kept(second)
                elif second.more is not None and (second.op.view or type(second.more) is not tuple):
                    second = current(second)
                    y = second._data
            elif type(y) is not float and not isinstance(y, SCALARS):
                return unusual(op, a, b)
            try:
                data = forward(x, y)
            except Exception as error:
                raise misfit(op, (x, y), error) from error.__cause__
            if type(data) is not ndarray or not data.ndim:
                data = computed(data)
            elif data.size > LARGE:
                if first is not None:
                    release(first)
                if second is not None:
                    release(second)
        if modes and (watches or not recording()):
            return (
                aside(op, data, (first, second), (x, y))
                if watches
                else leaf(data, None, UNRECORDED)
            )
        value = new(Value)
        value._data = data
        value.op = op
        value.first = first
        value.second = second
        value.a = x
        value.b = y
        value.serial = next_serial()
        value._grad = value.more = value.name = None
        return value

    return call


def aside(
    op: Any, data: Any, parents: tuple, args: tuple, params: dict[str, Any] | None = None
) -> Value:
    """Return the result of an op where ops build no graph, or where some may be watched.

    `params` is None for an op of one or two arguments, which have slots of their own.
    """
    records, watchers = mode()
    if not records:
        value = leaf(data, None, UNRECORDED)
    else:
        value = bare(data)
        value.op = op
        if params is not None:
            value.more = (parents, args, params)
        elif len(args) == 1:
            (value.first,), (value.a,) = parents, args
        else:
            (value.first, value.second), (value.a, value.b) = parents, args
    for watcher in watchers:
        watcher.made(value, op, parents, args, params)
    return value


def record_of(op: Any) -> Callable[..., Any]:
    """Return `op.record` as a plain function, which can be a method of a class."""
    return (
        indexing(op) if op.index is not None else lambda *args, **params: op.record(*args, **params)
    )


def indexing(op: Any) -> Callable[..., Any]:
    """Return `record_of` an op with an index, of which parts may be computed in a trace."""

    def call(*args: Any, **params: Any) -> Any:
        if open_traces and (trace := tracer()) is not None:
            of_parts, args = trace.in_parts(op, args)
            return of_parts.record(*args, **params)
        return op.record(*args, **params)

    return call


def through_numpy(forward: Callable[..., Any]) -> Callable[..., float]:
    """Return `forward` for Python floats, computed by NumPy."""
    return lambda *args: float(computed(forward(*map(float64, args))))


def on_floats(op: Any, args: tuple) -> Any:
    """Apply an op of one or two arguments to Python floats; if Python raises, by NumPy."""
    try:
        return (op.scalar or through_numpy(op.forward))(*args)
    except (ArithmeticError, ValueError):
        return float(op.forward(*map(float64, args)))


def slowly(op: Any, *args: Any) -> Any:
    """Apply an op of one or two arguments to what the fast path does not take."""
    if all(type(x) is float for x in args):
        return on_floats(op, args)
    for x in args:
        if not isinstance(x, (*NUMBERS, Value, list, tuple)):
            if like(x) is x and not any(isinstance(a, Value) for a in args):
                return op.forward(*args)  # the class of x computes NumPy's functions itself
            raise TypeError(f"{op.name} takes numbers, arrays and Values, not {not_ours(x)}")
    args = tuple([np.asarray(x) if isinstance(x, (list, tuple)) else x for x in args])
    return op.record(*args)


def misfit(op: Any, args: tuple, error: Exception) -> Exception:
    """Return `error`, if it is a ValueError with the name of the op and the shapes it was given."""
    tell_trace(error)
    if not isinstance(error, ValueError):
        return error
    shapes = " and ".join(str(np.shape(x)) for x in args if isinstance(x, NUMBERS))
    rule = (
        "counted from the last axis, sizes must be equal or 1; reshape one of them"
        if op.elementwise
        else str(error)
    )
    kind = type(error)  # such as LinAlgError, which programs catch
    return kind(f"{op.name} of shapes {shapes} is not possible: {rule}")


def tell_trace(error: Exception) -> None:
    """Tell the trace, if there is one, of an error in an op, since a program may catch it."""
    if (trace := tracer()) is not None:
        trace.raised(error)
