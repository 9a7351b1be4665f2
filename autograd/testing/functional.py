"""A network as a function of its parameters, which usually are attributes."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from autograd.engine.modes import no_grad
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value
from autograd.transforms.seeds import numbers_of


def functional(module: Any) -> tuple[Callable[..., Any], dict[str, Any]]:
    """Return a module as a function of its inputs and its parameters, and these parameters.

    Args:
        module: a network, such as an `nn.Module`: an object that can be called and has
            `named_parameters()`. It stays as it is, whatever the function is called with.

    Returns:
        a function `(*inputs, parameters)`, and the numbers of all parameters by path, in the form
        the function takes.

    Raises:
        TypeError: `module` is not a network; (when called) the last argument is not its
            parameters.

    Example:
        >>> import numpy as np
        >>> import nn
        >>> from autograd.testing import check_gradients
        >>> f, parameters = functional(nn.Layer(2, 1, init=[[3.0], [4.0]]))
        >>> f(np.ones(2), parameters)
        array([7.])
        >>> f(np.ones(2), parameters | {"bias": np.array([0.5])})
        array([7.5])
        >>> report = check_gradients(lambda x, p: np.sum(f(x, p) ** 2), np.ones(2), parameters)
    """
    if isinstance(module, type) or not hasattr(module, "named_parameters"):
        raise TypeError(
            f"functional() takes a network that has been built, such as nn.Layer(2, 1), not "
            f"{module!r:.60}"
        )
    named = module.named_parameters()
    paths = [path for path, _ in named]

    def f(*inputs_and_parameters: Any) -> Any:
        *inputs, parameters = inputs_and_parameters
        if not isinstance(parameters, dict) or parameters.keys() != set(paths):
            raise TypeError(
                f"the last argument should be the parameters, a dict of {paths}, not "
                f"{list(parameters) if isinstance(parameters, dict) else parameters!r:.60}"
            )
        given = [parameters[path] for path in paths]
        if any(isinstance(x, Value) for _, x in leaves([inputs, given])):
            return replaced(module, named, given)(*inputs)
        with no_grad():
            result = replaced(module, named, map(Value, given))(*inputs)
        return filled(result, (numbers_of(x) for _, x in leaves(result)))

    f.__name__ = type(module).__name__
    return f, {path: parameter.numpy().copy() for path, parameter in named}


def opened(f: Any, args: tuple) -> tuple[Callable[..., Any], tuple]:
    """Return a network as a function with its parameters as last argument; others as given."""
    if isinstance(f, type) or not hasattr(f, "named_parameters"):
        return f, args
    f, parameters = functional(f)
    return f, (*args, parameters)


def replaced(module: Any, named: Any, new: Any) -> Any:
    """Return a copy of a module with new parameters."""
    return deepcopy(module, {id(old): x for (_, old), x in zip(named, new, strict=True)})
