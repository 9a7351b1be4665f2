"""The history of a training: plain numbers, an epoch at a time."""

from __future__ import annotations

from html import escape
from math import inf, isnan
from typing import Any

from nn.training.pictures import figure_of_lines, svg_of_lines

SHOWN = 8  # how many epochs a table shows


class History(dict[str, list[float]]):
    """What `nn.fit` returns: a dict of lists of floats, one for each epoch, by name.

    The names are "loss", those of the metrics, the same of the validation, "validation_loss" and so
    on, and "lr".

    Attributes:
        stopped: why the training ended before its last epoch; "" if it did not.

    Example:
        >>> history = History()
        >>> history.add({"loss": 0.5, "accuracy": 0.75})
        >>> history.add({"loss": 0.25, "accuracy": 1.0})
        >>> history
        epoch  loss  accuracy
            1   0.5      0.75
            2  0.25         1
        >>> history.best_epoch
        2
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stopped = ""

    @property
    def epochs(self) -> int:
        """How many epochs there were."""
        return max(map(len, self.values()), default=0)

    @property
    def judged(self) -> list[float]:
        """What says which epoch was best: the validation loss, or without one the loss."""
        return self.get("validation_loss", self.get("loss", []))

    @property
    def best_epoch(self) -> int:
        """The epoch with the smallest validation loss, or loss, counted from 1."""
        judged = [inf if isnan(x) else x for x in self.judged]
        return judged.index(min(judged)) + 1 if judged else 0

    def improved_by(self, numbers: dict[str, float]) -> bool:
        """Whether the numbers of another epoch are better than all before."""
        new = numbers.get("validation_loss", numbers["loss"])
        return all(new < x or isnan(x) for x in self.judged)

    def add(self, numbers: dict[str, float]) -> None:
        """Add the numbers of an epoch.

        Raises:
            ValueError: their names are not those of the epochs before.
        """
        if self and self.keys() != numbers.keys():
            raise ValueError(
                f"this history has {', '.join(self)}, so another epoch needs the same, not "
                f"{', '.join(numbers)}"
            )
        self.update({name: [*self.get(name, []), float(x)] for name, x in numbers.items()})

    def plot(self) -> Any:
        """Return a matplotlib figure of the history; no window opens.

        Raises:
            ModuleNotFoundError: matplotlib is not installed.
        """
        return figure_of_lines(self.panels())

    def panels(self) -> dict[str, dict[str, list[float]]]:
        """Return what belongs into one picture: training and validation, by the name of each."""
        return {
            name: {"training": x}
            | ({"validation": self[f"validation_{name}"]} if f"validation_{name}" in self else {})
            for name, x in self.items()
            if not name.startswith("validation_") and (name != "lr" or len(set(x)) > 1)
        }

    def _repr_html_(self) -> str:
        told = f"<p>{escape(self.stopped)}</p>" if self.stopped else ""
        return svg_of_lines(self.panels()) + told

    def __repr__(self) -> str:
        rows = [
            [str(i + 1), *(f"{x[i]:.4g}" if i < len(x) else "" for x in self.values())]
            for i in range(self.epochs)
        ]
        if len(rows) > SHOWN:
            rows = [*rows[:2], ["…"] * len(rows[0]), *rows[3 - SHOWN :]]
        table = [["epoch", *self], *rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(map(str.rjust, row, widths)) for row in table]
        return "\n".join([*lines, *([self.stopped] if self.stopped else [])])
