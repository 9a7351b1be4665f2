"""Activations composed of ops: softplus and gelu; and softmax, along an axis of its own."""

import math

import numpy as np

from autograd.ops import activations
from autograd.ops import reduce as rows
from autograd.ops.elementwise import logaddexp, maximum, minimum, tanh


def softplus(x, beta: float = 1.0):
    """Return log(1 + e^(beta x)) / beta, a smooth relu of slope sigmoid(beta x), never inf.

    Args:
        x: a Value or array of any shape, or a number.
        beta: how sharply it bends at 0.

    Returns:
        the same shape and dtype.

    Example:
        >>> softplus(1000.0)
        1000.0
    """
    if beta != 1.0:
        return softplus(beta * x) / beta
    return logaddexp(x, 0.0 if type(x) is float else np.zeros((), getattr(x, "dtype", float)))


def gelu(x, approximate: str = "none"):
    """Return x Φ(x), with the normal distribution Φ (Hendrycks, Gimpel 2016, arXiv:1606.08415).

    Args:
        x: a Value or array of any shape, or a number.
        approximate: "none" for the exact function, "tanh" for the paper's faster formula.

    Raises:
        ValueError: `approximate` is something else.

    Example:
        >>> round(gelu(1.0), 4), round(gelu(1.0, approximate="tanh"), 4)
        (0.8413, 0.8412)
    """
    if approximate == "none":
        return activations.gelu(x)
    if approximate == "tanh":
        x = maximum(x, -40.0)  # from there on tanh is −1: −inf · 0 would be NaN
        z = minimum(x, 40.0)  # and 1 from here on, and a cube might overflow
        return 0.5 * x * (1 + tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z * z * z)))
    raise ValueError(f"approximate must be 'none' or 'tanh', not {approximate!r}")


def log_softmax(x, axis=-1, **other):
    """Return the logarithm of softmax, x − logsumexp(x): finite where softmax underflows.

    Args:
        x: logits, a Value or array.
        axis: the axis whose entries are the classes.

    Example:
        >>> log_softmax(np.array([1000.0, 0.0]))
        array([    0., -1000.])
    """
    return rows.log_softmax(x, axis=axis, **other)


def softmax(x, axis=-1, **other):
    """Return e^x / Σ e^x along an axis: positive numbers that add up to 1.

    Args:
        x: logits, a Value or array.
        axis: the axis to sum over.

    Example:
        >>> softmax(np.array([1000.0, 1000.0]))
        array([0.5, 0.5])
    """
    return rows.softmax(x, axis=axis, **other)
