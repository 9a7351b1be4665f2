"""Positional encodings: what tells a Transformer the order of its steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, array
from nn.arguments import positive_int
from nn.initialisers import initial, normal
from nn.module import Module
from nn.parameter import Parameter
from nn.places import place_of
from nn.precision import warn_if_wider

NARROW = normal(std=0.02)


class Sinusoidal(Module):
    """x plus sines and cosines of the number of each step, of wavelengths 2π to 10,000 · 2π.

    Vaswani et al., 2017, section 3.5.

    Args:
        size: how many numbers each step has, an even number.

    The call takes x of shape (…, steps, size), and the number of the first step.

    Example:
        >>> Sinusoidal(2)(np.zeros((1, 2)))
        array([[0., 1.]])
    """

    def __init__(self, size: int) -> None:
        if positive_int(size, "size") % 2:
            raise ValueError(f"size should be even, for as many sines as cosines, not {size}")
        self.size = size

    def __call__(self, x: Any, first: int = 0) -> Any:
        x = steps_of(x, self)
        angles = turns(x.shape[-2], self.size, first)
        waves = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(-1, self.size)
        return x + waves.astype(x.dtype)

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(Sinusoidal(4), rng.normal(size=(2, 3, 4)))]


class LearnedPosition(Module):
    """x plus a row of a learned table for the number of each step.

    Gehring et al., "Convolutional sequence to sequence learning", 2017, arXiv:1705.03122.

    Args:
        steps: how many rows the table has, the greatest length.
        size: how many numbers each step has.
        init: an initialiser `(shape (steps, size), rng) -> array`, or the table; normal with
            standard deviation 0.02 if left out.
        seed: an int or a NumPy generator; None draws afresh.
        dtype: the dtype of the table.

    The call takes x of shape (…, steps, size), and the number of the first step.

    Raises:
        ValueError: when called, x has another size, or more steps than the table has rows.

    Example:
        >>> LearnedPosition(3, 1, init=[[1.0], [2.0], [3.0]])(np.zeros((2, 1)), first=1)
        Value([[2.],
               [3.]])
    """

    def __init__(
        self, steps: int, size: int, init: Any = NARROW, seed: Any = None, dtype: Any = float
    ) -> None:
        shape = (positive_int(steps, "steps"), positive_int(size, "size"))
        self.weight = Parameter(initial(init, shape, seed, dtype))

    def __call__(self, x: Any, first: int = 0) -> Any:
        steps, size = self.weight.shape
        x = x if isinstance(x, (Value, np.ndarray)) else array(x)
        if x.ndim < 2 or x.shape[-1] != size or not 0 <= first <= steps - x.shape[-2]:
            raise ValueError(
                f"give a LearnedPosition x of shape (…, up to {steps}, {size}), not {x.shape} from "
                f"step {first} on{place_of(self)}"
            )
        warn_if_wider(self, x, self.weight)
        return x + self.weight[first : first + x.shape[-2]]

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(LearnedPosition(4, 2, seed=rng), rng.normal(size=(2, 3, 2)))]


class Rotary(Module):
    """Pairs of numbers turned by the number of their step: what fits depends on the distance only.

    Su et al., "RoFormer", 2021, arXiv:2104.09864. The pairs are numbers i and i + size / 2.

    Args:
        size: how many numbers each step of a head has, an even number.

    The call takes queries or keys of shape (…, steps, size), and the number of the first step.

    Example:
        >>> Rotary(2)(np.array([[1.0, 0.0]]), 0)
        array([[1., 0.]])
    """

    def __init__(self, size: int) -> None:
        if positive_int(size, "size") % 2:
            raise ValueError(f"size should be even, for pairs of numbers, not {size}")
        self.size = size

    def __call__(self, x: Any, first: int = 0) -> Any:
        x = steps_of(x, self)
        angles = turns(x.shape[-2], self.size, first)
        cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
        a, b = x[..., : self.size // 2], x[..., self.size // 2 :]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], axis=-1)

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(Rotary(4), rng.normal(size=(2, 3, 4)))]


def steps_of(x: Any, layer: Any) -> Any:
    """Return x as floats if it has the size of a layer."""
    x = x if isinstance(x, (Value, np.ndarray)) else array(x)
    if x.ndim < 2 or x.shape[-1] != layer.size:
        raise ValueError(
            f"give a {type(layer).__name__} x of shape (…, steps, {layer.size}), not {x.shape}"
            f"{place_of(layer)}"
        )
    return x if x.dtype.kind in "fc" else x.astype(float)


def turns(steps: int, size: int, first: int) -> np.ndarray:
    """Return the angles step / 10,000^(2 i / size), of shape (steps, size / 2)."""
    frequencies = 10_000.0 ** (-np.arange(0, size, 2) / size)
    return np.outer(np.arange(first, first + steps), frequencies)
