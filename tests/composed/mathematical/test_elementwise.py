"""Functions of single numbers made of ops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from tests.parity import agrees, same

RNG = np.random.default_rng(0)
X = RNG.uniform(0.3, 2.0, (3, 4)) * RNG.choice([-1, 1], (3, 4))


ALIKE = {
    "nan_to_num": lambda x: np.nan_to_num(x * np.array([1.0, np.inf, 1, 1]), posinf=3, neginf=-4),
    "real_if_close": lambda x: np.real_if_close(x + 0j),
    "angle": lambda x: np.angle(x + 2j, deg=True),
    "float_power": lambda x: np.float_power(x, 3),
    "modf": lambda x: np.modf(x)[0],
    "divmod": lambda x: np.divmod(x, 0.7)[1],
    "frexp": lambda x: np.frexp(x)[0],
    "ldexp": lambda x: np.ldexp(x, np.array([1, 2, 3, -1])),
    "fmod": lambda x: np.fmod(x, 0.7),
    "i0": lambda x: np.i0(x),
    "logaddexp2": lambda x: np.logaddexp2(x, x[0]),
    "copysign": lambda x: np.copysign(x, x[0]),
    "clip": lambda x: np.clip(x, x[0] - 0.5, 1.9),
    "nextafter": lambda x: np.nextafter(x, 9),
}


@pytest.mark.parametrize("name", ALIKE)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_alike(name):
    if name in ("nan_to_num", "nextafter"):  # differences see a jump, and too small a step
        same(ALIKE[name], X)
    else:
        agrees(ALIKE[name], X)


STEPS = {
    "fix": np.fix,
    "spacing": np.spacing,
    "whole part": lambda x: np.modf(x)[1],
    "quotient": lambda x: np.divmod(x, 0.7)[0],
    "round": lambda x: np.round(x, 1),
    "round tens": lambda x: np.round(30 * x, -1),
    "heaviside": lambda x: np.heaviside(x, 0.5),
}


@pytest.mark.parametrize("name", STEPS)
def test_steps_have_slope_zero(name):
    same(STEPS[name], X)
    same(STEPS[name], X.astype(np.float32), rtol=1e-6)
    v = Value(X)
    STEPS[name](v).sum().backward()
    assert not v.grad.any()


def test_modf_and_frexp_at_infinity():
    x = np.array([np.inf, -np.inf, 1.5])
    for f in (np.modf, np.frexp):
        for found, expected in zip(f(Value(x)), f(x), strict=True):
            np.testing.assert_array_equal(getattr(found, "data", found), expected)


def test_what_nan_to_num_replaced_has_no_gradient():
    v = Value([np.nan, 1.0, np.inf, -np.inf])
    y = np.nan_to_num(v)
    y.backward(np.ones(4))
    assert np.array_equal(y.numpy(), np.nan_to_num(v.numpy()))
    assert v.grad.tolist() == [0, 1, 0, 0]
    z = np.array([complex(np.nan, 1), 2j])
    same(np.nan_to_num, z)


@given(st.floats(-600, 600))
def test_the_slope_of_i0_is_the_integral_for_i1(x):
    v = Value(x)
    np.i0(v).backward()
    angles = (np.arange(2000) + 0.5) * np.pi / 2000
    expected = np.mean(np.exp(x * np.cos(angles)) * np.cos(angles))
    assert v.grad == pytest.approx(expected, rel=1e-10, abs=1e-12)
