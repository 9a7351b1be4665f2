"""Batches: the samples of a data set, a few at a time, in another order each epoch."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterator
from contextvars import copy_context
from threading import Thread
from typing import Any

import numpy as np

from nn.answers import DATA, answering
from nn.arguments import checked_function, positive_int
from nn.data.arrays import arrays_of, check_order_of_rows, each, rows_of

STACKED = 4_000_000  # how many bytes of batches are stacked


@answering(DATA)
def batches(
    X: Any,
    y: Any = None,
    size: int = 32,
    *,
    seed: Any = None,
    shuffle: bool = True,
    drop_last: bool = False,
    transform: Callable[..., Any] | None = None,
    workers: int = 0,
    progress: bool = False,
) -> Batches:
    """Return the batches of a data set, which a loop takes once for each epoch.

    Args:
        X: the inputs, with samples along the first axis: an array, a list, a DataFrame, or a dict
            or tuple of these.
        y: the targets, likewise, or a Series; None for none.
        size: how many samples a batch has; the last one has what is left.
        seed: an int or a NumPy generator, from which each epoch draws its order; None draws afresh.
        shuffle: whether there is such an order, or always that of the data.
        drop_last: whether to leave out a last batch of fewer samples.
        transform: a function of a batch, transform(inputs, targets), that returns what is to be
            used instead. If it has an argument `rng`, it gets a generator of its own for each
            batch, so that what it draws depends on the seed alone.
        workers: how many batches are prepared ahead, each by a thread; 0 prepares each when it
            is needed. The batches and their order are the same.
        progress: whether to show a progress bar.

    Returns:
        a Batches, which has a length and yields (inputs, targets), or inputs if there is no y.

    Raises:
        TypeError: the data holds something other than numbers.
        ValueError: it is empty, holds NaN or infinity, or X and y have different lengths.

    Example:
        >>> data = batches([[1.0], [2.0], [3.0]], [1, 2, 3], 2, shuffle=False)
        >>> len(data)
        2
        >>> [y.tolist() for x, y in data]
        [[1, 2], [3]]
    """
    return Batches(X, y, size, seed, shuffle, drop_last, transform, workers, progress)


class Batches:
    """What `nn.data.batches` returns.

    Attributes:
        rng: the generator that orders are drawn from; set its state to repeat an epoch.
        rows: how many samples there are.

    Args:
        X, y, size, seed, shuffle, drop_last, transform, workers, progress: see `batches`.

    Example:
        >>> data = Batches(np.arange(3.0), size=2, seed=0)
        >>> state = data.rng.bit_generator.state
        >>> list(data)
        [array([2., 0.]), array([1.])]
        >>> data.rng.bit_generator.state = state
        >>> next(iter(data))
        array([2., 0.])
    """

    def __init__(
        self,
        X: Any,
        y: Any = None,
        size: int = 32,
        seed: Any = None,
        shuffle: bool = True,
        drop_last: bool = False,
        transform: Callable[..., Any] | None = None,
        workers: int = 0,
        progress: bool = False,
    ) -> None:
        check_order_of_rows(X, y)
        X = arrays_of(X, "X")
        y = None if y is None else arrays_of(y, "y")
        self.rows = rows_of(X, y)
        self.columns = (X,) if y is None else (X, y)
        self.size = positive_int(size, "size, the number of samples in a batch,")
        self.rng = np.random.default_rng(seed)
        self.shuffle, self.drop_last, self.progress = shuffle, drop_last, progress
        self.transform, self.draws = transform, False
        if transform is not None:
            checked_function(transform, "transform", "lambda x, y: (x / 255, y)")
            self.draws = "rng" in inspect.signature(transform).parameters
        self.workers = positive_int(workers, "workers") if workers else 0
        if not len(self):
            raise ValueError(
                f"drop_last=True leaves nothing of {self.rows} samples in batches of {size}; give "
                "a smaller size"
            )

    def __len__(self) -> int:
        return self.rows // self.size if self.drop_last else -(-self.rows // self.size)

    def order(self) -> np.ndarray:
        """Return the samples in the order of another epoch."""
        return self.rng.permutation(self.rows) if self.shuffle else np.arange(self.rows)

    def stacked(self) -> Iterator[list[np.ndarray]]:
        """Yield the batches of an epoch many at a time, along a new first axis of each column.

        That is for columns that are arrays, without a transform. A smaller last batch comes by
        itself.
        """
        order, full = self.order(), self.rows - self.rows % self.size
        batch = sum(x[: self.size].nbytes for x in self.columns)
        at_once = self.size * max(1, STACKED // max(1, batch))
        parts = [order[i : min(i + at_once, full)] for i in range(0, full, at_once)]
        stacks = [part.reshape(-1, self.size) for part in parts]
        if full < self.rows and not self.drop_last:
            stacks.append(order[None, full:])
        return ([x[rows] for x in self.columns] for rows in stacks)

    def __iter__(self) -> Iterator[Any]:
        order = self.order()
        seed = int(self.rng.integers(2**63)) if self.draws else 0

        def prepared(i: int) -> Any:
            return self.prepared(order[i * self.size : (i + 1) * self.size], [seed, i])

        found = (
            ahead(prepared, len(self), self.workers)
            if self.workers
            else map(prepared, range(len(self)))
        )
        yield from with_bar(found, len(self)) if self.progress else found

    def prepared(self, rows: np.ndarray, seed: list[int]) -> Any:
        """Return the batch of some rows."""
        parts = [each(lambda x: x[rows], column) for column in self.columns]
        if self.transform is not None:
            drawn = {"rng": np.random.default_rng(seed)} if self.draws else {}
            return self.transform(*parts, **drawn)
        return tuple(parts) if len(parts) > 1 else parts[0]

    def __repr__(self) -> str:
        return f"{len(self):,} batches of {self.size:,} of {self.rows:,} samples"


def ahead(f: Callable[[int], Any], n: int, workers: int) -> Iterator[Any]:
    """Yield f(0), …, f(n − 1) in order, up to `workers` of them computed ahead."""
    waiting: deque[Task] = deque()
    try:
        for i in range(n):
            waiting.append(Task(f, i))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for task in waiting:
            task.join()


class Task(Thread):
    """A thread that computes f(i), in the modes of the thread that starts it, and ends."""

    def __init__(self, f: Callable[[int], Any], i: int) -> None:
        super().__init__(daemon=True)
        self.f, self.i, self.modes = f, i, copy_context()
        self.found: Any = None
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        """Compute f(i), and keep it or the error."""
        try:
            self.found = self.modes.run(self.f, self.i)
        except BaseException as error:
            self.error = error

    def result(self) -> Any:
        """Wait for f(i); return it, or raise its error."""
        self.join()
        if self.error is not None:
            raise self.error
        return self.found


def with_bar(found: Any, n: int) -> Any:
    """Return what was found, behind a progress bar."""
    from tqdm import tqdm

    return tqdm(found, total=n, unit=" batches")
