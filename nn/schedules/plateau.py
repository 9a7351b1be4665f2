"""A rate that falls when training has stopped getting better."""

from __future__ import annotations

import math
from typing import Any, Literal

from nn.arguments import check_number, one_number
from nn.schedules.schedule import Called


class OnPlateau(Called):
    """A rate that falls when a number, such as the validation loss, has stopped getting better.

    `optimiser.lr = on_plateau(loss)` after each epoch.

    Args:
        lr: the first rate.
        mode: whether the number should get smaller, "min", or larger, "max".
        factor: what the rate is multiplied by, between 0 and 1.
        patience: for how many epochs in a row the number may be no better.
        threshold: by how much it has to be better.
        threshold_mode: whether that is a part of the best number, "rel", or a difference, "abs".
        cooldown: for how many epochs after a fall the number does not matter.
        min_lr: the smallest rate.
        eps: the smallest fall worth while.

    Raises:
        ValueError: a setting is out of range.

    Example:
        >>> on_plateau = OnPlateau(1.0, factor=0.5, patience=1)
        >>> [on_plateau(loss) for loss in [3.0, 2.0, 2.0, 2.0, 1.0]]
        [1.0, 1.0, 1.0, 0.5, 0.5]
    """

    how = "an OnPlateau has no .{}: write optimiser.lr = on_plateau(loss)"

    def __init__(
        self,
        lr: float,
        mode: Literal["min", "max"] = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        if mode not in ("min", "max") or threshold_mode not in ("rel", "abs"):
            raise ValueError(
                'mode should be "min" or "max" and threshold_mode "rel" or "abs", not '
                f"{mode!r} and {threshold_mode!r}"
            )
        numbers = dict(
            lr=lr, factor=factor, patience=patience, threshold=threshold, cooldown=cooldown,
            min_lr=min_lr, eps=eps,
        )  # fmt: skip
        for name, given in numbers.items():
            check_number(given, name)
        check_number(factor, "factor", "in [0, 1)", lambda x: 0 <= x < 1)
        self.lr, self.factor, self.min_lr, self.eps = lr, factor, min_lr, eps
        self.patience, self.cooldown = patience, cooldown
        self.sign = 1 if mode == "min" else -1
        self.threshold, self.relative = threshold, threshold_mode == "rel"
        self.best, self.bad, self.cooling = self.sign * math.inf, 0, 0

    def __call__(self, number: Any) -> float:
        """Return the rate of the next epoch.

        Args:
            number: what should get better, of the epoch that is over.
        """
        if number is None:
            raise TypeError(
                "on_plateau(loss) takes one number, such as a validation loss, not None"
            )
        number = one_number(number, "on_plateau(loss)")
        if self.is_better(number):
            self.best, self.bad = number, 0
        else:
            self.bad += 1
        if self.cooling:
            self.cooling, self.bad = self.cooling - 1, 0
        if self.bad > self.patience:
            lower = max(self.lr * self.factor, self.min_lr)
            self.lr = lower if self.lr - lower > self.eps else self.lr
            self.cooling, self.bad = self.cooldown, 0
        return self.lr

    def is_better(self, number: float) -> bool:
        """Whether a number is better than the best so far, by more than the threshold."""
        margin = self.sign * self.threshold
        bound = self.best * (1 - margin) if self.relative else self.best - margin
        return self.sign * number < self.sign * bound

    def state_dict(self) -> dict[str, float]:
        """Return the rate and what is remembered, as plain numbers."""
        return {"lr": self.lr, "best": self.best, "bad": self.bad, "cooling": self.cooling}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` returned.

        Raises:
            ValueError: the state is that of something else. Nothing is changed then.
        """
        own = self.state_dict()
        if state.keys() != own.keys():
            raise ValueError(
                "give this state to the kind of thing that it was saved from: it holds "
                f"{', '.join(state)}, and OnPlateau remembers {', '.join(own)}"
            )
        lr, best = float(state["lr"]), float(state["best"])
        self.lr, self.best = lr, best
        self.bad, self.cooling = int(state["bad"]), int(state["cooling"])
