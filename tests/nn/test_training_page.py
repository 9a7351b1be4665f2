"""The page of a training: it says what was recorded, is always whole, and changes nothing."""

import json
import re
import signal
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn.histograms import BINS, KINDS
from nn.page import live
from nn.page.facts import FEWEST, MOST_POINTS, evenly_chosen, four_digits, shares_in_letters

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
POINTS = np.random.default_rng(0).uniform(-1, 1, (50, 2))
INSIDE = np.where((POINTS**2).sum(axis=1) < 0.5, 1.0, -1.0)


def train(model, watch, steps, lr=0.1):
    optimiser = nn.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        optimiser.zero_grad()
        loss = nn.squared_error(model(POINTS)[:, 0], INSIDE)
        loss.backward()
        optimiser.step()
        watch.step(loss)


def network(layers=2):
    return nn.MLP(2, [4] * (layers - 1) + [1], activation=nn.tanh, seed=0)


def facts_of(path):
    """Return what a page says; it must be whole."""
    text = path.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>") and text.endswith("</html>\n")
    return json.loads(re.search(r'<script id="facts" [^>]*>(.*?)</script>', text, re.DOTALL)[1])


# -- what it says ---------------------------------------------------------------------------------


@given(steps=st.integers(1, 40), limit=st.integers(2, 20))
def test_it_says_what_was_recorded(tmp_path_factory, steps, limit):
    path = tmp_path_factory.mktemp("page") / "training.html"
    model = network()
    with nn.monitor(model, limit, page=path) as watch:
        train(model, watch, steps)
    facts = facts_of(path)
    assert (facts["state"], facts["count"], facts["steps"]) == ("finished", steps, watch.steps)
    assert facts["losses"] == four_digits(watch.losses) and None not in facts["losses"]
    assert facts["histogramSteps"] == watch.histogram_steps
    assert [layer["name"] for layer in facts["layers"]] == ["layers.0", "layers.1"]
    for layer in facts["layers"]:
        name = layer["name"]
        assert layer["history"] == {k: four_digits(x) for k, x in watch.history[name].items()}
        for kind in KINDS:
            counted = watch.histograms[name][kind]
            assert layer["histograms"][kind] == shares_in_letters(counted)
            assert len(layer["histograms"][kind]) == BINS * len(watch.histogram_steps)


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=4, max_size=4), min_size=1, max_size=5))
def test_letters_are_the_roots_of_the_shares(found):
    found = np.array(found)
    levels = np.array([LETTERS.index(c) for c in shares_in_letters(found)]).reshape(found.shape)
    shares = found / np.maximum(found.sum(axis=1, keepdims=True), 1)
    assert ((levels == 0) == (found == 0)).all()
    assert np.abs(levels / 63 - np.sqrt(shares)).max() <= 1 / 63


@given(n=st.integers(0, 5000), most=st.integers(0, 500))
def test_long_runs_are_thinned_evenly(n, most):
    at = evenly_chosen(n, most)
    assert len(at) == min(n, max(most, FEWEST))
    assert not n or (at[0], at[-1]) == (0, n - 1)
    assert np.ptp(np.diff(at)) <= 1 if len(at) > 1 else True


def test_a_page_of_many_layers_and_steps_stays_small(tmp_path):
    model = network(40)
    watch = nn.monitor(model, histograms=True)
    for _ in range(320):
        watch.step(1.0)
    watch.save(tmp_path / "training.html")
    assert len(facts_of(tmp_path / "training.html")["steps"]) <= MOST_POINTS
    assert (tmp_path / "training.html").stat().st_size < 5e6
    watch.close()


