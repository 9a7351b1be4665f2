"""Linear time: what one item costs among 100,000, against what it costs among 100."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd import Value, array
from benchmarks.harness import Row

FEW, MANY = 100, 100_000
KINDS: dict[str, Callable[[int], Any]] = {}


def kind(name: str) -> Callable[[Callable], Callable]:
    """Time the decorated function of n, whose result is a Value."""

    def register(f: Callable) -> Callable:
        KINDS[name] = f
        return f

    return register


# -- many Values become one ------------------------------------------------------------------------


def parts(n: int) -> list[Value]:
    """Return n computed vectors of two entries."""
    x = Value([1.0, 2.0])
    return [x * 1.5 for _ in range(n)]


def numbers(n: int) -> list[Value]:
    """Return n computed numbers."""
    x = Value(1.0)
    return [x * 1.5 for _ in range(n)]


for join in (np.stack, np.concatenate, np.hstack, np.vstack, np.block):
    kind(f"np.{join.__name__}")(lambda n, join=join: join(parts(n)))
kind("autograd.array")(lambda n: array(numbers(n)))
kind("autograd.array of rows")(lambda n: array([[x, 1.0] for x in numbers(n)]))
kind("sum")(lambda n: sum(numbers(n)))


# -- one Value becomes many ------------------------------------------------------------------------


@kind("y[i]")
def entries(n: int) -> Any:
    y = Value(np.ones(n)) * 1.5
    return sum([y[i] for i in range(n)])


@kind("y[i : i + 1]")
def slices(n: int) -> Any:
    y = Value(np.ones(n)) * 1.5
    return sum([y[i : i + 1] for i in range(n)])


kind("np.split")(lambda n: sum(np.split(Value(np.ones(n)) * 1.5, n)))
kind("for row in y")(lambda n: sum(Value(np.ones((n, 2))) * 1.5))


@kind("views of views")
def nested(n: int) -> Any:
    y = Value(np.ones(2)) * 1.5
    for _ in range(n):
        y = y[:]
    return y


# -- changes in place ------------------------------------------------------------------------------


@kind("y[i] = x[i]")
def filled(n: int) -> Any:
    x = Value(np.ones(n))
    y = np.zeros_like(x)
    for i in range(n):
        y[i] = x[i]
    return y


@kind("y[i] = 0.9 y[i−1] + x[i]")
def recurrence(n: int) -> Any:
    x = Value(np.ones(n))
    y = np.zeros_like(x)
    for i in range(1, n):
        y[i] = 0.9 * y[i - 1] + x[i]
    return y


@kind("y[1:] *= c")
def scaled(n: int) -> Any:
    y, c = Value(np.ones(4)) * 1.5, Value(1.0)
    for _ in range(n):
        y[1:] *= c
    return y


@kind("y += x")
def added(n: int) -> Any:
    y, x = Value(np.ones(4)) * 1.5, Value(np.ones(4))
    for _ in range(n):
        y += x
    return y


def per_item(f: Callable[[int], Any], n: int) -> tuple[float, float]:
    """Return the µs of processor time that one of n items takes, forward and backward."""
    start = time.process_time()
    y = f(n)
    middle = time.process_time()
    y.backward(np.ones(y.shape))
    return (middle - start) / n * 1e6, (time.process_time() - middle) / n * 1e6


def linear(hips_folder: str | None) -> Iterator[Row]:
    """Joins, views and changes in place: the time of an item among many and among few.

    A kind that is far from linear would take hours: it is timed up to the number of items at which
    one takes five times as long as it should, which its row names.
    """
    for name, f in KINDS.items():
        few = [per_item(f, FEW) for _ in range(30)]
        base = [statistics.median(column) for column in zip(*few, strict=True)]
        n, many = FEW, base
        while n < MANY and max(m / b for m, b in zip(many, base, strict=True)) < 5:
            n *= 10
            runs = [per_item(f, n) for _ in range(3)]
            many = [min(column) for column in zip(*runs, strict=True)]
        for way, m, b in zip(("forward", "backward"), many, base, strict=True):
            yield Row(f"{name}, {way}, of {n:,}", f"of {FEW}", m, b, 2.5)
