"""The checker catches wrong derivatives and lets right ones pass, however hard they are."""

import numpy as np
import pytest

import nn
from autograd import Primitive, Value, erf, gelu, log_softmax, sigmoid
from autograd.extend import getval
from autograd.testing import GradientError, check_gradients, given_gradients

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4))
WIDE = np.array([0.5, -2.0, 4.0, 0.0])


def square(slope):
    """x² with a gradient `slope(x)` in the place of 2x."""
    return Primitive("square", lambda x: x * x, vjps=[lambda g, y, x: g * slope(x)])


def product(by_a, by_b):
    return Primitive("product", lambda a, b: a @ b, vjps=[by_a, by_b])


def right_a(g, y, a, b):
    return g @ b.T


def overwrite(x, g):
    x[...] = 0.0
    return g


def scaled_in_place(g, y, x):
    g *= 2 * x
    return g


def casts(g, y, x):
    return (g * 2 * x).astype(np.float32).astype(np.float64)


WRONG_RULES = {
    "sign": square(lambda x: -2 * x),
    "three percent": square(lambda x: 2.06 * x),
    "a tenth of a percent": square(lambda x: 2.002 * x),
    "a millionth": square(lambda x: 2.000002 * x),
    "left out": square(lambda x: 0 * x),
    "shifted": square(lambda x: 2 * x + 0.03),
    "beyond three": square(lambda x: np.where(x > 3, 2.1 * x, 2 * x)),
    "below minus one": square(lambda x: np.where(x < -1, 1.0, 2 * x)),
    "at zero": square(lambda x: np.where(x == 0, 1.0, 2 * x)),
    "near zero": square(lambda x: np.where(np.abs(x) < 0.6, 0.0, 2 * x)),
    "of one shape": square(lambda x: (2.1 if x.shape == (4,) else 2.0) * x),
    "nan": square(lambda x: np.where(x == 0, np.nan, 2 * x)),
    "infinite": square(lambda x: np.where(x == 0, np.inf, 2 * x)),
    "rolled": square(lambda x: 2 * np.roll(x, 1)),
    "modifies its gradient": Primitive("square", lambda x: x * x, vjps=[scaled_in_place]),
    "precision lost": Primitive("square", lambda x: x * x, vjps=[casts]),
    "squares its gradient": Primitive("square", lambda x: x * x, vjps=[lambda g, y, x: g * g * x]),
    "adds a constant": Primitive("square", lambda x: x * x, vjps=[lambda g, y, x: g * 2 * x + 1]),
    "forgets that g moves": Primitive(
        "square", lambda x: x * x, vjps=[lambda g, y, x: getval(g) * 2 * x]
    ),
    "forgets that x moves": Primitive(
        "square", lambda x: x * x, vjps=[lambda g, y, x: g * 2 * getval(x)]
    ),
    "drops small gradients": Primitive(
        "square", lambda x: x * x, vjps=[lambda g, y, x: 2 * x * g * (abs(g) > 1e-2)]
    ),
    "cuts large gradients": Primitive(
        "square", lambda x: x * x, vjps=[lambda g, y, x: 2 * x * np.clip(g, -10.0, 10.0)]
    ),
    "modifies its input": Primitive(
        "square", lambda x: overwrite(x, x * x), vjps=[lambda g, y, x: g * 2 * x]
    ),
}


@pytest.mark.usefixtures("nobody_blamed")
@pytest.mark.parametrize("name", WRONG_RULES)
def test_a_wrong_rule_is_caught(name):
    with pytest.raises(GradientError):
        check_gradients(WRONG_RULES[name], WIDE)


@pytest.mark.usefixtures("nobody_blamed")
@pytest.mark.parametrize(
    "name", [name for name in WRONG_RULES if name not in ("of one shape", "a millionth")]
)
def test_a_wrong_rule_is_caught_in_a_large_array(name):
    x = np.concatenate([WIDE, np.random.default_rng(1).normal(size=2000)])
    with pytest.raises(GradientError):
        check_gradients(lambda x: np.sum(WRONG_RULES[name](x)), x)


