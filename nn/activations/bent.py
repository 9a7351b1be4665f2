"""Activations made of straight pieces; where two meet, the slope is PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import relu


def identity(x: Any) -> Any:
    """Return x as it is: the activation of a linear neuron.

    Args:
        x: anything.

    Example:
        >>> identity(3.0)
        3.0
    """
    return x


def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    """Return x where it is positive and negative_slope · x elsewhere (Maas et al., 2013).

    At 0 the derivative is the negative slope, just as that of relu is 0.

    Args:
        x: a Value or array of any shape.
        negative_slope: the slope for negative x, between 0 and 1.

    Example:
        >>> leaky_relu(-2.0)
        -0.02
    """
    return negative_slope * x + (1 - negative_slope) * relu(x)


def prelu(x: Any, weight: Any) -> Any:
    """Return x where it is positive and weight · x elsewhere (He et al., 2015, arXiv:1502.01852).

    Args:
        x: a Value or array of shape (samples, channels, …), or of any shape for one weight.
        weight: a Value or array, a slope for each channel, of shape (channels,); or one, (1,).

    Raises:
        ValueError: there are as many weights as there are no channels.

    Example:
        >>> prelu(np.array([[-1.0, -1.0]]), np.array([0.25, 0.5]))
        array([[-0.25, -0.5 ]])
    """
    shape, weights = np.shape(x), np.shape(weight)
    if weights not in ((), (1,)) and weights != shape[1:2]:
        raise ValueError(
            f"give prelu one weight, or one for each channel of x of shape (samples, channels, …), "
            f"not {weights} for x of shape {shape}"
        )
    slopes = np.reshape(weight, (-1, *[1] * (len(shape) - 2)) if len(shape) > 1 else weights[:0])
    return chosen(x > 0, x, slopes * x)


def hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """Return x, or the nearer end of [min_val, max_val] where x is outside; its slope there is 0.

    Args:
        x: a Value or array of any shape.
        min_val, max_val: the ends of the interval.

    Example:
        >>> hardtanh(np.array([-3.0, 0.5, 2.0]))
        array([-1. ,  0.5,  1. ])
    """
    return chosen(x <= min_val, min_val, chosen(x >= max_val, max_val, x))


def relu6(x: Any) -> Any:
    """Return x, but 0 where it is negative and 6 where it is larger than that.

    Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010.

    Args:
        x: a Value or array of any shape.

    Example:
        >>> relu6(np.array([-1.0, 5.0, 7.0]))
        array([0., 5., 6.])
    """
    return hardtanh(x, 0.0, 6.0)


def hardsigmoid(x: Any) -> Any:
    """Return relu6(x + 3) / 6: from 0 to 1 in a straight line between −3 and 3.

    Args:
        x: a Value or array of any shape.

    Example:
        >>> hardsigmoid(np.array([-4.0, 0.0, 1.5]))
        array([0.  , 0.5 , 0.75])
    """
    return relu6(x + 3) / 6


def hardswish(x: Any) -> Any:
    """Return x · hardsigmoid(x), a `silu` without exponential.

    Howard et al., "Searching for MobileNetV3", 2019, arXiv:1905.02244.

    Args:
        x: a Value or array of any shape.

    Example:
        >>> hardswish(np.array([-4.0, 1.5, 5.0]))
        array([-0.   ,  1.125,  5.   ])
    """
    return x * hardsigmoid(x)


def hardshrink(x: Any, lambd: float = 0.5) -> Any:
    """Return x, but 0 where it is between −lambd and lambd.

    Args:
        x: a Value or array of any shape.
        lambd: the largest size that becomes 0.

    Example:
        >>> hardshrink(np.array([-1.0, 0.5, 0.75]))
        array([-1.  ,  0.  ,  0.75])
    """
    return chosen(np.abs(x) <= lambd, 0.0, x)


def softshrink(x: Any, lambd: float = 0.5) -> Any:
    """Return x brought closer to 0 by lambd, and 0 where that would go beyond.

    Args:
        x: a Value or array of any shape.
        lambd: by how much, at least 0.

    Example:
        >>> softshrink(np.array([-1.0, 0.25, 0.75]))
        array([-0.5 ,  0.  ,  0.25])
    """
    return relu(x - lambd) - relu(-x - lambd)


def threshold(x: Any, threshold: float = 0.0, value: float = 0.0) -> Any:
    """Return x where it is above a threshold, and a value elsewhere.

    Args:
        x: a Value or array of any shape.
        threshold: above which x stays.
        value: what stands elsewhere.

    Example:
        >>> threshold(np.array([-1.0, 0.25, 0.75]), 0.5, -2.0)
        array([-2.  , -2.  ,  0.75])
    """
    return chosen(x <= threshold, value, x)


def chosen(condition: Any, a: Any, b: Any) -> Any:
    """Return a where a condition holds and b elsewhere; a number if all are numbers."""
    y = np.where(condition, a, b)
    return y[()] if type(y) is np.ndarray else y
