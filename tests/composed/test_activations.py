"""Activations made of ops; tests/ops/test_edges.py tests their values and slopes far out."""

import numpy as np
import pytest

import autograd
from autograd import Value, relu
from autograd.ops import recurrent_steps


def test_an_unknown_approximation_is_refused():
    with pytest.raises(ValueError, match="'none' or 'tanh'"):
        autograd.gelu(1.0, approximate="fast")


@pytest.mark.parametrize(
    "number", [float, np.float64, lambda x: np.array([x]), lambda x: np.array([[x, x]])]
)
def test_relu_lets_a_gradient_through_where_it_is_nan(number):
    """Scalars and arrays agree, and the NaN is not hidden by a slope of 0."""
    for x, slope in ((np.nan, 1.0), (-0.0, 0.0), (2.0, 1.0), (-np.inf, 0.0), (np.inf, 1.0)):
        v = Value(number(x))
        relu(v).backward(gradient=np.full(v.shape, 3.0))
        assert np.all(v.grad == 3.0 * slope), x


@pytest.mark.parametrize("scale", [1.0, 20.0, 40.0])
def test_the_cell_of_an_lstm_keeps_its_digits_where_it_is_saturated(scale):
    """Its slopes are those of the ops that it is made of."""
    gates, c = np.random.default_rng(0).normal(size=(5, 8)) * scale, np.full((5, 2), 0.3 * scale)

    def by_ops(gates, c):
        i, f, new, o = np.split(gates, 4, axis=-1)
        c = autograd.sigmoid(f) * c + autograd.sigmoid(i) * np.tanh(new)
        return np.sum(autograd.sigmoid(o) * np.tanh(c) + 2.0 * c)

    def by_cell(gates, c):
        h, c = autograd.lstm_cell(gates, c)
        return np.sum(h + 2.0 * c)

    for argnum in (0, 1):
        expected, found = (autograd.grad(f, argnum)(gates, c) for f in (by_ops, by_cell))
        np.testing.assert_allclose(found, expected, rtol=1e-13)


def steps_of_cells(gates, weight, h, c):
    states = []
    for t in range(gates.shape[0]):
        h, c = autograd.lstm_cell(gates[t] + h @ weight, c)
        states.append((h, c))
    return [np.stack(part) for part in zip(*states, strict=True)]


@pytest.mark.parametrize("scale", [1.0, 8.0, 40.0])
@pytest.mark.parametrize("batch", [(), (3,), (2, 1)])
def test_an_lstm_is_its_cell_at_each_step_to_second_order(scale, batch):
    rng = np.random.default_rng(0)
    shapes = (3, *batch, 8), (2, 8), (*batch, 2), (*batch, 2)
    args, ways = ([rng.normal(size=shape) for shape in shapes] for _ in range(2))
    args[0] *= scale
    weights = rng.normal(size=(2, 3, *batch, 2))

    def loss(f):
        return lambda *args: sum(np.sum(y * w) for y, w in zip(f(*args), weights, strict=True))

    def bend(f):
        return lambda *args: sum(
            np.sum(np.sin(g) * way)
            for g, way in zip(autograd.grad(loss(f), (0, 1, 2, 3))(*args), ways, strict=True)
        )

    for order in (loss, bend):
        found, expected = (
            autograd.grad(order(f), (0, 1, 2, 3))(*args) for f in (autograd.lstm, steps_of_cells)
        )
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11 * np.max(np.abs(b)))


@pytest.mark.parametrize("scale", [1.0, 8.0])
def test_an_lstm_goes_back_block_by_block(scale, monkeypatch):
    """Two steps at once, but for the first; far out it takes the sums of the same steps."""
    monkeypatch.setattr(recurrent_steps, "BLOCK", 50)
    rng = np.random.default_rng(1)
    args = [rng.normal(size=shape) for shape in ((5, 3, 8), (2, 8), (3, 2), (3, 2))]
    args[0] *= scale
    weights = rng.normal(size=(2, 5, 3, 2))

    def loss(f):
        return lambda *args: np.sum(np.stack(f(*args)) * weights)

    found, expected = (
        autograd.grad(loss(f), (0, 1, 2, 3))(*args) for f in (autograd.lstm, steps_of_cells)
    )
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11 * np.max(np.abs(b)))


def test_an_lstm_takes_whole_numbers_and_no_numbers():
    args = [np.ones(shape, int) for shape in ((2, 3, 8), (2, 8), (3, 2), (3, 2))]
    expected = autograd.lstm(*[x.astype(float) for x in args])
    np.testing.assert_array_equal(autograd.lstm(*args), expected)
    empty = np.zeros((2, 3, 0)), np.zeros((0, 0)), np.zeros((3, 0)), np.zeros((3, 0))
    by = autograd.grad(lambda *args: np.sum(autograd.lstm(*args)[0]), (0, 1, 2, 3))
    assert [g.shape for g in by(*empty)] == [x.shape for x in empty]


@pytest.mark.parametrize("scale", [3.0, 12.0])
def test_an_lstm_keeps_its_digits_in_single_precision(scale):
    rng = np.random.default_rng(0)
    shapes = (4, 5, 8), (2, 8), (5, 2), (5, 2)
    args = [np.abs(rng.normal(size=shape)) for shape in shapes]  # no difference loses digits
    args[0] *= scale
    singles = [x.astype(np.float32) for x in args]
    by = autograd.grad(lambda *args: np.sum(autograd.lstm(*args)[0]), (0, 1, 2, 3))
    for found, expected in zip(by(*singles), by(*[x.astype(float) for x in singles]), strict=True):
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-30)


def test_an_lstm_without_a_step_or_of_other_shapes_is_refused():
    h, weight = np.zeros((5, 2)), np.zeros((2, 8))
    for gates in (np.zeros((0, 5, 8)), np.zeros((3, 4, 8)), np.zeros((3, 5, 6)), np.zeros(8)):
        with pytest.raises(ValueError, match="for one step or more"):
            autograd.lstm(gates, weight, h, h)


def test_gelu_in_single_precision_keeps_six_digits_far_out():
    x = np.linspace(-13, 13, 100_001, dtype=np.float32)  # more entries than a part has
    slope = autograd.grad(lambda x: np.sum(autograd.gelu(x)))
    for f in (autograd.gelu, slope):
        found, expected = f(x), f(x.astype(float))
        crosses = np.abs(x + 0.7518) < 0.1  # where the slope is 0
        np.testing.assert_allclose(found[~crosses], expected[~crosses], rtol=6e-6)
    np.testing.assert_allclose(autograd.gelu(x), autograd.gelu(x.astype(float)), rtol=6e-7)
    ends = np.array([np.nan, np.inf, -np.inf, 0.0, 3e38, -3e38], np.float32)
    assert np.array_equal(autograd.gelu(ends), np.maximum(ends, 0), equal_nan=True)


@pytest.mark.parametrize("f", [autograd.softmax, autograd.log_softmax, autograd.logsumexp])
def test_whole_numbers_are_taken_as_floats(f):
    for x in (np.array([1, 0, -5]), np.array([True, False])):
        assert np.array_equal(f(x), f(x.astype(float)))
        assert np.array_equal(f(Value(x)).data, f(x))
