"""Training: the loop does what one by hand does, and goes on where it was killed."""

import gc
import json
import os
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value, no_grad
from nn.saving.npz import npz_arrays, write_npz
from nn.saving.trees import arrays_of_tree, tree_of
from nn.training.pictures import svg_of_lines, ticks

X = np.random.default_rng(0).normal(size=(30, 3))
Y = (X.sum(axis=1) > 0).astype(int)


def parts(seed=0, optimiser=nn.Adam, lr=0.05, dropout=0.2):
    """Return a model, its batches and an optimiser."""
    model = nn.Sequential(
        nn.Linear(3, 4, seed=seed), nn.BatchNorm(4), nn.relu, nn.Dropout(dropout, seed=seed),
        nn.Linear(4, 2, seed=seed + 1),
    )  # fmt: skip
    data = nn.data.batches(X, Y, 8, seed=seed)
    return model, data, optimiser(model.parameters(), lr=lr)


def fit(model, data, optimiser, epochs=3, loss=nn.cross_entropy, **options):
    return nn.fit(model, loss, data, optimiser, epochs, progress=False, **options)


def bits(state):
    return {name: np.asarray(x).tobytes() for name, x in state.items()}


# -- the loop


@pytest.mark.parametrize("optimiser", [nn.SGD, nn.Adam, nn.AdamW])
def test_it_does_what_a_loop_by_hand_does(optimiser):
    model, data, steps = parts(optimiser=optimiser)
    schedule = nn.schedules.exponential(0.1, 0.5)
    history = fit(model, data, steps, schedule=schedule, metrics=[nn.accuracy])
    other, data, steps = parts(optimiser=optimiser)
    for epoch in range(3):
        steps.lr, total, right = schedule(epoch), 0.0, 0
        for x, y in data:
            steps.zero_grad()
            output = other(x)
            loss = nn.cross_entropy(output, y)
            loss.backward()
            steps.step()
            total += len(y) * loss.item()
            right += np.sum(output.data.argmax(axis=1) == y)
        assert history["loss"][epoch] == total / 30
        assert history["accuracy"][epoch] == pytest.approx(right / 30)
        assert history["lr"][epoch] == schedule(epoch)
    assert bits(model.state_dict()) == bits(other.state_dict())


class Bilinear(nn.Module):
    """A network of two inputs, and a setting that may be left out."""

    def __init__(self):
        self.left, self.right = nn.Linear(3, 2, seed=0), nn.Linear(3, 2, seed=1)

    def __call__(self, a, b, sign=1.0):
        return sign * self.left(a) * self.right(b)


class Together(Bilinear):
    """The same, given both inputs at once."""

    def __call__(self, both):
        return super().__call__(*(both.values() if isinstance(both, dict) else both))


@pytest.mark.parametrize("inputs", [(X, X[::-1]), {"a": X, "b": X[::-1]}])
@pytest.mark.parametrize("compile", [False, True])
def test_several_inputs_are_several_arguments_where_the_call_needs_them(inputs, compile):
    states = []
    for model in (Bilinear(), Together()):
        data = nn.data.batches(inputs, Y, 8, seed=0)
        steps = nn.Adam(model.parameters())
        history = fit(model, data, steps, validation=(inputs, Y), compile=compile)
        assert nn.evaluate(model, nn.cross_entropy, (inputs, Y))["loss"] > 0
        states.append((bits(model.state_dict()), history["validation_loss"]))
    assert states[0] == states[1]


def test_a_history_is_plain_numbers_and_keeps_no_graph():
    model, data, optimiser = parts()
    fit(model, data, optimiser, 1)  # the optimiser has its state

    def alive():
        gc.collect()
        return sum(isinstance(x, Value) for x in gc.get_objects())

    before = alive()
    history = fit(model, data, optimiser, validation=(X, Y), metrics=[nn.accuracy])
    assert alive() == before
    assert list(history) == [
        "loss", "accuracy", "validation_loss", "validation_accuracy", "lr",
    ]  # fmt: skip
    assert {type(x) for xs in history.values() for x in xs} == {float}
    assert json.loads(json.dumps(history)) == history


def test_each_sample_counts_the_same_in_a_mean():
    model = nn.Linear(1, 1, init=[[1.0]], bias=False)
    data = nn.data.batches([[1.0], [2.0], [6.0]], [[0.0], [0.0], [0.0]], 2, shuffle=False)

    def largest(output, target):
        assert type(output) is type(target) is np.ndarray
        return output.max()

    judged = nn.evaluate(model, nn.squared_error, data, {"top": largest})
    assert judged == {"loss": pytest.approx(41 / 3), "top": pytest.approx((2 + 2 + 6) / 3)}


def test_modes():
    model, data, optimiser = parts()
    seen = []

    def loss(output, y):
        seen.append((model.training, model[1].training, len(y)))
        return nn.cross_entropy(output, y)

    fit(model, data, optimiser, 1, loss, validation=(X, Y))
    assert seen == [(True, True, 8)] * 3 + [(True, True, 6), (False, False, 30)]
    assert not model.training and not model[3].training
    model.train()
    model[1].eval()
    nn.evaluate(model, nn.cross_entropy, (X, Y))
    assert model.training and model[3].training and not model[1].training


