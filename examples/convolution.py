"""A convolutional network reads handwritten digits: the one of Nielsen's sixth chapter.

Two layers of convolution and pooling find strokes and then what strokes form; a layer of 100
neurons with dropout, and one of 10, tell which digit that is. Every image is shifted by up to one
pixel, anew each time it is shown, so that the network never sees quite the same data twice. Give
the folder with the files of MNIST; without one, scikit-learn's 1,797 digits of 8 by 8 pixels serve.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import nn

Part = tuple[np.ndarray, np.ndarray]


def digits(folder: str | None) -> tuple[Part, Part]:
    """Return (images, labels) for training and for testing; images are (n, 1, 28, 28)."""
    if folder is None:
        from sklearn.datasets import load_digits

        images, labels = load_digits(return_X_y=True)
        large = np.kron(images.reshape(-1, 8, 8) / 16, np.ones((1, 3, 3)))
        framed = np.float32(np.pad(large, ((0, 0), (2, 2), (2, 2)))[:, None])
        return nn.data.split(framed, labels, 0.2, seed=0, stratify=labels)
    (images, labels), (test_images, test_labels) = nn.data.mnist(folder)
    return (images[:, None], labels), (test_images[:, None], test_labels)


def shifted(images: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> Part:
    """Move each image by up to one pixel in each direction."""
    framed = np.pad(images[:, 0], ((0, 0), (1, 1), (1, 1)))
    windows = sliding_window_view(framed, images.shape[2:], axis=(1, 2))
    down, right = rng.integers(0, 3, (2, len(images)))
    return windows[np.arange(len(images)), down, right][:, None], labels


def network() -> nn.Sequential:
    """Return a network from images (n, 1, 28, 28) to the logits of ten digits."""
    layer: dict[str, Any] = {"init": nn.he, "dtype": "f4"}
    return nn.Sequential(
        nn.Conv2d(1, 20, 5, seed=0, **layer),  # 24 × 24
        nn.relu,
        nn.MaxPool2d(2),  # 12 × 12
        nn.Conv2d(20, 40, 5, seed=1, **layer),  # 8 × 8
        nn.relu,
        nn.MaxPool2d(2),  # 4 × 4
        nn.Flatten(),
        nn.Linear(40 * 4 * 4, 100, seed=2, **layer),
        nn.relu,
        nn.Dropout(0.5, seed=3),
        nn.Linear(100, 10, seed=4, **layer),
    )


def main() -> None:
    """Train, and print the share of test images that are read right."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mnist", metavar="FOLDER", help="where the files of MNIST lie")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--checkpoint", help="a .npz file to go on from, if it is there")
    options = parser.parse_args()
    training, test = digits(options.mnist)
    model = network()
    history = nn.fit(
        model,
        nn.cross_entropy,
        nn.data.batches(*training, 64, seed=0, transform=shifted),
        nn.Adam(model.parameters()),
        options.epochs,
        metrics=[nn.accuracy],
        schedule=nn.schedules.one_cycle(0.003, options.epochs),
        validation=test,
        keep_best=False,  # the test images choose nothing
        checkpoint=options.checkpoint,
        resume=options.checkpoint is not None,
    )
    print(history)
    right = nn.evaluate(model, nn.cross_entropy, test, [nn.accuracy])["accuracy"]
    print(f"{right:.2%} of {len(test[0]):,} test images are read right")


if __name__ == "__main__":
    main()
