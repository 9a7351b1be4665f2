"""Programs that run on JAX: the numbers of NumPy, to rounding, and nothing silently wrong."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import hessian, value_and_grad
from autograd.compiling.errors import TracingError
from autograd.compiling.loop_on_jax import LoopOnJax
from autograd.engine.trees import leaves
from tests.compiling.test_random_programs import (
    DTYPES,
    SHAPES,
    arguments,
    differentiated,
    function,
    programs,
)
from tests.compiling.test_traps import TRAPS, assert_same, run

pytest.importorskip("jax", reason="JAX is not installed")

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*kink")]
on_jax = partial(autograd.compile, target="jax")


def pull(x):
    return np.sum(np.tanh(x) * np.exp(-x * x)) + np.max(x)


@pytest.mark.parametrize("transform", [value_and_grad, hessian], ids=lambda f: f.__name__)
def test_derivatives(transform):
    f, x = transform(pull), np.linspace(-2.0, 2.0, 7)
    compiled = on_jax(f)
    for shift in range(4):
        assert_close(f(x + shift), compiled(x + shift), 1e-13)
    assert "tanh" in compiled.show()


def assert_close(expected, found, bound):
    for (_, a), (_, b) in zip(leaves(expected), leaves(found), strict=True):
        assert np.result_type(a) == np.result_type(b)
        np.testing.assert_allclose(a, b, rtol=bound, atol=bound)


@given(programs(), SHAPES, DTYPES, st.integers(0, 1))
@settings(max_examples=8)
def test_random_programs(steps, shape, dtype, order):
    f = differentiated(function(steps), order)
    compiled = on_jax(f)
    for seed in (1, 2, 3):
        x, y = arguments(shape, dtype, seed)
        expected, found = np.asarray(f(x, y)), np.asarray(compiled(x, y))
        assert expected.dtype == found.dtype
        bound = np.finfo(dtype).eps * 5000
        scale = np.max(np.abs(expected), initial=1.0)
        np.testing.assert_allclose(expected, found, rtol=bound, atol=bound * scale)


NETWORKS = {
    "convolutional": lambda: nn.Sequential(
        nn.Conv2d(1, 4, 3, seed=0),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(36, 3, seed=1),
    ),
    "dense": lambda: nn.Sequential(
        nn.Flatten(),
        nn.Linear(64, 8, bias=False, seed=0),
        nn.BatchNorm(8),
        nn.GELU(),
        nn.Dropout(0.3, seed=2),
        nn.LayerNorm(8),
        nn.Linear(8, 3, seed=1),
    ),
}
OPTIMISERS = {
    "momentum": lambda p: nn.SGD(p, lr=0.01, momentum=0.9),
    "Adam": lambda p: nn.Adam(p, lr=0.01),
    "clipped": lambda p: nn.AdamW(p, lr=0.01, clip=0.1),
}


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("network", NETWORKS)
def test_training_steps(network, optimiser):
    x, t = np.random.default_rng(0).normal(size=(5, 1, 8, 8)), np.array([0, 1, 2, 1, 0])
    ends = []
    for transform in (lambda f: f, on_jax):
        model = NETWORKS[network]()
        descent = OPTIMISERS[optimiser](model.parameters())

        def step(x, model=model, descent=descent):
            descent.zero_grad()
            loss = nn.cross_entropy(model(x), t)
            loss.backward()
            descent.step()
            return loss

        step = transform(step)
        losses = [step(x * (1 + i / 10)).item() for i in range(6)]
        ends.append([np.array(losses), *model.state_dict().values()])
    assert not step.given_up
    for mine, theirs in zip(*ends, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12, atol=1e-13)


# JAX raises no IndexError.
FOR_JAX = [make for make in TRAPS if make.__name__ != "catches_an_error_later"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("make", FOR_JAX, ids=lambda make: make.__name__)
def test_no_program_is_silently_wrong(make):
    try:
        expected = run(make, lambda f: f)
    except Exception as error:
        with pytest.raises(type(error)):
            run(make, on_jax)
        return
    try:
        found = run(make, on_jax)
    except TracingError:
        return
    assert_same(found, expected)


def test_each_is_a_call_for_each_row():
    neuron = nn.Neuron(2, init=[0.5, 0.7])
    optimiser = nn.SGD(neuron.parameters(), lr=1e-3)

    def step(row, total):
        optimiser.zero_grad()
        nn.squared_error(neuron(row), total).backward()
        optimiser.step()

    rows = np.random.default_rng(0).random((20, 2))
    on_jax(step).each(rows, rows.sum(axis=1))
    found = neuron.weights.numpy()
    neuron.weights.data, neuron.bias.data = [0.5, 0.7], 0.0
    for row in rows:
        step(row, row.sum())
    np.testing.assert_allclose(found, neuron.weights.numpy(), rtol=1e-13)


def test_batches_in_a_loop_of_their_own_stop_at_the_step_that_explodes(monkeypatch):
    x, labels = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40) % 2
    x[30] = np.finfo(float).max
    looped, told, ends = [], [], []

    def run(loop, *rows, run=LoopOnJax.run):
        looped.append(run(loop, *rows))
        return looped[-1]

    monkeypatch.setattr(LoopOnJax, "run", run)
    for compile in (False, "jax"):
        model = nn.Sequential(
            nn.Linear(3, 2, init=np.arange(1.0, 7.0).reshape(2, 3), bias=False),
            nn.BatchNorm(2),
        )
        data = nn.data.batches(x, labels, 4, shuffle=False)
        optimiser = nn.SGD(model.parameters(), 0.1)
        with np.errstate(all="ignore"), pytest.raises(nn.ExplodedError) as error:
            nn.fit(model, nn.cross_entropy, data, optimiser, 1, progress=False, compile=compile)
        told.append(str(error.value))
        ends.append(model.state_dict())
    assert told[0] == told[1] and "epoch 1, step 8" in told[0]
    assert sum(steps for steps, _, _ in looped) == 5  # two op by op first, and the last
    for name, numbers in ends[0].items():
        np.testing.assert_allclose(ends[1][name], numbers, rtol=1e-12)