def test_wrong_rules_of_matrices():
    a, b = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3))
    for by_a in (
        lambda g, y, a, b: (g @ b.T).T,
        lambda g, y, a, b: g @ b,
        lambda g, y, a, b: np.mean(g @ b.T, axis=0),
        lambda g, y, a, b: (g @ b.T)[::-1],
    ):
        with pytest.raises(GradientError):
            check_gradients(product(by_a, lambda g, y, a, b: a.T @ g), a, b)
    check_gradients(product(right_a, lambda g, y, a, b: a.T @ g), a, b)


HANDWRITTEN = {
    "right": (lambda x, b: (2 * x * b, np.sum(x * x, axis=0)), None),
    "sign": (lambda x, b: (2 * x * b, -np.sum(x * x, axis=0)), "sign"),
    "not summed": (lambda x, b: (2 * x * b, x * x), "shape"),
    "averaged": (lambda x, b: (2 * x * b, np.mean(x * x, axis=0)), "factor"),
    "transposed": (lambda x, b: ((2 * x * b).T, np.sum(x * x, axis=0)), "shape"),
    "float32": (lambda x, b: (2 * x * b, np.sum(x * x, axis=0).astype(np.float32)), "dtype"),
    "one of two": (lambda x, b: 2 * x * b, "2 gradients"),
    "overwrites": (lambda x, b: (overwrite(x, 2 * x * b), np.sum(x * x, axis=0)), "in place"),
    "random": (lambda x, b: (2 * x * b * np.random.rand(), np.sum(x * x, axis=0)), "twice"),
    "a list": (lambda x, b: (2 * x * b, [None] * 4), "not a number"),
    "lists": (lambda x, b: (2 * x * b, list(np.sum(x * x, axis=0))), "is an array"),
}


@pytest.mark.parametrize("name", HANDWRITTEN)
def test_gradients_written_by_hand(name):
    grad, message = HANDWRITTEN[name]
    args = X.copy(), RNG.normal(size=4)
    if message is None:
        assert check_gradients(lambda x, b: float(np.sum(x * x * b)), *args, grad=grad).compared
    else:
        with pytest.raises(GradientError, match=message):
            check_gradients(lambda x, b: float(np.sum(x * x * b)), *args, grad=grad)


def test_jacobians_and_containers_written_by_hand():
    check_gradients(np.sin, WIDE, grad=lambda x: np.diag(np.cos(x)))
    with pytest.raises(GradientError):
        check_gradients(np.sin, WIDE, grad=lambda x: np.diag(np.cos(x))[::-1])
    model = {"w": [1.0, np.array([2.0, 3.0])], "b": 0.5}

    def f(m):
        return m["w"][0] ** 2 + np.sum(np.exp(m["w"][1])) * m["b"]

    def gradient(m):
        return {
            "w": [2 * m["w"][0], np.exp(m["w"][1]) * m["b"]],
            "b": np.sum(np.exp(m["w"][1])),
        }

    check_gradients(f, model, grad=gradient)
    check_gradients(f, model)
    with pytest.raises(GradientError, match="should have the form of"):
        check_gradients(f, model, grad=lambda m: [0.0, 0.0])
    with pytest.raises(GradientError, match="b'"):
        check_gradients(f, model, grad=lambda m: gradient(m) | {"b": 1.0})


