"""What is being differentiated right now: a number taken out of its graph may lose a gradient."""

from __future__ import annotations

from typing import Any

from autograd.engine.graph import history

entered: set[int] = set()  # serials of the arguments that running functions are differentiated by


class differentiating:
    """A context in which a function runs that is differentiated by the nodes with these serials."""

    __slots__ = ("serials",)

    def __init__(self, serials: list[int]) -> None:
        self.serials = serials

    def __enter__(self) -> None:
        entered.update(self.serials)

    def __exit__(self, *error: object) -> None:
        entered.difference_update(self.serials)


def is_differentiated(node: Any) -> bool:
    """Whether a node depends on an argument that a running function is differentiated by."""
    running = entered.copy()
    if not running:
        return False
    nodes, _ = history([node], {}, min(running))
    return any(node.serial in running for node in nodes)
