"""The graph is enough: a recorded training step runs again from the graph alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, logsumexp, no_grad, relu


def replay(outputs, inputs):
    """Run the graph of `outputs` again with other data for some leaves."""
    known = {leaf.serial: np.asarray(data)[()] for leaf, data in inputs.items()}
    nodes, stack = {}, list(outputs)
    while stack:
        node = stack.pop()
        if node.serial not in nodes:
            nodes[node.serial] = node
            stack += [parent for parent in node.parents if parent is not None]
    for serial in sorted(nodes):
        node = nodes[serial]
        if serial in known:
            continue
        args = [
            raw if parent is None else known[parent.serial]
            for parent, raw in zip(node.parents, node.args, strict=True)
        ]
        known[serial] = node.op.forward(*args, **node.params) if node.op else node.data
    return [known[output.serial] for output in outputs]


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
    again = replay(recorded, dict(zip(leaves, fresh, strict=True)))
    eager = step(*[Value(data) for data in fresh])
    for found, expected in zip(again, eager, strict=True):
        np.testing.assert_allclose(found, expected.numpy(), rtol=1e-12, atol=1e-14)


def test_a_scalar_graph():
    x, w = Value(2.0), Value(-3.0)
    y = np.tanh(x * w + 6.88) ** 2
    y.backward(create_graph=True)
    found = replay([y, x.grad], {x: 1.5, w: -4.0})
    x2, w2 = Value(1.5), Value(-4.0)
    y2 = np.tanh(x2 * w2 + 6.88) ** 2
    y2.backward()
    np.testing.assert_allclose(found, [y2.data, x2.grad])
    with no_grad():
        assert (x * w).parents == ()
