"""Initialisers: the distributions they promise, for neurons, layers and convolutions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn

SHAPES = [(4000,), (60, 80), (80, 60), (8, 20, 5, 5), (6, 7, 11)]


def fans(shape):
    window = math.prod(shape[2:])
    return shape[0] * window, (shape[1:2] or (1,))[0] * window


def normal_inside(low, high):
    """Return mean and variance of a standard normal number between two ends."""
    density = [math.exp(-x * x / 2) / math.sqrt(2 * math.pi) for x in (low, high)]
    mass = (math.erf(high / math.sqrt(2)) - math.erf(low / math.sqrt(2))) / 2
    mean = (density[0] - density[1]) / mass
    return mean, 1 + (low * density[0] - high * density[1]) / mass - mean * mean


# name: (initialiser, (mean, variance) for a number of inputs and of outputs, kurtosis)
UNIFORM, NORMAL = 1.8, 3.0
PROMISED = {
    "uniform": (nn.uniform(-1, 3), lambda i, o: (1, 16 / 12), UNIFORM),
    "normal": (nn.normal(2.0, 0.5), lambda i, o: (2, 0.25), NORMAL),
    "xavier": (nn.xavier, lambda i, o: (0, 2 / (i + o)), UNIFORM),
    "xavier_normal": (nn.xavier_normal, lambda i, o: (0, 2 / (i + o)), NORMAL),
    "he": (nn.he, lambda i, o: (0, 2 / i), NORMAL),
    "he_uniform": (nn.he_uniform, lambda i, o: (0, 2 / i), UNIFORM),
    "lecun": (nn.lecun, lambda i, o: (0, 1 / i), NORMAL),
    "lecun_uniform": (nn.lecun_uniform, lambda i, o: (0, 1 / i), UNIFORM),
    "truncated_normal": (nn.truncated_normal(), lambda i, o: normal_inside(-2, 2), None),
    "truncated_normal, aside": (
        nn.truncated_normal(low=0.5, high=1.0),
        lambda i, o: normal_inside(0.5, 1.0),
        None,
    ),
}


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", PROMISED)
def test_means_and_variances(name, shape):
    init, moments, kurtosis = PROMISED[name]
    mean, variance = moments(*fans(shape))
    w = init(shape, np.random.default_rng(0))
    assert w.shape == shape
    error = 5 / math.sqrt(w.size)  # five standard errors of a mean of numbers of variance 1
    z = (w - mean) / math.sqrt(variance)
    assert abs(z.mean()) < error
    assert abs((z * z).mean() - 1) < error * math.sqrt((kurtosis or NORMAL) - 1)
    if kurtosis:
        assert np.mean(z**4) == pytest.approx(kurtosis, rel=0.25)
    if kurtosis == UNIFORM:
        assert 0.98 * math.sqrt(3) < np.abs(z).max() <= math.sqrt(3) * (1 + 1e-12)


@given(low=st.floats(-1, 1), width=st.floats(0.2, 4), seed=st.integers(0, 99))
def test_truncated_numbers_are_inside(low, width, seed):
    w = nn.truncated_normal(0.3, 1.0, low, low + width)((50, 2), seed)
    assert low <= w.min() and w.max() <= low + width


@given(
    inputs=st.integers(1, 6),
    outputs=st.integers(1, 6),
    kernel=st.lists(st.integers(1, 3), max_size=2),
)
def test_orthogonal(inputs, outputs, kernel):
    w = nn.orthogonal((inputs, outputs, *kernel), 0)
    matrix = np.moveaxis(w, 1, -1).reshape(-1, outputs)
    product = matrix @ matrix.T if len(matrix) < outputs else matrix.T @ matrix
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-14)


def test_orthogonal_of_a_neuron_is_a_unit_vector():
    assert np.linalg.norm(nn.orthogonal((5,), 0)) == pytest.approx(1)


def test_rotations_are_as_frequent_as_reflections():
    rng = np.random.default_rng(0)
    drawn = np.array([nn.orthogonal((3, 3), rng) for _ in range(400)])
    assert abs(np.linalg.det(drawn).mean()) < 0.25
    assert abs(np.mean(drawn, axis=0)).max() < 0.15


@pytest.mark.parametrize("name", [*PROMISED, "orthogonal", "zeros"])
def test_an_int_is_a_seed(name):
    init = PROMISED[name][0] if name in PROMISED else getattr(nn, name)
    first, second = init((3, 4), 7), init((3, 4), np.random.default_rng(7))
    assert np.array_equal(first, second)
    assert name == "zeros" or not np.array_equal(first, init((3, 4), 8))


@pytest.mark.parametrize(
    "build",
    [
        lambda init: nn.Neuron(3, init=init, seed=0).weights,
        lambda init: nn.Layer(3, 2, init=init, seed=0).weights,
        lambda init: nn.MLP(3, [4, 2], init=init, seed=0).layers[0].weights,
        lambda init: nn.Linear(3, 2, init=init, seed=0).weight,
        lambda init: nn.Conv2d(4, 6, (3, 2), groups=2, init=init, seed=0).weight,
        lambda init: nn.ConvTranspose2d(4, 6, (3, 2), groups=2, init=init, seed=0).weight,
        lambda init: nn.Embedding(5, 3, init=init, seed=0).weight,
    ],
)
@pytest.mark.parametrize("name", nn.initialisers.__all__)
def test_layers_take_them_all(build, name):
    init = getattr(nn, name)
    init = {"uniform": nn.uniform(-1, 1), "normal": nn.normal(), "zeros": nn.zeros}.get(name, init)
    init = nn.truncated_normal() if name == "truncated_normal" else init
    weights = build(init)
    assert np.isfinite(weights.data).all() and (name == "zeros") == (not weights.data.any())


def test_filters_are_drawn_for_their_inputs_and_outputs():
    w = nn.Conv2d(50, 10, 5, init=nn.xavier, seed=0).weight.data
    assert w.shape == (10, 50, 5, 5)
    assert np.abs(w).max() == pytest.approx(math.sqrt(6 / (25 * 60)), rel=1e-3)
    flat = nn.Conv2d(3, 4, 2, init=nn.orthogonal, seed=0).weight.data.reshape(4, -1)
    np.testing.assert_allclose(flat @ flat.T, np.eye(4), atol=1e-14)


@pytest.mark.parametrize(
    ("build", "error", "says"),
    [
        (lambda: nn.Linear(2, 2, init=nn.uniform), TypeError, r"write init=nn\.uniform\(…\)"),
        (lambda: nn.Neuron(2, init="he"), TypeError, "a function such as nn.he"),
        (lambda: nn.truncated_normal(0, 1, 5, 6), ValueError, "a hundredth of the numbers"),
        (lambda: nn.truncated_normal(0, 1, 1, 0), ValueError, "a hundredth of the numbers"),
    ],
)
def test_what_is_no_initialiser(build, error, says):
    with pytest.raises(error, match=says):
        build()
