"""Initial weights: functions (shape, rng) -> array, and functions that return such functions.

A shape is (inputs,) of a neuron, (inputs, outputs) of a layer, or (inputs, outputs, height, width)
of a convolution, in which each output has inputs · height · width inputs. The generator may be an
int, too. A gain is a factor: `init=lambda shape, rng: 1.4 * nn.orthogonal(shape, rng)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Generator = np.random.Generator | int
Initialiser = Callable[[tuple[int, ...], Generator], np.ndarray]

__all__ = [
    "he",
    "he_uniform",
    "lecun",
    "lecun_uniform",
    "normal",
    "orthogonal",
    "truncated_normal",
    "uniform",
    "xavier",
    "xavier_normal",
    "zeros",
]


def uniform(low: float, high: float) -> Initialiser:
    """Return an initialiser that draws uniformly from [low, high).

    Args:
        low, high: the ends of the interval.

    Example:
        >>> uniform(0, 2)((3,), np.random.default_rng(0)).shape
        (3,)
    """
    return lambda shape, rng: np.random.default_rng(rng).uniform(low, high, shape)


def normal(mean: float = 0.0, std: float = 1.0) -> Initialiser:
    """Return an initialiser that draws from a normal distribution.

    Args:
        mean, std: its mean and standard deviation.

    Example:
        >>> normal(std=0.02)((3, 2), 0).shape
        (3, 2)
    """
    return lambda shape, rng: np.random.default_rng(rng).normal(mean, std, shape)


def truncated_normal(
    mean: float = 0.0, std: float = 1.0, low: float = -2.0, high: float = 2.0
) -> Initialiser:
    """Return an initialiser that draws from a normal distribution, again where outside [low, high].

    Args:
        mean, std: the mean and the standard deviation of the whole distribution.
        low, high: the ends of the interval.

    Raises:
        ValueError: less than a hundredth of the distribution is inside the interval.

    Example:
        >>> bool(np.abs(truncated_normal(high=0.5)((100,), 0)).max() <= 2)
        True
    """
    below = [math.erf((end - mean) / (std * math.sqrt(2))) / 2 for end in (low, high)]
    if not below[1] - below[0] >= 0.01:
        raise ValueError(
            "a hundredth of the numbers or more should be inside the interval, but few of those of "
            f"mean {mean} and standard deviation {std} are from {low} to {high}"
        )

    def draw(shape: tuple[int, ...], rng: Generator) -> np.ndarray:
        rng = np.random.default_rng(rng)
        weights = np.asarray(rng.normal(mean, std, shape))
        while (outside := (weights < low) | (weights > high)).any():
            weights[outside] = rng.normal(mean, std, np.count_nonzero(outside))
        return weights

    return draw


def zeros(shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """Return zeros.

    Args:
        shape: as at the top of this page.
        rng: not used.

    Example:
        >>> zeros((2,), np.random.default_rng(0))
        array([0., 0.])
    """
    return np.zeros(shape)


def xavier(shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """Return uniform draws up to ±√(6 / (inputs + outputs)), which suit tanh and sigmoid.

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    2010.

    Args:
        shape: as at the top of this page.
        rng: the generator to draw from.

    Example:
        >>> bool(np.abs(xavier((3, 3), np.random.default_rng(0))).max() <= 1)
        True
    """
    return up_to(np.sqrt(6 / max(sum(fans(shape)), 1)), shape, rng)


def xavier_normal(shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """Return normal draws with standard deviation √(2 / (inputs + outputs)); see `xavier`.

    Args:
        shape: as at the top of this page.
        rng: the generator to draw from.

    Example:
        >>> xavier_normal((4, 2), 0).shape
        (4, 2)
    """
    return normal(0.0, np.sqrt(2 / max(sum(fans(shape)), 1)))(shape, rng)


def he(shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """Return normal draws with standard deviation √(2 / inputs), which suit relu.

    He et al., "Delving deep into rectifiers", 2015, arXiv:1502.01852.

    Args:
        shape: as at the top of this page.
        rng: the generator to draw from.

    Example:
        >>> he((4, 2), np.random.default_rng(0)).shape
        (4, 2)
    """
    return normal(0.0, np.sqrt(2 / max(fans(shape)[0], 1)))(shape, rng)


def he_uniform(shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """Return uniform draws up to ±√(6 / inputs); see `he`.

    Args:
        shape: as at the top of this page.
        rng: the generator to draw from.

    Example:
        >>> bool(np.abs(he_uniform((6, 2), 0)).max() <= 1)
        True
    """
    return up_to(np.sqrt(6 / max(fans(shape)[0], 1)), shape, rng)


def lecun(shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """Return normal draws with standard deviation 1 / √inputs, which suit selu.

    LeCun et al., "Efficient backprop", 1998.

    Args:
        shape: as at the top of this page.
        rng: the generator to draw from.

    Example:
        >>> lecun((4, 2), 0).shape
        (4, 2)
    """
    return normal(0.0, np.sqrt(1 / max(fans(shape)[0], 1)))(shape, rng)


def lecun_uniform(shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """Return uniform draws up to ±√(3 / inputs); see `lecun`.

    Args:
        shape: as at the top of this page.
        rng: the generator to draw from.

    Example:
        >>> bool(np.abs(lecun_uniform((3, 2), 0)).max() <= 1)
        True
    """
    return up_to(np.sqrt(3 / max(fans(shape)[0], 1)), shape, rng)


def orthogonal(shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """Return a random matrix W with W Wᵀ or Wᵀ W the identity, whichever is smaller.

    The weights of a convolution are such a matrix of all inputs of an output by the outputs
    (Saxe, McClelland and Ganguli, 2014, arXiv:1312.6120).

    Args:
        shape: as at the top of this page.
        rng: the generator to draw from.

    Example:
        >>> w = orthogonal((4, 2), 0)
        >>> bool(np.allclose(w.T @ w, np.eye(2)))
        True
    """
    inputs, *outputs = shape[:2]
    kernel = shape[2:]
    rows, columns = math.prod((inputs, *kernel)), math.prod(outputs)
    drawn = np.random.default_rng(rng).normal(size=sorted((rows, columns), reverse=True))
    q, r = np.linalg.qr(drawn)
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)  # without it, some matrices are more frequent
    matrix = q if rows >= columns else q.T
    if not kernel:
        return matrix.reshape(shape)
    return np.moveaxis(matrix.reshape(inputs, *kernel, columns), -1, 1)


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many inputs an output has, and how many outputs an input has."""
    window = math.prod(shape[2:])
    return shape[0] * window, (shape[1] if len(shape) > 1 else 1) * window


