"""The progress bar of a training."""

from __future__ import annotations

from typing import Any

from nn.training.metrics import Means


class Bar:
    """A progress bar over all steps, with the loss, the metrics and the time that is left.

    Args:
        data: the batches of an epoch.
        epochs: how many there are in all.
        done: how many of them are over.
        shown: whether to show it.
    """

    def __init__(self, data: Any, epochs: int, done: int, shown: bool) -> None:
        self.steps = len(data) if hasattr(data, "__len__") else None
        self.epochs, self.count = epochs, done * (self.steps or 0)
        self.bar = None
        if shown:
            from tqdm import tqdm  # which starts a thread, shown or not

            total = self.steps and epochs * self.steps
            self.bar = tqdm(total=total, initial=self.count, unit=" steps")

    def step(self, means: Means, steps: int = 1) -> None:
        """Count a step, or several; now and then, show the means so far."""
        self.count += steps
        if self.bar is not None and self.bar.update(steps):
            told = {name: f"{x:.4g}" for name, x in means.numbers().items()}
            if self.steps:
                told = {"epoch": f"{-(-self.count // self.steps)}/{self.epochs}"} | told
            self.bar.set_postfix(told, refresh=False)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *error: Any) -> None:
        if self.bar is not None:
            self.bar.close()
