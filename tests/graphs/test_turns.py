"""Loops of a graph are found by what they use, and what flows back in them is measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.engine.value import held_grad
from autograd.graphs.turns import FEWEST, flow, loops


@given(st.integers(FEWEST, 40), st.floats(0.3, 2.0), st.booleans())
def test_the_turns_and_what_flows_back(turns, slope, transposed):
    w = Value(slope * np.eye(2))
    h = np.ones((3, 2))
    for _ in range(turns):
        h = h @ (w.T if transposed else w)
    (loop,) = loops(np.tanh(h), [w])
    assert (loop.turns, loop.parameter, len(loop.states)) == (turns, w.serial, turns - 1)
    assert flow(h, loop) == pytest.approx(slope ** (turns - 1))
    assert held_grad(w) is None


@given(st.integers(1, 20))
def test_uses_that_do_not_need_each_other_are_no_loop(uses):
    w, xs = Value(np.eye(2)), [Value(np.full(2, 1.0 + n)) * 2.0 for n in range(uses)]
    assert loops(sum(x @ w for x in xs), [w]) == []
    h = xs[0]
    for x in xs:
        h = np.tanh(h + x)
    assert loops(h @ w, [w]) == []


def test_too_few_turns_and_graphs_that_are_gone():
    w = Value(0.5)
    h = Value(1.0)
    for _ in range(FEWEST - 1):
        h = np.tanh(w * h)
    assert loops(h, [w]) == []
    h = np.tanh(w * h)
    assert len(loops(h, [w])) == 1
    h.backward(free=True)
    assert loops(h, [w]) == []
