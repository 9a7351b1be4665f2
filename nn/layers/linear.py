"""Linear layers, whose weights have PyTorch's names and shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, array
from nn.arguments import positive_int
from nn.initialisers import initial, uniform
from nn.module import Module
from nn.parameter import Parameter
from nn.places import place_of
from nn.precision import warn_if_wider


def filters(
    init: Any, inputs: int, shape: tuple[int, ...], seed: Any, dtype: Any
) -> tuple[np.ndarray, np.random.Generator]:
    """Return weights of shape (outputs, …), each output with so many inputs, and the generator.

    An initialiser is asked for weights of shape (inputs, outputs, …), as it is by a `Layer`; one of
    None draws uniformly up to ±1/√inputs, as PyTorch does (LeCun et al., 1998).
    """
    rng = np.random.default_rng(seed)
    if init is None:
        init = uniform(-1 / np.sqrt(inputs), 1 / np.sqrt(inputs))
        return initial(init, (inputs, shape[0]), rng, dtype).T.reshape(shape), rng
    if callable(init):
        inputs_first = (shape[1], shape[0], *shape[2:])
        return np.swapaxes(initial(init, inputs_first, rng, dtype), 0, 1), rng
    return initial(init, shape, rng, dtype), rng


def offsets(
    bias: bool, inputs: int, outputs: int, rng: np.random.Generator, dtype: Any
) -> Parameter | None:
    """Return a bias drawn uniformly up to ±1/√inputs, or None."""
    bound = 1 / np.sqrt(inputs)
    return Parameter(rng.uniform(-bound, bound, outputs).astype(dtype)) if bias else None


class Linear(Module):
    """Return x Wᵀ + b: a `Layer` without activation, with PyTorch's names and shapes.

    Args:
        inputs: how many numbers a sample has.
        outputs: how many it becomes.
        bias: whether there is a b.
        init: an initialiser `(shape (inputs, outputs), rng) -> array`, or weights of shape
            (outputs, inputs); uniform up to ±1/√inputs if left out.
        seed: an int or a NumPy generator; None draws afresh.
        dtype: the dtype of the weights.

    The call takes x of shape (…, inputs) and returns shape (…, outputs).

    Raises:
        ValueError: sizes are no positive ints; or, when called, x has another last size.

    Example:
        >>> layer = Linear(2, 1, bias=False, init=[[3.0, 4.0]])
        >>> layer(np.array([[1.0, 1.0], [0.0, 2.0]]))
        Value([[7.],
               [8.]])
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        bias: bool = True,
        init: Any = None,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        self.inputs, self.outputs = positive_int(inputs, "inputs"), positive_int(outputs, "outputs")
        weight, rng = filters(init, self.inputs, (self.outputs, self.inputs), seed, dtype)
        self.weight = Parameter(weight)
        self.bias = offsets(bias, self.inputs, self.outputs, rng, dtype)

    def __call__(self, x: Any) -> Any:
        warn_if_wider(self, x, self.weight)
        x = x if isinstance(x, Value) else array(x)
        if not x.ndim or x.shape[-1] != self.inputs:
            raise ValueError(
                f"give a Linear of {self.inputs} inputs x of shape (…, {self.inputs}), not "
                f"{x.shape}{place_of(self)}"
            )
        y = x @ self.weight.T
        return y if self.bias is None else y + self.bias

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [
            (Linear(3, 2, seed=rng), rng.normal(size=(4, 3))),
            (Linear(3, 2, bias=False, seed=rng), rng.normal(size=(2, 1, 3))),
        ]
