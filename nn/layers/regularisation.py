"""Regularisation: noise in training that keeps a network from relying on single numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, array
from nn.elsewhere import refuse_options
from nn.module import Module


class Dropout(Module):
    """In training, set each number to 0 with probability p, and divide the others by 1 − p.

    Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.

    Args:
        p: the probability, from 0 to below 1.
        seed: an int or a NumPy generator; None draws afresh. The layer draws from a generator of
            its own, `rng`, which you may replace at any time.

    Raises:
        ValueError: p is no such probability.

    Example:
        >>> dropout = Dropout(0.5, seed=0)
        >>> dropout(np.ones(6))
        array([2., 0., 0., 0., 2., 2.])
        >>> dropout.eval()(np.ones(2))
        array([1., 1.])
    """

    def __init__(self, p: float = 0.5, seed: Any = None) -> None:
        if not 0 <= p < 1:
            raise ValueError(f"p is the share of numbers to drop, from 0 to below 1, not {p}")
        self.p = p
        self.rng = np.random.default_rng(seed)

    def __call__(self, x: Any, **other: Any) -> Any:
        if other:
            refuse_options(other)
        if not self.training or not self.p:
            return x
        x = x if isinstance(x, (Value, np.ndarray)) else array(x)
        kept = self.rng.random(self.shape(x)) >= self.p
        return x * (kept / (1 - self.p)).astype(x.dtype if x.dtype.kind in "fc" else float)

    def shape(self, x: Any) -> tuple[int, ...]:
        """Return the shape of the mask for x."""
        return x.shape

    @classmethod
    def samples(cls, rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        x = rng.normal(size=(4, 3, 2))
        return [(Still(cls(0.4), seed=1), x), (cls(0.4).eval(), x)]


class ChannelDropout(Dropout):
    """Dropout of whole channels: x of shape (samples, channels, *sizes).

    Tompson et al., "Efficient object localization using convolutional networks", 2015,
    arXiv:1411.4280.

    Args:
        p, seed: as in `Dropout`.

    Example:
        >>> ChannelDropout(0.5, seed=0)(np.ones((1, 3, 2)))
        array([[[2., 2.],
                [0., 0.],
                [0., 0.]]])
    """

    def shape(self, x: Any) -> tuple[int, ...]:
        """Return the shape of the mask: one number for each channel."""
        return (*x.shape[:2], *[1] * (x.ndim - 2))


class Still(Module):
    """A module with the same noise at each call, for tests and checks of gradients.

    Args:
        module: one with an attribute `rng`.
        seed: of the generator that it is given before each call.

    Example:
        >>> still = Still(Dropout(0.5), seed=0)
        >>> bool(np.all(still(np.ones(6)) == still(np.ones(6))))
        True
    """

    def __init__(self, module: Any, seed: int = 0) -> None:
        self.module = module
        self.seed = seed

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.module.rng = np.random.default_rng(self.seed)
        return self.module(*args, **kwargs)

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(Still(Dropout(0.4)), rng.normal(size=(4, 3)))]
