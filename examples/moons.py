"""A network tells two half moons apart, and draws the boundary that it found.

The picture is text, one character for each place: where the network says the second class, there
is a shade. Points of the training set are `o` and `x`.
"""

from __future__ import annotations

import argparse

import numpy as np

import nn
from autograd import no_grad

WIDTH, HEIGHT = 72, 24
LEFT, RIGHT, LOW, HIGH = -1.6, 2.6, -1.1, 1.6


def moons(n: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points of shape (n, 2) on two half circles, and their classes."""
    rng = np.random.default_rng(seed)
    angles, classes = rng.uniform(0, np.pi, n), rng.integers(0, 2, n)
    upper = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    lower = np.stack([1 - np.cos(angles), 0.5 - np.sin(angles)], axis=1)
    points = np.where(classes[:, None] == 0, upper, lower)
    return points + rng.normal(scale=noise, size=points.shape), classes


def picture(model: nn.MLP, points: np.ndarray, classes: np.ndarray) -> str:
    """Return the plane as text: the classes that a model sees, and the points."""
    x, y = np.linspace(LEFT, RIGHT, WIDTH), np.linspace(HIGH, LOW, HEIGHT)
    plane = np.stack(np.meshgrid(x, y), axis=-1)
    with no_grad():
        logits = model(plane.reshape(-1, 2)).numpy().reshape(HEIGHT, WIDTH, 2)
    shown = np.where(logits[..., 1] > logits[..., 0], "░", " ")
    columns = np.rint((points[:, 0] - LEFT) / (RIGHT - LEFT) * (WIDTH - 1)).astype(int)
    rows = np.rint((HIGH - points[:, 1]) / (HIGH - LOW) * (HEIGHT - 1)).astype(int)
    inside = (columns >= 0) & (columns < WIDTH) & (rows >= 0) & (rows < HEIGHT)
    shown[rows[inside], columns[inside]] = np.where(classes[inside] == 1, "x", "o")
    return "\n".join("".join(row) for row in shown)


def main() -> None:
    """Train, and print the picture and the share of new points that are told apart."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--noise", type=float, default=0.15)
    parser.add_argument("--epochs", type=int, default=60)
    options = parser.parse_args()
    points, classes = moons(options.points, options.noise, seed=0)
    training, validation = nn.data.split(points, classes, 0.25, seed=0, stratify=classes)
    model = nn.MLP(2, [16, 16, 2], activation=nn.tanh, init=nn.xavier, seed=0)
    history = nn.fit(
        model,
        nn.cross_entropy,
        nn.data.batches(*training, 16, seed=0),
        nn.Adam(model.parameters(), lr=0.02),
        options.epochs,
        metrics=[nn.accuracy],
        validation=validation,
        early_stopping=20,
    )
    print(history)
    print(picture(model, *training))
    new = moons(1000, options.noise, seed=1)
    right = nn.evaluate(model, nn.cross_entropy, new, [nn.accuracy])["accuracy"]
    print(f"{right:.1%} of 1,000 new points are told apart")


if __name__ == "__main__":
    main()
