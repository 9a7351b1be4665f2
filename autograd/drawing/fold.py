"""Fold: parts of a picture of which one may be drawn for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograd.drawing.picture import Node


@dataclass(eq=False)
class Fold:
    """Parts of which one may be drawn for all, each a list of nodes in the same order."""

    parts: list[list[Node]]
    cuts: int = 0

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes of all parts."""
        return (node for part in self.parts for node in part)

    def saved(self) -> int:
        """Return how many nodes need not be drawn."""
        return (len(self.parts) - 1) * len(self.parts[0])


@dataclass(frozen=True)
class Place:
    """The place of a node: the fold, and the numbers of its part and of its row in the part."""

    fold: Fold
    part: int
    row: int
