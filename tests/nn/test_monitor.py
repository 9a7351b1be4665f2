"""nn.monitor: the first bad layer is named, healthy training is not, and nothing is changed.

Run this file to make the pictures of the page anew.
"""

import math
import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, no_grad
from autograd.graphs.calls import WATCHES
from nn.health import norm
from nn.histograms import BINS, EDGES, MOST_COUNTED, counts
from nn.records import MOST_HISTOGRAMS

RNG = np.random.default_rng(0)
POINTS = RNG.uniform(-1, 1, (100, 2))
INSIDE = np.where((POINTS**2).sum(axis=1) < 0.5, 1, -1)
ACTIVATIONS = {"tanh": nn.tanh, "relu": nn.relu, "sigmoid": nn.sigmoid}


def train(model, steps, lr=0.5, momentum=0.9, watch=None, loss=nn.hinge):
    """Train a network to tell points inside a circle from those outside."""
    optimiser = nn.SGD(model.parameters(), lr=lr, momentum=momentum)
    for _ in range(steps):
        optimiser.zero_grad()
        loss(model(POINTS)[:, 0], INSIDE).backward()
        optimiser.step()
        if watch is not None:
            watch.step()
    return model


def watched(model, steps, **options):
    with nn.monitor(model) as watch:
        train(model, steps, watch=watch, **options)
    return watch


def kinds(watch):
    return [(problem.layer, problem.kind) for problem in watch.problems]


# -- healthy training -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("loss", [nn.hinge, nn.squared_error])
def test_healthy_training_raises_no_flag(name, loss):
    for seed in range(3):
        model = nn.MLP(2, [16, 16, 1], activation=ACTIVATIONS[name], seed=seed)
        rate = 0.5 if loss is nn.hinge else 0.05
        assert not watched(model, 150, lr=rate, loss=loss).problems


def adding(lr, rows, seed=0):
    """Train the adding neuron, and return what watched it."""
    neuron = nn.Neuron(2, bias=False, init=[0.5, 1.5])
    optimiser = nn.SGD(neuron.parameters(), lr=lr, weight_decay=-1.0)
    with nn.monitor(neuron) as watch:
        for row in np.random.default_rng(seed).uniform(0, 100, (rows, 2)):
            optimiser.zero_grad()
            nn.squared_error(neuron(row), float(row.sum())).backward()
            optimiser.step()
            watch.step()
    return watch


@pytest.mark.slow
def test_the_adding_neuron_at_its_rate():
    for seed in range(3):
        assert not adding(5e-6, 2000, seed).problems


@given(seed=st.integers(0, 100), name=st.sampled_from(sorted(ACTIVATIONS)))
def test_watching_changes_no_bit(seed, name):
    def model():
        return nn.MLP(2, [4, 4, 1], activation=ACTIVATIONS[name], seed=seed)

    free, seen = train(model(), 5), model()
    watched(seen, 5)
    for a, b in zip(free.parameters(), seen.parameters(), strict=True):
        assert a.numpy().tobytes() == b.numpy().tobytes()
        assert a.grad.tobytes() == b.grad.tobytes()


# -- what goes wrong ------------------------------------------------------------------------------


def test_the_adding_neuron_explodes():
    with pytest.raises(nn.ExplodedError, match=r"nn\.monitor"):
        adding(1e-3, 2000)
    watch = adding(1e-3, 100)
    assert kinds(watch) == [("Neuron", "exploding")]
    assert watch.problems[0].step < 10


def test_a_deep_sigmoid_stack_vanishes():
    model = nn.MLP(2, [16] * 10 + [1], activation=nn.sigmoid, init=nn.xavier, seed=0)
    watch = watched(model, 20, momentum=0.0)
    flagged = [layer for layer, kind in kinds(watch) if kind == "vanishing"]
    assert flagged[-1] == "layers.0"
    assert flagged == [f"layers.{i}" for i in range(int(flagged[0][7:]), -1, -1)]
    assert {problem.step for problem in watch.problems} == {1}
    gradients = watch.history["layers.0"]["gradients"] / watch.history["layers.10"]["gradients"]
    assert gradients.max() < 1e-4