def up_to(bound: float, shape: tuple[int, ...], rng: Generator) -> np.ndarray:
    """Return uniform draws from −bound to bound."""
    return uniform(-bound, bound)(shape, rng)


def initial(init: Any, shape: tuple[int, ...], seed: Any, dtype: Any) -> np.ndarray:
    """Return weights of a shape from an initialiser or from given numbers.

    Args:
        init: an initialiser, or the numbers themselves.
        shape: as at the top of this page.
        seed: an int or a NumPy generator for an initialiser; None draws afresh.
        dtype: the dtype of the weights.

    Raises:
        TypeError: `init` is the name of an initialiser, or returns one; `dtype` are no floats, or
            real ones for complex weights.
        ValueError: the numbers have another shape.

    Example:
        >>> initial([1, 2], (2,), None, float)
        array([1., 2.])
    """
    if isinstance(init, str):
        raise TypeError(
            f"init should be a function such as nn.he, or the weights themselves, not {init!r}"
        )
    if np.dtype(dtype).kind not in "fc":
        raise TypeError(
            f"a layer learns, so it holds floats, not {np.dtype(dtype)}: leave dtype out, or give "
            "dtype=np.float32"
        )
    given = init(shape, np.random.default_rng(seed)) if callable(init) else init
    if callable(given):
        name = getattr(init, "__name__", "uniform")
        raise TypeError(f"init returned an initialiser: write init=nn.{name}(…), with its settings")
    if np.iscomplexobj(given) and np.dtype(dtype).kind != "c":
        raise TypeError(f"write dtype=complex for these complex weights, not {np.dtype(dtype)}")
    weights = np.array(given, dtype=dtype)
    if weights.shape != shape:
        raise ValueError(
            f"init gives weights of shape {weights.shape} for {shape[0]} inputs: expected shape "
            f"{shape}; give one weight for each input, or an initialiser such as nn.uniform(-1, 1)"
        )
    return weights
