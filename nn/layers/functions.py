"""Functions as modules, so that they stand in a Sequential with their settings."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Value, array
from nn import activations as functions
from nn.arguments import positive_int
from nn.module import Module
from nn.parameter import Parameter
from nn.precision import warn_if_wider


class FunctionModule(Module):
    """A function of one Value as a module, which keeps the function's other arguments.

    Args:
        args, kwargs: the arguments of the function after the first.

    Raises:
        TypeError: the function has no such arguments.

    Example:
        >>> class Scaled(FunctionModule, of=lambda x, factor: factor * x):
        ...     pass
        >>> Scaled(factor=3)(np.array([1.0, 2.0]))
        array([3., 6.])
    """

    function: Callable[..., Any] = staticmethod(functions.identity)
    __signature__ = inspect.Signature()

    def __init_subclass__(cls, of: Callable[..., Any] | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if of is not None:
            _, *settings = inspect.signature(of).parameters.values()
            settings = [s for s in settings if s.kind is not s.VAR_KEYWORD]
            cls.__signature__ = inspect.Signature([s.replace(annotation=s.empty) for s in settings])
            cls.function = staticmethod(of)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        try:
            bound = self.__signature__.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(
                f"write {type(self).__name__}{self.__signature__} ({error}; what PyTorch calls dim "
                "is the axis here, and nothing is done in place)"
            ) from None
        bound.apply_defaults()
        self.settings = dict(bound.arguments)

    def __call__(self, x: Any) -> Any:
        x = x if isinstance(x, (Value, np.ndarray)) else array(x)
        return self.function(x, **self.settings)

    @classmethod
    def samples(cls, rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(cls(), 2 * rng.normal(size=(3, 4)))]


class PReLU(Module):
    """`prelu` with slopes that are learned.

    Args:
        num_parameters: one slope for all, or as many as there are channels.
        init: the first slope.
        dtype: the dtype of the slopes.

    The call takes x of shape (samples, channels, …), or of any shape if there is one slope.

    Raises:
        ValueError: `num_parameters` is no positive int; or, when called, x has other channels.

    Example:
        >>> PReLU()(np.array([-4.0, 4.0]))
        Value([-1.,  4.])
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, dtype: Any = float) -> None:
        shape = (positive_int(num_parameters, "num_parameters"),)
        self.weight = Parameter(np.full(shape, init, dtype))

    def __call__(self, x: Any) -> Any:
        x = x if isinstance(x, (Value, np.ndarray)) else array(x)
        warn_if_wider(self, x, self.weight)
        return functions.prelu(x, self.weight)

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(PReLU(), rng.normal(size=4)), (PReLU(3), rng.normal(size=(2, 3, 2)))]