@pytest.mark.parametrize("place", range(3))
def test_the_injected_layer_is_named_first(place):
    """Its weights are set wrong in the middle of a training that goes well."""
    model = nn.MLP(2, [8, 8, 8, 1], activation=nn.tanh, seed=1)
    with nn.monitor(model) as watch:
        train(model, 30, lr=0.05, watch=watch)
        assert not watch.problems
        model.layers[place].weights.data *= 1e5
        train(model, 5, lr=0.0, watch=watch)
    first = watch.problems[0]
    assert (first.layer, first.kind) in [
        (f"layers.{place}", "exploding"),
        (f"layers.{place}", "saturated"),
    ]
    assert first.step == 31


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite(bad):
    model = nn.MLP(2, [3, 3, 1], seed=0)
    with nn.monitor(model) as watch:
        nn.squared_error(model(POINTS)[:, 0], INSIDE).backward()
        model.layers[1].bias.grad = [1.0, bad, 0.0]
        watch.step()
    assert kinds(watch) == [("layers.1", "exploding")]
    assert str(bad) in str(watch.problems[0])


def test_the_step_that_the_optimiser_refuses_is_seen():
    model = nn.MLP(2, [3, 3, 1], activation=nn.tanh, seed=0)
    with pytest.raises(nn.ExplodedError), nn.monitor(model) as watch:
        train(model, 5, watch=watch)
        model.layers[1].bias.data[2] = np.nan
        train(model, 5, watch=watch)
    first = watch.problems[0]
    assert (first.layer, first.kind, first.step) == ("layers.1", "exploding", 6)
    assert len(watch.steps) == 6
    assert not WATCHES


def test_tied_weights_belong_to_the_first_of_their_layers():
    class Tied(nn.Module):
        def __init__(self):
            self.encoder = nn.Layer(2, 3, seed=0)
            self.decoders = [nn.Layer(3, 2, seed=1)]
            self.decoders[0].weights = self.encoder.weights

    with nn.monitor(Tied()) as watch:
        assert [(layer.name, len(layer.parameters)) for layer in watch.layers] == [
            ("encoder", 2),
            ("decoders.0", 1),
        ]


def test_a_gradient_that_jumps():
    model = nn.MLP(2, [3, 1], activation=nn.tanh, seed=0)
    with nn.monitor(model) as watch:
        for scale in [1.0] * 20 + [1e5]:
            model.zero_grad()
            (nn.squared_error(model(POINTS)[:, 0], INSIDE) * scale).backward()
            watch.step()
    assert watch.problems[0].layer == "layers.1"
    assert watch.problems[0].step == 21
    assert "100,000 times its usual size" in watch.problems[0].detail


def test_dead_units():
    model = nn.MLP(2, [8, 8, 1], seed=0)
    model.layers[1].bias.data = np.where(np.arange(8) < 6, -100.0, 0.1)
    watch = watched(model, 10, lr=0.01)
    assert ("layers.1", "dead") in kinds(watch)
    assert watch.problems[0].kind == "dead"
    assert watch.history["layers.1"]["dead"][-1] >= 0.75
    assert np.isnan(watch.history["layers.2"]["dead"]).all()


def test_a_unit_is_dead_after_a_hundred_samples():
    layer = nn.Layer(1, 2, activation=nn.relu, init=[[1.0, -1.0]], bias=False)
    with nn.monitor(layer) as watch:
        shares = []
        for x in [[1.0]] * 99 + [[2.0], [-1.0]]:
            layer(x).sum().backward()
            watch.step()
            shares.append(watch.history["Layer"]["dead"][-1])
    assert shares[98:] == [0.0, 0.5, 0.0]


