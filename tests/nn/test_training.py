"""Losses, SGD and schedules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Value


def test_squared_error():
    o = Value(3.0)
    loss = nn.squared_error(o, 1.0)
    loss.backward()
    assert (loss.data, o.grad) == (4.0, 4.0)
    batch = Value([[1.0, 2.0], [3.0, 4.0]])
    loss = nn.squared_error(batch, np.zeros((2, 2)))
    loss.backward()
    assert loss.data == 15.0
    assert batch.grad.tolist() == [[1, 2], [3, 4]]
    assert nn.squared_error([1.0, 2.0], [1, 2]) == 0.0


def test_hinge():
    scores = Value([2.0, 0.5, -1.0])
    loss = nn.hinge(scores, [1, 1, 1])
    loss.backward()
    assert loss.data == pytest.approx((0 + 0.5 + 2) / 3)
    np.testing.assert_allclose(scores.grad, [0, -1 / 3, -1 / 3])
    assert nn.hinge(Value(np.float32([1, 2])), [1, -1]).dtype == np.float32


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 1000.0]))
def test_cross_entropy(seed, scale):
    rng = np.random.default_rng(seed)
    data, labels = scale * rng.normal(size=(4, 3)), rng.integers(0, 3, 4)
    logits = Value(data)
    loss = nn.cross_entropy(logits, labels)
    loss.backward()
    shifted = data - data.max(axis=1, keepdims=True)
    probabilities = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    one_hot = np.eye(3)[labels]
    np.testing.assert_allclose(logits.grad, (probabilities - one_hot) / 4, atol=1e-12)
    assert nn.cross_entropy(data, one_hot) == pytest.approx(loss.data)
    each = [
        nn.cross_entropy(Value(row), int(label)).data
        for row, label in zip(data, labels, strict=True)
    ]
    assert np.mean(each) == pytest.approx(loss.data)
    assert np.isfinite(loss.data)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: nn.squared_error(Value([[1.0], [2.0]]), np.ones(2)), r"\(2, 1\) and targets"),
        (
            lambda: nn.squared_error(Value(1.0), [1.0, 2.0]),
            r"shape \(\) and targets of shape \(2,\)",
        ),
        (
            lambda: nn.squared_error(Value([1.0, 2.0]), 1.0),
            r"shape \(2,\) and targets of shape \(\)",
        ),
        (lambda: nn.hinge(Value([1.0, 2.0]), [1]), "hinge got outputs"),
        (lambda: nn.cross_entropy(np.ones((2, 3)), [0, 3]), "between 0 and 2, not between 0 and 3"),
        (lambda: nn.cross_entropy(np.ones((2, 3)), [0, 1, 2]), r"as ints of shape \(2,\)"),
        (lambda: nn.cross_entropy(np.ones((2, 3)), [0.0, 1.0]), r"as ints of shape \(2,\)"),
    ],
)
def test_targets_that_do_not_fit(call, says):
    with pytest.raises(ValueError, match=says):
        call()


# -- SGD: ten steps on f(w) = Σ (w² / 2 + sin 3w), recorded from torch.optim.SGD 2.13, float64:
#    optimiser = torch.optim.SGD([w], lr=0.05, momentum=..., weight_decay=...), with
#    torch.nn.utils.clip_grad_norm_([w], 2.0) before each step where clip is given

TRACES = {
    (0.0, 0.0, None): [1.4052326753780482, -2.3046496907575866, -0.46619628081271575],
    (0.9, 0.0, None): [1.19495382633348, -2.189810393563415, -0.07352131970469203],
    (0.9, 0.1, None): [1.1856717639030514, -2.2040669366207255, -0.06829202285953583],
    (0.5, 0.0, 2.0): [1.4030114290952207, -2.340261953217928, -0.465330984450633],
}


def run(momentum, decay, clip):
    w = nn.Parameter([1.0, -2.0, 0.3])
    optimiser = nn.SGD([w], lr=0.05, momentum=momentum, weight_decay=decay, clip=clip)
    for _ in range(10):
        optimiser.zero_grad()
        (w * w / 2 + np.sin(3 * w)).sum().backward()
        optimiser.step()
    return w.data


@pytest.mark.parametrize("setting", TRACES)
def test_sgd_is_pytorchs(setting):
    # PyTorch adds 1e-6 to the norm it divides by when it clips
    rtol = 1e-12 if setting[2] is None else 1e-6
    np.testing.assert_allclose(run(*setting), TRACES[setting], rtol=rtol)


def test_weight_decay_of_either_sign():
    for sign in (1.0, -1.0):
        w = Value([2.0])
        w.grad = [1.0]
        nn.SGD([w], lr=0.1, weight_decay=sign).step()
        assert w.data[0] == pytest.approx(2.0 - 0.1 * (1.0 + sign * 2.0))


def test_clipping():
    w, b = Value([3.0, 0.0]), Value(4.0)
    (w[0] * 3.0 + b * 4.0).backward()
    assert nn.clip_gradients([w, b], 10.0) == 5.0
    assert w.grad.tolist() == [3, 0]
    assert nn.clip_gradients([w, b], 1.0) == 5.0
    np.testing.assert_allclose([*w.grad, b.grad], [0.6, 0.0, 0.8])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_failed_step_changes_nothing(bad):
    w, b = nn.Parameter([1.0, 2.0]), nn.Parameter(3.0, name="b")
    optimiser = nn.SGD([w, b], lr=0.1, momentum=0.9)
    w.grad, b.grad = [1.0, 1.0], 1.0
    optimiser.step()
    before = (w.data.tolist(), b.data, repr(optimiser.state_dict()))
    b.grad = bad
    with pytest.raises(nn.ExplodedError, match="parameter b of shape"):
        optimiser.step()
    assert (w.data.tolist(), b.data) == before[:2]
    assert before[2] == repr(optimiser.state_dict())


def test_large_but_finite_weights_are_no_explosion():
    w = Value([1e200, 1.0])
    w.grad = [1.0, 1.0]
    nn.SGD([w], lr=0.1).step()
    assert w.data.tolist() == [1e200, 0.9]


def test_parameters_without_gradients_stay():
    w, unused = Value([1.0]), Value([2.0])
    w.grad = [1.0]
    nn.SGD([w, unused], lr=0.1, weight_decay=1.0).step()
    assert unused.data.tolist() == [2.0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"parameters": []}, "needs a list of Values"),
        ({"parameters": [1.0]}, "needs a list of Values"),
        ({"lr": -1.0}, r"not -1\.0; .* the backward of −loss"),
        ({"momentum": 1.0}, "momentum=1.0"),
        ({"clip": 0.0}, r"clip should be .*, not 0\.0"),
    ],
)
def test_what_sgd_refuses(arguments, says):
    with pytest.raises(ValueError, match=says):
        nn.SGD(**{"parameters": [Value(1.0)], "lr": 0.1, **arguments})
    with pytest.raises(ValueError, match="max_norm should be a positive number"):
        nn.clip_gradients([], 0.0)


def test_schedules():
    s = nn.schedules
    assert [s.inverse(200_000)(epoch) for epoch in (0, 1, 9)] == [5e-6, 2.5e-6, 5e-7]
    assert [s.step(1.0, 2, 0.5)(epoch) for epoch in range(5)] == [1, 1, 0.5, 0.5, 0.25]
    assert s.cosine(1.0, 4, 0.2)(4) == pytest.approx(0.2)
    assert s.cosine(1.0, 4)(2) == pytest.approx(0.5)
    assert s.exponential(2.0, 0.1)(1) == pytest.approx(0.2)
    assert s.constant(3.0)(8) == 3.0
