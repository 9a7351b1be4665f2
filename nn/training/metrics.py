"""Numbers that say how good outputs are, and their means over batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd import Value
from nn.data.arrays import each, leaves


def accuracy(output: Any, labels: Any) -> float:
    """Return the share of samples whose class is right.

    Args:
        output: logits or probabilities of shape (…, classes); or one logit for each sample, in the
            shape of the labels, above 0 for the class 1.
        labels: ints of shape (…): the class, or 0 and 1, or −1 and 1; or, of the shape of the
            output, a probability for each class.

    Raises:
        ValueError: the shapes do not fit.

    Example:
        >>> accuracy([[0.2, 1.5], [3.0, 1.0]], [1, 1])
        0.5
        >>> accuracy([-0.5, 2.0, 3.0, 1.0], [0, 1, 1, 0])
        0.75
    """
    output, labels = (
        x.numpy() if isinstance(x, Value) else np.asarray(x) for x in (output, labels)
    )
    if (
        output.shape == labels.shape
        and np.isin(labels, (-1, 0, 1)).all()
        and (labels.ndim < 2 or labels.shape[-1] == 1)
    ):
        return float(np.mean((output > 0) == (labels > 0)))
    if output.shape == labels.shape:
        labels = np.argmax(labels, axis=-1)
    if output.shape[:-1] != labels.shape:
        raise ValueError(
            f"accuracy takes logits of shape (…, classes) and labels of shape (…), not "
            f"{output.shape} and {labels.shape}"
        )
    return float(np.mean(np.argmax(output, axis=-1) == labels))


class Means:
    """The means of the loss and of metrics over batches, in which each sample counts the same."""

    def __init__(self, metrics: Mapping[str, Callable[..., Any]]) -> None:
        self.metrics = metrics
        self.batches = self.samples = 0
        self.sums = dict.fromkeys(["loss", *metrics], 0.0)

    def add(self, loss: float, output: Any, target: Any) -> None:
        """Count a batch."""
        size = len_of(target)
        self.batches += 1
        self.samples += size
        self.sums["loss"] += size * loss
        if self.metrics:
            output, target = each(without_graph, output), each(without_graph, target)
            for name, metric in self.metrics.items():
                self.sums[name] += size * number_from(metric(output, target), name)

    def count(self, batches: int, samples: int, total: float) -> None:
        """Count batches of which only the sum of all losses so far is known, for each sample."""
        self.batches += batches
        self.samples += samples
        self.sums["loss"] = total

    def numbers(self) -> dict[str, float]:
        """Return the means so far."""
        if not self.batches:
            raise ValueError("there should be at least one batch, and the data set is empty")
        return {name: total / self.samples for name, total in self.sums.items()}


def number_from(found: Any, name: str) -> float:
    """Return what a metric gave as a float."""
    try:
        return float(found)
    except (TypeError, ValueError):
        raise TypeError(
            f"the metric {name} should return one number, such as the mean over the batch, not "
            f"{found!r:.60}"
        ) from None


def without_graph(x: Any) -> Any:
    """Return a Value's numbers, and anything else as it is."""
    return x.numpy() if isinstance(x, Value) else x


def len_of(target: Any) -> int:
    """Return how many samples a batch has."""
    first = leaves(target)[:1]
    return len(first[0]) if first and np.ndim(first[0]) else 1
