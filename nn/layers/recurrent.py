"""Recurrent networks: the same cell at every step of a sequence, with a state that it hands on."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd
from autograd import Value, array, sigmoid, tanh
from nn.arguments import function_or_none, lengths_of, positive_int
from nn.elsewhere import refuse_options
from nn.module import Module
from nn.parameter import Parameter
from nn.places import place_of
from nn.precision import warn_if_wider


def rnn_cell(gates: Any, inner: Any, state: Any) -> Any:
    """Return tanh(W x + b + U h + c), the next state h, from the two parts of the sum."""
    return tanh(gates + inner)


def gru_cell(gates: Any, inner: Any, state: Any) -> Any:
    """Return the next state h of a GRU, from W x + b and U h + c for its three gates."""
    (r, z, new), (r_inner, z_inner, new_inner) = (np.split(x, 3, axis=-1) for x in (gates, inner))
    z = sigmoid(z + z_inner)
    return (1 - z) * tanh(new + sigmoid(r + r_inner) * new_inner) + z * state


def backwards(x: Any, lengths: Any) -> Any:
    """Return x from each sample's last step to its first, and what is beyond where it was."""
    steps = np.arange(x.shape[0])
    if lengths is None:
        return x[steps[::-1]]  # after x[::-1] XLA's compiler may crash
    turned = np.where(steps[:, None] < lengths, lengths - 1 - steps[:, None], steps[:, None])
    return x[turned, np.arange(x.shape[1])]


def at_last(states: Any, lengths: Any) -> Any:
    """Return the state of each sample at its last step."""
    return states[-1] if lengths is None else states[lengths - 1, np.arange(states.shape[1])]


