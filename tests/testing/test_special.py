"""check_gradients looks at special points without being asked, and fails only without doubt."""

import numpy as np
import pytest

from autograd import Primitive
from autograd.testing import GradientError, check_gradients

X = np.arange(6.0).reshape(3, 2) * 0.37 + 0.11
AT = {
    "zero": lambda x: x == 0,
    "a single zero": lambda x: np.sum(x == 0) == 1,
    "minus zero": lambda x: (x == 0) & np.signbit(x),
    "one": lambda x: x == 1,
    "minus one": lambda x: x == -1,
    "one half": lambda x: abs(x) == 0.5,
    "whole numbers": lambda x: x == np.rint(x),
    "large": lambda x: abs(x) > 100,
    "small": lambda x: abs(x) < 0.01,
    "negative": lambda x: x < 0,
    "ties": lambda x: x.size > len(np.unique(x)),
    "equal rows": lambda x: bool(np.all(x[0] == x[-1])),
    "Fortran's order": lambda x: not x.flags.c_contiguous,
    "a view": lambda x: not x.flags.forc,
}


@pytest.mark.usefixtures("nobody_blamed")
@pytest.mark.parametrize("name", AT)
def test_a_gradient_that_is_wrong_at_special_points_is_caught(name):
    def slope(x):
        return (2 * x + 1) * np.where(AT[name](x), 1.1, 1.0)

    def f(x):
        return float(np.sum(x * x + x))

    with pytest.raises(GradientError, match="at a special point"):
        check_gradients(f, X, grad=slope)
    assert check_gradients(f, X, grad=slope, special=False).compared
    if name == "a view":  # a Value keeps its numbers side by side
        return
    rule = Primitive("rule", lambda x: x * x + x, vjps=[lambda g, y, x: g * slope(x)])
    for g in (rule, lambda x: np.sum(rule(x) * 2.0)):
        with pytest.raises(GradientError, match="at a special point"):
            check_gradients(g, X, order=1, nearby=False)


@pytest.mark.parametrize(
    "wrong", [lambda x: x.dtype == np.float32, lambda x: len(x) == 1], ids=["float32", "a batch"]
)
def test_rules_are_tried_in_float32_and_on_a_batch_of_one(wrong):
    rule = Primitive("rule", np.square, vjps=[lambda g, y, x: (3 if wrong(x) else 2) * g * x])
    with pytest.raises(GradientError, match="at a special point"):
        check_gradients(rule, X, order=1)


HONEST = {
    "log": (lambda x: float(np.sum(np.log(x))), lambda x: 1 / x, X),
    "norm": (lambda x: float(np.linalg.norm(x)), lambda x: x / np.linalg.norm(x), X),
    "max": (np.max, lambda x: 1.0 * (x == np.max(x)), X),
    "product": (lambda x: float(np.prod(x)), lambda x: np.prod(x) / x, X),
    "a table": (
        lambda x: float(np.interp(x, [0, 1, 2], [0, 1, 4])),
        lambda x: [1.0, 3.0][int(x)],
        0.7,
    ),
    "rounded": (lambda x: float(np.round(x, 6)), lambda x: 0.0, 0.3000002),
    "log-det": (
        lambda a: float(np.log(abs(np.linalg.det(a)))),
        lambda a: np.linalg.inv(a).T,
        X[:2],
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_where_there_is_doubt_the_report_has_a_line(name):
    f, slope, x = HONEST[name]
    assert "special points: " in str(check_gradients(f, x, grad=slope))


def test_functions_of_this_package_are_not_looked_at_there():
    assert "special" not in str(check_gradients(np.tanh, X))
