"""Embeddings: a vector of learned numbers for each word."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value
from nn.arguments import positive_int
from nn.initialisers import initial, normal
from nn.module import Module
from nn.parameter import Parameter
from nn.places import place_of

STANDARD_NORMAL = normal()


class Embedding(Module):
    """Row i of a table for each int i (Bengio et al., 2003).

    Args:
        words: how many rows there are.
        size: how many numbers each has.
        init: an initialiser `(shape (words, size), rng) -> array`, or the table; standard normal
            if left out.
        padding: a row that stays 0 and does not learn, counted from the end if it is negative; None
            for none.
        seed: an int or a NumPy generator; None draws afresh.
        dtype: the dtype of the table.

    The call takes ints of any shape, and returns shape (…, size).

    Raises:
        TypeError: when called, what is given holds no ints.
        ValueError: there is no such row as `padding`; or, when called, as those asked for.

    Example:
        >>> Embedding(3, 2, init=[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])(np.array([2, 0]))
        Value([[5., 6.],
               [1., 2.]])
    """

    def __init__(
        self,
        words: int,
        size: int,
        init: Any = STANDARD_NORMAL,
        padding: int | None = None,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        shape = (positive_int(words, "words"), positive_int(size, "size"))
        weight = initial(init, shape, seed, dtype)
        if padding is not None:
            if not -words <= padding < words:
                raise ValueError(
                    f"padding should be a row, from {-words} to {words - 1}, not {padding}"
                )
            padding %= words
            weight[padding] = 0.0
        self.padding = padding
        self.weight = Parameter(weight)

    def __call__(self, words: Any) -> Any:
        words = words if isinstance(words, Value) else np.asarray(words)
        numbers = Value.numpy(words) if isinstance(words, Value) else words  # only to check them
        if numbers.dtype.kind not in "iu":
            raise TypeError(f"an Embedding takes ints, not {words.dtype}: write x.astype(int)")
        if numbers.size and not 0 <= numbers.min() <= numbers.max() < len(self.weight):
            raise ValueError(
                f"an Embedding of {len(self.weight)} words takes ints from 0 to "
                f"{len(self.weight) - 1}, not from {numbers.min()} to {numbers.max()}"
                f"{place_of(self)}"
            )
        rows = self.weight[words]
        return rows if self.padding is None else rows * (words != self.padding)[..., None]

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        words = np.array([[0, 2, 1], [2, 2, 0]])
        return [(Embedding(3, 2, seed=rng), words), (Embedding(3, 2, padding=0, seed=rng), words)]
