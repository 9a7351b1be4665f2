"""Layers made of layers, and those that only change shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np

from autograd import array
from nn.arguments import Sizes, checked_function, for_each_axis
from nn.elsewhere import refuse_options
from nn.module import Module
from nn.places import place_of


class Sequential(Module):
    """Layers one after the other.

    Args:
        layers: modules, or any functions of one Value.

    Raises:
        TypeError: a layer cannot be called, or is a class that was not built.

    Example:
        >>> import nn
        >>> model = Sequential(nn.Linear(2, 16, seed=0), nn.tanh, nn.Linear(16, 1, seed=1))
        >>> model(np.zeros((5, 2))).shape, len(model)
        ((5, 1), 3)
    """

    def __init__(self, *layers: Callable[[Any], Any]) -> None:
        if len(layers) == 1 and isinstance(layers[0], (list, tuple)):
            layers = tuple(layers[0])
        for i, layer in enumerate(layers):
            if isinstance(layer, type):
                raise TypeError(
                    f"layer {i} is the class {layer.__name__}: write {layer.__name__}(…)"
                )
            checked_function(layer, f"layer {i}", "nn.Linear(2, 1) or nn.relu")
        self.layers = list(layers)

    def contents(self) -> list[tuple[Any, Any]]:
        """Return the layers by their numbers, so that paths are PyTorch's, such as 0.weight."""
        others = [(name, thing) for name, thing in super().contents() if name != "layers"]
        layers = vars(self).get("layers", ())  # before it has any, an error may ask for them
        return [*((str(i), layer) for i, layer in enumerate(layers)), *others]

    def __call__(self, x: Any, **other: Any) -> Any:
        if other:
            refuse_options(other)
        for layer in self.layers:
            x = layer(x)
        return x

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, index: Any) -> Any:
        found = self.layers[index]
        return Sequential(*found) if isinstance(found, list) else found

    def __setitem__(self, index: int, layer: Any) -> None:
        self.layers[index] = checked_function(layer, "a layer", "nn.Linear(2, 1) or nn.relu")

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(Sequential(Lambda(np.tanh), Flatten()), rng.normal(size=(4, 3)))]


class Residual(Module):
    """Return x + layer(x) (He et al., "Deep residual learning", 2015, arXiv:1512.03385).

    Args:
        layer: a module or a function whose result has the shape of its argument.

    Raises:
        ValueError: when called, the result has another shape.

    Example:
        >>> Residual(lambda x: 2 * x)(np.ones(2))
        array([3., 3.])
    """

    def __init__(self, layer: Callable[[Any], Any]) -> None:
        self.layer = checked_function(layer, "layer", "nn.Linear(2, 2)")

    def __call__(self, x: Any) -> Any:
        y = self.layer(x)
        if np.shape(x) != np.shape(y):
            raise ValueError(
                f"a Residual adds x of shape {np.shape(x)} to what its layer makes of it, which "
                f"has shape {np.shape(y)}: both should be the same{place_of(self)}"
            )
        return x + y

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(Residual(np.tanh), rng.normal(size=(4, 3)))]


class Lambda(Module):
    """Any function of one Value as a module, with a name in pictures.

    Args:
        function: the function.

    Example:
        >>> Lambda(lambda x: x**2)(np.array([3.0]))
        array([9.])
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = checked_function(function, "function", "np.sin")

    def __call__(self, x: Any) -> Any:
        return self.function(x)

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(Lambda(np.sin), rng.normal(size=(4, 3)))]


class Flatten(Module):
    """All axes from `first` on as one.

    Args:
        first: the first of them, 1 for all but that of the samples.

    Example:
        >>> Flatten()(np.zeros((5, 8, 7, 7))).shape
        (5, 392)
    """

    def __init__(self, first: int = 1) -> None:
        self.first = first

    def __call__(self, x: Any) -> Any:
        x = array(x)
        return np.reshape(x, (*x.shape[: self.first], prod(x.shape[self.first :])))

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(Flatten(), rng.normal(size=(4, 3, 2))), (Flatten(0), rng.normal(size=(4, 3)))]


class Upsample(Module):
    """Each number of an image repeated along the last axes: the image, larger.

    Args:
        factor: how many times, one int for all axes or one for each.
        dims: how many axes the image has.

    Example:
        >>> Upsample(2, dims=1)(np.array([[1.0, 2.0]]))
        array([[1., 1., 2., 2.]])
    """

    def __init__(self, factor: Sizes = 2, dims: int = 2) -> None:
        self.factors = for_each_axis(factor, dims, "factor")

    def __call__(self, x: Any) -> Any:
        x = array(x)
        for axis, factor in enumerate(self.factors, x.ndim - len(self.factors)):
            x = np.repeat(x, factor, axis=axis)
        return x

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(Upsample((2, 3)), rng.normal(size=(2, 2, 2)))]
