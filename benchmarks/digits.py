"""The networks for handwritten digits of `examples/`, here and in PyTorch, with the same settings.

`python -m benchmarks.digits FOLDER`, with the folder of MNIST, trains both from the same first
weights, in single precision, on one thread, in the same order of the data, an epoch of each in
turn. It prints epochs per minute of processor time, which other programs on the machine change
least, and the share of test images that are read right.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from time import process_time
from typing import Any

import numpy as np
import torch
from torch.nn import Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential, Sigmoid
from torch.nn.functional import cross_entropy

import nn

EXAMPLES = Path(__file__).parents[1] / "examples"
ONE_HOT = torch.eye(10)


def half_squared_error(output: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return ((output - ONE_HOT[labels]) ** 2).sum() / (2 * len(labels))


def twin_of(model: nn.MLP, *last: torch.nn.Module) -> tuple[list[Linear], Sequential]:
    """Return the two layers of PyTorch's network of the same weights, and the network."""
    layers = [Linear(*layer.weights.shape) for layer in model.layers]
    with torch.no_grad():
        for layer, ours in zip(layers, model.layers, strict=True):
            layer.weight.copy_(torch.tensor(ours.weights.data.T))
            layer.bias.copy_(torch.tensor(ours.bias.data))
    return layers, Sequential(layers[0], Sigmoid(), layers[1], *last)


def small(folder: str, epochs: int) -> None:
    """784-30-10 of Nielsen's first chapter."""
    example = run_path(str(EXAMPLES / "digits.py"))
    model, loss, optimiser = example["network"](30, 784)
    _, twin = twin_of(model, Sigmoid())
    theirs = twin, half_squared_error, torch.optim.SGD(twin.parameters(), lr=3.0)
    compare(example["digits"](folder), 10, epochs or 30, (model, loss, optimiser), theirs)


def large(folder: str, epochs: int) -> None:
    """784-100-10 of his third chapter."""
    example = run_path(str(EXAMPLES / "digits.py"))
    model, loss, optimiser = example["network"](100, 784)
    layers, twin = twin_of(model)
    groups = [
        {"params": [layer.weight for layer in layers], "weight_decay": 1e-4},
        {"params": [layer.bias for layer in layers]},
    ]
    theirs = twin, cross_entropy, torch.optim.SGD(groups, lr=0.1)
    compare(example["digits"](folder), 10, epochs or 60, (model, loss, optimiser), theirs)


def convolution(folder: str, epochs: int) -> None:
    """The convolutional network."""
    epochs, example = epochs or 12, run_path(str(EXAMPLES / "convolution.py"))
    model = example["network"]()
    twin = Sequential(
        *(Conv2d(1, 20, 5), ReLU(), MaxPool2d(2), Conv2d(20, 40, 5), ReLU(), MaxPool2d(2)),
        *(Flatten(), Linear(640, 100), ReLU(), Dropout(0.5), Linear(100, 10)),
    )
    twin.load_state_dict({path: torch.tensor(x) for path, x in model.state_dict().items()})
    ours = model, nn.cross_entropy, nn.Adam(model.parameters())
    theirs = twin, cross_entropy, torch.optim.Adam(twin.parameters())
    rate = nn.schedules.one_cycle(0.003, epochs)
    compare(example["digits"](folder), 64, epochs, ours, theirs, rate, example["shifted"])


def compare(
    data: Any,
    batch: int,
    epochs: int,
    ours: tuple[nn.Module, Callable[..., Any], nn.Optimiser],
    theirs: tuple[Sequential, Callable[..., Any], torch.optim.Optimizer],
    rate: Callable[[int], float] | None = None,
    transform: Callable[..., Any] | None = None,
) -> None:
    """Train both networks, and print how fast that went and how well they read."""
    (model, loss, optimiser), (twin, twins_loss, twins_optimiser) = ours, theirs
    training, (images, labels) = data
    batches, again = (
        nn.data.batches(*training, batch, seed=0, transform=transform) for _ in range(2)
    )
    times: dict[str, list[float]] = {"nn.fit": [], "PyTorch": []}
    for epoch in range(epochs):
        if rate is not None:
            optimiser.lr = rate(epoch)
            for group in twins_optimiser.param_groups:
                group["lr"] = rate(epoch)
        start = process_time()
        nn.fit(model, loss, batches, optimiser, 1, progress=False)
        middle = process_time()
        twin.train()
        for x, y in again:
            twins_optimiser.zero_grad()
            twins_loss(twin(torch.from_numpy(x)), torch.from_numpy(y)).backward()
            twins_optimiser.step()
        times["nn.fit"].append(middle - start)
        times["PyTorch"].append(process_time() - middle)
    twin.eval()
    with torch.no_grad():
        outputs = twin(torch.from_numpy(images)).numpy()
    right = {
        "nn.fit": nn.evaluate(model, loss, (images, labels), [nn.accuracy])["accuracy"],
        "PyTorch": nn.accuracy(outputs, labels),
    }
    for name, found in times.items():
        print(
            f"  {name}: {60 / np.median(found):.3g} epochs a minute, {right[name]:.2%} read right"
        )


NETWORKS = {"30": small, "100": large, "convolution": convolution}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.digits", description=__doc__)
    parser.add_argument("folder", help="where the files of MNIST lie")
    parser.add_argument("networks", nargs="*", choices=[*NETWORKS, []], help="all if left out")
    parser.add_argument("--epochs", type=int, default=0, help="those of the docs if left out")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.networks or NETWORKS:
        print(name, flush=True)
        NETWORKS[name](options.folder, options.epochs)


if __name__ == "__main__":
    main()