def test_saturated_units():
    for activation in (nn.tanh, nn.sigmoid):
        model = nn.MLP(2, [8, 8, 1], activation=activation, seed=0)
        model.layers[0].weights.data *= 1e4
        watch = watched(model, 10, lr=0.01)
        assert watch.problems[0].layer == "layers.0"
        assert watch.problems[0].kind == "saturated"


def test_saturation_of_the_last_layer_is_being_sure():
    model = nn.MLP(2, [4, 1], output_activation=nn.tanh, seed=0)
    model.layers[1].weights.data *= 1e3
    assert not watched(model, 10, lr=0.0).problems


def test_activations_that_are_modules():
    class Relu(nn.Module):
        def __call__(self, x):
            return nn.relu(x)

    class Stack(nn.Module):
        def __init__(self):
            self.parts = [nn.Layer(2, 4, seed=0), Relu(), nn.Layer(4, 1, seed=0)]
            self.parts[0].bias.data = np.full(4, -100.0)

        def __call__(self, x):
            for part in self.parts:
                x = part(x)
            return x

    watch = watched(Stack(), 6)
    assert list(watch.history) == ["parts.0", "parts.2"]
    assert ("parts.0", "dead") in kinds(watch)


@pytest.mark.parametrize(
    "relu", [nn.relu, lambda x: np.maximum(x, 0), lambda x: np.maximum(0.0, x)]
)
def test_activations_that_are_functions_between_modules(relu):
    """As many write their networks: the function is called by the network, not by a layer."""

    class Net(nn.Module):
        def __init__(self):
            self.first, self.second = nn.Layer(2, 4, seed=0), nn.Layer(4, 4, seed=1)
            self.last = nn.Layer(4, 1, seed=2)
            self.second.bias.data = np.full(4, -100.0)

        def __call__(self, x):
            first = relu(self.first(x))
            second = relu(self.second(first) + first * 0.0)
            return self.last(second)

    watch = watched(Net(), 6)
    assert watch.problems[0].layer == "second" and watch.problems[0].kind == "dead"
    assert watch.history["first"]["dead"][-1] < 1
    assert np.isnan(watch.history["last"]["dead"]).all()


def test_each_activation_counts_once():
    model = nn.MLP(1, [2], output_activation=nn.relu)  # gives what its layer gives
    model.layers[0].weights.data = [[1.0, -1.0]]
    with nn.monitor(model) as watch:
        for _ in range(99):
            model(np.array([[1.0]])).sum().backward()
            watch.step()
        assert watch.layers[0].silent.tolist() == [0, 99]


# -- loops, and layers that do not move -----------------------------------------------------------

SEQUENCES = np.random.default_rng(0).normal(size=(16, 30, 2))
MEANS = SEQUENCES[:, :, 0].mean(axis=1, keepdims=True)


def orthogonal(n):
    return np.linalg.qr(np.random.default_rng(1).normal(size=(n, n)))[0]


class OwnLoop(nn.Module):
    """A recurrent network of the user's own, of ops alone."""

    def __init__(self, scale, n=16):
        rng = np.random.default_rng(2)
        self.inner = nn.Parameter(scale * orthogonal(n))
        self.outer = nn.Parameter(rng.normal(size=(2, n)) * 0.3)
        self.last = nn.Parameter(rng.normal(size=(n, 1)) * 0.3)

    def __call__(self, x):
        h = np.zeros((len(x), len(self.inner)))
        for t in range(x.shape[1]):
            h = np.tanh(x[:, t] @ self.outer + h @ self.inner)
        return h @ self.last


class OwnCell(nn.Module):
    """One turn; the loop is that of the training."""

    def __init__(self, scale, n=16):
        self.inner = nn.Linear(n, n, seed=0)
        self.outer = nn.Linear(2, n, seed=1)
        self.inner.weight.data = scale * orthogonal(n)

    def __call__(self, x, h):
        return np.tanh(self.outer(x) + self.inner(h))


class OfLayers(nn.Module):
    def __init__(self, scale, n=16, kind=nn.RNN):
        self.network, self.last = kind(2, n, seed=0), nn.Linear(n, 1, seed=1)
        if kind is nn.RNN:
            self.network.weight_hh_l0.data = scale * orthogonal(n)

    def __call__(self, x):
        return self.last(self.network(x)[0][:, -1])


