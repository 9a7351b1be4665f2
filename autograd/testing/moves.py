"""Along which lines a function is looked at: each entry, or random directions if it is large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.testing.problem import reals

ENTRIES = 256  # of one argument that move one by one; above this, in random directions
DIRECTIONS = 6
SINGLES = 12  # entries of a large argument that move alone
RESULTS = 64  # that are looked at one by one; above this, random sums of them
SUMS = 4


def weights_of(
    results: Sequence[Any], rng: np.random.Generator
) -> tuple[ndarray | None, list[str]]:
    """Return what sums of the results are looked at, None for each alone, and what to call them."""
    size = reals(results).size
    if size <= RESULTS:
        prefixes = [f"result[{i}]" for i in range(len(results))] if len(results) > 1 else ["result"]
        return None, labels(prefixes, results)
    signs = rng.choice([-1.0, 1.0], (SUMS, size))
    names = [f"random sum {i} of {size} results" for i in range(SUMS)]
    return rng.uniform(0.5, 1.5, (SUMS, size)) * signs, names


def moves_of(
    numbers: Sequence[Any], rng: np.random.Generator
) -> Iterator[tuple[int, ndarray, str, float]]:
    """Yield (number, step, how one writes its place, 1 / its size) for all that is moved."""
    for k, x in enumerate(numbers):
        vector = reals([x])
        size = scales(vector)
        names = labels([""], [x])
        if vector.size <= ENTRIES:
            singles = np.arange(vector.size)
        else:
            ordered = np.argsort(vector)
            small = np.argsort(abs(vector), kind="stable")
            spread = np.linspace(0, vector.size - 1, SINGLES // 2).astype(int)
            singles = np.unique(np.concatenate([ordered[spread], small[spread]]))
        for j in singles:
            step = np.zeros(vector.size)
            step[j] = size[j]
            yield k, step, names[j], 1 / size[j]
        if vector.size > ENTRIES:
            for i in range(DIRECTIONS):
                signs = rng.choice([-1.0, -0.75, 0.75, 1.0], vector.size)
                yield k, size * signs, f" along random direction {i}", 1.0


def coverage(numbers: Sequence[Any]) -> str:
    """Return in words how numbers were moved."""
    large = [x for x in numbers if reals([x]).size > ENTRIES]
    if not large:
        return "each entry by itself"
    return (
        f"arguments of more than {ENTRIES} entries along {DIRECTIONS} random directions and "
        f"{SINGLES} entries or less by themselves"
    )


def scales(vector: ndarray) -> ndarray:
    """Return a power of two for each number that is its size; that of the others for a zero."""
    size = abs(vector)
    usual = np.median(size[size > 0]) if size.any() else 1.0
    size = np.where((size == 0) | ~np.isfinite(size), usual, size)
    return 2.0 ** np.floor(np.log2(np.maximum(size, 1e-290)))


def labels(names: list[str], numbers: Sequence[Any]) -> list[str]:
    """Return how one writes each real number in `numbers`."""
    found = []
    for name, x in zip(names, numbers, strict=True):
        for index in np.ndindex(np.shape(x)):
            label = name + (str(list(index)) if index else "")
            found += [f"{label}.real", f"{label}.imag"] if np.iscomplexobj(x) else [label]
    return found
