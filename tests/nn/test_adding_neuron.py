"""The adding neuron: the reference runs again through the real Neuron, and its two lessons."""

import importlib.util
import json
import os
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn

ROOT = Path(__file__).parents[2]
RUNS = json.loads((ROOT / "tests/reference/adding_neuron.json").read_text())["runs"]
FULL = pytest.mark.skipif(
    not os.environ.get("CHAINRULE_FULL"), reason="takes a minute: set CHAINRULE_FULL=1 to run it"
)

spec = importlib.util.spec_from_file_location("adding_neuron", ROOT / "examples/adding_neuron.py")
example = importlib.util.module_from_spec(spec)
spec.loader.exec_module(example)


@pytest.mark.slow
@pytest.mark.parametrize(
    "run",
    [pytest.param(run, marks=FULL if run["rows"] > 20_000 else ()) for run in RUNS],
    ids=lambda run: f"{run['rows']}-{run['regularised']}",
)
def test_the_reference_runs(run):
    data = example.draw(run["rows"], run["seed"], run["high"], reference=True)
    assert len(data.test) == run["test_rows"]
    np.testing.assert_allclose(data.weights, run["weights_before"], rtol=1e-15)
    neuron = nn.Neuron(2, bias=False, init=data.weights)
    np.testing.assert_allclose(neuron(example.DEMO).data, run["demo_before"], rtol=1e-12)
    optimiser = nn.SGD(neuron.parameters(), lr=1, weight_decay=-1.0 if run["regularised"] else 0.0)
    schedule = nn.schedules.inverse(2 * 100_000)
    step = autograd.compile(example.step_of(neuron, optimiser))
    right = []
    for epoch in range(run["epochs"]):
        optimiser.lr = schedule(epoch)
        example.train(neuron, step, data.train, data.train.sum(axis=1))
        right.append(example.correct(neuron, data.test))
    assert right == run["correct_per_epoch"]
    np.testing.assert_allclose(neuron.weights.data, run["weights_after"], rtol=1e-9)
    np.testing.assert_allclose(neuron(example.DEMO).data, run["demo_after"], rtol=1e-9)


def test_what_it_prints(capsys):
    assert example.main(["--rows", "2000", "--epochs", "5", "--seed", "12", "--reference"]) == 0
    out = capsys.readouterr().out
    assert "2.2 + 1.5 = 3.58161971" in out
    assert "epoch  5: 100.00 % of 500 test rows right" in out
    assert "1024 + 2048 = 3072.265325" in out
    assert out.splitlines()[-1].startswith("trained in ")


def test_without_the_regulariser_all_is_right_after_one_epoch(capsys):
    assert example.main(["--rows", "20000", "--epochs", "1", "--no-regularisation"]) == 0
    assert "epoch  1: 100.00 %" in capsys.readouterr().out


@pytest.mark.parametrize("cause", [["--learning-rate", "0.001"], ["--high", "1000"]])
def test_an_explosion_stops_the_run_with_the_cures(cause, capsys):
    assert example.main(["--rows", "2000", *cause]) == 1
    printed = capsys.readouterr()
    assert "step " in printed.err
    assert "the weights have grown to" in printed.err
    for cure in ("smaller rate", "normalised inputs", "clip"):
        assert cure in printed.err
    assert "nan" not in (printed.out + printed.err).lower()
    assert "inf" not in (printed.out + printed.err).lower()


@pytest.mark.slow
def test_normalised_inputs_cure_a_large_range(capsys):
    assert example.main(["--rows", "20000", "--high", "1000", "--normalise", "--epochs", "2"]) == 0
    assert "100.00 %" in capsys.readouterr().out


def test_bad_options(capsys):
    with pytest.raises(SystemExit) as stopped:
        example.main(["--rows", "0"])
    assert stopped.value.code == 2
    assert "positive" in capsys.readouterr().err
