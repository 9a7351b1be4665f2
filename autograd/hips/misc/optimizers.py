"""Gradient descent on functions of vectors, and of containers of arrays.

Each optimiser takes `grad(x, i)`, the gradient at x in iteration i, and calls `callback(x, i, g)`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast

import numpy as np

from autograd.hips.misc.flatten import flatten

__all__ = [
    "adam",
    "rmsprop",
    "sgd",
    "unflatten_optimizer",
]


Form = ParamSpec("Form")


def unflatten_optimizer(optimize: Callable[Form, Any]) -> Callable[Form, Any]:
    """Let an optimiser `(grad, x, callback, ...)` of vectors take containers of arrays.

    Args:
        optimize: the optimiser.

    Example:
        >>> @unflatten_optimizer
        ... def one_step(grad, x, callback):
        ...     return x - 0.1 * grad(x, 0)
        >>> one_step(lambda x, i: {"w": 2 * x["w"]}, {"w": np.array([1.0, 2.0])})
        {'w': array([0.8, 1.6])}
    """

    @wraps(optimize)
    def of_containers(
        grad: Callable[[Any, int], Any],
        x0: Any,
        callback: Callable[[Any, int, Any], Any] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        vector, unflatten = flatten(x0)

        def gradient(x: Any, i: int) -> Any:
            return flatten(grad(unflatten(x), i))[0]

        def report(x: Any, i: int, g: Any) -> None:
            if callback is not None:
                callback(unflatten(x), i, unflatten(g))

        of_vectors = cast("Callable[..., Any]", optimize)
        return unflatten(of_vectors(gradient, vector, report, *args, **kwargs))

    return cast("Callable[Form, Any]", of_containers)


@unflatten_optimizer
def sgd(
    grad: Any,
    x: Any,
    callback: Any = None,
    num_iters: int = 200,
    step_size: float = 0.1,
    mass: float = 0.9,
) -> Any:
    """Return the point that gradient descent with momentum reaches from `x`.

    Args:
        grad: the gradient `(x, i)`.
        x: where to begin, an array or a container of arrays.
        callback: called with `(x, i, gradient)` before each step.
        num_iters: the number of steps.
        step_size: the learning rate.
        mass: the share of the velocity that is kept from step to step.

    Example:
        >>> abs(sgd(lambda x, i: 2 * x, 1.0)) < 1e-3
        np.True_
    """
    velocity = np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        callback(x, i, g)
        velocity = mass * velocity - (1.0 - mass) * g
        x = x + step_size * velocity
    return x


@unflatten_optimizer
def rmsprop(
    grad: Any,
    x: Any,
    callback: Any = None,
    num_iters: int = 100,
    step_size: float = 0.1,
    gamma: float = 0.9,
    eps: float = 1e-8,
) -> Any:
    """Return the point reached from `x` by descent along gradients over their root mean square.

    T. Tieleman and G. Hinton, "RMSprop", lecture 6.5 of Neural Networks for Machine Learning, 2012.

    Args:
        grad, x, callback, num_iters, step_size: as for `sgd`.
        gamma: the share of the mean square that is kept from step to step.
        eps: keeps the quotient finite.

    Example:
        >>> abs(rmsprop(lambda x, i: 2 * x, 1.0, step_size=0.05)) < 1e-3
        np.True_
    """
    square = np.ones(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        callback(x, i, g)
        square = gamma * square + (1 - gamma) * g**2
        x = x - step_size * g / (np.sqrt(square) + eps)
    return x


@unflatten_optimizer
def adam(
    grad: Any,
    x: Any,
    callback: Any = None,
    num_iters: int = 100,
    step_size: float = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> Any:
    """Return the point that Adam reaches from `x`.

    D. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015.

    Args:
        grad, x, callback, num_iters, step_size: as for `sgd`.
        b1, b2: the shares of the mean and of the mean square that are kept from step to step.
        eps: keeps the quotient finite.

    Example:
        >>> abs(adam(lambda x, i: 2 * x, 1.0, num_iters=300, step_size=0.1)) < 1e-3
        np.True_
    """
    mean = square = np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        callback(x, i, g)
        mean = b1 * mean + (1 - b1) * g
        square = b2 * square + (1 - b2) * g**2
        unbiased = square / (1 - b2 ** (i + 1))
        x = x - step_size * mean / (1 - b1 ** (i + 1)) / (np.sqrt(unbiased) + eps)
    return x
