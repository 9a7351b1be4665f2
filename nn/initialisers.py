"""Initial weights: functions (shape, rng) -> array, and functions that return such functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Initialiser = Callable[[tuple[int, ...], np.random.Generator], np.ndarray]


def uniform(low: float, high: float) -> Initialiser:
    """Return an initialiser that draws uniformly from [low, high).

    Args:
        low, high: the ends of the interval.

    Example:
        >>> uniform(0, 2)((3,), np.random.default_rng(0)).shape
        (3,)
    """
    return lambda shape, rng: rng.uniform(low, high, shape)


def zeros(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return zeros.

    Args:
        shape: (inputs,) of a neuron or (inputs, outputs) of a layer.
        rng: not used.

    Example:
        >>> zeros((2,), np.random.default_rng(0))
        array([0., 0.])
    """
    return np.zeros(shape)


def xavier(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return uniform draws up to ±√(6 / (inputs + outputs)), which suit tanh and sigmoid.

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    2010.

    Args:
        shape: (inputs,) of a neuron or (inputs, outputs) of a layer.
        rng: the generator to draw from.

    Example:
        >>> bool(np.abs(xavier((3, 3), np.random.default_rng(0))).max() <= 1)
        True
    """
    outputs = shape[1] if len(shape) > 1 else 1
    bound = np.sqrt(6 / max(shape[0] + outputs, 1))
    return rng.uniform(-bound, bound, shape)


def he(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return normal draws with standard deviation √(2 / inputs), which suit relu.

    He et al., "Delving deep into rectifiers", 2015, arXiv:1502.01852.

    Args:
        shape: (inputs,) of a neuron or (inputs, outputs) of a layer.
        rng: the generator to draw from.

    Example:
        >>> he((4, 2), np.random.default_rng(0)).shape
        (4, 2)
    """
    return rng.normal(0.0, np.sqrt(2 / max(shape[0], 1)), shape)


def initial(init: Any, shape: tuple[int, ...], seed: Any, dtype: Any) -> np.ndarray:
    """Return weights of a shape from an initialiser or from given numbers.

    Args:
        init: an initialiser, or the numbers themselves.
        shape: (inputs,) of a neuron or (inputs, outputs) of a layer.
        seed: an int or a NumPy generator for an initialiser; None draws afresh.
        dtype: the dtype of the weights.

    Raises:
        TypeError: `init` is the name of an initialiser.
        ValueError: the numbers have another shape.

    Example:
        >>> initial([1, 2], (2,), None, float)
        array([1., 2.])
    """
    if isinstance(init, str):
        raise TypeError(
            f"init should be a function such as nn.he, or the weights themselves, not {init!r}"
        )
    given = init(shape, np.random.default_rng(seed)) if callable(init) else init
    weights = np.array(given, dtype=dtype)
    if weights.shape != shape:
        raise ValueError(
            f"init gives weights of shape {weights.shape} for {shape[0]} inputs: expected shape "
            f"{shape}; give one weight for each input, or an initialiser such as nn.uniform(-1, 1)"
        )
    return weights
