"""scan, fori_loop, while_loop: the numbers and derivatives of the Python loop, from its states."""

import functools
import random
import tracemalloc
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import (
    Value,
    debug,
    draw,
    fori_loop,
    grad,
    hessian,
    jvp,
    no_grad,
    scan,
    value_and_grad,
    while_loop,
)
from autograd.debugging import NonFiniteError
from autograd.engine.graph import history
from autograd.graphs.replay import Replay
from autograd.testing import check_gradients


def unrolled(step, state, data=None, *, length=None, reverse=False):
    """The Python loop that `scan` is."""
    rows = [None] * length if data is None else list(data)
    outputs = []
    for x in rows[::-1] if reverse else rows:
        state, output = step(state, x)
        outputs.append(output)
    return state, np.stack(outputs[::-1] if reverse else outputs)


# -- random loops ----------------------------------------------------------------------------------

PIECES = {  # (vector, scalar, row, weights from outside) -> (vector, scalar)
    "product": lambda v, s, x, w: (v * x, s),
    "weights": lambda v, s, x, w: (v + w @ np.tanh(v), s),
    "rate": lambda v, s, x, w: (v - 0.1 * s * w[0], s),
    "tanh": lambda v, s, x, w: (np.tanh(v), s),
    "total": lambda v, s, x, w: (v, s + np.sum(v * x)),
    "sine": lambda v, s, x, w: (np.sin(v) + x, np.sin(s)),
    "row only": lambda v, s, x, w: (x, s),
    "weights only": lambda v, s, x, w: (w[1], np.sum(w) * s),
    "nothing": lambda v, s, x, w: (v, s),
    "constants": lambda v, s, x, w: (np.ones(2), 0.5),
    "branch": lambda v, s, x, w: (v * x, s) if s > 0.3 else (v + w[0], s + 0.4),
    "selection": lambda v, s, x, w: (np.maximum(v, x), np.abs(s)),
}
OUTPUTS = {
    "vector": lambda v, s, x, w: v,
    "scalar": lambda v, s, x, w: s,
    "product": lambda v, s, x, w: np.sum(v) * s * x,
    "weights": lambda v, s, x, w: w[0],
    "constant": lambda v, s, x, w: np.ones(3),
}


@st.composite
def loops(draw):
    """A function `(scan or unrolled, vector, scalar, rows, weights)` → a number."""
    pieces = [PIECES[name] for name in draw(st.lists(st.sampled_from([*PIECES]), max_size=4))]
    output = OUTPUTS[draw(st.sampled_from([*OUTPUTS]))]
    reverse = draw(st.booleans())
    parts = draw(st.sets(st.sampled_from(["vector", "scalar", "outputs"]), min_size=1))

    def loss(loop, v, s, xs, w):
        def step(state, x):
            v, s = state
            for piece in pieces:
                v, s = piece(v, s, x, w)
            return (v, s), output(v, s, x, w)

        (v, s), outputs = loop(step, (v, s), xs, reverse=reverse)
        found = {"vector": np.sum(v**2), "scalar": np.cos(s), "outputs": np.sum(np.sin(outputs))}
        return sum(found[part] for part in sorted(parts))

    return loss


def point(seed, n):
    rng = np.random.default_rng(seed)
    return rng.normal(size=2), 0.7, rng.normal(size=(n, 2)), rng.normal(size=(2, 2))


@given(loss=loops(), seed=st.integers(0, 99), n=st.integers(1, 5))
def test_the_same_numbers_and_derivatives_as_the_python_loop(loss, seed, n):
    args = point(seed, n)
    every = (0, 1, 2, 3)

    def both(transformed):
        return [
            transformed(lambda *args, loop=loop: loss(loop, *args)) for loop in (scan, unrolled)
        ]

    def numbers(tree):
        return [np.asarray(part) for part in tree] if isinstance(tree, tuple) else [tree]

    found, expected = both(lambda f: f(*args))
    assert np.asarray(found) == np.asarray(expected)
    for found, expected in (
        both(lambda f: grad(f, every)(*args)),
        both(lambda f: jvp(f, args, args)),
        both(
            lambda f: grad(lambda *at: sum(np.sum(g**2) for g in grad(f, every)(*at)), every)(*args)
        ),
        both(lambda f: hessian(f, 0)(*args)),
    ):
        for a, b in zip(numbers(found), numbers(expected), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12 * (1 + np.max(np.abs(b))))


