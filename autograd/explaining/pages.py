"""An explanation on a page: Markdown tables with LaTeX formulas, or LaTeX alone."""

from __future__ import annotations

from autograd.explaining.found import Derivation, Found
from autograd.explaining.lines import Lines
from autograd.explaining.rows import Row
from autograd.explaining.words import n_paths, prose

ARROW = r" \to "


def markdown(about: Found) -> str:
    """Return an explanation as Markdown."""
    lines = Lines(about, latex=True)
    blocks = [
        f"$$ {lines.title()} $$",
        table(["step", "value", "local derivatives"], step_cells(lines)),
    ]
    if lines.seeds:
        blocks.append(
            r"$x \leftarrow \ldots$: what $x$ receives from $g$, the gradient of the Value on the "
            "left."
        )
    if full := lines.entries():
        rows = [[f"${name}$", code(" ".join(map(str.strip, entries)))] for name, entries in full]
        blocks.append(table(["array", "in full"], rows))
    if len(about.norms) > 1:
        norms = [[code(path), f"{norm:.4g}"] for path, norm in about.norms.items()]
        blocks.append(table(["module", "gradient at its parameters"], norms))
    growth = lines.growth()
    rows = [[f"${cell}$" if cell else "" for cell in row] for row in growth]
    blocks.append(table(["gradient", "receives", "from", "so far"], rows if rows[1:] else []))
    for found in about.derivations:
        blocks.append(f"$$ {derivative_formula(lines, found)} $$")
        if found.ways.trails and found.ways.end is not about.y:
            blocks += [
                path_count(found),
                path_table(lines, found),
                differences_sentence(lines, found),
            ]
    if about.others:
        blocks.append(f"… and {about.others:,} more leaves")
    return "\n\n".join(block for block in blocks if block) + "\n"


def latex(about: Found) -> str:
    """Return an explanation as LaTeX."""
    lines = Lines(about, latex=True)
    rows = [step_row(row) for row in lines.rows]
    blocks = [rf"\[ {lines.title()} \]", environment(rows)] if rows else [rf"\[ {lines.title()} \]"]
    for found in about.derivations:
        blocks.append(environment(path_rows(lines, found)))
    return "\n".join(blocks) + "\n"


def environment(rows: list[str]) -> str:
    """Return rows in an align environment."""
    return "\\begin{align*}\n" + " \\\\\n".join(f"  {row}" for row in rows) + "\n\\end{align*}"


def step_row(row: Row) -> str:
    """Return a step as a row of an align environment."""
    if not row.made:
        return f"&{prose(row.name)}"
    made = rf"{row.names} &= {row.made} = {row.number}"
    return " & ".join([made, r",\quad ".join(row.partials)] if row.partials else [made])


def path_rows(lines: Lines, found: Derivation) -> list[str]:
    """Return the paths to one Value as rows of an align environment."""
    if not found.ways.trails or found.ways.end is lines.about.y:
        return [derivative_formula(lines, found)]
    head = lines.ratio(lines.about.y, found.ways.end)
    rows = []
    for n, way in enumerate(lines.ways(found)):
        sign, product = "=+"[n > 0], r" \cdot ".join(way.factors) or way.product
        if n and product.startswith("-"):
            sign, product = "-", product[1:]
        if len(way.stops) == 1:
            product = rf"\underbrace{{{product}}}_{{{prose(way.stops[0])}}}"
        rows.append(rf"{'' if n else head} &{sign} {product}")
    number = lines.number(found.ways.gradient)
    return rows if rows == [f"{head} &= {number}"] else [*rows, f"&= {number}"]


def derivative_formula(lines: Lines, found: Derivation) -> str:
    """Return the derivative as a formula."""
    head = lines.ratio(lines.about.y, found.ways.end)
    return f"{head} = {lines.number(found.ways.gradient)}"


def path_count(found: Derivation) -> str:
    """Return how many paths there are."""
    return f"The sum over {n_paths(found.ways.count)}:" if found.ways.count > 1 else ""


def step_cells(lines: Lines) -> list[list[str]]:
    """Return the steps as cells of a table."""
    return [
        [f"${row.names} = {row.made}$", f"${row.number}$", in_math(row.partials)]
        if row.made
        else [row.name, "", ""]
        for row in lines.rows
    ]


def path_table(lines: Lines, found: Derivation) -> str:
    """Return the table of paths."""
    rows = []
    for way in lines.ways(found):
        stops = f"${ARROW.join(way.stops)}$" if len(way.stops) > 1 else way.stops[0]
        product = [r" \cdot ".join(way.factors)] if len(way.factors) > 1 else []
        rows.append([stops, f"${' = '.join([*product, way.product])}$"])
    return table(["path", "product"], rows)


def differences_sentence(lines: Lines, found: Derivation) -> str:
    """Return the sentence about finite differences."""
    check = found.differences
    if check is None:
        return f"The graph cannot be run again: {code(found.trouble)}."
    where = f", along a random direction (the gradient: ${lines.number(check.expected)}$)"
    slopes = lines.number(check.slopes)
    return f"Finite differences{where * check.direction}: ${slopes}$ {check.verdict}"


def in_math(formulas: list[str]) -> str:
    """Return formulas in one cell."""
    return ", ".join(f"${formula}$" for formula in formulas)


def code(text: str) -> str:
    """Return text as code."""
    return "`" + text.replace("`", "′").replace("|", "∣").replace("\n", " ") + "`"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows] if rows else []
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
