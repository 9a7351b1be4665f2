"""nn.monitor raises no flag on networks of all kinds that learn."""

import numpy as np
import pytest

import nn
from autograd import no_grad

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(32, 10))
FIRST = ROWS[:, :1]
IMAGES, CLASSES = RNG.normal(size=(12, 1, 10, 10)), RNG.integers(0, 3, 12)
TOKENS = RNG.integers(0, 12, (6, 8))


def sequences(steps):
    x = np.random.default_rng(steps).normal(size=(12, steps, 3))
    return x, x[:, :, 0].mean(axis=1, keepdims=True) * 3


def mlp(**options):
    return nn.MLP(10, [32, 32, 1], seed=0, **options)


class LastState(nn.Module):
    def __init__(self, network, size):
        self.network, self.last = network, nn.Linear(size, 1, seed=1)

    def __call__(self, x):
        return self.last(self.network(x)[0][:, -1])


class Blocks(nn.Module):
    """A language model, of several blocks or of one again and again."""

    def __init__(self, shared):
        self.embedding, self.position = nn.Embedding(12, 16, seed=0), nn.Sinusoidal(16)
        blocks = [nn.TransformerBlock(16, 2, causal=True, seed=i) for i in range(6)]
        self.blocks = blocks[:1] * 6 if shared else blocks[:2]
        self.last = nn.Linear(16, 12, seed=9)

    def __call__(self, tokens):
        x = self.position(self.embedding(tokens))
        for block in self.blocks:
            x = block(x)
        return self.last(x)


class Pretrained(nn.Module):
    """Its first part computes without a graph."""

    def __init__(self):
        self.first, self.last = nn.MLP(10, [16, 8], seed=0), nn.Linear(8, 1, seed=1)

    def __call__(self, x):
        with no_grad():
            h = self.first(x)
        return self.last(h)


def convolutions():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, seed=0), nn.BatchNorm(4), nn.relu, nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64, 3, seed=1),
    )  # fmt: skip


def autoencoder():
    layers = [nn.Linear(a, b, seed=a) for a, b in ((10, 6), (6, 2), (2, 6), (6, 10))]
    return nn.Sequential(layers[0], nn.tanh, layers[1], layers[2], nn.tanh, layers[3])


def dropouts():
    return nn.Sequential(
        nn.Linear(10, 64, seed=0), nn.relu, nn.Dropout(0.5, seed=0), nn.Linear(64, 1, seed=1)
    )


def frozen():
    model = mlp()
    model.layers[0].freeze()
    return model


def next_token(scores, tokens):
    return nn.cross_entropy(scores.reshape(-1, 12), tokens.ravel())


LINE = (ROWS, FIRST, nn.squared_error)
CASES = {
    **{
        f"MLP {optimiser.__name__} {lr}": (mlp, *LINE, optimiser, {"lr": lr})
        for optimiser, lr in [
            (nn.SGD, 0.01), (nn.SGD, 1e-6), (nn.Adam, 1e-2), (nn.Adam, 1e-6), (nn.AdamW, 1e-3),
            (nn.RMSProp, 1e-3), (nn.Lion, 1e-3), (nn.Adagrad, 1e-2), (nn.NAdam, 1e-3),
            (nn.RAdam, 1e-3), (nn.Adamax, 1e-3), (nn.Adadelta, 1.0),
        ]
    },
    "weight decay": (mlp, *LINE, nn.SGD, {"lr": 0.05, "weight_decay": 1e-2}),
    "convolutions": (
        convolutions, IMAGES, CLASSES, nn.cross_entropy, nn.SGD, {"lr": 0.1, "momentum": 0.9}
    ),
    **{
        f"{kind.__name__} {steps}": (
            lambda kind=kind: LastState(kind(3, 16, seed=0), 16),
            *sequences(steps), nn.squared_error, nn.Adam, {"lr": 1e-2},
        )
        for kind in (nn.RNN, nn.LSTM, nn.GRU) for steps in (8, 20)
    },
    "transformer": (lambda: Blocks(False), TOKENS, TOKENS, next_token, nn.AdamW, {"lr": 3e-3}),
    "one block": (lambda: Blocks(True), TOKENS, TOKENS, next_token, nn.AdamW, {"lr": 3e-3}),
    "autoencoder": (autoencoder, ROWS, ROWS, nn.squared_error, nn.Adam, {"lr": 1e-2}),
    "dropout": (dropouts, *LINE, nn.Adam, {"lr": 1e-3}),
    "frozen": (frozen, *LINE, nn.Adam, {"lr": 1e-3}),
    "pretrained": (Pretrained, *LINE, nn.Adam, {"lr": 1e-3}),
    "large numbers": (
        lambda: nn.Linear(10, 1, seed=0), ROWS, 1000 * FIRST, nn.squared_error, nn.SGD, {"lr": 0.2}
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_networks_that_learn_raise_no_flag(name):
    make, x, y, loss, optimiser, options = CASES[name]
    model = make()
    steps = optimiser(model.parameters(), **options)
    losses = []
    with nn.monitor(model) as watch:
        for _ in range(30):
            steps.zero_grad()
            found = loss(model(x), y)
            found.backward()
            steps.step()
            watch.step()
            losses.append(found.item())
    assert losses[-1] < losses[0]
    assert not watch.problems
