"""The causes of a NaN or an infinity: those that the rows of the ops state, and those of any op."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.debugging.numbers import all_finite, largest
from autograd.engine.graph import history
from autograd.engine.value import Value, held, held_grad
from autograd.ops.elementwise import far

GROWN = 1e4  # weights of a network beyond this size did not come from training that goes well
HUGE = 1e30  # and numbers beyond this are no data
Args = Sequence[Any]


def of_result(op: Any, args: Args, y: Any) -> str:
    """Return why an op may have made `y`, "" if nobody knows."""
    numbers = [x for x in args if number_like(x)]
    if not all(map(np.size, numbers)):
        return "an array without entries, perhaps of a mask that leaves none"
    if found := stated(op.outside, op, args, y, ~np.isfinite(y)):
        return found
    if not all(map(all_finite, numbers)):
        return "an infinity that was let through, such as a mask's, and that this op makes NaN of"
    if np.isinf(y).any() and numbers:
        size, kind = max(map(largest, numbers)), dtype(y)
        if size < far(np.zeros((), kind)):
            return f"{op.name} is infinite there, or larger than any {kind}"
        return f"an overflow: numbers of up to {size:.2g} are too large for a {kind}"
    return ""


def stated(causes: Sequence[tuple], op: Any, args: Args, y: Any, bad: Any, place: int = 0) -> str:
    """Return what a row says of numbers that are not finite, "" if nothing.

    Args:
        causes: the field `outside` or `steep` of the row, see `Primitive`.
        op, args, y: the op, its arguments and its result.
        bad: where numbers are not finite, of the shape of the result or one that broadcasts to it.
        place: of the argument whose gradient it is.
    """
    args = [np.asarray(x) if number_like(x) else x for x in args]
    for where, why, *only in causes:
        if only and only != [place]:
            continue
        holds = where(np.asarray(y), *args)
        if op.elementwise:
            holds = np.broadcast_to(holds, np.shape(y)) & np.broadcast_to(bad, np.shape(y))
        if np.any(holds):
            return why.format(op=op.name, dtype=dtype(y), **figures(op, args, holds))
    return ""


def figures(op: Any, args: Args, holds: Any) -> dict[str, Any]:
    """Return the numbers that the words of a row may name, see `Primitive`."""
    sizes = [np.abs(x).astype(float) if number_like(x) else np.zeros(0) for x in args]
    x = np.broadcast_to(args[0], holds.shape)[holds].flat[0] if op.elementwise else args[0]
    return {
        "x": x.item() if isinstance(x, np.generic) else x,
        "small": little(x),
        "sizes": [largest(size) for size in sizes],
        "least": [np.min(size, initial=np.inf) for size in sizes],
    }


def number_like(x: Any) -> bool:
    """Whether an argument is a number or an array of them."""
    return isinstance(x, (float, int, complex, np.ndarray, np.generic))


def of_branch(op: Any) -> str:
    """Return what to say of an op in a `where`."""
    f = op.name if op.arity == 1 else "f"
    return (
        "If the where does not take this branch there, give the op something harmless: "
        f"np.where(ok, {f}(np.where(ok, x, 1.0)), 0.0)"
    )


def of_gradient(op: Any, args: Args, y: Any, place: int, g: Any, gx: Any) -> str:
    """Return why the rule of an op may have made `gx` of the gradient `g`."""
    if all_finite(gx):
        return "several gradients are each finite, but their sum overflows"
    if found := stated(op.steep, op, args, y, ~np.isfinite(gx), place):
        return found
    if of_nothing(g, gx):
        return (
            "0 · inf: the gradient that comes in is 0, as from the branch that a where did not "
            "take, and the slope of the op is infinite; make the op's argument harmless in that "
            "branch first: np.where(ok, f(np.where(ok, x, 1.0)), 0.0)"
        )
    if not np.all(y) and np.isnan(gx).any():
        return (
            "the result is 0 there, and a rule that divides by it gives 0 / 0, as the norm of a "
            "zero vector; give the slope 0 there, or add a small number"
        )
    if np.isinf(gx).any() and largest(g) > far(g):
        return f"an overflow: the gradient that comes in has grown to {largest(g):.2g}"
    return ""


def of_nothing(g: Any, gx: Any) -> bool:
    """Whether NaNs in `gx` stand where no gradient comes in."""
    nan, none = np.isnan(gx), np.equal(g, 0)
    return bool(nan.any() and (none[nan].all() if none.shape == nan.shape else none.all()))


def of_training(values: Sequence[Value], names: dict[int, str]) -> str:
    """Return what to say if numbers that went into some Values have grown too large."""
    sizes = [
        (largest(held(leaf)), leaf) for leaf in history(list(values), {})[0] if leaf.op is None
    ]
    size, leaf = max(sizes, key=lambda pair: pair[0], default=(0.0, None))
    learns = leaf is not None and (type(leaf) is not Value or held_grad(leaf) is not None)
    if leaf is None or size <= (GROWN if learns else HUGE):
        return ""
    name = leaf.name or names.get(leaf.serial, "")
    grown = f"The weights have grown, {name or 'one of them'} to {size:.2g}"
    if type(leaf) is Value:  # nobody says whether it is a weight
        grown = f"{name or 'A leaf of the graph'} is as large as {size:.2g}; if it learns"
    return (
        f"{grown}: is the learning rate too large? A smaller "
        "one, normalised inputs or clipped gradients help; nn.monitor shows when it began"
    )


def little(x: Any) -> str:
    """Return a small number to be added, one that does not vanish beside numbers like these."""
    return "1e-7" if getattr(x, "dtype", None) == np.float16 else "1e-12"


def dtype(y: Any) -> str:
    """Return the name of the dtype of a result."""
    return str(np.result_type(y))
