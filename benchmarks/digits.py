"""The digits network of Nielsen's first chapter, here and in PyTorch, with the same numbers.

`python -m benchmarks.digits FOLDER`, with the folder of MNIST, trains both from the same first
weights, in single precision, on one thread, in the same order of the data, an epoch of each in
turn. It prints epochs per minute and the share of test images that are read right.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

import nn

EXAMPLE = Path(__file__).parents[1] / "examples" / "digits.py"
EPOCHS = 30


def main(folder: str) -> None:
    spec = spec_from_file_location("digits", EXAMPLE)
    assert spec is not None and spec.loader is not None
    digits = module_from_spec(spec)
    spec.loader.exec_module(digits)
    torch.set_num_threads(1)
    (x, y), test = digits.digits(folder)
    data, again = (nn.data.batches(x, y, 10, seed=0) for _ in range(2))
    model, loss, optimiser = digits.network(30, 784)
    linear = [torch.nn.Linear(784, 30), torch.nn.Linear(30, 10)]
    theirs = torch.nn.Sequential(linear[0], torch.nn.Sigmoid(), linear[1], torch.nn.Sigmoid())
    with torch.no_grad():
        for layer, ours in zip(linear, model.layers, strict=True):
            layer.weight.copy_(torch.tensor(ours.weights.data.T))
            layer.bias.copy_(torch.tensor(ours.bias.data))
    sgd = torch.optim.SGD(theirs.parameters(), lr=3.0)
    one_hot = torch.eye(10)
    times: dict[str, list[float]] = {"ours": [], "PyTorch": []}
    for _ in range(EPOCHS):
        start = perf_counter()
        nn.fit(model, loss, data, optimiser, 1, progress=False)
        middle = perf_counter()
        for images, labels in again:
            sgd.zero_grad()
            output = theirs(torch.from_numpy(images))
            target = one_hot[torch.from_numpy(labels)]
            (((output - target) ** 2).sum() / (2 * len(labels))).backward()
            sgd.step()
        times["ours"].append(middle - start)
        times["PyTorch"].append(perf_counter() - middle)
    judged = nn.evaluate(model, loss, test, [nn.accuracy])
    with torch.no_grad():
        outputs = theirs(torch.from_numpy(test[0])).numpy()
    right = {"ours": judged["accuracy"], "PyTorch": nn.accuracy(outputs, test[1])}
    for name, found in times.items():
        print(f"{name}: {60 / np.median(found):.0f} epochs a minute, {right[name]:.2%} read right")


if __name__ == "__main__":
    main(sys.argv[1])
