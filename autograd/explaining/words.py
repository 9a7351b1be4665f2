"""Words of an explanation: numbers of paths, shapes, axes, and lists with their middle left out."""

from __future__ import annotations

from math import log10
from typing import Any

from autograd.engine.value import Value
from autograd.notation.names import lengths


def prose(text: str) -> str:
    """Return text for use inside LaTeX formulas."""
    for sign, command in {"×": "times", "…": "ldots", "→": "to"}.items():
        text = text.replace(sign, rf"}}\{command}\text{{")
    return rf"\text{{{text}}}".replace(r"\text{}", "")


def middle_out(items: list[Any], most: int) -> list[Any]:
    """Return the items; if there are too many, the first and last ones with None between them."""
    if len(items) <= most + 2:
        return items
    half = most // 2
    return [*items[:half], None, *items[-half:]]


def n_paths(n: int, more: str = "") -> str:
    """Return a number of paths in words, however many there are."""
    if n < 10**12:
        return f"{n:,} {more}path{'s' * (n != 1)}"
    return f"about 10^{log10(n):.0f} {more}paths"


def shape_text(x: Value) -> str:
    """Return a shape such as 5×2, and 1 for a single number."""
    return lengths(x) or "1"


def and_list(axes: list[int]) -> str:
    """Return axes in words: "0", or "0 and 1"."""
    return " and ".join(map(str, axes))
