"""Picking entries, writing into Values, and functions of single numbers made of ops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value
from tests.parity import agrees, same

RNG = np.random.default_rng(0)
X = RNG.uniform(0.3, 2.0, (3, 4)) * RNG.choice([-1, 1], (3, 4))
ORDER = np.argsort(X, axis=1)

PICKED = {
    "take": lambda x: np.take(x, [0, 5, -1, 5]),
    "take axis": lambda x: np.take(x, [[0, 1], [2, 2]], axis=0),
    "take one": lambda x: np.take(x, 2, axis=-1),
    "take wrap": lambda x: np.take(x, [5, -7], axis=1, mode="wrap"),
    "take clip": lambda x: np.take(x, [5, -7], axis=1, mode="clip"),
    "take method": lambda x: x.take([1, 1], axis=0),
    "take_along_axis": lambda x: np.take_along_axis(x, ORDER, axis=1),
    "take_along_axis flat": lambda x: np.take_along_axis(x, np.array([3, 3, 1]), axis=None),
    "take_along_axis one": lambda x: np.take_along_axis(x, ORDER[:, :1], axis=-1),
    "compress": lambda x: np.compress([True, False, True], x, axis=0),
    "compress flat": lambda x: np.compress([True, False, True], x),
    "compress method": lambda x: x.compress([False, True], axis=1),
    "extract": lambda x: np.extract(X > 0, x),
    "choose": lambda x: np.choose([0, 2, 1, 0], x),
    "choose list": lambda x: np.choose([[0], [1]], [x[0], x[1]]),
    "choose clip": lambda x: np.choose([3, -1, 1, 0], [x[0], x[1]], mode="clip"),
    "select": lambda x: np.select([X > 1, X > 0], [x * x, 2 * x], 0.5),
    "select default": lambda x: np.select([X > 1, X < 9], [x, x * x], x[0]),
    "piecewise": lambda x: np.piecewise(x, [X > 1, X < 0], [np.exp, 2.0, lambda t: t * t]),
    "piecewise one": lambda x: np.piecewise(x[0], X[0] > 0, [np.sqrt]),
    "piecewise options": lambda x: np.piecewise(x, [X > 0], [lambda t, p: t**p, 1], 3),
    "piecewise of a scalar": lambda x: np.piecewise(x[0, 0], [False, True], [1, np.sin]),
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


@pytest.mark.parametrize("name", PICKED)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_picked(name):
    if name in ("nan_to_num", "nextafter"):  # differences see a jump, and too small a step
        same(PICKED[name], X)
    else:
        agrees(PICKED[name], X)


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


# -- writing into a Value --------------------------------------------------------------------------

WRITTEN = {
    "put": lambda x, w: np.put(x, [0, -1, 5], w),
    "put one": lambda x, w: np.put(x, 3, w),
    "put wrap": lambda x, w: np.put(x, [13, 2], w, mode="wrap"),
    "put clip": lambda x, w: x.put([99, 2], w, mode="clip"),
    "place": lambda x, w: np.place(x, X > 0, w),
    "putmask": lambda x, w: np.putmask(x, X > 0, w),
    "put_along_axis": lambda x, w: np.put_along_axis(x, ORDER[:, :2], w[:, None], axis=1),
    "put_along_axis flat": lambda x, w: np.put_along_axis(x, np.array([1, 4, 7]), w, axis=None),
    "copyto": lambda x, w: np.copyto(x, w[:, None]),
    "copyto where": lambda x, w: np.copyto(x, w[:, None], where=X > 0),
    "copyto row": lambda x, w: np.copyto(x, w[:, None], where=[True, False, False, True]),
    "fill_diagonal": lambda x, w: np.fill_diagonal(x, w),
    "add.at": lambda x, w: np.add.at(x, ([0, 0, 2], [1, 1, 3]), w),
    "subtract.at": lambda x, w: np.subtract.at(x, 1, w[0]),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_written(name):
    def f(x, w):
        x = x * 1.0
        WRITTEN[name](x, w)
        return x

    agrees(f, X, np.array([0.5, -0.25, 3.0]))


def test_a_tall_diagonal_wraps():
    def f(x):
        x = x * 1.0
        np.fill_diagonal(x, 5.0, wrap=True)
        return x

    agrees(f, RNG.normal(size=(7, 3)))


@pytest.mark.parametrize(
    "write",
    [
        lambda a, v: np.put(a, 0, v),
        lambda a, v: np.place(a, [True, False], v),
        lambda a, v: np.copyto(a, v),
        lambda a, v: np.put_along_axis(a, np.array([0]), v, axis=0),
        lambda a, v: np.add.at(a, 0, v),
    ],
)
def test_a_plain_array_cannot_take_a_value(write):
    with pytest.raises(TypeError, match="cannot be written into a plain array"):
        write(np.zeros(2), Value([1.0]))


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (lambda v: np.take(v, 1, mode="skip"), "mode is"),
        (lambda v: np.choose([5], [v, v]), "choices 0 to 1"),
        (lambda v: np.select([v > 0], [v, v]), "1 conditions for 2 choices"),
        (lambda v: np.piecewise(v, [v > 0], [1, 2, 3]), "for 3 functions"),
    ],
)
def test_errors(f, says):
    with pytest.raises(ValueError, match=says):
        f(Value(X))


def test_lists_of_values():
    x, y = Value(2.0), Value(3.0)
    autograd.array(np.select([[True, False]], [Value([1.0, 1.0]) * x], y)).sum().backward()
    assert (x.grad, y.grad) == (1.0, 1.0)
