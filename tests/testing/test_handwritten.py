"""Gradients by hand, of functions that have never heard of this package."""

import numpy as np
import pytest

from autograd.testing import GradientError, check_gradients

pytestmark = pytest.mark.slow

W = np.array([0.5, -1.0, 2.0])
X = np.array([[1.0, 2.0, 0.3], [-1.0, 0.1, 4.0]])


def centred(w, x):
    x -= x.mean(axis=0)
    return np.sum((x @ w) ** 2)


def slope(w, x):
    x = x - x.mean(axis=0)
    return 2 * x.T @ (x @ w)


def in_place(w, x):
    x -= x.mean(axis=0)
    return 2 * x.T @ (x @ w)


def pops(p):
    return p.pop("a") ** 2


def test_writing_into_data_that_is_not_differentiated():
    with pytest.raises(GradientError, match=r"centred .* modifies its input args\[1\] in place"):
        check_gradients(centred, W, X, wrt=0, grad=slope)
    with pytest.raises(GradientError, match=r"in_place .* modifies its input args\[1\] in place"):
        check_gradients(lambda w, x: centred(w, x.copy()), W, X, wrt=0, grad=in_place)


def test_writing_into_containers():
    with pytest.raises(GradientError, match=r"pops .* modifies its input args\[0\]\['a'\]"):
        check_gradients(pops, {"a": 3.0, "b": 1.0}, grad=lambda p: {"a": 2 * p["a"], "b": 0.0})


def softplus(x):
    return np.sum(np.logaddexp(0.0, x))


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("x", [-4.625, 0.3, 3.5])
def test_formulas_that_cancel_where_they_saturate(dtype, x):
    x = np.array([x, 0.1], dtype)
    check_gradients(lambda x: np.sum(np.tanh(x)), x, grad=lambda x: 1 - np.tanh(x) ** 2)
    check_gradients(lambda x: softplus(-x), x, grad=lambda x: 1 / (1 + np.exp(-x)) - 1)
    with pytest.raises(GradientError):
        check_gradients(
            lambda x: softplus(-x),
            x,
            grad=lambda x: (1 / (1 + np.exp(-x)) - 1) * x.dtype.type(1.03),
        )


def test_cross_entropy_of_a_sure_network():
    for z, dtype in ((20.0, np.float64), (10.0, np.float32)):
        logits = np.array([z, 0.0, -1.0], dtype)

        def probabilities(z):
            return np.exp(z) / np.sum(np.exp(z))

        def loss(z):
            return -np.log(probabilities(z))[0]

        check_gradients(loss, logits, grad=lambda z: probabilities(z) - np.eye(3, dtype=z.dtype)[0])


def test_half_precision():
    x = np.array([0.5, -1.2], np.float16)
    check_gradients(lambda x: np.sum(np.sin(x)), x, grad=np.cos)
    with pytest.raises(GradientError):
        check_gradients(lambda x: np.sum(np.sin(x)), x, grad=lambda x: np.cos(x) * np.float16(1.03))


def test_complex_results_of_real_arguments():
    for x in (0.5, np.array([0.5, 2.0])):
        check_gradients(
            lambda x: np.sum(np.exp(1j * x)), x, grad=lambda x: 1j * np.exp(1j * np.asarray(x))[()]
        )
        with pytest.raises(GradientError, match="has dtype complex128, not float64"):
            check_gradients(lambda x: np.sum(np.sin(x)), x, grad=lambda x: np.cos(x) + 0j)


def test_lists_of_numbers_are_arrays():
    def f(x):
        return [x[0] * x[1], x[0] ** 2]

    x = np.array([2.0, 3.0])
    check_gradients(f, x, grad=lambda x: np.array([[x[1], x[0]], [2 * x[0], 0.0]]))
    with pytest.raises(GradientError, match=r"of result\[1\]"):
        check_gradients(f, x, grad=lambda x: np.array([[x[1], x[0]], [x[0], 0.0]]))
    with pytest.raises(TypeError, match=r"grad= belongs to one result, but .* returns 2"):
        check_gradients(lambda x: (x, x), x, grad=lambda x: x)


def test_a_gradient_function_that_raises_is_named():
    def slope(x):
        raise KeyError("w")

    with pytest.raises(GradientError, match=r"slope .*raises KeyError: 'w'"):
        check_gradients(np.sum, W, grad=slope)


