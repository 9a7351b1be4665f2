"""Moves: which lines to look along, each entry's or, for many entries, random directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.problem import Problem, from_reals, reals

ENTRIES = 256  # up to this many, all entries move one by one; above, in random directions too
DIRECTIONS = 6  # of a large argument
SINGLES = 12  # entries of a large argument that still move one by one
SMALL_ARGUMENT = SINGLES + DIRECTIONS  # up to this many entries, an argument is not large
RESULTS = 64  # up to this many, results are checked one by one; above, in random sums
SUMS = 4


def weights_of(
    results: Sequence[Any], rng: np.random.Generator, name: str
) -> tuple[ndarray | None, list[str]]:
    """Return the weights of sums of the results to check, None for each alone, and their names.

    Args:
        name: what a result is called.
    """
    size = reals(results).size
    if size <= RESULTS:
        names = [f"{name}[{i}]" for i in range(len(results))] if len(results) > 1 else [name]
        return None, [
            label(name, y, j)
            for name, y in zip(names, results, strict=True)
            for j in range(reals([y]).size)
        ]
    return sums_of(size, rng)


def sums_of(size: int, rng: np.random.Generator, count: int = SUMS) -> tuple[ndarray, list[str]]:
    """Return the weights of random sums of results, and their names."""
    signs = rng.choice([-1.0, 1.0], (count, size))
    names = [f"random sum {i} of {size} results" for i in range(count)]
    return rng.uniform(0.5, 1.5, (count, size)) * signs, names


def groups_of(results: Sequence[Any]) -> ndarray:
    """Return for each real number in the results the position of its array."""
    return np.repeat(np.arange(len(results)), [reals([y]).size for y in results])


def moves_of(
    numbers: Sequence[Any], rng: np.random.Generator
) -> Iterator[tuple[int, ndarray, str, float]]:
    """Yield all moves as (number, step, its label such as "[0]", 1 / its size)."""
    many = reals(numbers).size > ENTRIES
    for k, x in enumerate(numbers):
        vector = reals([x])
        size = scales(vector)
        large = many and vector.size > SMALL_ARGUMENT
        singles = np.arange(vector.size)
        if large:
            ordered = np.argsort(vector)
            small = np.argsort(abs(vector), kind="stable")
            spread = np.linspace(0, vector.size - 1, SINGLES // 2).astype(int)
            singles = np.unique(np.concatenate([ordered[spread], small[spread]]))
        for j in singles:
            step = np.zeros(vector.size)
            step[j] = size[j]
            yield k, step, label("", x, int(j)), 1 / size[j]
        if large:
            yield from directions(k, x, rng)


def directions(
    k: int, x: Any, rng: np.random.Generator, count: int = DIRECTIONS
) -> Iterator[tuple[int, ndarray, str, float]]:
    """Yield random directions of number `k`, as `moves_of` does."""
    vector = reals([x])
    if not vector.size:
        return
    size = scales(vector)
    for i in range(count):
        signs = rng.choice([-1.0, -0.75, 0.75, 1.0], vector.size)
        # Each by its own size, or all by the same, so that a tiny one counts as much as any.
        steps = np.median(size) if i % 2 else size
        yield k, steps * signs, f" along random direction {i}", 1.0


def nearby(x: Any, side: float, rng: np.random.Generator) -> Any:
    """Return numbers that are a few percent off."""
    vector = reals([x])
    (made,) = from_reals(vector + side * scales(vector) * rng.uniform(0.02, 0.08, vector.size), [x])
    return made


def coverage(problem: Problem, numbers: Sequence[Any]) -> str:
    """Return how the numbers of a problem were moved, in words."""
    if problem.coverage:
        return problem.coverage
    if reals(numbers).size <= ENTRIES or all(reals([x]).size <= SMALL_ARGUMENT for x in numbers):
        return "each entry by itself"
    return (
        f"arguments of more than {SMALL_ARGUMENT} entries along {DIRECTIONS} random directions and "
        f"up to {SINGLES} entries by themselves"
    )


def scales(vector: ndarray) -> ndarray:
    """Return the size of each number as a power of two; a zero gets the median size of others."""
    size = abs(vector)
    usual = np.median(size[size > 0]) if size.any() else 1.0
    size = np.where((size == 0) | ~np.isfinite(size), usual, size)
    return 2.0 ** np.floor(np.log2(np.maximum(size, 1e-300)))


def label(name: str, x: Any, j: int) -> str:
    """Return the code for the `j`-th real number in `x`, such as "args[0][1].imag"."""
    part = ""
    if np.iscomplexobj(x):
        j, part = j // 2, (".real", ".imag")[j % 2]
    index = [int(i) for i in np.unravel_index(j, np.shape(x))]
    return f"{name}{index or ''}{part}"
