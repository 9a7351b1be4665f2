"""Normalisation: numbers shifted and scaled to mean 0 and variance 1, over some of their axes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from autograd import Value, array
from nn.arguments import positive_int
from nn.elsewhere import refuse_options
from nn.module import Module
from nn.parameter import Buffer, Parameter
from nn.places import place_of
from nn.precision import warn_if_wider


def normalised(x: Any, axes: tuple[int, ...], eps: float) -> Any:
    """Return (x − mean) / √(variance + eps), over some axes."""
    centred = x - np.mean(x, axis=axes, keepdims=True)
    if np.iscomplexobj(centred):
        squares = np.real(centred * np.conj(centred))  # |x|² has no second derivative at 0
    else:
        squares = np.square(centred)
    return centred / np.sqrt(np.mean(squares, axis=axes, keepdims=True) + eps)


def channels_apart(layer: Any, x: Any) -> Any:
    """Return x of shape (samples, channels, *sizes) as an array or Value; raise for another."""
    channels = layer.channels
    x = x if isinstance(x, Value) else array(x)
    if x.ndim < 2 or x.shape[1] != channels:
        raise ValueError(
            f"give a {type(layer).__name__} of {channels} channels x of shape "
            f"(samples, {channels}, …), not {x.shape}{place_of(layer)}"
        )
    return x


class Affine(Module):
    """Weights and offsets for each channel, after normalisation."""

    weight: Parameter | None
    bias: Parameter | None

    def learn(self, shape: Any, affine: bool, bias: bool, dtype: Any) -> None:
        """Set the weights to 1 and the offsets to 0, or have none."""
        self.weight = Parameter(np.ones(shape, dtype)) if affine else None
        self.bias = Parameter(np.zeros(shape, dtype)) if affine and bias else None

    def scaled(self, x: Any, dims: int = 0) -> Any:
        """Return x times the weights plus the offsets, which `dims` axes follow."""
        after = (1,) * dims
        if self.weight is not None:
            warn_if_wider(self, x, self.weight)
        for parameter, apply in ((self.weight, np.multiply), (self.bias, np.add)):
            if parameter is not None:
                x = apply(x, np.reshape(parameter, (*parameter.shape, *after)))
        return x


class LayerNorm(Affine):
    """(x − mean) / √(variance + eps) · w + b, over the last axes of each sample.

    Ba, Kiros and Hinton, "Layer normalization", 2016, arXiv:1607.06450.

    Args:
        shape: the sizes of the last axes; one int for the last.
        eps: keeps the result finite where all numbers are equal.
        affine: whether there are weights w and offsets b.
        bias: whether there are offsets.
        dtype: the dtype of both.

    Raises:
        ValueError: when called, the last axes of x have other sizes.

    Example:
        >>> LayerNorm(2, eps=0.0)(np.array([[1.0, 3.0]]))
        Value([[-1.,  1.]])
    """

    def __init__(
        self,
        shape: int | Sequence[int],
        eps: float = 1e-5,
        affine: bool = True,
        bias: bool = True,
        dtype: Any = float,
    ) -> None:
        sizes = (shape,) if isinstance(shape, (int, np.integer)) else shape
        self.shape = tuple(positive_int(n, "shape") for n in sizes)
        self.eps = eps
        self.learn(self.shape, affine, bias, dtype)

    def __call__(self, x: Any) -> Any:
        x, n = x if isinstance(x, Value) else array(x), len(self.shape)
        if x.shape[x.ndim - n :] != self.shape:
            raise ValueError(
                f"give a LayerNorm of shape {self.shape} x of shape "
                f"(…, {', '.join(map(str, self.shape))}), not {x.shape}{place_of(self)}"
            )
        return self.scaled(normalised(x, tuple(range(-n, 0)), self.eps))

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        x = rng.normal(size=(2, 3, 4))
        return [(LayerNorm(4), x), (LayerNorm((3, 4), bias=False), x)]


class RMSNorm(Affine):
    """x / √(mean of x² + eps) · w, over the last axis.

    Zhang and Sennrich, "Root mean square layer normalization", 2019, arXiv:1910.07467.

    Args:
        size: of the last axis.
        eps: keeps the result finite where all numbers are 0.
        affine: whether there are weights w.
        dtype: their dtype.

    Example:
        >>> RMSNorm(2, eps=0.0)(np.array([[3.0, 3.0]]))
        Value([[1., 1.]])
    """

    def __init__(
        self, size: int, eps: float = 1e-5, affine: bool = True, dtype: Any = float
    ) -> None:
        self.size = positive_int(size, "size")
        self.eps = eps
        self.learn((size,), affine, False, dtype)

    def __call__(self, x: Any) -> Any:
        x = x if isinstance(x, Value) else array(x)
        if not x.ndim or x.shape[-1] != self.size:
            raise ValueError(
                f"give an RMSNorm of {self.size} x of shape (…, {self.size}), not {x.shape}"
                f"{place_of(self)}"
            )
        return self.scaled(x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + self.eps))

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(RMSNorm(4), rng.normal(size=(2, 3, 4)))]


class GroupNorm(Affine):
    """Normalisation of each sample over groups of channels and all that follows.

    Wu and He, "Group normalization", 2018, arXiv:1803.08494.

    Args:
        groups: how many groups; 1 for all channels together.
        channels: how many channels, a multiple of `groups`.
        eps, affine, dtype: as in `LayerNorm`; weights and offsets are for each channel.

    The call takes x of shape (samples, channels, *sizes), with at least two numbers per group.

    Example:
        >>> GroupNorm(2, 4)(np.ones((3, 4, 5, 5))).shape
        (3, 4, 5, 5)
    """

    def __init__(
        self,
        groups: int,
        channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        dtype: Any = float,
    ) -> None:
        self.groups = positive_int(groups, "groups")
        self.channels = positive_int(channels, "channels")
        if channels % groups:
            raise ValueError(
                f"{groups} groups need channels in multiples of {groups}, not {channels}"
            )
        self.eps = eps
        self.learn((channels,), affine, True, dtype)

    def __call__(self, x: Any) -> Any:
        x = channels_apart(self, x)
        parts = np.reshape(x, (len(x), self.groups, prod(x.shape[1:]) // self.groups))
        if parts.shape[-1] < 2:
            raise ValueError(f"one number per group has no variance, as in x of shape {x.shape}")
        y = np.reshape(normalised(parts, (-1,), self.eps), x.shape)
        return self.scaled(y, x.ndim - 2)

    @classmethod
    def samples(cls, rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(GroupNorm(2, 4), rng.normal(size=(2, 4, 3)))]


class InstanceNorm(GroupNorm):
    """Normalisation of each channel of each sample (Ulyanov et al., 2016, arXiv:1607.08022).

    Args:
        channels: how many channels.
        eps, dtype: as in `LayerNorm`.
        affine: whether there are weights and offsets for each channel.

    The call takes x of shape (samples, channels, *sizes), with at least two numbers per channel.

    Example:
        >>> InstanceNorm(1, eps=0.0)(np.array([[[1.0, 3.0]]]))
        array([[[-1.,  1.]]])
    """

    def __init__(
        self, channels: int, eps: float = 1e-5, affine: bool = False, dtype: Any = float
    ) -> None:
        super().__init__(channels, channels, eps, affine, dtype)

    @classmethod
    def samples(cls, rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(InstanceNorm(2, affine=True), rng.normal(size=(2, 2, 3)))]


class BatchNorm(Affine):
    """Normalisation of each channel over the samples of a batch and all that follows.

    In training, it is (x − mean) / √(variance + eps) · w + b with mean and variance of the batch;
    running ones are kept, and used in evaluation (Ioffe and Szegedy, "Batch normalization", 2015,
    arXiv:1502.03167).

    Args:
        channels: how many channels.
        eps, affine, dtype: as in `LayerNorm`; weights and offsets are for each channel.
        momentum: the share of the new batch in running means; None for the mean of all batches.

    The call takes x of shape (samples, channels, *sizes).

    Raises:
        ValueError: when called, x has other channels; or, in training, one number per channel,
            which has no variance.

    Example:
        >>> norm = BatchNorm(1, eps=0.0)
        >>> norm(np.array([[1.0], [3.0]]))
        Value([[-1.],
               [ 1.]])
        >>> norm.running_mean
        Buffer([0.2])
    """

    def __init__(
        self,
        channels: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        dtype: Any = float,
    ) -> None:
        self.channels = positive_int(channels, "channels")
        self.eps = eps
        self.momentum = momentum
        self.learn((channels,), affine, True, dtype)
        self.running_mean = Buffer(np.zeros(channels, dtype))
        self.running_var = Buffer(np.ones(channels, dtype))
        self.num_batches_tracked = Buffer(0)

    def __call__(self, x: Any, **other: Any) -> Any:
        if other:
            refuse_options(other)
        x = channels_apart(self, x)
        after = (1,) * (x.ndim - 2)
        if self.training:
            axes = (0, *range(2, x.ndim))
            self.follow(x, axes)
            y = normalised(x, axes, self.eps)
        else:
            mean, var = (np.reshape(b, (-1, *after)) for b in (self.running_mean, self.running_var))
            y = (x - mean) / np.sqrt(var + self.eps)
        return self.scaled(y, len(after))

    def follow(self, x: Any, axes: tuple[int, ...]) -> None:
        """Take a batch into the running mean and variance, the latter with n − 1."""
        x = x.numpy() if isinstance(x, Value) else x
        n = prod(x.shape[axis] for axis in axes)
        if n < 2:
            raise ValueError(
                f"one number per channel has no variance, as in x of shape {x.shape}: give a "
                "BatchNorm larger batches in training, or call model.eval() first"
            )
        self.num_batches_tracked += 1
        share = self.momentum if self.momentum is not None else 1 / self.num_batches_tracked
        self.running_mean = (1 - share) * self.running_mean + share * np.mean(x, axis=axes)
        self.running_var = (1 - share) * self.running_var + share * np.var(x, axis=axes, ddof=1)

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        x = rng.normal(size=(3, 2, 2))
        return [(BatchNorm(2), x), (BatchNorm(2).eval(), x)]
