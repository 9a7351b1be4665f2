"""Schedules that go from one rate to another in so many epochs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from nn.schedules.schedule import Schedule, of_numbers

Shape = Callable[[float, float], float]  # from the epoch and their number to a height, 1 to 0


@of_numbers
def linear(start: float, end: float, epochs: float) -> Schedule:
    """Return a schedule that goes from `start` to `end` in a straight line, such as a warm-up.

    Args:
        start: the rate of epoch 0.
        end: the rate from epoch `epochs` on.
        epochs: how many epochs that takes.

    Raises:
        ValueError: `epochs` is less than 1.

    Example:
        >>> warm_up = linear(0.0, 1.0, 4)
        >>> warm_up(1), warm_up(9)
        (0.25, 1.0)
    """
    return between(start, end, checked_length(epochs), straight)


@of_numbers
def polynomial(lr: float, epochs: float, power: float = 1.0, final: float = 0.0) -> Schedule:
    """Return the schedule final + (lr − final) · (1 − epoch / epochs)^power.

    Args:
        lr: the rate of epoch 0.
        epochs: the epoch at which the rate reaches `final`, where it stays.
        power: above 1 the rate falls faster at the start, below 1 at the end.
        final: the last rate.

    Raises:
        ValueError: `epochs` is less than 1.

    Example:
        >>> polynomial(1.0, 10, power=2)(5)
        0.25
    """
    return between(lr, final, checked_length(epochs), lambda *way: straight(*way) ** power)


@of_numbers
def cosine(lr: float, epochs: float, final: float = 0.0) -> Schedule:
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
    return between(lr, final, checked_length(epochs), half_cosine)


@of_numbers
def cosine_restarts(lr: float, epochs: float, factor: float = 1.0, final: float = 0.0) -> Schedule:
    """Return a schedule that falls along half a cosine again and again (arXiv:1608.03983).

    Args:
        lr: the rate of epoch 0 and after each restart.
        epochs: the length of the first fall.
        factor: how many times as long each fall is as the one before, at least 1.
        final: the rate that each fall goes to.

    Raises:
        ValueError: `epochs` or `factor` is less than 1.

    Example:
        >>> schedule = cosine_restarts(1.0, 10, factor=2)
        >>> [round(schedule(epoch), 6) for epoch in (0, 5, 10, 20, 30)]
        [1.0, 0.5, 1.0, 0.5, 1.0]
    """
    fall = cosine(lr, epochs, final)
    if not factor >= 1:
        raise ValueError(f"factor should be at least 1, not {factor}")

    def rate(epoch: float) -> float:
        stretch = 1.0
        while epoch >= epochs * stretch:
            epoch -= epochs * stretch
            stretch *= factor
        return fall(epoch / stretch)

    return Schedule(rate)


@of_numbers
def one_cycle(
    lr: float,
    epochs: int,
    pct_start: float = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Schedule:
    """Return a schedule that rises to `lr` and falls far below where it began (arXiv:1708.07120).

    `one_cycle_momentum` lowers the momentum meanwhile.

    Args:
        lr: the largest rate.
        epochs: the number of epochs, or steps; the last one has the smallest rate.
        pct_start: the part of them that rises, between 0 and 1.
        anneal_strategy: "cos" for half cosines, "linear" for straight lines.
        div_factor: epoch 0 has the rate lr / div_factor.
        final_div_factor: how many times smaller than that the last rate is.
        three_phase: whether the rate falls to its first value as fast as it rose, and only then
            further.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> schedule = one_cycle(1.0, 101)
        >>> [round(schedule(epoch), 3) for epoch in (0, 10, 29, 100)]
        [0.04, 0.29, 1.0, 0.0]
    """
    shapes = {"cos": half_cosine, "linear": straight}
    if anneal_strategy not in shapes:
        raise ValueError(f'anneal_strategy should be "cos" or "linear", not {anneal_strategy!r}')
    if not epochs >= 2 or not 0 < pct_start < 1:
        raise ValueError(
            "epochs should be at least 2 and pct_start between 0 and 1, not "
            f"{epochs} and {pct_start}"
        )
    first, shape = lr / div_factor, shapes[anneal_strategy]
    last = first / final_div_factor
    rise = pct_start * epochs - 1
    up, rest = between(first, lr, rise, shape), epochs - 1 - rise
    if not three_phase:
        return up.then(between(lr, last, rest, shape))
    back = between(lr, first, rise, shape)
    return up.then(back).then(between(first, last, rest - rise, shape))


@of_numbers
def one_cycle_momentum(
    epochs: int,
    pct_start: float = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    base_momentum: float = 0.85,
    max_momentum: float = 0.95,
    three_phase: bool = False,
) -> Schedule:
    """Return the momentum that goes with `one_cycle`: low where the rate is high.

    `optimiser.momentum = schedule(epoch)`, which is β₁ in Adam, or `fit(…, momentum=schedule)`.

    Args:
        epochs, pct_start, anneal_strategy, three_phase: those of the `one_cycle`.
        base_momentum: the momentum where the rate is largest.
        max_momentum: that of epoch 0 and at the end.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> momentum = one_cycle_momentum(100)
        >>> [round(momentum(epoch), 3) for epoch in (0, 10, 29, 99)]
        [0.95, 0.923, 0.85, 0.95]
    """
    ratio = base_momentum / max_momentum
    return one_cycle(base_momentum, epochs, pct_start, anneal_strategy, ratio, 1.0, three_phase)


@of_numbers
def cyclic(
    base_lr: float,
    max_lr: float,
    step_size_up: float = 2000,
    step_size_down: float | None = None,
    mode: Literal["triangular", "triangular2", "exp_range"] = "triangular",
    gamma: float = 1.0,
) -> Schedule:
    """Return a schedule that goes up and down in straight lines, again and again.

    Smith, "Cyclical learning rates for training neural networks", 2017, arXiv:1506.01186. A
    momentum that goes down meanwhile is `cyclic(max_momentum, base_momentum, …)`.

    Args:
        base_lr: the rate of epoch 0 and at the end of each cycle.
        max_lr: the rate in the middle of the first cycle.
        step_size_up: how many epochs, or steps, a rise takes.
        step_size_down: how many a fall takes; as many if left out.
        mode: "triangular" for rises of one height; "triangular2" for half the height of the one
            before; "exp_range" for gamma^epoch of it.
        gamma: the factor of "exp_range".

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> schedule = cyclic(1.0, 3.0, step_size_up=2)
        >>> [schedule(epoch) for epoch in range(6)]
        [1.0, 2.0, 3.0, 2.0, 1.0, 2.0]
    """
    down = step_size_up if step_size_down is None else step_size_down
    if not step_size_up > 0 or not down > 0:
        raise ValueError(
            f"step_size_up and step_size_down should be positive, not {step_size_up} and {down}"
        )
    if mode not in ("triangular", "triangular2", "exp_range"):
        raise ValueError(f'mode should be "triangular", "triangular2" or "exp_range", not {mode!r}')

    def rate(epoch: float) -> float:
        cycle, at = divmod(epoch, step_size_up + down)
        height = at / step_size_up if at <= step_size_up else 1 - (at - step_size_up) / down
        share = {"triangular": 1.0, "triangular2": 0.5**cycle, "exp_range": gamma**epoch}[mode]
        return base_lr + (max_lr - base_lr) * height * share

    return Schedule(rate)


def checked_length(epochs: float) -> float:
    """Return a number of epochs if it is at least 1."""
    if not epochs >= 1:
        raise ValueError(f"epochs should be at least 1, not {epochs}")
    return epochs


def between(start: float, end: float, epochs: float, shape: Shape) -> Schedule:
    """Return a schedule from the rate `start` of epoch 0 to the rate `end` of epoch `epochs`."""
    return Schedule(
        lambda epoch: end + (start - end) * shape(epoch, epochs) if epoch < epochs else end, epochs
    )


def straight(epoch: float, epochs: float) -> float:
    """Return the part of the way that is left."""
    return 1 - epoch / epochs


def half_cosine(epoch: float, epochs: float) -> float:
    """Return the height of half a cosine, from 1 to 0."""
    return (1 + math.cos(math.pi * epoch / epochs)) / 2
