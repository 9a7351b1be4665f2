"""Losses of sequences whose labels are not aligned with their steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, array, log_softmax
from nn.answers import LOSSES, answering
from nn.arguments import lengths_of
from nn.losses.shared import (
    MEAN,
    NONE,
    reduced,
    refuse_complex,
    refuse_probabilities,
)

NEVER = -1e30  # the logarithm of 0, with slopes that are no NaN


@answering(LOSSES)
def ctc_loss(
    logits: Any,
    labels: Any,
    input_lengths: Any = None,
    label_lengths: Any = None,
    blank: int = 0,
    reduction: str = "mean",
) -> Any:
    """Return −log of the probability of a text, over all ways to spread it over the steps.

    Each step says a label or nothing, the blank; a label may last several steps, and equal
    neighbours are kept apart by a blank (Graves et al., "Connectionist temporal classification",
    2006). Sums over ways are carried along the steps as logarithms.

    Args:
        logits: of shape (samples, steps, classes), or without samples. Their log_softmax, which
            PyTorch takes with the steps first, does as well.
        labels: ints of shape (samples, length), or (length,) for one sample; what is beyond a
            length does not matter.
        input_lengths: how many steps each sample has; all if left out.
        label_lengths: how many labels each sample has; all if left out.
        blank: the class that says nothing.
        reduction: over the samples: "mean" of the losses per label, as in PyTorch, "sum" or "none".

    Returns:
        a Value of one number.

    Raises:
        ValueError: shapes or lengths do not fit, a label is no class or the blank, or there are
            too few steps for a text.

    Example:
        >>> print(round(ctc_loss(np.zeros((2, 3)), [1]).item() / np.log(3), 6))
        1.0
    """
    logits = array(logits)
    refuse_complex("ctc_loss", logits)
    refuse_probabilities(logits, "ctc_loss")
    alone = logits.ndim == 2
    logs = log_softmax(logits[None] if alone else logits, axis=-1)
    labels = labels.numpy() if isinstance(labels, Value) else np.asarray(labels)
    labels = labels[None] if alone and labels.ndim == 1 else labels
    texts, steps, sizes = fitting(logs, labels, input_lengths, label_lengths, blank)
    between = np.full((len(texts), 2 * texts.shape[1] + 1), blank)  # a blank around each label
    between[:, 1::2] = texts
    said = np.take_along_axis(
        logs, np.broadcast_to(between[:, None], (*logs.shape[:2], between.shape[1])), -1
    )
    skips = np.zeros(between.shape, bool)  # from one label to the next, if it is another
    skips[:, 2:] = (between[:, 2:] != blank) & (between[:, 2:] != between[:, :-2])
    never = np.full(between.shape, NEVER, logs.dtype)
    ways: Any = np.where(np.arange(between.shape[1]) == 0, 0.0, never)
    for t in range(logs.shape[1]):
        one = np.concatenate([never[:, :1], ways[:, :-1]], axis=1)
        two = np.where(skips, np.concatenate([never[:, :2], ways[:, :-2]], axis=1), never)
        new = np.logaddexp(np.logaddexp(ways, one), two) + said[:, t]
        ways = np.where((t < steps)[:, None], new, ways)
    last, before = (
        np.take_along_axis(ways, np.maximum(end, 0)[:, None], 1)[:, 0]
        for end in (2 * sizes, 2 * sizes - 1)
    )
    losses = -np.where(sizes > 0, np.logaddexp(last, before), last)
    losses = losses[0] if alone and reduction == NONE else losses
    if reduction == MEAN:
        losses = losses / np.maximum(sizes, 1).astype(logs.dtype)
    return reduced(losses, reduction)


def fitting(
    logs: Any, labels: np.ndarray, input_lengths: Any, label_lengths: Any, blank: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return labels, padded with blanks, and both lengths; raise if they do not fit."""
    if logs.ndim != 3 or labels.ndim != 2 or len(labels) != len(logs):
        raise ValueError(
            "ctc_loss takes logits of shape (samples, steps, classes) and labels of shape "
            f"(samples, length), not {logs.shape} and {labels.shape}"
        )
    samples, most, classes = logs.shape
    steps = np.asarray(lengths_of(input_lengths, samples, most, "input_lengths"))
    sizes = np.asarray(lengths_of(label_lengths, samples, labels.shape[1], "label_lengths"))
    there = np.arange(labels.shape[1]) < sizes[:, None]
    wrong = labels[there & ~((labels >= 0) & (labels < classes) & (labels != blank))]
    if labels.dtype.kind not in "iu" or wrong.size or not 0 <= blank < classes:
        raise ValueError(
            f"labels of {classes} classes are ints from 0 to {classes - 1} but for the blank, "
            f"{blank}, not {wrong.tolist() if wrong.size else labels.dtype}"
        )
    needed = sizes + np.sum((labels[:, 1:] == labels[:, :-1]) & there[:, 1:], axis=1)
    if np.any(needed > steps):
        i = int(np.argmax(needed > steps))
        raise ValueError(
            f"sample {i} has {steps[i]} steps, and its {sizes[i]} labels need {needed[i]}, with a "
            "blank between equal ones: leave it out"
        )
    return np.where(there, labels, blank), steps, sizes
