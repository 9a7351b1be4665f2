"""The inverse Hessian H as the last steps and gradients of L-BFGS show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Memory:
    """What is known from the iterations so far, about all parameters as one long vector.

    Attributes:
        iterations: how many there were.
        step: the last change of the parameters.
        gradient: the gradient before it.
        steps, changes: the last steps, and how the gradient changed along each.
        scale: the size of H where no pair says more.
    """

    iterations: int
    step: np.ndarray
    gradient: np.ndarray
    steps: tuple[np.ndarray, ...]
    changes: tuple[np.ndarray, ...]
    scale: float

    @classmethod
    def of_size(cls, size: int, dtype: Any) -> Memory:
        """Return the memory before the first iteration."""
        none = np.zeros(size, dtype)
        return cls(0, none, none, (), (), 1.0)

    def with_gradient(self, gradient: np.ndarray, most: int) -> Memory:
        """Return the memory after another gradient, with the last `most` pairs."""
        change = gradient - self.gradient
        curvature = float(change @ self.step)
        new = replace(self, iterations=self.iterations + 1, gradient=gradient)
        if not self.iterations or not curvature > 1e-10:
            return new
        return replace(
            new,
            steps=(*self.steps, self.step)[-most:],
            changes=(*self.changes, change)[-most:],
            scale=curvature / float(change @ change),
        )

    def direction(self) -> np.ndarray:
        """Return −H g, by the two loops of Nocedal (1980)."""
        direction, shares = -self.gradient, []
        pairs = [(s, y, 1 / (y @ s)) for s, y in zip(self.steps, self.changes, strict=True)]
        for s, y, rho in reversed(pairs):
            shares.append(rho * (s @ direction))
            direction = direction - shares[-1] * y
        direction = self.scale * direction
        for (s, y, rho), share in zip(pairs, reversed(shares), strict=True):
            direction = direction + (share - rho * (y @ direction)) * s
        return direction
