"""Random programs give the same compiled and op by op, to the last bit, under any of the passes."""

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, grad, no_grad
from autograd.compiling import variant
from autograd.compiling.compiled import Compiled

pytestmark = pytest.mark.filterwarnings("ignore:.*kink")
ONE = {
    "exp": lambda a: np.exp(np.minimum(a, 3.0)),
    "sin": np.sin,
    "tanh": np.tanh,
    "sigmoid": autograd.sigmoid,
    "square": np.square,
    "negative": lambda a: -a,
    "root": lambda a: np.sqrt(a * a + 1.0),
    "log": lambda a: np.log(a * a + 0.5),
    "absolute": np.abs,
    "relu": autograd.relu,
    "minus its mean": lambda a: a - np.mean(a),
    "cumulative": lambda a: np.cumsum(a, axis=-1) if np.ndim(a) else a,
    "reversed": lambda a: a[::-1] if np.ndim(a) else a,
    "first taken away": lambda a: a - a[0] if np.ndim(a) else a,
    "repeated entries": lambda a: a[np.zeros(a.shape[0], int)] + a if np.ndim(a) else a,
    "transposed": lambda a: np.transpose(a) * 1.5,
    "softmax": lambda a: autograd.softmax(a) if np.ndim(a) else a,
}
TWO = {
    "plus": lambda a, b: a + b,
    "minus": lambda a, b: a - b,
    "times": lambda a, b: a * b,
    "over": lambda a, b: a / (b * b + 1.0),
    "larger": np.maximum,
    "where": lambda a, b: np.where(a > b, a, b * 0.5),
    "twice": lambda a, b: 2 * a + b,
    "power": lambda a, b: (a * a + 1.0) ** (b * 0.1),
}


@st.composite
def programs(draw):
    """Return a list of steps (name, places of what it takes)."""
    steps = []
    for i in range(draw(st.integers(1, 12))):
        name = draw(st.sampled_from([*ONE, *TWO]))
        count = 1 if name in ONE else 2
        steps.append((name, [draw(st.integers(0, i + 1)) for _ in range(count)]))
    return steps


SHAPES = st.sampled_from([(), (1,), (3,), (5,), (2, 2), (3, 3), (40,)])
LARGE = (2_100,)  # for which native loops pay
ORDERS = st.integers(0, 2)
DTYPES = st.sampled_from([np.float64, np.float64, np.float32])


def function(steps):
    def f(x, y):
        known = [x, y]
        for name, places in steps:
            taken = [known[i] for i in places]
            known.append((ONE | TWO)[name](*taken))
        return np.sum(known[-1] + 0.1 * x)

    return f


def differentiated(f, order):
    for _ in range(order):
        inner = f
        f = grad(lambda x, y, inner=inner: np.sum(inner(x, y) * np.cos(x)), argnum=(order + 1) % 2)
    return f


def arguments(shape, dtype, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, *shape)).astype(dtype)
    return (
        (x, y) if shape else (dtype(x), dtype(y)) if dtype is np.float32 else (float(x), float(y))
    )


def same(expected, found, steps, shape):
    """Assert that numbers have the same bits, where the two ways call the same functions.

    NumPy's sine of a number is not that of `math`, and gradients of entries that were read twice
    are added in another order.
    """
    if shape and not any(name == "repeated entries" for name, _ in steps):
        np.testing.assert_array_equal(expected, found)
    else:
        scale = np.max(np.abs(expected), initial=1.0)
        bound = np.finfo(np.result_type(expected)).eps * 1000
        np.testing.assert_allclose(expected, found, rtol=bound, atol=bound * scale)


def check(steps, shape, dtype, order, target="numpy"):
    f = differentiated(function(steps), order)
    compiled = Compiled(f, target)
    for seed in (1, 2, 3, 4):
        x, y = arguments(shape, dtype, seed)
        expected = np.asarray(f(x, y))
        found = compiled(x, y)
        assert expected.dtype == np.asarray(found).dtype
        assert expected.shape == np.shape(found)
        same(expected, found, steps, () if shape == LARGE else shape)
    assert all("kink" in why for why in compiled.given_up.values())
    return compiled


@given(programs(), SHAPES, DTYPES, ORDERS)
def test_programs_and_gradients(steps, shape, dtype, order):
    check(steps, shape, dtype, order)


@pytest.mark.skipif(not find_spec("llvmlite"), reason="needs llvmlite")
@given(programs(), st.one_of(SHAPES, st.just(LARGE)), DTYPES, ORDERS)
@settings(max_examples=12, deadline=None)
def test_programs_and_gradients_in_native_code(steps, shape, dtype, order):
    check(steps, shape, dtype, order, "llvm")


@given(programs(), SHAPES, st.lists(st.sampled_from(variant.PASSES), max_size=8), ORDERS)
def test_any_passes_in_any_order(steps, shape, passes, order):
    before = variant.PASSES
    try:
        variant.PASSES = tuple(passes)
        check(steps, shape, np.float64, order)
    finally:
        variant.PASSES = before


@given(programs(), SHAPES)
@settings(deadline=None)
def test_training_steps(steps, shape):
    f = function(steps)

    def made():
        x, y = arguments(shape, np.float64, 7)
        w = Value(x)

        def step(y):
            w.zero_grad()
            loss = f(w, y) / 100.0
            loss.backward()
            with no_grad():
                w.data = w.data - 0.01 * np.tanh(w.grad)
            return loss

        return step, w, y

    (plain, w, y), (step, v, _) = made(), made()
    compiled = Compiled(step)
    for i in range(4):
        y = y + 0.1 * i
        same(plain(y).numpy(), compiled(y).numpy(), steps, shape)
        same(w.numpy(), v.numpy(), steps, shape)
        same(w.grad, v.grad, steps, shape)


def test_most_of_them_are_compiled():
    compiled = check([("tanh", [0]), ("times", [1, 2])], (3,), np.float64, 1)
    assert compiled.recorded == 1
    assert pytest.approx(compiled(*arguments((3,), np.float64, 9))) is not None
