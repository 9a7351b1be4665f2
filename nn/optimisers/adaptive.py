"""Optimisers that divide each entry's gradient by the size of its gradients so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.optimisers.gradients import squared
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.state import Names, State


class RMSprop(Optimiser):
    """RMSprop: w ← w − lr · g / (√v + eps), with the running mean v ← alpha v + (1 − alpha) g².

    Hinton, "Neural networks for machine learning", lecture 6e, 2012; centered: Graves, 2013,
    arXiv:1308.0850.

    Args:
        parameters, lr, weight_decay, clip: as in `Optimiser`.
        alpha: how much of v to keep, from 0 to 1.
        eps: keeps the step finite where gradients are 0.
        momentum: how much of the last step to keep, from 0 to below 1.
        centered: whether v is the variance, that is, without the square of the gradient's mean.

    Raises:
        ValueError: there are no parameters, or a setting is out of range.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = RMSprop([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.0
    """

    remembers = Names(("v",), more=("mean", "velocity"))
    fused = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
        clip: float | None = None,
    ) -> None:
        options = dict(alpha=alpha, eps=eps, momentum=momentum, centered=centered)
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, **options)

    def check(self, alpha: float, eps: float, momentum: float, centered: bool) -> None:  # type: ignore[override]
        """Raise ValueError if a setting is out of range."""
        if not 0 <= alpha <= 1 or not eps >= 0 or not 0 <= momentum < 1:
            raise ValueError(
                "alpha should be in [0, 1], eps at least 0 and momentum in [0, 1), not "
                f"alpha={alpha}, eps={eps}, momentum={momentum}"
            )

    def update(  # type: ignore[override]
        self,
        gradient: Any,
        state: State,
        lr: float,
        alpha: float,
        eps: float,
        momentum: float,
        centered: bool,
    ) -> Any:
        """Return lr · g / (√v + eps), with momentum."""
        v = state["v"] = alpha * state["v"] + (1 - alpha) * squared(gradient)
        if centered:
            mean = state["mean"] = alpha * state["mean"] + (1 - alpha) * gradient
            v = np.maximum(v - squared(mean), 0)
        step = gradient / (np.sqrt(v) + eps)
        if momentum != 0:
            step = state["velocity"] = momentum * state["velocity"] + step
        return lr * step


RMSProp = RMSprop  # as it is written outside PyTorch


class Adagrad(Optimiser):
    """Adagrad: w ← w − lr · g / (√s + eps), with the sum s ← s + g² over all steps.

    Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011.

    Args:
        parameters, lr, weight_decay, clip: as in `Optimiser`.
        lr_decay: the rate of step t, counted from 0, is lr / (1 + t · lr_decay).
        initial_accumulator_value: where s begins.
        eps: keeps the step finite where gradients are 0.

    Raises:
        ValueError: there are no parameters, or a setting is negative.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = Adagrad([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.9
    """

    remembers = Names(("t", "sum"))
    fused = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 0.01,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        clip: float | None = None,
    ) -> None:
        options = dict(
            lr_decay=lr_decay, initial_accumulator_value=initial_accumulator_value, eps=eps
        )
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, **options)

    def check(self, **options: float) -> None:
        """Raise ValueError if a setting is out of range."""
        for name, number in options.items():
            if not number >= 0:
                raise ValueError(f"{name} should be at least 0, not {number}")

    def update(  # type: ignore[override]
        self,
        gradient: Any,
        state: State,
        lr: float,
        lr_decay: float,
        initial_accumulator_value: float,
        eps: float,
    ) -> Any:
        """Return lr · g / (√s + eps)."""
        t = state["t"] = state["t"] + 1.0
        before = state["sum"] if t > 1 else initial_accumulator_value
        total = state["sum"] = before + squared(gradient)
        return lr / (1 + (t - 1) * lr_decay) * gradient / (np.sqrt(total) + eps)


class Adadelta(Optimiser):
    """Adadelta: w ← w − lr · d, where d = g · √(u + eps) / √(v + eps).

    v and u are running means of g² and of d²: the step has the unit of the weights
    (Zeiler, 2012, arXiv:1212.5701).

    Args:
        parameters, lr, weight_decay, clip: as in `Optimiser`.
        rho: how much of the running means to keep, from 0 to 1.
        eps: gets the steps going, since u begins at 0.

    Raises:
        ValueError: there are no parameters, or a setting is out of range.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = Adadelta([w])
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.996838
    """

    remembers = Names(("v", "u"))
    fused = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        clip: float | None = None,
    ) -> None:
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, rho=rho, eps=eps)

    def check(self, rho: float, eps: float) -> None:  # type: ignore[override]
        """Raise ValueError if a setting is out of range."""
        if not 0 <= rho <= 1 or not eps >= 0:
            raise ValueError(
                f"rho should be in [0, 1] and eps at least 0, not rho={rho}, eps={eps}"
            )

    def update(  # type: ignore[override]
        self, gradient: Any, state: State, lr: float, rho: float, eps: float
    ) -> Any:
        """Return lr · d."""
        v = state["v"] = rho * state["v"] + (1 - rho) * squared(gradient)
        d = np.sqrt(state["u"] + eps) / np.sqrt(v + eps) * gradient
        state["u"] = rho * state["u"] + (1 - rho) * squared(d)
        return lr * d
