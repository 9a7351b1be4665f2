"""What an op may state of itself for those who write, diagnose, monitor or test it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(eq=False, repr=False, kw_only=True)
class Described:
    r"""The optional fields of a `Primitive`; no pass over a graph reads them.

    Args:
        written: how formulas write it where `name(x)` is not it: a function `(w, y, *args)` of the
            notation, a `notation.writing.Text`, the result and the written arguments that are
            numbers; None from it means `name(x)` after all.
        latex: its name in LaTeX, such as `\sigma`, or what to write, with `%s` for each argument.
        outside: where the result is not finite, and why: a sequence of pairs of a condition
            `(y, *args)`, which may hold entry by entry, and words for `debug()` to say.  They may
            name {op}, {x} and {dtype}, the first argument at the first such entry and the dtype
            of the result; {small}, a number to be added to such arguments; and {sizes[0]} and
            {least[0]}, the largest and smallest size in the first argument, and so on.
        steep: the same where a gradient is not finite; a third entry of the pair is the
            number of the only argument that it is for.
        saturates: the (lower, upper) bound of the results next to which there is hardly a slope.
        dead_at_zero: where it gives 0 it has no slope, if it has two arguments where one is 0.
        breaks: "kink" if its slope jumps somewhere, "jump" if it does so itself.
        real_only: why its derivatives are checked at real numbers only.
        symmetric: its argument is a symmetric or Hermitian matrix, and so is the gradient.
    """

    written: Callable[..., Any] | None = None
    latex: str = ""
    outside: Sequence[tuple] = ()
    steep: Sequence[tuple] = ()
    saturates: tuple[float, float] | None = None
    dead_at_zero: bool = False
    breaks: str = ""
    real_only: str = ""
    symmetric: bool = False