def test_the_best_weights_are_kept():
    states = []

    def note(history):
        states.append(bits(model.state_dict()))

    for keep in (True, False):
        model, data, optimiser = parts(lr=0.5)
        states.clear()
        history = fit(
            model, data, optimiser, 8, validation=(X, Y), callbacks=[note], keep_best=keep
        )
        best = history.best_epoch
        assert history["validation_loss"][best - 1] == min(history["validation_loss"])
        assert bits(model.state_dict()) == states[best - 1 if keep else -1]
    assert best < 8


def test_early_stopping():
    model, data, optimiser = parts(lr=0.5)
    history = fit(model, data, optimiser, 100, validation=(X, Y), early_stopping=3)
    assert history.epochs == history.best_epoch + 3 < 100
    assert history.stopped == f"no smaller loss since epoch {history.best_epoch}"
    model, data, optimiser = parts(lr=0.0, dropout=0.0)
    history = fit(model, data, optimiser, 100, early_stopping=1)
    assert history.epochs <= 100


def test_callbacks():
    model, data, optimiser = parts()
    seen = []
    with nn.monitor(model) as watch:
        history = fit(
            model, data, optimiser, 9,
            callbacks=[watch, lambda history: seen.append(history.epochs),
                       lambda history: history.epochs == 3],
        )  # fmt: skip
    assert seen == [1, 2, 3] and history.stopped == "a callback ended it after epoch 3"
    assert watch.steps == list(range(1, 13))
    sizes = [8, 8, 8, len(X) - 24]
    by_epoch = np.average(watch.losses.reshape(3, 4), axis=1, weights=sizes)
    assert by_epoch == pytest.approx(history["loss"])


def test_a_schedule_with_a_state_gets_the_last_loss():
    seen = []

    class Noting(nn.schedules.OnPlateau):
        def __call__(self, number):
            seen.append(number)
            return super().__call__(number)

    model, data, optimiser = parts()
    history = fit(model, data, optimiser, 4, validation=(X, Y), schedule=Noting(0.05))
    assert seen == history["validation_loss"][:3] and history["lr"][0] == 0.05
    seen.clear()
    history = fit(*parts(), 3, schedule=Noting(0.05))
    assert seen == history["loss"][:2]


def test_a_momentum_may_follow_a_schedule(tmp_path):
    momentum, rates = nn.schedules.one_cycle_momentum(6), nn.schedules.one_cycle(0.1, 6)

    def part(epochs, **options):
        model, data, optimiser = parts()
        fit(model, data, optimiser, epochs, schedule=rates, momentum=momentum, **options)
        return optimiser.momentum, bits(model.state_dict())

    model, data, optimiser = parts()
    for epoch in range(6):
        optimiser.lr, optimiser.momentum = rates(epoch), momentum(epoch)
        fit(model, data, optimiser, 1)
    assert part(6) == (momentum(5), bits(model.state_dict()))
    part(2, checkpoint=tmp_path / "run.npz")
    assert part(6, resume=tmp_path / "run.npz") == part(6)


@given(kind=st.sampled_from(["one_cycle", "cyclic"]), first=st.integers(1, 3))
def test_a_schedule_may_go_by_steps(kind, first, tmp_path_factory):
    steps = 4 * 4
    rates, momenta = {
        "one_cycle": (nn.schedules.one_cycle(0.1, steps), nn.schedules.one_cycle_momentum(steps)),
        "cyclic": (nn.schedules.cyclic(0.01, 0.1, 5), nn.schedules.cyclic(0.95, 0.85, 5)),
    }[kind]
    path = tmp_path_factory.mktemp("runs") / "run.npz"

    def part(epochs, **options):
        model, data, optimiser = parts()
        settings = {"schedule": rates, "momentum": momenta, "schedule_each": "step"}
        history = fit(model, data, optimiser, epochs, **settings, **options)
        return bits(model.state_dict()), history["lr"], optimiser.momentum

    model, data, optimiser = parts()
    for step, (x, y) in enumerate(batch for _ in range(4) for batch in data):
        optimiser.lr, optimiser.momentum = rates(step), momenta(step)
        optimiser.zero_grad()
        nn.cross_entropy(model(x), y).backward()
        optimiser.step()
    expected = bits(model.state_dict()), [rates(n) for n in (3, 7, 11, 15)], momenta(15)
    assert part(4) == expected
    part(first, checkpoint=path)
    assert part(4, resume=path) == expected


@pytest.mark.parametrize("search", [None, "strong_wolfe"])
def test_lbfgs_takes_all_data_at_once(search, tmp_path):
    def part(epochs, **options):
        model = nn.MLP(3, [4, 2], nn.tanh, seed=0)
        optimiser = nn.LBFGS(model.parameters(), 0.5, max_iter=3, line_search_fn=search)
        data = nn.data.batches(X, Y, len(X), shuffle=False)
        history = fit(model, data, optimiser, epochs, metrics=[nn.accuracy], **options)
        return bits(model.state_dict()), history

    model = nn.MLP(3, [4, 2], nn.tanh, seed=0)
    optimiser = nn.LBFGS(model.parameters(), 0.5, max_iter=3, line_search_fn=search)
    losses, shares = [], []
    for _ in range(4):
        shares.append(nn.accuracy(model(X).data, Y))
        losses.append(optimiser.step(lambda: nn.cross_entropy(model(X), Y)).item())
    state, history = part(4)
    assert state == bits(model.state_dict())
    assert history["loss"] == losses and history["accuracy"] == pytest.approx(shares)
    part(2, checkpoint=tmp_path / "run.npz")
    assert part(4, resume=tmp_path / "run.npz") == (state, history)


