"""Convolutions in one, two and three dimensions, and their transposes, with PyTorch's names."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from autograd import conv, conv_transpose
from nn.arguments import Sizes, for_each_axis, positive_int
from nn.layers.linear import filters, offsets
from nn.module import Module
from nn.parameter import Parameter
from nn.places import place_of
from nn.precision import warn_if_wider


class Convolution(Module):
    """What convolutions of any number of dimensions share; see `Conv2d`."""

    dims = 0
    transposed = False

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: Sizes,
        stride: Sizes = 1,
        padding: Any = 0,
        dilation: Sizes = 1,
        groups: int = 1,
        bias: bool = True,
        init: Any = None,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        self.inputs, self.outputs = positive_int(inputs, "inputs"), positive_int(outputs, "outputs")
        self.kernel = for_each_axis(kernel, self.dims, "kernel")
        self.options = {
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": positive_int(groups, "groups"),
        }
        if inputs % groups or outputs % groups:
            raise ValueError(
                f"{groups} groups need channels in multiples of {groups}, not {inputs} inputs and "
                f"{outputs} outputs"
            )
        shape = (inputs, outputs // groups) if self.transposed else (outputs, inputs // groups)
        each = shape[1] * prod(self.kernel)  # so PyTorch counts the inputs of a transpose too
        weight, rng = filters(init, each, (*shape, *self.kernel), seed, dtype)
        self.weight = Parameter(weight)
        self.bias = offsets(bias, each, outputs, rng, dtype)

    def __call__(self, x: Any) -> Any:
        warn_if_wider(self, x, self.weight)
        try:
            y = (conv_transpose if self.transposed else conv)(x, self.weight, **self.options)
        except ValueError as error:
            raise ValueError(f"{error}{place_of(self)}") from None
        if self.bias is None:
            return y
        return y + np.reshape(self.bias, (-1, *[1] * self.dims))

    @classmethod
    def samples(cls, rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        if not cls.dims:
            return []
        x = rng.normal(size=(2, 2, *[4, 3, 3][: cls.dims]))
        return [
            (cls(2, 4, 2, groups=2, seed=rng), x),
            (cls(2, 1, 3, stride=2, padding=1, bias=False, seed=rng), x),
        ]


class Conv1d(Convolution):
    """A convolution along one axis: `Conv2d` for x of shape (samples, inputs, n).

    Args: those of `Conv2d`.

    Example:
        >>> Conv1d(1, 2, 3, padding="same")(np.zeros((5, 1, 7))).shape
        (5, 2, 7)
    """

    dims = 1


class Conv2d(Convolution):
    """A convolution: each output channel is the sum over the input channels of w ∗ x, plus b.

    In the language of signal processing it is a cross-correlation: the filter is not mirrored
    (LeCun et al., "Backpropagation applied to handwritten zip code recognition", 1989).

    Args:
        inputs, outputs: how many channels go in and come out.
        kernel: the size of the filters, one int for all axes or one for each.
        stride, padding, dilation, groups: as in `autograd.conv`.
        bias: whether there is a b for each output channel.
        init: an initialiser `(shape (inputs / groups, outputs, *kernel), rng) -> array`, or weights
            of shape (outputs, inputs / groups, *kernel); uniform up to ±1/√inputs if left out.
        seed: an int or a NumPy generator; None draws afresh.
        dtype: the dtype of the weights.

    The call takes x of shape (samples, inputs, height, width), or without samples.

    Raises:
        ValueError: sizes are no positive ints or no multiples of `groups`; or, when called, x has
            other channels or is smaller than a filter.

    Example:
        >>> Conv2d(3, 8, 3, stride=2, padding=1)(np.zeros((5, 3, 28, 28))).shape
        (5, 8, 14, 14)
    """

    dims = 2


class Conv3d(Convolution):
    """A convolution along three axes: `Conv2d` for x of shape (samples, inputs, n, m, k).

    Args: those of `Conv2d`.

    Example:
        >>> Conv3d(1, 2, 2)(np.zeros((5, 1, 4, 4, 4))).shape
        (5, 2, 3, 3, 3)
    """

    dims = 3


class TransposedConvolution(Convolution):
    """What transposed convolutions share; see `ConvTranspose2d`."""

    transposed = True

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: Sizes,
        stride: Sizes = 1,
        padding: Any = 0,
        output_padding: Sizes = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Sizes = 1,
        init: Any = None,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        super().__init__(
            inputs, outputs, kernel, stride, padding, dilation, groups, bias, init, seed, dtype
        )
        self.options["output_padding"] = output_padding


class ConvTranspose1d(TransposedConvolution):
    """The transpose of a `Conv1d`: `ConvTranspose2d` for x of shape (samples, inputs, n).

    Args: those of `ConvTranspose2d`.

    Example:
        >>> ConvTranspose1d(2, 1, 2, stride=2)(np.zeros((5, 2, 7))).shape
        (5, 1, 14)
    """

    dims = 1


class ConvTranspose2d(TransposedConvolution):
    """The transpose of a `Conv2d`, which makes images larger where that makes them smaller.

    Zeiler et al., "Deconvolutional networks", 2010.

    Args:
        inputs, outputs, bias, init, seed, dtype: as in `Conv2d`; weights have shape (inputs,
            outputs / groups, *kernel).
        kernel, stride, padding, dilation, groups: those of the convolution it is the transpose of.
        output_padding: how many rows and columns to add at the end.

    Example:
        >>> ConvTranspose2d(8, 3, 4, stride=2, padding=1)(np.zeros((5, 8, 14, 14))).shape
        (5, 3, 28, 28)
    """

    dims = 2


class ConvTranspose3d(TransposedConvolution):
    """The transpose of a `Conv3d`.

    Args: those of `ConvTranspose2d`.

    Example:
        >>> ConvTranspose3d(1, 2, 2)(np.zeros((5, 1, 3, 3, 3))).shape
        (5, 2, 4, 4, 4)
    """

    dims = 3
