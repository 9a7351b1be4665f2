"""Calls: watch a network while it runs, to learn which part of it made which nodes.

A module is a plain object, and calling it runs its class's `__call__`. Watching replaces this
method and puts it back afterwards, so a network that nobody watches pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from autograd.engine.graph import next_serial

# By the class whose `__call__` is watched; `Watch` does not hold `seen`, which may hold the Watch.
WATCHES: dict[type, dict[Watch, Callable[[Call], None]]] = {}


@dataclass
class Call:
    """One call of a module.

    Attributes:
        module, args, output: what was called, with what, and what it returned.
        first, last: the call made the nodes with serials between these two.
    """

    module: Any
    args: tuple
    output: Any
    first: int
    last: int


class Watch:
    """Report every call of some modules, from now until `close()`, or within a `with` block.

    Args:
        modules: the modules.
        seen: called with a Call each time a module has returned; inner calls come first.

    Example:
        >>> from autograd import Value
        >>> class Double:
        ...     def __call__(self, x):
        ...         return x + x
        >>> double = Double()
        >>> with Watch([double], lambda call: print(type(call.module).__name__, call.output)):
        ...     y = double(Value(2.0))
        Double Value(4.0)
    """

    def __init__(self, modules: Iterable[Any], seen: Callable[[Call], None]) -> None:
        self.modules = {id(module): module for module in modules}
        self.classes = {call_owner(type(module)) for module in self.modules.values()} - {None}
        for cls in self.classes:
            if cls not in WATCHES:
                WATCHES[cls] = {}
                cls.__call__ = watched(cls, cls.__call__)
            WATCHES[cls][self] = seen

    def close(self) -> None:
        """Stop watching."""
        for cls in self.classes:
            del WATCHES[cls][self]
            if not WATCHES[cls]:
                del WATCHES[cls]
                cls.__call__ = cls.__call__.__wrapped__
        self.classes = set()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()


def call_owner(cls: type) -> Any:
    """Return the class that defines the `__call__` of `cls`, None if there is none."""
    return next((c for c in cls.__mro__ if "__call__" in vars(c)), None)


def watched(cls: type, call: Callable[..., Any]) -> Callable[..., Any]:
    """Return `call`, wrapped so that it reports to its watches."""

    @wraps(call)
    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        told = [seen for watch, seen in [*WATCHES[cls].items()] if id(self) in watch.modules]
        if not told:
            return call(self, *args, **kwargs)
        first = next_serial()
        output = call(self, *args, **kwargs)
        made = Call(self, args, output, first, next_serial())
        for seen in told:
            seen(made)
        return output

    return __call__
