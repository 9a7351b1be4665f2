"""Who runs loops and maps here: Python, or another engine that runs a function as its own."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Protocol


class Host(Protocol):
    """An engine that has loops and maps of its own."""

    def looped(self, loop: Any, state: list[Any], columns: list[Any]) -> Any:
        """Run a `transforms.turns.Loop`, as its `plain` does."""


hosted_by: ContextVar[Host | None] = ContextVar("hosted_by", default=None)


def host() -> Host | None:
    """Return the engine that runs loops and maps here and now, None for Python."""
    return hosted_by.get()
