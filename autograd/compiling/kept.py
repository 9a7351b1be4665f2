"""Standing: what stands for an array that is state of a program, while it is recorded."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.engine.modes import with_graph
from autograd.engine.state import Kept as Kept
from autograd.engine.traced import Traced
from autograd.engine.tracing import tracer
from autograd.engine.value import Value, held


class Standing(Traced):
    """A Value that stands for a Kept array while a function is recorded, and changes as one does.

    What is read is a copy, where an array would give a view: `x[:2] += 1` is right all the same,
    since Python writes the result back, and other changes of a view are refused. It holds the array
    where a computed Value holds its first argument.
    """

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        part: Any = super().__getitem__(index).detach()
        if part.ndim and tracer() is not None:
            part.__class__ = Standing
        return part

    def __setitem__(self, index: Any, new: Any) -> None:
        if index is Ellipsis or (type(index) is tuple and not index):
            same = np.shape(new) == self.shape
            self.become(new if same else np.broadcast_to(new, self.shape))
            return
        changed = self.detach()
        with with_graph():
            changed[index] = new
        self.become(changed)

    def become(self, new: Any) -> None:
        """Hold new numbers, in the dtype of the array, until the recording is over."""
        trace = tracer()
        if trace is not None:
            trace.assign(self, new)
        else:  # another thread has found this while a function is recorded
            array_of(self)[...] = held(new) if isinstance(new, Value) else new


def in_place(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return the operator that writes the result of an operation into an array."""

    def operate(self: Standing, other: Any) -> Standing:
        new = operation(self.detach(), other)
        if np.shape(new) != self.shape or not np.can_cast(new.dtype, self.dtype, "same_kind"):
            raise TypeError(f"{operation.__name__} in place gives other than {self.dtype} here")
        self.become(new)
        return self

    return operate


def array_of(value: Any) -> Any:
    """Return the array that a Standing stands for; None for a part of one."""
    return value.a


for _name in "add sub mul truediv floordiv mod pow matmul and_ or_ xor".split():
    setattr(Standing, f"__i{_name.strip('_')}__", in_place(getattr(operator, _name)))
