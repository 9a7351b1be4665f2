"""Losses of classes: how little an output expects the right one."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, array, log_softmax, relu, softplus  # noqa: F401  Value in examples
from autograd.compiling.reading import are_known
from nn.answers import LOSSES, answering
from nn.losses.shared import (
    MEAN,
    NONE,
    as_given,
    numbers_like,
    parts,
    probabilities,
    reduced,
    refuse_complex,
    refuse_probabilities,
    same_shape,
    whole_labels,
)


@answering(LOSSES)
def hinge(scores: Any, labels: Any, reduction: str = "mean") -> Any:
    """Return the mean of max(0, 1 − label · score): the loss of a support-vector machine.

    Args:
        scores: outputs, of any shape.
        labels: −1 or +1 for each score, of the same shape.
        reduction: over the scores: "mean", "sum" or "none".

    Returns:
        a Value of one number.

    Raises:
        ValueError: the shapes differ, or a label is neither −1 nor +1.

    Example:
        >>> hinge(Value([2.0, -0.5]), [1, 1])
        Value(0.75)
    """
    scores, labels = same_shape(scores, labels, "hinge")
    given = as_given(labels)
    if are_known(given) and not np.all(np.abs(given) == 1):
        raise ValueError(
            f"hinge needs labels -1 and +1, not {given!r:.60}; for 0 and 1 write 2 * labels - 1"
        )
    return reduced(relu(1.0 - numbers_like(labels, scores) * scores), reduction)


@answering(LOSSES)
def multiclass_hinge(
    scores: Any,
    labels: Any,
    margin: float = 1.0,
    reduction: str = "mean",
) -> Any:
    """Return Σ max(0, margin − score of the right class + score of another) / classes.

    Crammer and Singer, "On the algorithmic implementation of multiclass kernel-based vector
    machines", 2001, in PyTorch's form, the sum over all other classes.

    Args:
        scores: of shape (…, classes).
        labels: the right classes, ints of shape (…).
        margin: by how much the right class should win.
        reduction: over the samples: "mean", "sum" or "none".

    Example:
        >>> multiclass_hinge(Value([[1.0, 0.5]]), [0])
        Value(0.25)
    """
    scores = array(scores)
    refuse_complex("multiclass_hinge", scores)
    labels = whole_labels(labels, scores, -1, None, "multiclass_hinge")
    right = np.take_along_axis(scores, labels[..., None], -1)
    classes = np.arange(scores.shape[-1])
    lost = np.where(classes == labels[..., None], 0.0, relu(margin - right + scores))
    return reduced(np.sum(lost, axis=-1) / scores.shape[-1], reduction)


@answering(LOSSES)
def cross_entropy(
    logits: Any,
    labels: Any,
    axis: int = -1,
    weights: Any = None,
    smoothing: float = 0.0,
    ignore: int | None = None,
    reduction: str = "mean",
) -> Any:
    """Return the mean of −log softmax(logits) at the labels, finite for all finite logits.

    Args:
        logits: of shape (…, classes), or with the classes along another axis.
        labels: the right classes, ints of shape (…); or a probability for each class, in the shape
            of the logits, which add up to 1 for each sample.
        axis: along which the classes lie.
        weights: how much each class counts, of shape (classes,); with ints, the mean divides by
            the weights of the labels, as in PyTorch.
        smoothing: the share of each label that is spread over all classes (Szegedy et al., 2016,
            arXiv:1512.00567).
        ignore: the label of samples that do not count.
        reduction: over the samples: "mean", "sum" or "none".

    Returns:
        a Value of one number.

    Raises:
        ValueError: the labels fit neither form, a label is not one of the classes, or
            probabilities do not add up to 1.

    Example:
        >>> cross_entropy(Value([0.0, 0.0]), 1)
        Value(0.6931471805599453)
    """
    logits = array(logits)
    refuse_complex("cross_entropy", logits, labels)
    refuse_probabilities(logits, "cross_entropy")
    if not logits.ndim:
        raise ValueError(
            "cross_entropy takes logits of shape (classes,) or (n, classes), not one number"
        )
    if not isinstance(axis, (int, np.integer)):
        raise TypeError("write weights= for the weights of classes: what comes third is the axis")
    if not 0 <= smoothing < 1:
        raise ValueError(f"smoothing is a share, from 0 to below 1, not {smoothing}")
    if logits.dtype.kind in "iub" and np.result_type(labels).kind == "f":
        raise ValueError(
            "cross_entropy takes logits first and then labels: these logits are "
            f"{logits.dtype} of shape {logits.shape}, and the labels floats of shape "
            f"{np.shape(labels)}; are they in the right order?"
        )
    logs = log_softmax(logits, axis=axis)
    if axis % logits.ndim != logits.ndim - 1:
        logs = np.moveaxis(logs, axis, -1)
    labels = array(labels)
    classes = logs.shape[-1]
    each = None if weights is None else np.asarray(weights, logits.dtype)
    if each is not None and each.shape != (classes,):
        raise ValueError(f"give a weight for each of {classes} classes, not {each.shape} of them")
    if labels.shape == logits.shape and labels.dtype.kind in "fbiu":
        shares = probabilities(np.moveaxis(labels, axis, -1), logits.dtype)
        shares = shares * (1 - smoothing) + smoothing / classes if smoothing else shares
        shares = shares if each is None else shares * each
        return reduced(-np.sum(parts(shares, logs), axis=-1), reduction)
    found = whole_labels(labels, logits, axis, ignore, "cross_entropy")[..., None]
    counted = None if ignore is None else found != ignore
    found = found if counted is None else np.where(counted, found, 0)
    losses = -np.take_along_axis(logs, found, -1)  # of shape (…, 1)
    every = None if each is None else np.broadcast_to(each, logs.shape)
    counts = None if every is None else np.take_along_axis(every, found, -1)
    if counted is not None:
        counts = counted.astype(logits.dtype) if counts is None else counts * counted
    losses = losses if counts is None else losses * counts
    if smoothing:
        spread = -np.sum(logs if each is None else logs * each, axis=-1, keepdims=True) / classes
        spread = spread if counted is None else spread * counted
        losses = (1 - smoothing) * losses + smoothing * spread
    if reduction == MEAN and counts is not None:
        return np.sum(losses) / np.sum(counts)
    return reduced(losses[..., 0] if reduction == NONE else losses, reduction)


@answering(LOSSES)
def binary_cross_entropy(
    logits: Any,
    labels: Any,
    *,
    positive_weight: Any = 1.0,
    reduction: str = "mean",
) -> Any:
    """Return −y log σ(x) − (1 − y) log(1 − σ(x)), finite for all finite logits x.

    Args:
        logits: of any shape; probabilities are σ(x), which you need not compute.
        labels: 0, 1 or a probability for each logit, of the same shape.
        positive_weight: how much labels 1 count, a number or an array that broadcasts.
        reduction: over all logits: "mean", "sum" or "none".

    Raises:
        ValueError: the shapes differ, or a label is no probability.

    Example:
        >>> binary_cross_entropy(Value([0.0, 100.0]), [1, 1])
        Value(0.34657359027997264)
    """
    logits, labels = same_shape(logits, labels, "binary_cross_entropy")
    refuse_probabilities(logits, "binary_cross_entropy")
    given = as_given(labels)
    if are_known(given) and not np.all((given >= 0) & (given <= 1)):
        raise ValueError(
            f"binary_cross_entropy needs labels from 0 to 1, not {given!r:.60}; are logits and "
            "labels in the right order?"
        )
    y = numbers_like(labels, logits)
    return reduced(positive_weight * y * softplus(-logits) + (1 - y) * softplus(logits), reduction)


@answering(LOSSES)
def kl_divergence(
    log_probabilities: Any,
    target: Any,
    reduction: str = "mean",
) -> Any:
    """Return Σ p (log p − log q) over the last axis: how far q is from p (Kullback, Leibler, 1951).

    Args:
        log_probabilities: log q, of shape (…, classes).
        target: p, of the same shape.
        reduction: over the samples: "mean", "sum" or "none".

    Example:
        >>> kl_divergence(np.log([[0.5, 0.5]]), Value([[0.5, 0.5]]))
        Value(0.0)
    """
    q, target = same_shape(log_probabilities, target, "kl_divergence")
    p = numbers_like(target, q)
    own = np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0)
    return reduced(np.sum(own - parts(p, q), axis=-1), reduction)
