"""The careful walk: the walk of `backward` once more, if a gradient is NaN.

0 · inf is NaN, and rightly so if the 0 is the slope of another op: the limit may be any number. But
what passes through a branch that a `where` did not take is 0 for good, whatever slopes lie below.
So beside each gradient this walk carries which of its entries are reached. Where none of the ways
from the result leads to an entry, the gradient is 0, and 0 · inf is 0.

Which entries of what it returns a rule reaches is found by asking the rule itself: see `asked`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

import numpy as np

from autograd.engine.arrays import NUMBERS, fit
from autograd.engine.contributions import accumulate, applied, explain, rule_for_places
from autograd.engine.graph import FREED, freed, parents_then, taken
from autograd.engine.masks import Masks
from autograd.engine.recall import args_of, live_args, numbers
from autograd.engine.silence import asking, inside_a_rule, only_asking

Reached = Any  # booleans in the shape of a gradient, or one that holds for all of it


def careful_visit(
    nodes: list[Any], grads: dict[int, Any], live: bool, retain: bool, masks: Masks | None
) -> list[tuple[Any, Any]]:
    """Do what `backward.visit` does, but let 0 · inf be 0 where a gradient is not reached.

    Args:
        nodes, grads, live, retain: the arguments of `visit`.
        masks: what is known of zeros in products; None if the graph is that of a gradient as a
            function of its seeds, where constants are slopes.
    """
    reached = {serial: begun(g) for serial, g in grads.items() if g is not None}
    leaves: list[tuple[Any, Any]] = []
    made: set[int] = set()
    for node in nodes:
        g = grads.pop(node.serial)
        if g is None:
            continue
        if node.op is None:
            leaves.append((node, g))
            continue
        if retain or isinstance(g, float):
            node._grad = g
        try:
            ways = handed_on(node, g, reached.pop(node.serial), masks, grads, live)
            for _, parent, gx, way in ways:
                accumulate(gx, parent.serial, grads, made)
                reached[parent.serial] = reached.get(parent.serial, False) | way
        except Exception as error:
            explain(error, node)
            raise
    return leaves


def begun(seed: Any) -> Reached:
    """Return which entries of a result a seed begins at.

    A seed of 0 leaves an entry out. But a rule that starts a walk of its own passes on a gradient,
    which may be 0 for another reason (unless `asked` made it), and a Value may change.
    """
    exact = isinstance(seed, NUMBERS) and (only_asking() or not inside_a_rule())
    return np.not_equal(seed, 0) if exact else np.True_


def handed_on(
    node: Any,
    g: Any,
    reached: Reached = None,
    masks: Masks | None = None,
    wanted: Container[int] | None = None,
    live: bool = False,
) -> Iterator[tuple[int, Any, Any, Reached]]:
    """Yield (place, parent, gradient, where it is reached) for each argument that is a node.

    Args:
        node, g: a node and its gradient.
        reached: where that is reached; None to go the ordinary way, where 0 · inf is NaN.
        masks, live: see `careful_visit`.
        wanted: the serials of the parents that need a gradient; None for all.
    """
    if node.more is FREED:
        raise freed(node)
    op = node.op
    parents = {
        place: parent
        for place, parent in enumerate(parents_then(node))
        if parent is not None and (wanted is None or parent.serial in wanted)
    }
    given = (node, live_args(node)) if live else (node._data, taken(node))
    one_by_one = type(op.vjps) is tuple or op.product
    for places in [[place] for place in parents] if one_by_one else [list(parents)]:
        rule = rule_for_places(op, places)
        found = applied(node, rule, g, *given, python=False)
        ways = [np.True_] * len(places)
        if reached is not None and not all(map(settled, found)):
            ways = asked(node, rule, places, reached, g, masks)
        for place, gx, way in zip(places, found, ways, strict=True):
            x = parents[place]._data
            if gx is not None and not np.all(way):
                gx = np.where(way, gx, 0.0)
            if gx is not None and (gx := fit(gx, x)) is not None:
                yield place, parents[place], gx, fitted(way, np.shape(x))


def fitted(way: Reached, shape: tuple[int, ...]) -> Reached:
    """Undo broadcasting, as `fit` does: a sum is reached where any of its terms is."""
    if np.ndim(way) == 0 or np.shape(way) == shape:
        return way
    return np.not_equal(fit(way.astype(float), np.empty(shape) if shape else 0.0), 0)


# -- which entries a rule reaches ------------------------------------------------------------------


def settled(gx: Any) -> bool:
    """Whether a gradient shows by itself that it is reached: it is finite, and nowhere 0."""
    x = gx if gx is None or isinstance(gx, NUMBERS) else numbers(gx)
    if isinstance(x, float):
        return x - x == 0.0 != x
    return x is None or bool(np.all(np.isfinite(x) & np.not_equal(x, 0)))


@asking
def asked(
    node: Any,
    rule: Callable[..., list[Any]],
    places: Sequence[int],
    reached: Reached,
    g: Any,
    masks: Masks | None,
) -> list[Reached]:
    """Return which entries of what a rule returns are reached, by giving it other gradients.

    A rule is linear: what it reaches is not 0 if the gradient is 1 wherever it is reached, or NaN.
    Both must give 0, for each may do so by chance: a difference of ones, and a slope of 0, is 0
    too, but NaN · 0 is NaN. Only a rule that leaves entries out, by `np.where`, an index or zeros
    that it fills in, passes. Two kinds of ops need no NaN:

    - Those that choose (`selects`) multiply by 0 what they do not choose.
    - Products multiply by the other arguments, of which `masks` knows what their zeros mean.
    """
    raw = g if isinstance(g, NUMBERS) else numbers(g)
    op, kind = node.op, np.result_type(raw)
    if not np.any(reached):
        return [np.False_] * len(places)
    y, args = node._data, taken(node)

    def give(number: complex) -> list[Any]:
        seed = np.where(np.broadcast_to(reached, np.shape(y)), number, 0.0)
        return applied(node, rule, seed.astype(kind)[()], y, args, python=False)

    try:
        if op.product:
            y, args = masked(node, masks, raw, reached)
        ways = [gx is not None and np.not_equal(gx, 0) for gx in give(1.0)]
        if op.selects is not None:
            ways = [way | np.logical_not(op.selects(numbers(node), *args_of(node))) for way in ways]
        elif not op.product and not np.all([np.all(way) for way in ways]):
            other = give(complex(np.nan, np.nan) if kind.kind == "c" else np.nan)
            ways = [a | np.not_equal(b, 0) for a, b in zip(ways, other, strict=True)]
    except Exception:
        ways = [np.True_] * len(places)  # a rule that cannot be asked may reach everything
    return [way & reached for way in ways] if op.elementwise else ways


def masked(node: Any, masks: Masks | None, g: Any, reached: Reached) -> tuple[Any, tuple]:
    """Return the result and arguments of a product with 1 for each number that may count."""
    y, args = numbers(node), taken(node)
    defined = not np.any(reached & np.isnan(y))
    finite = defined and not np.any(reached & ~(np.isfinite(y) & np.isfinite(g)))
    ones: list[Any] = [
        np.ones(np.shape(x))[()] if masks is None else masks.counting(node, place, defined, finite)
        for place, x in enumerate(args)
    ]
    return node.op.forward(*ones, **node.params), tuple(ones)
