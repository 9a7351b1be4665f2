"""What the state of a module consists of: Parameters, which learn, and Buffers, which do not."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autograd import Value
from autograd.compiling.kept import Kept
from nn.precision import depth


class Parameter(Value):
    """A leaf Value that learns: what modules collect and optimisers change.

    Args:
        data: a number or an array of floats, of any shape.
        name: what to call it in pictures.
        trainable: whether optimisers change it; you may set it at any time.

    Raises:
        TypeError: the numbers are integers or booleans, which cannot learn.

    Example:
        >>> Parameter([0.5, -0.5])
        Value([ 0.5, -0.5])
    """

    __slots__ = ("trainable",)

    def __init__(
        self, data: Any, name: str | None = None, trainable: bool = True, **other: Any
    ) -> None:
        if "requires_grad" in other:
            raise TypeError(
                "a Parameter has no requires_grad=: write trainable=False for one to leave as it is"
            )
        super().__init__(data, name, **other)
        if self.dtype.kind not in "fc":
            raise TypeError(
                f"a Parameter learns, so it holds floats, not {self.dtype}: leave dtype out, give "
                "np.asarray(x, dtype=float), or keep numbers that do not learn in a Buffer"
            )
        self.trainable = trainable


class Buffer(Kept):
    """Numbers that belong to the state of a module and do not learn, such as running means.

    A Buffer is an array. What is computed from it is a plain array; a module that sets the
    attribute to new numbers keeps the Buffer and writes them into it.

    Args:
        data: a number, an array or a Value, of any shape and dtype; it is copied.

    Example:
        >>> import nn
        >>> class Centre(nn.Module):
        ...     def __init__(self):
        ...         self.mean = nn.Buffer(0.0)
        ...     def __call__(self, x):
        ...         if self.training:
        ...             self.mean = 0.9 * self.mean + 0.1 * np.mean(x)
        ...         return x - self.mean
        >>> centre = Centre()
        >>> y = centre(np.array([1.0, 3.0]))
        >>> centre.state_dict()
        {'mean': np.float64(0.2)}
    """

    def __new__(cls, data: Any) -> Buffer:
        return np.array(data.numpy() if isinstance(data, Value) else data).view(cls)

    def __array_wrap__(self, x: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return x[()] if return_scalar else np.asarray(x)


def warn_of_values(module: Any, name: str, new: Any) -> None:
    """Warn if an attribute of a module holds Values made of numbers, which were to learn."""
    items = new.values() if isinstance(new, dict) else new
    for x in items if isinstance(new, (list, tuple, dict)) else (new,):
        if type(x) is Value and x.op is None and x.more is None:
            warnings.warn(
                f"{name} of a {type(module).__name__} is a Value, which no optimiser changes: "
                "write nn.Parameter(numbers) if it should learn, or give it the plain numbers",
                stacklevel=depth(),
            )
            return
