"""The digits network trained on several devices of JAX's, for `test_many_devices.py`.

`python -m tests.compiling.many_devices` trains on 2 and on 8 simulated devices of one process. With
an I and a PORT it is process I of two, which have one device each. It prints by how much weights
differ at most from those of NumPy on one.
"""

import sys

import numpy as np

import nn
from autograd.compiling.node import Argument, Leaf, Node
from autograd.compiling.sharing import Shared, devices_of

BATCH = 24


def digits(rows):
    """Return some of scikit-learn's digits; random images without it."""
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError:
        rng = np.random.default_rng(0)
        return rng.random((rows, 64)), rng.integers(0, 10, rows)
    images, labels = load_digits(return_X_y=True)
    return images[:rows] / 16, labels[:rows]


def trained(data, **settings):
    """Return all weights of a network after a short training."""
    model = nn.MLP(data[0].shape[1], [12, 10], nn.tanh, seed=0)
    nn.fit(
        model,
        nn.cross_entropy,
        nn.data.batches(*data, BATCH, seed=0),
        nn.SGD(model.parameters(), lr=0.1, momentum=0.9),
        2,
        progress=False,
        **settings,
    )
    return np.concatenate([p.numpy().ravel() for p in model.parameters()])


def assert_each_has_its_part(devices):
    """Raise unless each device of this process holds its rows of an argument, and all weights."""
    x, w = np.arange(6.0 * len(devices)).reshape(-1, 3), np.ones(4)
    nodes = [Node(None, sample=x, source=Argument(0)), Node(None, sample=w, source=Leaf(None))]
    for lies, whole in zip(Shared(nodes, devices).placed(nodes, [x, w]), (x, w), strict=True):
        for part in lies.addressable_shards:
            assert len(part.data) == (2 if whole is x else 4)
            np.testing.assert_array_equal(part.data, whole[part.index])


def simulated():
    """Train on 2 devices, which see each step of equal batches, and on 8, whose last is smaller."""
    assert_each_has_its_part(devices_of(8))
    for devices, rows, metrics in ((2, 4 * BATCH, [nn.accuracy]), (8, 4 * BATCH + 3, [])):
        data = digits(rows)
        found = trained(data, compile="jax", devices=devices, metrics=metrics)
        print(np.abs(found - trained(data)).max())


def joined(process, port):
    """Train together with another process; return 77 where processes cannot be joined."""
    import jax

    try:
        jax.config.update("jax_cpu_collectives_implementation", "gloo")
        jax.distributed.initialize(f"localhost:{port}", 2, process, initialization_timeout=60)
        devices = jax.devices()
    except (AttributeError, RuntimeError, ValueError) as error:
        print(f"{type(error).__name__}: {error}")
        return 77
    assert len(devices) == 2 and len(jax.local_devices()) == 1
    assert_each_has_its_part(devices)
    rng = np.random.default_rng(0)
    data = rng.random((2 * BATCH, 8)), rng.integers(0, 10, 2 * BATCH)
    found = trained(data, compile="jax", devices=devices, metrics=[nn.accuracy])
    print(np.abs(found - trained(data)).max(), found.tobytes().hex())
    return 0


if __name__ == "__main__":
    sys.exit(joined(*map(int, sys.argv[1:])) if sys.argv[1:] else simulated())
