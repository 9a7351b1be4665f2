"""Losses: one number that measures how wrong an output is, or one for each sample.

`reduction` is "mean" for the mean over samples, "sum" for their sum, "none" for one number each.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, array, log_softmax, relu, softplus, square

REDUCTIONS = ("mean", "sum", "none")


def squared_error(output: Any, target: Any, reduction: str = "mean") -> Any:
    """Return (output − target)², summed over the entries of a sample, averaged over a batch.

    Args:
        output: of shape () for one sample with one output; (n,) for n samples with one output
            each; (n, …) for n samples with several outputs.
        target: numbers of the same shape.
        reduction: over the samples: "mean", "sum" or "none".

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
    if reduction == "mean":
        return error if not output.ndim else np.sum(error) / output.shape[0]
    return reduced(over_entries(error), reduction)


def absolute_error(output: Any, target: Any, reduction: str = "mean") -> Any:
    """Return |output − target|, summed over the entries of a sample, averaged over a batch.

    Args:
        output, target, reduction: as in `squared_error`.

    Example:
        >>> absolute_error(Value([3.0, 1.0]), [1.0, 1.0])
        Value(1.0)
    """
    output = same_shape(output, target, "absolute_error")
    return reduced(over_entries(np.abs(output - target)), reduction)


def huber(output: Any, target: Any, delta: float = 1.0, reduction: str = "mean") -> Any:
    """Return half the squared error where it is small, and a line of slope delta beyond.

    That is e² / 2 for |e| ≤ delta and delta · (|e| − delta / 2) elsewhere, summed over the entries
    of a sample (Huber, "Robust estimation of a location parameter", 1964).

    Args:
        output, target, reduction: as in `squared_error`.
        delta: where the line begins, positive.

    Raises:
        ValueError: the shapes differ, or delta is not positive.

    Example:
        >>> huber(Value([3.0, 0.5]), [0.0, 0.0])
        Value(1.3125)
    """
    if not delta > 0:
        raise ValueError(f"delta should be positive, not {delta}")
    output = same_shape(output, target, "huber")
    size = np.abs(output - target)
    within = np.minimum(size, delta)
    return reduced(over_entries(within * (size - within / 2)), reduction)


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
    scores = same_shape(scores, labels, "hinge")
    given = labels.numpy() if isinstance(labels, Value) else np.asarray(labels)
    if not np.all(np.abs(given) == 1):
        raise ValueError(
            f"hinge needs labels -1 and +1, not {given!r:.60}; for 0 and 1 write 2 * labels - 1"
        )
    return reduced(relu(1.0 - numbers_like(labels, scores) * scores), reduction)


def multiclass_hinge(scores: Any, labels: Any, margin: float = 1.0, reduction: str = "mean") -> Any:
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
    labels = whole_labels(labels, scores, -1, None, "multiclass_hinge")
    right = np.take_along_axis(scores, labels[..., None], -1)
    classes = np.arange(scores.shape[-1])
    lost = np.where(classes == labels[..., None], 0.0, relu(margin - right + scores))
    return reduced(np.sum(lost, axis=-1) / scores.shape[-1], reduction)


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
    if not logits.ndim:
        raise ValueError(
            "cross_entropy takes logits of shape (classes,) or (n, classes), not one number"
        )
    if not 0 <= smoothing < 1:
        raise ValueError(f"smoothing is a share, from 0 to below 1, not {smoothing}")
    log_probabilities = np.moveaxis(log_softmax(logits, axis=axis), axis, -1)
    labels = labels if isinstance(labels, Value) else np.asarray(labels)
    classes = log_probabilities.shape[-1]
    each = np.ones(classes) if weights is None else np.asarray(weights)
    if each.shape != (classes,):
        raise ValueError(f"give a weight for each of {classes} classes, not {each.shape} of them")
    each = each.astype(logits.dtype)
    if labels.shape == logits.shape and labels.dtype.kind in "fb":
        shares = probabilities(np.moveaxis(labels, axis, -1), logits.dtype)
        shares = shares * (1 - smoothing) + smoothing / classes if smoothing else shares
        losses, counts = -np.sum(parts(shares * each, log_probabilities), axis=-1), None
    else:
        found = whole_labels(labels, logits, axis, ignore, "cross_entropy")
        counted = np.ones(found.shape, bool) if ignore is None else found != ignore
        found = np.where(counted, found, 0)
        counts = each[found] * counted
        losses = -np.take_along_axis(log_probabilities, found[..., None], -1)[..., 0] * counts
        if smoothing:
            spread = -np.sum(log_probabilities * each, axis=-1) / classes
            losses = (1 - smoothing) * losses + smoothing * spread * counted
    if reduction == "mean" and counts is not None:
        return np.sum(losses) / np.sum(counts)
    return reduced(losses, reduction)


