"""Watch a network train: norms by layer and step, and the problems of its layers."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.util import find_spec
from typing import Any

import numpy as np

from autograd import Value
from autograd.graphs.calls import Call, Watch
from autograd.graphs.turns import flow, loops
from autograd.notation.names import visible
from nn.health import PATIENCE, LayerHealth, Problem, diagnose
from nn.histograms import BINS, KINDS
from nn.layers.recurrent import Recurrent
from nn.module import Module

FIELDS = ("weights", "gradients", "updates", "ratios", "dead", "saturated")


def monitor(model: Module, limit: int = 1000, *, histograms: bool = False) -> Monitor:
    """Watch a network train, layer by layer; the training itself does not change.

    A layer is a module that owns parameters. An activation counts for the layer before it, and is
    seen when a module returns it or is called with it. Call `step()` after each step of the
    optimiser; then `print` the monitor, read `history` and `problems`, or `plot()`. There are six
    kinds of problem:

    - *exploding*: a weight or gradient is NaN or infinite; or the gradient is 1,000 times the
      median of the last 100 steps; or a step changes the weights by more than their own size,
      three times in a row (about a thousandth is usual: Stanford's CS231n, "Neural networks 3"),
      or once by more than ten times their size, to more than 10 per entry, in a loop or without
      half the gradient gone; or the gradient in the first turn of a loop is 10,000 times that in
      the last, five times in a row.
    - *vanishing*: the gradient per entry is less than 1e-4 of that in the layer where it is
      largest, five times in a row. With one learning rate for all layers, this layer hardly learns
      (S. Hochreiter, 1991; X. Glorot and Y. Bengio, 2010). Or the gradient in the first turn of a
      loop, such as that of an RNN, is less than 1e-8 of that in the last (R. Pascanu and others,
      2013), counted from what the network returns in its last call.
    - *dead*: more than half of the relu units gave 0 for all of the last 100 samples, five times
      in a row. Where a relu gives 0 its slope is 0, so these units no longer learn.
    - *saturated*: more than three quarters of the outputs of tanh or sigmoid are within a hundredth
      of their bounds, where the slope is nearly 0, five times in a row. The last layer is exempt:
      there it means that the network is sure, unless it is a loop.
    - *unused*: no part of the layer has a gradient, and it is not called, five times in a row.
    - *stalled*: all steps so far were less than 1e-8 of the weights, and there were ten.

    Ops of your own state in their rows whether they die or saturate: see `dead_at_zero` and
    `saturates` of `autograd.Primitive`.

    Args:
        model: the network.
        limit: how many steps to keep. In longer runs every second step is kept, then every fourth,
            and so on, so that the history always covers the whole run.
        histograms: also count, at each kept step, how large the weights, gradients and activations
            of each layer are; see `Monitor.histograms`, and `plot()`.

    Returns:
        a Monitor; `close()` it, or use it as a context manager, to stop watching. If the block
        ends with an ExplodedError, the refused step is recorded too.

    Raises:
        ValueError: the network has no parameters, or the limit is below 2.

    Example:
        >>> import nn
        >>> model = nn.MLP(2, [8, 1], seed=0)
        >>> optimiser = nn.SGD(model.parameters(), lr=0.1)
        >>> with nn.monitor(model) as watch:
        ...     for _ in range(20):
        ...         optimiser.zero_grad()
        ...         nn.squared_error(model(np.ones((4, 2)))[:, 0], np.zeros(4)).backward()
        ...         optimiser.step()
        ...         watch.step()
        >>> watch.problems
        []
        >>> watch.history["layers.0"]["gradients"].shape
        (20,)
    """
    return Monitor(model, limit, histograms=histograms)


class Monitor(Watch):
    """What `nn.monitor` returns.

    Attributes:
        problems: a Problem for each layer and kind, in the order in which they began.
        steps: the numbers of the steps that were kept, counted from 1.

    Args:
        model, limit, histograms: see `monitor`.

    Example:
        >>> import nn
        >>> with Monitor(nn.Neuron(2)) as watch:
        ...     print(watch)
        no steps yet
    """

    def __init__(self, model: Module, limit: int = 1000, *, histograms: bool = False) -> None:
        if not isinstance(model, Module) or not model.parameters():
            raise ValueError(f"monitor() needs a network with parameters, not {model!r:.60}")
        if limit < 2:
            raise ValueError(
                f"limit, the number of steps to keep, should be at least 2, not {limit}"
            )
        self.limit, self.stride, self.count = limit, 1, 0
        self.layers = layers_of(model)
        self.owners = {id(layer.module): layer for layer in self.layers}
        self.noted: set[int] = set()  # serials of activations noted since the last step
        self.ends: dict[int, list[Value]] = {}  # of the latest call, and of recurrent layers
        self.rows: list[tuple[int, list[tuple], list]] = []  # each kept step, by layer
        for layer in self.layers:
            layer.bins = np.zeros(BINS, int) if histograms else None
        self.last: list[tuple] = []
        self.problems: list[Problem] = []
        super().__init__(model.modules())

    def seen(self, call: Call) -> None:
        """Note the inputs and the output of a module's call."""
        layer = self.owners.get(id(call.module))
        for x in call.args:
            self.note(x)
        if layer is not None:
            layer.first, layer.order, layer.called = call.first, call.last, True
        self.note(call.output)
        ends = list(ends_of(call))
        if ends:  # an outer call comes after those inside it, and takes their place
            self.ends[id(call.module) if isinstance(call.module, Recurrent) else 0] = ends

    def note(self, x: Any) -> None:
        """Note an activation, once; it counts for the last layer called before its argument."""
        if not isinstance(x, Value) or x.op is None or x.serial in self.noted:
            return
        self.noted.add(x.serial)
        made = next(parent.serial for parent in x.parents if parent is not None)
        before = [layer for layer in self.layers if layer.first < made]
        if before:
            max(before, key=lambda layer: layer.first).activated(x)

    def step(self) -> None:
        """Record the weights and gradients, after the optimiser's step."""
        self.count += 1
        self.look_at_loops()
        self.noted.clear()
        row = self.last = [layer.look() for layer in self.layers]
        known = {(problem.layer, problem.kind) for problem in self.problems}
        for problem in diagnose(self.layers, self.count):
            if (problem.layer, problem.kind) not in known:
                known.add((problem.layer, problem.kind))
                self.problems.append(problem)
        self.problems.sort(key=lambda problem: problem.step)
        if self.count % self.stride == 0 or not self.rows:
            self.rows.append((self.count, row, [layer.histograms() for layer in self.layers]))
        if len(self.rows) > self.limit:
            stride = 2 * self.stride
            kept = [row for i, row in enumerate(self.rows) if i == 0 or row[0] % stride == 0]
            self.stride, self.rows = stride, kept

    def look_at_loops(self) -> None:
        """Note the states of loops and, at first and then at every tenth step, what flows back."""
        owner = {p.serial: layer for layer in self.layers for p in layer.parameters}
        ends = [end for several in self.ends.values() for end in several]
        self.ends.clear()
        for end in ends:
            for loop in loops(end, [p for layer in self.layers for p in layer.parameters]):
                layer = owner[loop.parameter]
                layer.turns = loop.turns
                for state in loop.states:
                    if state.serial not in self.noted:
                        self.noted.add(state.serial)
                        layer.activated(state)
                if self.count <= PATIENCE or self.count % 10 == 0:
                    layer.flow = flow(end, loop)

    @property
    def steps(self) -> list[int]:
        """The numbers of the steps that were kept, counted from 1."""
        return [step for step, *_ in self.rows]

    @property
    def history(self) -> dict[str, dict[str, np.ndarray]]:
        """Norms and shares of each layer, as arrays over the kept steps, NaN where there is none.

        The fields are weights, gradients and updates (norms), ratios (of the update to the weights
        before it), dead (share of units) and saturated (share of outputs).
        """
        rows = [row for _, row, _ in self.rows]
        numbers = np.array(rows, dtype=float).reshape(-1, len(self.layers), len(FIELDS))
        return {
            layer.name: dict(zip(FIELDS, numbers[:, i].T, strict=True))
            for i, layer in enumerate(self.layers)
        }

    @property
    def histograms(self) -> dict[str, dict[str, np.ndarray]]:
        """How many weights, gradients and activations of each layer lie in each bin, by step.

        They are arrays of shape (kept steps, bins), with the bins of `nn.histograms.EDGES`, if they
        were asked for.
        """
        if not self.rows or self.rows[0][2][0] is None:
            return {}
        found = np.array([row for *_, row in self.rows])
        return {
            layer.name: dict(zip(KINDS, np.moveaxis(found[:, i], 1, 0), strict=True))
            for i, layer in enumerate(self.layers)
        }

    def leave(self, kind: Any = None, *error: Any) -> None:
        """Stop watching, and record the step that the optimiser refused or debug() stopped."""
        if kind is not None and issubclass(kind, ArithmeticError):
            self.step()
        super().leave()

    def __repr__(self) -> str:
        if not self.count:
            return "no steps yet"
        table = [["layer", "weights", "gradient", "update/weight", "dead", "saturated"]]
        for layer, (weights, g, _, ratio, dead, saturated) in zip(
            self.layers, self.last, strict=True
        ):
            norms = [cell(x, ".3g") for x in (weights, g, ratio)]
            table.append([layer.name, *norms, cell(dead, ".0%"), cell(saturated, ".0%")])
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            "  ".join([name.ljust(widths[0]), *map(str.rjust, cells, widths[1:])]).rstrip()
            for name, *cells in table
        ]
        return "\n".join([f"step {self.count}", *lines, *map(str, self.problems)])

    def _repr_html_(self) -> str:
        """Return the report for a notebook: the same words, and the plot below if there is one."""
        words = f'<pre style="line-height: 1.4">{escape(repr(self))}</pre>'
        if not self.count or find_spec("matplotlib") is None:
            return words
        picture = self.plot()._repr_svg_()
        return words + picture[picture.index("<svg") :]

    def plot(self) -> Any:
        """Return a matplotlib figure of the history, and of the histograms; no window opens.

        Raises:
            ModuleNotFoundError: matplotlib is not installed.
        """
        from nn.plotting import figure

        return figure(self.steps, self.history, self.problems, self.histograms)


def ends_of(call: Call) -> Iterator[Value]:
    """Yield what a call returned: of a recurrent layer, only its state after the last turn."""
    found = call.output[1] if isinstance(call.module, Recurrent) else call.output
    for x in found if isinstance(found, (tuple, list)) else [found]:
        if isinstance(x, Value) and x.op is not None and x.dtype.kind == "f":
            yield x


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


def cell(x: float, form: str) -> str:
    """Return a number as text for the table, "" for a share that is NaN."""
    return "" if np.isnan(x) and form.endswith("%") else format(x, form)
