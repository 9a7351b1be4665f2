"""Loops that keep only their states: scan, fori_loop and while_loop, with JAX's meaning."""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from typing import Any

import numpy as np

from autograd.engine.arrays import known
from autograd.engine.elsewhere import OF_TRANSFORMS, answering
from autograd.engine.modes import no_grad
from autograd.engine.silence import silence
from autograd.engine.trees import aligned, filled, leaves
from autograd.transforms.loops import looped
from autograd.transforms.rows import Row, is_numeric, shape_of
from autograd.transforms.seeds import joined_objects
from autograd.transforms.trace import name_of
from autograd.transforms.turns import Loop, Results


@answering(OF_TRANSFORMS)
def scan(
    step: Callable[[Any, Any], tuple[Any, Any]],
    state: Any,
    data: Any = None,
    *,
    length: int | None = None,
    reverse: bool = False,
) -> tuple[Any, Any]:
    """Call `step` for each row of `data`, and return the last state and all outputs, stacked.

    It computes what a Python loop would, and its derivatives of any order, but the graph keeps only
    the states: one node, whose gradient goes backwards through the steps and computes each again.
    So `step` should return the same for the same arguments. Values that it uses from outside, such
    as parameters, get their gradients too. What else may change belongs into the state, but for
    buffers and random generators of NumPy's: those that `step` finds by name move on once.

    Args:
        step: `(state, row)`, which returns a pair: the next state, in the form and the shapes of
            the last, and an output, a number, an array, a tree of these, or None.
        state: the first state: a number, an array, or a tree.
        data: an array of shape (steps, …), of which each step gets a row, or a tree of such; None
            to give each step None.
        length: the number of steps, needed only without `data`.
        reverse: begin with the last row. Outputs stay beside the rows that they belong to.

    Returns:
        the last state and the outputs, each with the steps along its first axis.

    Raises:
        ValueError: the arrays of `data` differ in length, or the state changes its shape.
        TypeError: `step` returns no pair, or states of different forms; or there is no length.
        RuntimeError: `step` changes a Value in place that it did not make; or (in the backward
            pass) something that it uses from outside has changed.

    Example:
        >>> def step(total, x):
        ...     return total + x, total * x
        >>> last, outputs = scan(step, 0.0, np.array([1.0, 2.0, 3.0]))
        >>> print(last, outputs)
        6.0 [0. 2. 9.]
        >>> from autograd import Value
        >>> rate = Value(0.5)
        >>> last, _ = scan(lambda x, _: (x * rate, None), Value(8.0), length=3)
        >>> last.backward()
        >>> print(last.data, rate.grad)
        1.0 6.0
    """
    columns = list(leaves(data, "data"))
    n, outputs = steps(columns, length), Outputs()

    def body(t: int, numbers: Row, row: Row) -> Results:
        now = filled(state, iter(numbers))
        result = joined_objects(step(now, filled(data, iter(row))))
        if not isinstance(result, tuple) or len(result) != 2:
            raise TypeError(
                f"scan: {name_of(step)} should return a pair, (next state, output), not "
                f"{result!r:.60}; write `return state, None` where there is no output"
            )
        return next_state("scan", step, now, result[0]), outputs.of(result[1]), []

    order = (lambda k: n - 1 - k) if reverse else int
    loop = Loop(called("scan", step), body, lambda k, _: k < n, order, n)
    last = [x for _, x in leaves(state)]
    if n:
        last, found, _ = looped(loop, last, [x for _, x in columns])
    else:  # one step on zeros shows what the outputs would be
        row = [x if x is None else np.zeros(x.shape[1:], x.dtype)[()] for _, x in columns]
        with no_grad(), silence():
            _, parts, _ = body(0, last, row)
        found = [y if y is None else np.zeros((0, *shape_of(y)), np.result_type(y)) for y in parts]
    return filled(state, iter(last)), filled(outputs.form, iter(found))


class Outputs:
    """What the steps of a scan return beside their states: the same form and shapes each time."""

    def __init__(self) -> None:
        self.form: Any = self  # until the first step has returned
        self.shapes: list[tuple[int, ...] | None] = []

    def of(self, output: Any) -> Row:
        """Return the leaves of an output."""
        if self.form is self:
            first = [y for _, y in leaves(output)]
            self.form = filled(output, iter([None for _ in first]))
            self.shapes = [None if y is None else shape_of(y) for y in first]
        found = []
        for shape, (name, y) in zip(
            self.shapes, aligned(output, self.form, "the output"), strict=True
        ):
            if y is not None and not is_numeric(y):
                raise TypeError(
                    f"scan: {name} is {y!r:.60}, which cannot be stacked; return numbers, arrays, "
                    "trees of these, or None"
                )
            if (None if y is None else shape_of(y)) != shape:
                raise ValueError(
                    f"scan: {name} was of shape {shape} in the first step and is "
                    f"{'None' if y is None else f'of shape {shape_of(y)}'} now; keep its shape"
                )
            found.append(y)
        return found


