"""A data set in parts: training and validation, and folds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nn.answers import DATA, answering
from nn.data.arrays import arrays_of, check_order_of_rows, each, rows_of

Part = tuple[Any, Any]  # X and y, which may be None


@answering(DATA)
def split(
    X: Any, y: Any = None, share: float = 0.2, *, seed: Any = None, stratify: Any = None
) -> tuple[Part, Part]:
    """Return a data set in two parts, for training and for validation, drawn at random.

    Args:
        X, y: as in `batches`.
        share: the share of the samples that go into the second part.
        seed: an int or a NumPy generator; None draws afresh.
        stratify: the class of each sample, often y, of which both parts get their share, up to
            one sample; None for no classes.

    Returns:
        (X, y) for training and (X, y) for validation, in the order of the data; y is None if it
        was.

    Raises:
        ValueError: the data does not fit, as in `batches`, or a part would be empty.

    Example:
        >>> X, y = [[1.0], [2.0], [3.0], [4.0]], [0, 1, 0, 1]
        >>> training, validation = split(X, y, 0.5, seed=0, stratify=y)
        >>> training[1], validation[1]
        (array([0, 1]), array([1, 0]))
    """
    data, rows = checked_data(X, y)
    count = round(rows * share) if 0 < share < 1 else 0
    if not 0 < count < rows:
        raise ValueError(
            f"a share of {share} of {rows} samples leaves one of the two parts empty; give a share "
            "between 0 and 1, or more samples"
        )
    chosen = np.zeros(rows, bool)
    chosen[dealt(rows, seed, stratify)[np.arange(count) * rows // count]] = True
    return taken(data, ~chosen), taken(data, chosen)


@answering(DATA)
def folds(
    X: Any, y: Any = None, k: int = 5, *, seed: Any = None, stratify: Any = None
) -> Iterator[tuple[Part, Part]]:
    """Yield a data set k times in two parts, so that each sample is for validation once.

    Args:
        X, y, seed, stratify: as in `split`.
        k: how many folds.

    Returns:
        an iterator of pairs as `split` returns.

    Raises:
        ValueError: the data does not fit, as in `batches`, or there are fewer samples than folds.

    Example:
        >>> for training, validation in folds([[1.0], [2.0], [3.0]], [1, 2, 3], 3, seed=0):
        ...     print(training[1], validation[1])
        [1 2] [3]
        [2 3] [1]
        [1 3] [2]
    """
    data, rows = checked_data(X, y)
    if not 2 <= k <= rows:
        raise ValueError(f"k should be between 2 and the number of samples, {rows}, not {k}")
    fold = np.empty(rows, int)
    fold[dealt(rows, seed, stratify)] = np.arange(rows) % k
    return ((taken(data, fold != i), taken(data, fold == i)) for i in range(k))


def checked_data(X: Any, y: Any) -> tuple[Part, int]:
    """Return X and y as arrays, and how many samples they have."""
    check_order_of_rows(X, y)
    data = arrays_of(X, "X"), None if y is None else arrays_of(y, "y")
    return data, rows_of(*data)


def dealt(rows: int, seed: Any, stratify: Any) -> np.ndarray:
    """Return the rows in random order, those of a class together, so that they can be dealt out."""
    order = np.random.default_rng(seed).permutation(rows)
    if stratify is None:
        return order
    classes = np.unique(
        stratify.to_numpy() if hasattr(stratify, "to_numpy") else stratify, return_inverse=True
    )[1]
    if classes.shape != (rows,):
        raise ValueError(
            f"stratify should name a class for each of {rows} samples, not have shape "
            f"{classes.shape}"
        )
    return order[np.argsort(classes[order], kind="stable")]


def taken(data: Part, rows: np.ndarray) -> Part:
    """Return some rows of X and y."""
    X, y = data
    return each(lambda x: x[rows], X), None if y is None else each(lambda x: x[rows], y)
