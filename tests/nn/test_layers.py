"""Layers: PyTorch's numbers, and what PyTorch's layers do not have."""

import inspect

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, hessian
from autograd.testing import check_gradients
from tests.nn.pytorch_layers import CASES, FILE, MODES, built

KNOWN = np.load(FILE)


def under(start):
    """Return the known arrays whose names begin with some text, by the rest of their names."""
    return {key.removeprefix(start): KNOWN[key] for key in KNOWN.files if key.startswith(start)}


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_are_pytorchs(name):
    module, call = built(CASES[name][0], nn)
    module.load_state_dict(under(f"{name}/state/"))
    for mode in MODES[bool(module.buffers())]:
        getattr(module, mode)()
        module.zero_grad()
        x = KNOWN[f"{name}/x"]
        x = Value(x) if x.dtype.kind == "f" else x
        y = call(x)
        y.backward(KNOWN[f"{name}/{mode}/g"])
        np.testing.assert_allclose(y.data, KNOWN[f"{name}/{mode}/y"], atol=1e-12)
        if isinstance(x, Value):
            np.testing.assert_allclose(x.grad, KNOWN[f"{name}/{mode}/x"], atol=1e-12)
        expected = under(f"{name}/{mode}/grad/")
        for path, parameter in module.named_parameters():
            np.testing.assert_allclose(parameter.grad, expected[path], atol=1e-12, err_msg=path)
    after = under(f"{name}/after/")
    for path, buffer in module.named_buffers():
        np.testing.assert_allclose(buffer, after[path], atol=1e-12, err_msg=path)


LAYERS = [c for c in vars(nn.layers).values() if inspect.isclass(c) and c.__name__ in nn.__all__]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.__name__)
def test_single_precision_holds(layer):
    if "dtype" not in inspect.signature(layer).parameters:
        pytest.skip("it has no numbers of its own")
    for module, x in layer.samples(np.random.default_rng(0)):
        for path, old in [*module.named_parameters(), *module.named_buffers()]:
            owner = module
            *way, last = path.split(".")
            for step in way:
                owner = owner[int(step)] if step.isdigit() else getattr(owner, step)
            if old.dtype.kind == "f":
                numbers = np.float32(getattr(old, "numpy", old.copy)())
                setattr(owner, last, type(old)(numbers))
        y = module(x.astype(np.float32) if x.dtype.kind == "f" else x)
        assert y.dtype == np.float32


# -- what is drawn at random ----------------------------------------------------------------------


def test_the_same_seed_gives_the_same_weights():
    for build in (
        lambda seed: nn.Linear(3, 2, seed=seed),
        lambda seed: nn.Conv2d(2, 3, 3, seed=seed),
        lambda seed: nn.Embedding(4, 2, seed=seed),
        lambda seed: nn.LSTM(3, 2, 2, seed=seed),
        lambda seed: nn.TransformerBlock(4, 2, seed=seed),
    ):
        a, b, c = build(1).state_dict(), build(1).state_dict(), build(2).state_dict()
        assert all(np.array_equal(a[k], b[k]) for k in a)
        assert not all(np.array_equal(a[k], c[k]) for k in a)


def test_initial_weights_are_those_asked_for():
    bound = 1 / np.sqrt(50)
    for module in (nn.Linear(50, 400, seed=0), nn.Conv1d(10, 400, 5, seed=0)):
        drawn = np.abs(module.weight.data)
        assert 0.99 * bound < drawn.max() <= bound
        assert np.abs(module.bias.data).max() <= bound
    assert nn.Linear(200, 300, init=nn.he, seed=0).weight.data.std() == pytest.approx(0.1, rel=0.02)
    assert nn.Conv2d(3, 5, 2, init=nn.zeros).weight.data.shape == (5, 3, 2, 2)
    assert nn.Linear(2, 1, init=[[3.0, 4.0]]).weight.data.tolist() == [[3.0, 4.0]]


def test_dropout():
    dropout = nn.Dropout(0.25, seed=0)
    y = dropout(np.ones((100, 100)))
    assert set(np.unique(y)) == {0.0, 1 / 0.75} and np.mean(y == 0) == pytest.approx(0.25, abs=0.02)
    assert not np.array_equal(y, dropout(np.ones((100, 100))))
    again = nn.Dropout(0.25, seed=0)
    assert np.array_equal(again(np.ones((100, 100))), y)
    before = np.random.get_state()[1].copy()
    x = Value(np.ones(5))
    dropped = dropout(x)
    dropped.sum().backward()
    assert np.array_equal(x.grad, dropped.data)
    assert np.array_equal(np.random.get_state()[1], before)
    assert dropout.eval()(x) is x
    assert nn.Dropout(0.5)(np.ones(3, np.float32)).dtype == np.float32