def cell_loop(model):
    def run(x):
        h = np.zeros((len(x), 16))
        for t in range(x.shape[1]):
            h = model(x[:, t], h)
        return h[:, :1]

    return run


LOOPS = {
    "own": (OwnLoop, "OwnLoop", lambda model: model),
    "cell": (OwnCell, "inner", cell_loop),
    "layers": (OfLayers, "network", lambda model: model),
}


def descend(model, run, steps=10, optimiser=None, rows=SEQUENCES, targets=MEANS):
    """Train on the means of sequences, and return what watched it."""
    optimiser = optimiser or nn.SGD(model.parameters(), lr=0.01)
    with nn.monitor(model) as watch:
        for _ in range(steps):
            optimiser.zero_grad()
            nn.squared_error(run(rows), targets).backward()
            optimiser.step()
            watch.step()
    return watch


@pytest.mark.parametrize("name", LOOPS)
def test_one_step_that_explodes_in_a_loop(name):
    make, layer, runs = LOOPS[name]
    model, rng = make(3.0), np.random.default_rng(0)
    rows, targets = rng.normal(size=(32, 50, 2)), rng.normal(size=(32, 1))
    watch = descend(model, runs(model), rows=rows, targets=targets)
    first = watch.problems[0]
    assert (first.layer, first.kind, first.step) == (layer, "exploding", 1)
    assert "one step was" in first.detail
    assert (layer, "saturated") in kinds(watch)


@pytest.mark.parametrize("scale", [0.1, 0.4])
@pytest.mark.parametrize("name", LOOPS)
def test_vanishing_through_time(name, scale):
    make, layer, runs = LOOPS[name]
    model = make(scale)
    watch = descend(model, runs(model))
    assert (layer, "vanishing") in kinds(watch)
    assert "turns its gradient is" in next(
        p.detail for p in watch.problems if (p.layer, p.kind) == (layer, "vanishing")
    )


def test_exploding_through_time():
    """The steps are small, but the gradient grows with each turn back."""

    class Linear(OwnLoop):
        def __call__(self, x):
            h = np.zeros((len(x), len(self.inner)))
            for t in range(x.shape[1]):
                h = x[:, t] @ self.outer + h @ self.inner
            return h @ self.last

    model = Linear(1.6)
    watch = descend(model, model, 5, nn.Adam(model.parameters(), lr=1e-9))
    assert kinds(watch) == [("Linear", "exploding")]
    assert "in the first of 30 turns" in str(watch)


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_that_is_well(name):
    make, _, runs = LOOPS[name]
    model = make(1.0)
    assert not descend(model, runs(model), 20).problems


@pytest.mark.slow
@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_recurrent_layers_as_they_are_raise_no_flag(kind):
    model = OfLayers(None, kind=kind) if kind is not nn.RNN else OfLayers(0.9)
    assert not descend(model, model, 30, nn.Adam(model.parameters(), lr=0.01)).problems


def test_a_large_step_that_helps_is_none_that_explodes():
    x = np.random.default_rng(0).normal(size=(64, 10))
    model = nn.Linear(10, 1, seed=0)
    optimiser = nn.SGD(model.parameters(), lr=0.3)
    with nn.monitor(model) as watch:
        for _ in range(20):
            optimiser.zero_grad()
            nn.squared_error(model(x), 1000 * x[:, :1]).backward()
            optimiser.step()
            watch.step()
    assert watch.history["Linear"]["ratios"][0] > 100
    assert not watch.problems


def test_a_single_step_that_does_not_help():
    model = nn.MLP(2, [8, 8, 1], activation=nn.tanh, seed=0)
    with nn.monitor(model) as watch:
        train(model, 5, lr=0.01, watch=watch)
        train(model, 1, lr=1e5, watch=watch)
        train(model, 5, lr=0.01, watch=watch, momentum=0.0)
    assert ("exploding", 6) in [(problem.kind, problem.step) for problem in watch.problems]


