"""An explanation in a terminal: columns of plain text."""

from __future__ import annotations

from autograd.explaining.found import Derivation, Found
from autograd.explaining.lines import Lines
from autograd.explaining.words import n_paths


def text(about: Found) -> str:
    """Return an explanation as text."""
    lines = Lines(about)
    blocks = [[lines.title()], step_table(lines), entry_lines(lines)]
    if len(about.norms) > 1:
        blocks.append(module_table(about))
    blocks.append(growth_table(lines))
    blocks += [derivation_lines(lines, found) for found in about.derivations]
    if about.others:
        blocks.append([f"… and {about.others:,} more leaves; choose some with explain(…, wrt=…)"])
    return "\n\n".join("\n".join(block) for block in blocks if block)


def step_table(lines: Lines) -> list[str]:
    """Return the table of steps."""
    cells, rows = [], lines.rows
    width = max((len(row.names) for row in rows if row.made), default=0)
    for row in rows:
        if not row.made:
            cells.append([row.name])
            continue
        head = [f"{row.names.ljust(width)} = {row.made}", f"= {row.number}"]
        partials = row.partials or [""]
        cells.append([*head, partials[0]])
        cells += [["", "", partial] for partial in partials[1:]]
    table = columns(cells)
    if lines.seeds:
        table += ["", "  x ← …: what x receives from g, the gradient of the Value on the left"]
    return table


def entry_lines(lines: Lines) -> list[str]:
    """Return the small arrays in full."""
    found = lines.entries()
    width = max((len(name) for name, _ in found), default=0)
    text = []
    for name, rows in found:
        heads = [f"  {name.ljust(width)} = ", *[" " * (width + 5)] * (len(rows) - 1)]
        text += [head + row for head, row in zip(heads, rows, strict=True)]
    return ["in full:", *text] if text else []


def growth_table(lines: Lines) -> list[str]:
    """Return the backward pass: each gradient as it grows."""
    found = lines.growth()
    rows = [
        [head, added + (source and f" from {source}"), f"= {total}"] if added else [head]
        for head, added, source, total in found
    ]
    if not rows[1:]:
        return []
    return [f"from {lines.name(lines.about.y)} back, each gradient as it grows:", *columns(rows)]


def module_table(about: Found) -> list[str]:
    """Return the table of modules."""
    rows = [[path, f"{norm:.4g}"] for path, norm in about.norms.items()]
    return ["norm of the gradient at the parameters of each module:", *columns(rows)]


def derivation_lines(lines: Lines, found: Derivation) -> list[str]:
    """Return the paths to one Value, their sum, and the differences."""
    y, x, ways = lines.about.y, found.ways.end, found.ways
    head, total = lines.ratio(y, x), lines.number(found.ways.gradient)
    if not ways.count:
        return [f"{head} = 0: {lines.name(y)} does not depend on {lines.name(x)}"]
    if y is x:
        return [f"{head} = 1: it is the same Value"]
    shown = lines.ways(found)
    rows = [[" → ".join(way.stops), " · ".join(way.factors), f"= {way.product}"] for way in shown]
    if ways.count > 1:
        rows.append(["sum", "", f"= {total}"])
    rows.append(differences_row(lines, found))
    several = f", the sum over {n_paths(ways.count)}" if ways.count > 1 else ""
    several += ", strongest first" * (ways.count > len(ways.trails))
    return [f"{head} = {total}{several}", *columns(rows)]


def differences_row(lines: Lines, found: Derivation) -> list[str]:
    """Return the row of finite differences."""
    check = found.differences
    if check is None:
        return [f"finite differences: the graph cannot be run again ({found.trouble})"]
    name = "along a random direction" if check.direction else "finite differences"
    verdict = check.verdict
    if check.direction:
        verdict = f"(the gradient: {lines.number(check.expected)}) {verdict}"
    return [name, "", f"≈ {lines.number(check.slopes)} {verdict}"]


def columns(rows: list[list[str]], gap: str = "    ") -> list[str]:
    """Return rows set in columns; rows of one cell stay as they are, empty columns are dropped."""
    widths = [
        max(map(len, column)) for column in zip(*[r for r in rows if len(r) > 1], strict=True)
    ]
    return [
        "  "
        + gap.join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=False) if width
        ).rstrip()
        if len(row) > 1
        else "  " + row[0]
        for row in rows
    ]
