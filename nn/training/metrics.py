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
            shape of the labels or with a last axis of 1, above 0 for the class 1; or the classes
            themselves, as ints in the shape of the labels.
        labels: the classes, of shape (…): ints, or 0 and 1, or −1 and 1; or, of the shape of the
            output, probabilities of the classes, which add up to 1.

    Raises:
        TypeError: the labels are no numbers.
        ValueError: the shapes do not fit, or there are no samples.

    Example:
        >>> accuracy([[0.2, 1.5], [3.0, 1.0]], [1, 1])
        0.5
        >>> accuracy([-0.5, 2.0, 3.0, 1.0], [0, 1, 1, 0])
        0.75
    """
    output, labels = (
        x.numpy() if isinstance(x, Value) else np.asarray(x) for x in (output, labels)
    )
    if labels.dtype.kind not in "biuf":
        raise TypeError(
            f"write names, labels = np.unique(labels, return_inverse=True): accuracy takes labels "
            f"as ints, not {labels.dtype}"
        )
    given = output.shape, labels.shape
    if output.ndim == labels.ndim + 1 and output.shape[-1] == 1:
        output = output[..., 0]
    alone = labels.ndim < 2 or labels.shape[-1] == 1
    if output.shape == labels.shape and alone and np.isin(labels, (-1, 0, 1)).all():
        classes = output.dtype.kind in "iub" and not np.isin(output, (-1, 0, 1)).all()
        right = output == labels if classes else (output > 0) == (labels > 0)
    elif output.shape == labels.shape and output.dtype.kind in "iu" and labels.dtype.kind in "iu":
        right = output == labels
    else:
        if output.shape == labels.shape and adds_up_to_one(labels):
            labels = np.argmax(labels, axis=-1)
        if not output.ndim or output.shape[:-1] != labels.shape:
            raise ValueError(
                "accuracy takes logits of shape (…, classes) and labels of shape (…), not "
                f"{given[0]} and {given[1]}; for several labels at once write lambda output, "
                "labels: np.mean((output > 0) == labels), for classes along axis 1 "
                "nn.accuracy(np.moveaxis(output, 1, -1), labels)"
            )
        right = np.argmax(output, axis=-1) == labels
    if not right.size:
        raise ValueError(f"accuracy needs at least one sample, not {given[0]} and {given[1]}")
    return float(np.mean(right))


def adds_up_to_one(labels: np.ndarray) -> bool:
    """Whether the last axis of labels holds the probabilities of classes."""
    totals = np.sum(labels, axis=-1, dtype=float)
    return labels.ndim > 0 and bool(np.all(np.abs(totals - 1) < 1e-3) and np.all(labels >= 0))


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