def test_a_layer_that_is_never_used():
    class Net(nn.Module):
        def __init__(self):
            self.first, self.forgotten = nn.Layer(2, 4, seed=0), nn.Layer(4, 4, seed=1)
            self.last = nn.Layer(4, 1, seed=2)

        def __call__(self, x):
            return self.last(self.first(x))

    watch = watched(Net(), 6, lr=0.01)
    assert kinds(watch) == [("forgotten", "unused")]
    assert watch.problems[0].step == 1
    model = Net()
    model.forgotten.freeze()
    assert not watched(model, 6, lr=0.01).problems


@pytest.mark.parametrize("optimiser", [nn.SGD, nn.Adam])
def test_steps_that_move_nothing(optimiser):
    model = nn.MLP(2, [8, 1], activation=nn.tanh, seed=0)
    for rate, stalled in ((1e-12, True), (1e-5, False)):
        steps = optimiser(model.parameters(), lr=rate)
        with nn.monitor(model) as watch:
            for _ in range(12):
                steps.zero_grad()
                nn.hinge(model(POINTS)[:, 0], INSIDE).backward()
                steps.step()
                watch.step()
        assert {problem.kind for problem in watch.problems} == ({"stalled"} if stalled else set())
        assert len(watch.problems) == 2 * stalled


@pytest.mark.parametrize(
    "relu",
    [
        lambda x: np.where(x > 0, x, 0.0),
        lambda x: np.where(x <= 0, 0.0, x),
        lambda x: x * (x > 0),
        lambda x: np.clip(x, 0.0, None),
    ],
)
def test_a_dead_relu_however_it_is_written(relu):
    model = nn.MLP(2, [8, 8, 1], activation=relu, seed=0)
    assert not watched(model, 10, lr=0.01).problems
    model.layers[1].bias.data = np.where(np.arange(8) < 6, -100.0, 0.1)
    assert ("layers.1", "dead") in kinds(watched(model, 10, lr=0.01))


def test_a_mask_is_no_relu():
    class Masked(nn.Module):
        def __init__(self):
            self.first, self.last = nn.Layer(2, 8, seed=0), nn.Layer(8, 1, seed=1)

        def __call__(self, x):
            return self.last(np.where(np.arange(8) < 2, self.first(x), 0.0))

    assert not watched(Masked(), 10, lr=0.01).problems


# -- what is kept ---------------------------------------------------------------------------------


def test_the_numbers():
    layer = nn.Layer(2, 2, init=[[3.0, 0.0], [0.0, 4.0]], bias=False)
    watch = nn.monitor(layer)
    layer.weights.grad = [[0.0, 2.0], [0.0, 0.0]]
    nn.SGD([layer.weights], lr=0.5).step()
    watch.step()
    found = {name: float(numbers[0]) for name, numbers in watch.history["Layer"].items()}
    assert found["weights"] == pytest.approx(26**0.5)
    assert (found["gradients"], found["updates"], found["ratios"]) == (2.0, 1.0, 0.2)
    assert np.isnan(found["dead"])
    watch.close()


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=9), st.integers(0, 9))
def test_norms_of_any_size(numbers, cut):
    wanted = math.hypot(*numbers)
    assert norm([np.array(numbers[:cut]), np.array(numbers[cut:])]) == pytest.approx(wanted)
    small = np.float16(numbers if max(map(abs, numbers)) < 6e4 else 3e4)
    assert norm([small]) == pytest.approx(math.hypot(*np.ravel(small).astype(float)))


@given(steps=st.integers(1, 200), limit=st.integers(2, 20))
def test_memory_is_bounded_and_reaches_from_first_to_last(steps, limit):
    with nn.monitor(nn.Neuron(1, init=[1.0]), limit=limit) as watch:
        for _ in range(steps):
            watch.step()
    assert len(watch.steps) <= limit
    assert watch.steps[0] == 1
    assert watch.steps[-1] > steps - watch.rows.stride
    assert len(watch.history["Neuron"]["weights"]) == len(watch.steps)
    if steps <= limit:
        assert watch.steps == list(range(1, steps + 1))


