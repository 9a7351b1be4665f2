"""Optimisers: from gradients to new parameters."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

import numpy as np

from autograd import Value, set_data
from autograd.notation.names import own_name


class ExplodedError(ArithmeticError):
    """A step would have made parameters infinite or NaN; they keep their values from before it.

    Run the training inside `autograd.debug()` to see which op made the first infinity, or inside
    `nn.monitor(model)` to see which layer grew.

    Example:
        >>> w = Value(1e300)
        >>> (w * w).backward(gradient=1e8)
        >>> try:
        ...     SGD([w], lr=10.0).step()
        ... except ExplodedError:
        ...     print(w.data)
        1e+300
    """


class SGD:
    """Stochastic gradient descent: w ← w − lr · (gradient + weight_decay · w).

    With momentum m the step is lr · v, where v ← m v + gradient (Polyak, 1964, in PyTorch's form).

    Args:
        parameters: the Values to change, as from `model.parameters()`.
        lr: the learning rate; you may change it at any time.
        momentum: how much of the last step's direction to keep, from 0 to below 1.
        weight_decay: how much of the weight to add to its gradient; a positive number pulls
            weights towards 0, a negative one pushes them away.
        clip: the largest norm that all gradients together may have (Pascanu et al., 2013);
            None for any.

    Raises:
        ValueError: there are no parameters, or `lr`, `momentum` or `clip` is out of range.

    Example:
        >>> w = Value(3.0)
        >>> optimiser = SGD([w], lr=0.1)
        >>> (w * w).backward()
        >>> optimiser.step()
        >>> round(w.data, 6)
        2.4
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        clip: float | None = None,
    ) -> None:
        self.parameters = values_once(parameters, "SGD")
        if not self.parameters:
            raise ValueError("SGD needs a list of Values to change, not an empty one")
        if not lr >= 0 or not 0 <= momentum < 1 or (clip is not None and not clip > 0):
            raise ValueError(
                f"lr should be at least 0, momentum in [0, 1) and clip positive, not lr={lr}, "
                f"momentum={momentum}, clip={clip}"
            )
        self.lr = lr
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.clip = clip
        self.velocities: list[Value] = []  # one for each parameter, once there is momentum

    def zero_grad(self) -> None:
        """Clear the gradients of all parameters."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def step(self) -> None:
        """Change every parameter that has a gradient; an interrupt changes all of them or none.

        Raises:
            ExplodedError: a weight would become infinite or NaN; nothing is changed.
            ValueError: a parameter is not a leaf but was computed; nothing is changed.
        """
        scale = 1.0
        if self.clip is not None:
            scale = min(1.0, self.clip / max(gradient_norm(self.parameters), 1e-300))
        if self.momentum and not self.velocities:
            # −0 + g is g, to the last bit
            self.velocities = [Value(np.full(p.shape, -0.0, p.dtype)) for p in self.parameters]
        changed: list[Value] = []
        numbers: list[Any] = []
        for i, parameter in enumerate(self.parameters):
            g = gradient_of(parameter)
            if g is None:
                continue
            if parameter.op is not None and not parameter.is_view():
                raise ValueError(
                    f"parameter {own_name(parameter) or i} was computed by {parameter.op.name}: "
                    "give SGD leaves, that is, Values made from numbers; nothing was changed"
                )
            old = parameter.numpy()
            if scale != 1.0:
                g = g * scale
            if self.weight_decay:
                g = g + self.weight_decay * old
            if self.momentum:
                g = self.momentum * self.velocities[i].numpy() + g
            step = self.lr * g
            # reuse the step's memory: allocating fresh memory costs more than the subtraction
            new = np.subtract(old, step, out=step) if isinstance(step, np.ndarray) else old - step
            if not all_finite(new):
                raise ExplodedError(
                    f"the step would make parameter {own_name(parameter) or i} of shape "
                    f"{parameter.shape} infinite or NaN, so nothing was changed; use a smaller "
                    "learning rate, normalised inputs, or SGD(..., clip=1.0); nn.monitor(model) "
                    "shows which layer grew, and from which step on"
                )
            changed.append(parameter)
            numbers.append(new)
            if self.momentum:
                changed.append(self.velocities[i])
                numbers.append(g)
        set_data(changed, numbers, copy=False)


def values_once(parameters: Any, name: str) -> list[Value]:
    """Return parameters as a list; raise if they are not Values, or one is there twice."""
    listed = list(parameters) if isinstance(parameters, Iterable) else []
    if not isinstance(parameters, Iterable) or not all(isinstance(p, Value) for p in listed):
        raise ValueError(f"{name} needs a list of Values to change, such as model.parameters()")
    first: dict[int, int] = {}
    for i, parameter in enumerate(listed):
        if (before := first.setdefault(id(parameter), i)) != i:
            raise ValueError(
                f"parameters {before} and {i} are the same Value, which would be changed twice; "
                "give each once"
            )
    return listed


def gradient_of(parameter: Value) -> Any:
    """Return the gradient as plain numbers, even if it is a Value.

    Return None if there is none, or if the parameter is frozen.
    """
    g = parameter.grad if getattr(parameter, "trainable", True) else None
    return g.data if isinstance(g, Value) else g


def all_finite(x: Any) -> bool:
    """Whether all numbers in an array are finite."""
    if x.size <= 16 and x.dtype.kind == "f":  # for so few, NumPy's overhead would dominate
        return all(map(isfinite, x.ravel().tolist()))
    return bool(np.isfinite(x).all())


def gradient_norm(parameters: Iterable[Value]) -> float:
    """Return the norm of all gradients taken as one long vector."""
    gradients = [g for g in map(gradient_of, parameters) if g is not None]
    return float(np.sqrt(sum(float(np.sum(np.abs(g) ** 2)) for g in gradients)))


def clip_gradients(parameters: Iterable[Value], max_norm: float) -> float:
    """Scale all gradients so that their joint norm is at most `max_norm`; return the old norm.

    Args:
        parameters: Values with gradients.
        max_norm: the largest norm allowed, positive.

    Raises:
        ValueError: `max_norm` is not positive.

    Example:
        >>> w = Value([3.0, 4.0])
        >>> (w * w / 2).sum().backward()
        >>> clip_gradients([w], 1.0)
        5.0
        >>> w.grad
        array([0.6, 0.8])
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm should be positive, not {max_norm}")
    parameters = values_once(parameters, "clip_gradients")
    norm = gradient_norm(parameters)
    if norm > max_norm:
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.grad = parameter.grad * (max_norm / norm)
    return norm