def next_state(goal: str, f: Callable[..., Any], now: Any, new: Any) -> Row:
    """Return the leaves of a new state, which has the form and the shapes of the one now."""
    if new is None and now is not None:
        raise TypeError(
            f"{goal}: {name_of(f)} should return the next state, not None; does it lack a return?"
        )
    found = []
    for (name, y), (_, x) in zip(aligned(new, now, "the state"), leaves(now), strict=True):
        if is_numeric(x):
            if not is_numeric(y):
                raise TypeError(
                    f"{goal}: {name} was a number or an array, and {name_of(f)} returns "
                    f"{y!r:.60} for it"
                )
            if shape_of(x) != shape_of(y):
                raise ValueError(
                    f"{goal}: {name} has shape {shape_of(x)}, and {name_of(f)} returns one of "
                    f"shape {shape_of(y)}; begin with an array of the final shape, such as np.zeros"
                    f"({shape_of(y)}), or return what grows as an output of scan"
                )
        found.append(y)
    return found


def fori_loop(lower: int, upper: int, body: Callable[[int, Any], Any], state: Any) -> Any:
    """Return the state after `state = body(i, state)` for each i from `lower` up to `upper` - 1.

    See `scan` on derivatives, and on what a body may do.

    Args:
        lower: the first i.
        upper: the i to stop at.
        body: `(i, state)`, which returns the next state.
        state: the first state: a number, an array, or a tree.

    Example:
        >>> print(fori_loop(1, 5, lambda i, product: product * i, 1.0))
        24.0
    """
    if not (known(lower) and known(upper)):
        turns = while_loop(lambda s: s[0] < upper, lambda s: (s[0] + 1, body(*s)), (lower, state))
        return turns[1]
    first, n = index(lower), index(upper) - index(lower)

    def turn(t: int, state_now: Row, _: Row) -> Results:
        now = filled(state, iter(state_now))
        return next_state("fori_loop", body, now, joined_objects(body(first + t, now))), [], []

    loop = Loop(called("fori_loop", body), turn, lambda k, _: k < n, length=max(n, 0))
    return filled(state, iter(looped(loop, [x for _, x in leaves(state)], [])[0]))


def while_loop(condition: Callable[[Any], Any], body: Callable[[Any], Any], state: Any) -> Any:
    """Return the first state of which `condition` is false: `while condition(state): …`.

    Unlike JAX's, it has derivatives in both modes: those of the steps that were taken. See `scan`
    on derivatives, and on what a body may do.

    Args:
        condition: `(state)`: whether to go on.
        body: `(state)`, which returns the next state.
        state: the first state: a number, an array, or a tree.

    Example:
        >>> from autograd import Value
        >>> a = Value(2.0)
        >>> root = while_loop(
        ...     lambda x: abs(x * x - a) > 1e-12, lambda x: (x + a / x) / 2, Value(1.0)
        ... )
        >>> root.backward()
        >>> print(f"{root.data:.6f} {a.grad:.6f}")
        1.414214 0.353553
    """

    def turn(t: int, state_now: Row, _: Row) -> Results:
        now = filled(state, iter(state_now))
        return next_state("while_loop", body, now, joined_objects(body(now))), [], []

    def goes_on(k: int, state_now: Row) -> Any:
        with no_grad():
            return condition(filled(state, iter(state_now)))

    loop = Loop(called("while_loop", body), turn, goes_on)
    return filled(state, iter(looped(loop, [x for _, x in leaves(state)], [])[0]))


def called(goal: str, f: Callable[..., Any]) -> str:
    """Return the name of a loop."""
    return f"{goal} of {getattr(f, '__name__', 'function')}"


def steps(columns: list[tuple[str, Any]], length: int | None) -> int:
    """Return the length that these arrays have in common.

    Args:
        columns: pairs (how to write it, array).
        length: that of the user.
    """
    found = {}
    for name, x in columns:
        if x is None:
            continue
        if not is_numeric(x) or not np.ndim(x):
            raise TypeError(
                f"scan: {name} should be an array with the steps along its first axis, not "
                f"{x!r:.60}; write np.array([...]) for a list of numbers"
            )
        found[name] = len(x)
    if length is not None:
        found["length"] = index(length)
    if not found:
        raise TypeError("scan: how many steps? Give data, or write length=10")
    if len(set(found.values())) > 1:
        rows = ", ".join(f"{name}: {n}" for name, n in found.items())
        raise ValueError(f"scan: all data should have as many rows, not {rows}")
    return next(iter(found.values()))
