"""Causes of a NaN or an infinity: those stated in the rows of the ops, and those of any op."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from autograd.debugging.numbers import all_finite, largest
from autograd.engine.arrays import NUMBERS
from autograd.engine.graph import history
from autograd.engine.value import Value, held, held_grad
from autograd.notation.names import own_name
from autograd.ops.not_finite import EMPTY_ROW, far

GROWN = 1e4  # larger weights of a network are a sign of training gone wrong
HUGE = 1e30  # larger numbers are not data
SMALLER = "scale the numbers before, or compute with logarithms: log(a·b) is log a + log b"
Args = Sequence[Any]


def of_result(op: Any, args: Args, y: Any, params: dict[str, Any] | None = None) -> str:
    """Return why an op may have made `y`, "" if unknown."""
    numbers = [x for x in args if number_like(x)]
    if not all(map(np.size, numbers)):
        return f"an array without entries, perhaps because a mask selected none; {EMPTY_ROW}"
    if empty := of_empty_row(op, args, params or {}):
        return empty
    wider = in_a_wider_dtype(op, args, y, params or {})
    if found := stated(op.outside, op, args, y, ~np.isfinite(y)):
        return "; ".join(filter(None, (found, wider)))
    if not all(map(all_finite, numbers)):
        return "an infinity that was allowed, such as a mask's, from which this op makes NaN"
    if np.isinf(y).any() and numbers:
        size, kind = max(map(largest, numbers)), dtype(y)
        if wider or size >= far(np.zeros((), kind)):
            found = f"an overflow: numbers of up to {size:.2g} are too large for a {kind}"
            return f"{found}; {wider or SMALLER}"
        return f"{op.name} is infinite there, or larger than any {kind}"
    return ""


def of_empty_row(op: Any, args: Args, params: dict[str, Any]) -> str:
    """Return what to say if a mask left no entry of a row, "" otherwise."""
    x: Any = args[0] if args else None
    if number_like(x) and np.ndim(x) and not op.elementwise and np.isneginf(x).any():
        axis = params.get("axis", args[1] if len(args) > 1 else None)
        if axes_fit(axis, np.ndim(x)) and np.isneginf(x).all(axis=axis).any():
            return f"a row with no entry left: a mask's −inf is in all of it; {EMPTY_ROW}"
    return ""


def axes_fit(axis: Any, ndim: int) -> bool:
    """Whether these are axes of an array."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    return all(one is None or (isinstance(one, int) and -ndim <= one < ndim) for one in axes)


def in_a_wider_dtype(op: Any, args: Args, y: Any, params: dict[str, Any]) -> str:
    """Return what to say if a result is infinite, but finite in the next wider dtype."""
    wide = {"float16": np.float32, "float32": np.float64}.get(dtype(y))
    if wide is None or not np.isinf(y).any():
        return ""
    narrow = (np.float16, np.float32)
    wider = [wide(x) if getattr(x, "dtype", None) in narrow else x for x in args]
    with suppress(Exception):  # a user's op may do anything when it runs again
        if all_finite(op.forward(*wider, **params)):
            name = dtype(wide())
            return f"the result is finite in {name}: compute in it, as with x.astype(np.{name})"
    return ""