def binary_cross_entropy(
    logits: Any, labels: Any, positive_weight: Any = 1.0, reduction: str = "mean"
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
    logits = same_shape(logits, labels, "binary_cross_entropy")
    given = labels.numpy() if isinstance(labels, Value) else np.asarray(labels)
    if not np.all((given >= 0) & (given <= 1)):
        raise ValueError(
            f"binary_cross_entropy needs labels from 0 to 1, not {given!r:.60}; are logits and "
            "labels in the right order?"
        )
    y = numbers_like(labels, logits)
    return reduced(positive_weight * y * softplus(-logits) + (1 - y) * softplus(logits), reduction)


def kl_divergence(log_probabilities: Any, target: Any, reduction: str = "mean") -> Any:
    """Return Σ p (log p − log q) over the last axis: how far q is from p (Kullback, Leibler, 1951).

    Args:
        log_probabilities: log q, of shape (…, classes).
        target: p, of the same shape.
        reduction: over the samples: "mean", "sum" or "none".

    Example:
        >>> kl_divergence(np.log([[0.5, 0.5]]), Value([[0.5, 0.5]]))
        Value(0.0)
    """
    q = same_shape(log_probabilities, target, "kl_divergence")
    p = target if isinstance(target, Value) else np.asarray(target, dtype=q.dtype)
    own = np.where(p > 0, p * np.log(np.where(p > 0, p, 1.0)), 0.0)
    return reduced(np.sum(own - parts(p, q), axis=-1), reduction)


def gaussian_nll(
    mean: Any, target: Any, variance: Any, eps: float = 1e-6, reduction: str = "mean"
) -> Any:
    """Return (log v + (mean − target)² / v) / 2: minus the log-density, but for a constant.

    Nix and Weigend, "Estimating the mean and variance of the target probability distribution",
    1994.

    Args:
        mean: outputs of any shape.
        target: numbers of the same shape.
        variance: v, of the same shape, positive.
        eps: the smallest v.
        reduction: over all entries: "mean", "sum" or "none".

    Example:
        >>> gaussian_nll(Value([1.0]), [1.0], [1.0])
        Value(0.0)
    """
    mean = same_shape(mean, target, "gaussian_nll")
    variance = np.maximum(same_shape(variance, target, "gaussian_nll"), eps)
    return reduced((np.log(variance) + square(mean - target) / variance) / 2, reduction)


def cosine_distance(a: Any, b: Any, eps: float = 1e-8, reduction: str = "mean") -> Any:
    """Return 1 − a · b / (|a| |b|) along the last axis.

    Args:
        a, b: of shape (…, n).
        eps: the smallest product of lengths.
        reduction: over the samples: "mean", "sum" or "none".

    Example:
        >>> cosine_distance(Value([1.0, 0.0]), [0.0, 2.0])
        Value(1.0)
    """
    a = same_shape(a, b, "cosine_distance")
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return reduced(1 - np.sum(a * b, axis=-1) / np.maximum(lengths, eps), reduction)


def triplet(
    anchor: Any, positive: Any, negative: Any, margin: float = 1.0, reduction: str = "mean"
) -> Any:
    """Return max(0, |anchor − positive| − |anchor − negative| + margin), along the last axis.

    Schroff et al., "FaceNet", 2015, arXiv:1503.03832, with distances that are not squared.

    Args:
        anchor, positive, negative: of shape (…, n).
        margin: how much further away the negative should be.
        reduction: over the samples: "mean", "sum" or "none".

    Example:
        >>> triplet(Value([[0.0, 0.0]]), [[0.0, 1.0]], [[3.0, 0.0]])
        Value(0.0)
    """
    near, far = (
        np.linalg.norm(same_shape(anchor, other, "triplet") - other, axis=-1)
        for other in (positive, negative)
    )
    return reduced(relu(near - far + margin), reduction)


# -- what losses share -----------------------------------------------------------------------------


def reduced(losses: Any, reduction: str) -> Any:
    """Return the mean or the sum of losses, or the losses."""
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction should be one of {', '.join(REDUCTIONS)}, not {reduction!r}")
    return losses if reduction == "none" else getattr(np, reduction)(losses)


def over_entries(errors: Any) -> Any:
    """Return the sum over all axes but the first."""
    return np.sum(errors, axis=tuple(range(1, errors.ndim))) if errors.ndim > 1 else errors


def parts(shares: Any, logs: Any) -> Any:
    """Return shares times logs, and 0 where a share is 0, whatever the log."""
    return shares * np.where(shares == 0, 0.0, logs)


def same_shape(output: Any, target: Any, name: str) -> Any:
    """Return `output` as a Value or array if it has the shape of `target`."""
    output = output if isinstance(output, Value) else array(output)
    if output.shape != np.shape(target):
        raise ValueError(
            f"{name} got outputs of shape {output.shape} and targets of shape "
            f"{np.shape(target)}: give both the same shape"
        )
    return output


def numbers_like(labels: Any, like: Any) -> Any:
    """Return labels as an array of the dtype of `like`."""
    return labels if isinstance(labels, Value) else np.asarray(labels, dtype=like.dtype)


def probabilities(labels: Any, dtype: Any) -> Any:
    """Return labels that are a probability for each class; raise if they do not add up to 1."""
    given = labels.numpy() if isinstance(labels, Value) else labels
    totals = np.sum(given, axis=-1, dtype=float)
    if given.size and not (np.all(given >= 0) and np.all(np.abs(totals - 1) < 1e-3)):
        raise ValueError(
            "labels in the shape of the logits are probabilities, at least 0, and add up to 1 for "
            f"each sample; these add up to between {totals.min():.3g} and {totals.max():.3g}; are "
            "logits and labels in the right order?"
        )
    return labels if isinstance(labels, Value) else labels.astype(dtype)


def whole_labels(labels: Any, logits: Any, axis: int, ignore: int | None, name: str) -> np.ndarray:
    """Return labels that are ints, one for each sample; raise for others."""
    labels = labels.numpy() if isinstance(labels, Value) else np.asarray(labels)
    batch = (*logits.shape[: axis % logits.ndim], *logits.shape[axis % logits.ndim + 1 :])
    classes = logits.shape[axis]
    if labels.shape != batch or labels.dtype.kind not in "iu":
        raise ValueError(
            f"{name}: give labels as ints of shape {batch}, or as probabilities of shape "
            f"{logits.shape} like the logits, not as {labels.dtype} of shape {labels.shape}"
        )
    counted = labels if ignore is None else labels[labels != ignore]
    if counted.size and not (counted.min() >= 0 and counted.max() < classes):
        raise ValueError(
            f"labels of {classes} classes should lie between 0 and {classes - 1}, not between "
            f"{counted.min()} and {counted.max()}"
        )
    return labels
