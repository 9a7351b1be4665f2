"""Which part of an array a view of it shows: what NumPy knows of a view, without the array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import Data


class Form:
    """The shape and dtype of numbers that are not kept, and computed again when they are needed.

    It stands in for an array where only these are read; to compute with it is a TypeError.
    """

    __slots__ = ("dtype", "ndim", "shape", "size")

    def __init__(self, x: Data) -> None:
        self.shape, self.dtype, self.ndim, self.size = x.shape, x.dtype, x.ndim, x.size

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("these numbers were not kept")

    __array_ufunc__ = __array__


@dataclass(frozen=True, slots=True)
class Window:
    """The part of an array that a view shows.

    Attributes:
        shape: that of the view.
        dtype: that of the view if it is another one than the array's, as of its real part.
        strides: how many entries of the view lie in memory from one to the next along each axis.
        offset: how many lie from the first entry of the array to the first of the view.
        layout: the strides of the array, in entries of the array.
    """

    shape: tuple[int, ...]
    dtype: Any
    strides: tuple[int, ...]
    offset: int
    layout: tuple[int, ...]

    @classmethod
    def on(cls, whole: ndarray, shown: ndarray) -> Window:
        """Return the window that shows `shown`, a view of the array `whole`."""
        dtype = None if shown.dtype == whole.dtype else shown.dtype
        start, first = (x.__array_interface__["data"][0] for x in (whole, shown))
        strides = tuple([step // shown.itemsize for step in shown.strides])
        offset = (first - start) // shown.itemsize if shown.size else 0
        return cls(shown.shape, dtype, strides, offset, layout(whole))

    def of(self, whole: ndarray) -> ndarray:
        """Return the view of an array that lies in memory as `laid_out` says."""
        dtype = self.dtype or whole.dtype
        if not whole.size or 0 in self.shape:
            return np.empty(self.shape, dtype)
        n, row = dtype.itemsize, whole.ravel(order="K")
        return ndarray(self.shape, dtype, row, self.offset * n, [step * n for step in self.strides])

    def fits(self, x: ndarray) -> bool:
        """Whether an array lies in memory as the window's array does."""
        return layout(x) == self.layout

    def laid_out(self, x: ndarray) -> ndarray:
        """Return a copy of an array that lies in memory as the window's array does."""
        if self.fits(x):
            return x.copy(order="K")
        axes = sorted(range(x.ndim), key=lambda axis: -self.layout[axis])
        y = np.empty([x.shape[axis] for axis in axes], x.dtype).transpose(np.argsort(axes))
        y[...] = x
        return y

    def is_part(self) -> bool:
        """Whether it shows no number of the array more than once."""
        reach = 1
        for step, n in sorted(zip(map(abs, self.strides), self.shape, strict=True)):
            if n > 1:
                if step < reach:
                    return False
                reach += step * (n - 1)
        return True


def layout(x: ndarray) -> tuple[int, ...]:
    """Return the strides of an array in entries instead of bytes."""
    return tuple([step // x.itemsize for step in x.strides])