def test_dropout_of_channels():
    y = nn.ChannelDropout(0.5, seed=0)(np.ones((20, 30, 4, 4)))
    assert np.array_equal(y, np.broadcast_to(y[:, :, :1, :1], y.shape))
    assert 0.4 < np.mean(y == 0) < 0.6


# -- attention ------------------------------------------------------------------------------------


def test_a_text_is_continued_as_if_read_at_once():
    rng = np.random.default_rng(0)
    settings = dict(causal=True, position=nn.Rotary(4), groups=1, seed=0)
    block, x = nn.TransformerBlock(8, 2, **settings), rng.normal(size=(2, 6, 8))
    cache = []
    parts = [block(x[:, a:b], cache=cache).data for a, b in [(0, 3), (3, 4), (4, 6)]]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), block(x).data, atol=1e-12)


def test_what_may_not_be_looked_at_has_no_influence():
    rng = np.random.default_rng(0)
    layer = nn.MultiheadAttention(4, 2, causal=True, seed=0)
    x = Value(rng.normal(size=(1, 4, 4)))
    layer(x)[0, 1].sum().backward()
    assert not x.grad[0, 2:].any() and x.grad[0, :2].all()
    mask = np.array([True, True, False, True])
    x.zero_grad()
    layer(x, mask=mask).sum().backward()
    q, k, v = rng.normal(size=(3, 2, 3))
    assert np.array_equal(nn.attention(q, k, v, np.zeros((2, 2), bool)), np.zeros((2, 3)))


def test_rotary_positions_depend_on_distances_only():
    rng = np.random.default_rng(0)
    q, k, rotary = rng.normal(size=(5, 8)), rng.normal(size=(5, 8)), nn.Rotary(8)
    fits = [rotary(q, first) @ rotary(k, first).T for first in (0, 7)]
    np.testing.assert_allclose(*fits, atol=1e-12)


def test_shared_heads_are_those_of_equal_weights():
    grouped = nn.MultiheadAttention(4, 2, groups=1, seed=0)
    w = grouped.in_proj_weight.data
    full = nn.MultiheadAttention(4, 2)
    full.load_state_dict(
        grouped.state_dict()
        | {
            "in_proj_weight": np.concatenate([w[:4], w[4:6], w[4:6], w[6:], w[6:]]),
            "in_proj_bias": np.zeros(12),
        }
    )
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    np.testing.assert_allclose(grouped(x).data, full(x).data, atol=1e-12)


def test_learned_positions_begin_where_they_are_told():
    layer, x = nn.LearnedPosition(5, 2, seed=0), np.zeros((3, 2, 2))
    assert np.array_equal(layer(x, first=3).data, np.broadcast_to(layer.weight.data[3:], x.shape))
    for x, first in ((np.zeros((6, 2)), 0), (np.zeros((2, 2)), 4), (np.zeros((2, 3)), 0)):
        with pytest.raises(ValueError, match=r"x of shape \(…, up to 5, 2\), not"):
            layer(x, first)


# -- adapting ---------------------------------------------------------------------------------


def test_lora_begins_as_its_base_and_learns_beside_it():
    base, x = nn.Linear(4, 3, seed=0), np.random.default_rng(0).normal(size=(5, 4))
    before, weights = base(x).data, base.weight.data.copy()
    layer = nn.LoRA(base, rank=2, alpha=4.0, seed=1)
    assert np.array_equal(layer(x).data, before)
    optimiser = nn.Adam(layer.parameters(), lr=0.1)
    for _ in range(3):
        optimiser.zero_grad()
        nn.squared_error(layer(x), np.ones((5, 3))).backward()
        optimiser.step()
    assert np.array_equal(base.weight.data, weights) and layer.lora_B.data.any()
    after = layer(x).data
    assert not np.allclose(after, before)
    for _ in range(2):  # the second time there is nothing to do
        np.testing.assert_allclose(layer.merge()(x).data, after, atol=1e-12)
        np.testing.assert_allclose(base(x).data, after, atol=1e-12)
    for _ in range(2):
        np.testing.assert_allclose(layer.unmerge()(x).data, after, atol=1e-12)
    np.testing.assert_allclose(base.weight.data, weights, atol=1e-12)
    with pytest.raises(TypeError, match=r"around an nn\.Linear, not"):
        nn.LoRA(nn.relu)


def test_global_pooling_is_adaptive_pooling_to_one():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    mean, largest = nn.AdaptiveAvgPool2d(1)(x), nn.AdaptiveMaxPool2d(1)(x)
    np.testing.assert_allclose(nn.GlobalAvgPool()(x), mean[..., 0, 0], atol=1e-15)
    assert np.array_equal(nn.GlobalMaxPool()(x), largest[..., 0, 0])
    with pytest.raises(ValueError, match=r"\(samples, channels, …\), not \(2, 3\)"):
        nn.GlobalAvgPool()(x[..., 0, 0])


