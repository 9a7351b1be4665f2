"""Batches without samples: layers and losses give what PyTorch gives; training says why not."""

import numpy as np
import pytest

import nn
from autograd import Value

ROWS, IMAGES, STEPS, WORDS = (3,), (4, 8, 8), (5, 4), (5,)

# By the name of a class: how to build one, and the shape of a sample.
LAYERS = {
    "Linear": (lambda: nn.Linear(3, 2), ROWS),
    "Layer": (lambda: nn.Layer(3, 2), ROWS),
    "Neuron": (lambda: nn.Neuron(3), ROWS),
    "MLP": (lambda: nn.MLP(3, [4, 2]), ROWS),
    "Sequential": (lambda: nn.Sequential(nn.Linear(3, 2), nn.ReLU()), ROWS),
    "Residual": (lambda: nn.Residual(nn.Linear(3, 3)), ROWS),
    "LoRA": (lambda: nn.LoRA(nn.Linear(3, 2), 2), ROWS),
    "Still": (lambda: nn.Still(nn.Linear(3, 2)), ROWS),
    "Lambda": (lambda: nn.Lambda(np.sin), ROWS),
    "Dropout": (nn.Dropout, ROWS),
    "ChannelDropout": (nn.ChannelDropout, IMAGES),
    "PReLU": (lambda: nn.PReLU(4), IMAGES),
    "GLU": (nn.GLU, (4,)),
    "Threshold": (lambda: nn.Threshold(0.1, 0.0), ROWS),
    "BatchNorm": (lambda: nn.BatchNorm(4).eval(), IMAGES),
    "InstanceNorm": (lambda: nn.InstanceNorm(4), IMAGES),
    "GroupNorm": (lambda: nn.GroupNorm(2, 4), IMAGES),
    "LayerNorm": (lambda: nn.LayerNorm(3), ROWS),
    "RMSNorm": (lambda: nn.RMSNorm(3), ROWS),
    "Flatten": (nn.Flatten, IMAGES),
    "Upsample": (lambda: nn.Upsample(2), IMAGES),
    "GlobalAvgPool": (nn.GlobalAvgPool, IMAGES),
    "GlobalMaxPool": (nn.GlobalMaxPool, IMAGES),
    "Embedding": (lambda: nn.Embedding(10, 4), WORDS),
    "RNN": (lambda: nn.RNN(4, 3), STEPS),
    "GRU": (lambda: nn.GRU(4, 3, layers=2, bidirectional=True), STEPS),
    "LSTM": (lambda: nn.LSTM(4, 3), STEPS),
    "MultiheadAttention": (lambda: nn.MultiheadAttention(4, 2, causal=True, groups=1), STEPS),
    "TransformerBlock": (lambda: nn.TransformerBlock(4, 2), STEPS),
    "LearnedPosition": (lambda: nn.LearnedPosition(6, 4), STEPS),
    "Sinusoidal": (lambda: nn.Sinusoidal(4), STEPS),
    "Rotary": (lambda: nn.Rotary(4), (2, 5, 4)),
}
for dims in (1, 2, 3):
    size = 4, *[8] * dims
    for kind in ("Conv", "ConvTranspose"):
        name = f"{kind}{dims}d"
        LAYERS[name] = (lambda name=name: getattr(nn, name)(4, 6, 3, stride=2), size)
    for kind in ("MaxPool", "AvgPool", "AdaptiveMaxPool", "AdaptiveAvgPool"):
        if hasattr(nn, name := f"{kind}{dims}d"):
            LAYERS[name] = (lambda name=name: getattr(nn, name)(2), size)


def classes():
    public = {name: getattr(nn, name) for name in nn.__all__}
    return [
        name
        for name, x in public.items()
        if isinstance(x, type) and issubclass(x, nn.Module) and x is not nn.Module
    ]


def outputs(module, samples, shape):
    whole = isinstance(module, nn.Embedding)
    x = np.zeros((samples, *shape), int) if whole else Value(np.ones((samples, *shape)))
    y = module(x)
    return y[0] if isinstance(y, tuple) else y


@pytest.mark.parametrize("name", classes())
def test_layers_of_no_samples_give_none(name):
    build, shape = LAYERS.get(name) or (getattr(nn, name), ROWS)  # activations take nothing
    module = build()
    some, none = outputs(module, 2, shape), outputs(module, 0, shape)
    assert none.shape == (0, *some.shape[1:]) and none.dtype == some.dtype
    module.zero_grad()
    none.sum().backward()
    assert all(not np.any(p.grad) for p in module.parameters())


def test_no_samples_have_no_statistics():
    with pytest.raises(ValueError, match="larger batches in training"):
        nn.BatchNorm(4)(np.ones((0, 4, 8, 8)))


PAIRS = {
    "squared_error": ROWS, "absolute_error": ROWS, "huber": ROWS, "binary_cross_entropy": ROWS,
    "hinge": ROWS, "kl_divergence": ROWS, "cosine_distance": ROWS, "cross_entropy": None,
    "multiclass_hinge": None, "gaussian_nll": ROWS, "triplet": ROWS, "ctc_loss": (4,),
}  # fmt: skip


@pytest.mark.parametrize("name", nn.losses.__all__)
def test_losses_of_no_samples_are_those_of_pytorch(name):
    sample, target = (5, 3) if name == "ctc_loss" else (3,), PAIRS[name]
    targets = np.zeros((0, *(target or ())), int if name in ("ctc_loss",) or not target else float)
    z = Value(np.zeros((0, *sample)))
    args = (z, targets, targets) if name in ("gaussian_nll", "triplet") else (z, targets)
    loss = getattr(nn, name)
    assert loss(*args, reduction="none").shape[0] == 0
    total = loss(*args, reduction="sum")
    assert total.item() == 0.0
    total.backward()
    assert z.grad.shape == z.shape
    with np.errstate(invalid="ignore"):
        assert np.isnan(loss(*args, reduction="mean").item())


@pytest.mark.parametrize("compile", [False, True])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_training_leaves_out_batches_without_samples(reduction, compile):
    model = nn.Linear(3, 2, seed=0)
    empty, full = (np.ones((0, 3)), np.zeros(0, int)), (np.ones((4, 3)), np.zeros(4, int))
    optimiser, before = nn.SGD(model.parameters(), lr=0.1), model.state_dict()

    def fit(data, **options):
        def loss(z, y):
            return nn.cross_entropy(z, y, reduction=reduction)

        nn.fit(model, loss, data, optimiser, 1, compile=compile, progress=False, **options)

    says = r"^leave out batches without samples.* of shape \(0,\)"
    with pytest.raises(ValueError, match=says):
        fit([empty, full])
    assert all(np.array_equal(x, before[path]) for path, x in model.state_dict().items())
    with pytest.raises(ValueError, match=says):
        fit([full], validation=[empty])
    with pytest.raises(ValueError, match=says):
        nn.evaluate(model, nn.cross_entropy, [empty])