def test_lbfgs_refuses_batches():
    model, data, _ = parts()
    before = bits(model.state_dict())
    with pytest.raises(ValueError, match=r"batches\(X, y, len\(X\)\) for LBFGS.*not in 4 batches"):
        fit(model, data, nn.LBFGS(model.parameters()))
    with pytest.raises(nn.ExplodedError, match="epoch 1, step 1: the loss is nan"):
        fit(model, [(X * np.nan, Y)], nn.LBFGS(model.parameters()))
    assert model.training is False
    parameters = [path for path, _ in model.named_parameters()]
    assert [bits(model.state_dict())[path] for path in parameters] == [
        before[p] for p in parameters
    ]


def test_inputs_and_targets_may_be_several():
    class Two(nn.Module):
        def __init__(self):
            self.first, self.second = nn.Linear(3, 1, seed=0), nn.Linear(2, 1, seed=1)

        def __call__(self, x):
            return self.first(x["a"]), self.second(x["b"])

    def loss(outputs, targets):
        return sum(map(nn.squared_error, outputs, targets))

    def apart(outputs, targets):
        return max(abs(a - b).max() for a, b in zip(outputs, targets, strict=True))

    model = Two()
    data = nn.data.batches({"a": X, "b": X[:, :2]}, (X[:, :1], X[:, 1:2]), 10, seed=0)
    optimiser = nn.SGD(model.parameters(), lr=0.1)
    assert fit(model, data, optimiser, 30, loss, metrics=[apart])["apart"][-1] < 0.1


def test_the_progress_bar(capsys):
    model, data, optimiser = parts()
    nn.fit(model, nn.cross_entropy, data, optimiser, 2)
    told = capsys.readouterr().err
    assert "8/8" in told and "steps" in told
    fit(model, iter_again(data), optimiser, 1)
    assert not capsys.readouterr().err


def test_without_a_bar_there_is_no_thread():
    program = """if True:
        import threading, nn
        model = nn.Linear(1, 1)
        data = nn.data.batches([[1.0]], [[1.0]])
        optimiser = nn.SGD(model.parameters(), lr=0.1)
        nn.fit(model, nn.squared_error, data, optimiser, 2, progress=False)
        assert threading.active_count() == 1
    """
    subprocess.run([sys.executable, "-c", program], check=True)


def iter_again(data):
    class Again:
        def __iter__(self):
            return iter(data)

    return Again()


# -- what ends it


