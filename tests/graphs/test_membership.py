"""Which module a node belongs to, guessed from the parameters it uses."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd.engine.graph import history, parents_then
from autograd.explaining import explain
from autograd.graphs.guesses import modules_around
from autograd.graphs.membership import every_module, owners


class Outer(nn.Module):
    """A network with parts in parts, and a parameter of its own."""

    def __init__(self, depth, width):
        self.scale = nn.Parameter(np.full(width, 2.0))
        self.body = nn.MLP(width, [width] * depth)

    def __call__(self, x):
        return self.body(x) * self.scale


@given(st.integers(1, 3), st.integers(1, 3))
def test_a_node_lies_where_the_parameter_lies_that_it_takes(depth, width):
    model = Outer(depth, width)
    owned = owners({"model": model})
    assert owned[model.scale.serial] == ()
    y = model(np.ones(width)).sum()
    nodes = history([y], {})[0][::-1]
    found = modules_around(nodes, owned, dict(every_module({"model": model})))
    for n, layer in enumerate(model.body.layers):
        around = ("body", f"body.layers.{n}")
        uses = [node for node in nodes if any(p is layer.weights for p in parents_then(node))]
        assert owned[layer.weights.serial] == owned[layer.bias.serial] == around
        assert uses and all(found[node.serial] == around for node in uses)
    assert found[y.serial] == ()


def test_two_networks_go_by_their_variables():
    one, two = nn.Layer(2, 2), nn.MLP(2, [2])
    paths = [path for path, _ in every_module({"one": one, "two": two})]
    assert paths == ["one", "two", "two.layers.0"]


def test_explain_tells_parameters_outside_of_all_parts():
    model = Outer(2, 3)
    told = str(explain(model(np.ones(3)).sum()))
    assert "the network itself" in told and "body.layers.1" in told
