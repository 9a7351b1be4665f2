"""Random numbers that a compiled function would draw only once."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograd.engine.dispatch import there


@contextmanager
def drawn(f: Callable[..., Any], traced: bool) -> Iterator[None]:
    """Raise if the random generators that all programs share were drawn from in this block.

    Args:
        f: the function that runs in it.
        traced: whether it runs once, to be compiled; otherwise all is well.
    """
    before = states() if traced else None
    yield
    if before is not None and states() != before:
        name = getattr(f, "__name__", "the function")
        raise RuntimeError(
            f"to_jax: {name} draws random numbers, and a compiled function would use the same in "
            f"each call; draw them before, and make them an argument{there()}"
        )


def states() -> tuple[Any, ...]:
    """Return how far Python's and NumPy's shared generators have come."""
    found: list[Any] = [random.getstate()]
    if "numpy.random" in sys.modules:
        state = sys.modules["numpy.random"].get_state(legacy=False)["state"]
        found += [state["pos"], state["key"].tobytes()]
    return tuple(found)