@given(st.integers(1, 30))
def test_an_interrupt_ends_it_and_keeps_what_was_learned(moment):
    model, data, optimiser = parts()
    left = [moment]

    def loss(output, y):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return nn.cross_entropy(output, y)

    history = fit(model, data, optimiser, 5, loss, validation=(X, Y))
    epochs = min((moment - 1) // 5, 5)
    assert history.epochs == epochs
    assert history.stopped == (f"interrupted in epoch {epochs + 1}" if moment <= 25 else "")
    assert not model.training
    other, data, optimiser = parts()
    if epochs:
        fit(other, data, optimiser, epochs, validation=(X, Y))
    else:  # no epoch was judged: the weights are those of the last step
        other.train()
        for _, (x, y) in zip(range(moment - 1), data, strict=False):
            optimiser.zero_grad()
            nn.cross_entropy(other(x), y).backward()
            optimiser.step()
    names = [name for name, _ in model.named_parameters()]
    ours, theirs = bits(model.state_dict()), bits(other.state_dict())
    assert [ours[name] for name in names] == [theirs[name] for name in names]


def test_an_explosion_is_told_with_its_epoch_and_step():
    model, data, optimiser = parts()
    count = [0]

    def loss(output, y):
        count[0] += 1
        value = nn.cross_entropy(output, y)
        return value * np.nan if count[0] == 7 else value

    with pytest.raises(nn.ExplodedError, match="epoch 2, step 3: the loss is nan, so the step was"):
        fit(model, data, optimiser, 5, loss)
    assert all(np.isfinite(p.data).all() for p in model.parameters()) and not model.training
    linear = nn.Linear(1, 1, init=[[1.0]], bias=False)
    data = nn.data.batches([[1e200]], [[0.0]])
    says = "epoch 1, step 1: the step would make parameter"
    with np.errstate(over="ignore"), pytest.raises(nn.ExplodedError, match=says):
        fit(linear, data, nn.SGD(linear.parameters(), lr=1e200), 1, lambda o, t: (o * 1e-60).sum())
    assert linear.weight.data == 1.0


def test_other_errors_leave_the_model_in_evaluation_mode():
    model, _, optimiser = parts()
    with pytest.raises(ValueError, match="between 0 and 1, not between"):
        fit(model, nn.data.batches(X, Y + 5, 8), optimiser)
    assert not model.training


def test_a_metric_that_gives_no_number_is_named():
    model, data, optimiser = parts()
    for metric in (lambda o, y: o, lambda o, y: None):
        with pytest.raises(TypeError, match="the metric m should return one number"):
            fit(model, data, optimiser, metrics={"m": metric})


def test_a_checkpoint_of_another_optimiser_is_refused(tmp_path):
    model, data, optimiser = parts()
    fit(model, data, optimiser, checkpoint=tmp_path / "run.npz")
    before = bits(model.state_dict())
    with pytest.raises(ValueError, match=f"its optimiser: {type(optimiser).__name__}; that of"):
        fit(model, data, nn.Adagrad(model.parameters()), resume=tmp_path / "run.npz")
    assert bits(model.state_dict()) == before


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        ({"data": (X, Y)}, TypeError, None),
        ({"data": iter([(X, Y)])}, TypeError, "data should be batches to go through again and aga"),
        ({"data": X}, TypeError, r"such as nn.data.batches\(X, y, 32, seed=0\), not ndarray"),
        ({"data": nn.data.batches(X)}, ValueError, "data has inputs and no targets"),
        ({"validation": X}, TypeError, "validation should be batches"),
        ({"validation": (X, Y[:3])}, ValueError, "X has 30 and y has 3"),
        ({"model": nn.Linear}, TypeError, "trains an nn.Module, not <class"),
        ({"model": lambda x: x}, TypeError, "trains an nn.Module, not <function"),
        ({"metrics": ["accuracy"]}, TypeError, "should be a function such as nn.accuracy, not 'ac"),
        ({"epochs": 0}, ValueError, "epochs should be an int of at least 1"),
        ({"checkpoint": "run.pt"}, ValueError, "a checkpoint is a .npz file"),
        (
            {"checkpoint": "no/run.npz"},
            FileNotFoundError,
            "make the folder of the checkpoint",
        ),
        ({"callbacks": [3]}, TypeError, "a callback should be a function such as lambda history"),
        ({"metrics": {"a": 1}}, TypeError, "the metric a should be a function"),
        ({"resume": True}, ValueError, "goes on from checkpoint=..., so give its path"),
        ({"resume": "none.npz"}, FileNotFoundError, "none.npz"),
        ({"schedule_each": "batch"}, ValueError, 'should be "epoch" or "step", not'),
        (
            {"schedule": nn.schedules.OnPlateau(0.1), "schedule_each": "step"},
            ValueError,
            'write schedule_each="epoch" for OnPlateau',
        ),
        (
            {"data": map, "schedule": nn.schedules.constant(1), "schedule_each": "step"},
            ValueError,
            "give data a length",
        ),
        ({"data": []}, ValueError, "at least one batch, and the data set is empty"),
        ({"data": [(X, Y, Y)]}, ValueError, r"should be \(inputs, targets\), .* a tuple of 3"),
        ({"callbacks": print}, TypeError, r"write callbacks=\[…\], a list"),
        ({"schedule": "cosine"}, TypeError, "schedule should be a function such as"),
        ({"schedule": lambda epoch: -1.0}, ValueError, r"gave -1\.0 at 0"),
        ({"schedule": lambda epoch: np.nan}, ValueError, "a number of at least 0"),
        ({"early_stopping": "loss"}, ValueError, "early_stopping should be an int"),
        ({"optimiser": nn.SGD([nn.Parameter(1.0)], 0.1)}, ValueError, "none of the parameters of"),
        ({"loss": lambda o, y: o}, TypeError, "return a Value of one number"),
        ({"loss": lambda o, y: 0.5}, TypeError, r"a Value of one number .*, not 0.5"),
    ],
)
def test_arguments_that_are_wrong(change, kind, says):
    model, data, optimiser = parts()
    before = bits(model.state_dict())
    given = {"model": model, "data": data, "optimiser": optimiser} | change
    if given["data"] is map:
        given["data"] = iter_again(data)
    if says is None:
        given["data"] = [given["data"][:1]]
        kind, says = ValueError, r"a batch should be \(inputs, targets\), .* a tuple of 1"
    with pytest.raises(kind, match=says):
        fit(**given)
    names = [name for name, _ in model.named_parameters()]
    assert [bits(model.state_dict())[name] for name in names] == [before[name] for name in names]


