"""The chain rule step by step: its steps are those of a backward pass."""

import numpy as np
import pytest
from hypothesis import given

from autograd import FreedGraphError, Value, tanh
from autograd.engine.value import held_grad
from autograd.graphs.steps import steps
from autograd.testing import strategies


@given(strategies.expressions("x", "y"))
def test_gradients_are_those_of_backward(f):
    x, y = Value([0.5, -1.25]), Value(0.75)
    result = np.sum(f(x, y))
    if not isinstance(result, Value):
        return
    result.backward()
    found = {step.node.serial: step.gradient for step in steps(result)}
    for leaf in (x, y):
        if found.get(leaf.serial) is not None:
            np.testing.assert_allclose(found[leaf.serial], leaf.grad, rtol=1e-12, atol=1e-300)


def test_what_each_op_hands_on():
    x, w = Value([[1.0, 2.0]]), Value([[3.0], [4.0]])
    y = tanh((x @ w)[0, 0] * 0.1)
    first, second, *_ = steps(y)
    assert first.node is y and first.gradient == 1.0
    slope = 1 - np.tanh(1.1) ** 2
    assert first.links[0].gradient == pytest.approx(slope)
    assert second.node.op.name == "multiply" and len(second.links) == 1  # 0.1 is no Value
    assert second.links[0].gradient == pytest.approx(0.1 * slope)


def test_links_have_the_shape_of_what_was_broadcast():
    b = Value([1.0, 2.0])
    y = (Value(np.ones((3, 2))) * b).sum()
    links = [link for step in steps(y) for link in step.links]
    assert [np.shape(link.gradient) for link in links] == [(3, 2), (3, 2), (2,)]


def test_it_leaves_no_gradients_and_knows_a_freed_graph():
    x = Value(2.0)
    y = x * x
    list(steps(y))
    assert held_grad(x) is None
    y.backward(free=True)
    with pytest.raises(FreedGraphError):
        list(steps(y))
