"""each: what a loop of calls leaves, whatever the step moves, and whatever the rows are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, set_data

ROWS = np.random.default_rng(0).normal(size=(400, 2))
X, Y = ROWS[:, 0], ROWS[:, 1]


def by_hand(step, *columns):
    """Call a step for each row."""
    for row in zip(*map(np.asarray, columns), strict=True):
        step(*[x.item() if isinstance(x, np.float64) else x for x in row])


MOVES = {
    "as it was": lambda v, x: v,
    "shrunk": lambda v, x: v * 0.9 + x,
    "the row": lambda v, x: v * 0.0 + x,
    "a constant": lambda v, x: np.ones_like(v.data if isinstance(v, Value) else v),
    "turned": lambda v, x: np.roll(v, 1),
    "shifted": lambda v, x: np.stack([v[1], v[0] * 0.5 + x]) if np.ndim(v) else v + x,
    "by its sign": lambda v, x: np.where(v > 0.5, v * 0.5, v + np.abs(x)),
    "the sine": lambda v, x: np.sin(v) + x,
}


@st.composite
def steps(draw):
    """A function that returns a step on new Values, and these."""
    shape = draw(st.sampled_from([(), (), (2,)]))
    count = draw(st.integers(1, 4))
    sources = draw(st.lists(st.integers(0, count - 1), min_size=count, max_size=count))
    moves = draw(st.lists(st.sampled_from(list(MOVES)), min_size=count, max_size=count))
    in_turn, learns = draw(st.booleans()), draw(st.booleans())

    def make():
        values = [Value(np.full(shape, 1.0 + i)[()]) for i in range(count)]

        def step(x):
            if learns:
                values[0].zero_grad()
                np.sum(values[0] * values[0] * x).backward()
            new = [
                (lambda i=i, move=move: MOVES[move](values[i].data, x))
                for i, move in zip(sources, moves, strict=True)
            ]
            if in_turn:
                for value, data in zip(values, new, strict=True):
                    value.data = data()
            else:
                set_data(values, [data() for data in new])

        return step, values

    return make


@given(make=steps(), target=st.sampled_from(["numpy", "auto"]), n=st.integers(2, 40))
@settings(max_examples=60)
def test_each_leaves_what_a_loop_of_calls_leaves(make, target, n):
    (step, expected), (same, values) = make(), make()
    by_hand(step, X[:n])
    compiled = autograd.compile(same, target=target)
    compiled.each(X[: n // 2])
    compiled.each(X[n // 2 : n])
    for mine, theirs in zip(expected, values, strict=True):
        assert type(mine.data) is type(theirs.data)
        np.testing.assert_allclose(mine.data, theirs.data, rtol=1e-12, atol=1e-15)
        assert mine.has_grad == theirs.has_grad
        if mine.has_grad:
            np.testing.assert_allclose(mine.grad, theirs.grad, rtol=1e-12, atol=1e-15)


def texts(n):
    return np.array(["up", "down"] * (n // 2))


def objects(things):
    return np.fromiter(things, object)


KINDS = {
    "floats": lambda n: X[:n],
    "singles": lambda n: X[:n].astype(np.float32),
    "halves": lambda n: X[:n].astype(np.float16),
    "big endian": lambda n: X[:n].astype(">f8"),
    "ints": lambda n: np.arange(n) % 5,
    "bools": lambda n: np.arange(n) % 3 == 0,
    "complex": lambda n: X[:n] * (1 + 1j),
    "arrays": lambda n: ROWS[:n],
    "by columns": lambda n: np.asfortranarray(ROWS[:n]),
    "backwards": lambda n: X[:n][::-1],
    "texts": texts,
    "texts that change late": lambda n: np.sort(texts(n)),
    "days": lambda n: np.datetime64("2020-01-01") + np.arange(n) // 20,
    "ints as objects": lambda n: objects(i // 50 for i in range(n)),
    "None or True": lambda n: objects(None if i < 20 else True for i in range(n)),
    "dicts": lambda n: objects({"by": float(i // 20)} for i in range(n)),
    "arrays of two lengths": lambda n: objects(np.ones(1 + i // 150) for i in range(n)),
}


def weight(thing):
    """A number that depends on what a row is."""
    if isinstance(thing, dict):
        return thing["by"]
    if thing is None or thing is True or isinstance(thing, (str, np.datetime64)):
        return 2.0 if str(thing) in ("up", "True", "2020-01-02") else -1.0
    return np.real(np.sum(thing))


@pytest.mark.filterwarnings("ignore:step (was recorded|runs op by op)")
@pytest.mark.parametrize("target", ["numpy", "auto", "jax"])
@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_any_kind(kind, target):
    if target == "jax":
        pytest.importorskip("jax")
    ends = []
    for compiled in (False, True):
        w, count = Value(1.0), Value(0.0)

        def step(x, thing, w=w, count=count):
            set_data([w, count], [w.data * 0.9 + x * weight(thing), count.data + 1.0])

        f = autograd.compile(step, target=target) if compiled else step
        (f.each if compiled else lambda *c: by_hand(step, *c))(X[:300], KINDS[kind](300))
        ends.append((w.data, count.data))
    np.testing.assert_allclose(*ends, rtol=1e-6 if target == "jax" else 1e-12)


@pytest.mark.parametrize("target", ["numpy", "auto", "jax"])
@pytest.mark.parametrize("rate", [2, np.float32(0.1), np.float64(0.05), True])
def test_what_becomes_of_another_type_between_two_calls(rate, target):
    if target == "jax":
        pytest.importorskip("jax")
    ends = []
    for compiled in (False, True):
        neuron = nn.Neuron(2, bias=False, init=[0.5, 0.75])
        optimiser = nn.SGD(neuron.parameters(), lr=0.01)

        def step(x, neuron=neuron, optimiser=optimiser):
            optimiser.zero_grad()
            np.tanh(neuron(x)).backward()
            optimiser.step()

        f = autograd.compile(step, target=target).each if compiled else lambda *c: by_hand(step, *c)
        f(ROWS)
        optimiser.lr = rate
        f(ROWS)
        ends.append(neuron.weights.data)
    np.testing.assert_allclose(*ends, rtol=1e-6 if target == "jax" else 1e-12)


def test_a_leaf_that_is_set_twice_in_a_step():
    w = Value(0.0)

    def step(x):
        w.data = w.data * 0.9 + x[0]  # a float, and a number of NumPy's
        w.data = w.data * 0.9 + x[1]

    by_hand(step, ROWS)
    expected, w.data = w.data, 0.0
    by_hand(autograd.compile(step), ROWS)
    assert w.data == expected


@pytest.mark.parametrize("target", ["numpy", "auto"])
@pytest.mark.parametrize("outer", ["compiled", "with each", "debugged"])
def test_each_inside_of_what_is_recorded_or_watched(outer, target):
    ends = []
    for compiled in (False, True):
        w, v = Value(0.0), Value(0.0)

        def inner(x, w=w):
            w.data = w.data * 0.9 + x

        f = autograd.compile(inner, target=target)

        def step(row, w=w, v=v, each=f.each if compiled else lambda c: by_hand(inner, c)):
            each(row)
            each(X[:5])
            v.data = v.data + w.data

        if compiled:
            f.each(X[:0])
        inner(0.0), [f(0.0) if compiled else inner(0.0) for _ in range(3)]
        if not compiled or outer == "debugged":
            with autograd.debug():
                by_hand(step, ROWS[:40])
        elif outer == "with each":
            autograd.compile(step, target=target).each(ROWS[:40])
        else:
            by_hand(autograd.compile(step, target=target), ROWS[:40])
        ends.append((w.data, v.data))
    np.testing.assert_allclose(*ends, rtol=1e-12)


@pytest.mark.filterwarnings("ignore:step was recorded")
def test_a_new_form_for_each_row_is_told_of_once():
    w = Value(0.0)

    def step(x, day):
        w.data = w.data * 0.9 + (x if day < np.datetime64("2020-06-01") else -x)

    days = np.datetime64("2020-01-01") + np.arange(300)
    by_hand(step, X[:300], days)
    expected, w.data = w.data, 0.0
    compiled = autograd.compile(step)
    with pytest.warns(UserWarning, match="recorded again and again") as told:
        compiled.each(X[:300], days)
    assert w.data == expected and len(told) == 2


def test_what_is_no_column_is_refused():
    f = autograd.compile(lambda *x: x)
    for columns in ([], [1.0], [X, Y[:3]], [X, 2.0]):
        with pytest.raises(ValueError, match="each takes arrays of equal length"):
            f.each(*columns)
