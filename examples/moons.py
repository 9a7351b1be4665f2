"""A network tells two half moons apart, or two spirals, and draws the boundary that it found.

The picture is text, one character for each place: where the network says the second class, there
is a shade. Points of the training set are `o` and `x`. `--picture PATH` draws it in colours, pale
where the network is in doubt. Spirals need more points and more patience than moons:
`--shape spirals --points 400 --epochs 150`.
"""

from __future__ import annotations

import argparse

import numpy as np

import nn
from autograd import no_grad

WIDTH, HEIGHT = 72, 24
Points = tuple[np.ndarray, np.ndarray]  # of shape (n, 2), and their classes


def moons(n: int, noise: float, seed: int) -> Points:
    """Return points on two half circles."""
    rng = np.random.default_rng(seed)
    angles, classes = rng.uniform(0, np.pi, n), rng.integers(0, 2, n)
    upper = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    lower = np.stack([1 - np.cos(angles), 0.5 - np.sin(angles)], axis=1)
    points = np.where(classes[:, None] == 0, upper, lower)
    return points + rng.normal(scale=noise, size=points.shape), classes


def spirals(n: int, noise: float, seed: int) -> Points:
    """Return points on two spirals, one of which is the other turned by half a circle."""
    rng = np.random.default_rng(seed)
    angles, classes = rng.uniform(np.pi / 2, 3 * np.pi, n), rng.integers(0, 2, n)
    turned = angles + np.pi * classes
    points = angles[:, None] / 4 * np.stack([np.cos(turned), np.sin(turned)], axis=1)
    return points + rng.normal(scale=noise, size=points.shape), classes


def plane(model: nn.MLP, low: np.ndarray, high: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return how sure a model is of the second class, from 0 to 1, at (rows, columns) of places."""
    x, y = np.linspace(low[0], high[0], shape[1]), np.linspace(high[1], low[1], shape[0])
    with no_grad():
        logits = model(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2))
        return nn.softmax(logits)[:, 1].numpy().reshape(shape)


def text(model: nn.MLP, points: np.ndarray, classes: np.ndarray) -> str:
    """Return the plane as text: the classes that a model sees, and the points."""
    low, high = points.min(axis=0), points.max(axis=0)
    shown = np.where(plane(model, low, high, (HEIGHT, WIDTH)) > 0.5, "░", " ")
    columns, rows = np.rint((points - low) / (high - low) * (WIDTH - 1, HEIGHT - 1)).astype(int).T
    shown[HEIGHT - 1 - rows, columns] = np.where(classes == 1, "x", "o")
    return "\n".join("".join(row) for row in shown)


def save(path: str, model: nn.MLP, points: np.ndarray, classes: np.ndarray) -> None:
    """Save the plane as a picture."""
    import matplotlib.pyplot as plt

    low, high = points.min(axis=0) - 0.2, points.max(axis=0) + 0.2
    figure, axes = plt.subplots(figsize=(5, 4), layout="constrained")
    extent = (low[0], high[0], low[1], high[1])
    sure = plane(model, low, high, (200, 200))
    axes.imshow(sure, cmap="RdBu", vmin=-0.6, vmax=1.6, extent=extent)
    axes.scatter(*points.T, c=classes, cmap="RdBu", s=14, edgecolors="white", linewidths=0.5)
    figure.savefig(path)


def main() -> None:
    """Train, and print the picture and the share of new points that are told apart."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shape", default="moons", choices=("moons", "spirals"))
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--noise", type=float, default=0.15)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--picture", metavar="PATH", help="where to save a picture in colours")
    options = parser.parse_args()
    draw = {"moons": moons, "spirals": spirals}[options.shape]
    points, classes = draw(options.points, options.noise, seed=0)
    training, validation = nn.data.split(points, classes, 0.25, seed=0, stratify=classes)
    model = nn.MLP(2, [32, 32, 2], activation=nn.tanh, init=nn.xavier, seed=0)
    data, adam = nn.data.batches(*training, 16, seed=0), nn.Adam(model.parameters(), lr=0.02)
    history = nn.fit(model, nn.cross_entropy, data, adam, options.epochs, metrics=[nn.accuracy],
                     validation=validation, early_stopping=50)  # fmt: skip
    print(history)
    print(text(model, *training))
    new = draw(1000, options.noise, seed=1)
    right = nn.evaluate(model, nn.cross_entropy, new, [nn.accuracy])["accuracy"]
    print(f"{right:.1%} of 1,000 new points are told apart")
    if options.picture:
        save(options.picture, model, *training)


if __name__ == "__main__":
    main()