# -- checkpoints


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("kills", [6, pytest.param(30, marks=pytest.mark.slow)])
def test_killed_at_random_moments_it_ends_with_the_same_weights(kills):
    ran = subprocess.run(
        [sys.executable, "-m", "tests.nn.killed", str(kills), "1"],
        capture_output=True,
        text=True,
        timeout=600,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


@given(first=st.integers(1, 5), seed=st.integers(0, 1000), single=st.booleans())
def test_a_run_in_two_parts_is_one_run(first, seed, single, tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "run.npz"

    def part(epochs, **options):
        model = nn.Sequential(
            nn.Linear(3, 4, seed=seed, dtype="f4" if single else float),
            nn.Dropout(0.5, seed=seed),
            nn.Linear(4, 2, seed=seed, dtype="f4" if single else float),
        )
        optimiser = nn.Adam(model.parameters(), lr=0.1)
        data = nn.data.batches(np.float32(X) if single else X, Y, 8, seed=seed)
        history = fit(model, data, optimiser, epochs, **options)
        return bits(model.state_dict()) | bits(optimiser.state_dict()), history

    part(first, checkpoint=path)
    assert part(6, resume=path) == part(6)
    assert part(first, resume=path)[1].epochs == first


@pytest.mark.parametrize(
    "name", ["SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "RMSprop", "Adagrad", "Adadelta",
             "Lion", "Muon"],
)  # fmt: skip
def test_every_optimiser_goes_on_to_the_last_bit(name, tmp_path):
    def part(epochs, **options):
        model = nn.Sequential(nn.Linear(3, 4, seed=0), nn.Linear(4, 2, seed=1))
        settings = {"momentum": 0.9, "nesterov": True} if name == "SGD" else {}
        matrices = [p for p in model.parameters() if p.ndim == 2]
        optimiser = getattr(nn, name)(matrices, lr=0.05, **settings)
        fit(model, nn.data.batches(X, Y, 8, seed=0), optimiser, epochs, **options)
        return bits(model.state_dict()) | bits(optimiser.state_dict())

    part(2, checkpoint=tmp_path / "run.npz")
    assert part(4, resume=tmp_path / "run.npz") == part(4)


def test_resume_true_begins_where_there_is_nothing(tmp_path):
    path = tmp_path / "run.npz"
    for epochs in (2, 4):
        assert fit(*parts(), epochs, checkpoint=path, resume=True).epochs == epochs
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]


def test_a_run_that_was_stopped_stays_stopped(tmp_path):
    path = tmp_path / "run.npz"
    stop = [lambda history: history.epochs == 2]
    first = fit(*parts(), 9, checkpoint=path, callbacks=stop)
    again = fit(*parts(), 9, checkpoint=path, callbacks=stop, resume=True)
    assert again == first and again.stopped == first.stopped != ""


def test_a_checkpoint_holds_the_best_weights_too(tmp_path):
    path = tmp_path / "run.npz"
    model, data, optimiser = parts(lr=0.5)
    fit(model, data, optimiser, 6, validation=(X, Y), checkpoint=path)
    other = nn.load(parts(seed=5)[0], path)
    assert bits(other.state_dict()) == bits(model.state_dict())
    model, data, optimiser = parts()
    fit(model, data, optimiser, 2, checkpoint=path)
    assert bits(nn.load(parts(seed=5)[0], path).state_dict()) == bits(model.state_dict())


KINDS = [np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64]


@pytest.mark.parametrize("kind", KINDS)
def test_generators_of_every_kind_go_on(kind, tmp_path):
    class Augment:
        def __init__(self):
            self.rngs = [np.random.Generator(kind(3))]

        def __call__(self, x, y):
            return x + self.rngs[0].normal(size=x.shape), y

    def part(epochs, **options):
        model, _, optimiser = parts()
        model[3].rng = np.random.Generator(kind(1))
        data = nn.data.batches(X, Y, 8, seed=np.random.Generator(kind(2)), transform=Augment())
        fit(model, data, optimiser, epochs, **options)
        return bits(model.state_dict())

    part(2, checkpoint=tmp_path / "run.npz")
    assert part(4, resume=tmp_path / "run.npz") == part(4)


def test_callbacks_with_a_state_go_on(tmp_path):
    def part(epochs, **options):
        model, data, optimiser = parts()
        average = nn.ExponentialAverage(model, 0.9)
        fit(model, data, optimiser, epochs, callbacks=[average], **options)
        return bits(average.state_dict())

    part(2, checkpoint=tmp_path / "run.npz")
    assert part(4, resume=tmp_path / "run.npz") == part(4)


CHANGES = {
    "freezes": lambda model, optimiser: model[0].freeze(),
    "unfreezes": lambda model, optimiser: model[-1].unfreeze(),
    "drops more": lambda model, optimiser: setattr(model[3], "p", 0.75),
    "momentum": lambda model, optimiser: setattr(optimiser, "momentum", 0.5),
    "clips": lambda model, optimiser: setattr(optimiser, "clip", 0.01),
    "weight decay": lambda model, optimiser: setattr(optimiser.groups[0], "weight_decay", 0.5),
    "rate of a group": lambda model, optimiser: setattr(optimiser.groups[0], "lr", 0.1),
    "options": lambda model, optimiser: optimiser.groups[0].options.update(betas=(0.5, 0.6)),
}


@pytest.mark.parametrize("compile", [False, True])
@pytest.mark.parametrize("name", CHANGES)
def test_what_a_callback_changes_is_changed_after_a_resume(name, compile, tmp_path):
    def part(epochs, at=2, **options):
        model, data, optimiser = parts()
        model[-1].freeze()

        def change(history):
            if history.epochs == at:
                CHANGES[name](model, optimiser)

        fit(model, data, optimiser, epochs, callbacks=[change], compile=compile, **options)
        return bits(model.state_dict())

    part(3, checkpoint=tmp_path / "run.npz")
    resumed = part(5, resume=tmp_path / "run.npz")
    assert resumed == part(5)
    assert resumed != part(5, at=None)


def test_what_is_changed_before_a_resume_stays(tmp_path):
    fit(*parts(), 2, checkpoint=tmp_path / "run.npz")
    model, data, optimiser = parts(dropout=0.3)
    model[0].freeze()
    optimiser.clip = 0.5
    before = bits({"0": model[0].weight.data})
    fit(model, data, optimiser, 2, resume=tmp_path / "run.npz")
    after = bits({"0": model[0].weight.data})
    fit(model, data, optimiser, 4, resume=tmp_path / "run.npz")
    assert before != after == bits({"0": model[0].weight.data})
    assert (model[3].p, optimiser.clip, model[0].weight.trainable) == (0.3, 0.5, False)


@pytest.mark.parametrize("case", range(4))
def test_the_checkpoint_of_another_run_changes_nothing(case, tmp_path):
    path = tmp_path / "run.npz"
    fit(*parts(), 2, checkpoint=path)
    model, data, optimiser = parts(seed=3)
    options, says = {}, ""
    if case == 0:
        model = nn.Sequential(
            nn.Linear(3, 5, seed=0), nn.BatchNorm(5), nn.relu, nn.Dropout(), nn.Linear(5, 2)
        )
        optimiser = nn.Adam(model.parameters(), lr=0.1)
        says = r"another run: .* 0.weight has shape \(4, 3\) instead of \(5, 3\)"
    elif case == 1:
        optimiser = nn.Adam(model[0].parameters(), lr=0.1)
        says = "another run: this state does not fit the Adam"
    elif case == 2:
        options, says = (
            {"metrics": [nn.accuracy]},
            "loss, lr; those of this run: loss, accuracy, lr",
        )
    else:
        options, says = (
            {"schedule": nn.schedules.OnPlateau(0.1)},
            "its others: none; those of this run: schedule",
        )
    model.train()
    before = bits(model.state_dict()), bits(optimiser.state_dict())
    drawn = data.rng.bit_generator.state, str(np.random.get_state())
    with pytest.raises(ValueError, match=says):
        fit(model, data, optimiser, 3, resume=path, **options)
    assert (bits(model.state_dict()), bits(optimiser.state_dict())) == before
    assert (data.rng.bit_generator.state, str(np.random.get_state())) == drawn


class Counting:
    """A callback with a state."""

    def __init__(self):
        self.count = 0

    def __call__(self, history):
        self.count += 1

    def state_dict(self):
        return {"count": self.count}

    def load_state_dict(self, state):
        self.count = state["count"]


class CountingDown(Counting):
    pass


def test_what_takes_part_in_a_run_is_of_the_same_kind(tmp_path):
    path = tmp_path / "run.npz"
    fit(*parts(), 2, checkpoint=path, callbacks=[Counting()])
    other = CountingDown()
    with pytest.raises(ValueError, match="its callback 0: Counting; that of this run: CountingD"):
        fit(*parts(), 3, resume=path, callbacks=[other])
    assert other.count == 0
    same = Counting()
    fit(*parts(), 3, resume=path, callbacks=[same])
    assert same.count == 3


@given(data=st.data())
def test_a_damaged_checkpoint_changes_nothing(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("damaged") / "run.npz"
    fit(*parts(), 1, checkpoint=path)
    content = path.read_bytes()
    start = data.draw(st.integers(0, len(content) - 1))
    stop = data.draw(st.sampled_from([start + 1, start + 100, len(content)]))
    path.write_bytes(content[:start] + content[stop:])
    model, batches, optimiser = parts(seed=3)
    before = bits(model.state_dict()) | bits(optimiser.state_dict())
    with pytest.raises(ValueError, match=r"run\.npz"):
        fit(model, batches, optimiser, 3, resume=path)
    assert bits(model.state_dict()) | bits(optimiser.state_dict()) == before


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("history", 5), ("history", {"loss": ["x"]}), ("generators", {}), ("generators", None),
        ("optimiser", {"lr": "fast"}), ("optimiser", {"0.m": [[1.0]]}), ("model", {}),
        ("np.random", {}), ("settings", 5), ("settings", {"clip": {}}), ("begun", 3),
        ("settings", {"clip": -1.0}), ("settings", {"group 0.betas": [0.9]}), ("best", 7),
        ("best", {"a": 1}), ("others", []),
    ],
)  # fmt: skip
def test_a_hostile_checkpoint_changes_nothing(change, value, tmp_path):
    path = tmp_path / "run.npz"
    fit(*parts(), 1, checkpoint=path)
    tree = tree_of(npz_arrays(path), path)
    with open(path, "wb") as file:
        write_npz(file, arrays_of_tree(tree | {change: value}))
    model, batches, optimiser = parts(seed=3)
    before = bits(model.state_dict()) | bits(optimiser.state_dict())
    state = str(np.random.get_state()), batches.rng.bit_generator.state
    with pytest.raises(ValueError, match="is the checkpoint of another run"):
        fit(model, batches, optimiser, 3, resume=path)
    assert bits(model.state_dict()) | bits(optimiser.state_dict()) == before
    assert (str(np.random.get_state()), batches.rng.bit_generator.state) == state