@settings(max_examples=4)
@given(loss=loops(), seed=st.integers(0, 99), n=st.integers(1, 2))
def test_derivatives_agree_with_finite_differences(loss, seed, n):
    f = functools.partial(loss, scan)
    check_gradients(lambda *args: f(*args) + 0 * args[1], *point(seed, n), nearby=False)


@given(loss=loops(), seed=st.integers(0, 99), n=st.integers(1, 4), data=st.data())
def test_any_of_the_arguments_may_be_values(loss, seed, n, data):
    args = point(seed, n)
    chosen = data.draw(st.sets(st.integers(0, 3)))
    found = []
    for loop in (scan, unrolled):
        given_args = [Value(x) if i in chosen else x for i, x in enumerate(args)]
        y = loss(loop, *given_args)
        if isinstance(y, Value) and chosen & {i for i in chosen if reached(y, given_args[i])}:
            y.backward()
        found.append([x.grad for i, x in enumerate(given_args) if i in chosen])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-13)


def reached(y, x):
    return any(node is x for node in history([y], {})[0])


@pytest.mark.parametrize("n", [1, 2, 7])
def test_a_third_derivative(n):
    v, _, xs, w = point(0, n)

    def step(h, x):
        h = np.tanh(w @ h + x)
        return h, h * x

    def third(loop):
        def f(t):
            last, outputs = loop(step, t * v, t * xs)
            return np.sum(last) + np.sum(outputs**2)

        return grad(grad(grad(f)))(0.9)

    assert third(scan) == pytest.approx(third(unrolled), rel=1e-12)


def test_loops_within_loops():
    def outer(loop):
        def row_of_rows(h, rows):
            last, outputs = loop(lambda h, x: (np.sin(h + x), h * x), h, rows)
            return last, np.sum(outputs)

        return lambda h, xs: np.sum(loop(row_of_rows, h, xs)[1]) + loop(row_of_rows, h, xs)[0]

    xs = point(1, 3)[2]
    for argnum in (0, 1):
        np.testing.assert_allclose(
            hessian(outer(scan), argnum)(0.4, xs),
            hessian(outer(unrolled), argnum)(0.4, xs),
            atol=1e-14,
        )


def test_a_gradient_inside_a_step():
    """Gradient descent by scan, differentiated by its rate."""

    def trained(loop):
        def run(rate):
            slope = grad(lambda w: np.sum(np.cosh(w - 1.0)))
            return np.sum(loop(lambda w, _: (w - rate * slope(w), w[0]), np.zeros(2), length=5)[0])

        return run

    found, expected = value_and_grad(trained(scan))(0.1), value_and_grad(trained(unrolled))(0.1)
    assert found == pytest.approx(expected, rel=1e-14)


# -- fori_loop and while_loop ----------------------------------------------------------------------


@given(lower=st.integers(-3, 3), n=st.integers(0, 4), x=st.floats(0.1, 1.0))
def test_fori_loop(lower, n, x):
    def python(x):
        total = 0.0
        for i in range(lower, lower + n):
            total = np.sin(total + x * i)
        return total + 0 * x

    def ours(x):
        return fori_loop(lower, lower + n, lambda i, total: np.sin(total + x * i), 0.0) + 0 * x

    assert ours(x) == python(x)
    assert grad(ours)(x) == pytest.approx(grad(python)(x), rel=1e-14)
    assert grad(grad(ours))(x) == pytest.approx(grad(grad(python))(x), rel=1e-13, abs=1e-14)


@given(x=st.floats(0.2, 20.0))
def test_while_loop(x):
    def newton(x):
        return while_loop(lambda y: np.abs(y * y - x) > 1e-13 * x, lambda y: (y + x / y) / 2, 1.0)

    assert newton(x) == pytest.approx(np.sqrt(x))
    assert grad(newton)(x) == pytest.approx(0.5 / np.sqrt(x), rel=1e-6)
    assert jvp(newton, (x,), (1.0,))[1] == pytest.approx(grad(newton)(x))


