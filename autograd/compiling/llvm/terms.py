"""Terms: numbers of a native function, which NumPy's functions and operators take.

A term answers NumPy's protocols by writing a line of LLVM's language. So an op is written by
running its own forward function on terms; there is one table of lines, for NumPy's ufuncs.
"""

from __future__ import annotations

import operator
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd.compiling.errors import NoNativeError

KINDS: dict[Any, str] = {
    np.dtype(np.float64): "double",
    np.dtype(np.float32): "float",
    np.dtype(bool): "i1",
}
LETTERS = {"double": "f64", "float": "f32"}
DOUBLE, BOOL = np.dtype(np.float64), np.dtype(bool)


class Term(NDArrayOperatorsMixin):
    """A number in a native function: its name there and its dtype."""

    __slots__ = ("dtype", "name", "writer")

    def __init__(self, writer: Writer, name: str, dtype: Any) -> None:
        self.writer, self.name, self.dtype = writer, name, dtype

    def __array_ufunc__(self, ufunc: Any, method: str, *given: Any, **params: Any) -> Any:
        if method != "__call__" or params:
            raise NoNativeError(f"{ufunc.__name__}.{method}")
        return self.writer.apply(ufunc, given)

    def __array_function__(self, function: Any, types: Any, given: Any, params: Any) -> Any:
        if params:
            raise NoNativeError(function.__name__)
        return self.writer.apply(function, given)

    def __pow__(self, p: Any) -> Any:
        return self.writer.apply(operator.pow, (self, p))

    def __rpow__(self, x: Any) -> Any:
        return self.writer.apply(operator.pow, (x, self))

    def __bool__(self) -> bool:
        raise NoNativeError("a choice")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise NoNativeError("an array")

    __float__ = __int__ = __index__ = __len__ = __iter__ = __bool__  # type: ignore[assignment]


class Writer:
    """The lines of a native function.

    Args:
        table: what writes each of NumPy's functions, from the writer and terms of one dtype.

    Attributes:
        lines: the text.
        faults: names of conditions under which Python would raise.
        callbacks: what the text calls in Python, and `by_python` for which ops.
        declared: functions outside that it calls.
    """

    def __init__(self, table: dict[Any, Callable[..., Term]]) -> None:
        self.table = table
        self.lines: list[str] = []
        self.faults: list[str] = []
        self.callbacks: list[Any] = []
        self.by_python: list[str] = []
        self.declared: set[str] = set()
        self.count = 0

    def emit(self, code: str, dtype: Any) -> Term:
        """Write a line, and return the term that it computes."""
        self.count += 1
        name = f"%t{self.count}"
        self.lines.append(f"{name} = {code}")
        return Term(self, name, dtype)

    def apply(self, function: Any, given: tuple) -> Term:
        """Write one of NumPy's functions."""
        write = self.table.get(function)
        if write is None:
            raise NoNativeError(getattr(function, "__name__", str(function)))
        return write(self, *given)

    # -- dtypes ----------------------------------------------------------------------------------

    def common(self, given: tuple, floats: bool = True) -> list[Term]:
        """Return terms in the dtype that NumPy would compute in.

        Args:
            given: terms and constants.
            floats: whether it has to be one of floats.
        """
        dtype = np.result_type(*[x.dtype if isinstance(x, Term) else x for x in given])
        if dtype not in KINDS or (floats and dtype == BOOL):
            raise NoNativeError(f"numbers of dtype {dtype}")
        return [self.cast(x, dtype) for x in given]

    def cast(self, x: Any, dtype: Any) -> Term:
        """Return a term or constant in a dtype."""
        if not isinstance(x, Term):
            if np.ndim(x) or isinstance(x, complex):
                raise NoNativeError("an array as a constant")
            return Term(self, literal(x, dtype), dtype)
        if x.dtype == dtype:
            return x
        old, new = KINDS[x.dtype], KINDS[dtype]
        if x.dtype == BOOL:
            one, zero = literal(1.0, dtype), literal(0.0, dtype)
            return self.emit(f"select i1 {x.name}, {new} {one}, {new} {zero}", dtype)
        if dtype == BOOL:
            return self.emit(f"fcmp une {old} {x.name}, {literal(0.0, x.dtype)}", dtype)
        return self.emit(
            f"{'fpext' if dtype == DOUBLE else 'fptrunc'} {old} {x.name} to {new}", dtype
        )

    # -- what tables are made of -----------------------------------------------------------------

    def choose(self, condition: Any, a: Term, b: Term) -> Term:
        """Write a choice between two terms of one dtype."""
        kind = KINDS[a.dtype]
        holds = self.cast(condition, BOOL).name
        return self.emit(f"select i1 {holds}, {kind} {a.name}, {kind} {b.name}", a.dtype)

    def compare(self, how: str, a: Term, b: Term) -> Term:
        """Write a comparison, such as "ogt"."""
        return self.emit(f"fcmp {how} {KINDS[a.dtype]} {a.name}, {b.name}", BOOL)

    def logical(self, how: str, a: Any, b: Any) -> Term:
        """Write "and", "or" or "xor" of two conditions."""
        return self.emit(f"{how} i1 {self.cast(a, BOOL).name}, {self.cast(b, BOOL).name}", BOOL)

    def intrinsic(self, name: str, *terms: Term) -> Term:
        """Write a call of a function that is LLVM's own and exact."""
        dtype = terms[0].dtype
        kind = KINDS[dtype]
        given = ", ".join(f"{kind} {x.name}" for x in terms)
        whole = f"llvm.{name}.{LETTERS[kind]}"
        self.declare(f"declare {kind} @{whole}({', '.join([kind] * len(terms))})")
        return self.emit(f"call {kind} @{whole}({given})", dtype)

    def declare(self, line: str) -> None:
        """Note a function outside."""
        self.declared.add(line)


def literal(x: Any, dtype: Any) -> str:
    """Return how a constant is written, to the last bit."""
    if dtype == BOOL:
        return "true" if x else "false"
    if isinstance(x, int) and abs(x) > 2**53:
        raise NoNativeError("a large integer")
    with np.errstate(over="ignore"):
        number = float(dtype.type(x))
    return f"0x{struct.pack('>d', number).hex().upper()}"
