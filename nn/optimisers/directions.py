"""Optimisers that take the direction of a momentum: Lion of each entry, Muon of each matrix."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from nn.arguments import positive_int
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.state import Names, State

# How Muon's rate depends on the shape (rows, columns) of a matrix.
ADJUSTED = {
    "original": lambda rows, columns: math.sqrt(max(1.0, rows / columns)),
    "match_rms_adamw": lambda rows, columns: 0.2 * math.sqrt(max(rows, columns)),
}


class Lion(Optimiser):
    """Lion: w ← w − lr · sign(β₁ m + (1 − β₁) g), then m ← β₂ m + (1 − β₂) g.

    Weights decay by lr · weight_decay · w, as in `AdamW`. Every entry moves by the rate, so give
    a rate three to ten times smaller than Adam's (Chen et al., "Symbolic discovery of optimization
    algorithms", 2023, arXiv:2302.06675).

    Args:
        parameters, lr, clip: as in `Optimiser`.
        betas: β₁ and β₂, from 0 to below 1.
        weight_decay: the decay per step and learning rate.

    Raises:
        ValueError: there are no parameters, or a setting is out of range.

    Example:
        >>> from autograd import Value
        >>> w = Value(3.0)
        >>> optimiser = Lion([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.9
    """

    remembers = Names(("m",))
    fused = True
    decoupled = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
        clip: float | None = None,
    ) -> None:
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, betas=betas)

    def check(self, betas: tuple[float, float]) -> None:  # type: ignore[override]
        """Raise ValueError if a setting is out of range."""
        if np.shape(betas) != (2,) or not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas should be in [0, 1), two of them, not {betas}")

    def update(  # type: ignore[override]
        self, gradient: Any, state: State, lr: float, betas: tuple[float, float]
    ) -> Any:
        """Return lr · sign(β₁ m + (1 − β₁) g)."""
        first, second = betas
        direction = np.sign(first * state["m"] + (1 - first) * gradient)
        state["m"] = second * state["m"] + (1 - second) * gradient
        return lr * direction


class Muon(Optimiser):
    """Muon: a momentum step whose matrix has all its singular values brought close to 1.

    m ← momentum · m + (1 − momentum) · g is looked ahead from and made nearly orthogonal, by
    iterating X ← a X + (b X Xᵀ + c (X Xᵀ)²) X (Jordan et al., 2024,
    https://kellerjordan.github.io/posts/muon/; Liu et al., 2025, arXiv:2502.16982). PyTorch
    iterates in bfloat16, with three digits, and this in the precision of the weights.

    It is for the matrices inside a network. Give vectors, the embedding and the last layer to
    another optimiser, such as `AdamW`.

    Args:
        parameters, lr, clip: as in `Optimiser`; the parameters are real matrices.
        weight_decay: the decay per step and learning rate, as in `AdamW`.
        momentum: how much of m to keep, from 0 to below 1.
        nesterov: whether to look ahead.
        ns_coefficients: a, b and c of the iteration.
        eps: the least norm that a momentum is divided by.
        ns_steps: the number of iterations.
        adjust_lr_fn: how the rate depends on the shape: "original", or None, is
            √max(1, rows / columns); "match_rms_adamw" is 0.2 √max(rows, columns), with which rates
            made for AdamW may be used.

    Raises:
        ValueError: there are no parameters, one is no matrix, or a setting is out of range.

    Example:
        >>> from autograd import Value
        >>> w = Value(np.eye(2))
        >>> optimiser = Muon([w], lr=0.1, weight_decay=0.0)
        >>> (w * np.array([[3.0, 0.0], [0.0, 5.0]])).sum().backward()
        >>> optimiser.step()
        >>> w.data.round(2)
        array([[0.93, 0.  ],
               [0.  , 0.9 ]])
    """

    remembers = Names(("m",))
    decoupled = True

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.775, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
        clip: float | None = None,
    ) -> None:
        options = dict(
            momentum=momentum,
            nesterov=nesterov,
            ns_coefficients=ns_coefficients,
            eps=eps,
            ns_steps=ns_steps,
            adjust_lr_fn=adjust_lr_fn,
        )
        super().__init__(parameters, lr, weight_decay=weight_decay, clip=clip, **options)
        for i, parameter in enumerate(self.parameters):
            if parameter.ndim != 2 or parameter.dtype.kind != "f":
                raise ValueError(
                    "Muon is for real matrices: give the other parameters to nn.AdamW, as in "
                    "nn.Muon([p for p in model.parameters() if p.ndim == 2]); parameter "
                    f"{parameter.name or i} has shape {parameter.shape} and dtype "
                    f"{parameter.dtype}"
                )

    def check(  # type: ignore[override]
        self,
        momentum: float,
        ns_coefficients: Any,
        eps: float,
        ns_steps: int,
        adjust_lr_fn: Any,
        **_: Any,
    ) -> None:
        """Raise ValueError if a setting is out of range."""
        if not 0 <= momentum < 1 or not eps >= 0:
            raise ValueError(
                "momentum should be in [0, 1) and eps at least 0, not "
                f"momentum={momentum}, eps={eps}"
            )
        if np.shape(ns_coefficients) != (3,):
            raise ValueError(f"ns_coefficients should be three numbers, not {ns_coefficients}")
        positive_int(ns_steps, "ns_steps")
        if adjust_lr_fn is not None and adjust_lr_fn not in ADJUSTED:
            raise ValueError(
                f"adjust_lr_fn should be None or one of {', '.join(map(repr, ADJUSTED))}, not "
                f"{adjust_lr_fn!r}"
            )

    def update(  # type: ignore[override]
        self,
        gradient: Any,
        state: State,
        lr: float,
        momentum: float,
        nesterov: bool,
        ns_coefficients: tuple[float, float, float],
        eps: float,
        ns_steps: int,
        adjust_lr_fn: str | None,
    ) -> Any:
        """Return lr, adjusted to the shape, times the momentum made nearly orthogonal."""
        m = state["m"] = momentum * state["m"] + (1 - momentum) * gradient
        ahead = momentum * m + (1 - momentum) * gradient if nesterov else m
        adjusted = lr * ADJUSTED[adjust_lr_fn or "original"](*gradient.shape)
        return adjusted * nearly_orthogonal(ahead, ns_coefficients, eps, ns_steps)


def nearly_orthogonal(
    matrix: np.ndarray, coefficients: tuple[float, float, float], eps: float, steps: int
) -> np.ndarray:
    """Return a matrix with the same singular vectors and all singular values close to 1."""
    a, b, c = coefficients
    flat = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    x = flat / max(float(np.linalg.norm(flat)), eps)
    for _ in range(steps):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return x.T if flat is not matrix else x
