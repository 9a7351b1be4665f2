"""State that is no Value, in compiled functions: buffers and random generators, to the last bit."""

import random
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value, no_grad
from autograd.compiling.errors import TracingError
from benchmarks.interrupts import Alarm
from tests.compiling.test_traps import numbers

ROWS = [np.random.default_rng(seed).normal(size=(4, 3)) for seed in range(5)]


def state_of(thing):
    """Return all that a model, a generator, or a pair of these, holds."""
    if isinstance(thing, tuple):
        return [state_of(x) for x in thing]
    if isinstance(thing, np.random.Generator):
        return str(thing.bit_generator.state)
    state = [numbers(x) for x in thing.state_dict().values()]
    return state + [state_of(m.rng) for m in thing.modules() if hasattr(m, "rng")]


def assert_equal(mine, theirs):
    assert type(mine) is type(theirs)
    if isinstance(mine, (list, tuple)):
        assert len(mine) == len(theirs)
        for x, y in zip(mine, theirs, strict=True):
            assert_equal(x, y)
    elif isinstance(mine, str):
        assert mine == theirs
    else:
        assert np.asarray(mine).dtype == np.asarray(theirs).dtype
        np.testing.assert_array_equal(mine, theirs)


# -- networks ------------------------------------------------------------------------------------


class Centre(nn.Module):
    """A layer of the user's own: it shifts by a running mean, and counts."""

    def __init__(self, dtype):
        self.mean, self.calls = nn.Buffer(np.zeros(6, dtype)), nn.Buffer(0)

    def __call__(self, x):
        if self.training:
            self.calls += 1
            self.mean *= 0.9
            self.mean += 0.1 * x.data.mean(axis=0)
        return x - self.mean / self.calls


LAYERS = {
    "batch norm": lambda dtype: nn.BatchNorm(6, dtype=dtype),
    "mean of all batches": lambda dtype: nn.BatchNorm(6, momentum=None, dtype=dtype),
    "dropout": lambda dtype: nn.Dropout(0.4, seed=5),
    "dropout of channels": lambda dtype: nn.ChannelDropout(0.3, seed=6),
    "linear": lambda dtype: nn.Linear(6, 6, seed=1, dtype=dtype),
    "tanh": lambda dtype: nn.Tanh(),
    "own": Centre,
}


@given(
    st.lists(st.sampled_from(sorted(LAYERS)), min_size=1, max_size=5),
    st.sampled_from([np.float32, np.float64]),
    st.lists(st.booleans(), min_size=3, max_size=8),
    st.sampled_from([None, 0.3]),
)
@settings(max_examples=8, deadline=None)
def test_networks_train_as_eagerly(layers, dtype, in_training, clip):
    ends = []
    for transform in (lambda f: f, autograd.compile):
        model = nn.Sequential(
            nn.Linear(6, 6, seed=0, dtype=dtype),
            *(LAYERS[name](dtype) for name in layers),
            nn.Linear(6, 2, seed=2, dtype=dtype),
        )
        optimiser = nn.Adam(model.parameters(), lr=0.01, clip=clip)

        def step(x, t, model=model, optimiser=optimiser):
            optimiser.zero_grad()
            loss = nn.squared_error(model(x), t)
            loss.backward()
            optimiser.step()
            return loss

        step, predict = transform(step), transform(model)
        rng, found = np.random.default_rng(3), []
        for training in [True, *in_training]:
            x, t = (rng.normal(size=(20, n)).astype(dtype) for n in (6, 2))
            model.train(training)
            found += [numbers(step(x, t) if training else predict(x)), state_of(model)]
        ends.append(found)
    assert not step.given_up
    assert not predict.given_up
    assert_equal(*ends)


# -- what a module may do with a buffer ----------------------------------------------------------


class Followed(nn.Module):
    """A module with buffers of several kinds, and a function of them."""

    def __init__(self, f, dtype=float):
        self.mean, self.scale = nn.Buffer(np.ones(3, dtype)), nn.Buffer(dtype(2))
        self.calls, self.row = nn.Buffer(0), nn.Buffer(0)
        self.order, self.mask = nn.Buffer([2, 0, 1]), nn.Buffer([True, False, True])
        self.queue = nn.Buffer(np.zeros((3, 3), dtype))
        self.both = nn.Buffer(np.ones(3, dtype))
        self.pair = (self.both, None)
        self.weight, self.f = nn.Parameter(np.ones(3, dtype)), f

    def __call__(self, x):
        return self.f(self, x)