# -- recurrent networks ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_a_sequence_may_be_read_in_parts(kind):
    network = kind(3, 4, layers=2, seed=0)
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    whole, last = network(x)
    first, state = network(x[:, :2])
    second, end = network(x[:, 2:], state)
    np.testing.assert_allclose(np.concatenate([first.data, second.data], 1), whole.data, atol=1e-12)
    for a, b in zip(*([end], [last]) if kind is not nn.LSTM else (end, last), strict=True):
        np.testing.assert_allclose(a.data, b.data, atol=1e-12)
    alone, _ = network(x[1])
    np.testing.assert_allclose(alone.data, whole.data[1], atol=1e-12)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("compiled", [False, True])
def test_with_lengths_each_sequence_is_read_as_if_it_were_alone(kind, both, compiled):
    network = kind(3, 2, layers=2, bidirectional=both, seed=0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 5, 3))
    parts = 2 if kind is nn.LSTM else 1
    start = [rng.normal(size=(4 if both else 2, 3, 2)) for _ in range(parts)]

    def read(x, start, **options):
        y, end = network(x, tuple(start) if parts > 1 else start[0], **options)
        return [y, *(end if parts > 1 else [end])]

    whole = autograd.compile(read) if compiled else read
    for lengths in np.array([[3, 5, 1], [5, 2, 4], [1, 5, 3]]):
        y, *end = whole(x, start, lengths=lengths)
        for i, n in enumerate(lengths):
            own = [part[:, i : i + 1] for part in start]
            one, *last = read(x[i : i + 1, :n], own)
            np.testing.assert_allclose(y.data[i, :n], one.data[0], atol=1e-14)
            assert not np.any(y.data[i, n:])
            for a, b in zip(end, last, strict=True):
                np.testing.assert_allclose(a.data[:, i], b.data[:, 0], atol=1e-14)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_with_lengths_no_gradient_comes_from_the_padding(kind):
    network = kind(2, 2, bidirectional=True, batch_first=False, seed=0)
    x = Value(np.random.default_rng(0).normal(size=(3, 2, 2)))
    y, _ = network(x, lengths=[3, 1])
    np.sum(np.sin(y)).backward()
    assert np.all(x.grad[:, 0] != 0) and np.all(x.grad[0] != 0) and not np.any(x.grad[1:, 1])
    check_gradients(lambda x: network(x, lengths=[3, 1])[0], x.data)


@pytest.mark.parametrize("lengths", [[0, 3], [2, 6], [2], [2.0, 3.0], np.ones((2, 5), bool)])
def test_lengths_that_cannot_be_are_refused(lengths):
    with pytest.raises(ValueError, match=r"lengths should be (from 1 to 5|2 ints)"):
        nn.GRU(3, 4)(np.ones((2, 5, 3)), lengths=lengths)


# -- layers of layers -----------------------------------------------------------------------------


def test_layers_in_a_row():
    model = nn.Sequential(nn.Linear(2, 3, seed=0), np.tanh, nn.Residual(nn.Linear(3, 3, seed=1)))
    assert [path for path, _ in model.named_parameters()][:2] == [
        "0.weight",
        "0.bias",
    ]
    x = np.ones((4, 2))
    assert np.array_equal(model[:2](x).data, np.tanh(model[0](x).data))
    assert len(model) == 3 and next(iter(model)) is model[0]
    model.layers[1] = nn.relu
    assert model(x).shape == (4, 3)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: nn.Linear(3, 2)(np.ones((4, 2))), r"x of shape \(…, 3\), not \(4, 2\)"),
        (lambda: nn.Linear(0, 2), "inputs should be an int of at least 1, not 0"),
        (lambda: nn.Conv2d(3, 4, 3, groups=2), "need channels in multiples of 2"),
        (lambda: nn.Conv2d(3, 4, 3)(np.ones((2, 4, 9, 9))), r"give x of shape \(samples, 3"),
        (lambda: nn.Conv2d(3, 4, (3, 3, 3)), "kernel should be one int for all axes, or 2"),
        (lambda: nn.BatchNorm(3)(np.ones((2, 4))), r"x of shape \(samples, 3, …\)"),
        (lambda: nn.BatchNorm(3)(np.ones((1, 3))), "one number per channel has no variance"),
        (lambda: nn.LayerNorm(3)(np.ones((2, 4))), r"\(…, 3\), not \(2, 4\)"),
        (lambda: nn.GroupNorm(2, 3), "need channels in multiples of 2"),
        (lambda: nn.Dropout(1.0), "from 0 to below 1"),
        (lambda: nn.Embedding(3, 2)(np.array([0, 3])), "from 0 to 2, not from 0 to 3"),
        (lambda: nn.MultiheadAttention(6, 4), "each number should divide"),
        (lambda: nn.LSTM(3, 2)(np.ones((4, 5, 2))), r"x of shape \(samples, steps, 3\)"),
        (
            lambda: nn.LSTM(3, 2)(np.ones((4, 5, 3)), (np.ones(2), np.ones(2))),
            "the state of a LSTM",
        ),
        (lambda: nn.Residual(np.sum)(np.ones(3)), "both should be the same"),
        (lambda: nn.Sinusoidal(3), "should be even"),
        (lambda: nn.Rotary(3), "should be even"),
        (lambda: nn.Rotary(2)(np.ones((4, 3))), r"\(…, steps, 2\), not \(4, 3\)"),
        (lambda: nn.Sinusoidal(4)(np.ones((2, 3, 1))), r"\(…, steps, 4\), not \(2, 3, 1\)"),
        (lambda: nn.InstanceNorm(3)(np.ones((2, 3, 1))), "one number per group has no variance"),
        (lambda: nn.Embedding(3, 2, padding=3), "padding should be a row, from -3 to 2, not 3"),
        (lambda: nn.Linear(True, 2), "inputs should be an int of at least 1, not True"),
    ],
)
def test_what_does_not_fit(build, says):
    with pytest.raises(ValueError, match=says):
        build()