def test_gradients_that_add_up_or_are_random():
    total = np.zeros(3)

    def adds(x):
        return np.add(total, 2 * x, out=total)

    with pytest.raises(GradientError, match=r"adds .* different gradients of .* when called twice"):
        check_gradients(lambda x: np.sum(x**2), W, grad=adds)
    rng = np.random.default_rng(0)
    with pytest.raises(GradientError, match="when called twice"):
        check_gradients(
            lambda x: 1e-9 * np.sum(x), W, grad=lambda x: np.full(3, 1e-9 * (1 + rng.normal()))
        )


def norm(x):
    return np.sqrt(np.sum(x**2))


SHARED = {  # a function, a point where several entries have kinks, right and wrong gradients
    "max": (np.max, [1.0, 3.0, 3.0], [[0, 1, 0], [0, 0.5, 0.5], [0, 0.3, 0.7]], [[0, 1, 1]]),
    "min": (np.min, [2.0, 2.0], [[1, 0], [0.5, 0.5]], [[0, 0], [1, 1], [0.25, 0.25]]),
    "norm": (norm, [0.0, 0.0], [[0, 0], [0.6, 0.8], [-1, 0]], [[1, 1], [0.8, 0.8]]),
    "sum of |x|": (lambda x: np.sum(np.abs(x)), [0.0, 0.0], [[1, 1], [-1, 0.5], [0, 0]], []),
    "bends both ways": (
        lambda x: np.maximum(x[0], x[1]) - np.maximum(x[0], x[2]),
        [1.0, 1.0, 1.0],
        [[0, 0, 0], [0, 0.5, -0.5]],
        [],
    ),
}


@pytest.mark.parametrize("case", SHARED)
def test_kinks_of_several_entries_at_once(case):
    f, point, right, wrong = SHARED[case]
    point = np.array(point)
    for slope in right:
        report = check_gradients(
            f, point, grad=lambda x, slope=slope: np.array(slope, float), special=False
        )
        assert case == "bends both ways" or len(report.kinks) > 1
    for slope in wrong:
        with pytest.raises(GradientError, match="do not fit together"):
            check_gradients(f, point, grad=lambda x, slope=slope: np.array(slope, float))


def test_ties_of_two_arguments():
    check_gradients(np.minimum, 2.0, 2.0, grad=lambda a, b: (0.0, 1.0), special=False)
    with pytest.raises(GradientError, match=r"args\[0\] and args\[1\] do not fit together"):
        check_gradients(np.minimum, 2.0, 2.0, grad=lambda a, b: (1.0, 1.0))


def test_the_ends_are_told_at_a_kink():
    with pytest.raises(GradientError, match="expected  from -1 to 1, the one-sided"):
        check_gradients(abs, 0.0, grad=lambda x: 1.5)


class Tensor:
    """An array of another library, which knows nothing of ours."""

    def __init__(self, x):
        self.x = np.asarray(x)

    def __array__(self, dtype=None, copy=None):
        return self.x


def elsewhere(f):
    """A function that only takes and returns numbers: nothing in it can be traced."""
    return lambda x: Tensor(f(np.array(x.tolist(), x.dtype)))


def test_arrays_of_other_libraries():
    x = np.array([0.5, 2.0])
    check_gradients(elsewhere(np.sin), x, grad=elsewhere(lambda x: np.diag(np.cos(x))))
    with pytest.raises(GradientError, match="its sign is wrong"):
        check_gradients(elsewhere(np.sin), x, grad=elsewhere(lambda x: -np.diag(np.cos(x))))


def test_rounding_in_single_precision_that_cannot_be_traced():
    def loss(x):
        return softplus(-x)

    def slope(x):
        return 1 / (1 + np.exp(-x)) - 1

    def through_half(x):
        return slope(x.astype(np.float16)).astype(x.dtype)

    x = np.array([10.0, 0.3], np.float32)
    check_gradients(elsewhere(loss), x, grad=elsewhere(slope))
    for wrong in (through_half, lambda x: slope(x) * np.float32(1.001)):
        with pytest.raises(GradientError):
            check_gradients(elsewhere(loss), x, grad=elsewhere(wrong))


def test_no_word_of_our_modes_is_said_of_a_gradient_by_hand():
    report = str(check_gradients(norm, W, grad=lambda x: x / norm(x)))
    with pytest.raises(GradientError, match="by grad=: the derivative with respect to") as told:
        check_gradients(norm, W, grad=lambda x: x)
    assert "by grad=: 3 moves" in report
    assert "mode" not in report + str(told.value)
