"""Plots of a training run."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from io import StringIO
from textwrap import wrap
from typing import Any

import numpy as np

from nn.health import Problem
from nn.histograms import BINS, KINDS, marks

PANELS = {
    "gradients": "norm of the gradient",
    "weights": "norm of the weights",
    "ratios": "update / weights",
}
SHARES = {"dead": "share of dead units", "saturated": "share of saturated outputs"}


def figure(
    steps: Sequence[int],
    history: dict[str, dict[str, np.ndarray]],
    problems: Sequence[Problem],
    histograms: dict[str, dict[str, np.ndarray]] | None = None,
    counted: Sequence[int] = (),
) -> Any:
    """Return a matplotlib figure with a panel for each field, and a line for each layer.

    Args:
        steps, history, problems, histograms: as in a Monitor.
        counted: the steps of the histograms.

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
    fields = PANELS | {
        field: title
        for field, title in SHARES.items()
        if any(np.any(layer[field] > 0) for layer in history.values())
    }
    height = 1.9 * len(fields) + 0.6
    whole: Any = shown(Figure)(figsize=(7, height), layout="constrained")
    picture = whole
    if histograms:
        below = 1.3 * len(histograms) + 0.6
        whole.set_size_inches(7, height + below)
        picture, grid = whole.subfigures(2, 1, height_ratios=[height, below])
        heatmaps(grid, counted, histograms)
    axes = picture.subplots(len(fields), squeeze=False, sharex=True)[:, 0]
    for ax, (field, title) in zip(axes, fields.items(), strict=True):
        panel(ax, field, steps, history)
        ax.set_ylabel(title, fontsize=9)
        ax.tick_params(labelsize=8)
        for problem in problems[:1]:
            ax.axvline(problem.step, color="tab:red", linestyle=":", linewidth=1.2)
    axes[-1].set_xlabel("step", fontsize=9)
    axes[-1].xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
    picture.align_ylabels(axes)
    handles, labels = axes[0].get_legend_handles_labels()
    picture.legend(handles, labels, loc="outside right center", frameon=False, fontsize=8)
    if problems:  # the red line marks the step of the first
        title = "\n".join(wrap(str(problems[0]), 90))
        axes[0].set_title(title, loc="left", fontsize=9, color="tab:red")
    return whole


def heatmaps(
    picture: Any, steps: Sequence[int], histograms: dict[str, dict[str, np.ndarray]]
) -> None:
    """Draw the histograms over time, a row for each layer: the darker, the larger the share."""
    axes = picture.subplots(len(histograms), len(KINDS), squeeze=False, sharex=True, sharey=True)
    for row, (layer, kinds) in zip(axes, histograms.items(), strict=True):
        for ax, (kind, found) in zip(row, kinds.items(), strict=True):
            shares = found / np.maximum(found.sum(axis=1, keepdims=True), 1)
            ends = (steps[0] - 0.5, steps[-1] + 0.5, -0.5, BINS - 0.5)
            ax.imshow(shares.T, aspect="auto", origin="lower", cmap="Greys", extent=ends)
            ax.tick_params(labelsize=7)
            if ax is row[0]:
                ax.set_ylabel(layer, fontsize=8)
            if ax in axes[0]:
                ax.set_title(kind, fontsize=9)
    places, texts = zip(*marks(), strict=True)
    axes[0, 0].set_yticks(np.array(places) - 0.5, texts)
    for ax in axes[-1]:
        ax.set_xlabel("step", fontsize=9)


def shown(figure: Any) -> Any:
    """Return matplotlib's Figure as a class that notebooks show, though no window belongs to it."""

    from matplotlib.axes import Axes

    class ShownFigure(figure):
        def _repr_svg_(self) -> str:
            picture = StringIO()
            self.savefig(picture, format="svg")
            words = ", ".join(dict.fromkeys(filter(None, map(words_of, self.findobj(Axes)))))
            look = f'role="img" aria-label="{escape(words)}" style="max-width: 100%; height: auto" '
            return picture.getvalue().replace("<svg ", f"<svg {look}", 1)

    return ShownFigure


def words_of(ax: Any) -> str:
    """Return what a panel shows, for those who cannot see it."""
    return str(ax.get_title() or ax.get_title("left") or ax.get_ylabel())


def panel(
    ax: Any, field: str, steps: Sequence[int], history: dict[str, dict[str, np.ndarray]]
) -> None:
    """Draw one field of all layers."""
    from matplotlib import colormaps
    from matplotlib.ticker import MaxNLocator

    colours = colormaps["viridis"](np.linspace(0, 0.92, len(history)))
    for colour, (name, layer) in zip(colours, history.items(), strict=True):
        numbers = np.where(np.isfinite(layer[field]), layer[field], np.nan)
        if field not in SHARES:
            numbers = np.log10(numbers, where=numbers > 0, out=np.full_like(numbers, np.nan))
        ax.plot(steps, numbers, color=colour, label=name, linewidth=1.3, marker=marker(steps))
    if field in SHARES:
        ax.set_ylim(-0.03, 1.03)
    else:
        # the numbers of an explosion overflow matplotlib's own logarithmic axis
        low, high = ax.get_ylim()
        ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=high - low > 3))
        ax.yaxis.set_major_formatter(lambda exponent, _: power_of_ten(exponent))
    ax.grid(alpha=0.25, linewidth=0.6)
    ax.spines[["top", "right"]].set_visible(False)


def power_of_ten(exponent: float) -> str:
    """Return 10 to the power of a number, as a tick label."""
    return f"{float(f'{10**exponent:.2g}'):g}" if abs(exponent) < 5 else f"1e{exponent:.0f}"


def marker(steps: Sequence[int]) -> str:
    """Return the marker for the points of a line, none if there are many."""
    return "." if len(steps) <= 40 else ""