def test_what_is_no_layer():
    with pytest.raises(TypeError, match=r"layer 1 is the class Linear: write Linear\(…\)"):
        nn.Sequential(nn.Linear(2, 2), nn.Linear)
    with pytest.raises(TypeError, match="layer 0 should be a function such as"):
        nn.Sequential(3)
    with pytest.raises(TypeError, match="an Embedding takes ints, not float64"):
        nn.Embedding(3, 2)(np.array([0.0]))


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: nn.Linear(3, 2, "relu"), "write bias=True or bias=False for Linear, not 'relu'"),
        (lambda: nn.Layer(3, 2, bias=nn.relu), "an activation is the next layer"),
        (lambda: nn.Conv2d(3, 2, 3, bias=np.zeros(2)), "first weights are init="),
        (lambda: nn.LSTM(3, 2, bidirectional="both"), "bidirectional=True or bidirectional=False"),
        (lambda: nn.LSTM(3, 2, dropout=0.5), r"write dropout=nn\.Dropout\(0\.5\): it is a module"),
        (lambda: nn.TransformerBlock(4, 2, dropout=0.1), r"write dropout=nn\.Dropout\(0\.1\)"),
        (lambda: nn.TransformerBlock(4, 2, activation="relu"), r"a function such as nn\.gelu"),
        (lambda: nn.MultiheadAttention(4, 2, position=3), "write position="),
        (lambda: nn.Linear(1, 1, init=[[1j]]), "write dtype=complex for these complex weights"),
    ],
)
def test_what_is_no_flag_and_no_function(build, says):
    with pytest.raises(TypeError, match=says):
        build()


def test_flags_may_be_numbers():
    assert nn.Linear(3, 2, 0).bias is None and nn.Linear(3, 2, bias=np.bool_(True)).bias.size == 2


@pytest.mark.parametrize(
    "layer",
    [nn.Dropout(0.2), nn.ChannelDropout(0.2), nn.Sinusoidal(4), nn.Rotary(4), nn.PReLU()],
    ids=lambda layer: type(layer).__name__,
)
def test_whole_numbers_and_lists_are_taken_as_floats(layer):
    x, results = np.arange(24).reshape(2, 3, 4), []
    for given in (x.astype(float), x, x.tolist()):
        layer.rng = np.random.default_rng(0)
        results.append(layer(given))
    for y in results[1:]:
        np.testing.assert_array_equal(as_numbers(y), as_numbers(results[0]))


def as_numbers(y):
    return y.data if isinstance(y, Value) else y


def test_a_row_of_padding_may_be_counted_from_the_end():
    words = np.array([0, 4, 2, 4])
    layer, other = nn.Embedding(5, 2, padding=-1, seed=0), nn.Embedding(5, 2, padding=4, seed=0)
    for embedding in (layer, other):
        (embedding(words) * 3.0).sum().backward()
    assert not layer.weight.data[4].any() and not layer.weight.grad[4].any()
    assert np.array_equal(layer.weight.grad, other.weight.grad) and layer.weight.grad[0].all()


def test_normalisation_is_smooth_where_a_number_is_the_mean():
    norm, x = nn.LayerNorm(3, affine=False), np.array([-1.0, 0.0, 1.0])
    weights = np.array([0.3, -0.7, 0.2])

    def f(x):
        return np.sum(weights * norm(x) ** 2)

    found, h = hessian(f)(x), 1e-4
    near = (f(x + [0, h, 0]) - 2 * f(x) + f(x - [0, h, 0])) / h**2
    assert found[1, 1] == pytest.approx(near, rel=1e-4)
