"""Watching calls: who made which nodes, and nothing left behind."""

import pytest

import nn
from autograd.graphs.calls import Watch


def test_inner_calls_come_first_and_span_what_they_made():
    model = nn.MLP(2, [3, 1], seed=0)
    plain = nn.Layer.__call__
    seen = []
    with Watch(model.modules(), seen.append):
        y = model([1.0, 2.0])
    assert [call.module for call in seen] == [*model.layers, model]
    first, second, whole = seen
    assert whole.first < first.first < first.output.serial < first.last < second.first
    assert second.output is whole.output is y and y.serial < whole.last
    assert nn.Layer.__call__ is plain


def test_only_what_was_asked_for():
    watched, other = nn.Neuron(2, seed=0), nn.Neuron(2, seed=0)
    seen = []
    with Watch([watched], seen.append):
        other([1.0, 2.0])
        watched([1.0, 2.0])
    watched([1.0, 2.0])
    assert [call.module for call in seen] == [watched]


def test_several_may_watch_and_leave_in_any_order():
    neuron, plain = nn.Neuron(2, seed=0), nn.Neuron.__call__
    one, two = [], []
    first, second = Watch([neuron], one.append), Watch([neuron], two.append)
    neuron([1.0, 2.0])
    first.close()
    first.close()
    neuron([1.0, 2.0])
    second.close()
    assert (len(one), len(two)) == (1, 2)
    assert nn.Neuron.__call__ is plain


def test_an_error_passes_through():
    neuron = nn.Neuron(2, seed=0)
    with Watch([neuron], lambda call: None), pytest.raises(ValueError, match="inputs of shape"):
        neuron([1.0])
    assert neuron([1.0, 2.0]).shape == ()
