"""Traces: what else than ops a recording of a program has to be told.

While a program is traced (`autograd/compiling`), its numbers are Values, and a watcher notes its
ops. What is no op asks `tracer()`: numbers that leave a Value, new data for a leaf, gradients that
a backward pass leaves behind. Without an open trace this costs a look at an empty set.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Protocol


class Tracer(Protocol):
    """What records a program, beside the ops that it sees as a `modes.Watcher`.

    Attributes:
        is_general: whether the numbers at hand stand for others too, as those of a turn of a loop.
    """

    is_general: bool

    def leaving(self, value: Any, way: str) -> Any:
        """Return the numbers of a Value that leave the graph as plain numbers, or raise.

        Args:
            value: the Value.
            way: what the program wrote, such as "float(v)".
        """

    def hashed(self, value: Any) -> None:
        """Raise if a program looks a number up, in a dict for example."""

    def taken_out(self, value: Any, way: str) -> Any:
        """Return what a program gets for the plain numbers of a Value: see `leaving`, `plain`."""

    def shown(self, value: Any) -> str:
        """Return how a Value is written while its numbers are not known, or raise."""

    def plain(self, value: Any) -> Any:
        """Return a Value without history in place of the plain numbers of `value`."""

    def detached(self, new: Any, old: Any) -> Any:
        """Note that a new leaf has the numbers of another Value, and return it."""

    def assign(self, leaf: Any, new: Any) -> None:
        """Give a leaf new data, a Value or numbers, until the trace ends."""

    def as_float(self, value: Any) -> Any:
        """Return a Value of one number as a float of Python's would be."""

    def changing(self, root: Any) -> None:
        """Raise if a Value from outside is about to be changed in place."""

    def applied(self, function: Any, args: tuple, params: dict[str, Any]) -> Any:
        """Return the result of a function without derivative as a Value."""

    def in_parts(self, op: Any, args: tuple) -> tuple[Any, tuple]:
        """Return an op and its arguments, each Value in a tuple an argument of its own."""

    def expect_no_nan(self, gradients: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        """Note that the walk is right unless a gradient holds a NaN; return those that count.

        Args:
            gradients: pairs (leaf, gradient); those of arguments, which are plain numbers in the
                program that is traced, do not count.
        """

    def pulled(self, op: Any, rule: Any, given: tuple, params: dict[str, Any]) -> Any:
        """Return what the rule of an op contributes to a gradient, given (g, y, *args)."""

    def grad_of(self, leaf: Any) -> Any:
        """Return the gradient that a Value holds, None for none."""

    def set_grad(self, leaf: Any, grad: Any) -> None:
        """Let a Value hold a gradient, None for none, until the trace ends."""

    def attribute(self, owner: Any, name: str) -> Any:
        """Return the number in an attribute as a Value that is read anew at each call."""

    def setting(self, owner: dict[str, Any], name: str) -> Any:
        """Return a number in a dict, or a tuple of them, as Values that are read anew."""

    def raised(self, error: Exception) -> None:
        """Note that an op raises an error, which the program may catch and do something else."""

    def impossible(self, why: str) -> None:
        """Raise: what happens at this point cannot be recorded, as it may elsewhere."""


open_traces: set[Any] = set()
traced_by: ContextVar[Any] = ContextVar("traced_by", default=None)


def tracer() -> Any:
    """Return the Tracer of what runs here and now, None if it is not traced."""
    return traced_by.get() if open_traces else None


def put(value: Any, slot: str, x: Any) -> None:
    """Set the "data" or "grad" of a Value for a while."""
    setattr(value, slot_named(slot), x)


def slot_named(slot: str) -> str:
    """Return the name of the slot that holds the "data" or "grad" of a Value."""
    return f"_{slot}"
