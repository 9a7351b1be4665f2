"""The networks of Nielsen's book "Neural networks and deep learning" read handwritten digits.

`--network 30` is that of his first chapter: 784 inputs, 30 neurons, 10 outputs, all sigmoids, the
squared error, batches of 10 and a rate of 3. `--network 100` is that of his third chapter: 100
neurons, cross-entropy, and weights that decay. Give the folder with the files of MNIST; without
one, scikit-learn's 1,797 digits of 8 by 8 pixels serve.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import nn

Part = tuple[np.ndarray, np.ndarray]


def digits(folder: str | None) -> tuple[Part, Part]:
    """Return (images, labels) for training and for testing; images are rows from 0 to 1."""
    if folder is None:
        from sklearn.datasets import load_digits

        images, labels = load_digits(return_X_y=True)
        return nn.data.split(np.float32(images / 16), labels, 0.2, seed=0, stratify=labels)
    (images, labels), (test_images, test_labels) = nn.data.mnist(folder)
    return (
        (images.reshape(len(images), -1), labels),
        (test_images.reshape(len(test_images), -1), test_labels),
    )


def standard_normal(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return the first weights of his first chapter."""
    return rng.normal(size=shape)


def half_squared_error(output: Any, labels: np.ndarray) -> Any:
    """Return half the squared distance to 1 at the label and 0 elsewhere, as he defines it."""
    return nn.squared_error(output, np.eye(10, dtype=output.dtype)[labels]) / 2


def network(neurons: int, inputs: int) -> tuple[nn.Module, Any, nn.SGD]:
    """Return a network, its loss and its optimiser."""
    if neurons == 30:
        small = nn.MLP(
            inputs, [30, 10], nn.sigmoid, nn.sigmoid, init=standard_normal, seed=1, dtype="f4"
        )
        return small, half_squared_error, nn.SGD(small.parameters(), lr=3.0)
    large = nn.MLP(inputs, [neurons, 10], nn.sigmoid, init=nn.xavier, seed=1, dtype="f4")
    weights = [p for _, p in large.named_parameters("*.weights")]
    biases = [p for _, p in large.named_parameters("*.bias")]
    groups = [{"parameters": weights, "weight_decay": 1e-4}, {"parameters": biases}]
    return large, nn.cross_entropy, nn.SGD(groups, lr=0.1)


def main() -> None:
    """Train, and print the share of test images that are read right."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mnist", metavar="FOLDER", help="where the files of MNIST lie")
    parser.add_argument("--network", type=int, default=30, choices=(30, 100))
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--checkpoint", help="a .npz file to go on from, if it is there")
    options = parser.parse_args()
    training, test = digits(options.mnist)
    model, loss, optimiser = network(options.network, training[0].shape[1])
    history = nn.fit(
        model,
        loss,
        nn.data.batches(*training, 10, seed=0),
        optimiser,
        options.epochs,
        metrics=[nn.accuracy],
        validation=test,
        keep_best=False,  # the test images choose nothing
        checkpoint=options.checkpoint,
        resume=options.checkpoint is not None,
    )
    print(history)
    right = nn.evaluate(model, loss, test, [nn.accuracy])["accuracy"]
    print(f"{right:.2%} of {len(test[0]):,} test images are read right")


if __name__ == "__main__":
    main()