def test_weights_alone_are_no_checkpoint(tmp_path):
    model, data, optimiser = parts()
    nn.save(model, tmp_path / "model.npz")
    with pytest.raises(ValueError, match=r"no checkpoint of nn.fit; nn.load\(model, path\) reads"):
        fit(model, data, optimiser, 3, resume=tmp_path / "model.npz")


# -- the history


def test_a_history_plots_itself():
    history = fit(*parts(), 12, validation=(X, Y), metrics=[nn.accuracy])
    picture = ElementTree.fromstring(history._repr_html_())
    assert len(picture) == 2 and len(picture.findall(".//*[@points]")) == 4
    history["lr"][0] = 1.0
    assert len(ElementTree.fromstring(history._repr_html_())) == 3
    history.stopped = "it & <was>"
    assert "it &amp; &lt;was&gt;" in history._repr_html_()
    pytest.importorskip("matplotlib")
    titles = [ax.get_title(loc="left") for ax in history.plot().axes]
    assert titles == ["loss", "accuracy", "lr"]


def test_a_history_prints_as_a_table():
    history = nn.History()
    for epoch in range(20):
        history.add({"loss": 1 / (1 + epoch)})
    lines = repr(history).splitlines()
    assert lines[0].split() == ["epoch", "loss"] and lines[1].split() == ["1", "1"]
    assert len(lines) == 9 and lines[-1].split() == ["20", "0.05"]
    with pytest.raises(ValueError, match="has loss, so another epoch needs the same, not lost"):
        history.add({"lost": 1.0})


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=6),
    st.lists(st.floats(1e-300, 1e300), max_size=6),
)
def test_any_numbers_can_be_drawn(a, b):
    ElementTree.fromstring(
        svg_of_lines({"a": {"training": a, "validation": b}, "<b>": {"training": b}})
    )


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_inside(low, size):
    found = ticks([low, low + size], False)
    assert 1 <= len(found) <= 6
    assert all(low - 1e-9 * size <= x <= low + size * (1 + 1e-9) for x in found)


