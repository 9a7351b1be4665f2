"""Neuron, Layer, MLP: aggregation, then activation, for one output, for several, in a stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd import Value, array, matmul
from nn.activations import identity, relu, tanh
from nn.arguments import checked_function, positive_int
from nn.elsewhere import refuse_options
from nn.initialisers import he, initial, xavier
from nn.module import Module
from nn.parameter import Parameter
from nn.places import place_of
from nn.precision import warn_if_wider

Activation = Callable[[Any], Any]
Aggregation = Callable[[Any, Any], Any]


def weighted_sum(inputs: Any, weights: Any) -> Any:
    """Return the sum of inputs times weights.

    Args:
        inputs: an array of shape (…, n).
        weights: of shape (n,) for a neuron or (n, outputs) for a layer.

    Returns:
        the sums, of shape (…) or (…, outputs).

    Example:
        >>> weighted_sum(np.array([1.0, 2.0]), Value([3.0, 4.0]))
        Value(11.0)
    """
    return matmul(inputs, weights)


class Units(Module):
    """A neuron, or several on the same inputs: activation(aggregation(inputs, weights) + bias).

    Weights have shape (n,) for one neuron or (n, outputs) for several. For several, any
    aggregation but the weighted sum is applied neuron by neuron.
    """

    def __init__(
        self, weights: np.ndarray, bias: bool, activation: Activation, aggregation: Aggregation
    ) -> None:
        self.inputs, *outputs = weights.shape
        self.weights = Parameter(weights)
        self.bias = Parameter(np.zeros(outputs, weights.dtype)) if bias else None
        self.activation = checked_function(activation, "activation", "nn.relu")
        self.aggregation = checked_function(aggregation, "aggregation", "nn.weighted_sum")

    def __call__(self, inputs: Any) -> Any:
        if isinstance(inputs, np.ndarray):
            warn_if_wider(self, inputs, self.weights)
        elif not isinstance(inputs, Value):
            inputs = array(inputs)
        shape = inputs.shape
        if not shape or shape[-1] != self.inputs:
            raise wrong_inputs(self, shape)
        weights, aggregation = self.weights, self.aggregation
        if aggregation is weighted_sum:
            total = aggregation(inputs, weights)
        elif weights.ndim == 1:
            total = aggregated(self, inputs, weights)
        else:
            columns = [aggregated(self, inputs, weights[:, i]) for i in range(weights.shape[1])]
            total = np.stack(columns, axis=-1)
        if self.bias is not None:
            total = total + self.bias
        y = self.activation(total)
        if y is not total and getattr(y, "shape", ()) != total.shape:
            raise ValueError(
                f"the activation of a {type(self).__name__} returned shape {np.shape(y)} for "
                f"{total.shape}: let it keep the shape, as np.tanh does"
            )
        return y


class Neuron(Units):
    """One neuron: activation(aggregation(inputs, weights) + bias).

    Args:
        inputs: how many numbers it takes.
        activation: any function of one Value; the identity makes a linear neuron.
        aggregation: any function (inputs (…, n), weights (n,)) -> (…); the weighted sum if left
            out.
        bias: whether there is a bias; it starts at 0.
        init: an initialiser `(shape, rng) -> array`, or the weights themselves, of shape (n,).
        seed: an int or a NumPy generator for `init`; None draws afresh.
        dtype: the dtype of the weights.

    Raises:
        ValueError: `init` gives another number of weights; or, when called, the inputs have
            another length, or the activation or aggregation returns another shape.

    Example:
        >>> neuron = Neuron(2, bias=False, init=[1.0, 1.0])
        >>> neuron([2.2, 1.5])
        Value(3.7)
        >>> neuron([[1.0, 2.0], [3.0, 4.0]])
        Value([3., 7.])
    """

    def __init__(
        self,
        inputs: int,
        activation: Activation = identity,
        aggregation: Aggregation = weighted_sum,
        bias: bool = True,
        init: Any = xavier,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        weights = initial(init, (positive_int(inputs, "inputs"),), seed, dtype)
        super().__init__(weights, bias, activation, aggregation)


class Layer(Units):
    """Neurons side by side on the same inputs: the formula of a Neuron with one more axis.

    `layer[i]` is the i-th Neuron: it shares the layer's memory and gradients.

    Args:
        inputs: how many numbers it takes.
        outputs: how many neurons it has.
        activation, aggregation, bias, seed, dtype: as in `Neuron`, shared by all neurons. Any
            aggregation but the weighted sum is applied neuron by neuron.
        init: an initialiser, or the weights themselves, of shape (inputs, outputs).

    Raises:
        ValueError: as in `Neuron`.

    Example:
        >>> layer = Layer(2, 3, init=[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        >>> layer([1.0, 1.0])
        Value([5., 7., 9.])
        >>> layer[2]([1.0, 1.0])
        Value(9.0)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        activation: Activation = identity,
        aggregation: Aggregation = weighted_sum,
        bias: bool = True,
        init: Any = xavier,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        shape = (positive_int(inputs, "inputs"), positive_int(outputs, "outputs"))
        super().__init__(initial(init, shape, seed, dtype), bias, activation, aggregation)

    def __len__(self) -> int:
        return self.weights.shape[1]

    def __getitem__(self, index: int) -> Neuron:
        if not isinstance(index, (int, np.integer)):
            raise TypeError(
                f"layer[i] is one neuron, so i should be an int, not {index!r}; for several write "
                "[layer[i] for i in range(2)]"
            )
        if not -len(self) <= index < len(self):
            raise IndexError(
                f"there is no neuron {index} in a layer of {len(self)}; they are counted from 0"
            )
        return LayerNeuron(self, index % len(self))

    def __iter__(self) -> Iterator[Neuron]:
        return (self[i] for i in range(len(self)))


class LayerNeuron(Neuron):
    """The i-th neuron of a layer: its weights and bias are views of the layer's."""

    def __init__(self, layer: Layer, index: int) -> None:
        self.layer = layer
        self.index = index
        self.inputs = layer.inputs

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return neurons and inputs on which their gradients are tested."""
        return [(Layer(3, 2, tanh, seed=rng)[1], rng.normal(size=(4, 3)))]

    @property
    def weights(self) -> Value:  # type: ignore[override]
        """The layer's column of weights, of shape (inputs,)."""
        return self.layer.weights[:, self.index]

    @property
    def bias(self) -> Value | None:  # type: ignore[override]
        """The layer's bias for this neuron, a view of shape ()."""
        bias = self.layer.bias
        return None if bias is None else bias[self.index, ...]

    @property
    def activation(self) -> Activation:
        """The layer's activation."""
        return self.layer.activation

    @property
    def aggregation(self) -> Aggregation:
        """The layer's aggregation."""
        return self.layer.aggregation


class MLP(Module):
    """Layers one after the other: a multi-layer perceptron.

    Args:
        inputs: how many numbers it takes.
        sizes: how many neurons each layer has; the last number is that of the outputs.
        activation: the activation of all layers but the last.
        output_activation: the activation of the last layer.
        aggregation, bias, init, dtype: as in `Layer`.
        seed: an int or a NumPy generator; one generator serves all layers.

    Example:
        >>> model = MLP(2, [16, 16, 1], seed=0)
        >>> model(np.zeros((5, 2))).shape
        (5, 1)
        >>> model
        MLP: 337 parameters
          layers.0 Layer: 48 parameters
            weights (2, 16)
            bias (16,)
          layers.1 Layer: 272 parameters
            weights (16, 16)
            bias (16,)
          layers.2 Layer: 17 parameters
            weights (16, 1)
            bias (1,)
    """

    def __init__(
        self,
        inputs: int,
        sizes: Sequence[int],
        activation: Activation = relu,
        output_activation: Activation = identity,
        aggregation: Aggregation = weighted_sum,
        bias: bool = True,
        init: Any = he,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        if not np.iterable(sizes) or not len(sizes):
            raise ValueError(
                f"an MLP needs a list of sizes of at least one layer, as in MLP(2, [16, 1]), not "
                f"{sizes!r}"
            )
        rng = np.random.default_rng(seed)
        widths = [inputs, *sizes]
        self.layers = [
            Layer(before, after, activation, aggregation, bias, init, rng, dtype)
            for before, after in zip(widths, sizes, strict=False)
        ]
        self.layers[-1].activation = checked_function(
            output_activation, "output_activation", "nn.tanh"
        )

    def __call__(self, inputs: Any, **other: Any) -> Any:
        if other:
            refuse_options(other)
        for layer in self.layers:
            inputs = layer(inputs)
        return inputs


def aggregated(module: Units, inputs: Any, weights: Any) -> Any:
    """Return the aggregation of one neuron; raise if it has a wrong shape."""
    total = module.aggregation(inputs, weights)
    if getattr(total, "shape", ()) != inputs.shape[:-1]:
        raise ValueError(
            f"the aggregation of a {type(module).__name__} returned shape {np.shape(total)} for "
            f"inputs of shape {inputs.shape} and weights of shape {weights.shape}: let it return "
            f"one number for each sample, of shape {inputs.shape[:-1]}, as np.sum(x * w, axis=-1)"
        )
    return total


def wrong_inputs(module: Units, shape: tuple[int, ...]) -> ValueError:
    """Return the error for inputs of a wrong length."""
    n = module.inputs
    return ValueError(
        f"give a {type(module).__name__} of {n} inputs one sample of shape ({n},) or a batch of "
        f"shape (samples, {n}), not inputs of shape {shape}{place_of(module)}"
    )
