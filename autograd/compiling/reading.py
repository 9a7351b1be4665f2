"""Numbers that are read anew at each call of a compiled function, or not known yet."""

from __future__ import annotations

from typing import Any

from autograd.engine.arrays import known
from autograd.engine.tracing import open_traces, tracer
from autograd.engine.value import Value, held


def number_of(owner: Any, name: str) -> Any:
    """Return the number in an attribute; while a function is traced, a Value that stands for it.

    Args:
        owner: the object, such as an optimiser.
        name: of the attribute, such as "lr".
    """
    trace = tracer() if open_traces else None
    return getattr(owner, name) if trace is None else trace.attribute(owner, name)


def settings_with(options: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return settings; while a function is traced, with Values for those that are read anew.

    Args:
        options: the settings by name.
        names: of numbers, or tuples of them, among these, if they are there.
    """
    trace = tracer() if open_traces else None
    if trace is None:
        return options
    return options | {name: trace.setting(options, name) for name in names if name in options}


def float_of(x: Any) -> Any:
    """Return a number as a float of Python's; while a function is traced, a Value of one."""
    trace = tracer() if open_traces and isinstance(x, Value) else None
    return float(x) if trace is None else trace.as_float(x)


def are_known(numbers: Any) -> bool:
    """Whether numbers can be checked; inside `to_jax` they come later, and checks are left out."""
    return known(numbers)


def is_traced() -> bool:
    """Whether a function is being traced, in this thread or in another."""
    return bool(open_traces)


def first_call_is_needed(why: str) -> None:
    """Leave a call that is traced to Python: what it makes is there from then on."""
    trace = tracer()
    if trace is not None:
        trace.impossible(why)


def numbers(x: Any) -> Any:
    """Return the numbers of a Value, or anything else as it is."""
    return held(x.current()) if isinstance(x, Value) else x
