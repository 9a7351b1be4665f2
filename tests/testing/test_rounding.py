"""What rounding leaves of a derivative: nothing excuses a rule that cancels, nor is it a fault."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Primitive
from autograd.testing import GradientError, check_gradients
from autograd.testing.numbers import slopes
from autograd.testing.samples import sampled


def plain(x):
    return (1 - np.cos(x)) / x**2


def accurate(x):
    return 2 * (np.sin(x / 2) / x) ** 2


def cancelling(xp):
    return lambda x: xp.sin(x) / x**2 - 2 * (1 - xp.cos(x)) / x**3


def series(x):
    return -x / 12 + x**3 / 180


@pytest.mark.parametrize("x", [1e-4, 1e-6, 1e-8])
@pytest.mark.parametrize("f", [plain, accurate, lambda x: (1 - math.cos(x)) / x**2])
def test_a_gradient_that_cancels_is_wrong_however_it_is_spelled(f, x):
    for xp in (np, math):
        with pytest.raises(GradientError):
            check_gradients(f, x, grad=cancelling(xp), special=False)
    check_gradients(f, x, grad=series, special=False)


@pytest.mark.parametrize("x", [1e-4, 1e-8])
@pytest.mark.parametrize("forward", [plain, accurate])
def test_a_rule_that_cancels_is_wrong(forward, x):
    rule = Primitive("versine", forward, vjps=[lambda g, y, x: g * cancelling(np)(x)])
    with pytest.raises(GradientError):
        check_gradients(rule, x, order=1, special=False)


def test_a_rule_that_rounds_all_away_is_wrong():
    rule = Primitive("half a square", lambda x: x * x / 2, vjps=[lambda g, y, x: g * swallowed(x)])
    with pytest.raises(GradientError):
        check_gradients(rule, np.array([1.5, -2.0]), order=1)
    with pytest.raises(GradientError):
        check_gradients(lambda x: x * x / 2, 1.5, grad=swallowed)


def swallowed(x):
    return (x + 1e17) - 1e17


def test_a_function_that_cancels_is_not_called_right():
    report = check_gradients(plain, 1e-4, order=1)
    assert report.undecided and not report.compared
    assert "cannot be judged" in str(report) and "right" not in str(report)
    saturated = check_gradients(np.tanh, 21.0, grad=lambda x: 1.5 * np.cosh(x) ** -2, special=False)
    assert saturated.undecided and "right" not in str(saturated)


FLAT = {  # functions that rounding makes flat, their derivatives, and where
    "sqrt": (lambda x: math.sqrt(1 + x * x) - 1, lambda x: x / math.sqrt(1 + x * x), True),
    "cos": (lambda x: 1 - math.cos(x), math.sin, True),
    "log": (lambda x: math.log(1 + x * x), lambda x: 2 * x / (1 + x * x), True),
    "log cosh": (lambda x: math.log(math.cosh(x)), math.tanh, True),
    "exp": (lambda x: math.exp(x) - 1 - x, math.expm1, True),
    "x - sin": (lambda x: x - math.sin(x), lambda x: 2 * math.sin(x / 2) ** 2, True),
    "log sigmoid": (
        lambda x: math.log(1 / (1 + math.exp(-x))),
        lambda x: 1 / (1 + math.exp(x)),
        False,
    ),
    "softplus": (lambda x: math.log(1 + math.exp(-x)), lambda x: -1 / (1 + math.exp(x)), False),
    "1 - tanh": (lambda x: 1 - math.tanh(x), lambda x: -(math.cosh(x) ** -2), False),
}


@pytest.mark.parametrize("name", FLAT)
@pytest.mark.parametrize("place", range(7))
def test_what_rounding_makes_flat_is_no_fault(name, place):
    f, slope, near_0 = FLAT[name]
    x = [2.0**-26, 1e-8, 3e-9, 1e-7, 1e-12, 1e-6, 1e-5]
    x = x if near_0 else [18, 21, 25, 30, 36, 40, 300]
    check_gradients(f, float(x[place]), grad=slope, special=False)
    rule = Primitive(
        "flat", np.vectorize(f, otypes=[float]), vjps=[lambda g, y, x: g * slope(float(x))]
    )
    check_gradients(rule, np.array(float(x[place])), order=1, special=False)


@pytest.mark.parametrize("name", [name for name in FLAT if FLAT[name][2] and name != "x - sin"])
def test_a_wrong_gradient_is_seen_from_afar_where_rounding_makes_it_flat(name):
    f, slope, _ = FLAT[name]
    for factor in (-1.0, 1.1):
        with pytest.raises(GradientError):
            check_gradients(f, 1e-6, grad=lambda x, c=factor: c * slope(x), special=False)


def hilbert(n):
    return 1 / (np.arange(n)[:, None] + np.arange(n) + 1.0)


HARD = {
    "log det of Hilbert's matrix": (
        lambda a: float(2 * np.sum(np.log(np.diag(np.linalg.cholesky((a + a.T) / 2))))),
        lambda a: np.linalg.inv((a + a.T) / 2),
        hilbert(8),
    ),
    "a sine far out": (
        lambda x: math.sin(x + 1e8) - math.sin(1e8),
        lambda x: math.cos(x + 1e8),
        0.7,
    ),
    "cross-entropy": (
        lambda x: float(-np.log(softmax(x))[0]),
        lambda x: softmax(x) - np.eye(3)[0],
        np.array([30.0, 0.0, -5.0]),
    ),
    "less a number, in float32": (
        lambda x: float(np.log(np.sum(np.exp(x.astype(np.float32)))) - np.float32(3)),
        lambda x: softmax(x),
        np.linspace(-2, 2, 9),
    ),
}


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


@pytest.mark.parametrize("name", HARD)
def test_ill_conditioned_functions(name):
    f, slope, x = HARD[name]
    check_gradients(f, x, grad=slope)
    with pytest.raises(GradientError):
        check_gradients(f, x, grad=lambda x: 1.01 * slope(x))


def test_a_gradient_that_is_0_by_symmetry_is_right_in_low_precision():
    def loss(x, shift):
        e = np.exp(x + shift - np.max(x + shift, axis=-1, keepdims=True))
        return np.sum(e / np.sum(e, axis=-1, keepdims=True))

    for seed in range(3):
        x = np.random.default_rng(seed).normal(size=(3, 4)).astype(np.float32)
        check_gradients(loss, x, np.full((3, 1), 0.5, np.float32))


def test_what_cancels_to_nothing_leaves_its_rounding_in_a_gradient():
    def nothing(x):
        return math.sin(x) - math.sin(x)

    assert check_gradients(nothing, 0.7, grad=lambda x: 1e-16, special=False).undecided
    for slope in (1e-10, 1.0):
        with pytest.raises(GradientError):
            check_gradients(nothing, 0.7, grad=lambda x, slope=slope: slope, special=False)


def test_numbers_that_cancel_where_they_move_are_rounded():
    """x + d and y − d add up to x + y, but for the rounding of x + d and y − d."""
    x = np.array([-8.829794496229035e-09, -8.829794496229035e-09])
    check_gradients(lambda x, y: np.sum(x), x, np.array([4.0]))
    slopes = np.array([1.0, 1 + 1e-9])
    wrong = Primitive("wrong", lambda x: np.sum(x), (lambda g, y, x: g * slopes,))
    with pytest.raises(AssertionError):
        check_gradients(lambda x, y: wrong(x), x, np.array([4.0]))


@given(
    slope=st.floats(1e-10, 1e-6),
    bend=st.floats(-5, -1).map(lambda power: 10.0**power),
    top=st.floats(0.2, 0.6),
    noise=st.floats(1, 16).map(lambda units: units * 2.0**-52),
)
def test_quotients_that_agree_by_chance_are_no_evidence(slope, bend, top, noise):
    def change(t):
        """Move by t · slope, with a quotient that is largest at t = top."""
        quotient = 1 + bend * ((t / top) ** 2 - (t / top) ** 4 / 2)
        return np.array([1.3 + slope * t * quotient - 1.3])

    found = slopes(sampled(change), np.array([noise]))
    assert found.low <= slope <= found.high
