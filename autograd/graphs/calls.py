"""Calls: watch a network while it runs, to learn which part of it made which nodes.

A module is a plain object, and calling it runs its class's `__call__`. Watching replaces this
method and puts it back afterwards, so a network that nobody watches pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from weakref import ref

from autograd.engine.blocks import Block
from autograd.engine.graph import next_serial
from autograd.engine.modes import watching
from autograd.engine.tracing import tracer

WATCHES: dict[type, list[ref[Watch]]] = {}  # by the class whose `__call__` is watched


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


class Watch(Block):
    """Report every call of some modules, from now until `close()`, or within a `with` block.

    A watch that nobody holds any more ends, too.

    Args:
        modules: the modules.
        seen: called with a Call each time a module has returned; inner calls come first. A
            subclass may define a method `seen` instead.

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

    __slots__ = ("__weakref__", "me", "modules", "report")

    def __init__(self, modules: Iterable[Any], seen: Callable[[Call], None] | None = None) -> None:
        super().__init__()
        self.modules = {id(module): module for module in modules}
        self.report = seen
        me = ref(self, unwatch)  # when nobody holds this watch any more
        self.me: ref[Watch] | None = me
        try:
            for cls in {call_owner(type(module)) for module in self.modules.values()} - {None}:
                if cls not in WATCHES:
                    call = watched(cls, cls.__call__)
                    WATCHES[cls] = []  # no interrupt comes between this line and the next
                    cls.__call__ = call
                WATCHES[cls].append(me)
        except BaseException:
            self.close()
            raise

    def seen(self, call: Call) -> None:
        """Hear of a call."""
        if self.report is not None:
            self.report(call)

    def close(self) -> None:
        """Stop watching."""
        if self.me is not None:
            unwatch(self.me)
            self.me = None

    end = close


def unwatch(watch: ref[Watch]) -> None:
    """Take a watch off all classes, and put back the `__call__` of those that nobody watches."""
    for cls, watches in list(WATCHES.items()):
        if watch in watches:
            watches.remove(watch)
        if not watches:
            call: Any = cls.__call__
            cls.__call__ = call.__wrapped__  # type: ignore[method-assign]
            del WATCHES[cls]


def is_seen() -> bool:
    """Whether something looks at single ops or calls, here and now, so that they must be made."""
    return bool(WATCHES) or tracer() is not None or bool(watching())


def call_owner(cls: type) -> Any:
    """Return the class that defines the `__call__` of `cls`, None if there is none."""
    return next((c for c in cls.__mro__ if "__call__" in vars(c)), None)


def watched(cls: type, call: Callable[..., Any]) -> Callable[..., Any]:
    """Return `call`, wrapped so that it reports to its watches."""

    @wraps(call)
    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:
        alive = [watch() for watch in WATCHES.get(cls, ())]
        watches = [watch for watch in alive if watch is not None and id(self) in watch.modules]
        if not watches:
            return call(self, *args, **kwargs)
        first = next_serial()
        output = call(self, *args, **kwargs)
        told = Call(self, args, output, first, next_serial())
        for watch in watches:
            watch.seen(told)
        return output

    return __call__
