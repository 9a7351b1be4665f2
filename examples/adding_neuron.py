"""One linear neuron learns to add two numbers by gradient descent, one sample at a time.

It starts with two random weights, which should both end at 1. The example shows two things.
First, the update subtracts lr · (gradient − weight). That regulariser pushes the weights a
little above 1, and the test rows become right only as the rate falls; with --no-regularisation
all of them are right after the first epoch. Second, each step multiplies the error along an
input x by 1 − 2 lr |x|², so if the rate or the range of numbers is too large, the error grows
until it explodes: try --learning-rate 0.001 or --high 1000, and then add --normalise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

import nn
from autograd import compile, no_grad

DEMO = np.array([[2.2, 1.5], [1024.0, 2048.0]])
TOLERANCE = 0.01 / 100


@dataclass
class Data:
    """Rows of two numbers to add, and the weights to start from."""

    train: np.ndarray  # (rows, 2)
    test: np.ndarray  # (test rows, 2)
    weights: np.ndarray  # (2,)


def draw(rows: int, seed: int, high: float, reference: bool = False) -> Data:
    """Draw numbers from [0, high) and weights from [0, 2).

    With `reference`, they come from the linear congruential generator of the reference runs,
    s ← (1664525 s + 1013904223) mod 2³², u = s / 2³²: training rows, test rows, then weights.
    """
    test_rows = max(500, rows // 10)
    count = 2 * (rows + test_rows) + 2
    if reference:
        uniform = np.fromiter(congruential(seed), float, count)
    else:
        uniform = np.random.default_rng(seed).random(count)
    numbers = (uniform[:-2] * high).reshape(-1, 2)
    return Data(numbers[:rows], numbers[rows:], uniform[-2:] * 2)


def congruential(state: int) -> Iterator[float]:
    """Yield numbers in [0, 1) forever."""
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state / 2**32


def correct(neuron: nn.Neuron, rows: np.ndarray) -> int:
    """Return how many sums are right within ±0.01 %."""
    sums = rows.sum(axis=1)
    with no_grad():
        outputs = neuron(rows).numpy()
    return int(np.count_nonzero(np.abs(sums - outputs) <= sums * TOLERANCE))


def step_of(neuron: nn.Neuron, optimiser: nn.SGD) -> Callable[[np.ndarray, float], None]:
    """Return a function that shows the neuron one row, and lets it learn from it."""

    def step(row: np.ndarray, total: float) -> None:
        optimiser.zero_grad()
        nn.squared_error(neuron(row), total).backward()
        optimiser.step()

    return step


def train(
    neuron: nn.Neuron,
    step: Any,
    rows: np.ndarray,
    sums: np.ndarray,
    done: Callable[[int], object] = lambda steps: None,
) -> None:
    """Show the neuron every row once, and call `done` now and then with the number of new steps.

    If the step is compiled, it runs as a loop of its own for all rows. Else Python makes it op by
    op.
    """
    eager, made = not hasattr(step, "each"), 0

    def count(steps: int) -> None:
        nonlocal made
        made += steps
        done(steps)

    try:
        if eager:
            for i, (row, total) in enumerate(zip(rows, sums.tolist(), strict=True), 1):
                step(row, total)
                if i % 1000 == 0:
                    count(1000)
        else:
            step.each(rows, sums, done=count)
    except nn.ExplodedError as error:
        size = np.abs(neuron.weights.data).max()
        about = "after" if eager else "in"
        raise nn.ExplodedError(
            f"{about} step {made + (not eager):,}: the weights have grown to {size:.2g}"
        ) from error


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="On an idle machine the full run of five million steps takes seconds; with --eager "
        "it takes about a minute.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    option = parser.add_argument
    option("--rows", type=int, default=500_000, help="training rows (%(default)s)")
    option("--epochs", type=int, default=10, help="passes over the rows (%(default)s)")
    option("--seed", type=int, default=330, help="seed of the numbers and weights (%(default)s)")
    option("--reference", action="store_true", help="draw from the generator of the reference runs")
    option("--no-regularisation", action="store_true", help="subtract the plain gradient")
    option("--high", type=float, default=100.0, help="numbers are in [0, HIGH) (%(default)s)")
    option("--learning-rate", type=float, help="rate in the first epoch (1 / (2 · 100000), "
           "or 0.05 with --normalise)")  # fmt: skip
    option("--eager", action="store_true", help="make each step op by op, without compiling it")
    option("--normalise", action="store_true", help="divide numbers and sums by HIGH")
    options = parser.parse_args(argv)
    if options.rows < 1 or options.epochs < 1 or not 0 < options.high < np.inf:
        parser.error("rows, epochs and high must be positive")
    return options


def main(argv: list[str] | None = None) -> int:
    """Train, and print the demo before and after and the accuracy of each epoch."""
    options = parse(argv)
    unit = options.high if options.normalise else 1.0
    rate = options.learning_rate or (0.05 if options.normalise else 1 / (2 * 100_000))
    data = draw(options.rows, options.seed, options.high, options.reference)
    neuron = nn.Neuron(2, bias=False, init=data.weights)
    decay = 0.0 if options.no_regularisation else -1.0 / unit**2
    optimiser = nn.SGD(neuron.parameters(), lr=rate, weight_decay=decay)
    step = step_of(neuron, optimiser)
    step = step if options.eager else compile(step)
    schedule = nn.schedules.inverse(1 / rate)
    rows, test = data.train / unit, data.test / unit
    sums = rows.sum(axis=1)

    show("before training", neuron)
    started = time.perf_counter()
    steps = options.rows * options.epochs
    try:
        with tqdm(total=steps, unit=" steps", leave=False, mininterval=0.5) as bar:
            for epoch in range(options.epochs):
                optimiser.lr = schedule(epoch)
                train(neuron, step, rows, sums, bar.update)
                share = 100 * correct(neuron, test) / len(test)
                bar.write(f"epoch {epoch + 1:2d}: {share:6.2f} % of {len(test):,} test rows right")
    except nn.ExplodedError as error:
        print(
            f"\nThe gradients exploded in epoch {epoch + 1}, {error}.\n"
            "Cures: a smaller rate (--learning-rate), normalised inputs (--normalise), or\n"
            "clipped gradients (nn.SGD(..., clip=1.0)).",
            file=sys.stderr,
        )
        return 1
    show("after training", neuron)
    way = "op by op" if options.eager else f"compiled to {target_of(step)}"
    print(f"trained in {time.perf_counter() - started:.1f} s, {way}")
    return 0


def target_of(step: Any) -> str:
    """Return what a compiled step became."""
    return "machine code" if step.native else "a loop of Python; with llvmlite to machine code"


def show(when: str, neuron: nn.Neuron) -> None:
    """Print the weights and the two sums of the demo."""
    print(when)
    print(f"  weights {neuron.weights.data}")
    with no_grad():
        for row in DEMO:
            print(f"  {row[0]:g} + {row[1]:g} = {neuron(row).data:.10g}")


if __name__ == "__main__":
    sys.exit(main())
