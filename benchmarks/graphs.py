"""Small graphs: 1,000 ops on scalars and on arrays of 8."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import Value
from benchmarks.harness import Row, hips, optional, rows


def chain(x: Any, a: Any, b: Any, relu: Callable[[Any], Any]) -> Any:
    """Return the result of 1,000 ops, of which each input takes part in many."""
    y = x
    for _ in range(200):
        y = relu(y * a + b - x) * 0.9
    return y


def scalar(hips_folder: str | None) -> list[Row]:
    """1,000 scalar ops, forward and backward, new leaves each time."""

    def run(kind: type) -> Callable[[], None]:
        def once() -> None:
            chain(kind(0.3), kind(0.5), kind(1.0), lambda v: v.relu()).backward()

        return once

    micrograd = optional("micrograd.engine")
    sys.setrecursionlimit(10_000)  # micrograd's backward pass is recursive
    runs = {"ours": run(Value), "micrograd": micrograd and run(micrograd.Value)}
    return rows("1,000 scalar ops", runs, {"micrograd": 0.37})


def array8(hips_folder: str | None) -> list[Row]:
    """The same on arrays of 8."""
    start = [np.full(8, x) for x in (0.3, 0.5, 1.0)]

    def ours() -> None:
        chain(*map(Value, start), lambda v: v.relu()).sum().backward()

    torch = optional("torch")

    def pytorch() -> None:
        leaves = [torch.tensor(x, requires_grad=True) for x in start]
        chain(*leaves, lambda v: v.relu()).sum().backward()

    peer = hips(hips_folder)
    slope = peer and peer.grad(
        lambda xs: peer.numpy.sum(chain(*xs, lambda v: peer.numpy.maximum(v, 0.0)))
    )
    runs = {
        "ours": ours,
        "PyTorch": torch and pytorch,
        "HIPS autograd": slope and (lambda: slope(tuple(start))),
    }
    return rows("1,000 ops on arrays of 8", runs, {"PyTorch": 0.5, "HIPS autograd": 0.25})
