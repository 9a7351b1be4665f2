"""Schedule: a function of the epoch that others may follow."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from inspect import signature
from math import isnan
from typing import TYPE_CHECKING, Any

from nn.answers import SCHEDULES, P, R, answering
from nn.arguments import check_number


class Called:
    """What is called for the next rate, and answers the names of what is stepped instead.

    Attributes:
        how: what it has not, and what to write.
    """

    how: str

    if not TYPE_CHECKING:  # which would believe in every name

        def __getattr__(self, name: str) -> Any:
            if name in ("step", "get_last_lr", "get_lr"):
                raise AttributeError(self.how.format(name), name=name, obj=self)
            return object.__getattribute__(self, name)  # for Python's own message


class Schedule(Called):
    """A function from the epoch to the learning rate, which other schedules may follow.

    Args:
        rate: the function; it should be defined for all epochs from 0.
        epochs: where it ends, if it does: the epoch at which the next one begins.

    Example:
        >>> schedule = Schedule(lambda epoch: 1 / (1 + epoch))
        >>> schedule(3)
        0.25
    """

    how = "a Schedule has no .{}: write optimiser.lr = schedule(epoch)"

    def __init__(self, rate: Callable[[float], float], epochs: float | None = None) -> None:
        self.rate = rate
        self.epochs = epochs

    def __call__(self, epoch: float) -> float:
        return self.rate(epoch)

    def then(self, following: Callable[[float], float], at: float | None = None) -> Schedule:
        """Return the schedule that goes on with another one, whose epochs are counted from there.

        Args:
            following: what follows.
            at: the epoch at which it begins; where this one ends, if left out.

        Raises:
            ValueError: this schedule has no end, and none is given.

        Example:
            >>> from nn.schedules import exponential
            >>> schedule = constant(0.1).then(exponential(0.1, 0.5), at=10)
            >>> schedule(9), schedule(12)
            (0.1, 0.025)
        """
        start = self.epochs if at is None else at
        if start is None:
            raise ValueError("this schedule has no end: say where the next begins, .then(…, at=10)")
        length = getattr(following, "epochs", None)
        return Schedule(
            lambda epoch: self(epoch) if epoch < start else following(epoch - start),
            None if length is None else start + length,
        )

    def __mul__(self, factor: Any) -> Schedule:
        if not isinstance(factor, (Schedule, int, float)):
            raise TypeError(
                "a schedule is multiplied by a schedule or a number; to get a rate, call it: "
                "optimiser.lr = schedule(epoch)"
            )
        if isinstance(factor, Schedule):
            ends = [end for end in (self.epochs, factor.epochs) if end is not None]
            return Schedule(lambda epoch: self(epoch) * factor(epoch), max(ends, default=None))
        return Schedule(lambda epoch: self(epoch) * factor, self.epochs)

    __rmul__ = __mul__


def of_numbers(f: Callable[P, R]) -> Callable[P, R]:
    """Return what makes a schedule, with answers to arguments that are none, or no numbers."""
    taken, answered = signature(f), answering(SCHEDULES)(f)

    @wraps(f)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        given: dict[str, Any] = {}
        with suppress(TypeError):  # it takes other arguments, and that is answered below
            given = taken.bind(*args, **kwargs).arguments
        for name, x in given.items():
            if taken.parameters[name].annotation in ("float", "int"):
                check_number(x, name, fits=lambda x: not isnan(x))
        return answered(*args, **kwargs)

    return checked


@of_numbers
def constant(lr: float, epochs: float | None = None) -> Schedule:
    """Return a schedule with the same rate for every epoch.

    Args:
        lr: the rate.
        epochs: where the next schedule begins, if one follows.

    Example:
        >>> constant(0.1)(7)
        0.1
    """
    return Schedule(lambda epoch: lr, epochs)
