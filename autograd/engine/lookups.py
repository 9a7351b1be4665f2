"""Where a function looks things up: the names in its code, its cells, the slots of a class."""

from __future__ import annotations

import re
from dis import get_instructions, opmap
from types import CodeType
from typing import Any

MISSING = object()
# By these, a function finds things under names that are texts.
BY_TEXT = {"globals", "getattr", "vars", "eval", "exec", "__dict__"}


def names_of(code: CodeType) -> set[str]:
    """Return all names that a function and those inside it use, in texts too if these may count."""
    names, texts = names_in(code)
    if not names.isdisjoint(BY_TEXT):
        names |= {name for text in texts for name in re.findall(r"\w+", text)}
    return names


def names_in(code: CodeType) -> tuple[set[str], set[str]]:
    """Return the names and the texts in a function and those inside it."""
    names, texts = set(code.co_names), {x for x in code.co_consts if isinstance(x, str)}
    for x in code.co_consts:
        if isinstance(x, CodeType):
            inner = names_in(x)
            names, texts = names | inner[0], texts | inner[1]
    return names, texts


def compares_by_is(code: CodeType) -> bool:
    """Whether a function, or one inside it, says `is` of more than None and other constants."""
    if opmap["IS_OP"] in code.co_code[::2]:
        before = ""
        for step in get_instructions(code):
            if step.opname == "IS_OP" and not before.startswith("LOAD_CONST"):
                return True
            before = step.opname
    return any(compares_by_is(x) for x in code.co_consts if isinstance(x, CodeType))


def slots_of(kind: type) -> tuple[str, ...]:
    """Return the slots that a class of the program names."""
    slots = vars(kind).get("__slots__", ())
    slots = (slots,) if isinstance(slots, str) else tuple(slots)
    private = f"_{kind.__name__.lstrip('_')}"  # what Python puts before __name
    return tuple([f"{private}{s}" if s[:2] == "__" != s[-2:] else s for s in slots])


def cell_of(cell: Any) -> Any:
    """Return what a closure has captured, MISSING if nothing yet."""
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING
