"""Histograms of weights, gradients and activations, with the same bins for all layers and steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

POWERS = np.arange(-8.0, 4.5, 0.5)
EDGES = np.concatenate([-(10.0 ** POWERS[::-1]), 10.0**POWERS])  # the outer bins are open
BINS = len(EDGES) + 1
KINDS = ("weights", "gradients", "activations")
MARKED = (1e-6, 1e-3, 1.0, 1e3)  # what is written on an axis, on both sides of zero
MOST_COUNTED = 5_000  # entries of an array; of a larger one, so many at equal distances


def counts(arrays: Sequence[Any]) -> np.ndarray:
    """Return how many entries of several arrays lie in each bin, between `EDGES` and beyond them.

    The bins are half a power of ten wide, to both sides of zero; NaN is in none, and of a complex
    number the real part counts. Of an array of more than 5,000 entries, every second one is
    counted, or every third, and so on.

    Example:
        >>> found = counts([np.array([0.0, 0.5, 0.6, np.nan])])
        >>> found.sum(), found[np.searchsorted(EDGES, 0.5)]
        (np.int64(3), np.int64(2))
    """
    found = np.zeros(BINS, int)
    for array in arrays:
        numbers = np.ravel(np.real(array))
        numbers = numbers[:: -(-numbers.size // MOST_COUNTED) or 1]
        places = np.searchsorted(EDGES, numbers[~np.isnan(numbers)], side="right")
        found += np.bincount(places, minlength=BINS)
    return found


def marks() -> list[tuple[float, str]]:
    """Return what to write on an axis of bins: (place, text), with bin i from i to i + 1."""
    found = [(BINS / 2, "0")]
    for place, edge in enumerate(EDGES.tolist(), 1):
        if abs(edge) in MARKED:
            found.append((place, f"{edge:g}".replace("e-0", "e-").replace("-", "−", edge < 0)))
    return sorted(found)
