"""Unasked: functions that become native code of themselves, once they ran as long as that takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy import ndarray

from autograd.compiling.llvm import has_llvm

# Entries that NumPy's loops change, a few times each, in about the time that compiling takes.
ENOUGH = 2**26
CALL = 10_000  # how many of them take as long as what comes with each call


class Natives(dict[Any, "Unasked"]):
    """What became of an object's functions, by form: no compiled function watches it."""


class Unasked:
    """A function of floats and arrays, of one form as a rule, which goes native after a while.

    Nobody asked for that, so nothing but the time may show it: it gives the same bits and writes
    over no array that someone may read. Only NumPy's warnings of an overflow are no longer there.
    Numbers of another form than those that the native code was made for, such as a state that was
    loaded in another dtype, are left to the function itself.

    Args:
        f: the function, whose first argument is an array as large as any. It returns a list of
            numbers, which depend on nothing that changes but the arguments.
    """

    def __init__(self, f: Callable[..., list[Any]]) -> None:
        self.f = f
        self.entries = 0
        self.native: Callable[..., list[Any] | None] | None = None
        self.forms: list[Any] = []

    def __call__(self, first: Any, *rest: Any) -> list[Any]:
        """Call the function."""
        if self.native is not None:
            if forms_of(first, *rest) == self.forms:
                found = self.native([first, *rest])
                if found is not None:
                    return found
        elif self.entries < ENOUGH:
            self.entries += first.size + CALL
            if self.entries >= ENOUGH and has_llvm():
                from autograd.compiling.native import as_native  # most programs need none of it

                self.native = as_native(self.f, (first, *rest))
                self.forms = forms_of(first, *rest)
        return self.f(first, *rest)


def forms_of(*numbers: Any) -> list[Any]:
    """Return what native code takes for granted of numbers: types, and dtypes and shapes."""
    return [(x.dtype, x.shape) if type(x) is ndarray else type(x) for x in numbers]
