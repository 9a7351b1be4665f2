"""Pooling: one number for each window of an image, the largest or the mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import array, avg_pool, max_pool
from nn.arguments import Sizes, for_each_axis
from nn.module import Module


class Pool(Module):
    """What pooling with windows of one size shares; see `MaxPool2d`."""

    dims = 0
    pool: Any = None

    def __init__(self, kernel: Sizes, stride: Sizes | None = None, padding: Sizes = 0) -> None:
        self.kernel = for_each_axis(kernel, self.dims, "kernel")
        self.stride = stride
        self.padding = padding

    def __call__(self, x: Any) -> Any:
        return type(self).pool(x, self.kernel, stride=self.stride, padding=self.padding)

    @classmethod
    def samples(cls, rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        x = rng.normal(size=(2, 2, *[4, 3, 3][: cls.dims]))
        return [(cls(2), x), (cls(3, 2, 1), x)] if cls.dims else []


class MaxPool1d(Pool):
    """The largest entry in each window along the last axis; see `MaxPool2d`.

    Args: those of `MaxPool2d`.

    Example:
        >>> MaxPool1d(2)(np.array([[1.0, 3.0, 2.0, 0.0]]))
        array([[3., 2.]])
    """

    dims, pool = 1, staticmethod(max_pool)


class MaxPool2d(Pool):
    """The largest entry in each window of the last two axes (Riesenhuber and Poggio, 1999).

    Args:
        kernel: the size of the window, one int for all axes or one for each.
        stride: how far the window moves; by its own size if left out.
        padding: how many entries of −inf surround x.

    Raises:
        ValueError: when called, the window does not fit into x.

    Example:
        >>> MaxPool2d(2)(np.zeros((5, 8, 28, 28))).shape
        (5, 8, 14, 14)
    """

    dims, pool = 2, staticmethod(max_pool)


class MaxPool3d(Pool):
    """The largest entry in each window of the last three axes; see `MaxPool2d`.

    Args: those of `MaxPool2d`.

    Example:
        >>> MaxPool3d(2)(np.zeros((5, 8, 4, 4, 4))).shape
        (5, 8, 2, 2, 2)
    """

    dims, pool = 3, staticmethod(max_pool)


class AvgPool1d(Pool):
    """The mean of each window along the last axis; see `AvgPool2d`.

    Args: those of `AvgPool2d`.

    Example:
        >>> AvgPool1d(2)(np.array([[1.0, 3.0, 2.0, 0.0]]))
        array([[2., 1.]])
    """

    dims, pool = 1, staticmethod(avg_pool)


class AvgPool2d(Pool):
    """The mean of each window of the last two axes; zeros that surround x count.

    Args:
        kernel, stride: as in `MaxPool2d`.
        padding: how many zeros surround x.

    Example:
        >>> AvgPool2d(7)(np.zeros((5, 8, 28, 28))).shape
        (5, 8, 4, 4)
    """

    dims, pool = 2, staticmethod(avg_pool)


class AvgPool3d(Pool):
    """The mean of each window of the last three axes; see `AvgPool2d`.

    Args: those of `AvgPool2d`.

    Example:
        >>> AvgPool3d(2)(np.zeros((5, 8, 4, 4, 4))).shape
        (5, 8, 2, 2, 2)
    """

    dims, pool = 3, staticmethod(avg_pool)


class GlobalPool(Module):
    """What pooling over all places of an image shares; see `GlobalAvgPool`."""

    join: Any = None

    def __call__(self, x: Any) -> Any:
        x = array(x)
        if x.ndim < 3:
            raise ValueError(f"give x of shape (samples, channels, …), not {x.shape}")
        return type(self).join(x, axis=tuple(range(2, x.ndim)))

    @classmethod
    def samples(cls, rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(cls(), rng.normal(size=(2, 2, 3, 2)))] if cls.join else []


class GlobalAvgPool(GlobalPool):
    """The mean of each channel (Lin et al., "Network in network", 2014, arXiv:1312.4400).

    The call takes x of shape (samples, channels, …) and returns shape (samples, channels).

    Raises:
        ValueError: when called, x has fewer axes.

    Example:
        >>> GlobalAvgPool()(np.ones((5, 8, 7, 9))).shape
        (5, 8)
    """

    join = staticmethod(np.mean)


class GlobalMaxPool(GlobalPool):
    """The largest number of each channel: `GlobalAvgPool` with a maximum.

    Example:
        >>> GlobalMaxPool()(np.array([[[1.0, 3.0, 2.0]]]))
        array([[3.]])
    """

    join = staticmethod(np.max)


class AdaptivePool(Module):
    """What pooling to a size shares; see `AdaptiveAvgPool2d`."""

    dims = 0
    join: Any = None

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = for_each_axis(sizes, self.dims, "sizes")

    def __call__(self, x: Any) -> Any:
        x = array(x)
        if x.ndim < self.dims:
            raise ValueError(f"give x of shape (…, *{self.dims} sizes), not {x.shape}")
        for axis, n in enumerate(self.sizes, x.ndim - self.dims):
            size, head = x.shape[axis], (slice(None),) * axis
            bounds = [(i * size // n, -(-(i + 1) * size // n)) for i in range(n)]
            parts = [type(self).join(x[(*head, slice(*bound))], axis=axis) for bound in bounds]
            x = np.stack(parts, axis=axis)
        return x

    @classmethod
    def samples(cls, rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        x = rng.normal(size=(2, 2, *[5, 3, 3][: cls.dims]))
        return [(cls(2), x), (cls(1), x)] if cls.dims else []


class AdaptiveAvgPool1d(AdaptivePool):
    """The means of n nearly equal parts of the last axis; see `AdaptiveAvgPool2d`.

    Args: those of `AdaptiveAvgPool2d`.

    Example:
        >>> AdaptiveAvgPool1d(2)(np.array([[1.0, 3.0, 2.0, 0.0]]))
        array([[2., 1.]])
    """

    dims, join = 1, staticmethod(np.mean)


class AdaptiveAvgPool2d(AdaptivePool):
    """The means of so many nearly equal parts that images of any size get one size.

    Args:
        sizes: of the result, one int for all axes or one for each; 1 pools globally.

    Example:
        >>> AdaptiveAvgPool2d(1)(np.ones((5, 8, 7, 9))).shape
        (5, 8, 1, 1)
    """

    dims, join = 2, staticmethod(np.mean)


class AdaptiveMaxPool1d(AdaptivePool):
    """The largest entries of n nearly equal parts of the last axis.

    Args: those of `AdaptiveAvgPool2d`.

    Example:
        >>> AdaptiveMaxPool1d(2)(np.array([[1.0, 3.0, 2.0, 0.0]]))
        array([[3., 2.]])
    """

    dims, join = 1, staticmethod(np.max)


class AdaptiveMaxPool2d(AdaptivePool):
    """The largest entries of so many nearly equal parts; see `AdaptiveAvgPool2d`.

    Args: those of `AdaptiveAvgPool2d`.

    Example:
        >>> AdaptiveMaxPool2d(2)(np.ones((5, 8, 7, 9))).shape
        (5, 8, 2, 2)
    """

    dims, join = 2, staticmethod(np.max)