HARD = {
    "float32": (lambda x: np.sum(np.exp(np.sin(x)) / (1 + x * x)), X.astype(np.float32)),
    "float32 softmax": (
        lambda x: np.sum(np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x))) ** 2),
        np.array([20.0, 1.0, -3.0], np.float32),
    ),
    "float16": (lambda x: np.sum(x * x + x), np.array([0.5, 2.0], np.float16)),
    "large": (lambda x: np.sum(x * x), 1e8 * X),
    "tiny": (lambda x: np.sum(x * x), 1e-8 * X),
    "both": (lambda x: np.sum(x**3), np.array([1e8, 1e-8, 1.0, -1e4])),
    "cube of 1e8": (lambda x: x**3, 1e8),
    "near a kink": (lambda x: np.sum(np.abs(x)), np.array([1e-7, -1e-9, 1e-12])),
    "just beyond a kink": (lambda x: np.maximum(x - 1.0, 0.0), 1 + 1e-9),
    "just before a kink": (lambda x: np.maximum(x - 1.0, 0.0), 1 - 1e-12),
    "sqrt near 0": (lambda x: np.sum(np.sqrt(x)), np.array([1e-8, 1e-12, 1e-3])),
    "sqrt at 0": (np.sqrt, 0.0),
    "log near 0": (np.log, 1e-10),
    "edge of the domain": (lambda x: x * np.sqrt(x), 0.0),
    "saturated": (lambda x: np.sum(sigmoid(x)), np.array([-40.0, 40.0, 800.0, 0.0])),
    "saturated tanh": (lambda x: np.sum(np.tanh(x)), np.array([-30.0, 19.0, 0.1])),
    "cancels": (lambda x: (x + 1e8) - 1e8, 0.7),
    "cancels a square": (lambda x: x * x - 1e16, 1e8 + 1.0),
    "small beside large": (lambda x: 1e10 + np.sin(x), 0.4),
    "integer powers": (lambda x: np.sum(x**3 + x**2.0), np.array([-2.0, 0.0, 1.5])),
    "abs at 0": (lambda x: np.sum(np.abs(x)), np.array([0.0, 1.0, -1.0])),
    "relu at 0": (lambda x: np.sum(np.maximum(x, 0.0)), np.array([0.0, 1.0, -1.0])),
    "ties": (np.max, np.array([2.0, 2.0, 1.0, 2.0])),
    "sorted ties": (lambda x: np.sort(x)[1:] * 2.0, np.array([2.0, 2.0, 1.0])),
    "floor": (lambda x: np.floor(x) * x, 2.5),
    "a jump": (lambda x: np.floor(x), 2.0),
    "piecewise": (lambda x: np.sum(np.where(x > 0, x**2, 3 * x)), np.array([0.3, -0.4])),
    "clipped": (lambda x: np.sum(np.clip(x, -1.0, 1.0) ** 2), np.array([1.0, 0.5, 3.0])),
    "norm": (lambda x: np.sqrt(np.sum(x * x)), X),
    "fast waves": (lambda x: np.sin(1e6 * x), 1.0),
    "huge argument": (np.sin, 1e8),
    "overflowing": (lambda x: np.exp(x), np.array([-700.0, 700.0])),
    "complex": (lambda z: np.sum(np.abs(z) ** 2 * np.real(z)), X + 1j * X[::-1]),
    "holomorphic": (lambda z: np.exp(z) * z, np.array([1 + 2j, 0.5 - 1j])),
    "complex64": (lambda z: np.sum(np.abs(z) ** 2), (X + 1j).astype(np.complex64)),
    "constant": (lambda x: np.sum(x * 0.0) + 3.0, X),
    "empty": (lambda x: np.sum(x * x), np.zeros((0, 3))),
    "one": (lambda x: x * x, np.array([[3.0]])),
    "complex on the other side of 0": (lambda x: x**1.5 + 2 * x, 0.0),
    "last digits of exp cancelled": (lambda x: (np.exp(x) - np.exp(-x)) / 2, 1e-7),
    "complex beside the point": (lambda x: x**x, 1e-9),
    "inverse": (lambda a: np.linalg.inv(a), np.eye(3) * 4 + X[:, :3]),
    "ill-conditioned": (lambda a: np.linalg.inv(a), np.array([[1.0, 1.0], [1.0, 1.00001]])),
    "long sum": (lambda x: np.sum(np.tanh(x) ** 2), np.linspace(-3, 3, 20_000)),
    "many results": (lambda x: np.cumsum(np.sin(x)), np.linspace(-3, 3, 300)),
    "log-sum-exp": (lambda x: np.log(np.sum(np.exp(x))), np.array([-600.0, 20.0, 1.0])),
    "power of 50": (lambda x: x**50, 1.3),
    "gelu, all cancelled": (gelu, -6.0),
    "erf, saturated": (lambda x: erf(3 * np.tanh(x)), -8.4921875),
    "tanh, saturated": (np.tanh, 10.0),
    "tanh of a sum": (
        lambda y: np.tanh(np.sum(y)) / (1.75 + 1.25 * np.tanh(np.sum(y))),
        np.array([-0.0912624, -1.2e-8, -7.0188458]),
    ),
    "log-softmax, one-sided": (log_softmax, np.array([0.0, 33.77])),
    "sigmoid in float32": (sigmoid, np.array([1e-4, 0.0, -1e-3], np.float32)),
    "cancels inside an op": (
        Primitive(
            "divergence",
            lambda x: x * np.log(x / 2.0) - x + 2.0,
            vjps=[lambda g, y, x: g * np.log(x / 2.0)],
        ),
        2.0 + 1e-8,
    ),
    "stairs": (lambda x: np.round(x * 1e3) / 1e3, np.array([0.3002, 1.7001])),
    "edge of a square root": (lambda x: np.sqrt(x) * x + np.cbrt(x + 1.0), 0.0),
    "float16, one": (lambda x: x * x * x, np.array([0.5], np.float16)),
    "complex, empty": (lambda z: z * z, np.zeros((0, 2), complex)),
    "near the largest number": (np.exp, 709.0),
    "near the largest of float16": (np.exp, np.array([10.0, -5.0], np.float16)),
    "slopes below the least number": (np.log, np.array([1e300, 2.0])),
    "slopes below the least of float32": (np.log, np.array([1e30, 2.0], np.float32)),
    "product with zeros": (np.prod, np.array([2.0, 0.0, 3.0, 0.0])),
}


