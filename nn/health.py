"""The health of a layer: its norms, its dead and saturated units, and its problems."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from autograd import Value
from autograd.notation.names import visible
from nn.histograms import counts
from nn.module import Module
from nn.neuron import Neuron
from nn.optimisers.gradients import gradient_of
from nn.parameter import Parameter

JUMP = 1000.0  # a gradient explodes if it is this many times its median
LARGEST_RATIO = 1.0  # of update to weights
LEAP = 10.0  # one step of more times the weights, to more than this per entry, is too large
SMALLEST_RATIO = 1e-8  # a layer whose steps have all been smaller does not move
SMALLEST_FLOW, LARGEST_FLOW = 1e-8, 1e4  # of the gradient in the first turn of a loop to the last
SMALLEST_SHARE = 1e-4  # a gradient vanishes below this share of the largest
MOST_DEAD = 0.5  # of the units of a layer
MOST_SATURATED = 0.75  # of the outputs of a layer
SAMPLES = 100  # a unit is dead if it gives 0 for this many
WINDOW = 100  # how many steps a median is taken over
EARLIEST = 10  # how many steps a median needs
RATIO_STEPS, PATIENCE, LONG = 3, 5, 10  # how many steps in a row a problem must last
ORDINARY = 1e-200, 1e200  # between these the square of a norm is as exact as the norm
EDGE = 0.01  # share of a bound; an output this close to it has nearly no slope


@dataclass
class Problem:
    """One problem of a layer.

    Args:
        layer: its path.
        kind: "exploding", "vanishing", "dead", "saturated", "unused" or "stalled".
        step: the step at which it began, counted from 1.
        detail: the number that shows it.

    Example:
        >>> print(Problem("layers.0", "dead", 7, "60% of its units give 0"))
        layers.0 has been dead since step 7: 60% of its units give 0
    """

    layer: str
    kind: str
    step: int
    detail: str

    def __str__(self) -> str:
        return f"{self.layer} has been {self.kind} since step {self.step}: {self.detail}"


class Leap(NamedTuple):
    """A step of more than ten times the size of the weights, and the gradient that led to it."""

    step: int
    ratio: float
    gradient: float


@dataclass
class LayerHealth:
    """A module with parameters of its own, and its latest numbers."""

    name: str
    module: Module
    parameters: list[Parameter]
    first: float = np.inf  # the serial at which its latest call in this step began
    order: int = 0  # the serial at which its latest call ended
    weights: float = np.nan  # norms, over all its parameters together
    gradients: float = np.nan
    updates: float = np.nan
    ratio: float = np.nan
    dead: float = np.nan
    saturated: float = np.nan
    called: bool = False  # whether its module was called in this step
    turns: int = 0  # of the loop that it is in, 0 for none
    flow: float = np.nan  # of the gradient in the first turn of the loop, relative to the last
    leap: Leap | None = None
    largest_ratio: float = 0.0
    recent: deque = field(default_factory=lambda: deque(maxlen=WINDOW))  # norms of gradients
    running: dict = field(default_factory=dict)  # the step at which each kind of problem began
    silent: Any = None  # for how many samples in a row each unit has given 0
    bins: np.ndarray | None = None  # of the activations, if this step has a histogram
    outputs: list = field(default_factory=list)  # (how many, how many saturated) in this step

    def __post_init__(self) -> None:
        self.size = sum(p.size for p in self.parameters)
        self.before = [np.array(p.numpy()) for p in self.parameters]

    def activated(self, y: Value) -> None:
        """Note the outputs of an activation, of shape (..., units), or (...) of one Neuron."""
        output, bounds = y.numpy(), y.op.saturates
        if self.bins is not None:
            self.bins = self.bins + counts([output])
        if isinstance(self.module, Neuron) or not np.ndim(output):
            output = np.expand_dims(output, -1)
        if output.size and (dies(y) or is_relu(y)):
            rows = output.reshape(-1, output.shape[-1])
            if self.silent is None or len(self.silent) != rows.shape[1]:
                self.silent = np.zeros(rows.shape[1], int)
            self.silent = np.where(np.any(rows != 0, axis=0), 0, self.silent + len(rows))
        if bounds is not None:
            edge = EDGE * (max(abs(bound) for bound in bounds if np.isfinite(bound)) or 1.0)
            low, high = bounds[0] + edge, bounds[1] - edge
            self.outputs.append((output.size, np.count_nonzero((output < low) | (output > high))))

    def look(self) -> tuple[float, ...]:
        """Return the norms and shares of this step, from the parameters and their gradients."""
        now = [np.array(p.numpy()) for p in self.parameters]
        grads = [g for g in map(gradient_of, self.parameters) if g is not None]
        old, weights = norm(self.before), norm(now)
        gradients = norm(grads) if grads else np.nan
        updates = norm([b - a for a, b in zip(self.before, now, strict=True)])
        dead = np.nan if self.silent is None else float(np.mean(self.silent >= SAMPLES))
        size = sum(size for size, _ in self.outputs)
        saturated = sum(n for _, n in self.outputs) / size if size else np.nan
        # No interrupt comes between these lines.
        self.weights, self.gradients, self.updates = weights, gradients, updates
        self.ratio = updates / old if old else np.nan
        self.largest_ratio = max(self.largest_ratio, updates / (old or 1.0))
        self.dead, self.saturated = dead, saturated
        self.before, self.outputs, self.first = now, [], np.inf
        return (
            self.weights, self.gradients, self.updates, self.ratio, self.dead, self.saturated
        )  # fmt: skip

    def histograms(self) -> np.ndarray:
        """Return the histograms of this step, a row for each of `KINDS`."""
        grads = [g for g in map(gradient_of, self.parameters) if g is not None]
        return np.array([counts(self.before), counts(grads), self.bins])

    def leapt(self, step: int) -> Leap | None:
        """Return a step that was far too large: in a loop this one, or one that did not help.

        One that helped, as in a linear regression on large numbers, has reduced the gradient.
        """
        before, self.leap = self.leap, None
        size = self.weights / self.size**0.5
        if self.ratio > LEAP and np.isfinite(size) and size > LEAP:
            self.leap = Leap(step, self.ratio, self.gradients)
            if self.turns:
                return self.leap
        return before if before and self.gradients > before.gradient / 2 else None

    def lasts(self, kind: str, bad: bool, step: int, steps: int) -> int:
        """Return the step at which something became bad, if it lasts for `steps` steps; else 0."""
        if not bad:
            self.running.pop(kind, None)
            return 0
        since = self.running.setdefault(kind, step)
        return since if step - since + 1 >= steps else 0


def layers_of(model: Module) -> list[LayerHealth]:
    """Return the modules that own parameters, in order of definition, with those parameters."""
    modules = model.named_modules()
    owner: dict[int, str] = {}
    for path, module in modules:  # inner modules come after those around them
        for parameter in module.parameters():
            outer = owner.get(id(parameter), "")
            if not outer or path.startswith(f"{outer}."):  # a shared one belongs to the first
                owner[id(parameter)] = path
    found = []
    for path, module in modules:
        own = [p for p in module.parameters() if owner[id(p)] == path]
        if own:
            found.append(LayerHealth(visible(path) or type(module).__name__, module, own))
    return found


def dies(y: Value) -> bool:
    """Whether the slope is 0 where the output is 0; np.maximum(x, 0) is a relu."""
    zero = any(np.ndim(x) == 0 and x == 0 for x in y.args)
    return y.op.dead_at_zero and (len(y.args) == 1 or zero)


def is_relu(y: Value) -> bool:
    """Whether an op has put 0 in place of the negative entries of an argument: a relu by its look.

    So are `np.where(x > 0, x, 0.0)` and `x * (x > 0)`.
    """
    output = y.numpy()
    same = [
        np.asarray(x)
        for x, parent in zip(y.args, y.parents, strict=True)
        if parent is not None and np.shape(x) == output.shape and parent.dtype.kind == "f"
    ]
    return any((x < 0).any() and np.array_equal(output, np.maximum(x, 0)) for x in same)


def norm(arrays: list[Any]) -> float:
    """Return the norm of several arrays taken as one vector, without overflow or warnings."""
    return copy_context().run(_norm, arrays)


def _norm(arrays: list[Any]) -> float:
    np.seterr(all="ignore")  # in the copy of the context, which ends even at an interrupt
    wide = [np.asarray(x, complex if np.iscomplexobj(x) else float) for x in arrays]
    square = sum(np.vdot(x, x).real for x in wide)
    if ORDINARY[0] < square < ORDINARY[1]:
        return float(np.sqrt(square))
    largest = float(np.max([np.abs(x).max(initial=0.0) for x in wide]))
    if not largest or not np.isfinite(largest):
        return largest
    return largest * float(np.sqrt(sum(np.sum(np.abs(x / largest) ** 2) for x in wide)))


def diagnose(layers: list[LayerHealth], step: int) -> Iterator[Problem]:
    """Yield the problems after a step; of those that began together, the origin comes first.

    Weights are checked in the order of the forward pass, gradients in that of the backward pass.
    """
    forward = sorted(layers, key=lambda layer: layer.order)
    backward = forward[::-1]
    for layer in forward:
        if not np.isfinite(layer.weights):
            yield Problem(layer.name, "exploding", step, f"its weights are {layer.weights}")
    for layer in forward:
        if leap := layer.leapt(step):
            detail = f"one step was {leap.ratio:.3g} times the size of its weights"
            yield Problem(layer.name, "exploding", leap.step, detail)
    for layer in forward:
        since = layer.lasts("ratio", layer.ratio > LARGEST_RATIO, step, RATIO_STEPS)
        if since:
            detail = f"its steps are {layer.ratio:.3g} times the size of its weights"
            yield Problem(layer.name, "exploding", since, detail)
    for layer in backward:
        g = layer.gradients
        usual = float(np.median(layer.recent)) if len(layer.recent) >= EARLIEST else np.nan
        if not np.isnan(g):
            layer.recent.append(g)
        if np.isinf(g) or (np.isnan(g) and any(map(has_gradient, layer.parameters))):
            yield Problem(layer.name, "exploding", step, f"its gradient is {g}")
        elif g > JUMP * usual > 0:
            detail = f"its gradient is {g:.3g}, {g / usual:,.0f} times its usual size"
            yield Problem(layer.name, "exploding", step, detail)
    for layer in forward:
        if since := layer.lasts("dead", layer.dead > MOST_DEAD, step, PATIENCE):
            yield Problem(layer.name, "dead", since, f"{layer.dead:.0%} of its units give 0")
    for layer in [*forward[:-1], *(last for last in forward[-1:] if last.turns)]:
        if since := layer.lasts("saturated", layer.saturated > MOST_SATURATED, step, PATIENCE):
            detail = f"{layer.saturated:.0%} of its outputs are close to their bounds"
            yield Problem(layer.name, "saturated", since, detail)
    sizes = [layer.gradients / layer.size**0.5 for layer in backward]
    largest = max([size for size in sizes if np.isfinite(size)], default=0.0)
    for layer, size in zip(backward, sizes, strict=True):
        since = layer.lasts("vanishing", size < SMALLEST_SHARE * largest, step, PATIENCE)
        if since:
            detail = f"its gradient per entry is {size / largest:.1g} times the largest layer's"
            yield Problem(layer.name, "vanishing", since, detail)

    for layer in backward:
        share = f"in the first of {layer.turns} turns its gradient is {layer.flow:.1g} times that"
        if since := layer.lasts("fading", layer.flow < SMALLEST_FLOW, step, PATIENCE):
            yield Problem(layer.name, "vanishing", since, f"{share} in the last")
        if since := layer.lasts("growing", layer.flow > LARGEST_FLOW, step, PATIENCE):
            yield Problem(layer.name, "exploding", since, f"{share} in the last")
    yield from idle(forward, step)


def idle(layers: list[LayerHealth], step: int) -> Iterator[Problem]:
    """Yield the problems of layers that are to learn but do not move, or take no part."""
    active = any(np.isfinite(layer.gradients) for layer in layers)
    for layer in layers:
        if not any(p.trainable for p in layer.parameters):
            continue
        out = active and not layer.called and not any(map(has_gradient, layer.parameters))
        layer.called = False
        if since := layer.lasts("unused", out, step, PATIENCE):
            yield Problem(layer.name, "unused", since, "it has no gradient and was never called")
        still = layer.gradients > 0 and 0 < layer.largest_ratio < SMALLEST_RATIO
        if since := layer.lasts("stalled", bool(still), step, LONG):
            detail = f"its steps are {layer.largest_ratio:.1g} times the size of its weights"
            yield Problem(layer.name, "stalled", since, f"{detail}; is the rate too small?")


def has_gradient(parameter: Parameter) -> bool:
    """Whether a backward pass has left a gradient."""
    return gradient_of(parameter) is not None
