"""Functions that are themselves numerical: right up to the accuracy that was asked for."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Primitive
from autograd.extend import defjvp, defvjp, primitive
from autograd.testing import GradientError, check_gradients

pytestmark = pytest.mark.slow

POINT = np.array([0.7, 1.3])


def bisected(a):
    """The root of a, to 1e-6: a staircase."""
    low, high = 0.0, 2.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if middle * middle < a else (low, middle)
    return (low + high) / 2


def iterated(p):
    """The product of two numbers, by halving the error until it is below 1e-7."""
    x = 0.0
    while abs(p[0] * p[1] - x) > 1e-7:
        x = 0.5 * x + 0.5 * p[0] * p[1]
    return x


def in_steps(p):
    """The decay y' = -k y, y(0) = b, in steps that depend on k: it jumps."""
    k, b = p
    count = int(200 * k) + 20
    for _ in range(count):
        b = b - k * b * 2 / count * (1 - k / count + 2 / 3 * (k / count) ** 2)
    return b


def decay(p):
    return np.array([-2 * p[1], 1.0]) * np.exp(-2 * p[0])


def from_table(x):
    grid = np.linspace(0, 1, 301)
    return np.interp(x, grid, np.sin(grid))


CASES = {
    "staircase": (bisected, 1.3, lambda a: 1 / (2 * np.sqrt(a)), 1e-4),
    "iteration": (iterated, np.array([0.3, 0.9]), lambda p: p[::-1].copy(), 1e-5),
    "steps": (in_steps, POINT, decay, 1e-4),
    "table": (from_table, 0.3337, np.cos, 1e-2),
}


@pytest.mark.parametrize("name", CASES)
def test_right_up_to_the_accuracy(name):
    f, x, slope, accuracy = CASES[name]
    with pytest.raises(GradientError):
        check_gradients(f, x, grad=slope)
    report = str(check_gradients(f, x, grad=slope, accuracy=accuracy))
    (achieved,) = re.findall(r"relative error at most (.+)", report)
    assert 0 < float(achieved) <= 2 * accuracy


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("factor", [5, -5, 50])
def test_a_few_times_the_accuracy_is_wrong(name, factor):
    f, x, slope, accuracy = CASES[name]
    with pytest.raises(GradientError):
        off = 1 + factor * accuracy
        check_gradients(f, x, grad=lambda x: slope(x) * off, accuracy=accuracy)


INEXACT = {
    "stairs": lambda x, unit: np.floor(np.sqrt(x) / unit) * unit,
    "jumps": lambda x, unit: np.sqrt(x) * (1 + unit * (int(50 * x) % 7) / 7),
    "noise": lambda x, unit: np.sqrt(x) * (1 + unit * np.sin(3e9 * x)),
}


@given(
    name=st.sampled_from(list(INEXACT)),
    x=st.floats(0.2, 4),
    unit=st.sampled_from([1e-3, 1e-5, 1e-7]),
    sign=st.sampled_from([-1, 1]),
)
def test_whatever_it_is_that_makes_a_function_inexact(name, x, unit, sign):
    def f(x):
        return INEXACT[name](x, unit)

    def slope(x):
        return 0.5 / np.sqrt(x)

    check_gradients(f, x, grad=slope, accuracy=100 * unit)
    with pytest.raises(GradientError):
        off = 1 + sign * 1000 * unit
        check_gradients(f, x, grad=lambda x: slope(x) * off, accuracy=100 * unit)


def test_odeint_and_other_solvers():
    integrate = pytest.importorskip("scipy.integrate")

    def solved(p, **options):
        return integrate.solve_ivp(lambda t, y: -p[0] * y, (0, 2), [p[1]], **options).y[0, -1]

    check_gradients(
        lambda p: integrate.odeint(lambda y, t: -p[0] * y, p[1], [0, 2.0])[-1, 0],
        POINT,
        grad=decay,
        accuracy=1e-6,
    )
    check_gradients(solved, POINT, grad=decay, accuracy=1e-2)
    with pytest.raises(GradientError):
        check_gradients(solved, POINT, grad=lambda p: decay(p) * 1.03, accuracy=1e-2)


def test_a_small_entry_may_be_off_by_a_share_of_the_largest():
    def f(x):
        return x[0] * 1e4 + x[1] * 1e-4

    check_gradients(f, np.ones(2), grad=lambda x: np.array([1e4, 2e-4]), accuracy=1e-5)
    with pytest.raises(GradientError):
        check_gradients(f, np.ones(2), grad=lambda x: np.array([1e4, 0.2]), accuracy=1e-5)


def halved(target):
    """A number found by an iteration that stops early, starting at 0."""
    x = 0.0 * target
    while np.max(abs(target - x)) > 1e-7:
        x = (x + target) / 2
    return x


def test_an_op_that_iterates_in_both_modes_and_orders():
    product = Primitive(
        "iterated product",
        lambda a, b: halved(a * b),
        vjps=[lambda g, y, a, b: g * b * (1 + 3e-7), lambda g, y, a, b: g * a],
    )
    x = np.array([0.3, 2.0])
    report = check_gradients(product, x, np.array([0.9, -1.0]), accuracy=1e-5)
    assert str(report).count("relative error at most") == 4
    with pytest.raises(GradientError):
        check_gradients(product, x, np.array([0.9, -1.0]), accuracy=1e-8)


def test_rules_that_fit_each_other_up_to_the_accuracy():
    @primitive
    def square(x):
        return x * x

    defvjp(square, lambda ans, x: lambda g: 2 * g * x)
    defjvp(square, lambda g, ans, x: 2 * g * x * (1 + 1e-6))
    check_gradients(square, np.array([0.5, 2.0]), accuracy=1e-5)
    with pytest.raises(GradientError):
        check_gradients(square, np.array([0.5, 2.0]))


def test_what_starts_where_it_ended_is_the_same_up_to_the_accuracy():
    seen = [0.0]

    def warm(x):
        seen[0] = seen[0] + 0.999999 * (x * x - seen[0])
        return seen[0]

    check_gradients(warm, 1.5, grad=lambda x: 2 * x, accuracy=1e-4)
    seen[0] = 0.0
    with pytest.raises(GradientError, match="different results when called twice"):
        check_gradients(warm, 1.5, grad=lambda x: 2 * x)


def test_kinks_are_still_kinks():
    report = check_gradients(np.abs, 0.0, grad=lambda x: 0.3, accuracy=1e-5)
    assert report.kinks
    with pytest.raises(GradientError):
        check_gradients(np.abs, 0.0, grad=lambda x: 1.1, accuracy=1e-5)


@pytest.mark.parametrize("accuracy", [0, -1, 1.0, 2, float("nan")])
def test_an_accuracy_is_a_small_number(accuracy):
    with pytest.raises(ValueError, match="accuracy should be a number such as 1e-5"):
        check_gradients(np.sin, 1.0, accuracy=accuracy)
