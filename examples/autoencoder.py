"""A variational autoencoder invents handwritten digits.

An encoder says of each image where in a space of a few numbers it may lie: at a mean, give or take
a spread. A decoder draws an image from a place in that space. Both learn to give images back, while
the places stay near 0 (Kingma and Welling, 2013); so afterwards the decoder makes a new digit of
any place near 0. Give the folder with the files of MNIST; without one, scikit-learn's digits of 8
by 8 pixels serve.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import nn
from autograd import no_grad


class Autoencoder(nn.Module):
    """An encoder to means and log variances, and a decoder from places to logits of pixels."""

    def __init__(self, pixels: int, hidden: int, size: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        options: dict[str, Any] = {"init": nn.xavier, "seed": rng, "dtype": "f4"}
        self.encoder = nn.MLP(pixels, [hidden, 2 * size], nn.relu, **options)
        self.decoder = nn.MLP(size, [hidden, pixels], nn.relu, **options)
        self.size, self.rng = size, np.random.default_rng(seed)

    def __call__(self, images: np.ndarray) -> tuple[Any, Any, Any]:
        mean, log_variance = np.split(self.encoder(images), 2, axis=-1)
        noise = self.rng.standard_normal(mean.shape, dtype="f4")
        return self.decoder(mean + np.exp(log_variance / 2) * noise), mean, log_variance

    def invented(self, count: int, seed: int) -> np.ndarray:
        """Return new images, of shape (count, pixels)."""
        places = np.random.default_rng(seed).standard_normal((count, self.size), dtype="f4")
        with no_grad():
            return nn.sigmoid(self.decoder(places)).numpy()


def loss(output: tuple[Any, Any, Any], images: np.ndarray) -> Any:
    """Return the bound on −log p(image): what is lost in it, and how far places are from 0."""
    logits, mean, log_variance = output
    lost = nn.binary_cross_entropy(logits, images, reduction="sum")
    away = np.sum(np.exp(log_variance) + mean**2 - 1 - log_variance) / 2
    return (lost + away) / len(images)


def digits(folder: str | None) -> np.ndarray:
    """Return images (n, side, side), of numbers from 0 to 1."""
    if folder is not None:
        return nn.data.mnist(folder)[0][0]
    from sklearn.datasets import load_digits

    return np.float32(load_digits().images / 16)


def sheet(images: np.ndarray, columns: int) -> np.ndarray:
    """Return one picture of many square ones (n, pixels), in rows, four times as large."""
    side = round(images.shape[1] ** 0.5)
    framed = np.pad(images.reshape(-1, side, side), ((0, 0), (1, 1), (1, 1)))
    rows = framed.reshape(-1, columns, side + 2, side + 2)
    return np.kron(np.vstack([np.hstack(row) for row in rows]), np.ones((4, 4)))


def main() -> None:
    """Train, and save a picture of sixty new digits."""
    import matplotlib.pyplot as plt

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mnist", metavar="FOLDER", help="where the files of MNIST lie")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--size", type=int, default=8, help="of the space (%(default)s)")
    parser.add_argument("--picture", default="digits.png", help="where to save it (%(default)s)")
    options = parser.parse_args()
    images = digits(options.mnist)
    images = images.reshape(len(images), -1)
    model = Autoencoder(images.shape[1], 256, options.size, seed=0)
    data = nn.data.batches(images, images, 64, seed=0)
    history = nn.fit(model, loss, data, nn.Adam(model.parameters()), options.epochs)
    print(history)
    plt.imsave(options.picture, sheet(model.invented(60, seed=1), columns=12), cmap="gray_r")
    print(f"sixty new digits are in {options.picture}")


if __name__ == "__main__":
    main()
