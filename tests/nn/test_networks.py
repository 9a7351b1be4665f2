"""Modules, neurons, layers and MLPs."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value

SEEDS = st.integers(0, 2**32 - 1)
ACTIVATIONS = [nn.identity, nn.relu, nn.leaky_relu, nn.tanh, nn.sigmoid, nn.softplus, nn.gelu]


class Net(nn.Module):
    def __init__(self):
        self.first = nn.Layer(2, 3, seed=0)
        self.blocks = {"a": [nn.Neuron(3, seed=1)], "b": (nn.Parameter(1.0),)}
        self.tied = self.first
        self.scale = nn.Parameter(2.0)
        self.note = "not a parameter"

    def __call__(self, x):
        return self.scale * self.blocks["a"][0](self.first(x))


def test_parameters_are_found_and_named_by_path():
    names = [name for name, _ in Net().named_parameters()]
    assert names == [
        "first.weights",
        "first.bias",
        "blocks.a.0.weights",
        "blocks.a.0.bias",
        "blocks.b.0",
        "scale",
    ]
    assert len(Net().parameters()) == 6


def test_state_and_its_errors():
    net, other = Net(), Net()
    net.scale.data = 5.0
    net.first.weights.data[:] = 7
    state = net.state_dict()
    net.first.weights.data[:] = 8
    other.load_state_dict(state)
    assert other.scale.data == 5.0
    assert (other.first.weights.data == 7).all()
    wrong = {**state, "scale": np.ones(3), "ghost": 1.0}
    del wrong["first.bias"]
    wrong["first.weights"] = np.zeros((2, 3))
    with pytest.raises(
        ValueError, match=r"first\.bias is missing; ghost is not.*scale has shape .* instead of"
    ):
        other.load_state_dict(wrong)
    assert (other.first.weights.data == 7).all()


def test_train_eval_zero_grad_and_repr():
    net = Net()
    assert net.eval() is net
    assert not net.first.training
    assert net.train().blocks["a"][0].training
    net(np.ones(2)).backward()
    assert net.scale.grad != 0
    net.zero_grad()
    assert not net.first.weights.has_grad
    assert "blocks.a.0 Neuron: 4 parameters" in repr(net)
    assert repr(net).startswith("Net: 15 parameters")


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_modules_copy_and_pickle(copied):
    model = nn.MLP(2, [3, 1], activation=nn.tanh, seed=0)
    twin, x = copied(model), np.array([[1.0, 2.0]])
    assert np.array_equal(twin(x).data, model(x).data)
    assert isinstance(twin.parameters()[0], nn.Parameter)
    twin.layers[0].weights.data[:] = 0
    assert model.layers[0].weights.data.any()


# -- neurons and layers ------------------------------------------------------------------------


@given(seed=SEEDS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_layer_is_its_neurons_side_by_side(activation, seed):
    rng = np.random.default_rng(seed)
    layer = nn.Layer(3, 4, activation, seed=rng)
    layer.bias.data[:] = rng.normal(size=4)
    batch = rng.normal(size=(5, 3))
    together = layer(batch)
    one_by_one = np.stack([neuron(batch) for neuron in layer], axis=-1)
    np.testing.assert_allclose(together.data, one_by_one.data, rtol=1e-12)
    for i, sample in enumerate(batch):
        np.testing.assert_allclose(layer(sample).data, together.data[i], rtol=1e-9, atol=1e-14)
    weights = rng.normal(size=(5, 4))
    (together * weights).sum().backward()
    expected = layer.weights.grad
    layer.zero_grad()
    (one_by_one * weights).sum().backward()
    np.testing.assert_allclose(layer.weights.grad, expected, rtol=1e-9, atol=1e-12)


def test_a_neuron_of_a_layer_shares_memory_and_gradients():
    layer = nn.Layer(2, 3, seed=0)
    neuron = layer[-1]
    assert np.shares_memory(neuron.weights.data, layer.weights.data)
    neuron.weights.data[:] = [5, 6]
    assert layer.weights.data[:, 2].tolist() == [5, 6]
    layer.weights.data[:, 2] = 1
    neuron([2.0, 3.0]).backward()
    assert neuron.weights.grad.tolist() == [2, 3]
    assert layer.weights.grad.tolist() == [[0, 0, 2], [0, 0, 3]]
    assert layer.bias.grad.tolist() == [0, 0, 1]
    optimiser = nn.SGD(layer.parameters(), lr=1.0)
    optimiser.step()
    assert neuron.weights.data.tolist() == [-1, -2]
    assert neuron.parameters() == layer.parameters()
    with pytest.raises(IndexError, match="no neuron 3 in a layer of 3"):
        layer[3]


def test_aggregation_and_activation_can_be_replaced():
    def farthest(inputs, weights):
        return np.max(inputs * weights, axis=-1)

    neuron = nn.Neuron(3, lambda z: z * 10, farthest, bias=False, init=[1.0, 2.0, 3.0])
    assert neuron([1.0, 1.0, 0.5]).data == 20.0
    layer = nn.Layer(3, 2, aggregation=farthest, init=[[1.0, 0.0], [2.0, 0.0], [3.0, 4.0]])
    assert layer([[1.0, 1.0, 0.5], [0.0, 0.0, 1.0]]).data.tolist() == [[2, 2], [3, 4]]


def test_what_inputs_may_be():
    neuron = nn.Neuron(2, init=[1.0, 10.0])
    x, y = Value(1.0), Value(2.0)
    for inputs in ([1, 2], (1.0, 2.0), np.array([1.0, 2.0]), Value([1.0, 2.0]), [x, 2.0], [x, y]):
        assert neuron(inputs).data == 21.0
    for batch in ([[1, 2], [3, 4]], [[x, y], [3.0, 4.0]]):
        assert neuron(batch).data.tolist() == [21, 43]
    neuron([x, y]).backward()
    assert (x.grad, y.grad) == (1.0, 10.0)


def test_an_mlp_of_arrays_equals_one_of_scalars():
    model = nn.MLP(2, [3, 1], activation=nn.tanh, seed=3)
    first, last = model.layers
    scalars = [[[Value(w) for w in column] for column in layer.weights.data.T.tolist()]
               for layer in model.layers]  # fmt: skip
    x = [0.5, -1.0]
    hidden = [sum(w * a for w, a in zip(ws, x, strict=True)).tanh() for ws in scalars[0]]
    out = sum(w * h for w, h in zip(scalars[1][0], hidden, strict=True))
    out.backward()
    model(x).sum().backward()
    assert model(x).data[0] == pytest.approx(out.data)
    for layer, by_hand in ((first, scalars[0]), (last, scalars[1])):
        np.testing.assert_allclose(layer.weights.grad.T, [[w.grad for w in ws] for ws in by_hand])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_holds_through_training(dtype):
    model = nn.MLP(4, [8, 3], seed=0, dtype=dtype)
    optimiser = nn.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01, clip=1.0)
    x = np.random.default_rng(0).normal(size=(6, 4)).astype(dtype)
    for _ in range(2):
        loss = nn.cross_entropy(model(x), np.array([0, 1, 2, 0, 1, 2]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.dtype == dtype
    assert all(p.dtype == dtype and p.grad.dtype == dtype for p in model.parameters())


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: nn.Neuron(2, init=[1.0]), r"weights of shape \(1,\) for 2 inputs"),
        (lambda: nn.Layer(2, 3, init=np.ones((3, 2))), r"expected shape \(2, 3\)"),
        (lambda: nn.Neuron(0), "at least 1, not 0"),
        (lambda: nn.Layer(2, 1.5), "at least 1, not 1.5"),
        (lambda: nn.MLP(2, []), "at least one layer"),
        (
            lambda: nn.Neuron(2)([1.0, 2.0, 3.0]),
            r"give a Neuron of 2 inputs .* not inputs of shape \(3,\)",
        ),
        (
            lambda: nn.Layer(2, 2)(np.ones((2, 3))),
            r"give a Layer of 2 inputs .* not inputs of shape \(2, 3\)",
        ),
        (lambda: nn.Neuron(2)(1.0), r"give a Neuron .* not inputs of shape \(\)"),
    ],
)
def test_what_does_not_fit(build, says):
    with pytest.raises(ValueError, match=says):
        build()


def test_initialisers():
    rng = np.random.default_rng(0)
    assert abs(nn.he((1000, 50), rng).std() - np.sqrt(2 / 1000)) < 1e-3
    assert abs(nn.xavier((30, 70), rng)).max() <= np.sqrt(6 / 100)
    assert nn.MLP(2, [3], seed=1).state_dict().keys() == nn.MLP(2, [3]).state_dict().keys()
    a, b = nn.Neuron(3, seed=5), nn.Neuron(3, seed=5)
    assert np.array_equal(a.weights.data, b.weights.data)
    assert not np.array_equal(nn.Neuron(3).weights.data, nn.Neuron(3).weights.data)
    low = nn.Neuron(1000, init=nn.uniform(0, 2), seed=0).weights.data
    assert low.min() >= 0
    assert low.max() < 2
    assert not nn.Neuron(3, init=nn.zeros).weights.data.any()


def test_cross_entropy_of_a_class_that_is_ruled_out():
    """A probability of 0 at a logit of −inf: 0 · log 0 is 0."""
    logits, labels = Value([0.0, -np.inf, 0.0]), np.array([0.5, 0.0, 0.5])
    loss = nn.cross_entropy(logits, labels)
    loss.backward()
    assert loss.data == pytest.approx(np.log(2))
    assert logits.grad == pytest.approx([0.0, 0.0, 0.0])
    labels = Value([0.5, 0.0, 0.5])
    nn.cross_entropy(Value([0.0, 1.0, 0.0]), labels).backward()
    assert labels.grad[1] == pytest.approx(np.log(2 + np.e) - 1)  # a slope at 0 too