def in_place(m, x):
    m.mean *= 0.9
    m.mean += 0.1 * x.mean(axis=0)
    return x - m.mean


def all_entries(m, x):
    m.mean[...] = 0.9 * m.mean + 0.1 * np.mean(x, axis=0)
    return x - m.mean


def set_anew(m, x):
    m.mean = 0.9 * m.mean + 0.1 * np.mean(x, axis=0)
    m.scale = 0.5 * m.scale + np.sum(x)
    return (x - m.mean) * m.scale


def some_entries(m, x):
    m.mean[0] = x[0, 0]
    m.mean[1:] *= 2
    m.mean[2] += 1
    return x * m.mean


def without_graph(m, x):
    y = m.weight * x
    with no_grad():
        m.mean *= 0.9
        m.mean[1:] += 0.1 * y.data.mean(axis=0)[1:]
    return y * m.mean


def learns_it(m, x):
    m.mean = 0.9 * m.mean + 0.1 * (m.weight * x).data.mean(axis=0)
    return x * m.mean


def into_out(m, x):
    np.add(m.mean, x[0], out=m.mean)
    return x * m.mean


def counts(m, x):
    m.calls += 1
    return x / m.calls if m.calls < 3 else x


def rounds(m, x):
    m.calls[...] = 10 * np.abs(x[0, 0])
    return x * m.calls


def queues(m, x):
    m.queue[m.row] = x[0]
    m.row = (m.row + 1) % 3
    return m.queue.sum(axis=0) * x


def orders(m, x):
    return x[:, m.order] + x[0][m.order] + x[:, m.mask].sum() + x[0][m.mask].sum()


def returns_it(m, x):
    m.mean += 1
    return m.mean


def normalises(m, x):
    w = np.outer(x[0], x[1])
    m.mean = w @ m.mean / np.linalg.norm(w @ m.mean)
    return w / (m.mean @ w @ m.mean)


def reads_all(m, x):
    m.mean += 1
    return [2 * y for y in m.state_dict().values()]


def a_view_changes(m, x):
    view = m.mean[:2]
    view *= 2
    return x * m.mean


def a_view_changes_beside(m, x):
    view = m.mean[:2]
    view *= 2
    return x


def in_a_tuple_too(m, x):
    m.both += 1
    m.scale *= 0.5
    return x * m.pair[0] * m.scale


def a_view_is_read_later(m, x):
    view = m.mean[:2]
    m.mean += 1
    return x[:, :2] * view


def replaces_it(m, x):
    m.mean = nn.Buffer(m.mean + 1)
    return x * m.mean


