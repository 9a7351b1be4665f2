"""The gradients of several parameters, as one long vector: their norm, and clipping it."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

import numpy as np

from autograd import Value
from autograd.compiling.reading import float_of
from nn.answers import CLIPPING, answering
from nn.arguments import check_number
from nn.optimisers.mistakes import instead


def listed_or_alone(parameters: Any) -> list[Any] | None:
    """Return parameters as a list; None for one Value, for a module, and for what has no items."""
    alone = isinstance(parameters, Value) or hasattr(parameters, "parameters")
    return None if alone or not isinstance(parameters, Iterable) else list(parameters)


def values_once(parameters: Any, name: str) -> list[Value]:
    """Return parameters as a list; raise if they are not Values, or one is there twice."""
    listed = listed_or_alone(parameters)
    wrong = [p for p in listed if not isinstance(p, Value)] if listed is not None else [parameters]
    if listed is None or wrong:
        raise ValueError(
            f"{name} needs a list of Values to change, such as model.parameters()"
            f"{instead(wrong[0])}"
        )
    first: dict[int, int] = {}
    for i, parameter in enumerate(listed):
        if (before := first.setdefault(id(parameter), i)) != i:
            raise ValueError(
                f"parameters {before} and {i} are the same Value, which would be changed twice; "
                "give each once"
            )
    return listed


def squared(g: Any) -> Any:
    """Return |g|² of real or complex numbers."""
    return np.abs(g) ** 2 if np.iscomplexobj(g) else g * g


def gradient_of(parameter: Value) -> Any:
    """Return the gradient as plain numbers, even if it is a Value.

    Return None if there is none, or if the parameter is frozen.
    """
    if not parameter.has_grad or not getattr(parameter, "trainable", True):
        return None
    g = parameter.grad
    return g.data if isinstance(g, Value) else g


def gradient_norm(parameters: Iterable[Value]) -> float:
    """Return the norm of all gradients taken as one long vector."""
    gradients = [g for g in map(gradient_of, parameters) if g is not None]
    total = sum(float_of(np.sum(np.abs(g) ** 2)) for g in gradients)
    return float_of(np.sqrt(total))


@answering(CLIPPING)
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
    check_number(max_norm, "max_norm", "a positive number", lambda x: x > 0)
    parameters = values_once(parameters, "clip_gradients")
    norm = gradient_norm(parameters)
    if norm > max_norm:
        for parameter in parameters:
            if parameter.has_grad:
                parameter.grad = parameter.grad * (max_norm / norm)
    return norm


@answering(CLIPPING)
def clip_gradient_values(parameters: Iterable[Value], max_value: float) -> None:
    """Bring every entry of the gradients to between −max_value and max_value.

    Args:
        parameters: Values with gradients.
        max_value: the largest size allowed, positive.

    Raises:
        ValueError: `max_value` is not positive.

    Example:
        >>> w = Value([3.0, -0.5])
        >>> (w * w / 2).sum().backward()
        >>> clip_gradient_values([w], 1.0)
        >>> w.grad
        array([ 1. , -0.5])
    """
    check_number(max_value, "max_value", "a positive number", lambda x: x > 0)
    for parameter in values_once(parameters, "clip_gradient_values"):
        if parameter.has_grad:
            parameter.grad = np.clip(parameter.grad, -max_value, max_value)


def all_finite(x: Any) -> bool:
    """Whether all numbers are finite: the sum of their squares is, unless they are huge."""
    if type(x) is float:
        return isfinite(x)
    if isinstance(x, np.ndarray) and x.dtype.char in "fd":
        flat = x.ravel(order="K")
        if isfinite(np.vdot(flat, flat)):  # one pass, without a warning where it overflows
            return True
    return bool(np.all(np.isfinite(x)))
