"""What is being differentiated right now: a number taken out of its graph may lose a gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.engine.graph import history

# Serials of the arguments that running functions are differentiated by. No two runs share one, so a
# single set does for all threads and tasks: a gradient is lost whichever of them drops it.
entered: set[int] = set()


def differentiated(
    serials: list[int], f: Callable[..., Any], args: tuple, kwargs: dict[str, Any]
) -> Any:
    """Call a function that is differentiated by the nodes with these serials."""
    try:
        entered.update(serials)
        result = f(*args, **kwargs)
    finally:
        entered.difference_update(serials)
    return result


def is_differentiated(node: Any) -> bool:
    """Whether a node depends on an argument that a running function is differentiated by."""
    running = entered.copy()
    if not running:
        return False
    nodes, _ = history([node], {}, min(running))
    return any(node.serial in running for node in nodes)
