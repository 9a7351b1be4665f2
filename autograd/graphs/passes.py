"""Passes: which nodes of a graph a backward pass made, and what these are gradients of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from autograd.engine.passes import PASSES
from autograd.engine.value import Value


@dataclass
class Backward:
    """A backward pass that made nodes of a graph.

    Attributes:
        roots: the serial and the name of what was differentiated, "" for none.
        made: the serials of the nodes that it made, and of the ones it began with.
        gradients: pairs of the serial of a gradient and of the node that it belongs to.
    """

    roots: list[tuple[int, str]]
    made: list[int]
    gradients: list[tuple[int, int]]


def passes_of(values: Sequence[Value]) -> list[Backward]:
    """Return the backward passes that made nodes of a graph, oldest first.

    Args:
        values: the nodes, oldest first.

    Example:
        >>> x = Value(3.0)
        >>> y = x**2
        >>> y.backward(create_graph=True)
        >>> (only,) = passes_of([x.grad])
        >>> only.roots == [(y.serial, "")], (x.grad.serial, x.serial) in only.gradients
        (True, True)
    """
    serials = [value.serial for value in values]
    found = []
    for told in sorted(PASSES.copy(), key=lambda told: told.first):
        made = serials[bisect_left(serials, told.first) : bisect_left(serials, told.last)]
        if not made:
            continue
        pairs = zip(told.found[::2], told.found[1::2], strict=True)
        gradients = list(pairs)
        own = {root for root, _ in told.roots}
        begun = [g for g, of in gradients if of in own and g < told.first]
        seeds = [value.serial for value in values if value.serial in begun and value.op is None]
        found.append(Backward(told.roots, seeds + made, gradients))
    return found
