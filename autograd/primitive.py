"""Primitive: what an op is, defined once; and no_grad."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from threading import get_ident
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.arrays import SCALARS, frozen, normal
from autograd.value import NOTHING, NUMPY, Value, leaf, next_serial

PRIMITIVES: dict[str, Primitive] = {}  # every op by name, in order of definition
paused: set[int] = set()  # the threads inside no_grad


@dataclass(eq=False, repr=False)
class Primitive:
    """An op: everything the rest of the project knows about it.

    Calling it with raw numbers gives raw numbers; with a Value among its positional
    arguments it gives a Value and, outside `no_grad`, a new node of the graph.

    Args:
        name: what it is called in messages.
        forward: raw arguments -> raw result, with NumPy's own signature.
        vjps: for each positional argument its vector-Jacobian product, a function
            `(g, y, *args, **params)` of the gradient of the result, the result and the
            arguments, which returns the gradient of the argument, broadcast or not (None:
            no gradient).  Write it with NumPy functions and ops of this package, so that it
            runs on raw arrays for a first derivative and on Values for a higher one.
        numpy: the NumPy functions it answers for when they meet a Value.
        scalar: `forward` on Python floats, only faster.  Where it raises, `forward` is asked.
        add_into: `(total, g, *args, **params)`, the only vjp added into an array, only faster.
        symbol: how to draw it; its name if left out.
        domain: for each argument the interval that tests draw from, for elementwise ops.
        samples: `rng -> [(args, params), ...]` for tests of all other ops; those arguments
            that are differentiated come first.
        elementwise: each entry of the result depends on one entry of each argument.
        view: the result may share memory with the first argument.

    Example:
        >>> cube = Primitive("cube", lambda x: x**3, vjps=[lambda g, y, x: g * 3 * x**2])
        >>> x = Value(2.0)
        >>> y = cube(x)
        >>> y.backward()
        >>> y.data, x.grad
        (8.0, 12.0)
    """

    name: str
    forward: Callable[..., Any]
    vjps: Iterable[Callable[..., Any]] = ()
    numpy: Sequence[Any] = ()
    scalar: Callable[..., float] | None = None
    add_into: Callable[..., None] | None = None
    symbol: str = ""
    domain: Sequence[tuple[float, float]] = ()
    samples: Callable[[np.random.Generator], list[tuple[tuple, dict]]] | None = None
    elementwise: bool = False
    view: bool = False
    call: Callable[..., Any] = field(init=False)

    def __post_init__(self) -> None:
        self.symbol = self.symbol or self.name
        arity = len(self.domain) if self.elementwise else 0
        self.call = unary(self) if arity == 1 else binary(self) if arity == 2 else general(self)
        self.__doc__ = f"{self.name}: see the NumPy function of that name, or autograd.ops."

    def __repr__(self) -> str:
        return f"Primitive({self.name})"

    def __call__(self, *args: Any, **params: Any) -> Any:
        return self.call(*args, **params)

    def record(self, *args: Any, **params: Any) -> Any:
        """Apply the op to any arguments; `unary` and `binary` are this, only faster."""
        parents = tuple([a if isinstance(a, Value) else None for a in args])
        if all(parent is None for parent in parents):
            return self.forward(*args, **params)
        if paused and get_ident() in paused:
            raw = [a._data if isinstance(a, Value) else a for a in args]
            return leaf(normal(self.forward(*raw, **params)))
        raw = tuple([a.kept() if isinstance(a, Value) else frozen(a) for a in args])
        try:
            data = normal(self.forward(*raw, **params))
        except ValueError as error:
            raise misfit(self, raw, error) from None
        return node(self, data, raw, parents, params or NOTHING)


def define(name: str, forward: Callable[..., Any], **fields: Any) -> Primitive:
    """Make a primitive, list it, and let it answer for its NumPy functions."""
    op = PRIMITIVES[name] = Primitive(name, forward, **fields)
    for function in op.numpy:
        NUMPY[function] = op.call
    return op


def elementwise(
    name: str, forward: Callable[..., Any], *partials: Callable[..., Any], **fields: Any
) -> Primitive:
    """Define an elementwise op by its partial derivatives `(y, *args)`: the chain rule, once."""
    if len(partials) == 1:
        (slope,) = partials
        fields.setdefault("vjps", (lambda g, y, x: g * slope(y, x),))
    fields.setdefault("vjps", tuple(partial(_chain, slope) for slope in partials))
    fields.setdefault("domain", ((-3.0, 3.0),) * len(fields["vjps"]))
    if isinstance(forward, np.ufunc):
        fields.setdefault("numpy", (forward,))
    return define(name, forward, elementwise=True, **fields)


def _chain(slope: Callable[..., Any], g: Any, y: Any, *args: Any) -> Any:
    return g * slope(y, *args)


class Each:
    """The vjps of an op of any number of arguments, from one rule `(i, g, y, *args)`."""

    def __init__(self, rule: Callable[..., Any]) -> None:
        self.rule = rule

    def __iter__(self) -> Iterator[Callable[..., Any]]:
        return (partial(self.rule, i) for i in count())


def misfit(op: Primitive, args: tuple, error: ValueError) -> ValueError:
    """Return `error` with the op and the shapes it met."""
    shapes = " and ".join(str(x.shape) for x in args if isinstance(x, ndarray))
    rule = (
        "sizes must be equal or 1, counted from the last axis; reshape one of them"
        if op.elementwise
        else str(error)
    )
    return ValueError(f"{op.name} of shapes {shapes} is not possible: {rule}")


def node(op: Primitive, data: Any, args: tuple, parents: tuple, params: dict[str, Any]) -> Value:
    """Return a new node of the graph."""
    value = new(Value)
    value._data, value._grad, value.op, value.args = data, None, op, args
    value.first, value.second = parents[0], parents[1] if len(parents) > 1 else None
    value.rest = parents if len(parents) > 2 else None
    value.params, value.serial, value.name = params, next_serial(), None
    return value


# ------------------------------------------------------------------------------------------
# The eager fast path: `Primitive.record` specialised for one and two arguments.  Each does
# exactly what `record` does; tests hold them against it.  Written out, because a call or a
# loop here is a tenth of the time of an op.

new = Value.__new__


def unary(op: Primitive) -> Callable[..., Any]:
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


def binary(op: Primitive) -> Callable[..., Any]:
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


def general(op: Primitive) -> Callable[..., Any]:
    """Return `op.record` as a function, which binds as a method."""
    return lambda *args, **params: op.record(*args, **params)


def raw_or_record(op: Primitive, args: tuple, params: dict[str, Any]) -> Any:
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
        return op.forward(*args)
    return op.record(*[np.asarray(x) if isinstance(x, (list, tuple)) else x for x in args])


# ------------------------------------------------------------------------------------------


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without a graph, in this thread: as a context manager or a decorator.

    Example:
        >>> x = Value(2.0)
        >>> with no_grad():
        ...     y = x * x
        >>> y.data, y.op
        (4.0, None)
        >>> @no_grad()
        ... def predict(x):
        ...     return x * x
    """
    thread = get_ident()
    outermost = thread not in paused
    paused.add(thread)
    try:
        yield
    finally:
        if outermost:
            paused.discard(thread)
