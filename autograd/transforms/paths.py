"""Derivatives with respect to nodes inside a graph, along the paths from targets to results."""

from __future__ import annotations

from typing import Any

from autograd.engine.arrays import has_nan
from autograd.engine.backward import visit
from autograd.engine.careful import careful_visit
from autograd.engine.fast_backward import fast_history, fast_visit
from autograd.engine.graph import parents_then
from autograd.engine.masks import Masks
from autograd.engine.modes import watches, watching
from autograd.engine.passes import Pass, remember
from autograd.engine.silence import walking
from autograd.engine.tracing import tracer


class Paths:
    """All paths from targets to results; a derivative is a sum over them.

    Args:
        roots: the result nodes.
        targets: the serials of the nodes to differentiate with respect to.
        linear: whether the graph is that of a gradient as a function of its seeds. Its constants
            are slopes at a point then, and a 0 among them is no mask.

    Attributes:
        closed: whether the results depend on no node older than the targets. If so, their
            derivatives are plain numbers; otherwise they depend on those older nodes too.
    """

    __slots__ = ("closed", "linear", "nodes", "places", "roots", "targets")

    def __init__(self, roots: list[Any], targets: list[int], linear: bool = False) -> None:
        self.roots, self.targets, self.linear = roots, targets, linear
        since = min(targets, default=0)
        places: dict[int, Any] = dict.fromkeys(targets)
        inner = {root.serial: root for root in roots if root.serial not in places}
        nodes, places = fast_history(list(inner.values()), places, since)
        self.closed = not nodes or nodes[-1].serial > since
        if not self.closed:
            nodes, places = dependents(nodes, targets)
        self.nodes, self.places = nodes, places

    @walking
    def gradients(self, seeds: list[Any], higher_order: bool = False) -> list[Any]:
        """Return the gradient of each target, None where no result depends on it.

        Args:
            seeds: for each root the gradient of the final result with respect to it; None for
                zero. If they are Values, so are the gradients, with graphs down to the seeds.
            higher_order: let these graphs reach all nodes that the gradients depend on.
        """
        found = self._walk(seeds, higher_order)
        trace = tracer()
        if trace is not None:
            trace.expect_no_nan([(None, g) for g in found])
        for g in found if trace is None else ():
            if g is not None and (g != g if type(g) is float else has_nan(g)):
                found = self._walk(seeds, higher_order, careful=True)
                break
        if watches:
            for watcher in watching():
                watcher.walked(self.roots, seeds, found, self.nodes, self.places)
        return found

    def _walk(self, seeds: list[Any], higher_order: bool, careful: bool = False) -> list[Any]:
        grads = self.places.copy()
        for root, seed in zip(self.roots, seeds, strict=True):
            serial = root.serial
            if serial in grads and seed is not None:
                grads[serial] = seed if grads[serial] is None else grads[serial] + seed
        if careful:
            masks = None if self.linear else Masks(self.targets, higher_order)
            careful_visit(self.nodes, grads, higher_order, False, masks)
        elif self.closed and not higher_order:
            fast_visit(self.nodes, grads)
        else:
            live = Pass(self.roots) if higher_order else None
            visit(self.nodes, grads, live, False)
            if live is not None:
                for serial in self.targets:
                    live.found.extend((getattr(grads[serial], "serial", 0), serial))
            remember(live)
        return [grads[serial] for serial in self.targets]


def dependents(nodes: list[Any], targets: list[int]) -> tuple[list[Any], dict[int, Any]]:
    """Return the nodes that depend on targets, newest first, and a place for each gradient."""
    places: dict[int, Any] = dict.fromkeys(targets)
    kept = []
    for node in reversed(nodes):
        if any(parent is not None and parent.serial in places for parent in parents_then(node)):
            places[node.serial] = None
            kept.append(node)
    kept.reverse()
    return kept, places
