"""Summary: each number of the table equals one made by hand, and the network stays as it was."""

import numpy as np
import pytest

import nn
from autograd import Value, draw
from autograd.graphs.costs import cost_in_words, parameters_in_words, parts_of, way


class Twice(nn.Module):
    """A layer that is called twice, and one that is not."""

    def __init__(self):
        self.layer, self.unused = nn.Linear(3, 3, seed=0), nn.Linear(2, 2)

    def __call__(self, x):
        return self.layer(self.layer(x))


def whole(model, *inputs, **options):
    return model.summary(*inputs, **options).parts[0]


# For each family of layers: a layer, the shape of its input, and by hand its multiply-adds.
HANDS = {
    "Linear": (nn.Linear(3, 4), (5, 3), 5 * 3 * 4),
    "Neuron": (nn.Neuron(3), (5, 3), 5 * 3),
    "Layer": (nn.Layer(3, 4), (5, 3), 5 * 3 * 4),
    "MLP": (nn.MLP(3, [4, 2]), (5, 3), 5 * (3 * 4 + 4 * 2)),
    "Conv1d": (nn.Conv1d(2, 3, 3), (5, 2, 7), 5 * 3 * 5 * 2 * 3),
    "Conv2d": (nn.Conv2d(2, 4, 3, padding=1, groups=2), (5, 2, 6, 6), 5 * 4 * 36 * 9),
    "Conv2d strides": (nn.Conv2d(2, 4, 3, stride=2), (5, 2, 7, 7), 5 * 4 * 9 * 2 * 9),
    "Conv3d": (nn.Conv3d(1, 2, 2), (5, 1, 3, 3, 3), 5 * 2 * 8 * 8),
    "ConvTranspose2d": (nn.ConvTranspose2d(3, 2, 2, stride=2), (5, 3, 4, 4), 5 * 3 * 16 * 2 * 4),
    "attention": (
        nn.MultiheadAttention(8, 2),
        (5, 6, 8),
        4 * 5 * 6 * 8 * 8 + 2 * 5 * 2 * 6 * 6 * 4,  # projections; scores and their values
    ),
    "TransformerBlock": (
        nn.TransformerBlock(8, 2),
        (5, 6, 8),
        4 * 5 * 6 * 8 * 8 + 2 * 5 * 2 * 6 * 6 * 4 + 2 * 5 * 6 * 8 * 32,
    ),
    "RNN": (nn.RNN(3, 4), (5, 7, 3), 5 * 7 * (3 * 4 + 4 * 4)),
    "LSTM": (nn.LSTM(3, 4), (5, 7, 3), 5 * 7 * 4 * (3 * 4 + 4 * 4)),
    "GRU": (
        nn.GRU(3, 4, layers=2, bidirectional=True),
        (5, 7, 3),
        2 * 5 * 7 * 3 * (3 * 4 + 4 * 4 + 8 * 4 + 4 * 4),
    ),
    "BatchNorm": (nn.BatchNorm(3), (5, 3), 0),
    "LayerNorm": (nn.LayerNorm(3), (5, 3), 0),
    "GroupNorm": (nn.GroupNorm(2, 4), (5, 4, 3), 0),
    "MaxPool2d": (nn.MaxPool2d(2), (5, 3, 4, 4), 0),
    "AvgPool2d": (nn.AvgPool2d(2), (5, 3, 4, 4), 0),
    "Dropout": (nn.Dropout(0.5), (5, 3), 0),
    "Flatten": (nn.Flatten(), (5, 3, 4), 0),
    "Upsample": (nn.Upsample(2), (5, 3, 4, 4), 0),
    "Residual": (nn.Residual(nn.Linear(3, 3)), (5, 3), 5 * 9),
    "Sequential": (nn.Sequential(nn.Linear(3, 4), nn.tanh, nn.Linear(4, 1)), (5, 3), 5 * 16),
}


@pytest.mark.parametrize("name", HANDS)
def test_multiply_adds_by_hand(name):
    model, shape, by_hand = HANDS[name]
    part = whole(model, shape)
    assert part.multiply_adds == by_hand
    assert part.size == sum(np.size(x) for x in (p.numpy() for p in model.parameters()))
    assert part.taken[0] == "×".join(map(str, shape))
    y = model(np.ones(shape))
    assert part.given[0] == "×".join(map(str, np.shape(y[0] if isinstance(y, tuple) else y)))


