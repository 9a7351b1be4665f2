"""Module: a plain object whose parameters are found by walking its attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd import Value, set_data
from autograd.notation.names import visible


class Parameter(Value):
    """A leaf Value that learns: what modules collect and optimisers change.

    Args:
        data: a number or an array of floats, of any shape.
        name: what to call it in pictures.

    Example:
        >>> Parameter([0.5, -0.5])
        Value([ 0.5, -0.5])
    """

    __slots__ = ()


class Module:
    """A part of a network: any object with Parameters or Modules among its attributes.

    Attributes may be Parameters, Modules, and lists, tuples and dicts of these, nested in any way.
    There is no need to register anything or to call `super().__init__()`. A module computes its
    output in `__call__`.

    Example:
        >>> class Scale(Module):
        ...     def __init__(self):
        ...         self.factor = Parameter(2.0)
        ...     def __call__(self, x):
        ...         return self.factor * x
        >>> scale = Scale()
        >>> scale(3.0)
        Value(6.0)
        >>> scale.named_parameters()
        [('factor', Value(2.0))]
    """

    training: bool = True

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if hasattr(cls, "forward") and "__call__" not in dir(cls):
            raise TypeError(
                f"rename the method forward of {cls.__name__}, def __call__(self, x): a Module "
                "computes its output in __call__, not in forward as in PyTorch"
            )

    def named_parameters(self) -> list[tuple[str, Parameter]]:
        """Return (path, parameter) pairs, each parameter once, in order of definition."""
        found: dict[int, tuple[str, Parameter]] = {}
        for path, thing in walk(self):
            if isinstance(thing, Parameter):
                found.setdefault(id(thing), (path, thing))
        return list(found.values())

    def parameters(self) -> list[Parameter]:
        """Return all parameters, each once, in order of definition."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_modules(self) -> list[tuple[str, Module]]:
        """Return (path, module) pairs, each module once, this one first with the path ""."""
        found: dict[int, tuple[str, Module]] = {}
        for path, thing in walk(self):
            if isinstance(thing, Module):
                found.setdefault(id(thing), (path, thing))
        return list(found.values())

    def modules(self) -> list[Module]:
        """Return this module and all inside it, each once."""
        return [module for _, module in self.named_modules()]

    def zero_grad(self) -> None:
        """Clear the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def train(self, training: bool = True) -> Module:
        """Set `.training` of this module and all inside it; return self."""
        for module in self.modules():
            module.training = training
        return self

    def eval(self) -> Module:
        """Set `.training` to False, as `train(False)` does; return self."""
        return self.train(False)

    def state_dict(self) -> dict[str, Any]:
        """Return a copy of the numbers of each parameter, by path."""
        return {path: np.array(p.numpy())[()] for path, p in self.named_parameters()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Set all parameters to the numbers that `state_dict` returned.

        Raises:
            TypeError: `state` is no dict.
            ValueError: a parameter is missing or unknown, has another shape or a dtype that does
                not fit. Nothing is changed then.
        """
        if not isinstance(state, dict):
            raise TypeError(
                "load_state_dict takes the dict that state_dict() returned, not "
                f"{type(state).__name__} ({state!r:.60})"
            )
        own = dict(self.named_parameters())
        state = {path: as_array(numbers) for path, numbers in state.items()}
        problems = [f"{path} is missing" for path in own if path not in state]
        problems += [f"{path} is not a parameter here" for path in state if path not in own]
        problems += [
            f"{path} has shape {state[path].shape} instead of {own[path].shape}"
            for path in own
            if path in state and state[path].shape != own[path].shape
        ]
        problems += [
            f"{path} has dtype {state[path].dtype}, which cannot become {own[path].dtype}"
            for path in own
            if path in state and not np.can_cast(state[path].dtype, own[path].dtype, "same_kind")
        ]
        if problems:
            raise ValueError(
                f"this state does not fit the {type(self).__name__}: {'; '.join(problems)}; "
                "build the module as it was when the state was saved"
            )
        set_data(own.values(), [state[path] for path in own])

    def __repr__(self) -> str:
        return "\n".join(parameter_tree(self, type(self).__name__))


def as_array(x: Any) -> np.ndarray:
    """Return numbers as an array, and what is no array of numbers as one of objects."""
    x = x.numpy() if isinstance(x, Value) else x
    try:
        return np.array(x)
    except ValueError:  # rows of different lengths
        return np.array(x, dtype=object)


def walk(thing: Any, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """Yield (path, item) for all Parameters and Modules inside `thing`, itself included."""
    seen = set() if seen is None else seen
    if isinstance(thing, Parameter):
        yield path, thing
    elif isinstance(thing, (Module, list, tuple, dict)) and id(thing) not in seen:
        seen.add(id(thing))
        if isinstance(thing, Module):
            yield path, thing
        for name, child in contents_of(thing):
            yield from walk(child, f"{path}.{name}" if path else str(name), seen)


def contents_of(thing: Any) -> list[tuple[Any, Any]]:
    """Return the (name, value) pairs directly inside a module, list, tuple or dict."""
    if isinstance(thing, Module):
        return list(vars(thing).items())
    return list(thing.items() if isinstance(thing, dict) else enumerate(thing))


def parameter_tree(module: Module, title: str, indent: str = "") -> list[str]:
    """Return the lines that print a module as a tree, with parameter counts."""
    size = sum(p.size for p in module.parameters())
    lines = [f"{indent}{title}: {size:,} parameter{'s' * (size != 1)}"]
    own = [(n, p) for n, p in contents_of(module) if isinstance(p, Parameter)]
    lines += [f"{indent}  {visible(name)} {parameter.shape}" for name, parameter in own]
    for name, child in inner_modules(module):
        lines += parameter_tree(child, f"{visible(name)} {type(child).__name__}", indent + "  ")
    return lines


def inner_modules(thing: Any, path: str = "") -> Iterator[tuple[str, Module]]:
    """Yield (name, module) for the modules one level inside `thing`, through containers."""
    for name, child in contents_of(thing):
        here = f"{path}.{name}" if path else str(name)
        if isinstance(child, Module):
            yield here, child
        elif isinstance(child, (list, tuple, dict)):
            yield from inner_modules(child, here)
