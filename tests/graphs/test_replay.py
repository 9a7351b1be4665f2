"""The graph is enough: a recorded training step runs again from the graph alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import FreedGraphError, Value, checkpoint, logsumexp, no_grad, relu
from autograd.engine.value import held
from autograd.graphs.replay import Replay


def step(w, b, x, t, rate):
    """One step of gradient descent on a small network, all of it in the graph."""
    w.zero_grad()
    b.zero_grad()
    hidden = relu(np.maximum(x @ w, -1.0) + b)
    best = np.max(np.where(hidden > 0.5, hidden, 0.1 * hidden - x[:, :1]), axis=1)
    loss = np.mean(np.square(np.clip(best - t, -2.0, 2.0))) + logsumexp(hidden) ** 2
    loss.backward(create_graph=True)
    return loss, w.grad, b.grad, w - rate * w.grad, b - rate * b.grad


@given(st.integers(0, 2**32 - 1))
def test_loss_gradients_and_update_from_the_graph_alone(seed):
    rng = np.random.default_rng(seed)

    def draw():
        return [rng.normal(size=s) for s in [(3, 4), (4,), (5, 3), (5,)]] + [0.1]

    leaves = [Value(x) for x in draw()]
    recorded = step(*leaves)
    fresh = draw()  # other numbers: other units are active, other entries the greatest
    again = Replay(recorded, leaves)(fresh)
    eager = step(*[Value(data) for data in fresh])
    for found, expected in zip(again, eager, strict=True):
        np.testing.assert_allclose(found, expected.numpy(), rtol=1e-12, atol=1e-14)


def test_a_scalar_graph():
    x, w = Value(2.0), Value(-3.0)
    y = np.tanh(x * w + 6.88) ** 2
    y.backward(create_graph=True)
    found = Replay([y, x.grad], [x, w])([1.5, -4.0])
    x2, w2 = Value(1.5), Value(-4.0)
    y2 = np.tanh(x2 * w2 + 6.88) ** 2
    y2.backward()
    np.testing.assert_allclose(found, [y2.data, x2.grad])
    with no_grad():
        assert (x * w).parents == ()


def test_inner_values_may_be_given_and_only_what_depends_runs():
    x = Value([1.0, 2.0])
    v = x * x
    y = (v + np.exp(x)).sum()
    again = Replay([y, x], [v])
    assert [node.op.name for node, _ in again.nodes] == ["add", "sum"]
    np.testing.assert_allclose(again([np.array([0.0, 1.0])])[0], 1 + np.exp(1) + np.exp(2))
    assert again([v.data])[1] is held(x)
    given = Replay([v], [x, v])([x.data, 7.0])  # though v was made of x
    assert given == [7.0]


def test_what_a_checkpoint_keeps_runs_again():
    x = Value([1.0, 2.0])
    y = np.sum(checkpoint(lambda x: np.sin(x) * x)(x) ** 2)
    (again,) = Replay([y], [x])([np.array([0.5, -1.0])])
    np.testing.assert_allclose(again, (np.sin(0.5) * 0.5) ** 2 + np.sin(1.0) ** 2)


def test_what_was_changed_in_place_and_what_was_let_go():
    x = Value([1.0, 2.0])
    w = x * 2.0
    y = w * w
    w += 1.0
    z = (y + w).sum()
    again = Replay([z], [x])
    np.testing.assert_allclose(again([np.array([3.0, 4.0])]), 36 + 64 + 7 + 9)
    z.backward(free=True)
    with pytest.raises(FreedGraphError):
        Replay([z], [x])