class Recurrent(Module):
    """What recurrent networks share; see `LSTM`."""

    gates = 1
    cell: Any = None
    parts = 1  # how many arrays a state consists of
    apart = False  # whether the cell needs U h + c for itself

    def __init__(
        self,
        inputs: int,
        hidden: int,
        layers: int = 1,
        bias: bool = True,
        batch_first: bool = True,
        dropout: Any = None,
        bidirectional: bool = False,
        seed: Any = None,
        dtype: Any = float,
    ) -> None:
        self.inputs, self.hidden = positive_int(inputs, "inputs"), positive_int(hidden, "hidden")
        self.layers = positive_int(layers, "layers")
        self.batch_first = batch_first
        self.dropout = function_or_none(dropout, "dropout", "nn.Dropout(0.5)")
        self.directions = ["", "_reverse"] if bidirectional else [""]
        rng = np.random.default_rng(seed)
        rows, bound = self.gates * hidden, 1 / np.sqrt(hidden)
        for layer in range(layers):
            width = inputs if layer == 0 else hidden * len(self.directions)
            for direction in self.directions:
                shapes = {
                    "weight_ih": (rows, width),
                    "weight_hh": (rows, hidden),
                    "bias_ih": (rows,),
                    "bias_hh": (rows,),
                }
                for name, shape in shapes.items():
                    drawn = Parameter(rng.uniform(-bound, bound, shape).astype(dtype))
                    own = drawn if bias or len(shape) > 1 else None
                    setattr(self, f"{name}_l{layer}{direction}", own)

    def __call__(
        self, x: Any, state: Any = None, lengths: Any = None, **other: Any
    ) -> tuple[Any, Any]:
        if other:
            refuse_options(other)
        x = x if isinstance(x, Value) else array(x)
        if x.ndim not in (2, 3) or x.shape[-1] != self.inputs:
            order = "samples, steps" if self.batch_first else "steps, samples"
            raise ValueError(
                f"give a {type(self).__name__} of {self.inputs} inputs x of shape "
                f"({order}, {self.inputs}), or (steps, {self.inputs}), not {x.shape}"
                f"{place_of(self)}"
            )
        alone = x.ndim == 2
        swap = self.batch_first and not alone
        x = np.swapaxes(x, 0, 1) if swap else x[:, None] if alone else x
        if lengths is not None:
            lengths = lengths_of(lengths, x.shape[1], x.shape[0], "lengths", least=1)
        states = self.beginning(state, x, alone)
        finals: list[Any] = []
        for layer in range(self.layers):
            if layer and self.dropout is not None:
                x = self.dropout(x)
            ways = []
            for direction in self.directions:
                start, ending = states[len(finals)], f"l{layer}{direction}"
                parts = self.run(backwards(x, lengths) if direction else x, start, ending)
                last = tuple([at_last(part, lengths) for part in parts])
                finals.append(last if self.parts > 1 else last[0])
                ways.append(backwards(parts[0], lengths) if direction else parts[0])
            x = np.concatenate(ways, axis=-1) if len(ways) > 1 else ways[0]
        if lengths is not None:
            x = np.where((np.arange(x.shape[0])[:, None] < lengths)[..., None], x, 0.0)
        y = np.swapaxes(x, 0, 1) if swap else x[:, 0] if alone else x
        return y, self.ending(finals, alone)

    def run(self, x: Any, state: Any, ending: str) -> tuple[Any, ...]:
        """Return the states of all steps, an array for each part; the first are the outputs."""
        w, u = (getattr(self, f"weight_{kind}_{ending}") for kind in ("ih", "hh"))
        b, c = (getattr(self, f"bias_{kind}_{ending}") for kind in ("ih", "hh"))
        warn_if_wider(self, x, w)
        gates = x @ w.T
        if b is not None:
            gates, c = (gates + b, c) if self.apart else (gates + (b + c), None)
        return self.steps(gates, u.T, c, state)

    def steps(self, gates: Any, u: Any, c: Any, state: Any) -> tuple[Any, ...]:
        """Do what `run` does, from W x + b of all steps."""
        states = []
        for gate in gates:
            inner = state @ u
            state = type(self).cell(gate, inner if c is None else inner + c, state)
            states.append(state)
        return (np.stack(states),)

    def beginning(self, state: Any, x: Any, alone: bool) -> list[Any]:
        """Return the first state of each layer and direction; zeros if none is given."""
        count, shape = self.layers * len(self.directions), (x.shape[1], self.hidden)
        if state is None:
            zeros = np.zeros(shape, x.dtype)
            return [(zeros,) * self.parts if self.parts > 1 else zeros] * count
        parts = state if self.parts > 1 else (state,)
        parts = [part[:, None] if alone else part for part in parts]
        if len(parts) != self.parts or any(part.shape != (count, *shape) for part in parts):
            raise ValueError(
                f"the state of a {type(self).__name__} is {self.parts} "
                f"array{'s' * (self.parts > 1)} of shape {(count, *shape)}, not "
                f"{[np.shape(part) for part in parts]}; how many steps there are is lengths="
            )
        each = [tuple(part[i] for part in parts) for i in range(count)]
        return each if self.parts > 1 else [part for (part,) in each]

    def ending(self, finals: list[Any], alone: bool) -> Any:
        """Return the last states of all layers and directions, as `beginning` takes them."""
        parts = zip(*finals, strict=True) if self.parts > 1 else [finals]
        stacked = [np.stack(part) for part in parts]
        stacked = [part[:, 0] if alone else part for part in stacked]
        return tuple(stacked) if self.parts > 1 else stacked[0]

    @classmethod
    def samples(cls, rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        if cls is Recurrent:
            return []
        deep = cls(1, 1, layers=2, bidirectional=True, seed=rng)
        return [
            (Output(cls(1, 2, seed=rng)), rng.normal(size=(2, 2, 1))),
            (Output(deep), rng.normal(size=(1, 2, 1))),
        ]


class Output(Module):
    """The outputs of a recurrent network, without its last state.

    Args:
        network: the network.

    Example:
        >>> Output(RNN(2, 3))(np.zeros((5, 4, 2))).shape
        (5, 4, 3)
    """

    def __init__(self, network: Recurrent) -> None:
        self.network = network

    def __call__(self, x: Any) -> Any:
        return self.network(x)[0]

    @staticmethod
    def samples(rng: np.random.Generator) -> list[tuple[Module, np.ndarray]]:
        """Return modules and inputs on which their gradients are tested."""
        return [(Output(RNN(2, 3, seed=rng)), rng.normal(size=(2, 3, 2)))]


class RNN(Recurrent):
    """h ← tanh(W x + b + U h + c) at each step (Elman, "Finding structure in time", 1990).

    Args: those of `LSTM`.

    Returns: outputs, and the last state, of shape (layers · directions, samples, hidden).

    Example:
        >>> y, state = RNN(2, 3)(np.zeros((5, 4, 2)))
        >>> y.shape, state.shape
        ((5, 4, 3), (1, 5, 3))
    """

    cell = staticmethod(rnn_cell)


class LSTM(Recurrent):
    """c ← σ(f) c + σ(i) tanh(g), then h ← σ(o) tanh(c), with (i, f, g, o) = W x + b + U h + c'.

    Hochreiter and Schmidhuber, "Long short-term memory", 1997; with forget gates as in Gers et
    al., 2000.

    Args:
        inputs: how many numbers each step has.
        hidden: how many numbers a state has.
        layers: how many networks are stacked, each on the outputs of the one before.
        bias: whether there are b and c'.
        batch_first: whether samples come before steps in x and the outputs.
        dropout: a module such as `nn.Dropout` between stacked networks; None for none.
        bidirectional: whether a second network reads the steps backwards; its outputs come second.
        seed: an int or a NumPy generator; None draws afresh.
        dtype: the dtype of the weights.

    The call takes x of shape (samples, steps, inputs), or (steps, inputs), and a first state, zeros
    if left out. It returns outputs of shape (samples, steps, directions · hidden) and the last
    state: h and c, each of shape (layers · directions, samples, hidden). With `lengths=`, how many
    steps each sample has, what is beyond them is not read, and outputs are 0 there; the last state
    is that of each sample's own last step, where the second direction begins.

    Raises:
        ValueError: when called, x, the state or the lengths have another shape, or a length is not
            from 1 to the number of steps.

    Example:
        >>> y, (h, c) = LSTM(2, 3, layers=2)(np.zeros((5, 4, 2)))
        >>> y.shape, h.shape
        ((5, 4, 3), (2, 5, 3))
    """

    gates, parts = 4, 2

    def steps(self, gates: Any, u: Any, c: Any, state: Any) -> tuple[Any, ...]:
        """Do what `run` does, from W x + b of all steps, by an op for all of them."""
        return tuple(autograd.lstm(gates, u, *state))


class GRU(Recurrent):
    """h ← (1 − z) n + z h with n = tanh(Wₙ x + bₙ + r (Uₙ h + cₙ)) and gates r and z.

    r and z are σ(W x + b + U h + c) (Cho et al., 2014, arXiv:1406.1078, in PyTorch's form).

    Args: those of `LSTM`.

    Returns: outputs, and the last state, of shape (layers · directions, samples, hidden).

    Example:
        >>> y, state = GRU(2, 3, bidirectional=True)(np.zeros((5, 4, 2)))
        >>> y.shape, state.shape
        ((5, 4, 6), (2, 5, 3))
    """

    gates, apart = 3, True
    cell = staticmethod(gru_cell)
