"""Passes that built a graph: which nodes a backward pass made, and what these are gradients of.

Nothing in a graph of gradients tells them from what was computed forward, so a pass with
`create_graph=True`, or that of a nested `grad`, is written down here, for pictures to read. Only
serials are kept, of the newest passes, so that no graph lives longer for it.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Sequence
from typing import Any

from autograd.engine.graph import next_serial

NEWEST = 100  # how many passes are remembered
MOST_NODES = 2000  # of a graph whose nodes are noted one by one


class Pass:
    """A backward pass that builds a graph.

    Attributes:
        roots: the serial and the name of what is differentiated; "" for no name.
        first, last: the pass made the nodes with serials between these two.
        found: the serials of a gradient, 0 if it is no node, and of the node that it belongs to,
            in turn; nothing for a large graph.
    """

    __slots__ = ("first", "found", "last", "roots")

    def __init__(self, roots: Sequence[Any]) -> None:
        self.roots = [(root.serial, root.name or "") for root in roots]
        self.first, self.last = next_serial(), 0
        self.found: list[int] | array[int] = []


def remember(over: Pass | None) -> None:
    """Remember a pass that is over, if one was noted."""
    if over is not None:
        over.last = next_serial()
        over.found = array("q", over.found if len(over.found) <= 2 * MOST_NODES else ())
        PASSES.append(over)


PASSES: deque[Pass] = deque(maxlen=NEWEST)
