"""No reference cycles: with the garbage collector off, memory stays flat."""

import gc
import weakref

import numpy as np
import pytest

from autograd import Value, tanh
from autograd.engine.primitive import PRIMITIVES


@pytest.fixture
def collector_off():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Watched(Value):
    __slots__ = ("__weakref__",)


def test_a_dropped_graph_is_gone_at_once(collector_off):
    x = Watched([1.0, 2.0])
    y = tanh(x * x)[0] + x.sum()
    y.backward()
    gone = weakref.ref(x)
    del x, y
    assert gone() is None


@pytest.mark.slow
def test_no_growth_over_a_thousand_steps(collector_off):
    w = Value(np.ones((4, 4)))

    def steps(n):
        for _ in range(n):
            loss = np.square(np.tanh(w @ w.T)[0]).sum() + w.mean()
            w.zero_grad()
            loss.backward()
            w.data -= 0.01 * w.grad

    steps(10)
    gc.collect()
    before = len(gc.get_objects())
    steps(1000)
    assert len(gc.get_objects()) - before < 20
    assert gc.collect() < 20


def test_no_primitive_leaves_a_cycle(collector_off):
    rng = np.random.default_rng(0)
    for op in PRIMITIVES.values():
        if not op.samples:
            continue
        for args, params in op.samples(rng):
            leaf = Watched(args[0]) if isinstance(args[0], np.ndarray) else Watched(1.0)
            gone = weakref.ref(leaf)
            y = op(leaf, *args[1:], **params)
            if y.dtype.kind == "f":
                y.backward(np.ones(y.shape) if y.shape else None)
            del leaf, y
            assert gone() is None, op.name
