"""Optimisers: PyTorch's steps, groups, state, and rules of one's own."""

import numpy as np
import pytest

import nn
from autograd import Value

# Ten steps on Σ (w² / 2 + sin 3w) + cos 2b from w = [1, −2, 0.3], b = 0.5, recorded in float64
# from torch.optim's optimisers of the same names and settings, PyTorch 2.13.
TRACES = [
    (
        nn.SGD,
        dict(lr=0.05, momentum=0.9, nesterov=True),
        [1.4026704077081984, -2.2961280839034153, -0.45871809527463064, 1.6945591317897397],
    ),
    (
        nn.Adam,
        dict(lr=0.1),
        [1.5281012793773694, -2.3195681021169463, -0.6275055921591125, 1.483512063374712],
    ),
    (
        nn.Adam,
        dict(lr=0.05, betas=(0.5, 0.9), eps=1e-3, weight_decay=0.1),
        [1.3922899758028922, -2.2953604638179637, -0.21289263391149565, 1.0084521677625586],
    ),
    (
        nn.AdamW,
        dict(lr=0.1),
        [1.525709100987627, -2.318335239012887, -0.626121327931119, 1.4748227908017286],
    ),
    (
        nn.AdamW,
        dict(lr=0.1, weight_decay=0.5),
        [1.359142556453903, -1.9999999903852268, -0.5588160936857849, 1.1044522873610485],
    ),
]


def parameters(dtype=float):
    return [nn.Parameter(np.array([1.0, -2.0, 0.3], dtype)), nn.Parameter(dtype(0.5))]


def train(optimiser, steps):
    w, b = optimiser.parameters
    for _ in range(steps):
        optimiser.zero_grad()
        (np.sum(w * w / 2 + np.sin(3 * w)) + np.cos(b * 2)).backward()
        optimiser.step()
    return [*w.data, b.data]


@pytest.mark.parametrize(("kind", "settings", "expected"), TRACES)
def test_the_steps_are_pytorchs(kind, settings, expected):
    np.testing.assert_allclose(train(kind(parameters(), **settings), 10), expected, rtol=1e-12)


@pytest.mark.parametrize(("kind", "settings", "expected"), TRACES)
def test_the_dtype_of_parameters_holds(kind, settings, expected):
    optimiser = kind(parameters(np.float32), **settings)
    np.testing.assert_allclose(train(optimiser, 10), expected, rtol=2e-4)
    assert all(p.dtype == np.float32 for p in optimiser.parameters)


@pytest.mark.parametrize(("kind", "settings", "expected"), TRACES)
def test_going_on_from_a_saved_state_is_as_if_never_stopped(kind, settings, expected):
    first = kind(parameters(), **settings)
    train(first, 4)
    second = kind([nn.Parameter(p.data) for p in first.parameters], **(settings | {"lr": 9.0}))
    second.load_state_dict(first.state_dict())
    assert train(second, 6) == train(first, 6)


def test_a_state_of_other_parameters_is_refused():
    def held(place, numbers):
        return {f"{place}.{name}": numbers for name in ("t", "m", "v")}

    optimiser = nn.Adam(parameters())
    state = optimiser.state_dict()
    for wrong in (held("2", 0.0), held("0", np.ones(4)), {"lr": np.ones(2)}):
        with pytest.raises(ValueError, match="build it with the same parameters"):
            optimiser.load_state_dict(wrong)
    assert optimiser.state_dict() == state


def test_groups_have_settings_of_their_own():
    w, b = parameters()
    groups = [{"parameters": [w]}, {"parameters": [b], "lr": 0.01, "momentum": 0.0}]
    optimiser = nn.SGD(groups, lr=0.1, momentum=0.9, weight_decay=0.5)
    w.grad, b.grad = np.ones(3), 1.0
    optimiser.step()
    np.testing.assert_allclose(
        w.data, np.array([1, -2, 0.3]) - 0.1 * (1 + np.array([0.5, -1, 0.15]))
    )
    assert b.data == pytest.approx(0.5 - 0.01 * 1.25)
    assert list(optimiser.state_dict()) == ["lr", "0.velocity"]
    optimiser.lr = 1.0  # ten times as fast, all of them
    before = b.data
    optimiser.step()
    assert b.data == pytest.approx(before - 0.1 * (1 + 0.5 * before))


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (
            lambda w: nn.SGD([{"parameters": [w], "momentun": 0.9}], lr=0.1),
            "may set lr, .*momentun",
        ),
        (lambda w: nn.SGD([{"parameters": [w]}, {"parameters": [w]}], lr=0.1), "the same Value"),
        (lambda w: nn.SGD([{"lr": 0.1}], lr=0.1), "SGD needs a list of Values"),
        (lambda w: nn.Adam([w], betas=(0.9, 1.0)), r"betas should be in \[0, 1\)"),
        (lambda w: nn.Adam([]), "not an empty one"),
        (lambda w: nn.AdamW([w], lr=-1.0), "lr should be at least 0"),
    ],
)
def test_what_optimisers_refuse(build, says):
    with pytest.raises(ValueError, match=says):
        build(nn.Parameter([1.0]))


class OwnAdam(nn.Optimiser):
    def __init__(self, parameters, lr):
        super().__init__(parameters, lr, decay=(0.9, 0.999))

    def update(self, gradient, state, lr, decay):
        t = state["t"] = state["t"] + 1
        m = state["m"] = decay[0] * state["m"] + (1 - decay[0]) * gradient
        v = state["v"] = decay[1] * state["v"] + (1 - decay[1]) * gradient**2
        return lr * m / (1 - decay[0] ** t) / (np.sqrt(v / (1 - decay[1] ** t)) + 1e-8)


def test_a_rule_of_ones_own():
    np.testing.assert_allclose(train(OwnAdam(parameters(), 0.1), 10), TRACES[1][2], rtol=1e-12)


class HandsOut(nn.Optimiser):
    """Remembers the very gradient, and steps by the very numbers it remembers."""

    def update(self, gradient, state, lr):
        state["last"] = gradient
        return state["last"]


def test_a_rule_may_hand_out_what_it_remembers():
    w = nn.Parameter([1.0, 2.0])
    optimiser = HandsOut([w], 0.1)
    w.grad = np.array([0.5, 0.5])
    optimiser.step()
    w.grad *= 100.0
    assert w.data.tolist() == [0.5, 1.5]
    assert optimiser.state_dict()["0.last"].tolist() == [0.5, 0.5]


def test_a_rule_that_is_missing():
    w = Value(1.0)
    w.grad = 1.0
    with pytest.raises(NotImplementedError, match="Optimiser has no update"):
        nn.Optimiser([w], 0.1).step()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_weights_are_finite_and_infinite_ones_are_refused(dtype):
    large = np.full((40, 50), np.finfo(dtype).max / 4, dtype, order="F")  # squares are infinite
    w = nn.Parameter(large)
    w.grad = np.ones_like(large)
    nn.SGD([w], lr=1.0).step()
    assert np.array_equal(w.data, large - 1)
    w.grad[3, 4] = -np.finfo(dtype).max
    with np.errstate(over="ignore"), pytest.raises(nn.ExplodedError):
        nn.SGD([w], lr=1e3).step()
