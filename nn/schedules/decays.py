"""Schedules that fall for ever."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from nn.schedules.schedule import Schedule, of_numbers


@of_numbers
def inverse(k: float) -> Schedule:
    """Return the schedule 1 / (k (epoch + 1)), which Robbins and Monro (1951) proved to converge.

    Args:
        k: one over the rate of epoch 0.

    Raises:
        ValueError: k is not positive.

    Example:
        >>> inverse(10)(0), inverse(10)(4)
        (0.1, 0.02)
    """
    if not k > 0:
        raise ValueError(f"k is one over a rate, so it should be positive, not {k}")
    return Schedule(lambda epoch: 1 / (k * (epoch + 1)))


@of_numbers
def inverse_time(lr: float, decay: float) -> Schedule:
    """Return the schedule lr / (1 + decay · epoch).

    Args:
        lr: the rate of epoch 0.
        decay: how fast the rate falls, at least 0.

    Raises:
        ValueError: `decay` is negative.

    Example:
        >>> inverse_time(1.0, 0.5)(2)
        0.5
    """
    if not decay >= 0:
        raise ValueError(f"decay should be at least 0, not {decay}")
    return Schedule(lambda epoch: lr / (1 + decay * epoch))


@of_numbers
def inverse_square_root(lr: float, scale: float = 1.0) -> Schedule:
    """Return the schedule lr / √(1 + epoch / scale).

    After a warm-up of `scale` steps to `lr` it is the schedule of the first Transformers, which is
    lr √(scale / t) at step t (Vaswani et al., 2017, arXiv:1706.03762).

    Args:
        lr: the rate of epoch 0.
        scale: after how many epochs the rate has fallen to lr / √2.

    Raises:
        ValueError: `scale` is not positive.

    Example:
        >>> from nn.schedules import linear
        >>> schedule = linear(0.0, 1.0, 100).then(inverse_square_root(1.0, 100))
        >>> schedule(50), schedule(400)
        (0.5, 0.5)
    """
    if not scale > 0:
        raise ValueError(f"scale is a number of epochs and should be positive, not {scale}")
    return Schedule(lambda epoch: lr / math.sqrt(1 + epoch / scale))


@of_numbers
def exponential(lr: float, decay: float) -> Schedule:
    """Return the schedule lr · decay^epoch.

    Args:
        lr: the rate of epoch 0.
        decay: the factor for each epoch, between 0 and 1.

    Example:
        >>> exponential(1.0, 0.5)(3)
        0.125
    """
    return Schedule(lambda epoch: lr * decay**epoch)


@of_numbers
def step(lr: float, every: int, factor: float = 0.1) -> Schedule:
    """Return a schedule that multiplies the rate by `factor` every so many epochs.

    Args:
        lr: the rate of epoch 0.
        every: after how many epochs the rate changes.
        factor: between 0 and 1.

    Raises:
        ValueError: `every` is less than 1.

    Example:
        >>> step(1.0, every=10, factor=0.5)(25)
        0.25
    """
    if not every >= 1:
        raise ValueError(f"every is a number of epochs and should be at least 1, not {every}")
    return Schedule(lambda epoch: lr * factor ** (epoch // every))


@of_numbers
def multi_step(lr: float, milestones: Sequence[int], factor: float = 0.1) -> Schedule:
    """Return a schedule that multiplies the rate by `factor` at each of some epochs.

    Args:
        lr: the rate of epoch 0.
        milestones: the epochs, in order.
        factor: between 0 and 1.

    Raises:
        ValueError: the milestones are not in order.

    Example:
        >>> schedule = multi_step(1.0, [30, 80], factor=0.5)
        >>> schedule(29), schedule(30), schedule(100)
        (1.0, 0.5, 0.25)
    """
    if list(milestones) != sorted(milestones):
        raise ValueError(f"milestones are epochs and should be in order, not {milestones}")
    return Schedule(lambda epoch: lr * factor ** bisect_right(milestones, epoch))