@pytest.mark.parametrize("name", HARD)
def test_right_derivatives_pass(name):
    f, x = HARD[name]
    report = check_gradients(f, x)
    assert str(report.compared) in str(report)


def test_at_a_kink_what_lies_between_the_one_sided_derivatives_is_right():
    for slope in (-1.0, 0.0, 0.3, 1.0):
        report = check_gradients(abs, 0.0, grad=lambda x, slope=slope: slope, special=False)
        assert "not differentiable here" in str(report)
    for slope in (-1.1, 1.000001, 2.0, np.nan, np.inf):
        with pytest.raises(GradientError):
            check_gradients(abs, 0.0, grad=lambda x, slope=slope: slope, special=False)


def test_where_a_slope_is_infinite_only_what_the_other_side_allows_is_right():
    def claims(f, slope, at_0):
        return check_gradients(f, 0.0, grad=lambda x: slope(x) if x else at_0)

    root = np.sqrt, lambda x: 0.5 / np.sqrt(x)
    both = lambda x: np.sqrt(abs(x)), lambda x: np.sign(x) * 0.5 / np.sqrt(abs(x))
    claims(*root, np.inf)
    for at_0 in (0.0, 3.0, np.inf, -np.inf):
        claims(*both, at_0)
    for at_0 in (0.0, 1.0, 1e6, -np.inf):
        with pytest.raises(GradientError):
            claims(*root, at_0)
    with pytest.raises(GradientError):
        claims(np.cbrt, lambda x: np.cbrt(x) ** -2 / 3, 0.0)


def test_an_infinite_slope_leaves_the_slopes_beside_it_finite():
    assert check_gradients(np.sqrt, np.array([0.0, 1.0, 4.0])).compared
    assert check_gradients(lambda x: np.sum(np.sqrt(x)), np.array([0.0, 1.0])).compared


def test_at_the_zero_of_a_norm_its_subgradients_are_right():
    def claims(at_0):
        norm = np.linalg.norm
        return check_gradients(norm, np.zeros(2), grad=lambda x: x / norm(x) if x.any() else at_0)

    for at_0 in ([0.0, 0.0], [1.0, 0.0], [0.6, -0.8]):
        claims(np.array(at_0))
    for at_0 in ([1.1, 0.0], [0.6, -1.0]):
        with pytest.raises(GradientError):
            claims(np.array(at_0))


def test_derivatives_of_tied_entries_must_fit_together():
    def claims(slopes, x=(2.0, 1.0, 2.0)):
        return check_gradients(np.max, np.array(x), grad=lambda x: np.array(slopes), special=False)

    for shares in ([1.0, 0.0, 0.0], [0.5, 0.0, 0.5], [0.1, 0.0, 0.9]):
        assert "one-sided derivatives are 0 and 1" in str(claims(shares))
    for shares in ([1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.5, 0.0, 0.6]):
        with pytest.raises(GradientError, match=r"args\[0\]\[0\] and args\[0\]\[2\] do not fit"):
            claims(shares)
    with pytest.raises(GradientError, match="expected  1, by finite"):
        claims([0.0, 0.0, 0.0], [3.0, 3.0, 3.0])


