"""Programs written on micrograd's Value run with the import line changed."""

import random

import numpy as np
import pytest

from autograd import Value


def test_its_sanity_check():
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)  # PyTorch says the same


def test_more_of_its_ops():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


class Neuron:
    def __init__(self, nin, rng):
        self.w = [Value(rng.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0)

    def __call__(self, x):
        return sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b).relu()


def test_a_neuron_of_scalars_equals_one_of_arrays():
    neuron = Neuron(3, random.Random(1))
    x = [2.0, 3.0, -1.0]
    w = Value([wi.data for wi in neuron.w])
    loss, array_loss = (neuron(x) - 1.0) ** 2, ((w @ np.array(x)).relu() - 1.0) ** 2
    loss.backward()
    array_loss.backward()
    assert loss.data == pytest.approx(array_loss.data)
    np.testing.assert_allclose([wi.grad for wi in neuron.w], w.grad)
    for p in [*neuron.w, neuron.b]:
        p.data += -0.01 * p.grad
        p.grad = 0
    assert neuron.b.grad == 0


def test_its_way_of_drawing():
    x = Value(2.0)
    y = x * 3 + 1
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(y)
    assert len(nodes) == 3
    assert len(edges) == 2
    assert (y._op, x._op) == ("+", "")
    assert f"{x.grad:.4f}" == "0.0000"
