"""Training steps of networks that people build, in single precision, on one thread and on two.

Each step is timed in a fresh process, since libraries read the number of threads when they are
imported. With one thread, its CPU time is what counts, so that other programs on the machine do not
matter; with two, the time that passes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter, process_time
from typing import Any

import numpy as np

import nn
from benchmarks.harness import Row, compare, optional

Runs = dict[str, Callable[[], object] | None]
THREADS = {1: "one thread", 2: "two threads"}
torch = optional("torch")


def step(loss: Callable[..., Any], optimiser: Any, *data: Any) -> partial[None]:
    """Return a training step, ours or PyTorch's, with the data that it is called with."""

    def run(*data: Any) -> None:
        optimiser.zero_grad()
        loss(*data).backward()
        optimiser.step()

    return partial(run, *data)


def sgd(library: Any, model: Any, momentum: float = 0.0) -> Any:
    """Return the optimiser of all steps, ours or PyTorch's."""
    kind = (library.optim if library is torch else library).SGD
    return kind(model.parameters(), lr=1e-4, momentum=momentum)


def mlp(momentum: float = 0.0, hidden: int = 256) -> Runs:
    """MLP 784-256-128-10, batch of 128."""
    x, labels = images(128, 784)
    model = nn.MLP(784, [hidden, 128, 10], seed=0, dtype=np.float32)
    runs: Runs = {
        "ours": ours_classified(model, x, labels, momentum),
        "PyTorch": None,
    }
    if torch:
        theirs = torch.nn.Sequential(
            torch.nn.Linear(784, hidden),
            torch.nn.ReLU(),
            torch.nn.Linear(hidden, 128),
            torch.nn.ReLU(),
            torch.nn.Linear(128, 10),
        )
        runs["PyTorch"] = classified(theirs, x, labels, momentum)
    return runs


def convnet(batch: int = 64) -> Runs:
    """LeNet-5's sizes."""
    x, labels = images(batch, 1, 28, 28)
    layers = [
        nn.Conv2d(1, 6, 5, padding=2, seed=0, dtype=np.float32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, seed=0, dtype=np.float32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120, seed=0, dtype=np.float32),
        nn.ReLU(),
        nn.Linear(120, 84, seed=0, dtype=np.float32),
        nn.ReLU(),
        nn.Linear(84, 10, seed=0, dtype=np.float32),
    ]
    model = nn.Sequential(*layers)
    runs: Runs = {
        "ours": ours_classified(model, x, labels),
        "PyTorch": None,
        "MyGrad": mygrad_convnet(x, labels),
    }
    if torch:
        theirs = torch.nn.Sequential(
            torch.nn.Conv2d(1, 6, 5, padding=2),
            torch.nn.ReLU(),
            torch.nn.MaxPool2d(2),
            torch.nn.Conv2d(6, 16, 5),
            torch.nn.ReLU(),
            torch.nn.MaxPool2d(2),
            torch.nn.Flatten(),
            torch.nn.Linear(400, 120),
            torch.nn.ReLU(),
            torch.nn.Linear(120, 84),
            torch.nn.ReLU(),
            torch.nn.Linear(84, 10),
        )
        runs["PyTorch"] = classified(theirs, x, labels)
    return runs


def mygrad_convnet(x: np.ndarray, labels: np.ndarray) -> Callable[[], None] | None:
    """Return a step of the same network in MyGrad."""
    mygrad = optional("mygrad")
    if not mygrad:
        return None
    from mygrad.nnet.activations import relu
    from mygrad.nnet.layers import conv_nd, max_pool
    from mygrad.nnet.losses import softmax_crossentropy

    rng = np.random.default_rng(0)
    shapes = [(6, 1, 5, 5), (16, 6, 5, 5), (400, 120), (120, 84), (84, 10)]
    weights = [mygrad.tensor(rng.normal(size=s).astype(np.float32) / 10) for s in shapes]
    biases = [
        mygrad.tensor(np.zeros((1, n, 1, 1) if n in (6, 16) else n, np.float32))
        for n in (6, 16, 120, 84, 10)
    ]

    def run() -> None:
        y: Any = x
        for w, b, padding in zip(weights[:2], biases[:2], (2, 0), strict=True):
            y = relu(conv_nd(y, w, stride=1, padding=padding) + b)
            y = max_pool(y, pool=(2, 2), stride=2)
        y = y.reshape(len(x), -1)
        for w, b in zip(weights[2:4], biases[2:4], strict=True):
            y = relu(y @ w + b)
        softmax_crossentropy(y @ weights[4] + biases[4], labels).backward()
        for p in weights + biases:
            p.data -= np.float32(1e-4) * p.grad
            p.null_grad()

    return run