def test_ties_of_two_arguments_must_fit_together():
    tied = np.array([2.0, 2.0, 1.0]), np.array([2.0, 1.0, 1.0])
    larger = Primitive(
        "larger",
        np.maximum,
        vjps=[lambda g, y, a, b: g * (a >= b), lambda g, y, a, b: g * (b >= a)],
    )
    with pytest.raises(GradientError, match="do not fit together"):
        check_gradients(larger, *tied, order=1)
    larger.vjps = larger.vjps[0], lambda g, y, a, b: g * (b > a)
    assert check_gradients(larger, *tied, order=1).kinks


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0])
def test_kinks_that_have_nothing_to_do_with_each_other_fit_together(slope):
    w = np.array([[1.0, -1.0, 2.0, 1.0], [2.0, 1.0, -1.0, -3.0]])
    relu = Primitive(
        "relu",
        lambda x: np.maximum(x, 0.0),
        vjps=[lambda g, y, x: g * np.where(x == 0, slope, x > 0)],
    )
    assert check_gradients(lambda x: np.sum(relu(x) * w), np.zeros((2, 4)), order=1).kinks


def test_the_report_says_which_derivatives_are_hardly_known():
    def checked(x, slope):
        return str(
            check_gradients(lambda x: np.sum(np.exp(x)), np.array(x), grad=slope, special=False)
        )

    small_beside_large = "fewer than two digits are known along args[0][0], where"
    assert small_beside_large in checked([0.1, 30.0], lambda x: np.exp(x) * [1.01, 1.0])
    assert "digits" not in checked([0.1, 3.0], np.exp)


def test_an_infinite_second_derivative_is_left_out():
    weights = np.array([1.0, 3.0])
    tilted = Primitive("tilted", lambda x: x * 1.0, vjps=[lambda g, y, x: g + 0.01 * g * x])
    for at in (np.array([0.0, 2.0]), np.array([0.0, 0.0])):
        report = check_gradients(lambda x: np.sum(np.abs(x) ** 1.5 * weights), at)
        assert "order 2: without args[0][0]" in str(report)
    with pytest.raises(GradientError):
        check_gradients(lambda x: np.sum(np.abs(tilted(x)) ** 1.5 * weights), np.array([0.0, 2.0]))


def test_second_derivatives_beside_a_kink_are_checked():
    once = square(lambda x: 2 * x)
    tilted = Primitive("tilted", lambda x: x**3, vjps=[lambda g, y, x: g * 3 * once(x)])
    at = np.array([0.0, 1.0]), np.array([2.0, 3.0])
    report = check_gradients(lambda x, y: np.sum(np.maximum(x, 0.0) * tilted(y)), *at)
    assert "order 2: without args[0][0]" in str(report)
    once.vjps = (lambda g, y, x: g * 2.2 * x,)
    with pytest.raises(GradientError, match="order 2"):
        check_gradients(lambda x, y: np.sum(np.maximum(x, 0.0) * tilted(y)), *at)


def test_each_result_is_judged_by_its_own_size():
    rule = square(lambda x: np.where(abs(x) < 1e-3, 3 * x, 2 * x))
    with pytest.raises(GradientError):
        check_gradients(rule, np.array([1e8, 1e-8]))


def test_a_slope_remembered_from_the_first_point_is_caught():
    seen = {}

    def remembering(x):
        rule = Primitive("square", np.square, vjps=[lambda g, y, x: g * seen.setdefault(0, 2 * x)])
        return np.sum(rule(x))

    with pytest.raises(GradientError, match="near the given point"):
        check_gradients(remembering, np.ones(3), order=1)
    assert check_gradients(remembering, np.ones(3), order=1, nearby=False, special=False).compared


def test_a_gradient_by_hand_is_asked_at_the_point_alone():
    x = np.array([1.0, 2.0])
    assert check_gradients(
        lambda x: np.sum(x**3), x, grad=lambda _: 3 * x**2, special=False
    ).compared
    seen = {}
    test = given_gradients(
        x=(-3, 3), options={"grad": lambda x: seen.setdefault(np.shape(x), 2 * x)}, seed=0
    )(lambda x: np.sum(x * x))
    with pytest.raises(GradientError):
        test()


