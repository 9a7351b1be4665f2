"""What an op may say about itself, for formulas, diagnosis, monitors and tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False, repr=False, kw_only=True)
class Described:
    r"""The optional fields of a `Primitive`; neither forward nor backward pass needs them.

    Args:
        written: how formulas write it, if not as `name(x)`: a function `(w, y, *args)` of the
            notation (a `notation.writing.Text`), the result, and the arguments, already written,
            that are numbers. It may return None for `name(x)` after all.
        latex: its name in LaTeX, such as `\sigma`, or a template with `%s` for each argument.
        outside: where the result is not finite, and why: a sequence of pairs. Each holds a
            condition `(y, *args)`, which may hold entry by entry, and a text for `debug()` to
            print. The text may use {op}; {x}, the first argument at the first such entry;
            {dtype}, the dtype of the result; {small}, a number to add to such arguments; and
            {sizes[0]} and {least[0]}, the largest and smallest size in the first argument, and
            so on.
        steep: the same, for where a gradient is not finite; a pair may have a third entry, the
            number of the only argument it applies to.
        saturates: the (lower, upper) bounds of the result, near which the slope almost vanishes.
        dead_at_zero: where the result is 0 the slope is 0 too; for an op of two arguments, where
            one of them is 0.
        breaks: "kink" if its slope jumps somewhere, "jump" if its value does.
        reads: for each vjp, what it reads besides shapes and dtypes: "y" for the result, "0" for
            the first argument, and so on; "" if nothing. The graph need not keep the rest. None
            if a vjp may read all, or if the op computes something else each time.
        real_only: why its derivatives are checked at real numbers only.
        index: which argument says what entries to take or to change: pictures draw the turns of a
            loop once that differ in it only.
        multiply_adds: `(y, *args, **params)`: how many products it computes and sums up; only for
            ops that do so, such as a matrix product.
        read_only: the result cannot be changed in place, because NumPy's cannot.
        shortcut: its vjp has a quicker way on arrays than on Values, to the same bits; a recorded
            program takes it as one step.
        symmetric: its argument is a symmetric or Hermitian matrix, and so is the gradient.
        loops: for keyword arguments of the forward function and the vjp: functions of numbers, of
            which a native program makes loops over the entries of matrices, and gives these.
    """

    written: Callable[..., Any] | None = None
    latex: str = ""
    outside: Sequence[tuple] = ()
    steep: Sequence[tuple] = ()
    saturates: tuple[float, float] | None = None
    dead_at_zero: bool = False
    breaks: str = ""
    reads: Sequence[str] | None = None
    real_only: str = ""
    index: int | None = None
    multiply_adds: Callable[..., int] | None = None
    read_only: bool = False
    shortcut: bool = False
    symmetric: bool = False
    loops: Mapping[str, Callable[..., tuple]] = field(default_factory=dict)
