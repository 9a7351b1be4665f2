"""The checker is right about every planted case: the wrong ones, and the right ones that are hard.

`python -m benchmarks.verdicts` says what other checkers make of them.
"""

import warnings

import numpy as np
import pytest
from hypothesis import Phase, settings

from autograd import Primitive, Value
from autograd.engine.trees import filled, leaves
from autograd.extend import defjvp, defvjp, primitive
from autograd.testing import GradientError, check_gradients, given_gradients
from benchmarks.planted import RIGHT, WRONG
from benchmarks.planted.case import Case
from benchmarks.planted.library import Missing, Ours, OursExtended

pytestmark = pytest.mark.slow


def pairs(kinds, *libraries):
    """Return (library, case) for all cases, with an id."""
    return [
        pytest.param(lib, case, id=f"{lib.name}: {kind}: {case.name}")
        for lib in libraries
        for kind, cases in kinds.items()
        for case in cases(lib)
        if type(lib) is Ours or differentiated(case)
    ]


def differentiated(case):
    """Whether a case is about rules, so that it matters how they are given, and is quick."""
    return case.grad is None and sum(np.size(x) for _, x in leaves(case.args)) <= 10_000


PLANTED = pairs(WRONG, Ours())


@pytest.mark.parametrize("lib, case", PLANTED[::3])
def test_a_wrong_derivative_is_caught_and_its_op_looked_for(lib, case):
    with pytest.raises(GradientError):
        check(lib, case)


@pytest.mark.usefixtures("nobody_blamed")
@pytest.mark.parametrize(
    "lib, case", PLANTED[1::3] + PLANTED[2::3] + pairs(WRONG, OursExtended())[::3]
)
def test_a_wrong_derivative_is_caught(lib, case):
    with pytest.raises(GradientError):
        check(lib, case)


@pytest.mark.parametrize("lib, case", pairs(RIGHT, Ours()))
def test_a_right_derivative_passes(lib, case):
    check(lib, case)


def check(lib, case):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            lib.check(case)
        except Missing as missing:
            pytest.skip(f"{missing} needs SciPy")


# -- right ones, made wrong by a hundredth ---------------------------------------------------------

UNSEEN = {
    "slope 0": {"a constant", "empty", "empty results", "floor", "floor at a whole number"}
    | {"sign at 0", "x to the 0 at 0", "product with two zeros", "all equal", "norm at 0"}
    | {"stairs of a thousandth"},
    "between the two sides": {"max at a tie", "maximum at a tie", "distance of equals"}
    | {"a network of relus with nothing to do"},
    "less than rounding": {"cross-entropy, sure and right", "a slope of 1e-12"},
}


def warped(x):
    return x * 1.0


hundredth = Primitive("hundredth", warped, vjps=[lambda g, y, x: 1.01 * g])


def small(kinds):
    """Yield the cases that autograd differentiates, of few numbers, where it can be seen."""
    for kind, cases in kinds.items():
        for case in cases(Ours()):
            numbers = sum(np.size(x) for _, x in leaves(case.args))
            seen = case.name not in set().union(*UNSEEN.values())
            if seen and case.grad is None and numbers <= 1000 and "10,000" not in case.name:
                yield pytest.param(case, id=f"{kind}: {case.name}")


@pytest.mark.usefixtures("nobody_blamed")
@pytest.mark.parametrize("case", list(small(RIGHT))[::2])
def test_a_hundredth_more_than_right_is_wrong(case):
    """Every other right case, its arguments through an op whose rule is a hundredth too large."""

    def f(*args):
        moved = [hundredth(x) if isinstance(x, Value) else x for _, x in leaves(args)]
        return case.f(*filled(args, iter(moved)))

    with pytest.raises(GradientError):
        check(Ours(), Case(case.name, f, case.args, order=1))


# -- what shows elsewhere than at one point: `given_gradients` finds the point ---------------------

