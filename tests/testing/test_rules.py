"""Defects of rules that derivatives at one point may not show: of sign, form, memory, precision."""

import numpy as np
import pytest

from autograd import Primitive
from autograd.extend import defjvp, defvjp, primitive
from autograd.testing import GradientError, check_gradients

X = np.array([0.5, -1.25, 3.5, 2.0])


def square(rule):
    """x² with a rule of one's own."""
    return Primitive("square", lambda x: x * x, vjps=[rule])


def sine(vjp=None, jvp=None, forward=np.sin):
    """A primitive with rules of one's own."""
    f = primitive(lambda x: forward(x))
    if vjp:
        defvjp(f, lambda ans, x: lambda g: vjp(g, x))
    if jvp:
        defjvp(f, lambda g, ans, x: jvp(g, x))
    return f


def slope(g, x):
    return g * np.cos(x)


@pytest.mark.parametrize(
    "rule", [lambda g, y, x: abs(g) * 2 * x, lambda g, y, x: max(g, 0) * 2 * x]
)
def test_a_rule_that_is_right_for_positive_gradients_alone(rule):
    with pytest.raises(GradientError, match="not linear in its incoming gradient"):
        check_gradients(square(rule), 1.7, order=1)


def remembers():
    """A rule that looks at the last input of the function, whichever call that was of."""
    seen = []
    return Primitive(
        "square",
        lambda x: (seen.append(x), x * x)[1],
        vjps=[lambda g, y, x: g * 2 * seen[-1]],
    )


def counts():
    calls = []
    return square(lambda g, y, x: (calls.append(g), g * 2 * x * len(calls))[1])


def overwrites_its_result(g, y, x):
    slope = g * 2 * y / x
    y *= 2
    return slope


@pytest.mark.parametrize("op", [remembers(), counts(), square(overwrites_its_result)])
def test_a_rule_that_depends_on_other_calls(op):
    with pytest.raises(GradientError, match="another gradient the second time"):
        check_gradients(op, X, order=1)


def scaled_in_place(g, y, x):
    g *= 2 * x
    return g


def rule_in_float32(g, y, x):
    return (g * 2 * x).astype(np.float32).astype(float)


@pytest.mark.parametrize(
    ("rule", "message"),
    [(scaled_in_place, "modifies its incoming gradient"), (rule_in_float32, "drops digits")],
)
def test_a_defect_of_a_rule_that_leaves_the_whole_as_it_should_be(rule, message):
    op = square(rule)
    with pytest.raises(GradientError, match=message) as error:
        check_gradients(
            lambda x: np.sum(op(x) * np.array([1e-9, 2.0, 3.0, 4.0]) + 1e9 * x), X, order=1
        )
    assert "the rule of square is wrong" in str(error.value) and __file__ in str(error.value)


JVPS = {
    "absolute": (lambda g, x: abs(g) * np.cos(x), "the jvp for .* is wrong"),
    "in float32": (
        lambda g, x: slope(g, x).astype(np.float32),
        "(?s)is wrong.*forward mode, order 1",
    ),
    "summed": (lambda g, x: np.sum(slope(g, x)), "(?s)is wrong.*forward mode, order 1"),
    "nothing": (lambda g, x: None, "forward mode, order 1 .* is not possible: TypeError"),
    "raises": (
        lambda g, x: g @ np.ones((9, 9)),
        "forward mode, order 1 .* is not possible: ValueError",
    ),
}


@pytest.mark.parametrize("name", JVPS)
def test_wrong_jvps_beside_right_vjps(name):
    jvp, message = JVPS[name]
    with pytest.raises(GradientError, match=message):
        check_gradients(sine(slope, jvp), X)
    assert check_gradients(sine(slope, slope), X).compared


def test_a_jvp_that_is_not_linear_has_no_transpose():
    with pytest.raises(GradientError, match=r"(?s)is wrong.*found +3"):
        check_gradients(sine(jvp=lambda g, x: 2 * g + 1, forward=lambda x: 2 * x + 1), X)


def test_a_container_of_gradients_is_like_that_of_the_argument():
    first = primitive(lambda pair: pair[0] * 2 + pair[1])
    defvjp(first, lambda ans, pair: lambda g: (2 * g, g))
    assert check_gradients(first, (X, X)).compared
    with pytest.raises(GradientError, match="gives a tuple of gradients, not a list"):
        check_gradients(first, [X, X])


def test_what_is_wrong_near_by_is_told_by_entry_and_blamed():
    seen = []
    op = square(lambda g, y, x: g * 2 * (seen.append(x) or seen[0]))
    with pytest.raises(GradientError, match="near the given point") as error:
        check_gradients(lambda x: np.sum(op(3 * x)), X, order=1)
    assert "args[0][0]" in str(error.value)
    assert "the rule of square is wrong" in str(error.value)


def test_a_function_that_adds_to_a_container_changes_its_input():
    with pytest.raises(GradientError, match=r"modifies its input args\[0\]\[1\] in place"):
        check_gradients(lambda xs: (xs.append(X), xs[0] * 2)[1], [X])
