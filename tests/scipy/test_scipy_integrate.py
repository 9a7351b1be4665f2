"""scipy.integrate.odeint: gradients in the start, the times and the arguments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="autograd.scipy is an extra")

import scipy.integrate

from autograd import Value
from autograd.scipy.integrate import odeint, solve_ivp
from autograd.testing import check_gradients

pytestmark = pytest.mark.slow

EXACT = {"rtol": 1e-12, "atol": 1e-12}


def swing(y, t, friction, force):
    return np.stack([y[1], -np.sin(y[0]) - friction * y[1] + force["size"] * np.cos(t)])


@settings(max_examples=3)
@given(seed=st.integers(0, 2**32 - 1), backwards=st.booleans(), tfirst=st.booleans())
def test_gradients(seed, backwards, tfirst):
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.uniform(0.2, 0.6, 3))[:: -1 if backwards else 1].copy()

    def solve(y0, t, friction, size, library=odeint):
        f = (lambda t, y, *args: swing(y, t, *args)) if tfirst else swing
        return library(
            f, y0, t, args=(friction, {"size": size, "why": "wind"}), tfirst=tfirst, **EXACT
        )

    args = [rng.normal(size=2), times, 0.3, 0.5]
    found = solve(*map(Value, args))
    expected = solve(*args, library=scipy.integrate.odeint)
    np.testing.assert_allclose(found.data, expected, rtol=1e-7)
    np.testing.assert_array_equal(solve(*args), expected)
    weights = rng.normal(size=expected.shape)
    check_gradients(lambda *args: np.sum(weights * solve(*args)), *args, order=1)


def test_the_exponential():
    rate, start, times = Value(2.0), Value([3.0]), Value([0.0, 1.0])
    y = odeint(lambda y, t, k: [-k * y[0]], start, times, args=(rate,), **EXACT)
    y[1, 0].backward()
    decay = np.exp(-2.0)
    assert rate.grad == pytest.approx(-3 * decay)
    assert start.grad == pytest.approx([decay])
    assert times.grad == pytest.approx([6 * decay, -6 * decay])


def test_one_time_is_the_start():
    start, times = Value([3.0, 4.0]), Value([0.5])
    odeint(lambda y, t: -y, start, times)[0].sum().backward()
    assert (start.grad.tolist(), times.grad.tolist()) == ([1, 1], [0])


def test_tolerances_for_each_entry():
    v = Value([1.0, 2.0])
    y = odeint(lambda y, t: -y, v, [0.0, 1.0], atol=np.array([1e-9, 1e-10]), rtol=1e-9)
    y[-1].sum().backward()
    assert v.grad == pytest.approx(np.exp([-1.0, -1.0]))


def test_a_value_that_is_no_argument_is_refused():
    rate = Value(2.0)
    for y0 in (Value([1.0]), [1.0]):
        with pytest.raises(TypeError, match="pass it on"):
            odeint(lambda y, t: -rate * y, y0, [0.0, 1.0])
    with pytest.raises(TypeError, match="full_output"):
        odeint(lambda y, t: -y, Value([1.0]), [0.0, 1.0], full_output=True)
    y, about = odeint(lambda y, t: -y, [1.0], [0.0, 1.0], full_output=True)
    assert y.shape == (2, 1) and "message" in about
    with pytest.raises(TypeError, match=r"scipy.integrate.solve_ivp has no derivative"):
        solve_ivp(lambda t, y: -y, (0, 1), Value([1.0]))
