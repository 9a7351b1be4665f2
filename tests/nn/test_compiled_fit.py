"""fit(compile=True): the weights of a run op by op, to the last bit, whatever ends it."""

from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd.compiling.errors import TracingError
from nn.training.bar import Bar
from nn.training.metrics import Means
from nn.training.steps import Steps
from tests.nn.test_fit import bits

X = np.random.default_rng(0).normal(size=(23, 3))
Y = (X.sum(axis=1) > 0).astype(int)
EPOCHS = 4
OPTIMISERS = {
    "plain": lambda p: nn.SGD(p, lr=0.005),
    "nesterov": lambda p: nn.SGD(p, lr=0.005, momentum=0.9, nesterov=True),
    "clipped": lambda p: nn.AdamW(p, lr=0.05, clip=0.3, weight_decay=0.01),
    "RMSprop": lambda p: nn.RMSprop(p, lr=0.01),
    "Adadelta": lambda p: nn.Adadelta(p, lr=0.5),
}


class Checkpointed(nn.Module):
    def __init__(self):
        self.inside = nn.Sequential(nn.LayerNorm(4), nn.Dropout(0.3, seed=2), nn.Tanh())

    def __call__(self, x):
        return autograd.checkpoint(self.inside)(x)


MIDDLES = {
    "checkpointed": Checkpointed,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "dropout": lambda: nn.Dropout(0.3, seed=2),
    "batch norm": lambda: nn.BatchNorm(4),
}


