"""Who runs loops and maps here: Python, or another engine that runs a function as its own."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Protocol


class Host(Protocol):
    """An engine that has loops and maps of its own."""

    def looped(self, loop: Any, state: list[Any], columns: list[Any]) -> Any:
        """Do what `plain` of a `transforms.turns.Loop` does; return None to leave it to it."""

    def mapped(self, f: Any, columns: list[Any], axes: Any) -> list[Any] | None:
        """Return the results of a function for all samples; None to have it called for each.

        Args:
            f: takes a list with a number of each column, and returns a list of results.
            columns: arrays and Values with the samples along their first axis.
            axes: returns the axis of each result for its samples, when `f` has run once.
        """


hosted_by: ContextVar[Host | None] = ContextVar("hosted_by", default=None)


def host() -> Host | None:
    """Return the engine that runs loops and maps here and now, None for Python."""
    return hosted_by.get()
