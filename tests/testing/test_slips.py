"""Slips are named: in rules, in gradients written by hand, in their shapes."""

import numpy as np
import pytest

from autograd import Primitive
from autograd.extend import getval
from autograd.testing import GradientError, check_gradients
from autograd.testing.slips import misshapen, slip, times

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
A, B, ROW = RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4)), RNG.normal(size=4)
SQUARE = RNG.normal(size=(3, 3))


def product(by_a, by_b):
    return Primitive("product", lambda a, b: a * b, vjps=[by_a, by_b])


def matmul(by_a):
    return Primitive("matmul", lambda a, b: a @ b, vjps=[by_a, lambda g, y, a, b: a.T @ g])


def right(g, y, a, b):
    return g * a


RULES = {
    "sign": (lambda g, y, a, b: -g * b, A, B, "its sign is wrong"),
    "twice": (lambda g, y, a, b: 2 * g * b, A, B, "it is 2 times what it should be"),
    "half": (lambda g, y, a, b: 0.5 * g * b, A, B, "it is 1/2 of what it should be"),
    "a percent": (lambda g, y, a, b: 1.01 * g * b, A, B, "it is 1.01 times what it should be"),
    "left out": (lambda g, y, a, b: 0 * g * b, A, B, "the gradient is left out"),
    "a factor": (lambda g, y, a, b: g + 0 * b, A, B, "the factor args[1] is missing"),
    "a factor too many": (
        lambda g, y, a, b: g * b * a,
        A,
        B,
        "there is one factor args[0] too many",
    ),
    "a factor that broadcasts": (
        lambda g, y, a, b: g + 0 * b,
        A,
        ROW,
        "the factor args[1] is missing",
    ),
    "of the other": (
        lambda g, y, a, b: g * a,
        A,
        B,
        "it is the gradient of another argument, args[1]",
    ),
    "averaged": (lambda g, y, a, b: np.mean(g * b, axis=0), ROW, A, "it is 1/3 of what it should"),
    "one row": (
        lambda g, y, a, b: (g * b)[0],
        ROW,
        A,
        "is it summed over all axes that were broadcast?",
    ),
    "shifted": (
        lambda g, y, a, b: np.roll(g * b, 1, axis=1),
        A,
        B,
        "its sum is right, but it belongs to other entries",
    ),
    "absolute": (lambda g, y, a, b: g * abs(b), A, B, "its sign is wrong at some entries"),
    "infinite": (
        lambda g, y, a, b: g * b / np.where(a == A[0, 0], 0, 1),
        A,
        B,
        "something was divided by zero",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_slips_in_rules(name):
    rule, a, b, words = RULES[name]
    with pytest.raises(GradientError) as error:
        check_gradients(product(rule, right), a, b, order=1)
    assert words in str(error.value)


def test_swapped_arguments():
    swapped = product(lambda g, y, a, b: g * a, lambda g, y, a, b: g * b)
    with pytest.raises(GradientError, match=r"the one for args\[1\] would be right here"):
        check_gradients(swapped, A, B, order=1)
    with pytest.raises(GradientError, match=r"the one for args\[1\] would be right here"):
        check_gradients(lambda a, b: np.sum(a * b), A, B, grad=lambda a, b: (a, b))


def test_transposed():
    with pytest.raises(GradientError, match="it is transposed"):
        check_gradients(matmul(lambda g, y, a, b: (g @ b.T).T), SQUARE, SQUARE + 1, order=1)


def test_a_rule_that_sums_over_the_wrong_axis():
    # The walk sums what a rule has not summed over leading axes: here over the wrong one.
    outer = Primitive(
        "outer",
        lambda a, b: a[:, None] * b,
        vjps=[lambda g, y, a, b: g * b, lambda g, y, a, b: g * a[:, None]],
    )
    with pytest.raises(GradientError, match="its sum is right, but it belongs to other entries"):
        check_gradients(outer, ROW, ROW + 1, order=1)


def test_a_rule_need_not_sum_over_broadcast_axes():
    unsummed = product(lambda g, y, a, b: g * b, lambda g, y, a, b: g * a)
    assert check_gradients(unsummed, ROW, A).compared
    assert check_gradients(unsummed, A, A[:, :1]).compared


def by_hand(x, b):
    return float(np.sum(x * x * b))


GRADS = {
    "none": (lambda x, b: None, "should return a tuple of 2 gradients.*does it lack a return"),
    "one too few": (
        lambda x, b: (2 * x * b,),
        "should return a tuple of 2 gradients, one for each argument",
    ),
    "not in a tuple": (lambda x, b: 2 * x * b, "should return a tuple of 2 gradients"),
    "a dict": (lambda x, b: {"x": 2 * x * b, "b": b}, "should return a tuple of 2 gradients"),
    "words": (
        lambda x, b: ("a", b),
        "returns 'a' as the gradient of args.0., which is not a number",
    ),
    "not summed": (
        lambda x, b: (2 * x * b, x * x),
        r"not summed over the axes that were broadcast: write np.sum\(g, axis=0\)",
    ),
    "transposed": (lambda x, b: ((2 * x * b).T, b), r"\(4, 3\), not \(3, 4\).*write g.T"),
    "averaged": (lambda x, b: (2 * x * b, np.mean(x * x, axis=0)), "it is 1/3 of what"),
    "no inner derivative": (
        lambda x, b: (2 * x, np.sum(x * x, axis=0)),
        r"the factor args\[1\] is missing",
    ),
}


@pytest.mark.parametrize("name", GRADS)
def test_slips_in_gradients_written_by_hand(name):
    grad, words = GRADS[name]
    with pytest.raises(GradientError, match=words):
        check_gradients(by_hand, A, ROW, grad=grad)


def test_gradients_of_one_argument_written_by_hand():
    with pytest.raises(GradientError, match=r"not a number; does it lack a return\?"):
        check_gradients(np.sum, ROW, grad=lambda x: None)
    with pytest.raises(GradientError, match=r"a Jacobian, .*; write np.diag\(g\)"):
        check_gradients(np.sin, ROW, grad=np.cos)


@pytest.mark.parametrize(
    ("factor", "words"),
    [(2.0, "2 times"), (1 / 3, "1/3 of"), (-0.5, "-1/2 of"), (1 / 120, "1/120 of")]
    + [(1.03, "1.03 times"), (np.pi, "3.14159 times"), (1e-9, "1e-09 times")],
)
def test_factors_in_words(factor, words):
    assert times(factor) == words


@pytest.mark.parametrize(
    ("given", "wanted", "words"),
    [
        ((5, 3), (3,), "write np.sum(g, axis=0)"),
        ((5, 3), (5, 1), "write np.sum(g, axis=1, keepdims=True)"),
        ((2, 5, 3), (1, 3), "write np.sum(g, axis=(0, 1)).reshape(1, 3)"),
        ((3, 2), (2, 3), "write g.T"),
        ((6,), (2, 3), "write g.reshape((2, 3))"),
        ((4,), (2, 3), "sum or reshape it"),
    ],
)
def test_shapes_that_do_not_fit(given, wanted, words):
    assert words in misshapen(given, wanted)
    if "np.sum" in words:
        written = words.removeprefix("write ")
        assert eval(written, {"np": np, "g": np.ones(given)}).shape == wanted


def test_nothing_is_said_where_nothing_is_recognised():
    assert slip(RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3)), (3,)) == ""
    assert "1 times" not in slip(A * (1 + 1e-8), A, (3,))