def test_evaluation_does_not_count():
    layer = nn.Layer(1, 2, activation=nn.relu, init=[[1.0, -1.0]])
    with nn.monitor(layer) as watch:
        with no_grad():
            layer(np.ones((200, 1)))
        watch.step()
    assert np.isnan(watch.history["Layer"]["dead"]).all()


def test_closing():
    model = nn.MLP(2, [3, 1], seed=0)
    with nn.monitor(model), nn.monitor(model) as second:
        assert WATCHES
    second.close()
    assert not WATCHES
    with pytest.raises(ZeroDivisionError), nn.monitor(model):
        raise ZeroDivisionError
    assert not WATCHES


def test_the_table():
    model = nn.MLP(2, [3, 1], seed=0)
    watch = nn.monitor(model)
    assert str(watch) == "no steps yet"
    watch.step()
    assert str(watch).splitlines()[0] == "step 1"
    assert [line.split()[0] for line in str(watch).splitlines()[1:]] == [
        "layer",
        "layers.0",
        "layers.1",
    ]
    watch.close()
    assert "Neuron has been exploding since step" in str(adding(1e-3, 50))


def test_bad_input():
    for bad in (None, Value(1.0), nn.Module()):
        with pytest.raises(ValueError, match="needs a network with parameters"):
            nn.monitor(bad)
    with pytest.raises(ValueError, match="at least 2"):
        nn.monitor(nn.Neuron(1), limit=1)


# -- histograms, and notebooks ---------------------------------------------------------------------


def test_histograms_count_every_entry():
    model = nn.MLP(2, [4, 1], seed=0)
    with nn.monitor(model, limit=5, histograms=True) as watch:
        train(model, 12, lr=0.01, watch=watch)
    assert set(watch.histograms) == {"layers.0", "layers.1"}
    for layer, size, outputs in (("layers.0", 12, 4), ("layers.1", 5, 0)):
        found = watch.histograms[layer]
        for kind, entries in (("weights", size), ("gradients", size), ("activations", outputs)):
            assert found[kind].shape == (len(watch.steps), BINS)
            if entries and kind != "activations":
                assert (found[kind].sum(axis=1) == entries).all()
    assert (watch.histograms["layers.0"]["activations"].sum(axis=1) >= 4 * len(POINTS)).all()
    assert nn.monitor(model).histograms == {}


@given(st.lists(st.floats(allow_nan=True), max_size=20))
def test_bins(numbers):
    found = counts([np.array(numbers)])
    edges = [-np.inf, *EDGES, np.inf]
    for i, count in enumerate(found):
        low, high = edges[i], edges[i + 1]
        top = [x == np.inf for x in numbers] if high == np.inf else []
        assert count == sum(low <= x < high for x in numbers) + sum(top)


@given(st.integers(1, 4 * MOST_COUNTED))
def test_large_arrays_are_sampled(size):
    found = counts([np.where(np.arange(size) % 10 < 5, 0.5, -0.5)]).astype(float)
    assert min(size, MOST_COUNTED / 2) <= found.sum() <= MOST_COUNTED
    assert not found[found > 0].size > 2


def test_histograms_are_counted_at_few_steps():
    layer = nn.Layer(2, 2, init=np.eye(2))
    with nn.monitor(layer, histograms=True) as watch:
        for _ in range(5 * MOST_HISTOGRAMS):
            watch.step()
    steps = watch.histogram_steps
    assert len(steps) <= MOST_HISTOGRAMS and len(watch.steps) == 5 * MOST_HISTOGRAMS
    assert steps[0] == 1 and steps[-1] > 4.9 * MOST_HISTOGRAMS
    assert watch.histograms["Layer"]["weights"].shape == (len(steps), BINS)


