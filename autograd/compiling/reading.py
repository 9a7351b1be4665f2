"""Numbers in attributes that a compiled function reads anew at each call."""

from __future__ import annotations

from typing import Any

from autograd.engine.tracing import open_traces, tracer


def number_of(owner: Any, name: str) -> Any:
    """Return the number in an attribute; while a function is traced, a Value that stands for it.

    Args:
        owner: the object, such as an optimiser.
        name: of the attribute, such as "lr".
    """
    trace = tracer() if open_traces else None
    return getattr(owner, name) if trace is None else trace.attribute(owner, name)


def first_call_is_needed(why: str) -> None:
    """Leave a call that is traced to Python: what it makes is there from then on."""
    trace = tracer()
    if trace is not None:
        trace.impossible(why)
