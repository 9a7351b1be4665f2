"""Facts: everything the page of a training shows, as text and plain numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.notation.names import visible
from nn.histograms import BINS, marks

if TYPE_CHECKING:
    from nn.monitoring import Monitor

MOST_POINTS = 300  # of a line
MOST_NUMBERS = 60_000  # of all lines together
MOST_LETTERS = 3_000_000  # of all histograms together
FEWEST = 10  # points of a line, and steps with histograms, however many layers there are
LEVELS = np.frombuffer(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", np.uint8
)


def training_facts(watch: Monitor) -> dict[str, Any]:
    """Return what the page shows of a monitor, ready for JSON.

    Layers are in the order of their calls, and steps are evenly chosen from those that were kept.
    """
    history, histograms = watch.history, watch.histograms
    layers = sorted(watch.layers, key=lambda layer: layer.order)
    numbers, letters = 6 * len(layers), 3 * BINS * len(layers)
    at = evenly_chosen(len(watch.steps), min(MOST_POINTS, MOST_NUMBERS // numbers))
    counted = evenly_chosen(len(watch.histogram_steps), MOST_LETTERS // letters)
    return {
        "title": f"Training of {visible(type(watch.model).__name__)}",
        "count": watch.count,
        "steps": [watch.steps[i] for i in at],
        "losses": four_digits(watch.losses[at]),
        "measured": [
            {
                "name": visible(name),
                "steps": [step for step, _ in found],
                "numbers": four_digits(number for _, number in found),
            }
            for name, every in watch.measured.items()
            for found in [[[*every.items()][i] for i in evenly_chosen(len(every), MOST_POINTS)]]
        ],
        "layers": [
            {
                "name": layer.name,
                "kind": visible(type(layer.module).__name__),
                "size": layer.size,
                "history": {name: four_digits(x[at]) for name, x in history[layer.name].items()},
                "histograms": {
                    kind: shares_in_letters(found[counted])
                    for kind, found in histograms.get(layer.name, {}).items()
                },
            }
            for layer in layers
        ],
        "histogramSteps": [watch.histogram_steps[i] for i in counted],
        "bins": BINS,
        "marks": marks(),
        "problems": [
            {
                "layer": problem.layer,
                "kind": problem.kind,
                "step": problem.step,
                "told": str(problem),
            }
            for problem in watch.problems
        ],
    }


def evenly_chosen(n: int, most: int) -> np.ndarray:
    """Return which of `n` things to take, at most `most` or 10, with the first and the last."""
    most = max(most, FEWEST)
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(int))


def four_digits(numbers: Iterable[float]) -> list[float | str | None]:
    """Return numbers with four digits, None for NaN and a text for an infinity.

    Example:
        >>> four_digits([0.123456, 1e300, float("nan"), -float("inf")])
        [0.1235, 1e+300, None, '−∞']
    """
    odd = {np.inf: "∞", -np.inf: "−∞"}
    return [None if x != x else odd.get(x, float(f"{x:.4g}")) for x in map(float, numbers)]


def shares_in_letters(found: np.ndarray) -> str:
    """Return the square roots of the shares of each bin, in 64 levels, a letter for each.

    An empty bin is "A", and no other is.

    Example:
        >>> shares_in_letters(np.array([[0, 1, 3], [0, 0, 8]]))
        'Ag3AA/'
    """
    shares = found / np.maximum(found.sum(axis=1, keepdims=True), 1)
    levels = np.ceil(np.sqrt(shares) * (len(LEVELS) - 1)).astype(int)
    return LEVELS[levels].tobytes().decode()
