"""Numbers that leave the graph of a recorded run, and what the run gets for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.compiling.errors import NotHereError, TracingError, caller, line
from autograd.compiling.indices import SHAPED_BY_NUMBERS, in_parts, shapes_vary
from autograd.compiling.node import Entries, Node
from autograd.engine.arrays import normal
from autograd.engine.owners import is_ours
from autograd.engine.primitive import Primitive
from autograd.engine.trees import leaves
from autograd.engine.value import Value, held, leaf

REMEDIES = {
    "if v": "write np.where(condition, a, b) for a choice, or autograd.scan for a loop",
    "v.numpy()": "use v itself, np.sum(v) instead of v.numpy().sum()",
    "an array made from v": "use NumPy's functions on v itself; index with autograd.Value(a)[v]",
    "v shown": "print results after the call",
}
OTHERWISE = "use NumPy's functions on v itself, or give the number as a static argument, an int"


class Leaving:
    """The part of a Recording that answers where a Value is turned into plain numbers."""

    nodes: dict[int, Node]
    guards: list[tuple[Node, Any]]
    kept: list[Value]
    failed: TracingError | None
    error: Exception | None

    def node_of(self, value: Any) -> Node:
        raise NotImplementedError

    def note(self, value: Any, op: Any, args: tuple, params: dict[str, Any]) -> Node:
        raise NotImplementedError

    def sources(self, value: Any) -> Iterator[Any]:
        """Yield the arguments, and the numbers from outside, that a Value depends on."""
        waiting, seen = [self.node_of(value)], set()
        while waiting:
            node = waiting.pop()
            if node.source is not None:
                yield node.source
            new = [p for p in node.parents if p not in seen]
            seen.update(new)
            waiting += new

    def depends(self, value: Any) -> bool:
        """Whether a Value depends on an argument, or on numbers from outside."""
        return next(self.sources(value), None) is not None

    def is_watched(self, value: Any) -> bool:
        """Whether a Value depends on Kept arrays alone: a program can hold while it is the same."""
        return {type(source) for source in self.sources(value)} == {Entries}

    def in_parts(self, op: Any, args: tuple) -> tuple[Any, tuple]:
        """Return an op and its arguments, an index of several parts as an argument for each.

        It stays as it is if no part of it is computed.
        """
        place = op.index
        index: Any = args[place] if place < len(args) else None
        parts = [x for x in index if isinstance(x, Value)] if type(index) is tuple else []
        if all(map(self.is_watched, parts)):
            return op, args
        return in_parts(op, len(index)), (*args[:place], *index, *args[place + 1 :])

    def static(self, index: tuple, op: Any) -> tuple:
        """Return an index of several parts with numbers in place of Values."""
        parts = [x for x in index if isinstance(x, Value)]
        if not all(map(self.is_watched, parts)):
            raise NotHereError(f"{op.name} takes several Values in one tuple")
        return tuple([self.leaving(x, "an index") if isinstance(x, Value) else x for x in index])

    def leaving(self, value: Any, way: str) -> Any:
        """Return numbers that leave the graph; our own code may look at some, and is watched."""
        node, numbers = self.node_of(value), held(value.current())
        if not self.depends(value):
            return numbers
        frame = caller()
        if not is_ours(frame.f_code.co_filename) and not self.is_watched(value):
            raise self.refusal(way, frame)
        self.guards.append((node, numbers))
        return numbers

    def taken_out(self, value: Any, way: str) -> Any:
        """Return a Value for numbers that our own code goes on with."""
        if self.is_watched(value) and value.dtype.kind == "b":  # a mask, which makes shapes
            return self.leaving(value, way)
        frame = caller()
        if self.depends(value) and not is_ours(frame.f_code.co_filename):
            raise self.refusal(way, frame)
        return self.plain(value)

    def shown(self, value: Any) -> str:
        """Refuse to write numbers that are not known, except in our own messages."""
        frame = caller()
        if self.depends(value) and not is_ours(frame.f_code.co_filename):
            raise self.refusal("v shown", frame)
        return "Value(…)"

    def hashed(self, value: Any) -> None:
        """Refuse a number as a key, since a Value is another key."""
        frame = caller()
        if not is_ours(frame.f_code.co_filename):
            raise self.refusal("a look-up by v", frame)

    def refusal(self, way: str, frame: Any) -> TracingError:
        """Return the error for numbers that a program takes out of the graph."""
        remedy = REMEDIES.get(way, OTHERWISE)
        self.failed = TracingError(
            f"{remedy}: {way} takes out a number which is another at each call, and a compiled "
            f"function would repeat that of its first{line(frame)}"
        )
        return self.failed

    def raised(self, error: Exception) -> None:
        """Note the error of an op: what is done about it holds for these numbers alone."""
        self.error = error

    def impossible(self, why: str) -> None:
        """Raise: this point cannot be recorded."""
        raise NotHereError(why)

    def plain(self, value: Any) -> Any:
        """Return a leaf with the same numbers, as `detach` does."""
        new = leaf(held(value.current()))
        node = self.node_of(value)
        self.nodes[new.serial] = node
        self.kept.append(new)
        return new

    def detached(self, new: Any, old: Any) -> Any:
        """Note that two Values have the same numbers."""
        self.nodes[new.serial] = self.node_of(old)
        self.kept.append(new)
        return new

    def applied(self, function: Callable[..., Any], args: tuple, params: dict[str, Any]) -> Any:
        """Record a function without a derivative; its result may be an array of ints."""
        traced = [x for x in args if isinstance(x, Value)]
        inside = [x for _, x in leaves((args, params)) if isinstance(x, Value)]
        if len(inside) != len(traced):
            raise NotHereError(f"{function.__name__} takes a list of Values")
        raw = [held(x.current()) if isinstance(x, Value) else x for x in args]
        try:
            data = normal(function(*raw, **params))
        except Exception as error:
            self.raised(error)
            raise
        if not isinstance(data, (bool, int, float, np.generic, np.ndarray)):
            raise shapes_vary(function.__name__)
        if not any(self.depends(x) for x in traced):
            return data
        if isinstance(data, np.ndarray) and function in SHAPED_BY_NUMBERS:
            raise shapes_vary(function.__name__)
        op = Primitive(function.__name__, function, None)
        value = leaf(np.asarray(data)[()] if isinstance(data, (bool, int)) else data)
        given = [self.node_of(x) if isinstance(x, Value) else x for x in args]
        self.note(value, op, tuple(given), params).numbers = True
        return value
