"""Halves, whose largest is 65,504, and numbers near the ends of the range of float32."""

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, grad

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
HALF = np.float16
HUNDREDS, ONES = np.full(1000, 100, HALF), np.ones(70_000, HALF)


def test_means_are_numpys():
    for f in (np.mean, np.average, lambda x: np.mean(x, where=x > 0), lambda x: x.mean()):
        y = f(Value(HUNDREDS))
        assert (y.data, y.dtype) == (100, HALF)
    for f in (np.mean, np.average, np.nanmean, np.var, np.std, np.sum, np.nansum):
        for x in (ONES / 8, HUNDREDS / 8, HUNDREDS.reshape(10, 100) / 8):
            for axis in (None, 0):
                y = f(Value(x), axis=axis)
                assert y.dtype == HALF
                np.testing.assert_allclose(np.asarray(y.data), f(x, axis=axis), rtol=2e-3)


@pytest.mark.parametrize("g", [1.0, 1000.0])
def test_counts_beyond_the_largest_half(g):
    for f in (np.mean, np.nanmean, np.average, lambda x: np.mean(x, where=x > 0)):
        slope = grad(lambda x, f=f: f(x) * HALF(g))(ONES)
        assert slope.dtype == HALF
        np.testing.assert_allclose(slope, g / ONES.size, rtol=5e-3)


def in_double(f, x):
    """Return f's value and gradient, computed in double precision."""
    x = x.astype(float)
    return f(x), grad(f)(x)


SCORES = np.linspace(-2, 9, 70_000).astype(HALF)


@pytest.mark.parametrize(
    "f",
    [
        autograd.logsumexp,
        lambda x: autograd.log_softmax(x)[-1],
        lambda x: autograd.softmax(x * 1024)[-1],
        lambda x: np.var(x / 64),
        lambda x: np.std(x / 64),
        lambda x: np.var(x / 64, where=x > 0),
        lambda x: np.nanvar(x / 64),
    ],
)
def test_reductions_are_as_precise_as_halves(f):
    value, slope = in_double(f, SCORES)
    assert f(Value(SCORES)).dtype == HALF
    np.testing.assert_allclose(np.asarray(f(Value(SCORES)).data), value, rtol=2e-3)
    np.testing.assert_allclose(grad(f)(SCORES), slope, rtol=1e-2, atol=1e-6)


def test_logits_that_are_large():
    for dtype, x, rtol in (
        (HALF, [300.0, 299.0], 1e-3),
        (np.float32, [1e6, 1e6 - 1], 1e-6),
        (np.float64, [1e15, 1e15 - 1], 1e-15),
    ):
        x = np.array(x, dtype)
        expected = np.array([1, np.exp(-1)]) / (1 + np.exp(-1))
        np.testing.assert_allclose(autograd.softmax(x), expected, rtol=rtol)
        np.testing.assert_allclose(autograd.log_softmax(x), np.log(expected), rtol=rtol)
        np.testing.assert_allclose(grad(autograd.logsumexp)(x), expected, rtol=rtol)
        found = [grad(np.logaddexp, place)(x[:1], x[1:])[0] for place in (0, 1)]
        np.testing.assert_allclose(found, expected, rtol=rtol)


def test_cumulative_sums_of_gradients():
    x = np.ones(4096, HALF)
    assert grad(lambda x: np.cumsum(x).sum())(x)[0] == 4096  # in halves 2048 + 1 is 2048


@pytest.mark.parametrize("scale", [1e-30, 1e30, 1e37])
def test_complex_numbers_near_the_ends_of_their_range(scale):
    def of(dtype):
        a, b = (Value(np.array([z], dtype)) for z in (scale * (0.6 + 0.8j), scale * (-0.8 + 0.5j)))
        for f in (np.abs, np.angle, np.sign):
            f(a).sum().real.backward()
        (a / b).sum().real.backward()
        return [*a.grad, *b.grad]

    np.testing.assert_allclose(of(np.complex64), of(np.complex128), rtol=1e-5)


@pytest.mark.parametrize("dtype", [HALF, np.float32, np.float64])
def test_arctan2_near_the_ends_of_the_range(dtype):
    limits = np.finfo(dtype)
    for scale in (float(limits.max) / 4, float(limits.tiny) * 4):
        a, b = dtype(scale), dtype(2 * scale)
        assert grad(np.arctan2, 0)(a, b) * scale == pytest.approx(0.4, rel=0.1)
        assert grad(np.arctan2, 1)(a, b) * scale == pytest.approx(-0.2, rel=0.1)


def test_gradients_of_what_was_broadcast():
    b, x = np.zeros(3, HALF), np.ones((4096, 3), HALF)
    assert grad(lambda b: (x + b).sum())(b).tolist() == [4096] * 3


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_functions_of_networks_keep_the_dtype(dtype):
    x = np.linspace(-2, 2, 6, dtype=dtype).reshape(2, 3)
    functions = [autograd.erf, autograd.relu, autograd.sigmoid, autograd.softmax, nn.gelu, nn.silu]
    for f in [*functions, nn.softplus, nn.mish, nn.selu]:
        wide = f(Value(x.astype(np.float64))).data
        assert f(Value(x)).dtype == f(Value(x[0, 0])).dtype == dtype
        np.testing.assert_allclose(f(Value(x)).data, wide, rtol=4 * np.finfo(dtype).eps, atol=1e-3)
