"""The examples: what they say of themselves is true; `test_docs.py` runs them."""

from pathlib import Path
from runpy import run_path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import elementwise_grad

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = sorted(path.name for path in EXAMPLES.glob("*.py"))
WHOLE_PROGRAMS = {"adding_neuron.py"}  # the README's command, with an option for each lesson


def example(name):
    return run_path(str(EXAMPLES / f"{name}.py"))


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_listed_and_short(name):
    assert f"]({name})" in (EXAMPLES / "README.md").read_text(encoding="utf-8")
    lines = len((EXAMPLES / name).read_text(encoding="utf-8").splitlines())
    assert lines < 100 or name in WHOLE_PROGRAMS


@given(st.integers(0, 2**32 - 1))
def test_digits_are_shifted_by_up_to_one_pixel(seed):
    rng = np.random.default_rng(seed)
    images, labels = rng.random((3, 1, 5, 5)), np.arange(3)
    moved, same = SHIFTED(images, labels, rng)
    np.testing.assert_array_equal(same, labels)
    framed = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    for image, frame in zip(moved, framed, strict=True):
        places = [(down, right) for down in range(3) for right in range(3)]
        assert sum((image == frame[:, d : d + 5, r : r + 5]).all() for d, r in places) == 1


SHIFTED = example("convolution")["shifted"]


@pytest.mark.parametrize("kind", ["transformer", "lstm"])
def test_a_network_that_writes_does_not_look_ahead(kind):
    model = example("language")["network"](kind, characters=7, size=8, seed=0)
    codes = np.random.default_rng(0).integers(0, 7, (2, 10))
    changed = np.concatenate([codes[:, :6], (codes[:, 6:] + 1) % 7], axis=1)
    before, after = model(codes).numpy(), model(changed).numpy()
    np.testing.assert_array_equal(before[:, :6], after[:, :6])
    assert (before[:, 6:] != after[:, 6:]).all()


def test_what_follows_each_character_of_a_text():
    language = example("language")
    codes = np.arange(300)
    given_, following = language["stretches"](codes)
    assert given_.shape[1] == language["CONTEXT"]
    np.testing.assert_array_equal(given_ + 1, following)


@given(t=st.floats(0.1, 1), x=st.floats(-1, 1), viscosity=st.floats(0.05, 0.5))
def test_the_exact_solution_solves_burgers_equation(t, x, viscosity):
    t, x = np.array([t]), np.array([x])

    def u(t, x):
        return EXACT(t, x, viscosity)

    by_x = elementwise_grad(u, 1)
    terms = [elementwise_grad(u, 0)(t, x), u(t, x) * by_x(t, x)]
    terms.append(-viscosity * elementwise_grad(by_x, 1)(t, x))
    assert abs(sum(terms)) < 1e-4 * (1 + max(map(abs, terms)))


EXACT = example("burgers")["exact"]


def test_a_solution_of_burgers_equation_begins_and_ends_rightly():
    solution, model = example("burgers")["solution"], nn.MLP(2, [4, 1], nn.tanh, seed=0)
    x, zeros, t = np.linspace(-1, 1, 9), np.zeros(9), np.linspace(0, 1, 9)
    np.testing.assert_array_equal(solution(model, zeros, x).numpy(), -np.sin(np.pi * x))
    for end in (-1.0, 1.0):
        np.testing.assert_allclose(solution(model, t, zeros + end).numpy(), 0, atol=1e-15)


def test_the_bound_of_the_autoencoder():
    """Against the distance of a normal distribution from the standard one, by quadrature."""
    mean, log_variance = np.array([[0.3, -1.0]]), np.array([[-0.5, 0.8]])
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    places = mean + np.exp(log_variance / 2) * nodes[:, None]
    log_ratio = (places**2 - nodes[:, None] ** 2 - log_variance) / 2
    away = np.sum(weights[:, None] * log_ratio) / np.sum(weights)
    logits, images = np.array([[2.0, -1.0, 0.0]]), np.array([[1.0, 0.0, 0.5]])
    lost = nn.binary_cross_entropy(logits, images, reduction="sum")
    found = example("autoencoder")["loss"]((logits, mean, log_variance), images)
    np.testing.assert_allclose(found, lost + away, rtol=1e-12)


@pytest.mark.parametrize("shape", ["moons", "spirals"])
def test_two_classes_lie_apart(shape):
    """Without noise, the nearest other point is of the same class."""
    points, classes = example("moons")[shape](400, noise=0.0, seed=0)
    distances = np.linalg.norm(points[:, None] - points, axis=-1) + np.diag(np.full(400, np.inf))
    np.testing.assert_array_equal(classes[distances.argmin(axis=1)], classes)
