"""Adam and its family: steps of about the learning rate, whatever the size of the gradient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optimisers.optimiser import Optimiser, State


class Adam(Optimiser):
    """Adam: w ← w − lr · m / (√v + eps), with running means m of the gradient and v of its square.

    m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g², divided by 1 − β₁ᵗ and 1 − β₂ᵗ at step t
    (Kingma and Ba, 2015, arXiv:1412.6980).

    Args:
        parameters, lr, weight_decay, clip: as in `Optimiser`.
        betas: β₁ and β₂, from 0 to below 1.
        eps: keeps the step finite where gradients are 0.

    Raises:
        ValueError: there are no parameters, or a setting is out of range.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = Adam([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.9
    """

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        clip: float | None = None,
    ) -> None:
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, betas=betas, eps=eps)

    def check(self, betas: tuple[float, float], eps: float) -> None:  # type: ignore[override]
        """Raise ValueError if a setting is out of range."""
        if not all(0 <= beta < 1 for beta in betas) or not eps >= 0:
            raise ValueError(
                f"betas should be in [0, 1) and eps at least 0, not betas={betas}, eps={eps}"
            )

    def moments(self, g: Any, state: State, betas: tuple[float, float]) -> tuple[float, Any, Any]:
        """Return the number of the step, and the running means of g and g² without their bias."""
        first, second = betas
        t = state["t"] = state["t"] + 1.0
        m = state["m"] = first * state["m"] + (1 - first) * g
        v = state["v"] = second * state["v"] + (1 - second) * np.abs(g) ** 2
        return t, m / (1 - first**t), v / (1 - second**t)

    def update(  # type: ignore[override]
        self, gradient: Any, state: State, lr: float, betas: tuple[float, float], eps: float
    ) -> Any:
        """Return lr · m / (√v + eps)."""
        _, m, v = self.moments(gradient, state, betas)
        return lr * m / (np.sqrt(v) + eps)


class AdamW(Adam):
    """Adam whose weights decay by lr · weight_decay · w, apart from the gradient.

    Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, arXiv:1711.05101.

    Args:
        parameters, lr, betas, eps, clip: as in `Adam`.
        weight_decay: the decay per step and learning rate.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = AdamW([w], lr=0.1, weight_decay=0.5)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.75
    """

    decoupled = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        clip: float | None = None,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay, clip)