def test_the_best_epoch_ignores_nan():
    history = nn.History(loss=[3.0, 2.0, 1.0], validation_loss=[np.nan, 2.0, 2.5])
    assert history.best_epoch == 2
    assert not history.improved_by({"loss": 0.0, "validation_loss": 2.0})
    assert history.improved_by({"loss": 0.0, "validation_loss": 1.0})
    assert nn.History().best_epoch == 0


# -- accuracy


@pytest.mark.parametrize(
    ("output", "labels", "share"),
    [
        ([[0.0, 1.0], [1.0, 0.0]], [1, 1], 0.5),
        ([[0.0, 1.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 1.0]], 0.5),
        (Value([0.5, -0.5]), [1, 0], 1.0),
        ([0.5, -0.5], [1, -1], 1.0),
        ([[0.5], [0.5]], [[1], [0]], 0.5),
        (np.zeros((2, 3, 4)), np.zeros((2, 3), int), 1.0),
        ([[0.0, 1.0]], [[0.2, 0.8]], 1.0),
        ([[0.5], [-1.0], [2.0]], [1, 0, 0], 2 / 3),
        ([0, 2, 1], [1, 2, 0], 1 / 3),
        ([5, 0, 1], [1, 0, 1], 2 / 3),
        ([[0, 2], [3, 1]], [[0, 2], [1, 1]], 0.75),
        ([True, False], [1, 0], 1.0),
    ],
)
def test_accuracy(output, labels, share):
    assert nn.accuracy(output, labels) == share


@given(st.integers(1, 5), st.integers(2, 4), st.randoms())
def test_accuracy_however_it_is_written(n, classes, random):
    rng = np.random.default_rng(random.randrange(2**31))
    logits, labels = rng.normal(size=(n, classes)), rng.integers(classes, size=n)
    share = np.mean(logits.argmax(axis=1) == labels)
    assert nn.accuracy(logits, labels) == nn.accuracy(logits, np.eye(classes)[labels]) == share
    assert nn.accuracy(logits.argmax(axis=1), labels) == share
    either = np.mean((logits > 0) == (labels > 0)[:, None], axis=0)
    for one, right in zip(logits.T, either, strict=True):
        assert nn.accuracy(one, labels > 0) == nn.accuracy(one[:, None], labels > 0) == right


@pytest.mark.parametrize(
    ("output", "labels", "kind", "says"),
    [
        (np.zeros((3, 2)), [0, 1], ValueError, r"not \(3, 2\) and \(2,\)"),
        ([0.5, 1.5, 2.5], [0, 1, 2], ValueError, r"logits of shape \(…, classes\)"),
        (np.ones((2, 3)), [[1, 0, 1], [0, 1, 1]], ValueError, r"np\.mean\(\(output > 0\) == la"),
        (np.ones((2, 3, 4)), np.zeros((2, 4), int), ValueError, r"np\.moveaxis\(output, 1, -1\)"),
        (np.ones((0, 3)), np.ones(0), ValueError, "needs at least one sample"),
        ([[0.5, 1.0]], ["cat"], TypeError, r"np\.unique\(labels, return_inverse=True\)"),
    ],
)
def test_accuracy_of_what_does_not_fit(output, labels, kind, says):
    with pytest.raises(kind, match=says):
        nn.accuracy(output, labels)


# -- what would not learn, and what is no loss


