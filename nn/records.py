"""Records: what a monitor keeps of a run, a bounded number of steps that covers all of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.health import LayerHealth
from nn.histograms import BINS, KINDS

FIELDS = ("weights", "gradients", "updates", "ratios", "dead", "saturated")
MOST_HISTOGRAMS = 100  # steps that have histograms


class Kept:
    """Records of every step, then of every second one, then of every fourth, and so on.

    Attributes:
        rows: (step, record) of each step that is kept; the first one always is.
        stride: which steps are kept now, those that it divides.

    Args:
        limit: how many to keep.

    Example:
        >>> kept = Kept(limit=4)
        >>> for step in range(1, 11):
        ...     if kept.wants(step):
        ...         kept.add(step, {"loss": 1 / step})
        >>> kept.steps
        [1, 4, 8]
    """

    def __init__(self, limit: int) -> None:
        self.limit, self.stride = limit, 1
        self.rows: list[tuple[int, Any]] = []

    @property
    def steps(self) -> list[int]:
        """The numbers of the steps that are kept."""
        return [step for step, _ in self.rows]

    @property
    def records(self) -> list[Any]:
        """Their records."""
        return [record for _, record in self.rows]

    def wants(self, step: int) -> bool:
        """Whether the record of a step would be kept."""
        return step % self.stride == 0 or not self.rows

    def add(self, step: int, record: Any) -> None:
        """Keep the record of a step, and every second one of those before if there are too many."""
        self.rows.append((step, record))
        if len(self.rows) > self.limit:
            self.stride *= 2
            self.rows = [
                row for i, row in enumerate(self.rows) if i == 0 or row[0] % self.stride == 0
            ]


class Records:
    """The norms, shares, losses and histograms of a run.

    Attributes:
        count: how many steps there were.
        last: the norms and shares of each layer after the last of them.
        judged: how many measurements there were.

    Args:
        layers: the layers.
        limit: how many steps to keep.
        histograms: whether there are any.
    """

    def __init__(self, layers: list[LayerHealth], limit: int, histograms: bool) -> None:
        self.layers, self.count = layers, 0
        self.last: list[tuple[float, ...]] = []
        self.rows = Kept(limit)  # the loss of a step, and the norms and shares of each layer
        self.measurements, self.judged = Kept(limit), 0  # (step, numbers), by how many there were
        self.bins = Kept(min(limit, MOST_HISTOGRAMS)) if histograms else None
        self.expect_histograms()

    def record(self, loss: float, row: list[tuple[float, ...]]) -> None:
        """Keep what belongs to the latest step, if it is one of those to keep."""
        self.last = row
        if self.rows.wants(self.count):
            self.rows.add(self.count, (loss, row))
        if self.bins is not None and self.bins.wants(self.count):
            self.bins.add(self.count, [layer.histograms() for layer in self.layers])
        self.expect_histograms()

    def expect_histograms(self) -> None:
        """Have the activations of the next step counted, if its histograms are wanted."""
        wanted = self.bins is not None and self.bins.wants(self.count + 1)
        for layer in self.layers:
            layer.bins = np.zeros(BINS, int) if wanted else None

    def keep(self, numbers: dict[str, float]) -> None:
        """Keep what was measured after the latest step."""
        self.judged += 1
        if self.measurements.wants(self.judged):
            self.measurements.add(self.judged, (self.count, numbers))

    @property
    def measured(self) -> dict[str, dict[int, float]]:
        """What `measure` was given, by its name and by the step after which it was."""
        found: dict[str, dict[int, float]] = {}
        for step, numbers in self.measurements.records:
            for name, number in numbers.items():
                found.setdefault(name, {})[step] = number
        return found

    @property
    def steps(self) -> list[int]:
        """The numbers of the steps that were kept, counted from 1."""
        return self.rows.steps

    @property
    def losses(self) -> np.ndarray:
        """The loss at each kept step, NaN where `step` was not given it."""
        return np.array([loss for loss, _ in self.rows.records], dtype=float)

    @property
    def history(self) -> dict[str, dict[str, np.ndarray]]:
        """Norms and shares of each layer, as arrays over the kept steps, NaN where there is none.

        The fields are weights, gradients and updates (norms), ratios (of the update to the weights
        before it), dead (share of units) and saturated (share of outputs).
        """
        rows = [row for _, row in self.rows.records]
        numbers = np.array(rows, dtype=float).reshape(-1, len(self.layers), len(FIELDS))
        return {
            layer.name: dict(zip(FIELDS, numbers[:, i].T, strict=True))
            for i, layer in enumerate(self.layers)
        }

    @property
    def histograms(self) -> dict[str, dict[str, np.ndarray]]:
        """How many weights, gradients and activations of each layer lie in each bin, by step.

        They are arrays of shape (steps, bins) for the steps in `histogram_steps`, with the bins of
        `nn.histograms.EDGES`, if they were asked for. Of an array of more than 5,000 entries only
        some are counted.
        """
        if self.bins is None or not self.bins.rows:
            return {}
        found = np.array(self.bins.records)
        return {
            layer.name: dict(zip(KINDS, np.moveaxis(found[:, i], 1, 0), strict=True))
            for i, layer in enumerate(self.layers)
        }

    @property
    def histogram_steps(self) -> list[int]:
        """The numbers of the steps that have histograms."""
        return [] if self.bins is None else self.bins.steps
