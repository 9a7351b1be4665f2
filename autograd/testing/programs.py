"""Programs that strategies draw: expressions and networks that print as code."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import ops
from autograd.composed.activations import gelu, softplus
from autograd.engine.primitive import Primitive
from autograd.ops.activations import erf, relu
from autograd.ops.elementwise import sigmoid
from autograd.testing.code import as_code

SIGNS = {operator.add: "+", operator.sub: "-", operator.mul: "*"}  # that take any number


@dataclass(frozen=True)
class Expression:
    """A function of arrays that broadcast together, which prints as code.

    Example:
        >>> f = Expression(("x", "y"), "np.sin(x) * y")
        >>> f, float(f(0.0, 3.0))
        (lambda x, y: np.sin(x) * y, 0.0)
    """

    names: tuple[str, ...]
    text: str

    def __call__(self, *args: Any) -> Any:
        return eval(repr(self), {"np": np, "ops": ops})(*args)

    def __repr__(self) -> str:
        return f"lambda {', '.join(self.names)}: {self.text}"


def applied(op: Primitive, args: tuple[str, ...]) -> str:
    """Return the code that applies an op to expressions, each squeezed into the op's domain."""
    if op.forward in SIGNS:
        return f"({args[0]} {SIGNS[op.forward]} {args[1]})"
    squeezed = [squeeze(x, *ends) for x, ends in zip(args, op.domain, strict=True)]
    ufunc = op.numpy[0].__name__ if op.numpy else ""
    name = f"np.{ufunc}" if hasattr(np, ufunc) else f"ops.{op.name}"
    return f"{name}({', '.join(squeezed)})"


def squeeze(x: str, low: float, high: float) -> str:
    """Return the code that maps all numbers smoothly to those between two ends."""
    middle, half = round((low + high) / 2, 6), round((high - low) / 2, 6)
    return (f"{middle} + " if middle else "") + f"{half} * np.tanh({x})"


SMOOTH: dict[str, Callable[..., Any]] = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "gelu": gelu,
    "erf": erf,
}
ACTIVATIONS = {**SMOOTH, "relu": relu}


@dataclass(frozen=True)
class Network:
    """A function of a network's parameters: layers of a weighted sum and an activation.

    Args:
        activation: its name, a key of `ACTIVATIONS`; the last layer has no activation.
        inputs: an array (batch, features).
        parameters: for each layer its weights (from, to) and its bias (to,).

    Example:
        >>> f = Network("tanh", np.ones((1, 2)), [(np.zeros((2, 1)), np.zeros(1))])
        >>> f(f.parameters)
        array([[0.]])
    """

    activation: str
    inputs: np.ndarray
    parameters: list[tuple[np.ndarray, np.ndarray]]

    def __call__(self, parameters: Any) -> Any:
        x: Any = self.inputs
        for weights, bias in parameters[:-1]:
            x = ACTIVATIONS[self.activation](x @ weights + bias)
        weights, bias = parameters[-1]
        return x @ weights + bias

    def __repr__(self) -> str:
        return f"Network({', '.join(map(as_code, vars(self).values()))})"