FOUND = settings(phases=[Phase.generate])  # how small it can be made is tested in test_given.py
AT = {
    "beyond three": lambda x: abs(x) > 3,
    "beyond a hundred": lambda x: abs(x) > 100,
    "below minus one": lambda x: x < -1,
    "near zero": lambda x: abs(x) < 1e-3,
    "below a millionth": lambda x: abs(x) < 1e-6,
    "whole numbers": lambda x: (x == np.floor(x)) & (x != 0),
    "ones": lambda x: abs(x) == 1,
    "halves": lambda x: abs(x) == 0.5,
    "equal rows": lambda x: x.ndim > 1 and len(x) > 1 and x.size > 2 and np.array_equal(x[0], x[1]),
    "no axis": lambda x: x.ndim == 0,
    "three axes": lambda x: x.ndim == 3,
    "an axis of size 1": lambda x: 1 in x.shape,
    "the last axis of size 1": lambda x: x.ndim > 1 and x.shape[-1] == 1,
    "square": lambda x: x.ndim == 2 and x.shape[0] == x.shape[1] > 1,
    "not square": lambda x: x.ndim == 2 and x.shape[0] != x.shape[1],
    "more than eight entries": lambda x: x.size > 8,
    "ties": lambda x: x.size > len(np.unique(x)),
    "all equal": lambda x: x.size > 1 and len(np.unique(x)) == 1,
    "in order": lambda x: x.ndim == 1 and x.size > 1 and bool(np.all(np.diff(x) > 0)),
    "of both signs": lambda x: x.size > 0 and x.min() < 0 < x.max(),
}


@pytest.mark.usefixtures("nobody_blamed")
@pytest.mark.parametrize("name", AT)
def test_a_rule_that_is_wrong_at_some_points_is_caught(name):
    def rule(g, y, x):
        return 2 * g * x * np.where(AT[name](x), 1.1, 1.0)

    square = Primitive("square", lambda x: x * x, vjps=[rule])

    @FOUND
    @given_gradients(x=..., order=1, examples=300, seed=0)
    def test(x):
        return square(x)

    with pytest.raises(GradientError):
        test()


FOR = {
    "the first broadcast": lambda a, b: np.shape(a) != np.broadcast_shapes(a.shape, b.shape),
    "the first of fewer axes": lambda a, b: a.ndim < b.ndim,
    "the second of a row": lambda a, b: b.ndim == 2 and b.shape[0] == 1 < np.shape(a + b)[0],
    "equals": lambda a, b: a == b,
    "both negative": lambda a, b: (a < 0) & (b < 0),
    "a zero": lambda a, b: (a == 0) & (b != 0),
    "a small beside a large": lambda a, b: (abs(a) < 1e-3) & (abs(b) > 4),
}


@pytest.mark.usefixtures("nobody_blamed")
@pytest.mark.parametrize("name", FOR)
def test_a_rule_that_is_wrong_for_some_pairs_is_caught(name):
    def rule(g, y, a, b):
        return g * b * np.where(FOR[name](a, b), 1.1, 1.0)

    product = Primitive("product", lambda a, b: a * b, vjps=[rule, lambda g, y, a, b: g * a])

    @FOUND
    @given_gradients(a=..., b=..., order=1, examples=100, seed=0)
    def test(a, b):
        return product(a, b)

    with pytest.raises(GradientError):
        test()


# -- rules by `defvjp` and `defjvp`, of which the walk makes the best ------------------------------


def bias(by_x, by_b):
    """x + b, with vjps."""
    op = primitive(lambda x, b: x + b)
    defvjp(op, lambda y, x, b: by_x, lambda y, x, b: by_b)
    return op


@pytest.mark.parametrize(
    "by_b, message",
    [
        (lambda g: g, "shape"),
        (lambda g: np.sum(g, axis=0, keepdims=True), "shape"),
        (lambda g: np.sum(g, axis=0).astype(np.float64), "dtype"),
    ],
)
def test_a_rule_gives_a_gradient_of_the_form_of_its_argument(by_b, message):
    x, b = np.array([[1.0, 2.0], [0.5, -1.0]], "f4"), np.array([1.0, -2.0], "f4")
    check_gradients(bias(lambda g: g, lambda g: np.sum(g, axis=0)), x, b)
    with pytest.raises(GradientError, match=message):
        check_gradients(bias(lambda g: g, by_b), x, b)


def test_a_jvp_is_the_transpose_of_the_vjp():
    x, w = np.array([0.5, -2.0]), np.array([1.0, 3.0])
    for factor in (1.0, -1.0, 1.01):
        op = primitive(lambda x, w: x * w)
        defvjp(op, lambda y, x, w: lambda g: g * w, lambda y, x, w: lambda g: g * x)
        defjvp(op, lambda v, y, x, w: v * w, lambda v, y, x, w, by=factor: by * v * x)
        if factor == 1:
            check_gradients(op, x, w)
        else:
            with pytest.raises(GradientError, match=r"(?s)is wrong.*forward mode.*args\[1\]"):
                check_gradients(op, x, w)
