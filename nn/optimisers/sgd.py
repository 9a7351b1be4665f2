"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nn.optimisers.optimiser import Optimiser
from nn.optimisers.state import Names, State


class SGD(Optimiser):
    """Stochastic gradient descent: w ← w − lr · (gradient + weight_decay · w).

    With momentum m the step is lr · v, where v ← m v + gradient (Polyak, 1964, in PyTorch's form);
    Nesterov's step is lr · (gradient + m v) (Nesterov, 1983; Sutskever et al., 2013).

    Args:
        parameters, lr, clip: as in `Optimiser`.
        momentum: how much of the last step's direction to keep, from 0 to below 1.
        weight_decay: how much of the weight to add to its gradient; a positive number pulls
            weights towards 0, a negative one pushes them away.
        nesterov: whether to look ahead.

    Raises:
        ValueError: there are no parameters, or `lr`, `momentum` or `clip` is out of range.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = SGD([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.4
    """

    remembers = Names(more=("velocity",))
    fused = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        clip: float | None = None,
        nesterov: bool = False,
    ) -> None:
        super().__init__(
            parameters,
            lr,
            weight_decay=weight_decay,
            clip=clip,
            momentum=momentum,
            nesterov=nesterov,
        )

    def check(self, momentum: float, nesterov: bool) -> None:  # type: ignore[override]
        """Raise ValueError if a setting is out of range."""
        if not 0 <= momentum < 1 or (nesterov and not momentum):
            raise ValueError(
                "momentum should be in [0, 1), and above 0 if nesterov=True, not "
                f"momentum={momentum}"
            )

    def update(  # type: ignore[override]
        self, gradient: Any, state: State, lr: float, momentum: float, nesterov: bool
    ) -> Any:
        """Return lr · v, or Nesterov's step."""
        if momentum == 0:
            return lr * gradient
        velocity = state["velocity"] = momentum * state["velocity"] + gradient
        return lr * (gradient + momentum * velocity if nesterov else velocity)
