"""The learning rate and the momentum, as schedules give them before each epoch or each step."""

from __future__ import annotations

from collections.abc import Callable, Sized
from math import inf
from numbers import Real
from typing import Any

from nn.arguments import checked_function
from nn.optimisers import Optimiser
from nn.training.history import History

UNITS = ("epoch", "step")


class Rates:
    """What sets the learning rate and the momentum.

    Attributes:
        by_step: whether something changes from step to step.

    Args:
        optimiser, data, schedule, momentum, schedule_each: as in `fit`.

    Raises:
        ValueError: there is no such unit; or steps cannot be counted, or not be what counts.
    """

    def __init__(
        self,
        optimiser: Optimiser,
        data: Any,
        schedule: Any,
        momentum: Callable[[float], float] | None,
        schedule_each: str,
    ) -> None:
        if schedule_each not in UNITS:
            raise ValueError(f'schedule_each should be "epoch" or "step", not {schedule_each!r}')
        for what, given in (("schedule", schedule), ("momentum", momentum)):
            if given is not None:
                checked_function(given, what, "nn.schedules.cosine(0.1, epochs=10)")
        asked = schedule is not None or momentum is not None
        self.by_step = asked and schedule_each == "step"
        if self.by_step and hasattr(schedule, "state_dict"):
            raise ValueError(
                f'write schedule_each="epoch" for {type(schedule).__name__}, which goes by the '
                "loss of an epoch"
            )
        if self.by_step and not isinstance(data, Sized):
            raise ValueError(
                'give data a length, a method __len__, for schedule_each="step": steps are counted '
                "over all epochs"
            )
        self.optimiser, self.data, self.schedule, self.momentum = (
            optimiser, data, schedule, momentum,
        )  # fmt: skip

    def begin_epoch(self, history: History) -> None:
        """Set what an epoch begins with."""
        if hasattr(self.schedule, "state_dict"):
            first = not history.epochs
            rate = self.schedule.lr if first else self.schedule(history.judged[-1])
            self.optimiser.lr = checked_rate(rate, history.epochs)
        if not self.by_step:
            self.set_at(history.epochs)

    def begin_step(self, history: History, step: int) -> None:
        """Set what a step of an epoch begins with, if that changes from step to step."""
        if self.by_step:
            self.set_at(history.epochs * len(self.data) + step)

    def set_at(self, count: int) -> None:
        """Set what an epoch, or a step, begins with that is known from its number alone."""
        if self.schedule is not None and not hasattr(self.schedule, "state_dict"):
            self.optimiser.lr = checked_rate(self.schedule(count), count)
        if self.momentum is not None:
            self.optimiser.momentum = self.momentum(count)


def checked_rate(rate: Any, count: int) -> float:
    """Return the learning rate that a schedule gave, if it can be one."""
    if isinstance(rate, Real) and 0 <= float(rate) < inf:
        return float(rate)
    raise ValueError(
        f"a schedule returns the learning rate, a number of at least 0, and this one gave {rate!r} "
        f"at {count}"
    )
