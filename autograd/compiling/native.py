"""Native code of a function that is known to depend on nothing but its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.compiling.forms import to_the_bit
from autograd.compiling.points import recorded_twice
from autograd.compiling.running import OTHER
from autograd.compiling.variant import Variant
from autograd.engine.modes import with_graph


def as_native(f: Callable[..., list[Any]], args: tuple) -> Callable[..., list[Any] | None] | None:
    """Return a function as native code, None if LLVM makes none of it that gives the same bits.

    Args:
        f: takes floats and arrays, and returns a list of such.
        args: arguments to record it with.

    Returns:
        a function of a list of arguments of the same forms, which returns what `f` does, in arrays
        that nobody else holds; None where `f` takes another turn.
    """
    with with_graph():
        try:
            program, surroundings, _ = recorded_twice(f, "the function", args, {})
            variant = Variant(program, surroundings, "llvm", overwrites=False)
            found = variant.begun(list(args))
        except Exception:  # nobody asked, so nobody is told; if it is the function's, it comes
            return None
        expected = f(*args)
    variant.forget()
    if found is OTHER or not variant.native or program.updates or len(found[0]) != len(expected):
        return None
    if not all(map(to_the_bit, found[0], expected)):
        return None

    def run(given: list[Any]) -> list[Any] | None:
        begun = variant.begun(given)
        return None if begun is OTHER else begun[0]

    return run
