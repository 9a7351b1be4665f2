"""A network reads digits on several devices: each batch is cut among them, to the weights of one.

JAX's devices are the GPUs that it finds, or the processor. The same program runs on eight simulated
ones:

    export XLA_FLAGS=--xla_force_host_platform_device_count=8
    python examples/many_devices.py --devices 1 2 8

and on several hosts, each of which runs this with a number of its own, from 0 on:

    python examples/many_devices.py --coordinator FIRST_HOST:1234 --hosts 2 --host 0

Without `--single` all is computed in double precision, as NumPy does. GPUs are many times faster in
single precision, in which weights agree to fewer digits.
"""

from __future__ import annotations

import argparse
from time import perf_counter
from typing import Any

import jax
import numpy as np
from sklearn.datasets import load_digits

import nn

Part = tuple[np.ndarray, np.ndarray]


def trained(training: Part, epochs: int, **settings: Any) -> nn.Module:
    """Return a network that has learned to read digits."""
    model = nn.MLP(64, [64, 10], nn.tanh, seed=0, dtype=training[0].dtype)
    nn.fit(
        model,
        nn.cross_entropy,
        nn.data.batches(*training, 64, seed=0),
        nn.SGD(model.parameters(), lr=0.1, momentum=0.9),
        epochs,
        **settings,
    )
    return model


def apart(model: nn.Module, other: nn.Module) -> float:
    """Return the largest difference between the weights of two networks."""
    pairs = zip(model.parameters(), other.parameters(), strict=True)
    return max(float(np.abs(p.data - q.data).max()) for p, q in pairs)


def main() -> None:
    """Train op by op, then on devices, and print by how much the weights differ."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    option = parser.add_argument
    option("--devices", type=int, nargs="+", help="how many; one run for each number (all)")
    option("--epochs", type=int, default=10)
    option("--single", action="store_true", help="compute in single precision")
    option("--coordinator", metavar="HOST:PORT", help="the first host, and a free port there")
    option("--hosts", type=int, default=2)
    option("--host", type=int, default=0, help="the number of this host")
    options = parser.parse_args()
    if options.coordinator:
        jax.config.update("jax_cpu_collectives_implementation", "gloo")  # between processors
        jax.distributed.initialize(options.coordinator, options.hosts, options.host)

    images, labels = load_digits(return_X_y=True)
    images = np.asarray(images / 16, "f4" if options.single else float)
    training, test = nn.data.split(images, labels, 0.2, seed=0, stratify=labels)
    alone = trained(training, options.epochs)
    for count in options.devices or [jax.device_count()]:
        begun = perf_counter()
        model = trained(training, options.epochs, compile="jax", devices=count, progress=False)
        right = nn.evaluate(model, nn.cross_entropy, test, [nn.accuracy])["accuracy"]
        print(
            f"{count} × {jax.devices()[0].device_kind}: {right:.1%} of {len(test[0])} images are "
            f"read right, after {perf_counter() - begun:.1f} s; weights differ from those of NumPy "
            f"by at most {apart(model, alone):.1g}"
        )


if __name__ == "__main__":
    main()
