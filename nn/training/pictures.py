"""The picture of a history: a panel for each quantity, with lines for training and validation."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from math import floor, isfinite, log10
from typing import Any

from nn.plotting import shown

Lines = dict[str, list[float]]
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 300, 190, 52, 26, 26  # of a panel and its margins
COLOURS = {"training": "#1f77b4", "validation": "#ff7f0e"}
WIDE = 30  # from this ratio of the largest to the smallest number on, the axis is logarithmic
STEPS = (1, 2, 5)  # between ticks, times a power of ten


def svg_of_lines(panels: dict[str, Lines]) -> str:
    """Return an SVG picture, which a notebook shows without any other package."""
    drawn = [
        f'<g transform="translate({i * WIDTH} 0)">{panel_svg(name, lines)}</g>'
        for i, (name, lines) in enumerate(panels.items())
    ]
    width = max(len(panels), 1) * WIDTH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" '
        f'height="{HEIGHT}" role="img" aria-label="{escape(", ".join(panels))}, epoch by epoch" '
        'style="max-width: 100%; height: auto" '
        'font-family="sans-serif" font-size="10" fill="currentColor">'
        f"{''.join(drawn)}</svg>"
    )


def panel_svg(name: str, lines: Lines) -> str:
    """Return one panel: its title, its axis with ticks, and its lines."""
    numbers = [y for line in lines.values() for y in line if isfinite(y)]
    height = scale_of(numbers)
    scaled = [height(y) for y in numbers] or [0.0]
    low, high = min(scaled), max(scaled)
    margin = 0.05 * (high - low) or abs(high) or 1.0
    low, high = low - margin, high + margin
    longest = max(map(len, lines.values()))

    def x_of(i: int) -> float:
        return LEFT + (WIDTH - LEFT - 12) * (i / (longest - 1) if longest > 1 else 0.5)

    def y_of(y: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - height(y)) / (high - low)

    parts = [f'<text x="{LEFT}" y="14" font-size="12">{escape(name)}</text>']
    for y in ticks(numbers, height is log10):
        parts.append(
            f'<path d="M{LEFT} {y_of(y):.1f}H{WIDTH - 8}" stroke="#8884"/>'
            f'<text x="{LEFT - 5}" y="{y_of(y) + 3:.1f}" text-anchor="end">{y:.4g}</text>'
        )
    for i in sorted({0, longest - 1} if longest else ()):
        parts.append(
            f'<text x="{x_of(i):.1f}" y="{HEIGHT - 10}" text-anchor="middle">{i + 1}</text>'
        )
    for n, (label, line) in enumerate(lines.items()):
        points = [(x_of(i), y_of(y)) for i, y in enumerate(line) if isfinite(y)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        colour = COLOURS[label]
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        )
        if len(points) == 1:
            parts.append(f'<circle cx="{points[0][0]}" cy="{points[0][1]}" r="2" fill="{colour}"/>')
        if len(lines) > 1:
            parts.append(
                f'<text x="{WIDTH - 12 - 60 * (len(lines) - 1 - n)}" y="14" text-anchor="end" '
                f'fill="{colour}">{label}</text>'
            )
    return "".join(parts)


def scale_of(numbers: list[float]) -> Callable[[float], float]:
    """Return log10 for positive numbers of very different sizes, and float for others."""
    wide = bool(numbers) and min(numbers) > 0 and max(numbers) / min(numbers) > WIDE
    return log10 if wide else float


def ticks(numbers: list[float], logarithmic: bool) -> list[float]:
    """Return a few round numbers between the smallest and the largest."""
    if not numbers:
        return []
    low, high = min(numbers), max(numbers)
    if low == high:
        return [low]
    if logarithmic:
        powers = range(floor(log10(low)), floor(log10(high)) + 1)
        found = [10.0**n for n in powers if low <= 10.0**n <= high]
        return found[:: -(-len(found) // 5)]
    half = high / 2 - low / 2
    size = 10.0 ** floor(log10(half))
    step = max((s * size for s in STEPS if s * size <= half), default=size)
    first = -(-low // step)
    return [step * (first + i) for i in range(6) if step * (first + i) <= high]


def figure_of_lines(panels: dict[str, Lines]) -> Any:
    """Return a matplotlib figure.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
        from matplotlib.ticker import MaxNLocator
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "plot() needs matplotlib: pip install 'chainrule[plot]'", name="matplotlib"
        ) from error
    picture = shown(Figure)(figsize=(3.6 * max(len(panels), 1), 2.8), layout="constrained")
    axes = picture.subplots(1, max(len(panels), 1), squeeze=False)[0]
    for ax, (name, lines) in zip(axes, panels.items(), strict=False):
        for label, line in lines.items():
            epochs = range(1, len(line) + 1)
            ax.plot(epochs, line, label=label, color=COLOURS[label], linewidth=1.3, marker=".")
        if scale_of([y for line in lines.values() for y in line if isfinite(y)]) is log10:
            ax.set_yscale("log")
        ax.set_title(name, loc="left", fontsize=10)
        ax.set_xlabel("epoch", fontsize=9)
        ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
        ax.grid(alpha=0.25, linewidth=0.6)
        ax.spines[["top", "right"]].set_visible(False)
        if len(lines) > 1:
            ax.legend(frameon=False, fontsize=8)
    return picture
