"""The report on a NaN or an infinity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd.debugging.numbers import holds_nan, nonfinite_entries
from autograd.engine.arrays import NUMBERS
from autograd.engine.value import Value
from autograd.graphs.lines import Line
from autograd.notation.names import own_name, short, spread

SHOWN = 6  # arguments of an op


class NonFiniteError(ArithmeticError):
    """An op made a NaN or an infinity, inside `autograd.debug()`.

    Attributes:
        op: the name of the op, "" if the numbers came in from outside.
        phase: "forward" or "backward".
        file, line: where the program called the op; None if that is not known.
        module: the path of the module around it, "" for none.
        cause: the likely cause, "" if it is none of the usual ones.

    Example:
        >>> import numpy as np
        >>> from autograd import Value, debug
        >>> try:
        ...     with debug():
        ...         np.sqrt(Value(0.0)).backward()
        ... except NonFiniteError as error:
        ...     print(error.op, error.phase, error.line)
        sqrt backward 3
    """

    op: str = ""
    phase: str = "forward"
    file: str | None = None
    line: int | None = None
    module: str = ""
    cause: str = ""


def error(
    head: str,
    phase: str,
    op: Any = None,
    at: Line | None = None,
    module: str = "",
    facts: Sequence[str] = (),
    *causes: str,
) -> NonFiniteError:
    """Return an error with a head line, the place, the facts, and the known causes."""
    lines = [head]
    if at is not None:
        lines += str(at).splitlines()
    if module:
        lines.append(f"in {module}")
    lines += facts
    cause = ". ".join(filter(None, causes))
    if cause:
        lines.append(f"Cause: {cause}.")
    found = NonFiniteError("\n  ".join(lines))
    found.op = op.name if op is not None else ""
    found.phase, found.module, found.cause = phase, module, cause
    if at is not None:
        found.file, found.line = at.file, at.number
    return found


def reached(error: NonFiniteError, where: str) -> NonFiniteError:
    """Return the error for a number that was held back at first, with what it reached."""
    lines = str(error).split("\n  Cause: ")
    lines[0] += f"\n  {where}, so no branch left it out"
    error.args = ("\n  Cause: ".join(lines),)
    return error


def turn(count: int, loops: Sequence[str], passes: int) -> list[str]:
    """Return which turn of a loop an op was called in, as a line, if it was in one.

    Args:
        count: how many times the op has run at this place since the last backward pass.
        loops: the variables of the loops around it, as "t = 2".
        passes: how many backward passes went well.
    """
    parts = [f"for the {ordinal(count - 1)} time"] * (count > 1)
    parts += [f"in the loop with {', '.join(loops)}"] * bool(loops)
    parts += [f"after {passes:,} backward pass{'es' * (passes > 1)}"] * bool(passes)
    return [", ".join(parts)] if parts else []


def nonfinite(x: Any) -> str:
    """Return what in `x` is not finite: "NaN", "inf" or "-inf"."""
    if holds_nan(x):
        return "NaN"
    numbers = np.asarray(x)
    return "-inf" if np.any(np.isneginf(numbers.real)) else "inf"


def how_many(x: Any) -> str:
    """Return how many entries of an array are not finite, and where the first is."""
    if not np.ndim(x):
        return ""
    count, first = nonfinite_entries(x)
    return f", {count:,} of {np.size(x):,} entries, the first at {list(first)}"


def argument(op: Any, args: Sequence, place: int, parent: Value | None, names: Mapping) -> str:
    """Return the name of an argument of an op, or its position in words."""
    name = value_name(parent, names)
    if name:
        return name
    if len(args) == 1:
        return "its argument"
    return f"its {ordinal(place)} argument"


def described(x: Any) -> str:
    """Return a number, or the shape and range of an array."""
    if not np.ndim(x):
        return short(x)
    parts = [f"shape {np.shape(x)}"]
    if np.size(x):
        parts.append(short(x) if np.ndim(x) == 1 and np.size(x) <= 3 else spread(x))
    return ", ".join(parts)


def value_name(value: Value | None, names: Mapping[int, str]) -> str:
    """Return the name of a Value, "" if it has none."""
    return "" if value is None else own_name(value) or names.get(value.serial, "")


def ordinal(place: int) -> str:
    """Return the ordinal word for a position counted from 0."""
    words, n = "first second third fourth fifth".split(), place + 1
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return words[place] if place < len(words) else f"{n:,}{ending}"


def argument_lines(
    op: Any, parents: Sequence, args: Sequence, names: Mapping[int, str], numbers: Any
) -> list[str]:
    """Return a line for each argument: its name, shape and range, and the entry in question."""
    index = nonfinite_entries(numbers)[1] if np.ndim(numbers) else ()
    lines = []
    for place, (x, parent) in enumerate(zip(args, parents, strict=False)):
        if not isinstance(x, NUMBERS) or isinstance(x, bool):
            continue
        name = value_name(parent, names) or f"{ordinal(place)} argument"
        if parent is None:
            name += ", a constant"
        elif not value_name(parent, names) and parent.op is not None:
            name += f", made by {parent.op.name}"
        there = ""
        if op.elementwise and np.ndim(x) and np.shape(numbers):
            shape = np.broadcast_shapes(np.shape(x), np.shape(numbers))
            if shape == np.shape(numbers):
                there = f"; there {short(np.broadcast_to(x, shape)[index])}"
        lines.append(f"{name}: {described(x)}{there}")
    if len(lines) > SHOWN:
        lines[SHOWN:] = [f"… and {len(lines) - SHOWN} more arguments"]
    return lines