@pytest.mark.parametrize("seed", range(3))
def test_a_function_that_computes_in_float32_is_only_as_exact(seed):
    x = np.random.default_rng(seed).normal(size=100)

    def sums(x):
        return float(np.sum(x.astype(np.float32)))

    def squares(x):
        return float(np.mean(np.tanh(x.astype(np.float32)) ** 2))

    def slopes(x):
        return 2 * np.tanh(x) * (1 - np.tanh(x) ** 2) / x.size

    check_gradients(sums, x, grad=np.ones_like)
    check_gradients(squares, x, grad=slopes)
    with pytest.raises(GradientError):
        check_gradients(sums, x, grad=lambda x: 1.01 * np.ones_like(x))
    with pytest.raises(GradientError):
        check_gradients(squares, x, grad=lambda x: 1.01 * slopes(x))


def test_the_few_digits_that_cancelling_leaves_are_not_taken_for_float32():
    def difference(x):
        return np.sqrt(x + 1) - np.sqrt(x)

    def slope(x):
        return -0.5 / (np.sqrt(x) * np.sqrt(x + 1) * (np.sqrt(x) + np.sqrt(x + 1)))

    check_gradients(difference, 1e10, grad=slope)
    with pytest.raises(GradientError):
        check_gradients(difference, 1e10, grad=lambda x: 1.1 * slope(x))


def test_straight_through_stairs_is_caught():
    for step in (2.0**-10, 1e-6):
        stairs = Primitive(
            "stairs", lambda x, h=step: np.round(x / h) * h, vjps=[lambda g, y, x: g]
        )
        with pytest.raises(GradientError):
            check_gradients(stairs, np.array([0.3000002, 1.7000001]), order=1)


def test_one_wrong_entry_among_very_many_numbers():
    x = np.linspace(-2, 3, 200_000)
    report = check_gradients(lambda x: np.mean((x - 0.3) ** 2), x, order=1, modes=["reverse"])
    assert "6 random directions" in str(report)
    last = np.arange(x.size) < x.size - 1
    with pytest.raises(GradientError):
        check_gradients(lambda x: np.sum(x * x), x[-10_000:], grad=lambda x: 2 * x * last[-10_000:])


@pytest.mark.parametrize(
    "name",
    ["saturated", "gelu, all cancelled", "tanh, saturated", "cancels", "complex beside the point"],
)
def test_what_is_noisy_is_not_let_through(name):
    f, x = HARD[name]
    wrong = Primitive("same", lambda x: x * 1.0, vjps=[lambda g, y, x: g * 1.001])
    with pytest.raises(GradientError):
        check_gradients(lambda x: f(wrong(x)), x, order=1)


def test_near_a_kink_differences_stay_on_its_side():
    for x in (1e-3, 1e-6):
        with pytest.raises(GradientError):
            check_gradients(lambda x: abs(x - 1.0), 1 + x, grad=lambda x: 0.0)
        with pytest.raises(GradientError):
            check_gradients(lambda x: abs(x - 1.0), 1 + x, grad=lambda x: -1.0)


@pytest.mark.parametrize("distance", [1e-9, -1e-9])
def test_beside_a_jump_or_a_kink_a_small_error_is_caught(distance):
    def jumps(x):
        return np.where(x > 2.0, x + 5.0, 2 * x)

    def bends(x):
        return np.abs(x - 2.0) + x

    for f, slope in ((jumps, 1.0 if distance > 0 else 2.0), (bends, 1 + np.sign(distance))):
        check_gradients(f, 2 + distance, grad=lambda x, slope=slope: slope, special=False)
        with pytest.raises(GradientError):
            check_gradients(
                f, 2 + distance, grad=lambda x, slope=slope: slope + 3e-4, special=False
            )


def test_blame_names_the_op_the_line_and_the_slip():
    wrong = square(lambda x: -2 * x)

    def composite(x):
        y = np.exp(x)
        z = wrong(y)
        return np.sum(np.sin(z))

    line = composite.__code__.co_firstlineno + 2
    with pytest.raises(GradientError) as caught:
        check_gradients(composite, WIDE)
    message = str(caught.value)
    assert "the rule of square is wrong" in message
    assert f"test_checker.py, line {line}" in message
    assert "its sign is wrong" in message


