"""Averages of weights over the steps of a training, which often do better than the last weights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd import Value, set_data
from autograd.compiling.reading import first_call_is_needed
from nn.arguments import check_number
from nn.module import Module
from nn.parameter import Buffer


class WeightAverage:
    """What averages share; see `ExponentialAverage`."""

    def __init__(self, model: Module, buffers: bool = False) -> None:
        if not isinstance(model, Module):
            raise TypeError(
                f"{type(self).__name__} averages the weights of an nn.Module, not {model!r:.60}"
            )
        self.model = model
        self.updates = 0
        averaged: dict[str, Any] = dict(model.named_parameters())
        if buffers:
            averaged |= {path: b for path, b in model.named_buffers() if b.dtype.kind in "fc"}
        self.average = {path: numbers(x) for path, x in averaged.items()}

    def share(self) -> float:
        """Return the share of the newest weights in the average."""
        raise NotImplementedError

    def update(self) -> None:
        """Take the weights as they are now into the average; call it after each step."""
        first_call_is_needed("write average.update() after the call of it, not inside")
        share, now = self.share() if self.updates else 1.0, self.state()
        self.average = {
            path: numbers(now[path]) if share == 1.0 else old + share * (numbers(now[path]) - old)
            for path, old in self.average.items()
        }
        self.updates += 1

    @contextmanager
    def in_use(self) -> Iterator[Module]:
        """Give the model the averaged weights inside a `with`; after it all is as before.

        That holds for its buffers too. If the model has running statistics and you did not ask for
        `buffers=True`, they are those of the last weights: call the model in training mode on some
        batches inside the block first.
        """
        state = self.state()
        before = {path: numbers(x) for path, x in state.items()}
        try:
            place({path: (state[path], x) for path, x in self.average.items()})
            yield self.model
        finally:
            place({path: (x, before[path]) for path, x in state.items()})

    def state(self) -> dict[str, Any]:
        """Return the model's Parameters and Buffers by path."""
        found: dict[str, Any] = dict(self.model.named_parameters())
        found |= dict(self.model.named_buffers())
        for path, x in self.average.items():
            if path not in found or found[path].shape != x.shape:
                raise ValueError(
                    f"{path} of the model is missing or has another shape than when the average "
                    f"began: make a new {type(self).__name__}"
                )
        return found

    def state_dict(self) -> dict[str, Any]:
        """Return the number of updates, and the average by path, as plain numbers.

        A key "kind.ExponentialAverage", or of another kind, says what sort of average it is.
        """
        averages = {f"average.{path}": np.copy(x)[()] for path, x in self.average.items()}
        return {"updates": self.updates, f"kind.{type(self).__name__}": True} | averages

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` returned.

        Raises:
            ValueError: the state is of another model, or of another kind of average. Nothing is
                changed then.
        """
        kind = type(self).__name__
        kinds = [key.removeprefix("kind.") for key in state if key.startswith("kind.")]
        if kinds not in ([], [kind]):  # it was not told in earlier versions
            raise ValueError(
                f"give this state to the kind of average that it was saved from: it is that of "
                f"{', '.join(kinds)}, and this is {kind}"
            )
        shapes = {f"average.{path}": x.shape for path, x in self.average.items()}
        given = {key: np.shape(x) for key, x in state.items() if key.startswith("average.")}
        if given != shapes or "updates" not in state:
            differ = sorted(key for key, _ in given.items() ^ shapes.items()) or ["updates"]
            raise ValueError(
                f"this state does not fit the {kind}: {', '.join(differ)} is "
                "missing, unknown or of another shape; build it with the same model"
            )
        self.average = {
            path: np.array(state[f"average.{path}"], x.dtype) for path, x in self.average.items()
        }
        self.updates = int(state["updates"])


class ExponentialAverage(WeightAverage):
    """The running mean a ← decay · a + (1 − decay) · w of a model's weights (Polyak, 1990).

    It begins with the weights at the first update, as PyTorch's does. For a teacher or a target
    network that begins with the weights before the first step, call `update` before it.

    Args:
        model: the module whose parameters are averaged, frozen ones included.
        decay: how much of the average to keep in each update, from 0 to below 1.
        buffers: whether buffers of floats, such as running statistics, are averaged too; they stay
            those of the model otherwise.

    Raises:
        TypeError: `model` is no module.
        ValueError: `decay` is out of range.

    Example:
        >>> import nn
        >>> model = nn.Neuron(1, bias=False, init=[0.0])
        >>> average = ExponentialAverage(model, decay=0.75)
        >>> for weight in [1.0, 2.0]:
        ...     model.weights = [weight]
        ...     average.update()
        >>> with average.in_use():
        ...     model([1.0])
        Value(1.25)
        >>> model([1.0])
        Value(2.0)
    """

    def __init__(self, model: Module, decay: float = 0.999, buffers: bool = False) -> None:
        check_number(decay, "decay", "in [0, 1)", lambda x: 0 <= x < 1)
        super().__init__(model, buffers)
        self.decay: float = decay

    def share(self) -> float:
        """Return 1 − decay."""
        return 1 - self.decay


class StochasticAverage(WeightAverage):
    """The mean of a model's weights over all updates, such as one at the end of each epoch.

    Izmailov et al., "Averaging weights leads to wider optima", 2018, arXiv:1803.05407.

    Args:
        model, buffers: as in `ExponentialAverage`.

    Raises:
        TypeError: `model` is no module.

    Example:
        >>> import nn
        >>> model = nn.Neuron(1, bias=False, init=[0.0])
        >>> average = StochasticAverage(model)
        >>> for weight in [1.0, 2.0, 6.0]:
        ...     model.weights = [weight]
        ...     average.update()
        >>> with average.in_use():
        ...     model([1.0])
        Value(3.0)
    """

    def share(self) -> float:
        """Return one over the number of updates."""
        return 1 / (self.updates + 1)


def numbers(x: Any) -> np.ndarray:
    """Return a copy of the numbers of a Parameter or Buffer."""
    return np.array(x.numpy() if isinstance(x, Value) else x)


def place(pairs: dict[str, tuple[Any, np.ndarray]]) -> None:
    """Set Parameters and Buffers, given with their new numbers."""
    values = [(x, new) for x, new in pairs.values() if isinstance(x, Value)]
    set_data([x for x, _ in values], [new for _, new in values])
    for x, new in pairs.values():
        if isinstance(x, Buffer):
            x[...] = new
