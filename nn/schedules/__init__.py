"""Schedules: functions from the epoch, counted from 0, to the learning rate.

A schedule remembers nothing. Set `optimiser.lr = schedule(epoch)` before each epoch, or count steps
in the place of epochs. One follows another by `then`, and two are multiplied by `*`.

Example:
    >>> schedule = linear(0.02, 0.1, epochs=4).then(cosine(0.1, epochs=96))
    >>> [round(schedule(epoch), 6) for epoch in (0, 2, 4, 52, 100)]
    [0.02, 0.06, 0.1, 0.05, 0.0]
"""

from typing import TYPE_CHECKING

from nn.counterparts import OTHER_SCHEDULES
from nn.schedules.decays import (
    exponential,
    inverse,
    inverse_square_root,
    inverse_time,
    multi_step,
    step,
)
from nn.schedules.phases import (
    cosine,
    cosine_restarts,
    cyclic,
    linear,
    one_cycle,
    one_cycle_momentum,
    polynomial,
)
from nn.schedules.plateau import OnPlateau
from nn.schedules.schedule import Schedule, constant

__all__ = [
    "OnPlateau",
    "Schedule",
    "constant",
    "cosine",
    "cosine_restarts",
    "cyclic",
    "exponential",
    "inverse",
    "inverse_square_root",
    "inverse_time",
    "linear",
    "multi_step",
    "one_cycle",
    "one_cycle_momentum",
    "polynomial",
    "step",
]

if not TYPE_CHECKING:  # which would believe in every name

    def __getattr__(name: str) -> object:
        """Name our schedule for one of another library."""
        if name in OTHER_SCHEDULES:
            raise AttributeError(
                f"nn.schedules has no {name}: use nn.schedules.{OTHER_SCHEDULES[name]}, a function "
                "of the epoch, optimiser.lr = schedule(epoch); one follows another by a.then(b)",
                name=name,
            )
        raise AttributeError(f"module 'nn.schedules' has no attribute {name!r}", name=name)
