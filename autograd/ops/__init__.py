"""The ops, a table per family.  `autograd.ops.tanh` and so on are the ops by name."""

from typing import Any


def __getattr__(name: str) -> Any:
    from autograd.primitive import PRIMITIVES

    if name in PRIMITIVES:
        return PRIMITIVES[name].call
    raise AttributeError(f"there is no op called {name!r}; autograd.ops has {sorted(PRIMITIVES)}")