def stated(causes: Sequence[tuple], op: Any, args: Args, y: Any, bad: Any, place: int = 0) -> str:
    """Return the cause that a row states for numbers that are not finite, "" if none applies.

    Args:
        causes: the field `outside` or `steep` of the row, see `Described`.
        op, args, y: the op, its arguments and its result.
        bad: where numbers are not finite, in a shape that broadcasts to that of the result.
        place: the position of the argument whose gradient it is.
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
    """Return the numbers that the causes in a row may mention, see `Described`."""
    sizes = [np.abs(x).astype(float) if number_like(x) else np.zeros(0) for x in args]
    x = np.broadcast_to(args[0], holds.shape)[holds].flat[0] if op.elementwise else args[0]
    return {
        "x": x.item() if isinstance(x, np.generic) else x,
        "small": little(x),
        "sizes": [largest(size) for size in sizes],
        "least": [np.min(size, initial=np.inf) for size in sizes],
    }


def number_like(x: Any) -> bool:
    """Whether an argument is a number or an array of numbers."""
    return isinstance(x, NUMBERS)


def of_branch(op: Any) -> str:
    """Return the advice for an op in a branch of a `where`."""
    f = op.name if op.arity == 1 else "f"
    return (
        "If the where does not take this branch there, give the op a harmless argument: "
        f"np.where(ok, {f}(np.where(ok, x, 1.0)), 0.0)"
    )


def of_gradient(
    op: Any, args: Args, y: Any, place: int, g: Any, gx: Any, reached: Any = True
) -> str:
    """Return why the rule of an op may have made `gx` of the gradient `g`.

    Args:
        op, args, y: the op, its arguments and its result.
        place: the position of the argument whose gradient `gx` is.
        g, gx: the gradients of the result and of the argument.
        reached: where `g` is more than 0 for want of a way, see `engine/careful.py`.
    """
    if all_finite(gx):
        return "several gradients are each finite, but their sum overflows"
    if found := stated(op.steep, op, args, y, ~np.isfinite(gx), place):
        return found
    if of_nothing(g, gx):
        if np.any(reached & np.equal(g, 0)):
            return (
                "0 · inf: the slope of the op is infinite, and that of a later one is 0, so the "
                "derivative of the two together may be any number, which neither knows; write them "
                "as one function, such as 1 - x for np.sqrt(1 - x) ** 2"
            )
        return (
            "0 · inf: the incoming gradient is 0, as from a branch that a where did not take, and "
            "the slope of the op is infinite; make the argument of the op harmless in that branch: "
            "np.where(ok, f(np.where(ok, x, 1.0)), 0.0)"
        )
    if not np.all(y) and np.isnan(gx).any():
        return (
            "the result is 0 there, and a rule that divides by it gives 0 / 0, as for the norm of "
            "a zero vector; let the rule give 0 there, or add a small number"
        )
    if np.isinf(gx).any() and largest(g) > far(g):
        return f"an overflow: the incoming gradient has grown to {largest(g):.2g}"
    return ""


def of_nothing(g: Any, gx: Any) -> bool:
    """Whether NaNs in `gx` are only where the incoming gradient is 0."""
    nan, none = np.isnan(gx), np.equal(g, 0)
    return bool(nan.any() and (none[nan].all() if none.shape == nan.shape else none.all()))


def of_training(values: Sequence[Value], names: dict[int, str]) -> str:
    """Return what to say if leaves of some Values have grown too large, "" otherwise."""
    sizes = [
        (largest(held(leaf)), leaf) for leaf in history(list(values), {})[0] if leaf.op is None
    ]
    size, leaf = max(sizes, key=lambda pair: pair[0], default=(0.0, None))
    learns = leaf is not None and (type(leaf) is not Value or held_grad(leaf) is not None)
    if leaf is None or size <= (GROWN if learns else HUGE):
        return ""
    name = own_name(leaf) or names.get(leaf.serial, "")
    grown = f"The weights have grown, {name or 'one of them'} to {size:.2g}"
    if type(leaf) is Value:  # it may or may not be a weight
        grown = f"{name or 'A leaf of the graph'} is as large as {size:.2g}; if it learns"
    return (
        f"{grown}: is the learning rate too large? A smaller "
        "one, normalised inputs or clipped gradients help; nn.monitor shows when it began"
    )


def little(x: Any) -> str:
    """Return a small number to add, which does not vanish next to numbers of this dtype."""
    return "1e-7" if getattr(x, "dtype", None) == np.float16 else "1e-12"


def dtype(y: Any) -> str:
    """Return the name of the dtype of a result."""
    return str(np.result_type(y))
