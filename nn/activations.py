"""Activations: functions of a Value or an array, applied entry by entry."""

from __future__ import annotations

from typing import Any

from autograd import gelu, relu, sigmoid, softplus, tanh

__all__ = ["gelu", "identity", "leaky_relu", "relu", "sigmoid", "softplus", "tanh"]


def identity(x: Any) -> Any:
    """Return x as it is: the activation of a linear neuron.

    Args:
        x: anything.

    Example:
        >>> identity(3.0)
        3.0
    """
    return x


def leaky_relu(x: Any, slope: float = 0.01) -> Any:
    """Return x where it is positive and slope · x elsewhere (Maas et al., 2013).

    At 0 the derivative is the slope, just as that of relu is 0.

    Args:
        x: a Value or array of any shape.
        slope: the slope for negative x, between 0 and 1.

    Example:
        >>> leaky_relu(-2.0)
        -0.02
    """
    return slope * x + (1 - slope) * relu(x)
