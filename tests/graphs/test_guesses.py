"""A frame that is guessed from parameters holds nothing that its module did not compute."""

import re
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Value, tanh
from autograd.drawing.grouping import by_calls, by_parameters
from autograd.engine.graph import history
from tests.drawing.networks import Attention, Deep, Own, Tied, Twice, Unet

TANH = tanh(Value(0.0)).op
LEAVES = [
    lambda: nn.Linear(4, 4),
    lambda: nn.Layer(4, 4, activation=tanh),
    lambda: nn.Layer(4, 4, activation=nn.relu),
    lambda: nn.LayerNorm(4),
    lambda: nn.MultiheadAttention(4, 2),
]


def written(rng, depth):
    """Return a module whose call was written at random: with loops, skips, shared parts."""
    parts = {
        name: written(rng, depth - 1) if depth and rng.random() < 0.6 else rng.choice(LEAVES)()
        for name in "abc"[: rng.randint(1, 3)]
    }
    own = rng.random() < 0.3
    lines, indent = ["def __call__(self, x):", "    v0 = x"], "    "
    if loop := rng.random() < 0.3:
        lines.append("    for _ in range(3):")
        indent = "        "
    count = rng.randint(1, 5)
    for n in range(count):
        lines.append(f"{indent}v{n + 1} = {step(rng, n, list(parts), own)}")
    lines += [f"{indent}v0 = v{count}"] * loop + [f"    return v{count}"]
    scope = {"np": np}
    exec("\n".join(lines), scope)
    module = type("Written", (nn.Module,), {"__call__": scope["__call__"]})()
    for name, part in parts.items():
        setattr(module, name, part)
    if own:
        module.own = nn.Parameter(np.ones(4))
    return module


def step(rng, n, parts, own):
    kinds = ["part"] * 6 + ["tanh", "skip", "skip"] + ["own" if own else "twice"]
    match rng.choice(kinds):
        case "part":
            return f"self.{rng.choice(parts)}(v{rng.randint(max(0, n - 1), n)})"
        case "tanh":
            return f"np.tanh(v{n})"
        case "skip":
            return f"v{n} + v{rng.randint(0, n)}"
        case "own":
            return f"v{n} * self.own"
        case "twice":
            return f"np.sin(v{n}) * v{n}"


def both(model, x):
    """Return the nodes of a call, oldest first, and the modules around each: called, guessed."""
    calls, watch, _ = by_calls({"model": model})
    with watch:
        y = model(x)
    values = history([y.sum()], {})[0][::-1]
    return values, calls(values), by_parameters({"model": model})(values)


def path(name):
    return re.sub(r" \(\d+\)$", "", name)


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.booleans())
def test_a_guessed_frame_holds_what_its_module_computed(seed, raw):
    x = np.linspace(-1, 1, 12).reshape(1, 3, 4)
    rng = Random(seed)
    model = nn.Sequential(nn.Linear(4, 4), written(rng, 2), nn.Linear(4, 4))
    values, called, guessed = both(model, x if raw else Value(x))
    for value in values:
        if value.op is not None:
            assert {*map(path, guessed[value.serial])} <= {*map(path, called[value.serial])}


@pytest.mark.parametrize(
    ("model", "size"),
    [
        (Twice(nn.Layer(4, 4, activation=tanh)), 4),
        (Twice(nn.MLP(4, [5, 4])), 4),
        (Attention(4), 4),
        (Unet(3), 4),
        (Deep(), 4),
        (nn.MLP(4, [5, 4], activation=np.tanh), 4),
    ],
)
def test_frames_are_those_of_the_calls(model, size):
    """Also where a layer is called twice, or softmax lies between two layers."""
    values, called, guessed = both(model, np.linspace(-1, 1, 3 * size).reshape(3, size))
    for value in values:
        if value.op is not None:
            assert guessed[value.serial] == called[value.serial]


def test_what_is_not_told_apart_is_one_frame():
    """A recurrent network may be called once, or once for each turn."""
    rnn = nn.Sequential(Own(), nn.Linear(4, 1))
    values, _, guessed = both(rnn, np.ones((5, 4)))
    assert {group for group in guessed.values() if group} == {("0",), ("1",)}
    uses = [value for value in values if value.op is TANH]
    assert [guessed[value.serial] for value in uses] == [()] * 5


def test_weights_that_an_embedding_shares_with_the_last_layer_are_no_call():
    values, _, guessed = both(Tied(), np.array([0, 2, 1]))
    assert [guessed[value.serial] for value in values if value.op is not None] == [
        ("embedding",),
        ("layer",),
        ("layer",),
        ("layer",),
        *[()] * 3,
    ]


def test_an_activation_is_inside_if_it_is_the_layers_own():
    layer = nn.Layer(2, 2, activation=nn.relu)
    guess = by_parameters({"layer": layer})
    for f, group in (lambda x: x, ("Layer",)), (nn.relu, ()), (np.tanh, ()):
        after = f(layer(np.ones(2)))
        assert guess(history([after], {})[0][::-1])[after.serial] == group
