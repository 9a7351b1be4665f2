"""What is being differentiated right now: a number that leaves a graph then may be missed."""

from __future__ import annotations

from typing import Any

from autograd.engine.graph import history

entered: set[int] = set()  # the serials of what functions that run now are differentiated by


class differentiating:
    """While a function runs: these serials are of the nodes that it is differentiated by."""

    __slots__ = ("serials",)

    def __init__(self, serials: list[int]) -> None:
        self.serials = serials

    def __enter__(self) -> None:
        entered.update(self.serials)

    def __exit__(self, *error: object) -> None:
        entered.difference_update(self.serials)


def is_differentiated(node: Any) -> bool:
    """Whether a node depends on what a function is differentiated by that has not returned yet."""
    running = entered.copy()
    if not running:
        return False
    nodes, _ = history([node], {}, min(running))
    return any(node.serial in running for node in nodes)
