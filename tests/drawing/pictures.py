"""The pictures in the docs: `python -m tests.drawing.pictures` makes them anew."""

from pathlib import Path

import numpy as np

import autograd
import nn
from autograd import Value, compare, draw, grad, sigmoid, tanh

DOCS = Path(__file__).parents[2] / "docs"


def neuron():
    x1, x2 = Value(2.0), Value(0.5)
    w1, w2, b = Value(-0.5), Value(1.5), Value(0.75)
    y = tanh(x1 * w1 + x2 * w2 + b)
    y.backward()
    return draw(y)


def on_two_paths(x):
    u = 3 * x
    v = x + 1
    y = u * v
    return y


def network(**options):
    model = nn.MLP(4, [8, 8, 8, 8, 1], activation=nn.tanh, seed=0)
    points = np.random.default_rng(0).normal(size=(5, 4))
    return draw(model, points, **options)


def vanishing():
    x, weight = Value(1.0), Value(1.5)
    for _ in range(4):
        x = sigmoid(weight * x)
    return draw(x, color="gradient", repeats=False)


def loop():
    wx, wh, b = (
        Value(np.linspace(-1, 1, 12).reshape(3, 4)),
        Value(np.eye(4) / 2),
        Value(np.zeros(4)),
    )
    h = np.zeros(4)
    for x in np.random.default_rng(0).normal(size=(30, 3)):
        h = np.tanh(x @ wx + h @ wh + b)
    return draw((h**2).sum())


def second():
    x = Value(0.5)
    y = np.sin(x) ** 3
    y.backward(create_graph=True)
    return draw(x.grad * y, direction="TB")


def changes():
    small = nn.MLP(3, [8, 1], activation=nn.tanh, seed=0)
    large = nn.MLP(3, [8, 8, 1], activation=nn.tanh, seed=0)
    points = np.random.default_rng(0).normal(size=(5, 3))
    return compare(small, large, points)


def compiled(stage):
    @autograd.compile
    def slope(x, scale):
        return grad(lambda x: (x * x + 1.0) * scale)(x)

    slope(3.0, 0.5)
    return draw(slope.show().graphs[stage], direction="LR")


PICTURES = {
    "pictures/recorded.svg": lambda: compiled("recorded"),
    "pictures/passed.svg": lambda: compiled("7. common_once"),
    "pictures/changes.svg": changes,
    "graph.svg": neuron,
    "pictures/paths.svg": lambda: draw(on_two_paths, Value(2.0), gradients=True),
    "pictures/network.svg": network,
    "pictures/loop.svg": loop,
    "pictures/folded.svg": lambda: network(depth=0, direction="LR"),
    "pictures/dark.svg": lambda: network(depth=0, direction="LR", dark=True),
    "pictures/gradient.svg": vanishing,
    "pictures/second.svg": second,
}

if __name__ == "__main__":
    (DOCS / "pictures").mkdir(exist_ok=True)
    for name, make in PICTURES.items():
        make().save(DOCS / name)
