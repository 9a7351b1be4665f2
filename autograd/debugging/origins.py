"""Origins: where numbers that are not finite first came into a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from autograd.debugging import causes, report
from autograd.debugging.numbers import all_finite
from autograd.engine.graph import history
from autograd.engine.value import Value, held


def origin(node: Value, names: Mapping[int, str], where: Callable[[Value], str]) -> str:
    """Return where the first non-finite numbers below a node come from, in words.

    Args:
        node: a Value with such numbers.
        names: names of Values, by serial.
        where: says where the program made a node.
    """
    bad = [old for old in reversed(history([node], {})[0]) if not all_finite(held(old))]
    for old in bad:
        if old.op is not None:
            empty = causes.of_empty_row(old.op, old.args, old.params or {})
            if empty:
                return f"{old.op.name} met {empty}; it was {where(old)}"
    for old in bad:
        if old.op is None:
            name = report.value_name(old, names) or f"a leaf of shape {old.shape}"
            return f"it comes from {name}, whose data holds {report.nonfinite(held(old))}"
        if all(map(all_finite, old.args)):
            cause = causes.of_result(old.op, old.args, held(old), old.params)
            return f"{old.op.name} made it, {where(old)}" + (f"; {cause}" if cause else "")
        for parent, x in zip(old.parents, old.args, strict=True):
            if parent is None and not all_finite(x):
                constant = f"{report.nonfinite(x)} in a constant of the program"
                return f"{old.op.name} met {constant}, {where(old)}"
    return "it comes from an infinity that was allowed"