def test_what_was_measured(tmp_path):
    """`fit` tells it after each epoch: metrics, and the loss of the validation."""
    path, model = tmp_path / "page.html", network()
    targets = INSIDE[:, None]
    with nn.monitor(model, page=path, limit=10) as watch:
        history = nn.fit(
            model,
            nn.squared_error,
            nn.data.batches(POINTS, targets, 25, seed=0),
            nn.SGD(model.parameters(), lr=0.1),
            epochs=7,
            metrics={"positive": lambda output, target: float((output > 0).mean())},
            validation=(POINTS, targets),
            callbacks=[watch],
            progress=False,
        )
    facts = facts_of(path)["measured"]
    assert [told["name"] for told in facts] == [
        "positive",
        "validation_loss",
        "validation_positive",
    ]
    for told in facts:
        assert told["steps"] == [2, 4, 6, 8, 10, 12, 14]
        assert told["numbers"] == four_digits(history[told["name"]])
    for n in range(2000):
        watch.measure(positive=n)
    watch.save(path)
    assert len(watch.measured["positive"]) <= 10
    with pytest.raises(TypeError, match=r"measure\(accuracy\) takes one number"):
        watch.measure(accuracy=[0.5, 0.75])


def test_layers_are_in_the_order_of_their_calls(tmp_path):
    class Backwards(nn.Module):
        def __init__(self):
            self.last = nn.Linear(3, 1, seed=0)
            self.first = nn.Linear(2, 3, seed=0)

        def __call__(self, x):
            return self.last(np.tanh(self.first(x)))

    model = Backwards()
    with nn.monitor(model) as watch:
        train(model, watch, 2)
    watch.save(tmp_path / "page.html")
    assert [layer["name"] for layer in facts_of(tmp_path / "page.html")["layers"]] == [
        "first",
        "last",
    ]


def test_numbers_that_are_none(tmp_path):
    model = network()
    watch = nn.monitor(model)
    watch.step()
    model.layers[0].weights.data[...] = np.inf
    watch.step(np.float32(np.inf))
    watch.save(tmp_path / "page.html")
    facts = facts_of(tmp_path / "page.html")
    assert facts["losses"] == [None, "∞"] and facts["state"] == ""
    assert facts["layers"][0]["history"]["weights"][1] == "∞"
    assert facts["layers"][0]["history"]["gradients"] == [None, None]
    assert [problem["step"] for problem in facts["problems"]] == [2]
    watch.close()


def test_names_are_text_and_the_policy_names_the_scripts(tmp_path):
    class Odd(nn.Module):
        def __init__(self):
            setattr(self, "</script><b onload='x'>&amp;", nn.Linear(2, 1, seed=0))

    watch = nn.monitor(Odd(), page=tmp_path / "page.html")
    watch.step()
    watch.close()
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "<b onload" not in text and text.count("</script>") == 2
    assert facts_of(tmp_path / "page.html")["layers"][0]["name"].startswith("</script><b")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none';")
    for tag, kind in (("style", "style"), (r'script type="module"', "script")):
        inside = re.search(f"<{tag}>(.*?)</{kind}>", text, re.DOTALL)[1]
        digest = b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy


# -- when it is written ---------------------------------------------------------------------------


class Clock:
    """A clock that goes on while a page is written, or when it is told to."""

    def __init__(self, monkeypatch, path, writing):
        self.now, self.writing, self.written = 1000.0, writing, []
        monkeypatch.setattr(live, "monotonic", lambda: self.now)
        monkeypatch.setattr(live, "page_of", self.page_of)
        self.watch = nn.monitor(nn.Neuron(1), page=path, every=5.0)

    def page_of(self, *args):
        self.now += self.writing
        self.written.append(self.watch.count)
        return ""

    def steps(self, n, seconds):
        for _ in range(n):
            self.now += seconds
            self.watch.step()
        return self.written


def test_it_is_written_now_and_then(monkeypatch, tmp_path):
    clock = Clock(monkeypatch, tmp_path / "page.html", writing=0.0)
    assert clock.steps(12, seconds=1.0) == [1, 6, 11]
    clock.watch.close()
    assert clock.written == [1, 6, 11, 12]
    clock.watch.close()
    assert clock.written == [1, 6, 11, 12]


def test_writing_takes_a_small_share_of_the_time(monkeypatch, tmp_path):
    clock = Clock(monkeypatch, tmp_path / "page.html", writing=2.0)
    began = clock.now
    writes = len(clock.steps(1000, seconds=1.0))
    assert writes > 5 and 2.0 * writes < 0.03 * (clock.now - began)
    clock.watch.close()


