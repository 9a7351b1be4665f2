"""Data for training: batches, splits and folds, and the files that data sets come in.

>>> import numpy as np
>>> X, y = np.arange(10.0).reshape(5, 2), np.arange(5)
>>> for inputs, labels in batches(X, y, 2, seed=0):
...     print(inputs.shape, labels)
(2, 2) [2 4]
(2, 2) [3 0]
(1, 2) [1]
"""

from typing import TYPE_CHECKING

from nn.data.batching import Batches, batches
from nn.data.files import mnist, read_csv, read_idx
from nn.data.parts import folds, split
from nn.elsewhere import unknown_name

__all__ = ["Batches", "batches", "folds", "mnist", "read_csv", "read_idx", "split"]


if not TYPE_CHECKING:  # which would believe in every name

    def __getattr__(name: str) -> object:
        """Name what is ours for a name of another library."""
        raise unknown_name(name, "nn.data")
