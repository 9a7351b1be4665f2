"""A Value in Python's and NumPy's protocols: attributes of an array, dispatch, conversions, repr.

What would silently drop a gradient, such as float(v) or np.array(v), is an error that says what to
write instead, until nothing can be lost any more. The operators and methods come from
`composed/methods.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from autograd.engine.aliases import current, is_view
from autograd.engine.arrays import SCALARS, Foreign, as_numpy, learns
from autograd.engine.contributions import foreign_in
from autograd.engine.differentiating import is_differentiated
from autograd.engine.dispatch import DroppedGradientError, answer, there
from autograd.engine.ownership import kept
from autograd.engine.recall import has_grad
from autograd.engine.signatures import Signatures
from autograd.engine.tracing import open_traces, tracer
from autograd.engine.trees import leaves
from autograd.engine.unreached import computed_without_graph

TO_FILL = (
    "to fill an array, as in a[i] = v, create it with np.zeros_like(v) or Value(np.zeros(n)); for "
    "an array of objects write autograd.array(a)"
)


class Protocols(Signatures):
    """The methods of a Value that Python and NumPy call."""

    __slots__ = ()
    _data: Any
    _grad: Any
    op: Any
    name: str | None

    if TYPE_CHECKING:
        more: Any

        @property
        def parents(self) -> tuple[Any, ...]: ...

    # -- attributes of an array --------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the data, () for a scalar."""
        return () if type(self._data) is float else self._data.shape

    @property
    def dtype(self) -> np.dtype:
        """The NumPy dtype of the data, float64 for a Python float."""
        return np.dtype(float) if type(self._data) is float else self._data.dtype

    @property
    def ndim(self) -> int:
        """The number of dimensions, 0 for a scalar."""
        return 0 if type(self._data) is float else self._data.ndim

    @property
    def size(self) -> int:
        """The number of entries, 1 for a scalar."""
        return 1 if type(self._data) is float else self._data.size

    @property
    def has_grad(self) -> bool:
        """Whether a backward pass has left a gradient here since the last `zero_grad()`.

        Example:
            >>> from autograd import Value
            >>> w = Value([1.0, 2.0])
            >>> w.grad, w.has_grad
            (array([0., 0.]), False)
        """
        plain = self.op is None and self.more is None
        return self._grad is not None if plain else has_grad(self)

    def item(self) -> Any:
        """Return the only entry of this Value as a Python number.

        Raises:
            ValueError: there are more entries, or none.
        """
        if self.size != 1:
            raise ValueError(
                f"item() needs a Value with one entry, not one of shape {self.shape}; "
                "use v.numpy() for all its entries"
            )
        if open_traces and (trace := tracer()):
            return np.asarray(trace.leaving(self, "v.item()")).item()
        return self._data if type(self._data) is float else current(self)._data.item()

    def numpy(self) -> Any:
        """Return the data as a NumPy array that cannot be written to, without a copy."""
        if open_traces and (trace := tracer()):
            return trace.taken_out(self, "v.numpy()")
        data = current(self)._data
        if isinstance(data, Foreign):
            return data
        if type(data) is not ndarray or (self.op is None and data.flags.writeable):
            data = np.asarray(data).view()
        if data.flags.writeable:
            data.setflags(write=False)
        return data

    # -- NumPy's two dispatch protocols --------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **params: Any) -> Any:
        try:
            if method == "__call__":
                return answer(ufunc, ufunc.__name__, args, params)
            return answer((ufunc, method), f"{ufunc.__name__}.{method}", args, params)
        except TypeError:
            if any(is_stranger(x) and hasattr(x, "__array_ufunc__") for x in args):
                return NotImplemented  # NumPy asks the others
            raise

    def __array_function__(self, function: Any, types: Any, args: Any, params: Any) -> Any:
        try:
            return answer(function, function.__name__, args, params)
        except TypeError:
            if (engine := foreign_in([x for _, x in leaves(args)])) is not None:
                return engine.applied(function, args, params)
            if all(issubclass(kind, (Protocols, ndarray, Foreign)) for kind in types):
                raise
            return NotImplemented  # NumPy asks the others

    # -- conversions: what would silently drop a gradient is an error ------------------------

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if open_traces and (trace := tracer()):
            return np.array(trace.leaving(self, "an array made from v"), dtype=dtype)
        to_integers = dtype is not None and np.dtype(dtype).kind in "biu"
        if to_integers or not learns(self._data) or is_finished(self):
            return np.array(current(self)._data, dtype=dtype)
        way = "v.numpy()" if self.ndim else "v.item()"
        raise DroppedGradientError(
            f"write {way} where no gradient is needed: turning this Value into a plain NumPy "
            f"array would drop its gradient{there()}\n"
            "where it is needed, write autograd.array([...]) for a list of Values, or use `import "
            f"autograd.numpy as np`; {TO_FILL}"
        )

    def __float__(self) -> float:
        return float(self._number("float"))

    def __int__(self) -> int:
        return int(self._number("int"))

    def __complex__(self) -> complex:
        return complex(self._number("complex"))

    def __index__(self) -> int:
        return index(self._number("index"))

    def _number(self, name: str) -> Any:
        if open_traces and (trace := tracer()):
            return trace.leaving(self, f"{name}(v)")
        if not learns(self._data) or is_finished(self):
            return current(self)._data
        raise DroppedGradientError(
            f"write v.item() where no gradient is needed: {name}() of a Value would drop its "
            f"gradient{there()}\n"
            "where it is needed, use the functions of NumPy or autograd (np.exp(v), v.exp()); "
            f"{TO_FILL}"
        )

    # -- Python's protocols --------------------------------------------------------------

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        if open_traces and (trace := tracer()):
            return bool(trace.leaving(self, "if v"))
        return bool(current(self)._data)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a scalar Value")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, item: Any) -> bool:
        if open_traces and tracer():
            return bool(np.any(self == item))
        return bool(np.any(current(self)._data == getattr(item, "_data", item)))

    def __repr__(self) -> str:
        if open_traces and (trace := tracer()):
            return trace.shown(self)
        data = current(self)._data
        numbers = (
            np.array2string(data, separator=", ", prefix="Value(", threshold=20)
            if isinstance(data, ndarray) and data.ndim
            else repr(data if type(data) is float else data.item())
        )
        dtype = "" if self.dtype == float else f", dtype={self.dtype}"
        grad = f", grad={self._grad!r}" if type(self._grad) is float else ""
        name = f", name={self.name!r}" if self.name else ""
        return f"Value({numbers}{dtype}{grad}{name})"

    def __format__(self, spec: str) -> str:
        if open_traces and (trace := tracer()):
            return trace.shown(self)
        return format(current(self)._data, spec) if spec else str(self)

    # -- views and changes in place, which `inplace` explains ------------------------------

    def is_view(self) -> bool:
        """Whether this is a view of another Value's memory, such as `w[0]` or `w.T`."""
        return is_view(self)

    def current(self) -> Any:
        """Return this Value; if it is a view of one that has changed since, a new view of that."""
        return current(self)

    def origin(self) -> Any:
        """Return the Value this one was before it was changed in place."""
        former = getattr(self.more, "former", None)
        return self if former is None else former

    # -- names of other packages -----------------------------------------------------------

    @property
    def _value(self) -> Any:
        """The numbers, read-only: HIPS autograd's name."""
        if open_traces and (trace := tracer()):
            return trace.taken_out(self, "v._value")
        return as_numpy(kept(current(self)))

    @property
    def _prev(self) -> set[Any]:
        """The Values that this one was computed from: micrograd's name."""
        return {parent for parent in self.parents if parent is not None}

    @property
    def _op(self) -> str:
        """The symbol of the op that computed it: micrograd's name."""
        return self.op.symbol if self.op is not None else ""


def is_finished(value: Any) -> bool:
    """Whether a Value can become a plain number without loss: nothing is left to differentiate.

    That is so if it has no history on purpose, or if its own backward pass has run.
    """
    value = current(value)
    if value.op is None:
        return computed_without_graph(value)
    done = value._grad is not None and not isinstance(value._grad, Protocols)
    return done and not is_differentiated(value)


def is_stranger(x: Any) -> bool:
    """Whether the class of `x` is one that ops do not take, or that overrides NumPy's functions."""
    kind = type(x)
    if issubclass(kind, (Protocols, Foreign)):
        return False
    if hasattr(kind, "__array_ufunc__"):
        return kind.__array_ufunc__ is not ndarray.__array_ufunc__
    if issubclass(kind, (list, tuple)):
        return getattr(kind, "__array_priority__", 0) > 0
    return not issubclass(kind, SCALARS)
