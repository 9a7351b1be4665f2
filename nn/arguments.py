"""The arguments of layers: numbers and functions that must be of the right kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from numbers import Real
from typing import Any

import numpy as np

from autograd import Value
from autograd.compiling.reading import are_known

Sizes = int | Sequence[int]  # one for all axes, or one for each


def positive_int(n: int, what: str) -> int:
    """Return `n` if it is a positive int."""
    if not isinstance(n, (int, np.integer)) or isinstance(n, bool) or n < 1:
        raise ValueError(f"{what} should be an int of at least 1, not {n!r}")
    return int(n)


def check_number(
    x: Any, what: str, range_: str = "a number", fits: Callable[[float], bool] = lambda x: True
) -> None:
    """Raise if `x` is no number, or none in the range: TypeError and ValueError."""
    if not isinstance(x, Real):
        raise TypeError(f"{what} should be {range_}, not {x!r:.60}")
    if not fits(float(x)):
        raise ValueError(f"{what} should be {range_}, not {x!r:.60}")


def checked_function(f: Any, what: str, example: str) -> Any:
    """Return `f` if it can be called."""
    if not callable(f):
        raise TypeError(f"{what} should be a function such as {example}, not {f!r}")
    return f


def function_or_none(f: Any, what: str, example: str) -> Any:
    """Return `f` if it is None or can be called; a number for a dropout is told to be none."""
    if isinstance(f, (float, int)):
        raise TypeError(f"write {what}={example.partition('(')[0]}({f}): it is a module, not {f}")
    return None if f is None else checked_function(f, what, example)


def for_each_axis(n: Sizes, dims: int, what: str) -> tuple[int, ...]:
    """Return positive ints, one for each of `dims` axes, from as many or from one for all."""
    several = tuple(n) if isinstance(n, Iterable) else ()
    sizes = (n,) * dims if isinstance(n, (int, np.integer)) else several
    if len(sizes) != dims:
        raise ValueError(f"{what} should be one int for all axes, or {dims} of them, not {n!r}")
    return tuple([positive_int(size, what) for size in sizes])


def lengths_of(given: Any, samples: int, most: int, name: str, least: int = 0) -> Any:
    """Return a length for each sample, the greatest if none are given."""
    if given is None:
        return np.full(samples, most)
    found = given if isinstance(given, Value) else np.atleast_1d(np.asarray(given))
    if found.shape != (samples,) or found.dtype.kind not in "iu":
        raise ValueError(f"{name} should be {samples} ints, one for each sample, not {given!r:.60}")
    numbers = Value.numpy(found) if isinstance(found, Value) else found  # only to check them
    if are_known(numbers) and np.any((numbers < least) | (numbers > most)):
        raise ValueError(f"{name} should be from {least} to {most}, not {given!r:.60}")
    return found


def one_number(loss: Any, call: str = "step(loss)") -> float:
    """Return a loss as a float, NaN for none; `call` is who asks for it."""
    if loss is None:
        return np.nan
    if np.size(number := loss.numpy() if isinstance(loss, Value) else loss) == 1:
        with suppress(TypeError, ValueError):
            return float(np.ravel(number)[0])
    raise TypeError(f"{call} takes one number, such as the mean of the losses, not {loss!r:.60}")