def test_a_while_loop_that_does_not_begin():
    x = Value(3.0)
    assert while_loop(lambda x: x < 0, lambda x: x * 2, x) is x
    assert grad(lambda x: while_loop(lambda y: y < 0, lambda y: y * 2, x))(3.0) == 1.0


# -- trees, dtypes, forms --------------------------------------------------------------------------


@dataclass
class Cell:
    h: np.ndarray
    count: int
    note: str = "kept"


def test_trees_of_states_rows_and_outputs():
    def step(cell, row):
        h = np.tanh(cell.h + row["x"]) * row["scale"]
        new = Cell(h, cell.count + 1, cell.note)
        return new, {"h": h, "all": (np.sum(h), None, h > 0), "count": cell.count}

    xs = point(0, 3)[2]
    x, start = Value(xs), Value([0.1, 0.2])
    last, outputs = scan(step, Cell(start, 0), {"x": x, "scale": np.arange(1.0, 4.0)})
    assert (last.count, last.note, outputs["count"].tolist()) == (3, "kept", [0, 1, 2])
    assert outputs["h"].shape == (3, 2)
    assert outputs["all"][0].shape == (3,)
    assert outputs["all"][1] is None
    assert outputs["all"][2].dtype == bool
    (np.sum(outputs["all"][0]) + np.sum(last.h)).backward()
    h, total, xs_own, start_own = Value([0.1, 0.2]), 0.0, Value(xs), None
    start_own = h
    for i in range(3):
        h = np.tanh(h + xs_own[i]) * (i + 1.0)
        total = total + np.sum(h)
    (total + np.sum(h)).backward()
    np.testing.assert_allclose(x.grad, xs_own.grad, rtol=1e-14)
    np.testing.assert_allclose(start.grad, start_own.grad, rtol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
@pytest.mark.parametrize("start", [0.0, np.float32(0.0), np.float64(0.0), 0j])
def test_kinds_of_numbers_are_those_of_the_python_loop(dtype, start):
    xs = np.linspace(0.1, 0.9, 4).astype(dtype) * dtype(1)

    def step(total, x):
        total = total * 0.5 + np.sin(x)
        return total, total * 2

    def result(loop, x):
        total, outputs = loop(step, start, x)
        return total, np.stack(outputs) if isinstance(outputs, list) else outputs

    found, expected = result(scan, Value(xs)), result(unrolled, Value(xs))
    for a, b in zip(found, expected, strict=True):
        assert (a.dtype, type(a.data)) == (b.dtype, type(b.data))
        np.testing.assert_array_equal(a.data, b.data)

    def loss(loop):
        def f(x):
            total, outputs = result(loop, x)
            return np.real(total) + np.sum(np.abs(outputs) ** 2)

        return f

    found, expected = grad(loss(scan))(xs), grad(loss(unrolled))(xs)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=10 * np.finfo(dtype).eps)
    if dtype is not np.complex128:
        second = [
            grad(lambda x, loop=loop: np.sum(grad(loss(loop))(x) ** 2))(xs)
            for loop in (scan, unrolled)
        ]
        np.testing.assert_allclose(*second, rtol=100 * np.finfo(dtype).eps)


def test_states_of_several_dtypes():
    def step(state, x):
        low, high, z = state
        return (
            np.sin(low) * low.dtype.type(0.5),
            high + x * np.sum(low),
            z * np.exp(1j * high),
        ), high

    def loss(loop):
        def f(low, high, xs):
            (low, high, z), outputs = loop(step, (low, high, 1 + 0j), xs)
            return np.sum(low) + np.abs(z - 2) + np.sum(outputs)

        return f

    args = np.array([0.3, 0.4], np.float32), 0.2, np.array([0.1, 0.5, 0.7])
    found, expected = (grad(loss(loop), (0, 1, 2))(*args) for loop in (scan, unrolled))
    for a, b in zip(found, expected, strict=True):
        assert np.result_type(a) == np.result_type(b)
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_no_rows():
    def step(h, x):
        return h * x, {"a": h, "b": np.ones(2) * x, "c": None}

    last, outputs = scan(step, Value(2.0), np.zeros((0,)))
    assert last.data == 2.0
    assert (outputs["a"].shape, outputs["b"].shape, outputs["c"]) == ((0,), (0, 2), None)
    assert grad(lambda h: scan(step, h, np.zeros(0))[0])(2.0) == 1.0


