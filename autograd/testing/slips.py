"""The slips that people make in derivatives, recognised by their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
from numpy import ndarray

NOTHING: Mapping[str, ndarray] = {}


def clues(
    names: Sequence[str], numbers: Sequence[Any], k: int, moves: Sequence[Any], claimed: Any
) -> tuple[dict[str, ndarray], dict[str, ndarray]]:
    """Return the `others` and `factors` that `slip` looks at for the derivative by number `k`.

    Args:
        names, numbers: all numbers that are differentiated.
        moves: (number, step, its name, 1 / its size) of all that was moved.
        claimed: (number, step) -> the derivatives along it.
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
) -> str:
    """Return what may have gone wrong between two Jacobians (entries, results), or nothing.

    Args:
        found, expected: the derivatives by the entries of an argument.
        shape: of the argument.
        others: what was found for other arguments of this shape, by name.
        factors: numbers for each entry that a rule may multiply with, by name.

    Example:
        >>> b = np.array([3.0, 4.0])
        >>> slip(np.eye(2), np.diag(b), (2,), factors={"b": b})
        'the factor b is missing'
    """

    def same(a: Any, b: Any) -> bool:
        return bool(np.allclose(a, b, rtol=1e-4, atol=1e-7 * (abs(expected).max() + 1e-300)))

    if not np.all(np.isfinite(found)):
        return "a number ran out of range, or something was divided by zero"
    if not found.any():
        return "the gradient is left out"
    size = abs(expected).max(initial=0.0)
    if 0 < size < np.inf:  # so that squares fit
        found, expected = found / size, expected / size
        others = {name: other / size for name, other in others.items()}
    if same(found, -expected):
        return "its sign is wrong"
    square = float((expected * expected).sum())
    factor = float((found * expected).sum()) / square if square else 0.0
    if factor and same(found, factor * expected) and times(factor) != "1 times":
        return f"a constant factor is wrong: it is {times(factor)} what it should be"
    if len(shape) == 2 and len(found) == shape[0] * shape[1] and shape[0] == shape[1]:
        turned = found.reshape(*shape, -1).swapaxes(0, 1).reshape(found.shape)
        if same(turned, expected):
            return "it is transposed"
    for name, other in others.items():
        if other.shape == found.shape and same(other, expected):
            return f"it belongs to another argument: what is given for {name} would be right here"
        if other.shape == found.shape and same(other, found):
            return f"it is the gradient of another argument, {name}"
    for name, numbers in factors.items():
        if len(numbers) == len(found):
            if same(found * numbers[:, None], expected):
                return f"the factor {name} is missing"
            if same(found, expected * numbers[:, None]):
                return f"there is a factor {name} too many"
    moved = [np.roll(found, k, axis=0) for k in (1, -1)] if len(found) > 1 else []
    if moved and (
        same(found.sum(axis=0), expected.sum(axis=0)) or any(same(a, expected) for a in moved)
    ):
        return "it is right in sum, and belongs to other entries"
    off = ~np.isclose(found, expected, rtol=1e-6, atol=0.0)
    if off.any() and not off.all() and same(found[off], -expected[off]):
        return "its sign is wrong at some entries"
    if not found[off].any() and found.any():
        summed = "; is it summed over all axes that were broadcast?"
        return "it is left out at some entries" + (summed if off.shape[1] > off.shape[0] else "")
    return ""


def times(factor: float) -> str:
    """Return a factor as one says it.

    Example:
        >>> times(2.0), times(0.25), times(2 / 3), times(-1.05)
        ('2 times', '1/4 of', '2/3 of', '-1.05 times')
    """
    simple = Fraction(factor).limit_denominator(1000)
    if (
        abs(simple - factor) > 1e-6 * abs(factor)
        or min(abs(simple.numerator), simple.denominator) > 9
    ):
        return f"{factor:.6g} times"
    return f"{simple} times" if simple.denominator == 1 else f"{simple} of"


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
