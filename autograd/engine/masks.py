"""Masks: zeros in a product that leave the other factors no influence.

The slope of a · b by b is a. If a is 0 and b has an infinite slope, 0 · inf may be any number: the
slope of √x · √x is 1. It is 0 for certain if the factor a

- stays 0: it is a constant, such as a mask of the data, or made from comparisons alone, such as
  `np.where(x > 0, 1.0, 0.0)`, or in a branch where it is 0, such as `np.maximum(x, 0.0)` for x < 0;
- or moves at a finite rate, as in x · √x. If x moves by h, then a is O(h) and b is continuous, so
  the product moves by a' b h + o(h), whatever the slope of b.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from autograd.engine.arrays import learns
from autograd.engine.contributions import applied, rule_for_places
from autograd.engine.graph import history, parents_then, taken
from autograd.engine.silence import asking, inside_a_rule
from autograd.engine.windows import Form


class Masks:
    """What is known of the zeros in a graph; found out when it is asked for.

    Args:
        targets: the serials of the nodes to differentiate by; None for all leaves.
        again: whether the derivatives will be differentiated again, by any leaf.
    """

    def __init__(self, targets: Collection[int] | None, again: bool) -> None:
        self.targets = set(targets or ())
        self.all_leaves = again or targets is None
        # A derivative of the derivative sees the slope of a zero that moves; and the arguments of
        # a function that a rule differentiates may move at any rate.
        self.last = not (again or inside_a_rule())
        self.facts: dict[Callable[..., Any], dict[int, Any]] = {}

    def counting(self, node: Any, place: int, defined: bool, finite: bool) -> Any:
        """Return 0 for each zero in an argument of a product that leaves no influence, else 1.

        Args:
            node, place: the product, and the position of the argument.
            defined: whether the product holds no NaN: what was multiplied by 0 was no infinity.
            finite: whether the product and its gradient are finite.
        """
        x, parent = taken(node)[place], parents_then(node)[place]
        zeros = type(x) is not Form and np.equal(x, 0)
        if not np.any(zeros):
            return np.ones(np.shape(x))[()]
        if parent is not None:
            finite = finite and not any(map(self._jump, parents_then(node)))
            zeros = zeros & self._without_influence(parent, finite) if defined else np.False_
        return np.broadcast_to(~zeros, np.shape(x)).astype(float)[()]

    def _without_influence(self, node: Any, finite: bool) -> Any:
        """Return which entries of a factor, if they are 0, leave the other factors no influence."""
        if self.last and finite and np.all(smooth := self._known(self._smooth, node)):
            return smooth
        stays = self._known(self._stays, node)
        return stays | smooth if self.last and finite else stays

    def _jump(self, node: Any) -> bool:
        """Whether a factor depends on an op whose value jumps there, so that no slope is finite.

        A zero that moves leaves only continuous factors no influence.
        """
        return node is not None and self._known(self._jumps, node)

    def _jumps(self, node: Any) -> bool:
        breaks = node.op is not None and node.op.breaks == "jump"
        here = breaks and not np.all(self._known(self._smooth, node))
        return here or any(map(self._jump, self._moving(node)))

    def _known(self, find: Callable[[Any], Any], node: Any) -> Any:
        """Return `find(node)`, found once for each node, and for older ones before."""
        facts = self.facts.setdefault(find, {})
        if node.serial not in facts:
            for older in reversed(history([node], facts)[0]):
                facts[older.serial] = find(older)
        return facts[node.serial]

    def _moving(self, node: Any) -> list[Any]:
        """Return the parents of a node, with None for those that no leaf or target moves."""
        return [
            parent if parent is not None and self._known(self._moves, parent) else None
            for parent in parents_then(node)
        ]

    def _is_source(self, node: Any) -> bool:
        leaf = node.op is None and self.all_leaves and learns(node._data)
        return leaf or node.serial in self.targets

    def _moves(self, node: Any) -> bool:
        """Return whether a node depends on a leaf or target."""
        if self._is_source(node):
            return True
        able = node.op is not None and node.op.vjps and learns(node._data)
        return bool(able) and any(parent is not None for parent in self._moving(node))

    @asking
    def _smooth(self, node: Any) -> Any:
        """Return which entries of a node move at a finite rate if the leaves and targets do."""
        if self._is_source(node) or not self._known(self._moves, node):
            return np.True_
        rates = []
        try:
            one = np.ones(np.shape(node._data), getattr(node._data, "dtype", float))[()]
            for place, parent in enumerate(self._moving(node)):
                if parent is not None:
                    rule = rule_for_places(node.op, [place])
                    (slope,) = applied(node, rule, one, node._data, taken(node), python=False)
                    rates.append(self._known(self._smooth, parent))
                    rates.append(np.True_ if slope is None else np.isfinite(slope))
            if node.op.breaks == "jump" and node.op.selects is not None:
                rates.append(node.op.selects(node._data, *taken(node)))
        except Exception:
            return np.False_
        if node.op.elementwise:
            return np.all(np.broadcast_arrays(*rates), axis=0)
        return np.all([np.all(rate) for rate in rates])

    @asking
    def _stays(self, node: Any) -> Any:
        """Return which entries of a node stay as they are when the leaves and targets move.

        Only ops of this package are asked for results elsewhere, those with 1 added to each number
        that moves, and those with NaN. Their forward functions do nothing but compute.
        """
        if self._is_source(node):
            return np.False_
        if not self._known(self._moves, node):
            return np.True_
        op, y, args, moving = node.op, node._data, taken(node), self._moving(node)
        if any(type(x) is Form for x in (y, *args)):
            return np.False_
        stays = [np.True_ if p is None else self._known(self._stays, p) for p in moving]

        def elsewhere(change: float) -> Any:
            new = [
                x if parent is None else np.where(stay, x, x + change)
                for x, stay, parent in zip(args, stays, moving, strict=True)
            ]
            return np.equal(op.forward(*new, **node.params), y)

        try:
            if op.product:
                counts = [np.not_equal(x, 0) | ~s for x, s in zip(args, stays, strict=True)]
                counts = [np.asarray(count, float)[()] for count in counts]
                zeros = np.equal(op.forward(*counts, **node.params), 0)
                constant = op.elementwise and np.all(np.broadcast_arrays(*stays), axis=0)
                return zeros | constant
            if op.selects is not None and op.elementwise:
                one = np.ones(np.shape(y))[()]
                chosen = [
                    np.not_equal(op.vjps[place](one, y, *args), 0) & ~stays[place]
                    for place, parent in enumerate(moving)
                    if parent is not None
                ]
                return op.selects(y, *args) & ~np.any(np.broadcast_arrays(*chosen), axis=0)
            if not op.registered or (op.elementwise and not any(map(np.any, stays))):
                return np.False_
            return elsewhere(1.0) & elsewhere(np.nan)
        except Exception:
            return np.False_