def test_raw_numbers_stay_raw():
    seen = []

    def step(h, x):
        seen.append((type(h), type(x)))
        return h + x, h

    last, outputs = scan(step, 0.0, np.arange(3.0))
    assert (last, outputs.tolist()) == (3.0, [0.0, 0.0, 1.0])
    assert not any(issubclass(kind, Value) for pair in seen for kind in pair)
    with no_grad():
        last, outputs = scan(step, Value(0.0), np.arange(3.0))
    assert last.op is None
    assert outputs.op is None


# -- the graph -------------------------------------------------------------------------------------


def rnn(n=50, size=3):
    rng = np.random.default_rng(0)
    w, xs = Value(rng.normal(size=(size, size)) / size, "w"), rng.normal(size=(n, size))

    def step(h, x):
        return np.tanh(w @ h + x), None

    return w, xs, step


def test_one_node_whatever_the_length():
    w, xs, step = rnn()
    sizes = {n: len(history([np.sum(scan(step, np.zeros(3), xs[:n])[0])], {})[0]) for n in (2, 50)}
    assert sizes[2] == sizes[50] <= 5
    y = np.sum(scan(step, np.zeros(3), xs)[0])
    y.backward(create_graph=True)
    assert len(history([w.grad], {})[0]) < 60


def test_memory_is_that_of_the_states():
    w, xs, _ = rnn(100, 100)

    def step(h, x):
        for _ in range(20):
            h = np.tanh(w @ h + x)
        return h, None

    def peak(loop):
        tracemalloc.start()
        gradient = grad(lambda h: np.sum(loop(step, h, xs)[0]))(np.zeros(100))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most, gradient

    def plain(step, h, xs):
        for x in xs:
            h, _ = step(h, x)
        return h, None

    (few, found), (many, expected) = peak(scan), peak(plain)
    np.testing.assert_array_equal(found.data, expected.data)
    assert few < many / 5


def test_second_derivatives_do_not_keep_a_gradient_of_the_weights_for_each_step():
    w, xs, step = rnn(200, 40)
    tracemalloc.start()
    np.sum(scan(step, np.zeros(40), xs)[0]).backward(create_graph=True)
    np.sum(w.grad**2).backward()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200 * 40 * 40 * 8 / 2


def test_a_picture_has_one_node():
    _, xs, step = rnn()
    picture = draw(np.sum(scan(step, np.zeros(3), xs)[0]))
    assert picture.source.count("scan of step") == 1


def test_debug_names_the_step():
    def step(h, x):
        return np.log(h) + x, None

    with pytest.raises(NonFiniteError, match="log"), debug():
        scan(step, Value(1.0), np.array([1.0, -2.0, 0.0]))


def test_a_replay_takes_other_numbers():
    x = Value(np.array([0.1, 0.2]))
    again = Replay([np.sum(scan(lambda h, x: (np.sin(h + x), h), 0.5, x)[0])], [x])
    other = np.array([0.4, 0.9])
    assert again([other]) == [np.sin(np.sin(0.5 + 0.4) + 0.9)]
    x = Value(10.0)
    again = Replay([while_loop(lambda y: y > 1, lambda y: y / 2, x)], [x])
    with pytest.raises(RuntimeError, match="another number of turns"):
        again([100.0])


