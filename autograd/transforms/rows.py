"""The numbers that a loop handles: rows of columns, states, and what kind of numbers they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.engine.arrays import NUMBERS, like
from autograd.engine.ownership import kept
from autograd.engine.primitive import Primitive
from autograd.engine.value import Value, leaf
from autograd.ops.elementwise import positive
from autograd.ops.plain import raw
from autograd.transforms.checkpoint import OPEN, fixed, in_dtype, is_random
from autograd.transforms.seeds import learning

Row = list[Any]  # numbers, arrays, Values, or anything that is only handed on

# A Python float leaves the precision to arrays that it meets, an np.float64 does not.
weak = Primitive("float", float, vjps=[lambda g, y, x: g])


def row_of(columns: Row, t: int) -> Row:
    """Return row t of each column."""
    return [x if x is None or x is OPEN else x[t] for x in columns]


def as_kept(x: Any) -> Any:
    """Return the numbers of a Value, or anything else, in a form that stays as it is."""
    return kept(x.current()) if learning(x) else fixed(x)


def entry(x: Any, numbers: Any) -> Any:
    """Return what a turn gets for `x`: for a Value one of its own, without a history."""
    return leaf(numbers) if learning(x) else x if is_random(x) else numbers


def new_node(x: Any) -> Value:
    """Return a node that is equal to a number, an array or a Value."""
    return positive(x) if isinstance(x, Value) else leaf(x)


@dataclass(frozen=True)
class Kind:
    """What kind of number a number is.

    Attributes:
        dtype: its dtype; None for a Python float.
    """

    dtype: np.dtype | None

    def of(self, x: Any) -> Any:
        """Return a number or an array, raw or in a Value, as one of this kind."""
        data = raw(x)
        if type(data) is float if self.dtype is None else np.result_type(data) == self.dtype:
            return x
        return in_dtype(x, self.dtype) if self.dtype else weak(np.real(x))


def kind_of(number: Any) -> Kind:
    """Return the kind of a number or an array."""
    return Kind(None if type(number) is float else np.result_type(number))


def nonzero(x: Any) -> Any:
    """Return None for numbers that are all 0, which no later derivative can change."""
    return x if x is None or isinstance(x, Value) or np.any(x) else None


def added(sums: Row, summands: Row) -> Row:
    """Return sums with one more summand each, None standing for 0."""
    if not sums:
        return summands
    pairs = zip(sums, summands, strict=True)
    return [a if b is None else b if a is None else a + b for a, b in pairs]


def stacked_rows(rows: dict[int, Row]) -> Row:
    """Return columns that have these rows; None for one that is None in every row."""
    columns = zip(*[rows[t] for t in sorted(rows)], strict=True)
    return [stacked_column(list(column)) for column in columns]


def stacked_column(parts: Row) -> Any:
    """Return numbers side by side along a new first axis."""
    return None if all(part is None for part in parts) else np.stack(parts)


def is_numeric(x: Any) -> bool:
    """Whether `x` is a number, an array, a Value, or an array that computes for itself."""
    return isinstance(x, (Value, *NUMBERS)) or like(x) is x


def shape_of(x: Any) -> tuple[int, ...]:
    """Return the shape of a number, an array or a Value."""
    return x.shape if isinstance(x, (Value, np.ndarray)) else np.shape(x)