COMPILED = [
    in_place, all_entries, set_anew, some_entries, without_graph, learns_it, into_out, counts,
    rounds, queues, orders, returns_it, normalises, reads_all,
]  # fmt: skip
OP_BY_OP = [
    a_view_changes, a_view_changes_beside, in_a_tuple_too, a_view_is_read_later, replaces_it,
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*runs op by op")
@pytest.mark.parametrize("dtype", [np.float32, float])
@pytest.mark.parametrize("f", COMPILED + OP_BY_OP, ids=lambda f: f.__name__)
def test_buffers_change_as_eagerly(f, dtype):
    ends = []
    for transform in (lambda f: f, autograd.compile):
        model = Followed(f, dtype)
        call = transform(model)
        found = []
        for x in ROWS:
            y = call(x.astype(dtype))
            found.append([type(y).__name__, numbers(y), state_of(model)])
        ends.append(found)
        assert type(model.mean) is nn.Buffer
    assert bool(call.given_up) == (f in OP_BY_OP)
    assert_equal(*ends)


def test_a_buffer_that_is_set_outside_is_read_anew():
    model = Followed(lambda m, x: x * m.mean)
    f = autograd.compile(model)
    for n in range(5):
        model.mean = np.full(3, float(n))
        np.testing.assert_array_equal(f(ROWS[0]), ROWS[0] * n)
    assert f.recorded == 1


def test_a_read_only_buffer_is_a_constant():
    model = Followed(lambda m, x: x * m.mean + m.scale)
    model.mean.setflags(write=False)
    f = autograd.compile(model)
    for x in ROWS:
        np.testing.assert_array_equal(f(x), model(x))
    assert f.recorded == 1


@pytest.mark.filterwarnings("ignore:.*runs op by op")
def test_a_list_that_loses_a_generator_is_as_eagerly():
    ends = []
    for transform in (lambda f: f, autograd.compile):
        rngs = [np.random.default_rng(seed) for seed in range(9)]
        call = transform(lambda x, rngs=rngs: x * rngs.pop().random())
        ends.append([[call(x), len(rngs)] for x in ROWS])
    assert_equal(*[numbers(end) for end in ends])


def test_a_mask_that_is_set_outside_is_another_shape():
    model = Followed(None)
    slope = autograd.grad(lambda x: np.mean(x[0][model.mask]))
    f = autograd.compile(slope)
    for mask in ([True, False, True], [True] * 3, [False, True, False]) * 2:
        model.mask = mask
        np.testing.assert_array_equal(f(ROWS[0]), slope(ROWS[0]))
    assert f.recorded == 3


@pytest.mark.filterwarnings("ignore:overflow")
def test_an_error_and_an_explosion_leave_what_they_leave_eagerly():
    ends = []
    for transform in (lambda f: f, autograd.compile):
        model = nn.Sequential(nn.BatchNorm(3), nn.Dropout(0.5, seed=0), nn.Linear(3, 1, seed=0))
        optimiser = nn.SGD(model.parameters(), lr=0.1)

        def step(x, t, model=model, optimiser=optimiser):
            optimiser.zero_grad()
            nn.squared_error(model(x), t).backward()
            optimiser.step()

        step, found = transform(step), []
        for t in (0.0, 1.0, 2.0, 1e308, 1.0):
            try:
                step(ROWS[0], np.full((4, 1), t))
            except nn.ExplodedError:
                found.append("exploded")
            found.append(state_of(model))
        with pytest.raises(ValueError, match="3 channels"):
            step(ROWS[0][:, :2], np.zeros((4, 1)))
        ends.append([*found, state_of(model)])
    assert "exploded" in ends[0]
    assert_equal(*ends)


# -- random numbers --------------------------------------------------------------------------------

DRAWN = np.random.default_rng(0)


class Noise(nn.Module):
    def __init__(self):
        self.rng, self.rngs = np.random.default_rng(1), [np.random.default_rng(2)]
        self.other = np.random.Generator(np.random.MT19937(3))
        self.again = np.random.Generator(self.other.bit_generator)
        self.fixed = (np.random.default_rng(4),)
        self.dropout = nn.Dropout(0.5, seed=0)


def of_all_places(m, x):
    rng = m.rng
    m.other.random(2)
    return x + rng.standard_normal(x.shape, dtype="f4") + m.rngs[0].uniform(-1, 1, 3) + rng.random()


def two_of_one_state(m, x):
    return x * m.again.random() + m.other.normal(size=3) + m.again.exponential()


def kinds(m, x):
    noise = m.rng.integers(0, 5, 3) + m.rng.choice([1.0, 2.0, 5.0], size=3)
    noise *= 2
    return x[m.rng.permutation(4)] * noise * m.rng.integers(9)


def in_a_loop(m, x):
    y, _ = autograd.scan(lambda y, row: (y + row * m.rng.random(), None), np.zeros(3), x)
    return y + np.where(m.rng.random() < 0.5, y, 1.0)


def of_a_gradient(m, x):
    return autograd.grad(lambda x: np.sum(m.dropout(x) ** 2 * m.rng.random(3)))(x)


def shuffles(m, x):
    order = np.arange(4)
    m.rng.shuffle(order)
    return x[order] * m.other.bit_generator.state["state"]["pos"] * m.rng.poisson(3)


def branches(m, x):
    return x if m.rng.random() < 0.5 else -x


def of_what_is_computed(m, x):
    return m.rng.normal(np.mean(x))


def drawn_in_a_tuple(m, x):
    return x * m.fixed[0].random()


def of_the_module(m, x):
    return x * np.random.rand()


DRAW = [of_all_places, two_of_one_state, kinds, in_a_loop, of_a_gradient]
REFUSED = {
    branches: r"np\.where",
    of_what_is_computed: r"mean \+ spread \* rng\.standard_normal\(shape\).*test_state\.py, line",
    drawn_in_a_tuple: r"from a generator, rng = np\.random\.default_rng\(\), in an attribute",
    of_the_module: r"from a generator, rng = np\.random\.default_rng\(\), in an attribute",
}


@pytest.mark.filterwarnings("ignore:.*runs op by op")
@pytest.mark.parametrize("f", [*DRAW, shuffles], ids=lambda f: f.__name__)
def test_random_numbers_are_those_of_eager_calls(f):
    ends = []
    for transform in (lambda f: f, autograd.compile):
        m = Noise()
        call, rngs = transform(lambda x, m=m: f(m, x)), (m.rng, m.rngs[0], m.other, m.dropout.rng)
        ends.append([[numbers(call(x)), state_of(rngs)] for x in ROWS])
        assert type(m.rng) is np.random.Generator
    assert bool(call.given_up) == (f is shuffles)
    assert_equal(*ends)


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
def test_other_random_numbers_are_refused(f):
    m = Noise()
    before = state_of((m.rng, m.fixed[0]))
    with pytest.raises(TracingError, match=REFUSED[f]):
        autograd.compile(lambda x: f(m, x))(ROWS[0])
    assert state_of((m.rng, m.fixed[0])) == before


def test_generators_as_globals_and_arguments():
    global DRAWN

    def f(x, rng):
        return x * DRAWN.random() + rng.random()

    ends = []
    for call in (f, autograd.compile(f)):
        DRAWN, rng = np.random.default_rng(5), np.random.default_rng(6)
        ends.append([call(x, rng) for x in ROWS])
        DRAWN = np.random.default_rng(7)
        ends[-1] += [call(x, rng) for x in ROWS]
    assert_equal(*ends)


def stepper(how):
    total, count, rng = Value(0.0), nn.Buffer(0), np.random.default_rng(0)

    def counts(x):
        count[...] += 1
        total.data = total.data + x / count

    def draws(x):
        total.data = total.data + x * rng.random()

    return {"counts": counts, "draws": draws}[how], lambda: [total.data, int(count), state_of(rng)]


@pytest.mark.parametrize("how", ["counts", "draws"])
def test_each_is_a_call_for_each_row(how):
    (step, eagerly), (other, compiled) = stepper(how), stepper(how)
    for x in range(400):
        step(float(x))
    autograd.compile(other).each(np.arange(400.0))
    assert_equal(eagerly(), compiled())


def test_threads_draw_what_one_after_the_other_would():
    rng, drawn = np.random.default_rng(0), []
    f = autograd.compile(lambda x: x + rng.random())
    f(0.0), f(0.0)
    threads = [
        threading.Thread(target=lambda: drawn.extend([f(0.0) for _ in range(500)]))
        for _ in range(2)
    ]
    interval = sys.getswitchinterval()
    try:
        sys.setswitchinterval(1e-6)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    again = np.random.default_rng(0)
    again.random(2)
    assert sorted(drawn) == sorted(again.random(1_000))


# what comes while llvmlite frees something, Python only reports
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interrupts_leave_whole_steps():
    """Each step adds 1 to a parameter and to a buffer, and draws one number."""
    weight, count, rng = Value([0.0]), nn.Buffer(0), np.random.default_rng(0)

    @autograd.compile
    def step(x):
        count[...] += 1
        weight.data = weight.data + x
        return rng.random()

    for _ in range(3):  # the first two are held against the function itself
        step(1.0)

    alarm = Alarm(random.Random(0), 0.002)
    for _ in range(30):
        alarm(lambda: [step(1.0) for _ in range(10_000)])
        drawn = np.random.PCG64(0).advance(int(count))
        assert weight.data[0] == count
        assert drawn.state["state"] == rng.bit_generator.state["state"]


def test_show_says_what_is_read_drawn_and_written():
    model = nn.Sequential(nn.BatchNorm(3), nn.Dropout(0.5, seed=0))
    f = autograd.compile(model)
    f(ROWS[0])
    for words in ("the entries of a Buffer (3,)", "random numbers (4, 3)", "draws random((4, 3),)"):
        assert words in f.show()


def test_copies_of_parameters_are_read_anew():
    from copy import deepcopy

    model = nn.Linear(3, 2, seed=0)
    f = autograd.compile(lambda x: deepcopy(model)(x))
    for _ in range(2):
        f(ROWS[0])
    model.weight = model.weight.data + 1
    np.testing.assert_allclose(f(ROWS[0]).data, model(ROWS[0]).data, rtol=1e-12)
    assert not f.given_up


def test_a_function_that_fails_is_run_once_for_each_call():
    calls = []

    @autograd.compile
    def f(x):
        if isinstance(x, np.ndarray):  # not while it is recorded
            calls.append(x)
            raise ValueError("wrong")
        return x

    for n in range(1, 5):
        with pytest.raises(ValueError, match="wrong"):
            f(ROWS[0])
        assert len(calls) == n
