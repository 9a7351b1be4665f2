"""A network as a function of its parameters, too."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from inspect import signature
from typing import Any

import numpy as np

from autograd import Value
from nn.containers import is_container
from nn.module import Module
from nn.parameter import Parameter


def called_with(model: Any, inputs: Any) -> Any:
    """Return what a network computes from the inputs of a batch.

    Where its call needs several arguments, a tuple of inputs is these, and a dict them by name.

    Example:
        >>> import nn
        >>> class Distance(nn.Module):
        ...     def __call__(self, a, b):
        ...         return np.abs(a - b)
        >>> called_with(Distance(), (3.0, 1.0)), called_with(Distance(), {"b": 1.0, "a": 3.0})
        (np.float64(2.0), np.float64(2.0))
    """
    if type(inputs) not in (tuple, dict) or not needs_several(type(model).__call__):
        return model(inputs)
    return model(*inputs) if type(inputs) is tuple else model(**inputs)


@cache
def needs_several(call: Callable[..., Any]) -> bool:
    """Whether the call of a module needs more than one argument."""
    _, *taken = signature(call).parameters.values()
    needed = [x for x in taken if x.default is x.empty and x.kind is x.POSITIONAL_OR_KEYWORD]
    return len(needed) > 1


def functional_call(model: Module, parameters: dict[str, Any], *inputs: Any, **named: Any) -> Any:
    """Return what a network computes with other parameters, which `grad` can differentiate by.

    The parameters of the network stay as they are. Buffers and random generators are its own, so
    in training they change as in any call.

    Args:
        model: the network.
        parameters: numbers or Values by path, each in the shape of the parameter that it takes the
            place of; a parameter that is not named is the network's own.
        inputs, named: the arguments of the call.

    Raises:
        TypeError: `parameters` is no dict, or the only input is a tuple of one.
        ValueError: there is no parameter of such a path, or it has another shape.

    Example:
        >>> import nn
        >>> from autograd import grad
        >>> model, x = nn.Linear(2, 1, init=[[3.0, 4.0]], bias=False), np.ones((1, 2))
        >>> grad(lambda w: nn.functional_call(model, {"weight": w}, x).sum())(np.zeros((1, 2)))
        array([[1., 1.]])
    """
    if not isinstance(parameters, dict):
        raise TypeError(
            "functional_call takes the parameters as a dict by path, as state_dict() returns it, "
            f"not {type(parameters).__name__}: functional_call(model, parameters, x)"
        )
    if len(inputs) == 1 and type(inputs[0]) is tuple and len(inputs[0]) == 1:
        raise TypeError(
            "write functional_call(model, parameters, x): what the call takes is given as it is, "
            "not in a tuple"
        )
    own = dict(model.named_parameters())
    for path, numbers in parameters.items():
        if path not in own:
            raise ValueError(f"there is no parameter {path!r}; there are {', '.join(own)}")
        if np.shape(numbers) != own[path].shape:
            raise ValueError(
                f"{path} has shape {own[path].shape}, and what is given {np.shape(numbers)}"
            )
    new = {id(own[path]): as_value(numbers) for path, numbers in parameters.items()}
    return copy_with(model, {id(p): p for p in own.values()} | new)(*inputs, **named)


def copy_with(model: Module, new: dict[int, Any]) -> Any:
    """Return a copy of a network that holds new things in place of others, given by their ids.

    It shares with the network all else but modules and what may hold them.
    """
    kept = {id(x): x for module in model.modules() for x in vars(module).values() if is_kept(x)}
    return deepcopy(model, kept | new)


def is_kept(x: Any) -> bool:
    """Whether a copy of a network shares an attribute: all but what may hold parameters."""
    if isinstance(x, (Parameter, Module)) or is_container(x):
        return False
    owner = getattr(getattr(x, "__wrapped__", x), "__self__", None)  # of a method, maybe compiled
    return not isinstance(owner, Module)


def as_value(numbers: Any) -> Any:
    """Return numbers as a Value; a Value, or an array of JAX's inside `to_jax`, as it is."""
    own = hasattr(type(numbers), "__array_function__") and not isinstance(numbers, np.ndarray)
    return numbers if own else Value(numbers)