def test_a_wrong_second_derivative_is_caught_at_order_two_alone():
    cube = Primitive("cube", lambda x: x**3, vjps=[lambda g, y, x: g * 3 * np.abs(x) * abs(x.real)])
    once = square(lambda x: 2 * x)
    tilted = Primitive("tilted", lambda x: x**3, vjps=[lambda g, y, x: g * 3 * once(x)])
    once.vjps = (lambda g, y, x: g * 2.2 * x,)
    check_gradients(tilted, WIDE, order=1, modes=["reverse"])
    with pytest.raises(GradientError, match="order 2"):
        check_gradients(tilted, WIDE)
    assert cube is not tilted


def test_wrong_only_in_float32():
    rule = square(lambda x: 2 * x)
    rule.vjps = (lambda g, y, x: g * x * (2.0 if x.dtype == np.float64 else 2.02),)
    check_gradients(rule, WIDE)
    with pytest.raises(GradientError, match="float32"):
        check_gradients(rule, WIDE.astype(np.float32))


def test_other_results_on_values_than_on_numbers_are_refused():
    with pytest.raises(GradientError, match="gives other results when it is differentiated"):
        check_gradients(lambda x: x * (1 + 1e-9 * isinstance(x, Value)), 3.0)


def test_the_same_seed_gives_the_same_report():
    x = np.linspace(-2, 2, 1000)
    reports = [str(check_gradients(lambda x: np.sum(np.sin(x) ** 2), x)) for _ in range(2)]
    assert reports[0] == reports[1]
    assert "6 random directions" in reports[0]


def test_wrt_chooses_arguments():
    def f(a, b):
        return a * Value(b.data if isinstance(b, Value) else b)

    check_gradients(f, 2.0, 3.0, wrt=0)
    with pytest.raises(GradientError):
        check_gradients(f, 2.0, 3.0)


@pytest.mark.parametrize(
    "f, args, error, message",
    [
        (lambda x: None, (1.0,), TypeError, "lack a return"),
        (lambda x: "text", (1.0,), TypeError, "should be a number"),
        (lambda x: x, (1,), TypeError, "3.0 for 3"),
        (lambda x: x, (), TypeError, "nothing to differentiate"),
        (lambda x: x * np.random.rand(), (1.0,), GradientError, "different results"),
        (np.log, (-1.0,), ValueError, "not finite at -1.0"),
        (lambda x: [][3], (1.0,), IndexError, "range"),
        (lambda x: np.linalg.inv(x), (np.zeros((2, 2)),), ValueError, "not defined at"),
    ],
)
def test_bad_input(f, args, error, message):
    with pytest.raises(error, match=message):
        check_gradients(f, *args)


def test_bad_options():
    with pytest.raises(ValueError, match="modes"):
        check_gradients(np.sin, 1.0, modes=["backward"])
    with pytest.raises(ValueError, match="order"):
        check_gradients(np.sin, 1.0, order=0)


@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 1, 2)])
def test_empty_arrays_have_empty_gradients(shape):
    check_gradients(lambda x: np.tanh(x), np.zeros(shape))
    check_gradients(lambda x: np.sum(x * x), np.zeros(shape))


def test_a_function_that_takes_another_way_in_low_precision():
    x = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    order = {2: [1, 2, 0, 3, 4], 8: [2, 1, 0, 4, 3]}  # as np.partition's may depend on the dtype
    assert check_gradients(lambda x: x[order[x.dtype.itemsize]], x.astype(np.float16)).compared
    with pytest.raises(GradientError, match="wrong in float16"):
        rough = Primitive(
            "rough",
            lambda x: x * x,
            vjps=[lambda g, y, x: g * x * (2.0 if x.dtype == float else 3)],
        )
        check_gradients(rough, x.astype(np.float16), order=1)


def test_at_ties_of_several_entries_derivatives_near_by_are_right():
    order = Primitive(
        "order", np.sort, vjps=[lambda g, y, x: g[np.argsort(np.argsort(x, stable=True))]]
    )
    assert check_gradients(order, np.zeros(3)).compared
    assert check_gradients(np.median, np.ones(5)).compared
    doubled = Primitive("order", np.sort, vjps=[lambda g, y, x: 2 * g])
    with pytest.raises(GradientError):
        check_gradients(doubled, np.zeros(3))


def test_a_network_of_relus_with_nothing_to_do():
    for seed in (3, 4):
        model = nn.MLP(3, [5, 4, 2], activation=nn.relu, seed=seed)
        assert check_gradients(model, np.zeros((1, 3)), order=1).compared
