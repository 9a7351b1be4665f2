"""Wrong input to networks: a message that helps, and nothing half done."""

import numpy as np
import pytest

import nn
from autograd import Value


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (["a", "b"], "bias has dtype <U1, which cannot become float64"),
        ([1j, 2.0], "bias has dtype complex128"),
        ([1.0], r"bias has shape \(1,\)"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(bad, says):
    layer = nn.Layer(2, 2, init=[[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match=says):
        layer.load_state_dict({"weights": np.zeros((2, 2)), "bias": bad})
    assert layer.weights.data.tolist() == [[1, 2], [3, 4]]


def test_a_state_of_ints_fits():
    layer = nn.Layer(2, 1, dtype=np.float32)
    layer.load_state_dict({"weights": [[1], [2]], "bias": [3]})
    assert layer.weights.dtype == np.float32
    assert layer([1.0, 1.0]).data.tolist() == [6]


def test_a_neuron_shares_what_its_layer_loads():
    layer = nn.Layer(2, 3)
    neuron = layer[1]
    layer.load_state_dict({"weights": np.ones((2, 3)), "bias": np.full(3, 2.0)})
    assert neuron([1.0, 1.0]).data == 4.0
    neuron.weights.data -= 0.5
    assert layer.weights.data.tolist() == [[1, 0.5, 1]] * 2


def test_a_step_with_a_computed_parameter_changes_nothing():
    leaf, computed = Value([1.0]), Value([2.0]) * 2
    leaf.grad = np.ones(1)
    computed.grad = np.ones(1)
    with pytest.raises(ValueError, match="parameter 1 was computed by multiply"):
        nn.SGD([leaf, computed], lr=0.1).step()
    assert leaf.data.tolist() == [1]


def test_complex_data_for_a_real_value():
    v = Value([1.0, 2.0])
    with pytest.raises(TypeError, match="the imaginary part would be lost"):
        v.data = [1j, 2.0]
    assert v.data.tolist() == [1, 2]


@pytest.mark.parametrize("sizes", [[], (), 3])
def test_sizes_that_are_no_list(sizes):
    with pytest.raises(ValueError, match="a list of sizes of at least one layer"):
        nn.MLP(2, sizes)


def test_a_rate_that_is_nan():
    with pytest.raises(ValueError, match="lr should be at least 0"):
        nn.SGD([Value(1.0)], lr=float("nan"))


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (
            lambda: nn.Neuron(2, activation="relu"),
            "activation should be a function such as nn.relu",
        ),
        (
            lambda: nn.Layer(2, 2, aggregation=1.0),
            "aggregation should be a function such as nn.weighted",
        ),
        (lambda: nn.MLP(2, [1], output_activation=None), "output_activation should be a function"),
        (lambda: nn.Neuron(2, init="he"), "init should be a function such as nn.he"),
    ],
)
def test_what_is_no_function_is_refused_at_once(build, says):
    with pytest.raises(TypeError, match=says):
        build()


@pytest.mark.parametrize("labels", [[0, 1], np.array([1.0, 0.5]), Value([2.0, 1.0])])
def test_labels_of_the_hinge(labels):
    with pytest.raises(ValueError, match=r"needs labels -1 and \+1"):
        nn.hinge(Value([0.5, 1.0]), labels)


@pytest.mark.parametrize("index", [slice(0, 2), "a", 1.0])
def test_a_layer_gives_one_neuron_at_a_time(index):
    with pytest.raises(TypeError, match=r"layer\[i\] is one neuron, so i should be an int"):
        nn.Layer(2, 3)[index]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: nn.schedules.inverse(0), "k is one over a rate"),
        (lambda: nn.schedules.step(0.1, every=0), "every is a number of epochs and should"),
        (lambda: nn.schedules.cosine(0.1, 0), "epochs should be at least 1"),
        (
            lambda: nn.clip_gradients([Value(1.0)], float("nan")),
            "max_norm should be a positive number",
        ),
        (lambda: nn.SGD([Value(1.0)], lr=0.1, clip=float("nan")), "clip should be a positive"),
    ],
)
def test_numbers_that_cannot_be(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_a_module_with_a_forward_as_in_pytorch():
    with pytest.raises(TypeError, match=r"rename the method forward of Net, def __call__"):

        class Net(nn.Module):
            def forward(self, x):
                return x

    class Both(nn.Module):
        def __call__(self, x):
            return self.forward(x)

        def forward(self, x):
            return 2 * x

    assert Both()(3.0) == 6.0


@pytest.mark.parametrize(
    "use", [lambda ps: nn.SGD(ps, lr=0.1), lambda ps: nn.clip_gradients(ps, 1.0)]
)
def test_a_parameter_is_given_once(use):
    p, q = Value([1.0]), Value([1.0])
    p.grad = q.grad = [4.0]
    with pytest.raises(ValueError, match="parameters 0 and 2 are the same Value"):
        use([p, q, p])
    assert p.grad.tolist() == [4]
    use([p, q])


@pytest.mark.parametrize("state", [None, [], "weights", 3, [("weights", 1.0)], nn.Layer(1, 1)])
def test_a_state_that_is_no_dict(state):
    with pytest.raises(TypeError, match=r"takes the dict that state_dict\(\) returned, not"):
        nn.Layer(2, 2).load_state_dict(state)


@pytest.mark.parametrize("bad", [None, object(), "a", [[1.0], [2.0, 3.0]], [10**400, 1], {}])
def test_a_state_of_other_things_than_numbers(bad):
    layer = nn.Layer(2, 2, init=[[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match=r"bias has .*; build the module as it was"):
        layer.load_state_dict({"weights": np.zeros((2, 2)), "bias": bad})
    assert layer.weights.data.tolist() == [[1, 2], [3, 4]]


def test_a_state_of_values_is_copied():
    layer, other = nn.Layer(2, 2, seed=0), nn.Layer(2, 2, seed=1)
    layer.load_state_dict(dict(other.named_parameters()))
    assert (layer.weights.data == other.weights.data).all()
    other.weights.data[0] = 9.0
    assert 9.0 not in layer.weights.data
