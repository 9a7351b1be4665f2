"""Activations without a kink, some along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import sigmoid, softmax, softplus, tanh
from nn.activations.bent import chosen

# With these, outputs keep mean 0 and variance 1 through a deep network (Klambauer et al.).
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def elu(x: Any, alpha: float = 1.0) -> Any:
    """Return x where it is positive and alpha · (e^x − 1) elsewhere.

    Clevert, Unterthiner and Hochreiter, 2016, arXiv:1511.07289.

    Args:
        x: a Value or array of any shape.
        alpha: minus the limit on the left; the slope at 0, too.

    Example:
        >>> elu(np.array([-1000.0, 2.0]))
        array([-1.,  2.])
    """
    return chosen(x > 0, x, alpha * np.expm1(chosen(x > 0, 0.0, x)))


def celu(x: Any, alpha: float = 1.0) -> Any:
    """Return x where it is positive and alpha · (e^(x / alpha) − 1) elsewhere, of slope 1 at 0.

    Barron, 2017, arXiv:1704.07483.

    Args:
        x: a Value or array of any shape.
        alpha: minus the limit on the left, not 0.

    Example:
        >>> celu(np.array([-1000.0, 2.0]), alpha=0.5)
        array([-0.5,  2. ])
    """
    return chosen(x > 0, x, alpha * np.expm1(chosen(x > 0, 0.0, x) / alpha))


def selu(x: Any) -> Any:
    """Return `elu` with an alpha and a factor that keep mean 0 and variance 1.

    Klambauer et al., "Self-normalizing neural networks", 2017, arXiv:1706.02515.

    Args:
        x: a Value or array of any shape.

    Example:
        >>> print(selu(np.array([-1000.0, 1.0])).round(4))
        [-1.7581  1.0507]
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


def silu(x: Any) -> Any:
    """Return x · sigmoid(x), also called swish (Elfwing, Uchibe and Doya, 2017, arXiv:1702.03118).

    Args:
        x: a Value or array of any shape.

    Example:
        >>> round(silu(1.0), 4)
        0.7311
    """
    return x * sigmoid(x)


def mish(x: Any) -> Any:
    """Return x · tanh(softplus(x)) (Misra, 2019, arXiv:1908.08681).

    Args:
        x: a Value or array of any shape.

    Example:
        >>> round(mish(1.0), 4)
        0.8651
    """
    return x * tanh(softplus(x))


def logsigmoid(x: Any) -> Any:
    """Return the logarithm of sigmoid(x), finite where sigmoid underflows.

    Args:
        x: a Value or array of any shape.

    Example:
        >>> logsigmoid(-1000.0)
        -1000.0
    """
    return -softplus(-x)


def softsign(x: Any) -> Any:
    """Return x / (1 + |x|), from −1 to 1.

    Args:
        x: a Value or array of any shape.

    Example:
        >>> softsign(np.array([-3.0, 1.0]))
        array([-0.75,  0.5 ])
    """
    return x / (1 + np.abs(x))


def tanhshrink(x: Any) -> Any:
    """Return x − tanh(x).

    Args:
        x: a Value or array of any shape.

    Example:
        >>> round(tanhshrink(1.0), 4)
        0.2384
    """
    return x - tanh(x)


def softmin(x: Any, axis: int = -1) -> Any:
    """Return softmax(−x): positive numbers that add up to 1, the largest for the smallest x.

    Args:
        x: a Value or array.
        axis: the axis to sum over.

    Example:
        >>> softmin(np.array([-1000.0, 1000.0]))
        array([1., 0.])
    """
    return softmax(-x, axis)


def glu(x: Any, axis: int = -1) -> Any:
    """Return a · sigmoid(b), the gated linear unit, where a and b are the halves of x.

    Dauphin et al., 2017, arXiv:1612.08083.

    Args:
        x: a Value or array, with an even size along the axis.
        axis: the axis that is halved.

    Raises:
        ValueError: the size along the axis is odd.

    Example:
        >>> glu(np.array([3.0, 5.0, 0.0, 1000.0]))
        array([1.5, 5. ])
    """
    if np.ndim(x) == 0 or np.shape(x)[axis] % 2:
        raise ValueError(
            f"glu halves the axis {axis}, which should have an even size, not that of shape "
            f"{np.shape(x)}"
        )
    a, b = np.split(x, 2, axis)
    return a * sigmoid(b)
