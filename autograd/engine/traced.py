"""Traced: what a Value is called while a recording lets it stand for plain numbers."""

from __future__ import annotations

from autograd.engine.tracing import tracer
from autograd.engine.value import Value


class Traced(Value):
    """A node that stands for plain numbers while a function is traced."""

    __slots__ = ()

    def __hash__(self) -> int:
        trace = tracer()
        if trace is not None:
            trace.hashed(self)
        return object.__hash__(self)