def test_an_embedding_takes_ints():
    part = whole(nn.Embedding(10, 4), (5, 6), dtype=int)
    assert (part.multiply_adds, part.memory, part.given) == (0, 5 * 6 * 4 * 8, ["5×6×4"])
    assert whole(nn.Embedding(10, 4), np.zeros((5, 6), int)).given == ["5×6×4"]


def test_memory_is_that_of_results():
    part = whole(nn.Linear(3, 4, dtype=np.float32), (5, 3), dtype=np.float32)
    assert part.memory == 2 * 5 * 4 * 4  # of the product and of the sum; the transpose is a view


def test_calls_and_frozen_parameters_are_told():
    model = Twice()
    model.layer.freeze()
    summary = model.summary((5, 3))
    assert [(part.path, part.calls, part.multiply_adds) for part in summary.parts] == [
        ("", 1, 90),
        ("layer", 2, 90),
        ("unused", 0, 0),
    ]
    assert str(summary).splitlines() == [
        "layer                     input → output     parameters  multiply-adds  memory",
        "──────────────────────────────────────────────────────────────────────────────",
        "Twice                     5×3 → 5×3       18, 12 frozen             90   480 B",
        "  layer  Linear, 2 calls  5×3 → 5×3          12, frozen             90   480 B",
        "  unused  Linear          not called                  6",
        "──────────────────────────────────────────────────────────────────────────────",
        "18 parameters, 12 frozen, 144 B",
        "90 multiply-adds and 480 B of results in a forward pass",
    ]
    assert "12 parameters, frozen" in str(model)
    shown = summary._repr_html_()
    assert shown.count("<tr>") == 5 and "layer  Linear, 2 calls" in shown


def test_depth_hides_inner_modules_but_not_their_costs():
    model = nn.Sequential(nn.TransformerBlock(8, 2), nn.Linear(8, 1))
    rows = model.summary((5, 6, 8), depth=1).rows
    assert [row[0].strip() for row in rows] == [
        "Sequential",
        "0  TransformerBlock",
        "1  Linear",
    ]
    assert rows == [row for row in model.summary((5, 6, 8)).rows if not row[0].startswith("    ")]


def test_the_network_stays_as_it_was():
    model = nn.Sequential(nn.Linear(3, 4, seed=0), nn.BatchNorm(4), nn.Dropout(0.5, seed=0))
    model.layers[1].eval()
    before, modes = model.state_dict(), [part.training for part in model.modules()]
    model.summary((5, 3))
    with pytest.raises(ValueError, match="inputs x of shape"):
        model.summary((5, 2))
    assert [part.training for part in model.modules()] == modes == [True, True, False, True]
    for path, numbers in model.state_dict().items():
        np.testing.assert_array_equal(numbers, before[path])


@pytest.mark.parametrize("name", HANDS)
def test_pictures_say_the_same(name):
    model, shape, _ = HANDS[name]
    x = np.full(shape, 0.5)
    summary = nn.Sequential(model).eval().summary(x)
    part = next(part for part in summary.parts if part.module is model)
    drawing = draw(nn.Sequential(model), Value(x), depth=0)
    boxes = [node for node in drawing.folded.nodes if node.kind == "module"]
    if name == "Dropout":  # which does nothing here
        assert not boxes and not part.memory
        return
    (box,) = boxes
    kind, *told = box.number.split("\n")
    assert kind == f"{type(model).__name__} {way(part.taken, part.given)}"
    costs = cost_in_words(part.multiply_adds, part.memory)
    assert not part.memory or told[-1].endswith(costs)
    assert not part.size or parameters_in_words(part.size, 0) in told[0]


def test_without_an_input_it_says_what_to_write():
    with pytest.raises(TypeError, match="give the shape of an input"):
        nn.Linear(3, 4).summary()


def test_arrays_serve_as_inputs_and_nothing_is_recorded():
    x = np.ones((5, 3))
    assert whole(nn.Linear(3, 4), x).given == ["5×4"]
    (part,) = parts_of(nn.Linear(3, 4), x)
    assert part.calls == 1