def message(f, *args, **options):
    with pytest.raises(GradientError) as error:
        check_gradients(f, *args, **options)
    return str(error.value)


def squared(slope):
    return Primitive("square", lambda x: x * x, vjps=[lambda g, y, x: g * slope(x)])


@pytest.mark.parametrize("off", [1e-3, 1e-6, 1e-7])
@pytest.mark.parametrize("x", [0.7, A])
def test_a_small_factor_is_named_as_one(off, x):
    words = message(squared(lambda x: 2 * x * (1 + off)), x, order=1)
    assert f"it is {1 + off:.10g} times what it should be" in words


@pytest.mark.parametrize(
    ("slope", "x"),
    [
        (lambda x: np.where(x == 0, 1.0, 2 * x), [0.0, 1.0]),  # 0 and 1 as factors tell nothing
        (lambda x: np.where(x == 0, 1.0, 2 * x), 0.0),
        (lambda x: np.where(abs(x) < 1e-6, 1.01, 1.0) * 2 * x, [1.0, 1e-8, 1e8]),
        (lambda x: np.where(abs(x) > 3, 2.000002, 2.0) * x, [0.5, -1.25, 3.5]),
        (lambda x: np.where(x < 1, 2 * x, x + x**2), [1e-4, 1e8]),  # only the larger one
    ],
)
def test_no_slip_is_named_that_does_not_explain_the_fault(slope, x):
    assert "it looks as if" not in message(squared(slope), np.array(x), order=1)


def test_the_number_of_wrong_derivatives_is_that_of_entries_and_results():
    dense = Primitive("dense", lambda x: SQUARE @ x, vjps=[lambda g, y, x: g @ SQUARE * 1.1])
    assert "9 of 9 derivatives of args[0] are wrong" in message(dense, ROW[:3], order=1)


def test_a_transposed_jacobian():
    turned = Primitive("turned", lambda x: SQUARE @ x, vjps=[lambda g, y, x: SQUARE @ g])
    assert "the Jacobian is transposed" in message(turned, ROW[:3], order=1)


Z = A + 1j * B
CONJUGATES = {
    "of a holomorphic factor": (lambda z: z * z, lambda g, y, z: g * 2 * np.conj(z)),
    "of the whole": (lambda z: np.real(z * np.conj(z)), lambda g, y, z: g * 2 * z),
    "of what comes in": (lambda z: z * z, lambda g, y, z: np.conj(g) * 2 * z),
}


@pytest.mark.parametrize("name", CONJUGATES)
def test_conjugates(name):
    forward, rule = CONJUGATES[name]
    assert "it is conjugated" in message(Primitive("f", forward, vjps=[rule]), Z[0], order=1)


def test_what_is_left_out_of_a_second_derivative_is_not_a_broadcast():
    quotient = Primitive(
        "quotient",
        lambda a, b: a / b,
        vjps=[lambda g, y, a, b: g / getval(b), lambda g, y, a, b: -g * a / b**2],
    )
    words = message(quotient, ROW, ROW + 8)
    assert "left out at some entries" in words and "broadcast" not in words


def test_no_entries_are_named_where_every_gradient_adds_up_to_0():
    x = np.array([0.3, -1.0, 2.0])

    def loss(x):
        return np.log(np.sum(np.exp(x))) - x[0]

    def slope(x):
        p = np.exp(x) / np.sum(np.exp(x))
        return p**2 - np.mean(p**2)

    with pytest.raises(GradientError) as caught:
        check_gradients(loss, x, grad=slope)
    assert "other entries" not in str(caught.value)


def test_the_ends_of_a_kink_are_told_apart():
    report = check_gradients(lambda x: x + 1e-7 * abs(x), 0.0, grad=lambda x: 1.0)
    assert "derivatives are 0.9999999 and 1" in str(report)
    assert "are 1 and 1" not in str(report)
