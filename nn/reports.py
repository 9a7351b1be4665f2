"""Reports: what a monitor has seen, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

HEADINGS = ["layer", "weights", "gradient", "update/weight", "dead", "saturated"]


def report(step: int, rows: Iterable[tuple[str, Sequence[float]]], problems: Iterable[str]) -> str:
    """Return the table of a step, and the problems below it.

    Args:
        step: its number.
        rows: the name of each layer, and its norms and shares in the order of `history`.
        problems: a sentence on each.
    """
    table = [HEADINGS]
    for name, (weights, g, _, ratio, dead, saturated) in rows:
        norms = [cell(x, ".3g") for x in (weights, g, ratio)]
        table.append([name, *norms, cell(dead, ".0%"), cell(saturated, ".0%")])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join([name.ljust(widths[0]), *map(str.rjust, cells, widths[1:])]).rstrip()
        for name, *cells in table
    ]
    return "\n".join([f"step {step}", *lines, *problems])


def cell(x: float, form: str) -> str:
    """Return a number as text for the table, "" for a share that is NaN."""
    return "" if np.isnan(x) and form.endswith("%") else format(x, form)
