"""Common slips in derivatives, recognised by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
from numpy import ndarray

NOTHING: Mapping[str, ndarray] = {}
SHIFT = 1e-2  # of the sizes: a smaller sum is none
TELLING = 1e-3  # an explanation must come this close, as a share of the fault


def clues(
    names: Sequence[str], numbers: Sequence[Any], k: int, moves: Sequence[Any], claimed: Any
) -> tuple[dict[str, ndarray], dict[str, ndarray]]:
    """Return the `others` and `factors` that `slip` needs for the derivative by number `k`.

    Args:
        names, numbers: all numbers that are differentiated.
        moves: all moves, as (number, step, its label, 1 / its size).
        claimed: (number, step) -> the derivatives along the step.
    """
    shape = np.shape(numbers[k])
    others = {
        names[j]: np.array([claimed(i, step) * per for i, step, _, per in moves if i == j])
        for j, x in enumerate(numbers)
        if j != k and np.shape(x) == shape
    }
    factors = {}
    for name, x in zip(names, numbers, strict=True):
        with suppress(ValueError):  # it does not broadcast to this shape
            factors[name] = np.broadcast_to(x, shape).ravel()
    return others, factors


def slip(
    found: ndarray,
    expected: ndarray,
    shape: tuple[int, ...],
    others: Mapping[str, ndarray] = NOTHING,
    factors: Mapping[str, ndarray] = NOTHING,
    order: int = 1,
) -> str:
    """Return the slip that explains how two Jacobians (entries, results) differ, or "".

    Args:
        found, expected: the derivatives with respect to the entries of an argument.
        shape: the shape of the argument.
        others: the derivatives found for other arguments of this shape, by name.
        factors: numbers for each entry that a rule may multiply by, by name.
        order: the order of the derivatives.

    Example:
        >>> b = np.array([3.0, 4.0])
        >>> slip(np.eye(2), np.diag(b), (2,), factors={"b": b})
        'the factor b is missing'
    """

    if not np.all(np.isfinite(found)):
        return "a number overflowed, or something was divided by zero"
    if not found.any():
        return "the gradient is left out"
    size = abs(expected).max(initial=0.0)
    if 0 < size < np.inf:  # so that squares fit
        found, expected = found / size, expected / size
        others = {name: other / size for name, other in others.items()}
    sizes, fault = abs(expected), abs(found - expected).max()
    rows, columns = (sizes.max(axis=axis, keepdims=True, initial=0.0) for axis in (1, 0))
    noise = 1e-7 * np.minimum(rows, columns)

    def same(a: Any, b: Any, noise: Any = noise) -> bool:
        # what explains a small fault must come closer than the fault
        bound = np.minimum(1e-4 * abs(b) + noise, TELLING * fault)
        return bool(np.all(abs(a - b) <= bound))

    if same(found, -expected):
        return "its sign is wrong"
    square = float((expected * expected).sum())
    factor = float((found * expected).sum()) / square if square else 0.0
    constant = ""
    if abs(factor - 1) > 2e-8 and factor and same(found, factor * expected):
        constant = f"a constant factor is wrong: it is {times(factor)} what it should be"
        if found.size > 1 or simple(factor):  # one number is a multiple of any other
            return constant
    if conjugated := conjugate(found, expected, shape, same):
        return conjugated
    if len(shape) == 2 and len(found) == shape[0] * shape[1] and shape[0] == shape[1]:
        turned = found.reshape(*shape, -1).swapaxes(0, 1).reshape(found.shape)
        if same(turned, expected):
            return "it is transposed"
    if len(found) > 1 and found.shape == found.T.shape and same(found.T, expected):
        return "the Jacobian is transposed"
    for name, other in others.items():
        if other.shape == found.shape and same(other, expected):
            return f"it belongs to another argument: the one for {name} would be right here"
        if other.shape == found.shape and same(other, found):
            return f"it is the gradient of another argument, {name}"
    off = abs(found - expected) > TELLING * fault
    for name, numbers in factors.items():
        if len(numbers) != len(found):
            continue
        tells = off & (found != 0) & (expected != 0) & (abs(abs(numbers) - 1) > 1e-3)[:, None]
        if tells.any() and same(found * numbers[:, None], expected):
            return f"the factor {name} is missing"
        if tells.any() and same(found, expected * numbers[:, None]):
            return f"there is one factor {name} too many"
    moved = [np.roll(found, k, axis=0) for k in (1, -1)] if len(found) > 1 else []
    # where shifting all entries changes nothing, any gradient that knows it adds up to 0
    total, adds_up = expected.sum(axis=0), abs(expected).sum(axis=0) * SHIFT
    told = bool((abs(total) > adds_up)[off.any(axis=0)].all())
    if any(same(a, expected) for a in moved) or (
        moved and told and same(found.sum(axis=0), total, noise.max(axis=0))
    ):
        return "its sum is right, but it belongs to other entries"
    if constant or off.all():
        return constant
    if same(found[off], -expected[off], noise[off]):
        return "its sign is wrong at some entries"
    if not found[off].any():
        summed = "; is it summed over all axes that were broadcast?"
        return "it is left out at some entries" + (
            summed if order == 1 and off.shape[1] > off.shape[0] else ""
        )
    return ""


def conjugate(
    found: ndarray, expected: ndarray, shape: tuple[int, ...], same: Callable[..., bool]
) -> str:
    """Return the slip if a complex gradient is right once it, or a factor, is conjugated, or ""."""
    if len(found) != 2 * np.prod(shape):
        return ""
    entries = np.tile([1.0, -1.0], len(found) // 2)[:, None]  # real and imaginary parts
    results = np.tile([1.0, -1.0], (found.shape[1] + 1) // 2)[: found.shape[1]]
    if any(same(found * signs, expected) for signs in (entries, results, entries * results)):
        return "it is conjugated: the gradient of f at x + iy is ∂f/∂x − i ∂f/∂y"
    return ""


def times(factor: float) -> str:
    """Return a factor in words.

    Example:
        >>> times(2.0), times(0.25), times(2 / 3), times(-1.05), times(1.0000002)
        ('2 times', '1/4 of', '2/3 of', '-1.05 times', '1.0000002 times')
    """
    if fraction := simple(factor):
        return f"{fraction} times" if fraction.denominator == 1 else f"{fraction} of"
    digits = max(6, 2 - int(np.log10(abs(factor - 1))))
    return f"{factor:.{digits}g} times"


def simple(factor: float) -> Fraction | None:
    """Return a factor as a fraction of small numbers, None if it is not one."""
    fraction = Fraction(factor).limit_denominator(1000)
    near = abs(fraction - factor) <= 1e-6 * abs(factor) and fraction != 1
    return fraction if near and min(abs(fraction.numerator), fraction.denominator) <= 9 else None


def misshapen(given: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """Return what may have gone wrong with the shape of a gradient, and what to write.

    Example:
        >>> misshapen((5, 3), (3,))
        'it is not summed over the axes that were broadcast: write np.sum(g, axis=0)'
    """
    if given == wanted[::-1]:
        return "it is transposed: write g.T"
    lead = len(given) - len(wanted)
    axes = [
        i for i, n in enumerate(given) if i < lead or (wanted[i - lead] == 1 != n and lead >= 0)
    ]
    rest = tuple(1 if i in axes else n for i, n in enumerate(given))
    if lead >= 0 and axes and rest[lead:] == wanted:
        axis = axes[0] if len(axes) == 1 else tuple(axes)
        keep = ", keepdims=True" if not lead else ""
        shaped = f".reshape{wanted}" if lead and any(i >= lead for i in axes) else ""
        return (
            "it is not summed over the axes that were broadcast: "
            f"write np.sum(g, axis={axis}{keep}){shaped}"
        )
    if np.prod(given) == np.prod(wanted):
        return f"write g.reshape({wanted})"
    if given + given == wanted and len(given) == 1:
        return "write np.diag(g)"
    return "sum or reshape it"
