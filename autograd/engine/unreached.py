"""Backward passes that would reach no leaf, which is an error and not a silent nothing.

A Value that was computed without a graph is a leaf, and one may begin a new graph with it. What
tells it from a leaf made of numbers is its `more`, which says why it has no history: only its own
`backward()` asks.
"""

from __future__ import annotations

from typing import Any

from autograd.engine.graph import history
from autograd.engine.modes import told

UNRECORDED: tuple = ((), (), {})  # `more` of the result of an op inside `no_grad`
DETACHED: tuple = ((), (), {})  # and of what `detach` returned


def computed_without_graph(value: Any) -> bool:
    """Whether a leaf was computed, inside `no_grad` or by `detach`, and not made of numbers."""
    return value.more is UNRECORDED or value.more is DETACHED


def with_history(root: Any) -> Any:
    """Return the Value to differentiate; raise if it was computed, but not recorded."""
    if root.op is not None or root.more is None:
        return root
    if root.more is DETACHED:
        message = "detach() made this Value, which has no history: call backward() on the original"
    else:
        message = (
            "this Value was computed inside no_grad(), so it has no history: compute it outside"
        )
    raise told(ValueError(f"backward() has nothing to differentiate: {message}"), root)


def without_leaves(root: Any) -> Exception:
    """Return the error for `backward()` of a Value without a leaf that could get a gradient."""
    nodes = history([root], {})[0]
    ops = sorted({node.op.name for node in nodes if node.op is not None and not node.op.vjps})
    why = f", since {', '.join(ops)} has no derivative" if ops else ""
    message = f"backward() of this Value would give no leaf a gradient{why}; leave it out"
    return told(ValueError(message), root)
