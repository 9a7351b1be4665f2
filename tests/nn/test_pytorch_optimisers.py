"""Optimisers and schedules: PyTorch's numbers at drawn settings."""

import json

import numpy as np
import pytest

import nn
from nn import schedules
from tests.nn import pytorch_optimisers as reference

KNOWN = np.load(reference.FILE)
LR = reference.LR


def started(kind):
    names = reference.SHAPES.get(kind, reference.START)
    return [nn.Parameter(reference.START[name]) for name in names]


def flat(arrays):
    return np.concatenate([np.ravel(x) for x in arrays])


def ended(kind, settings):
    """Return all numbers of the parameters after ten steps."""
    parameters = started(kind)
    optimiser = getattr(nn, kind)(parameters, **settings)
    for _ in range(reference.STEPS):
        if kind == "LBFGS":
            optimiser.step(lambda: reference.loss(parameters, np.sin))
            continue
        optimiser.zero_grad()
        reference.loss(parameters, np.sin).backward()
        optimiser.step()
    return flat(p.numpy() for p in parameters)


@pytest.mark.parametrize("i", range(reference.DRAWS + 1))
@pytest.mark.parametrize("kind", reference.SETTINGS)
def test_ten_steps_are_pytorchs(kind, i):
    settings = json.loads(str(KNOWN[f"{kind}/settings"]))[i]
    expected = KNOWN[f"{kind}/ends"][i]
    np.testing.assert_allclose(
        ended(kind, settings), expected, rtol=1e-9, atol=1e-9, err_msg=settings
    )


@pytest.mark.parametrize(
    ("clip", "how", "limit"),
    [
        (nn.clip_gradients, "clip_grad_norm_", 1.5),
        (nn.clip_gradient_values, "clip_grad_value_", 0.7),
    ],
)
def test_clipped_gradients_are_pytorchs(clip, how, limit):
    parameters = started("SGD")
    reference.loss(parameters, np.sin).backward()
    clip(parameters, limit)
    found = flat(p.grad for p in parameters)
    np.testing.assert_allclose(found, KNOWN[how], rtol=1e-6)  # PyTorch adds 1e-6 to the norm


@pytest.mark.parametrize("name", reference.SCHEDULES)
def test_rates_are_pytorchs(name):
    schedule = eval(reference.SCHEDULES[name][0], {"s": schedules, "lr": LR})
    found = [schedule(epoch) for epoch in range(reference.EPOCHS)]
    np.testing.assert_allclose(found, KNOWN[f"schedules/{name}"], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", reference.MOMENTA)
def test_momenta_are_pytorchs(name):
    schedule = eval(reference.MOMENTA[name][0], {"s": schedules, "lr": LR})
    found = [schedule(epoch) for epoch in range(reference.EPOCHS)]
    np.testing.assert_allclose(found, KNOWN[f"momenta/{name}"], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("i", range(len(reference.PLATEAUS)))
def test_rates_on_a_plateau_are_pytorchs(i):
    on_plateau = schedules.OnPlateau(LR, **reference.PLATEAUS[i])
    found = []
    for metric in KNOWN["plateaus/metrics"]:
        found.append(on_plateau(metric))
        state = on_plateau.state_dict()
        on_plateau = schedules.OnPlateau(9.0, **reference.PLATEAUS[i])
        on_plateau.load_state_dict(state)
    np.testing.assert_allclose(found, KNOWN[f"plateaus/{i}"], rtol=1e-12)