@st.composite
def runs(draw):
    """A function (epochs, compile, **options) that trains, and returns all that it leaves."""
    size, single = draw(st.sampled_from([1, 4, 8, 23, 40])), draw(st.booleans())
    optimiser = draw(st.sampled_from(list(OPTIMISERS)))
    middle = draw(
        st.sampled_from(["tanh", "relu", "dropout", "checkpointed", *["batch norm"] * (size == 8)])
    )
    regression = draw(st.booleans())
    steps = EPOCHS * -(-23 // size)
    rates = {
        "none": lambda: {},
        "epoch": lambda: {"schedule": nn.schedules.exponential(0.005, 0.7)},
        "step": lambda: {
            "schedule": nn.schedules.one_cycle(0.005, steps),
            "momentum": None if optimiser == "Adadelta" else nn.schedules.one_cycle_momentum(steps),
            "schedule_each": "step",
        },
        "plateau": lambda: {"schedule": nn.schedules.OnPlateau(0.005, patience=0)},
    }[draw(st.sampled_from(["none", "epoch", "step", "plateau"]))]
    judged = X[:9].astype("f4" if single else float), Y[:9]
    asked = {
        "metrics": [nn.accuracy] if draw(st.booleans()) and not regression else [],
        "validation": judged if draw(st.booleans()) and not regression else None,
        "early_stopping": draw(st.sampled_from([None, 1])),
    }
    averaged = draw(st.booleans())

    def run(epochs, compile, **options):
        dtype = "f4" if single else float
        model = nn.Sequential(
            nn.Linear(3, 4, seed=0, dtype=dtype),
            MIDDLES[middle](),
            nn.Linear(4, 2, seed=1, dtype=dtype),
        )
        descent = OPTIMISERS[optimiser](model.parameters())
        average = [nn.ExponentialAverage(model, 0.9)] if averaged else []
        target = np.stack([Y, 1 - Y], axis=1).astype(dtype) if regression else Y
        history = nn.fit(
            model,
            nn.squared_error if regression else nn.cross_entropy,
            nn.data.batches(X.astype(dtype), target, size, seed=0),
            descent,
            epochs,
            callbacks=average,
            progress=False,
            compile=compile,
            **asked,
            **rates(),
            **options,
        )
        states = [model.state_dict(), descent.state_dict(), *(a.state_dict() for a in average)]
        left = [np.asarray(x) for state in states for x in state.values()]
        return [*left, *map(np.array, history.values())], history.stopped

    run.unrolled = regression and middle == "relu" and not single
    return run


@given(run=runs(), first=st.integers(1, EPOCHS), target=st.sampled_from([True, "numpy"]))
@settings(max_examples=8)
def test_the_same_bits_as_op_by_op_in_one_part_or_two(run, first, target, tmp_path_factory):
    expected, stopped = run(EPOCHS, False)
    path = tmp_path_factory.mktemp("runs") / "run.npz"
    run(first, target, checkpoint=path)
    for found, why in (run(EPOCHS, target), run(EPOCHS, target, resume=path)):
        assert why == stopped
        for mine, theirs in zip(expected, found, strict=True):
            assert mine.dtype == theirs.dtype
            if target == "numpy" and not run.unrolled:
                assert mine.tobytes() == theirs.tobytes()
            else:  # a small product adds in order; native code has functions of its own
                bound = np.finfo(np.result_type(mine, "f4")).eps ** 0.5
                np.testing.assert_allclose(mine, theirs, rtol=bound, atol=bound / 100)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_an_update_compiled_alone_has_the_bits_of_one_op_by_op(name):
    ends = []
    for compiled in (False, True):
        layer = nn.Linear(3, 2, seed=0)
        optimiser = OPTIMISERS[name](layer.parameters())
        step = autograd.compile(optimiser.step, target="numpy") if compiled else optimiser.step
        for x in X[:20].reshape(5, 4, 3):
            optimiser.zero_grad()
            nn.squared_error(layer(x), x[:, :2]).backward()
            step()
            optimiser.lr *= 0.9
        layer.weight.grad = np.full((2, 3), np.inf)
        with pytest.raises(nn.ExplodedError), np.errstate(all="ignore"):
            step()
        assert not compiled or (step.recorded and not step.given_up)
        ends.append((bits(layer.state_dict()), bits(optimiser.state_dict())))
    assert ends[0] == ends[1]


def adding(rate=1e-2, weights=(0.5, 0.7)):
    """Return a neuron, 500 rows one by one, and its optimiser."""
    neuron = nn.Neuron(2, bias=False, init=list(weights))
    rows = np.random.default_rng(0).random((500, 2))
    data = nn.data.batches(rows, rows.sum(axis=1), 1, seed=0)
    return neuron, data, nn.SGD(neuron.parameters(), lr=rate)


def test_rows_one_by_one_run_in_a_loop_of_their_own():
    neuron, data, optimiser = adding()
    steps, means, seen = Steps(neuron, nn.squared_error, optimiser, "auto"), Means({}), []
    with Bar(data, 1, 0, shown=False) as bar:
        bar.step = lambda means, steps: seen.append(steps)
        steps.together(data, means, bar)
    assert sum(seen) == means.batches == means.samples == 500 and max(seen) >= 100
    other, data, optimiser = adding()
    history = nn.fit(other, nn.squared_error, data, optimiser, 1, progress=False)
    assert_close(neuron, other)
    np.testing.assert_allclose(means.numbers()["loss"], history["loss"][0], rtol=1e-13)


def assert_close(neuron, other):
    np.testing.assert_allclose(neuron.weights.data, other.weights.data, rtol=1e-14)


@pytest.mark.parametrize("metrics", [[], {"none": lambda output, target: 0.0}])
def test_an_explosion_names_its_step(metrics):
    told, ends = [], []
    for compile in (False, True):
        neuron, data, optimiser = adding()
        data.columns[0][400] = 1e200
        with pytest.raises(nn.ExplodedError) as error, np.errstate(over="ignore"):
            nn.fit(
                neuron, nn.squared_error, data, optimiser, 1, metrics=metrics, progress=False,
                compile=compile,
            )  # fmt: skip
        told.append(str(error.value))
        ends.append(neuron)
        assert not neuron.training
    assert told[0] == told[1] and "epoch 1, step " in told[0]
    assert_close(*ends)


@given(st.integers(1, 12))
@settings(max_examples=4)
def test_an_interrupt_leaves_whole_steps(moment):
    neuron, data, optimiser = adding()
    count, shown = [0, 0], Bar.step  # calls and steps

    def step(bar, means, steps=1):
        shown(bar, means, steps)
        count[0] += 1
        count[1] += steps
        if count[0] == moment:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bar, "step", step)
        history = nn.fit(neuron, nn.squared_error, data, optimiser, 2, progress=False, compile=True)
    assert not neuron.training
    epoch = -(-count[1] // 500)
    assert history.stopped == (f"interrupted in epoch {epoch}" if count[0] == moment else "")
    other, data, optimiser = adding()
    made = 0
    for _ in range(2):
        for x, y in data:
            if made < count[1]:
                optimiser.zero_grad()
                nn.squared_error(other(x), y).backward()
                optimiser.step()
                made += 1
    assert_close(neuron, other)


def test_what_cannot_be_compiled_runs_op_by_op():
    model = nn.MLP(3, [4, 2], nn.tanh, seed=0)
    before = bits(model.state_dict())
    optimiser = nn.LBFGS(model.parameters(), max_iter=3)
    data = nn.data.batches(X, Y, len(X), shuffle=False)
    with pytest.warns(UserWarning, match="LBFGS runs op by op, not compiled"):
        nn.fit(model, nn.cross_entropy, data, optimiser, 2, progress=False, compile=True)
    assert bits(model.state_dict()) != before


@pytest.mark.filterwarnings("ignore:close.. the monitor, or leave compile out")
def test_a_monitor_sees_the_same_of_a_compiled_run():
    told = []
    for compile in (False, True):
        model = nn.Sequential(nn.Linear(3, 4, seed=0), nn.ReLU(), nn.Linear(4, 2, seed=1))
        optimiser = nn.Adam(model.parameters(), lr=0.05)
        data = nn.data.batches(X, Y, 4, seed=0)
        with nn.monitor(model) as watch:
            options = {"callbacks": [watch], "progress": False, "compile": compile}
            nn.fit(model, nn.cross_entropy, data, optimiser, 2, **options)
        told.append((repr(watch), bits(model.state_dict())))
    assert told[0] == told[1] and "dead" in told[0][0]


def test_a_compiled_step_is_seen_while_somebody_looks():
    model = nn.MLP(3, [4, 2], nn.relu, seed=0)

    def step(x):
        np.sum(model(x)).backward()

    compiled = autograd.compile(step)
    for _ in range(4):
        compiled(X[:8])
    with nn.monitor(model) as watch:
        step(X[:8])
        watch.step()
        compiled(X[:8])
        watch.step()
        compiled.each(X[:8].reshape(1, 8, 3).repeat(3, 0))
        watch.step()
    for layer in watch.history.values():
        assert np.array_equal(layer["dead"], layer["dead"][[0, 0, 0]], equal_nan=True)
    assert not np.isnan(watch.history["layers.0"]["dead"]).any()


def test_what_a_recording_cannot_follow_is_an_error():
    model = nn.MLP(3, [4, 2], nn.tanh, seed=0)
    before = bits(model.state_dict())

    def loss(output, y):
        return nn.cross_entropy(output, y) if output.sum() > 0 else 0.0

    optimiser = nn.SGD(model.parameters(), lr=0.1)
    data = nn.data.batches(X, Y, 8)
    with pytest.raises(TracingError, match=r"write np\.where.*test_compiled_fit"):
        nn.fit(model, loss, data, optimiser, 2, progress=False, compile=True)
    assert bits(model.state_dict()) == before and not model.training
    with pytest.raises(ValueError, match='write compile="jax" for several devices'):
        nn.fit(model, nn.cross_entropy, data, optimiser, 2, compile=True, devices=2)
    with pytest.raises(ValueError, match="target should be one of"):
        nn.fit(model, nn.cross_entropy, data, optimiser, 2, compile="C")


def test_an_average_is_updated_after_a_compiled_step_not_inside():
    averages, says = [], r"write average\.update\(\) after the call"
    for compiled in (False, True):
        model = nn.Linear(3, 2, seed=0)
        optimiser, average = nn.Adam(model.parameters()), nn.ExponentialAverage(model, 0.9)

        def step(x, y, model=model, optimiser=optimiser, average=average):
            optimiser.zero_grad()
            nn.cross_entropy(model(x), y).backward()
            optimiser.step()
            average.update()

        if compiled:
            step = autograd.compile(step)
        with pytest.warns(UserWarning, match=says) if compiled else nullcontext():
            for _ in range(4):
                step(X, Y)
        averages.append(bits(average.state_dict()))
    assert averages[0] == averages[1]
