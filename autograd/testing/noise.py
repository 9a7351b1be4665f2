"""Noise: how far rounding moves the values of a function, and so how far differences can see."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.value import Value
from autograd.graphs.steps import rounding
from autograd.testing.problem import conjugates, from_reals
from autograd.testing.samples import Change

TABLE_POINTS = 9  # in a difference table
ODD = 1.37  # since steps by powers of two would not be rounded
LIMIT = 1e-7  # of the values: what jumps further is a jump


def traced(problem: Any, numbers: Sequence[Any], outputs: Sequence[Any], rows: ndarray) -> ndarray:
    """Return the noise of weighted sums of a function's results from its graph, in units of eps.

    It is 0 if the function cannot be traced.

    Args:
        problem, numbers: the function and the point.
        outputs: its results there.
        rows: (sums, real numbers in the results) weights.
    """
    try:
        results = problem(*[Value(x) for x in numbers])
        sums = [weighted(results, row, outputs) for row in rows]
        return np.array([rounding(total) if isinstance(total, Value) else 0.0 for total in sums])
    except Exception:
        return np.zeros(len(rows))


def weighted(results: Sequence[Any], row: ndarray, outputs: Sequence[Any]) -> Any:
    """Return the real sum of results with the weights of a row."""
    weights = conjugates(from_reals(row, outputs))
    pairs = zip(weights, results, strict=True)
    return sum(np.sum(np.real(w * y)) for w, y in pairs if isinstance(y, Value))


def tabulated(
    change: Change, size: ndarray, reach: float, eps: float, worst: bool = False
) -> ndarray:
    """Return the noise of each result from tables of differences, 0 where they show none.

    High-order differences of a smooth function vanish, and what is left is noise (R. Hamming,
    "Introduction to applied numerical analysis", 1971; J. Moré and S. Wild, "Estimating
    computational noise", 2011). Only noise is the same at two spacings.

    Args:
        change: how the results change along the line.
        size: the size of the results.
        reach: how far to look, in units of the step; little changes near tiny numbers.
        eps: the eps of the function's arithmetic.
        worst: whether to return the largest noise at any distance, not the least.
    """
    found, sizes = [], []
    for h in ODD * 2.0 ** np.arange(np.log2(reach) - 6, -46, -4):
        table = np.stack(
            [change(h * k) for k in range(-(TABLE_POINTS // 2), TABLE_POINTS // 2 + 1)]
        )
        sizes.append(size + np.where(np.isfinite(table), abs(table), 0.0).max(axis=0))
        changes = (np.diff(table, axis=0) != 0).sum(axis=0)
        noise = np.full(table.shape[1], np.inf)
        for order in range(1, TABLE_POINTS - 2):
            table = np.diff(table, axis=0)
            if order > 2:
                mean = np.sqrt((table**2).mean(axis=0) / comb(2 * order, order))
                noise = np.fmin(noise, mean)
        found.append(np.where(changes > 1, noise, np.inf))
    pairs = np.stack([found[:-1], found[1:]])
    low, high = pairs.min(axis=0), pairs.max(axis=0)
    noise = (high <= 3 * low) & (high <= max(LIMIT, 1e3 * eps) * np.array(sizes[1:]))
    noise &= high < np.inf
    if worst:
        return np.where(noise, high, 0.0).max(axis=0)
    least = np.where(noise, high, np.inf).min(axis=0)
    return np.where(least < np.inf, least, 0.0)
