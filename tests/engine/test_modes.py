"""Who watches a thread hears of every op and every walk; several may watch at once."""

import threading

import numpy as np
import pytest

from autograd import NonFiniteError, Value, debug, grad, no_grad
from autograd.debugging.session import Session
from autograd.engine.modes import Watcher, watched, watches, watching


class Count(Watcher):
    """A small profiler."""

    def __init__(self):
        self.ops, self.walks = [], []

    def made(self, value, op, parents, args, params):
        assert value.op in (op, None)
        assert len(parents) == len(args)
        self.ops.append(op.name)

    def walked(self, roots, seeds, found, nodes=None, places=None):
        self.walks.append((len(roots), len(seeds), len(found)))

    def where(self, node):
        return f"made as number {node.serial}"


def loss(x):
    return (np.tanh(x) * x).sum(axis=0)


def test_a_watcher_hears_of_ops_and_walks():
    count = Count()
    with watched(count):
        loss(Value([1.0, 2.0])).backward()
        grad(loss)(np.ones(3))
        with no_grad():
            loss(Value([1.0, 2.0]))
    loss(Value([1.0, 2.0])).backward()
    assert count.ops == ["tanh", "multiply", "sum"] * 3
    assert count.walks == [(1, 1, 1)] * 2
    assert not watches


def test_several_watch_at_once():
    outer, inner = Count(), Count()
    with watched(outer):
        np.sin(Value(1.0))
        with watched(inner):
            assert watching() == [outer, inner]
            np.cos(Value(1.0))
    assert (outer.ops, inner.ops) == (["sin", "cos"], ["cos"])


def test_debug_inside_another_watcher_is_on():
    count = Count()
    with watched(count), pytest.raises(NonFiniteError, match="log made -inf"), debug():
        np.log(Value(0.0))
    assert count.ops == ["log"]


def test_debug_inside_debug_is_one():
    with debug(), debug():
        (session,) = watching()
        assert isinstance(session, Session)


def test_each_watcher_adds_where_a_node_was_made():
    y = np.sin(Value([1.0, 2.0]))
    with watched(Count()), watched(Count()), pytest.raises(ValueError, match="gradient") as caught:
        y.backward()
    assert caught.value.__notes__ == [f"made as number {y.serial}"] * 2


def test_watching_is_of_one_thread():
    count = Count()
    with watched(count):
        thread = threading.Thread(target=loss, args=(Value([1.0]),))
        thread.start()
        thread.join()
    assert not count.ops