# -- what may go wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState, random.Random])
def test_a_generator_in_the_state_draws_the_same_again(make):
    def step(state, x):
        h, rng = state
        return (h * x + rng.random(), rng), h * rng.random()

    found = []
    for loop in (scan, unrolled):
        x, rng = Value([0.5, 0.6, 0.7]), make(0)
        (h, _), outputs = loop(step, (x[0], rng), x)
        (h + np.sum(outputs)).backward()
        found.append([*x.grad, rng.random()])
    assert found[0] == pytest.approx(found[1], rel=1e-14)


def test_random_numbers_from_no_generator_are_noticed():
    rng = random.Random(0)
    y, _ = scan(lambda h, x: (h * rng.random() + x, None), Value(1.0), np.ones(3))
    with pytest.raises(RuntimeError, match=r"put what changes .* into the state"):
        y.backward()


def test_a_weight_that_has_changed_is_noticed():
    w, xs, step = rnn()
    for change in (lambda: w.data.__isub__(1.0), lambda: w.__isub__(1.0)):
        y = np.sum(scan(step, np.zeros(3), xs)[0])
        change()
        with pytest.raises(RuntimeError, match="from outside has changed"):
            y.backward()


def test_data_that_changes_later_does_not_matter():
    xs, start = np.array([1.0, 2.0]), np.array([3.0])
    x = Value(2.0)
    y, _ = scan(lambda h, row: (h * row * x, None), start, xs)
    xs[:] = start[:] = 100.0
    y.backward([1.0])
    assert x.grad == 2 * 2.0 * 6.0


def test_changes_in_place_of_others_are_refused():
    def step(h, x):
        h *= x
        return h, None

    with pytest.raises(RuntimeError, match=r"scan of step: .*changes a Value in place"):
        scan(step, Value([1.0]), np.ones(2))


def test_a_zero_gradient_meets_no_infinite_slope():
    """The output is not used, and its slope is infinite."""

    def f(x):
        return scan(lambda h, x: (h + x, np.sqrt(x)), 0.0, x)[0]

    assert grad(f)(np.zeros(3)).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: scan(lambda h, x: h, 0.0, np.ones(3)), TypeError, "should return a pair"),
        (lambda: scan(lambda h, x: (h, x), 0.0), TypeError, "how many steps"),
        (
            lambda: scan(lambda h, x: (h, x), 0.0, [1.0, 2.0]),
            TypeError,
            r"data\[0\] should be an array",
        ),
        (lambda: scan(lambda h, x: (h, x), 0.0, np.ones(3), length=2), ValueError, "length: 2"),
        (
            lambda: scan(lambda h, x: (h, x), 0.0, {"a": np.ones(3), "b": np.ones(4)}),
            ValueError,
            r"data\['a'\]: 3, data\['b'\]: 4",
        ),
        (
            lambda: scan(lambda h, x: (np.append(h, x), x), np.ones(1), np.ones(3)),
            ValueError,
            r"the state has shape \(1,\).*np\.zeros\(\(2,\)\)",
        ),
        (
            lambda: scan(lambda h, x: ((h, h), x), np.ones(1), np.ones(3)),
            TypeError,
            "the state was a number",
        ),
        (
            lambda: scan(lambda h, x: ([h[0]], x), [1.0, 2.0], np.ones(3)),
            TypeError,
            "form of the list",
        ),
        (lambda: scan(lambda h, x: (None, x), 1.0, np.ones(3)), TypeError, "lack a return"),
        (
            lambda: scan(lambda h, x: (h + 1, np.ones(int(h))), 1, np.ones(3)),
            ValueError,
            r"the output was of shape \(1,\) in the first step and is of shape \(2,\) now",
        ),
        (
            lambda: scan(lambda h, x: (h + 1, None if h > 1 else x), 1, np.ones(3)),
            ValueError,
            "is None now",
        ),
        (lambda: scan(lambda h, x: (h, "text"), 1, np.ones(3)), TypeError, "cannot be stacked"),
        (
            lambda: while_loop(lambda h: h < 3, lambda h: None, 1),
            TypeError,
            "while_loop: .*lack a return",
        ),
        (lambda: fori_loop(0, 2.5, lambda i, h: h, 1), TypeError, "integer"),
    ],
)
def test_errors_say_what_to_write(call, error, message):
    with pytest.raises(error, match=message):
        call()
