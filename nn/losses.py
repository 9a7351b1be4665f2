"""Losses: one number that measures how wrong an output is."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, array, log_softmax, relu, square


def squared_error(output: Any, target: Any) -> Any:
    """Return (output − target)², summed over the entries of a sample, averaged over a batch.

    Args:
        output: of shape () for one sample with one output; (n,) for n samples with one output
            each; (n, …) for n samples with several outputs.
        target: numbers of the same shape.

    Returns:
        a Value of one number. Its derivative for one sample is 2 (output − target).

    Raises:
        ValueError: the shapes differ.

    Example:
        >>> squared_error(Value(3.0), 1.0)
        Value(4.0)
        >>> squared_error(Value([3.0, 1.0]), [1.0, 1.0])
        Value(2.0)
    """
    if not isinstance(output, Value) or type(target) is not float or output.ndim:
        output = same_shape(output, target, "squared_error")
    error = square(output - target)
    return error if not output.ndim else np.sum(error) / output.shape[0]


def hinge(scores: Any, labels: Any) -> Any:
    """Return the mean of max(0, 1 − label · score): the loss of a support-vector machine.

    Args:
        scores: outputs, of any shape.
        labels: −1 or +1 for each score, of the same shape.

    Returns:
        a Value of one number.

    Raises:
        ValueError: the shapes differ, or a label is neither −1 nor +1.

    Example:
        >>> hinge(Value([2.0, -0.5]), [1, 1])
        Value(0.75)
    """
    scores = same_shape(scores, labels, "hinge")
    given = labels.numpy() if isinstance(labels, Value) else np.asarray(labels)
    if not np.all(np.abs(given) == 1):
        raise ValueError(
            f"hinge needs labels -1 and +1, not {given!r:.60}; for 0 and 1 write 2 * labels - 1"
        )
    return relu(1.0 - labels_like(labels, scores) * scores).mean()


def cross_entropy(logits: Any, labels: Any) -> Any:
    """Return the mean of −log softmax(logits) at the labels, finite for all finite logits.

    Args:
        logits: of shape (classes,) for one sample or (n, classes) for a batch.
        labels: the right classes, an int or n ints; or probabilities in the shape of the logits.

    Returns:
        a Value of one number.

    Raises:
        ValueError: the labels fit neither form, or a label is not one of the classes.

    Example:
        >>> cross_entropy(Value([0.0, 0.0]), 1)
        Value(0.6931471805599453)
    """
    logits = array(logits)
    if not logits.ndim:
        raise ValueError(
            "cross_entropy takes logits of shape (classes,) or (n, classes), not one number"
        )
    labels = labels if isinstance(labels, Value) else np.asarray(labels)
    log_probabilities = log_softmax(logits, axis=-1)
    batch, classes = logits.shape[:-1], logits.shape[-1]
    count = batch[0] if batch else 1
    if labels.shape == logits.shape and labels.dtype.kind == "f":
        missing = np.logical_and(labels == 0, log_probabilities == -np.inf)  # 0 · log 0 is 0
        if np.any(missing):
            log_probabilities = np.where(missing, 0.0, log_probabilities)
        return -np.sum(labels * log_probabilities) / count
    if labels.shape != batch or labels.dtype.kind not in "iu":
        raise ValueError(
            f"give labels as ints of shape {batch}, or as probabilities of shape {logits.shape} "
            f"like the logits, not as {labels.dtype} of shape {labels.shape}"
        )
    labels = labels.numpy() if isinstance(labels, Value) else labels
    if labels.size and not (labels.min() >= 0 and labels.max() < classes):
        raise ValueError(
            f"labels of {classes} classes should lie between 0 and {classes - 1}, not between "
            f"{labels.min()} and {labels.max()}"
        )
    rows = (np.arange(count), labels) if batch else labels.item()
    return -np.sum(log_probabilities[rows]) / count


def same_shape(output: Any, target: Any, name: str) -> Any:
    """Return `output` as a Value or array if it has the shape of `target`."""
    output = output if isinstance(output, Value) else array(output)
    if output.shape != np.shape(target):
        raise ValueError(
            f"{name} got outputs of shape {output.shape} and targets of shape "
            f"{np.shape(target)}: give both the same shape"
        )
    return output


def labels_like(labels: Any, like: Any) -> Any:
    """Return labels as an array of the dtype of `like`."""
    return labels if isinstance(labels, Value) else np.asarray(labels, dtype=like.dtype)
