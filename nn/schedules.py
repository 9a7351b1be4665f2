"""Schedules: functions from the epoch, counted from 0, to the learning rate.

Example:
    >>> schedule = inverse(200_000)
    >>> [schedule(epoch) for epoch in range(2)]
    [5e-06, 2.5e-06]
"""

from __future__ import annotations

import math
from collections.abc import Callable

Schedule = Callable[[int], float]


def constant(lr: float) -> Schedule:
    """Return a schedule with the same rate for every epoch.

    Args:
        lr: the rate.

    Example:
        >>> constant(0.1)(7)
        0.1
    """
    return lambda epoch: lr


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
    return lambda epoch: 1 / (k * (epoch + 1))


def exponential(lr: float, decay: float) -> Schedule:
    """Return the schedule lr · decay^epoch.

    Args:
        lr: the rate of epoch 0.
        decay: the factor for each epoch, between 0 and 1.

    Example:
        >>> exponential(1.0, 0.5)(3)
        0.125
    """
    return lambda epoch: lr * decay**epoch


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
    return lambda epoch: lr * factor ** (epoch // every)


def cosine(lr: float, epochs: int, final: float = 0.0) -> Schedule:
    """Return a schedule that falls from `lr` to `final` along half a cosine (arXiv:1608.03983).

    Args:
        lr: the rate of epoch 0.
        epochs: the epoch at which the rate reaches `final`, where it stays.
        final: the last rate.

    Raises:
        ValueError: `epochs` is less than 1.

    Example:
        >>> cosine(1.0, 10)(0), cosine(1.0, 10)(10)
        (1.0, 0.0)
    """
    if not epochs >= 1:
        raise ValueError(f"epochs should be at least 1, not {epochs}")
    return lambda epoch: (
        final + (lr - final) * (1 + math.cos(math.pi * min(epoch, epochs) / epochs)) / 2
    )