def lstm() -> Runs:
    """LSTM of 128 hidden numbers, 50 steps, batch of 32."""
    x, target = (numbers(32, 50, 128) for _ in range(2))
    model = nn.LSTM(128, 128, seed=0, dtype=np.float32)
    runs: Runs = {
        "ours": step(
            lambda x, target: ((model(x)[0] - target) ** 2).mean(), sgd(nn, model), x, target
        ),
        "PyTorch": None,
    }
    if torch:
        theirs = torch.nn.LSTM(128, 128, batch_first=True)
        runs["PyTorch"] = compared(theirs, x, target, lambda y: y[0])
    return runs


def transformer() -> Runs:
    """Transformer block of size 128 with 4 heads, 128 steps, batch of 16."""
    x, target = (numbers(16, 128, 128) for _ in range(2))
    model = nn.TransformerBlock(128, 4, seed=0, dtype=np.float32)
    runs: Runs = {
        "ours": step(
            lambda x, target: ((model(x) - target) ** 2).mean(), sgd(nn, model), x, target
        ),
        "PyTorch": None,
    }
    if torch:
        theirs = torch.nn.TransformerEncoderLayer(
            128, 4, 512, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        runs["PyTorch"] = compared(theirs, x, target, lambda y: y)
    return runs


def optimiser(name: str, fused: bool = True) -> Runs:
    """The optimiser's own time in a step of the MLP: the peer is the whole step."""
    x, labels = images(128, 784)
    model = nn.MLP(784, [256, 128, 10], seed=0, dtype=np.float32)
    options = {"lr": 1e-4, "momentum": 0.9} if name == "SGD" else {"lr": 1e-4}
    own = getattr(nn, name)(model.parameters(), **options)
    whole = step(lambda x, labels: nn.cross_entropy(model(x), labels), own, x, labels)
    own.fused = fused
    whole()
    for _ in range(7_000):  # by then all large parameters are changed by native loops
        own.step()
    return {"ours": own.step, "the whole step": whole}


def numbers(*shape: int) -> np.ndarray:
    """Return random numbers in single precision."""
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def images(*shape: int) -> tuple[np.ndarray, np.ndarray]:
    """Return random images, and a label for each."""
    return numbers(*shape), np.random.default_rng(1).integers(0, 10, shape[0])


def ours_classified(model: Any, x: Any, labels: Any, momentum: float = 0.0) -> partial[None]:
    """Return our step of a network for classes."""
    own = sgd(nn, model, momentum)
    return step(lambda x, labels: nn.cross_entropy(model(x), labels), own, x, labels)


def classified(theirs: Any, x: Any, labels: Any, momentum: float = 0.0) -> partial[None]:
    """Return PyTorch's step of a network for classes."""
    loss, own = torch.nn.functional.cross_entropy, sgd(torch, theirs, momentum)
    return step(lambda x, t: loss(theirs(x), t), own, torch.tensor(x), torch.tensor(labels))


def compared(
    theirs: Any, x: np.ndarray, target: np.ndarray, output: Callable[[Any], Any]
) -> partial[None]:
    """Return PyTorch's step of a network whose output should be near a target."""
    own = sgd(torch, theirs)
    data = torch.tensor(x), torch.tensor(target)
    return step(lambda x, target: ((output(theirs(x)) - target) ** 2).mean(), own, *data)


STEPS: dict[str, tuple[str, Callable[[], Runs], dict[str, float]]] = {
    "mlp": ("MLP 784-256-128-10, batch of 128", mlp, {"PyTorch": 1.1}),
    "convnet": ("LeNet-5, batch of 64", convnet, {"PyTorch": 2.5, "MyGrad": 1 / 8}),
    "lstm": ("LSTM of 128, 50 steps, batch of 32", lstm, {"PyTorch": 2.0}),
    "transformer": (
        "Transformer block of 128, 4 heads, 128 steps, batch of 16",
        transformer,
        {"PyTorch": 1.5},
    ),
} | {
    f"{name}{how}": (
        f"{name}'s own time{how}, MLP 784-256-128-10",
        partial(optimiser, name, fused=not how),
        {"the whole step": 0.15},
    )
    for name, how in (
        ("SGD", ""),
        ("Adam", ""),
        ("AdamW", ""),
        ("Adam", ", in NumPy"),
        ("AdamW", ", in NumPy"),
    )
}


def networks(hips_folder: str | None) -> Iterator[Row]:
    """Yield the rows of all steps, each with one thread and with two."""
    for name, (what, _, bars) in STEPS.items():
        for threads, words in THREADS.items():
            found = apart(name, threads)
            for peer, bar in bars.items():
                yield Row(f"{what}, {words}", peer, found["ours"], found.get(peer), bar)


def apart(name: str, threads: int) -> dict[str, float]:
    """Return the median times of a step in µs, measured in a process of its own."""
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    env = os.environ | dict.fromkeys(variables, str(threads))
    command = [sys.executable, "-m", "benchmarks.networks", name, str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    return json.loads(done.stdout)


if __name__ == "__main__":
    clock = process_time if sys.argv[2] == "1" else perf_counter
    print(json.dumps(compare(STEPS[sys.argv[1]][1](), rounds=41, clock=clock)))