def test_watching_with_histograms_changes_no_bit():
    free, seen = (nn.MLP(2, [4, 1], seed=0) for _ in range(2))
    train(free, 5)
    with nn.monitor(seen, histograms=True) as watch:
        train(seen, 5, watch=watch)
    for a, b in zip(free.parameters(), seen.parameters(), strict=True):
        assert a.numpy().tobytes() == b.numpy().tobytes()


def test_a_notebook_shows_the_table():
    class Odd(nn.Module):
        def __init__(self):
            setattr(self, "<b>", nn.Linear(2, 1, seed=0))

    watch = nn.monitor(Odd())
    assert watch._repr_html_() == '<pre style="line-height: 1.4">no steps yet</pre>'
    watch.step()
    page = watch._repr_html_()
    assert "&lt;b&gt;" in page and "<b>" not in page


@pytest.mark.slow
def test_a_notebook_shows_the_plot():
    pytest.importorskip("matplotlib")
    model = nn.MLP(2, [4, 1], seed=0)
    with nn.monitor(model, histograms=True) as watch:
        train(model, 5, lr=0.01, watch=watch)
    page = watch._repr_html_()
    assert page.count("<svg") == 1 and "<?xml" not in page and "<!DOCTYPE" not in page
    titles = {ax.get_title() for ax in watch.plot().subfigs[1].axes}
    assert {"weights", "gradients", "activations"} <= titles


# -- pictures -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_plots_need_no_window(tmp_path):
    pytest.importorskip("matplotlib")
    for watch in (adding(1e-3, 300), watched(nn.MLP(2, [4, 1], seed=0), 5)):
        figure = watch.plot()
        panels = [ax.get_ylabel() for ax in figure.axes]
        assert panels[:3] == ["norm of the gradient", "norm of the weights", "update / weights"]
        assert len(figure.axes[0].lines) == len(watch.layers) + bool(watch.problems)
        figure.savefig(tmp_path / "run.png")
        assert (tmp_path / "run.png").stat().st_size > 5000


@pytest.mark.slow
def test_numbers_on_axes_are_plain():
    pytest.importorskip("matplotlib")
    layer = nn.Layer(2, 2, init=[[100.0, 0.0], [0.0, 1.0]], bias=False)
    with nn.monitor(layer) as watch:
        for size in (1.0, 1000.0):
            layer.weights.data *= size
            watch.step()
    axes = watch.plot().axes
    axes[0].figure.draw_without_rendering()
    assert {"100", "1000", "10000"} <= {t.get_text() for t in axes[1].get_yticklabels()}
    assert all(float(tick) % 1 == 0 for tick in axes[-1].get_xticks())


def test_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    watch = adding(5e-6, 3)
    with pytest.raises(ModuleNotFoundError, match=r"chainrule\[plot\]"):
        watch.plot()


PAGE = Path(__file__).parents[2] / "docs" / "see.md"
PICTURES = ["monitor_exploding.svg", "monitor_vanishing.svg"]


def draw_pictures():
    """Run the section of the page that shows the pictures, which writes them to where we are."""
    section = PAGE.read_text("utf-8").split("\n## Watch a network train\n")[1].split("\n## ")[0]
    code = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    start = "import numpy as np\nimport nn\n"
    exec(compile(start + "\n".join(code), str(PAGE), "exec"), {"__name__": "__main__"})


@pytest.mark.slow
def test_the_pictures_of_the_page(tmp_path, monkeypatch):
    """The words and numbers are those of the code; where the lines run depends on matplotlib."""
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    draw_pictures()
    for name in PICTURES:
        new, old = [
            re.findall(r"<text[^>]*>([^<]*)<", (folder / name).read_text("utf-8"))
            for folder in (tmp_path, PAGE.parent / "pictures")
        ]
        assert sorted(new) == sorted(old), "run python tests/nn/test_monitor.py"
        assert len(new) > 15


if __name__ == "__main__":
    os.chdir(PAGE.parent / "pictures")
    draw_pictures()
