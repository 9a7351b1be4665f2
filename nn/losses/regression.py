"""Losses of numbers: how far an output is from what it should be."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, square
from nn.answers import LOSSES, answering
from nn.losses.shared import MEAN, over_entries, reduced, same_shape


@answering(LOSSES)
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
        output, target = same_shape(output, target, "squared_error")
    error = square(output - target)
    if reduction == MEAN:
        return error if not output.ndim else np.sum(error) / output.shape[0]
    return reduced(over_entries(error), reduction)


@answering(LOSSES)
def absolute_error(output: Any, target: Any, reduction: str = "mean") -> Any:
    """Return |output − target|, summed over the entries of a sample, averaged over a batch.

    Args:
        output, target, reduction: as in `squared_error`.

    Example:
        >>> absolute_error(Value([3.0, 1.0]), [1.0, 1.0])
        Value(1.0)
    """
    output, target = same_shape(output, target, "absolute_error", complex_too=True)
    return reduced(over_entries(np.abs(output - target)), reduction)


@answering(LOSSES)
def huber(
    output: Any,
    target: Any,
    delta: float = 1.0,
    reduction: str = "mean",
) -> Any:
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
    output, target = same_shape(output, target, "huber", complex_too=True)
    size = np.abs(output - target)
    within = np.minimum(size, delta)
    return reduced(over_entries(within * (size - within / 2)), reduction)


@answering(LOSSES)
def gaussian_nll(
    mean: Any,
    target: Any,
    variance: Any,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Any:
    """Return (log v + (mean − target)² / v) / 2: minus the log-density, but for a constant.

    Nix and Weigend, "Estimating the mean and variance of the target probability distribution",
    1994.

    Args:
        mean: outputs of any shape.
        target: numbers of the same shape.
        variance: v, of the same shape, positive.
        eps: the smallest v. One that is smaller counts as eps, and has the slope that eps has, so
            that it can grow again, as in PyTorch.
        reduction: over all entries: "mean", "sum" or "none".

    Example:
        >>> gaussian_nll(Value([1.0]), [1.0], [1.0])
        Value(0.0)
    """
    mean, target = same_shape(mean, target, "gaussian_nll")
    variance, target = same_shape(variance, target, "gaussian_nll")
    low = variance.detach() if isinstance(variance, Value) else variance
    variance = variance + np.maximum(eps - low, 0.0)
    return reduced((np.log(variance) + square(mean - target) / variance) / 2, reduction)
