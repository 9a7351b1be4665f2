"""`np.r_` and `np.c_`, which join the items in their brackets, for Values too."""

from typing import Any

import numpy as np

from autograd.composed.creation import array
from autograd.composed.manipulation.rearranging import rearranged
from autograd.engine.value import Value


class Concatenator:
    """NumPy's `r_` or `c_`, but with a Value in the brackets the result is a Value.

    Example:
        >>> Concatenator(np.r_)[Value([1.0, 2.0]), 0.0, 5:7]
        Value([1., 2., 0., 5., 6.])
    """

    def __init__(self, of_numbers: Any) -> None:
        self.of_numbers = of_numbers
        self.__doc__ = of_numbers.__doc__

    def __getitem__(self, key: Any) -> Any:
        items = key if isinstance(key, tuple) else (key,)
        directive = [item for item in items[:1] if isinstance(item, str)]
        arrays = [
            self.of_numbers[item] if isinstance(item, slice) else array(item)
            for item in items[len(directive) :]
        ]
        if not any(isinstance(a, Value) for a in arrays):
            return self.of_numbers[key]
        return rearranged(lambda *positions: self.of_numbers[(*directive, *positions)], *arrays)

    def __len__(self) -> int:
        return 0


r_ = Concatenator(np.r_)
c_ = Concatenator(np.c_)
