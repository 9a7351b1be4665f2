"""Networks: checked by their inputs and all their parameters, which stay as they are."""

import numpy as np
import pytest

import nn
from autograd import Primitive, Value, grad
from autograd.testing import GradientError, check_gradients, functional
from autograd.testing.collecting import is_network, subjects_of
from autograd.testing.guesses import modules

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 2))
wrong = Primitive("wrong", lambda x: x * x, vjps=[lambda g, y, x: g * 2.1 * x])


class Tied(nn.Module):
    """One Parameter in two places, in a list and a dict."""

    def __init__(self, size: int):
        self.weights = [nn.Parameter(np.ones(size))]
        self.more = {"again": self.weights[0], "scale": nn.Parameter(2.0)}

    def __call__(self, x):
        return x * self.weights[0] * self.more["again"] * self.more["scale"]


class Drop(nn.Module):
    """Random while it trains."""

    def __call__(self, x):
        return x * np.random.default_rng().normal() if self.training else x


class Paired(nn.Module):
    def __init__(self, sizes: tuple[int, int], slope: float, f: int | None = None):
        self.factor = nn.Parameter(np.full(sizes, slope))

    def __call__(self, x, y, state=None):
        return x @ self.factor, y


def test_a_network_as_a_function():
    model = nn.MLP(2, [3, 1], activation=nn.tanh, seed=0)
    before = model.state_dict()
    f, parameters = functional(model)
    assert list(parameters) == [path for path, _ in model.named_parameters()]
    np.testing.assert_array_equal(f(X, parameters), model(X).data)
    slopes = grad(lambda p: np.sum(f(X, p)))(parameters)
    model(X).sum().backward()
    for path, parameter in model.named_parameters():
        np.testing.assert_allclose(slopes[path], parameter.grad)
    f(X, {path: 0 * x for path, x in parameters.items()})
    for path, x in model.state_dict().items():
        np.testing.assert_array_equal(x, before[path])
    assert not isinstance(f(X, parameters), Value)
    assert f.__name__ == "MLP"


def test_a_parameter_that_stands_in_two_places_is_one():
    f, parameters = functional(Tied(2))
    assert list(parameters) == ["weights.0", "more.scale"]
    slopes = grad(lambda p: np.sum(f(np.ones(2), p)))(
        {"weights.0": np.array([3.0, 1.0]), "more.scale": 2.0}
    )
    assert [float(x) for x in slopes["weights.0"]] == [12.0, 4.0]
    assert slopes["more.scale"] == 10.0
    assert check_gradients(Tied(2), np.ones(2)).compared


def test_networks_are_checked_by_inputs_and_parameters():
    report = check_gradients(nn.Layer(2, 3, activation=nn.tanh, seed=0), X, order=1)
    assert "15 moves" in str(report)  # 6 inputs, 6 weights, 3 biases
    assert "gradients of Layer are right" in str(report)
    bad = nn.Neuron(2, bias=False, init=[1.0, 2.0], aggregation=lambda x, w: x @ wrong(w))
    with pytest.raises(GradientError, match=r"args\[1\]\['weights'\]\[0\]"):
        check_gradients(bad, X)
    check_gradients(bad, X, wrt=0)


@pytest.mark.parametrize(
    ("cls", "made"),
    [
        (nn.Neuron, {"inputs": 4, "seed": 0}),
        (nn.MLP, {"inputs": 4, "sizes": [2, 3], "seed": 0}),
        (Tied, {"size": 4}),
        (Paired, {"sizes": [4, 2], "slope": 0.5}),
    ],
)
def test_networks_are_built_by_their_signatures(cls, made):
    found, samples = modules(cls, np.random.default_rng(0))
    assert found == made
    assert samples
    for module, inputs in samples:
        assert isinstance(module, cls)
        check_gradients(module, *inputs, order=1)


def test_what_cannot_be_built():
    class Wants(nn.Module):
        def __init__(self, inner: nn.Module):
            self.inner = inner

        def __call__(self, x):
            return x

    class Refuses(nn.Module):
        def __call__(self, x):
            raise ValueError("not this one")

    assert modules(Wants, RNG) is None
    assert modules(Refuses, RNG) is None


def test_a_network_that_is_random_while_it_trains_is_set_to_eval():
    _, samples = modules(Drop, RNG)
    assert not any(module.training for module, _ in samples)


def test_the_guess_is_the_same_in_every_run():
    first, again = (modules(nn.MLP, np.random.default_rng(3))[1][0] for _ in range(2))
    np.testing.assert_array_equal(first[1][0], again[1][0])
    for path, x in first[0].state_dict().items():
        np.testing.assert_array_equal(x, again[0].state_dict()[path])
        assert np.all(x != 0)


@pytest.mark.slow
@pytest.mark.parametrize("subject", subjects_of("nn"), ids=lambda subject: subject.name)
def test_all_networks_of_nn(subject):
    options = {"seed": 0, "order": 1, "modes": ("reverse", "forward")}
    # layers get along with other dtypes as their ops do, and take long
    dtypes = [np.dtype(float)] if subject.name in nn.layers.__all__ else subject.dtypes(1)
    for dtype in dtypes:
        subject.check(dtype, 5, options)


def test_no_network_of_nn_is_left_out():
    public = {name for name in nn.__all__ if is_network(getattr(nn, name))}
    assert public <= {subject.name for subject in subjects_of("nn")}
    assert "Layer" in public
    assert not is_network(nn.Parameter)
    assert not is_network(nn.Module)


def test_what_is_no_network_or_are_no_parameters():
    for thing in (np.sin, nn.Layer):
        with pytest.raises(TypeError, match="takes a network that has been built"):
            functional(thing)
    f, parameters = functional(nn.Layer(2, 1))
    for given in ((np.ones(2),), (parameters, np.ones(2)), (np.ones(2), {"bias": 1.0})):
        with pytest.raises(TypeError, match=r"a dict of \['weights', 'bias'\], not"):
            f(*given)
