"""Line: the values of a function along a line, as many as needed, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.noise import tabulated
from autograd.testing.numbers import (
    SMALL,
    Slopes,
    from_afar,
    quick,
    slopes,
    stairs,
    with_unit,
)
from autograd.testing.remainders import TAYLOR, leaves_more, remainder_powers
from autograd.testing.samples import FLAT, Change, Samples, sampled

EXACT = 1e-8  # a relative difference to allow: solvers and series stop somewhere
TINY = 1e-307  # numbers below it lose digits
SURE_OF_KINKS = 3  # the last look that does not take a small kink for rounding
FAR = 2.0**40  # a number is moved by at most this many times its own size


class Line:
    """What values of a function along a line say about derivatives.

    Args:
        change: how much the results change at a step.
        size: the size of the results at the point.
        scale: how large a step of 1 is.
        traced: returns the noise found in the function's graph, in units of eps.
        dtype: the dtype that the function computes in.
    """

    def __init__(
        self,
        change: Change,
        size: ndarray,
        scale: float,
        traced: Callable[[], ndarray],
        dtype: np.dtype,
    ) -> None:
        self.change, self.size, self.traced = change, size, traced
        self.reach = min(max(1.0, 1 / scale), FAR)  # near a tiny number nothing changes
        self.tiny = TINY * max(1.0, scale)  # for a derivative times the step
        self.dtype, self.eps = dtype, float(np.finfo(dtype).eps)
        self.least = self.eps * size
        self.seen: list[Slopes] = []

    @cached_property
    def samples(self) -> Samples:
        """The changes at many steps."""
        return sampled(self.change, self.dtype, self.reach)

    @cached_property
    def shown(self) -> ndarray:
        """How far rounding moves the results, from the graph."""
        return np.maximum(self.least, self.eps * self.traced())

    @cached_property
    def noise(self) -> ndarray:
        """How far rounding moves the results, from the graph and a table of differences."""
        return np.maximum(self.shown, tabulated(self.change, self.size, self.reach, self.eps))

    @cached_property
    def flat(self) -> ndarray:
        """Which results do not change at all near the point."""
        return self.samples.still >= FLAT

    @cached_property
    def largest(self) -> ndarray:
        """The size of the largest results seen along the line; for flat ones, as far away as 0.

        Others are not called there, since an iteration may not end.
        """
        seen = [*self.samples.ahead, *self.samples.behind]
        constant = self.samples.constant
        if (self.flat & ~constant).any() or constant.all():
            seen += [self.change(t * self.reach) for t in (1.0, -1.0, 2.0, -2.0)]
        return self.size + np.where(np.isfinite(seen), np.abs(seen), 0.0).max(axis=0)

    @cached_property
    def worst(self) -> tuple[ndarray, float, ndarray]:
        """The noise, eps and the size of the numbers that seem to have cancelled, 0 if none do."""
        noise = np.maximum(
            self.noise, tabulated(self.change, self.largest, self.reach, self.eps, worst=True)
        )
        rough = self.samples.rough(noise, self.least)
        rough &= ~stairs(self.samples, self.largest, self.eps)
        return np.where(rough, noise, self.noise), self.eps, np.where(rough, self.largest, 0.0)

    @cached_property
    def unit(self) -> ndarray:
        """The noise, or the unit that all results are multiples of."""
        return with_unit(self.samples, *self.worst)

    @cached_property
    def afar(self) -> Slopes:
        """The derivatives that larger steps agree on, if the point is small."""
        noise = tabulated(
            self.change, np.full_like(self.size, np.inf), self.reach, self.eps, worst=True
        )
        rough = self.samples.rough(noise, self.least)
        return from_afar(self.samples, self.eps, np.where(rough, self.largest, 0.0))

    @property
    def blind(self) -> bool:
        """Whether the function is defined only at the point itself along the line."""
        return not (np.isfinite(self.samples.ahead) | np.isfinite(self.samples.behind)).any()

    def looks(self) -> Iterator[Slopes]:
        """Yield the derivatives from five values, from many, and with better estimates of noise."""
        looks: list[Callable[[], Slopes]] = [
            lambda: quick(self.change, self.least, self.dtype),
            lambda: slopes(self.samples, self.least, self.eps),
            lambda: slopes(self.samples, self.shown, self.eps),
            lambda: slopes(self.samples, self.noise, self.eps),
            lambda: slopes(self.samples, *self.worst),
        ]
        for i, look in enumerate(looks):
            if i == len(self.seen):
                self.seen.append(look())
            yield self.seen[i]

    @property
    def nothing(self) -> ndarray:
        """Which results are 0 all along: what cancels there, leaves its rounding in a gradient."""
        return self.samples.constant & (self.size == 0)

    @property
    def on_fine_stairs(self) -> ndarray:
        """Which results may be stairs rather than rounded: a unit of rounding is a power of 2."""
        return self.flat & (np.frexp(self.samples.unit)[0] != 0.5)

    def settled(self, look: int, found: Slopes) -> bool:
        """Whether a look will do where all derivatives agree with it.

        It will not where there may be a kink, or where rounding may be what makes results flat.
        """
        if look == 0:
            return not found.kink.any() and (self.reach < SMALL or bool(found.value.all()))
        unclear = found.kink | (self.flat & ~self.samples.constant & (found.value == 0))
        if unclear.any():
            unclear &= self.worst[2] > 0
        return not unclear.any() and (look == SURE_OF_KINKS or not found.kink.any())

    def remainders(self, claim: ndarray) -> ndarray:
        """Return the power of t with which the remainder of each result falls."""
        return remainder_powers(self.samples, claim, self.noise)

    def refuted(self, claim: ndarray, found: Slopes) -> ndarray:
        """Return which derivatives have a remainder that is too large, or larger than found's."""
        more = leaves_more(self.samples, claim, found.value, self.noise)
        return (self.remainders(claim) < TAYLOR) | more


def allowed(found: Slopes, claim: ndarray, eps: float, tiny: float, groups: ndarray) -> ndarray:
    """Return which derivatives agree with finite differences up to their own rounding.

    Args:
        found: the finite differences.
        claim: the derivatives.
        eps: the eps of the arithmetic that computed them.
        tiny: derivatives below it lose digits.
        groups: a number for each result, equal for results of one array.
    """
    size = np.where(np.isfinite(claim), abs(claim), 0.0)
    slack = (4 * eps if eps < 1e-12 else min(2e3 * eps, 0.02)) * size + tiny
    # The error of a solver is relative to the largest entry of its result.
    value = np.where(np.isfinite(found.value), abs(found.value), 0.0)
    largest = np.zeros(groups.max(initial=-1) + 1)
    np.maximum.at(largest, groups, value)
    slack = slack + EXACT * (value + largest[groups] / 10)
    return (claim >= found.low - slack) & (claim <= found.high + slack) | ~found.known


def diverges(change: Any, i: int, sign: float) -> bool:
    """Whether the difference quotients of result `i` grow towards sign · infinity as t → 0."""
    for side in (1.0, -1.0):
        ts = side * 2.0 ** -np.arange(4, 36, 4)
        quotients = np.array([sign * float(change(t)[i]) / t for t in ts])
        if np.all(quotients[1:] > 1.1 * quotients[:-1]) and quotients[0] > 0:
            return True
    return False
