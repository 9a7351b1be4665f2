"""Watch a network train: norms by layer and step, and the problems of its layers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from html import escape
from importlib.util import find_spec
from typing import Any

from autograd import Value
from autograd.graphs.calls import Call, Watch
from autograd.graphs.turns import flow, loops
from nn.arguments import one_number
from nn.health import PATIENCE, Problem, diagnose, layers_of
from nn.layers.recurrent import Recurrent
from nn.module import Module
from nn.page.live import LivePage
from nn.records import Records
from nn.reports import report


def monitor(
    model: Module,
    limit: int = 1000,
    *,
    histograms: bool = False,
    page: str | os.PathLike[str] | None = None,
    every: float = 5.0,
) -> Monitor:
    """Watch a network train, layer by layer; the training itself does not change.

    A layer is a module that owns parameters. An activation counts for the layer before it, and is
    seen when a module returns it or is called with it. Call `step(loss)` after each step of the
    optimiser; then `print` the monitor, read `history` and `problems`, `plot()`, or `save()` a page
    to look at step by step. There are six kinds of problem:

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
        histograms: also count, at up to 100 steps, how large the weights, gradients and activations
            of each layer are; see `Monitor.histograms`, and `plot()`.
        page: the path of a page, such as "training.html", that shows the losses, norms and
            histograms while the network trains. Open it in a browser: it follows the training. The
            file is replaced as a whole, so at any moment it is complete.
        every: how many seconds are at least between two versions of the page.

    Returns:
        a Monitor; `close()` it, or use it as a context manager, to stop watching and to write the
        last version of the page. If the block ends with an ExplodedError, the refused step is
        recorded too.

    Raises:
        ValueError: the network has no parameters, the limit is below 2, or the page has another
            ending.
        FileNotFoundError: there is no such folder for the page.

    Example:
        >>> import numpy as np
        >>> import nn
        >>> model = nn.MLP(2, [8, 1], seed=0)
        >>> optimiser = nn.SGD(model.parameters(), lr=0.1)
        >>> with nn.monitor(model) as watch:
        ...     for _ in range(20):
        ...         optimiser.zero_grad()
        ...         loss = nn.squared_error(model(np.ones((4, 2)))[:, 0], np.zeros(4))
        ...         loss.backward()
        ...         optimiser.step()
        ...         watch.step(loss)
        >>> watch.problems
        []
        >>> watch.history["layers.0"]["gradients"].shape
        (20,)
    """
    return Monitor(model, limit, histograms=histograms, page=page, every=every)


class Monitor(Records, Watch):
    """What `nn.monitor` returns.

    Attributes:
        problems: a Problem for each layer and kind, in the order in which they began.
        count: how many steps there were.
        page: the LivePage that follows the training, or None.

    Args:
        model, limit, histograms, page, every: see `monitor`.

    Example:
        >>> import nn
        >>> with Monitor(nn.Neuron(2)) as watch:
        ...     print(watch)
        no steps yet
    """

    def __init__(
        self,
        model: Module,
        limit: int = 1000,
        *,
        histograms: bool = False,
        page: str | os.PathLike[str] | None = None,
        every: float = 5.0,
    ) -> None:
        if not isinstance(model, Module) or not model.parameters():
            raise ValueError(f"monitor() needs a network with parameters, not {model!r:.60}")
        if limit < 2:
            raise ValueError(
                f"limit, the number of steps to keep, should be at least 2, not {limit}"
            )
        self.page = None if page is None else LivePage(page, every)
        self.model = model
        Records.__init__(self, layers_of(model), limit, histograms or page is not None)
        self.owners = {id(layer.module): layer for layer in self.layers}
        self.noted: set[int] = set()  # serials of activations noted since the last step
        self.ends: dict[int, list[Value]] = {}  # of the latest call, and of recurrent layers
        self.problems: list[Problem] = []
        Watch.__init__(self, model.modules())

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

    def step(self, loss: Any = None) -> None:
        """Record the weights and gradients, after the optimiser's step.

        Args:
            loss: the loss of the step, a Value or a number, if it is to be recorded too.

        Raises:
            TypeError: the loss is not one number.
        """
        number = one_number(loss)
        self.count += 1
        self.look_at_loops()
        self.noted.clear()
        row = [layer.look() for layer in self.layers]
        known = {(problem.layer, problem.kind) for problem in self.problems}
        for problem in diagnose(self.layers, self.count):
            if (problem.layer, problem.kind) not in known:
                known.add((problem.layer, problem.kind))
                self.problems.append(problem)
        self.problems.sort(key=lambda problem: problem.step)
        self.record(number, row)
        if self.page is not None:
            self.page.follow(self)

    def measure(self, **numbers: Any) -> None:
        """Record what was measured after the latest step, such as the loss of a validation.

        The page shows "validation_loss" beside the losses, and "accuracy" with
        "validation_accuracy" in a chart of their own. `nn.fit` calls this after each epoch.

        Args:
            numbers: a Value or a number for each name.

        Raises:
            TypeError: it is not one number.

        Example:
            >>> import nn
            >>> with nn.monitor(nn.Neuron(2)) as watch:
            ...     watch.step(0.5)
            ...     watch.measure(validation_loss=0.75, accuracy=0.5)
            >>> watch.measured
            {'validation_loss': {1: 0.75}, 'accuracy': {1: 0.5}}
        """
        self.keep({name: one_number(x, f"measure({name})") for name, x in numbers.items()})
        if self.page is not None:
            self.page.follow(self)

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

    def leave(self, kind: Any = None, *error: Any) -> None:
        """Stop watching, and record the step that the optimiser refused or debug() stopped."""
        if kind is not None and issubclass(kind, ArithmeticError):
            self.step()
        if kind is not None and self.page is not None:
            self.page.ended = f"stopped by {kind.__name__}"
        super().leave()

    def close(self) -> None:
        """Stop watching, and write the last version of the page."""
        watching = self.me is not None
        super().close()
        if watching and self.page is not None:
            self.page.finish(self)

    end = close

    def __repr__(self) -> str:
        if not self.count:
            return "no steps yet"
        names = [layer.name for layer in self.layers]
        return report(self.count, zip(names, self.last, strict=True), map(str, self.problems))

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

        return figure(
            self.steps, self.history, self.problems, self.histograms, self.histogram_steps
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a page with the losses, norms and histograms, to look at step by step.

        It is one file, which loads nothing.

        Args:
            path: the file, which ends in .html; an existing one is replaced as a whole.

        Raises:
            ValueError: the path has another ending.
            OSError: the folder does not exist or cannot be written to.

        Example:
            >>> from tempfile import TemporaryDirectory
            >>> import nn
            >>> with nn.monitor(nn.Neuron(2)) as watch, TemporaryDirectory() as folder:
            ...     watch.step(0.5)
            ...     watch.save(f"{folder}/training.html")
        """
        LivePage(path).write(self)


def ends_of(call: Call) -> Iterator[Value]:
    """Yield what a call returned: of a recurrent layer, only its state after the last turn."""
    found = call.output[1] if isinstance(call.module, Recurrent) else call.output
    for x in found if isinstance(found, (tuple, list)) else [found]:
        if isinstance(x, Value) and x.op is not None and x.dtype.kind == "f":
            yield x
