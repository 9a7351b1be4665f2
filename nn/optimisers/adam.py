"""Adam and its family: steps of about the learning rate, whatever the size of the gradient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import sqrt
from nn.optimisers.gradients import squared
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.state import Names, State


class Moments(Optimiser):
    """What the family shares: m, a running mean of the gradient, and v, one of its square."""

    def check(self, betas: tuple[float, float], eps: float, **options: Any) -> None:  # type: ignore[override]
        """Raise ValueError if a setting is out of range."""
        if np.shape(betas) != (2,) or not all(0 <= beta < 1 for beta in betas) or not eps >= 0:
            raise ValueError(
                f"betas should be in [0, 1) and eps at least 0, not betas={betas}, eps={eps}"
            )

    def moments(self, g: Any, state: State, betas: tuple[float, float]) -> tuple[float, Any, Any]:
        """Return the number t of the step, m and v; they are too small by 1 − β₁ᵗ and 1 − β₂ᵗ."""
        first, second = betas
        t = state["t"] = state["t"] + 1.0
        m = g - state["m"]
        m *= 1 - first
        m += state["m"]
        v = squared(g)
        v *= 1 - second
        v += second * state["v"]
        state["m"], state["v"] = m, v
        return t, m, v


class Adam(Moments):
    """Adam: w ← w − lr · m / (√v + eps), with running means m of the gradient and v of its square.

    m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g², divided by 1 − β₁ᵗ and 1 − β₂ᵗ at step t
    (Kingma and Ba, 2015, arXiv:1412.6980).

    Args:
        parameters, lr, weight_decay, clip: as in `Optimiser`.
        betas: β₁ and β₂, from 0 to below 1.
        eps: keeps the step finite where gradients are 0.
        amsgrad: whether to divide by the largest v so far (Reddi et al., 2018, arXiv:1904.09237).

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

    remembers = Names(("t", "m", "v"), more=("largest",))
    fused = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        clip: float | None = None,
        amsgrad: bool = False,
    ) -> None:
        options = dict(betas=betas, eps=eps, amsgrad=amsgrad)
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, **options)

    def update(  # type: ignore[override]
        self,
        gradient: Any,
        state: State,
        lr: float,
        betas: tuple[float, float],
        eps: float,
        amsgrad: bool,
    ) -> Any:
        """Return lr · m / (√v + eps)."""
        t, m, v = self.moments(gradient, state, betas)
        if amsgrad:
            v = state["largest"] = np.maximum(state["largest"], v)
        grown = sqrt(1 - betas[1] ** t)  # √v is too small by this; eps shrinks with it
        step = np.sqrt(v)
        step += eps * grown
        step = m / step
        step *= lr * grown / (1 - betas[0] ** t)
        return step


class AdamW(Adam):
    """Adam whose weights decay by lr · weight_decay · w, apart from the gradient.

    Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, arXiv:1711.05101.

    Args:
        parameters, lr, betas, eps, clip, amsgrad: as in `Adam`.
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

    remembers = Adam.remembers
    fused = True
    decoupled = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        clip: float | None = None,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay, clip, amsgrad)


class Adamax(Moments):
    """Adam with the largest recent gradient for √v: w ← w − lr · m / u, u ← max(β₂ u, |g| + eps).

    Kingma and Ba, 2015, arXiv:1412.6980, section 7.1.

    Args:
        parameters, lr, betas, eps, weight_decay, clip: as in `Adam`.

    Raises:
        ValueError: as in `Adam`.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = Adamax([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.9
    """

    remembers = Names(("t", "m", "u"))
    fused = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        clip: float | None = None,
    ) -> None:
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, betas=betas, eps=eps)

    def update(  # type: ignore[override]
        self, gradient: Any, state: State, lr: float, betas: tuple[float, float], eps: float
    ) -> Any:
        """Return lr · m / u."""
        first, second = betas
        t = state["t"] = state["t"] + 1.0
        m = state["m"] = first * state["m"] + (1 - first) * gradient
        u = state["u"] = np.maximum(second * state["u"], np.abs(gradient) + eps)
        return lr / (1 - first**t) * m / u


class NAdam(Moments):
    """Adam that looks ahead as Nesterov's momentum does, with a β₁ that grows to its full size.

    μₜ = β₁ (1 − 0.96^(t · momentum_decay) / 2) is the β₁ of step t
    (Dozat, "Incorporating Nesterov momentum into Adam", 2016).

    Args:
        parameters, lr, betas, eps, weight_decay, clip: as in `Adam`.
        momentum_decay: how fast μₜ comes to β₁.
        decoupled_weight_decay: whether weights decay as in `AdamW`.

    Raises:
        ValueError: as in `Adam`, or `momentum_decay` is negative.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = NAdam([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 3)
        2.894
    """

    remembers = Names(("t", "m", "v", "product"))
    fused = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        clip: float | None = None,
    ) -> None:
        self.decoupled = decoupled_weight_decay
        options = dict(betas=betas, eps=eps, momentum_decay=momentum_decay)
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, **options)

    def check(self, betas: Any, eps: float, momentum_decay: float) -> None:  # type: ignore[override]
        """Raise ValueError if a setting is out of range."""
        super().check(betas, eps)
        if not momentum_decay >= 0:
            raise ValueError(f"momentum_decay should be at least 0, not {momentum_decay}")

    def update(  # type: ignore[override]
        self,
        gradient: Any,
        state: State,
        lr: float,
        betas: tuple[float, float],
        eps: float,
        momentum_decay: float,
    ) -> Any:
        """Return a step of the gradient and of m as it will be in the next step."""
        t, m, v = self.moments(gradient, state, betas)
        now, later = (betas[0] * (1 - 0.96 ** (i * momentum_decay) / 2) for i in (t, t + 1))
        before = state["product"] if t > 1 else 1.0
        product = state["product"] = before * now
        ahead = (1 - now) / (1 - product) * gradient + later / (1 - product * later) * m
        return lr * ahead / (np.sqrt(v / (1 - betas[1] ** t)) + eps)


class RAdam(Moments):
    """Adam that steps by m alone until v is known well enough, and then by r · m / √v.

    The factor r grows to 1 with the number of steps that v is a mean of
    (Liu et al., "On the variance of the adaptive learning rate", 2020, arXiv:1908.03265).

    Args:
        parameters, lr, betas, eps, weight_decay, clip: as in `Adam`.
        decoupled_weight_decay: whether weights decay as in `AdamW`.

    Raises:
        ValueError: as in `Adam`.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = RAdam([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.4
    """

    remembers = Names(("t", "m", "v"))
    fused = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        clip: float | None = None,
    ) -> None:
        self.decoupled = decoupled_weight_decay
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, betas=betas, eps=eps)

    def update(  # type: ignore[override]
        self, gradient: Any, state: State, lr: float, betas: tuple[float, float], eps: float
    ) -> Any:
        """Return lr · m, or lr · r · m / √v."""
        t, m, v = self.moments(gradient, state, betas)
        lr, left = lr / (1 - betas[0] ** t), 1 - betas[1] ** t
        most = 2 / (1 - betas[1]) - 1
        known = most - 2 * t * (1 - left) / left
        if known <= 5:
            return lr * m
        r = sqrt((known - 4) * (known - 2) * most / ((most - 4) * (most - 2) * known))
        return lr * r * sqrt(left) * m / (np.sqrt(v) + eps)