def takes_targets_first(y_true, y_pred):
    return np.mean(2 * y_true - y_pred)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"loss": takes_targets_first}, r"^write lambda output, target: takes_targets_first\(tar"),
        ({"metrics": [takes_targets_first]}, "and takes_targets_first takes y_true first"),
        ({"metrics": [lambda z, y: 0.0, lambda z, y: 1.0]}, "write metrics={name: function, …}"),
        ({"metrics": {"loss": nn.accuracy}}, "choose another name for the metric loss"),
        ({"metrics": {"validation_a": nn.accuracy}}, "choose another name for the metric"),
        ({"metrics": "accuracy"}, "the metric accuracy should be a function"),
        ({"early_stopping": True}, "^write early_stopping=5, or another number: how many epochs"),
        ({"epochs": True}, "epochs should be an int of at least 1, not True"),
        ({"loss": lambda z, y: np.mean(z * 1j)}, r"^write np\.mean\(np\.abs\(output - target"),
    ],
)
def test_what_would_be_counted_wrongly_is_refused(options, says):
    run = parts()
    before = [p.data.tobytes() for p in run[0].parameters()]
    with pytest.raises((TypeError, ValueError), match=says):
        fit(*run, **options)
    assert [p.data.tobytes() for p in run[0].parameters()] == before
    if options.keys() <= {"metrics"}:
        with pytest.raises((TypeError, ValueError), match=says):
            nn.evaluate(run[0], nn.cross_entropy, (X, Y), **options)


def test_a_frozen_model_is_refused_and_a_frozen_part_is_not():
    model, data, optimiser = parts()
    model.freeze()
    with pytest.raises(ValueError, match=r"^write model\.unfreeze\(\).* are frozen"):
        fit(model, data, optimiser)
    model[-1].unfreeze()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(model, data, optimiser, 1)
        fit(model.unfreeze(), data, nn.SGD(model[-1].parameters(), lr=0.1), 1)


def test_an_optimiser_of_an_earlier_model_is_told():
    model, data, optimiser = parts()
    model.layers[-1] = nn.Linear(4, 2, seed=5)
    with pytest.warns(
        UserWarning, match=r"^write nn\.Adam\(.* after the model is built: 4\.weight"
    ):
        fit(model, data, optimiser, 1)


class Closed(nn.Module):
    """Has a layer, and another in a closure; a third is made when it is called, or before."""

    def __init__(self, late=True):
        inner = nn.Linear(4, 4, seed=1)
        self.first, self.second, self.last = nn.Linear(3, 4, seed=0), lambda x: inner(x), None
        if not late:
            self.last = nn.Linear(4, 2, seed=2)

    def __call__(self, x):
        self.last = self.last or nn.Linear(4, 2, seed=2)
        return self.last(self.second(self.first(x)))


class Broken(nn.Module):
    """Takes numbers out of its graph on the way."""

    def __init__(self, cut):
        self.first, self.last, self.cut = nn.Linear(3, 3, seed=0), nn.Linear(3, 2, seed=1), cut

    def __call__(self, x):
        return self.last(self.cut(self.first(x)))


COMPILED = pytest.mark.parametrize("compile", [False, True, "numpy"])
WATCHED = pytest.mark.parametrize("metrics", [[], [nn.accuracy]], ids=["", "metrics"])


@COMPILED
@WATCHED
@pytest.mark.parametrize(
    "cut", [lambda v: v.data, lambda v: v.numpy(), Value.detach, no_grad()(lambda v: v + 0.0)]
)
def test_what_gets_no_gradient_is_told(cut, metrics, compile):
    model = Broken(cut)
    run = model, nn.data.batches(X, Y, 10), nn.Adam(model.parameters())
    options = {"epochs": 1, "metrics": metrics, "compile": compile}
    if compile and isinstance(cut(model.first(X)), np.ndarray):
        options["compile"] = False  # a recording refuses it, if it is no .data
    says = r"^freeze\(\) what should not learn: first\.weight, first\.bias got no gradient"
    with pytest.warns(UserWarning, match=says) as told:
        fit(*run, **options)
    assert [w.filename for w in told] == [__file__]
    with pytest.raises(ValueError, match=r"^let the loss depend on the parameters: none that"):
        fit(*run, **options, loss=lambda z, y: nn.cross_entropy(z.detach(), y))
    model.first.freeze()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(*run, **options)


@pytest.mark.parametrize(
    ("answer", "epochs"), [(True, 1), (np.True_, 1), (False, 3), (None, 3), (1.0, 3), ([0], 3)]
)
def test_only_true_ends_a_training(answer, epochs):
    assert fit(*parts(), callbacks=[lambda history: answer]).epochs == epochs


@COMPILED
@WATCHED
def test_layers_that_no_optimiser_knows_are_told(metrics, compile):
    data, model = nn.data.batches(X, Y, 10), Closed(late=not compile)
    options = {"epochs": 1, "metrics": metrics, "compile": compile}
    with pytest.warns(UserWarning, match=r"depends on [24] parameters, of shape .* do no") as told:
        fit(model, data, nn.SGD(model.parameters(), lr=0.1), **options)
    assert [w.filename for w in told] == [__file__]
    judge = nn.Linear(2, 2).freeze()
    model = nn.Linear(3, 2, seed=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        optimiser = nn.SGD(model.parameters(), lr=0.1)
        fit(model, data, optimiser, **options, loss=lambda z, y: nn.cross_entropy(judge(z), y))


def test_under_no_grad_the_loss_is_refused():
    with no_grad(), pytest.raises(ValueError, match=r"inside no_grad\(\)"):
        fit(*parts())
