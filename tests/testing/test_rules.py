"""Defects of rules that derivatives at one point may not show: of sign, form, memory, precision."""

import numpy as np
import pytest

from autograd import Primitive
from autograd.testing import GradientError, check_gradients

X = np.array([0.5, -1.25, 3.5, 2.0])


def square(rule):
    """x² with a rule of one's own."""
    return Primitive("square", lambda x: x * x, vjps=[rule])


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
    with pytest.raises(GradientError, match="another gradient when asked again"):
        check_gradients(op, X, order=1)
