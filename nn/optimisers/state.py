"""What an optimiser remembers."""

from __future__ import annotations

from typing import Any


class State(dict[str, Any]):
    """What an optimiser remembers of one parameter: numbers by name, 0.0 until they are set."""

    def __missing__(self, name: str) -> float:
        return 0.0
