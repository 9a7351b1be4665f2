"""Training steps: the adding neuron, micrograd's moons, a network for digits."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import numpy as np

import nn
from benchmarks.harness import Row, optional, rows


def adding_neuron(hips_folder: str | None) -> list[Row]:
    """One sample: forward, squared error, backward, w ← w − lr (gradient − w)."""
    row, total, lr = np.array([30.0, 40.0]), 70.0, 1e-9
    neuron = nn.Neuron(2, bias=False, init=[0.5, 1.5])
    optimiser = nn.SGD(neuron.parameters(), lr=lr, weight_decay=-1.0)

    def ours() -> None:
        optimiser.zero_grad()
        nn.squared_error(neuron(row), total).backward()
        optimiser.step()

    engine = optional("micrograd.engine")
    weights = engine and [engine.Value(0.5), engine.Value(1.5)]

    def micrograd() -> None:
        output = sum(w * x for w, x in zip(weights, (30.0, 40.0), strict=True))
        loss = (output - total) ** 2
        for w in weights:
            w.grad = 0
        loss.backward()
        for w in weights:
            w.data -= lr * (w.grad - w.data)

    torch = optional("torch")
    if torch:
        linear = torch.nn.Linear(2, 1, bias=False, dtype=torch.float64)
        sgd = torch.optim.SGD(linear.parameters(), lr=lr)
        sgd.param_groups[0]["weight_decay"] = -1.0  # the constructor refuses negative ones
        x, t = torch.tensor(row), torch.tensor([total], dtype=torch.float64)

    def pytorch() -> None:
        sgd.zero_grad()
        torch.nn.functional.mse_loss(linear(x), t).backward()
        sgd.step()

    runs = {"ours": ours, "micrograd": engine and micrograd, "PyTorch": torch and pytorch}
    return rows("adding neuron, one step", runs, {"micrograd": 0.5, "PyTorch": 0.15})


def moons(hips_folder: str | None) -> list[Row]:
    """micrograd's demo: 100 samples, MLP 2-16-16-1, hinge loss with L2, one step."""
    return rows("moons, one step", moons_runs(), {"micrograd": 1 / 300}, rounds=7)


def moons_runs() -> dict[str, partial[None] | Callable[[], None] | None]:
    """Return our step, with the data that it is called with, and micrograd's."""
    rng = np.random.default_rng(0)
    angle = np.pi * rng.random(100)
    labels = np.repeat([1.0, -1.0], 50)
    x = np.stack([np.cos(angle) * labels, np.sin(angle) * labels], axis=1)
    x += np.where(labels[:, None] > 0, [0, 0], [1, 0.5]) + 0.1 * rng.normal(size=x.shape)
    model = nn.MLP(2, [16, 16, 1], seed=0)
    optimiser = nn.SGD(model.parameters(), lr=0.01)

    def ours(x: np.ndarray, labels: np.ndarray) -> None:
        loss = nn.hinge(model(x)[:, 0], labels)
        loss = loss + 1e-4 * sum(np.sum(p * p) for p in model.parameters())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    peer = optional("micrograd.nn")
    if peer:
        random.seed(0)
        theirs = peer.MLP(2, [16, 16, 1])
        samples, targets = x.tolist(), labels.tolist()

    def micrograd() -> None:
        losses = [(1 - t * theirs(s)).relu() for s, t in zip(samples, targets, strict=True)]
        loss = sum(losses) * (1.0 / 100) + 1e-4 * sum(p * p for p in theirs.parameters())
        theirs.zero_grad()
        loss.backward()
        for p in theirs.parameters():
            p.data -= 0.01 * p.grad

    return {"ours": partial(ours, x, labels), "micrograd": peer and micrograd}


def mlp(hips_folder: str | None) -> list[Row]:
    """MLP 784-256-128-10, batch 128, float32, cross-entropy, one step of SGD."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(128, 784)).astype(np.float32)
    labels = rng.integers(0, 10, 128)
    model = nn.MLP(784, [256, 128, 10], seed=0, dtype=np.float32)
    optimiser = nn.SGD(model.parameters(), lr=0.01)

    def ours() -> None:
        loss = nn.cross_entropy(model(x), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    torch = optional("torch")
    if torch:
        linears = [torch.nn.Linear(a, b) for a, b in ((784, 256), (256, 128), (128, 10))]
        relu = torch.nn.ReLU()
        theirs = torch.nn.Sequential(linears[0], relu, linears[1], relu, linears[2])
        sgd = torch.optim.SGD(theirs.parameters(), lr=0.01)
        tx, tl = torch.tensor(x), torch.tensor(labels)

    def pytorch() -> None:
        loss = torch.nn.functional.cross_entropy(theirs(tx), tl)
        sgd.zero_grad()
        loss.backward()
        sgd.step()

    runs = {"ours": ours, "PyTorch": torch and pytorch, "NumPy by hand": by_hand(x, labels)}
    return rows("MLP 784-256-128-10, one step", runs, {"PyTorch": 1.2, "NumPy by hand": 1.3})


def by_hand(x: np.ndarray, labels: np.ndarray) -> Callable[[], None]:
    """Return the same step written out in NumPy."""
    model = nn.MLP(784, [256, 128, 10], seed=0, dtype=np.float32)
    (w1, b1), (w2, b2), (w3, b3) = [
        (layer.weights.data.copy(), layer.bias.data.copy()) for layer in model.layers
    ]
    rows_ = np.arange(128)

    def step() -> None:
        h1 = np.maximum(x @ w1 + b1, 0)
        h2 = np.maximum(h1 @ w2 + b2, 0)
        z = h2 @ w3 + b3
        z = z - z.max(axis=1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(axis=1, keepdims=True)
        -np.log(p[rows_, labels]).mean()
        g = p
        g[rows_, labels] -= 1
        g /= 128
        g2 = (g @ w3.T) * (h2 > 0)
        g1 = (g2 @ w2.T) * (h1 > 0)
        for w, b, h, g_ in ((w3, b3, h2, g), (w2, b2, h1, g2), (w1, b1, x, g1)):
            w -= np.float32(0.01) * (h.T @ g_)
            b -= np.float32(0.01) * g_.sum(axis=0)

    return step