def test_without_a_page_nothing_is_written(monkeypatch):
    monkeypatch.setattr(live.LivePage, "write", None)
    model = network()
    with nn.monitor(model) as watch:
        train(model, watch, 3)
    assert watch.page is None and watch.histograms == {}


def test_how_it_ended(tmp_path):
    for error in (KeyboardInterrupt, ZeroDivisionError, nn.ExplodedError):
        model = network()
        with pytest.raises(error), nn.monitor(model, page=tmp_path / "page.html") as watch:
            train(model, watch, 3)
            raise error
        facts = facts_of(tmp_path / "page.html")
        assert facts["state"] == f"stopped by {error.__name__}"
        assert facts["count"] == watch.count == 3 + issubclass(error, ArithmeticError)


def test_no_page_of_no_steps(tmp_path):
    with nn.monitor(network(), page=tmp_path / "page.html"):
        pass
    assert not list(tmp_path.iterdir())


def test_watching_with_a_page_changes_no_bit(tmp_path):
    free, seen = network(), network()
    with nn.monitor(free) as watch:
        train(free, watch, 5)
    with nn.monitor(seen, page=tmp_path / "page.html", every=0) as watch:
        train(seen, watch, 5)
    for a, b in zip(free.parameters(), seen.parameters(), strict=True):
        assert a.numpy().tobytes() == b.numpy().tobytes()


def test_a_full_disk_does_not_end_the_training(monkeypatch, tmp_path):
    model, path = network(), tmp_path / "page.html"
    with nn.monitor(model, page=path, every=0) as watch:
        train(model, watch, 2)
        before = path.read_bytes()
        with monkeypatch.context() as full:
            watch.page.due = 0.0
            full.setattr("os.fsync", lambda file: (_ for _ in ()).throw(OSError(28, "No space")))
            with pytest.warns(UserWarning, match="the page of the training was not written.*No sp"):
                train(model, watch, 1)
        assert path.read_bytes() == before and [*tmp_path.iterdir()] == [path]
        train(model, watch, 1)
    assert facts_of(path)["count"] == 4


PROGRAM = """
import nn
from nn.page import live
live.PAUSE = 0
model = nn.MLP(2, [4, 1], seed=0)
with nn.monitor(model, page="page.html", every=0) as watch:
    while True:
        watch.step(1.0)
"""


@pytest.mark.slow
def test_it_is_whole_at_any_moment_and_after_a_kill(tmp_path):
    path, top = tmp_path / "page.html", Path(__file__).parents[2]
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(top)!r})\n{PROGRAM}"]
    with subprocess.Popen(command, cwd=tmp_path) as training:
        counts = {0}
        while len(counts) < 10:
            assert training.poll() is None
            if path.exists():
                counts.add(facts_of(path)["count"])
        training.kill()
    assert facts_of(path)["count"] >= max(counts)
    assert training.returncode == -signal.SIGKILL if sys.platform != "win32" else True


# -- mistakes -------------------------------------------------------------------------------------


def test_bad_pages(tmp_path):
    model = network()
    for path, error, words in [
        ("page.png", ValueError, "is a .html file, not 'page.png'; watch.plot()"),
        (tmp_path / "no" / "page.html", FileNotFoundError, "make the folder"),
    ]:
        with pytest.raises(error, match=re.escape(words)):
            nn.monitor(model, page=path)
        with nn.monitor(model) as watch, pytest.raises(error, match=re.escape(words)):
            watch.save(path)
    for bad in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="number of seconds"):
            nn.monitor(model, page=tmp_path / "page.html", every=bad)


def test_bad_losses():
    watch = nn.monitor(network())
    for bad in ([1.0, 2.0], np.zeros(3), "much", np.zeros(0)):
        with pytest.raises(TypeError, match="step\\(loss\\) takes one number"):
            watch.step(bad)
    assert watch.count == 0
    for good in (1, 1.0, np.ones((1, 1)), nn.squared_error(network()(POINTS)[:, 0], INSIDE)):
        watch.step(good)
    assert np.isfinite(watch.losses).all()
    watch.close()
