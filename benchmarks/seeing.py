"""What it costs to look: a step inside debug(), the drawing of a large graph."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy as np

import nn
from autograd import Value, debug, draw
from benchmarks.graphs import chain
from benchmarks.harness import Row, rows


def debugging(hips_folder: str | None) -> list[Row]:
    """A step inside debug() against the same step outside."""
    found = []
    for what, step in {
        "adding neuron": neuron_step(),
        "MLP of four layers of 64, batch of 32": mlp_step(),
        "1,000 scalar ops": lambda: chain(*map(Value, (0.3, 0.5, 1.0)), np.tanh).backward(),
    }.items():
        runs: dict[str, Callable[[], object] | None] = {
            "ours": inside(debug, step),
            "without": inside(nullcontext, step),
        }
        found += rows(f"debug(), 20 steps: {what}", runs, {"without": 3})
    return found


def inside(context: Callable[[], Any], step: Callable[[], object]) -> Callable[[], None]:
    """Return twenty steps in a context."""

    def run() -> None:
        with context():
            for _ in range(20):
                step()

    return run


def neuron_step() -> Callable[[], None]:
    """Return a step of the neuron that learns to add."""
    row = np.array([30.0, 40.0])
    neuron = nn.Neuron(2, bias=False, init=[0.5, 1.5])
    optimiser = nn.SGD(neuron.parameters(), lr=1e-9, weight_decay=-1.0)

    def step() -> None:
        optimiser.zero_grad()
        nn.squared_error(neuron(row), 70.0).backward()
        optimiser.step()

    return step


def mlp_step() -> Callable[[], Value]:
    """Return a step of a network on a batch."""
    return mlp_step_of()[0]


def mlp_step_of() -> tuple[Callable[[], Value], nn.Module]:
    """Return a step of a network on a batch, which returns its loss, and the network."""
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(32, 64)), rng.integers(0, 10, 32)
    model = nn.MLP(64, [64, 64, 64, 10], seed=0)
    optimiser = nn.SGD(model.parameters(), lr=0.01)

    def step() -> Value:
        optimiser.zero_grad()
        loss = nn.cross_entropy(model(x), labels)
        loss.backward()
        optimiser.step()
        return loss

    return step, model


def watching(hips_folder: str | None) -> list[Row]:
    """A training of 2,000 steps with nn.monitor, and with a page that follows it."""
    with TemporaryDirectory() as folder:
        ways: dict[str, Any] = {
            "without": nullcontext,
            "norms": nn.monitor,
            "with histograms": partial(nn.monitor, histograms=True),
            "with a page": partial(nn.monitor, page=f"{folder}/training.html"),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(5):
            for name, way in ways.items():
                times[name].append(training(way))
    seconds = {name: median(found) for name, found in times.items()}
    what = "2,000 steps of an MLP of four layers of 64, batch of 32"
    return [
        Row(f"nn.monitor, {what}: {name}", other, seconds[name], seconds[other], bar, "s")
        for name, other, bar in (
            ("norms", "without", 4.0),
            ("with histograms", "norms", 1.3),
            ("with a page", "with histograms", 1.05),
        )
    ]


def training(way: Callable[..., Any]) -> float:
    """Return the seconds of a training that is watched in some way."""
    step, model = mlp_step_of()
    started = process_time()
    with way(model) if way is not nullcontext else nullcontext() as watch:
        for _ in range(2000):
            loss = step()
            if watch is not None:
                watch.step(loss)
    return process_time() - started


def drawing(hips_folder: str | None) -> list[Row]:
    """The DOT text of a graph of 10,000 nodes, all of them drawn."""
    x = y = Value(0.5, name="x")
    for i in range(2500):
        y = np.sin(y * x + float(i)) - y
    started = perf_counter()
    drawn = draw(y, repeats=False, limit=None)
    count = len(drawn.scene.boxes)
    assert drawn.source
    seconds = perf_counter() - started
    return [Row(f"draw() {count:,} boxes as DOT", "bar of 2 s", seconds, 2.0, 1, "s")]
