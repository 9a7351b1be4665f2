"""ONNX: other programs compute what we do, for batches of any size; what they cannot is refused."""

import functools
import os
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from autograd import Primitive, Value
from autograd.graphs.onnx.forms import FORMS
from autograd.testing.problem import moves
from nn.calling import copy_with
from tests.nn.pytorch_models import MODELS, files
from tests.nn.test_saving import Ours
from tests.ops.points import OPS, points

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

SINGLE_ONLY = onnxruntime.capi.onnxruntime_pybind11_state.NotImplemented
# What ONNX Runtime has, or had until 1.24, in single precision only, its own ops among it.
ONLY_IN_SINGLE = "AveragePool", "Conv", "Erf", "FusedMatMul", "QuickGelu"
RNG = np.random.default_rng(0)
X, WORDS = RNG.normal(size=(3, 4)), RNG.integers(0, 10, (3, 6))


class Of(nn.Module):
    """A function as a module, which may take a table of weights, too."""

    def __init__(self, function, table=()):
        self.function = function
        self.table = [nn.Parameter(x) for x in table]

    def __call__(self, *inputs):
        return self.function(*inputs, *self.table)


def arrays(y):
    """Return the arrays in a result, in order."""
    if isinstance(y, (tuple, list, dict)):
        return [x for part in (y.values() if isinstance(y, dict) else y) for x in arrays(part)]
    return [np.asarray(y.numpy() if isinstance(y, Value) else y)]


def check(model, x, path, batch_axis=0, sizes=(1, 2, 7)):
    """Export a network; check what other programs say of it and compute, with some batches."""
    examples = x if isinstance(x, tuple) else (x,)
    nn.export_onnx(model, x, path, batch_axis=batch_axis)
    onnx.checker.check_model(onnx.load(path), full_check=True)
    session = onnxruntime.InferenceSession(path)
    for size in sizes if batch_axis is not None else [None]:
        inputs = [z if size is None else np.take(z, RNG.integers(0, z.shape[batch_axis], size),
                                                 batch_axis) for z in examples]  # fmt: skip
        feed = {given.name: z for given, z in zip(session.get_inputs(), inputs, strict=True)}
        expected = arrays(copy_with(model, {}).eval()(*map(Value, inputs)))
        for found, y in zip(session.run(None, feed), expected, strict=True):
            assert (found.shape, found.dtype) == (y.shape, y.dtype)
            loose = {"rtol": 1e-4, "atol": 1e-5} if y.dtype == np.float32 else {"rtol": 1e-10}
            np.testing.assert_allclose(found, y, **{"atol": 1e-12} | loose)


def in_single(model):
    """Return a copy of a network in single precision."""
    new = {id(p): nn.Parameter(np.float32(p.numpy())) for p in model.parameters()}
    for b in model.buffers():
        new[id(b)] = nn.Buffer(np.float32(b) if b.dtype == float else np.array(b))
    return copy_with(model, new)


def check_both(model, x, path, **options):
    """Check a network in single precision, and in double if ONNX Runtime has all its ops."""
    floats = x.dtype.kind == "f"
    check(in_single(model), np.float32(x) if floats else x, path, **options)
    try:
        check(model, x, path, **options)
    except SINGLE_ONLY as error:
        assert any(kind in str(error) for kind in ONLY_IN_SINGLE)


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)  # most of the time otherwise
    return tmp_path / "model.onnx"


# -- op by op --------------------------------------------------------------------------------------

WITH_FORM = [op for op in OPS if op.call in FORMS]


@pytest.mark.parametrize("op", WITH_FORM, ids=lambda op: op.name)
@pytest.mark.parametrize("dtype", [np.float32, pytest.param(np.float64, marks=pytest.mark.slow)])
def test_an_op_is_what_it_is_here(op, dtype, path):
    for f, args in points(op, dtype):
        places = [i for i, x in enumerate(args) if moves(x)]
        if any(x is complex for x in args):
            continue

        def function(*xs, f=f, args=args, places=places):
            full = list(args)
            for i, x in zip(places, xs, strict=True):
                full[i] = x
            return f(*full)

        try:
            check(Of(function), tuple(np.asarray(args[i]) for i in places), path, None)
        except SINGLE_ONLY:
            assert dtype is np.float64


# -- layer by layer, with drawn settings -----------------------------------------------------------


def floats(*shape):
    return RNG.normal(size=shape)


@st.composite
def convolutions(draw):
    dims, groups = draw(st.integers(1, 3)), draw(st.sampled_from([1, 2]))
    each = st.integers(1, 2) | st.tuples(*[st.integers(1, 2)] * dims)
    settings = {"stride": draw(each), "dilation": draw(each), "groups": groups}
    transposed = draw(st.booleans())
    if not transposed:
        pairs = st.tuples(*[st.tuples(st.integers(0, 1), st.integers(0, 2))] * dims)
        settings["padding"] = draw(st.sampled_from([0, 1]) | pairs)
        if settings["stride"] in (1, (1,) * dims):
            settings["padding"] = draw(st.sampled_from(["same", settings["padding"]]))
    else:
        settings["padding"] = draw(st.integers(0, 1))
        if settings["stride"] == 2:
            settings["output_padding"] = draw(st.integers(0, 1))
    kind = getattr(nn, f"Conv{'Transpose' * transposed}{dims}d")
    layer = kind(2, 4, draw(st.integers(1, 3)), bias=draw(st.booleans()), seed=0, **settings)
    return layer, floats(2, 2, *[6, 5, 5][:dims])


@st.composite
def pools(draw):
    dims, kernel = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    kind = getattr(nn, f"{draw(st.sampled_from(['Max', 'Avg']))}Pool{dims}d")
    stride = draw(st.none() | st.integers(1, 3))
    return kind(kernel, stride, draw(st.integers(0, kernel // 2))), floats(2, 3, *[6, 5, 5][:dims])


@st.composite
def adaptive_pools(draw):
    dims = draw(st.integers(1, 2))
    kind = getattr(nn, f"Adaptive{draw(st.sampled_from(['Max', 'Avg']))}Pool{dims}d")
    return kind(draw(st.integers(1, 5))), floats(2, 3, *[7, 5][:dims])


@st.composite
def norms(draw):
    affine, x = draw(st.booleans()), floats(3, 4, *draw(st.sampled_from([(5,), (2, 3)])))
    layer = draw(
        st.sampled_from(
            [
                nn.LayerNorm(x.shape[-1], affine=affine),
                nn.LayerNorm(x.shape[1:], affine=affine, bias=False),
                nn.RMSNorm(x.shape[-1], affine=affine),
                nn.GroupNorm(draw(st.sampled_from([1, 2, 4])), 4, affine=affine),
                nn.InstanceNorm(4, affine=affine),
                nn.BatchNorm(4, affine=affine),
            ]
        )
    )
    for numbers in layer.buffers():
        if numbers.ndim:
            numbers[...] = RNG.uniform(0.5, 2.0, numbers.shape)
    return layer, x


@st.composite
def recurrent(draw):
    kind = draw(st.sampled_from([nn.RNN, nn.LSTM, nn.GRU]))
    layer = kind(
        3,
        2,
        draw(st.integers(1, 2)),
        draw(st.booleans()),
        bidirectional=draw(st.booleans()),
        seed=0,
    )
    return layer, floats(2, draw(st.integers(1, 4)), 3)


@st.composite
def attentive(draw):
    heads = draw(st.sampled_from([1, 2, 4]))
    groups = draw(st.sampled_from([n for n in (1, 2, 4) if n <= heads]))
    settings = {
        "groups": groups,
        "causal": draw(st.booleans()),
        "position": draw(st.sampled_from([None, nn.Rotary(8 // heads)])),
        "seed": 0,
    }
    x = floats(2, draw(st.integers(1, 4)), 8)
    if draw(st.booleans()):
        return nn.MultiheadAttention(8, heads, bias=draw(st.booleans()), **settings), x
    settings["activation"] = draw(st.sampled_from([nn.relu, nn.gelu, nn.silu]))
    return nn.TransformerBlock(8, heads, norm_first=draw(st.booleans()), **settings), x


@st.composite
def activations(draw):
    size = st.floats(0.1, 3.0)
    layer = draw(
        st.sampled_from(
            [
                nn.LeakyReLU(draw(size)),
                nn.ELU(draw(size)),
                nn.CELU(draw(size)),
                nn.GELU(draw(st.sampled_from(["none", "tanh"]))),
                nn.Softplus(draw(size)),
                nn.Threshold(draw(size), draw(size)),
                nn.Hardtanh(-draw(size), draw(size)),
                nn.Hardshrink(draw(size)),
                nn.Softshrink(draw(size)),
                nn.Softmax(draw(st.integers(-2, 2))),
                nn.LogSoftmax(draw(st.integers(-2, 2))),
                nn.GLU(draw(st.sampled_from([1, -1]))),
                nn.PReLU(draw(st.sampled_from([1, 4]))),
            ]
        )
    )
    return layer, 3 * floats(2, 4, 6)


FAMILIES = {
    "convolutions": convolutions(),
    "pools": pools(),
    "adaptive pools": adaptive_pools(),
    "norms": norms(),
    "recurrent": recurrent(),
    "attentive": attentive(),
    "activations": activations(),
}


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
def test_layers_with_drawn_settings(family, data, tmp_path_factory):
    check_both(*data.draw(FAMILIES[family]), tmp_path_factory.getbasetemp() / "drawn.onnx")


def modules(kind=nn.Module):
    """Yield all classes of modules that the library has."""
    for inner in kind.__subclasses__():
        if inner.__module__.startswith("nn."):
            yield inner
            yield from modules(inner)


WITH_SAMPLES = sorted({kind for kind in modules() if hasattr(kind, "samples")}, key=str)


@pytest.mark.parametrize("kind", WITH_SAMPLES, ids=lambda kind: kind.__name__)
def test_every_layer(kind, path):
    for model, x in kind.samples(np.random.default_rng(0)):
        check_both(model, x, path, batch_axis=0 if x.ndim > 1 else None)


@pytest.mark.parametrize("model", [nn.Neuron(4), nn.Layer(4, 2, nn.tanh), nn.MLP(4, [3, 2])])
def test_neurons(model, path):
    check_both(model, X, path)
    check_both(model, X[0], path, batch_axis=None)


@pytest.mark.parametrize("name", MODELS)
def test_whole_networks(name, path):
    weights, numbers = files(name)
    model = nn.load(MODELS[name](Ours), weights)
    with np.load(numbers) as found:
        check_both(model, found["x"], path)


def test_a_mask_of_a_batch(path):
    """Also one that leaves a query nothing to look at."""
    x, mask = np.float32(floats(4, 3, 2)), RNG.random((4, 3, 3)) < 0.4
    assert not mask.any(axis=-1).all()
    check(Of(lambda x, mask: nn.attention(x, x, x, mask)), (x, mask), path)
    check(Of(lambda x, mask: nn.attention(x, x, x, mask, causal=True)), (x, mask), path)


def test_axes_of_batches(path):
    sequence = floats(5, 2, 3)
    check_both(nn.GRU(3, 2, batch_first=False, seed=0), sequence, path, batch_axis=1)
    attention, mask = nn.MultiheadAttention(3, 1, seed=0), np.tri(5, dtype=bool)
    nn.export_onnx(attention, (floats(2, 5, 3), None, mask), path, batch_axis=(0, None, None))
    session = onnxruntime.InferenceSession(path)
    assert [(x.name, x.shape) for x in session.get_inputs()] == [
        ("x", ["batch", 5, 3]),
        ("mask", [5, 5]),
    ]
    x = floats(3, 5, 3)
    for mask in (np.tri(5, dtype=bool), np.eye(5, dtype=bool), np.eye(5, k=1, dtype=bool)):
        (y,) = session.run(None, {"x": x, "mask": mask})
        np.testing.assert_allclose(y, attention(x, mask=mask).data, atol=1e-12)


# -- a user's own modules --------------------------------------------------------------------------

FINE = {
    "mean of the batch": lambda x: x - np.mean(x, axis=0),
    "size of the batch": lambda x: np.sum(x, axis=0) / len(x),
    "all numbers": lambda x: np.reshape(x, -1),
    "pairs": lambda x: np.reshape(x, (-1, 2)),
    "more rows": lambda x: np.concatenate([x, x[:1], np.zeros((len(x), 4))]),
    "last row": lambda x: x[len(x) - 1],
    "all rows": lambda x: x[: len(x)],
    "indices": lambda x: x[::-1, [2, 0]],
    "mask": lambda x: x[:, np.array([True, False, True, True])],
    "new axes": lambda x: x[:, None, 1:3, None],
    "products of rows": lambda x: x @ x.T,
    "einsum": lambda x: np.einsum("ik,jk->ij", x, x),
    "cases": lambda x: np.where(x > 0, x, np.exp(x)),
    "tree": lambda x: {"a": np.exp(x), "b": (x, [x + 1])},
    "detached": lambda x: x - 0.5 * x.detach(),
    "taken columns": lambda x: np.take(x, [2, 0, 1, 1], axis=1) * np.copy(x, "C"),
    "laid out": lambda x: np.copy(x.T, "F").T,
    "taken entries": lambda x: np.take_along_axis(x, np.array([[1, 0]]), axis=1),
    "variance": lambda x: (np.var(x, axis=1, ddof=1), np.std(x)),
    "tiles": lambda x: np.tile(np.arange(4.0), (len(x), 1)) * x,
    "whole numbers": lambda x: np.mod(x.astype(int), 3) + np.floor(x),
    "largest": lambda x: np.where(np.max(x > 0, axis=1, keepdims=True), x, 0.0),
    "sums of booleans": lambda x: ((x > 0) + (x < -1)) * ((x > 0) * (x < 1) + np.minimum(x, 0)),
    "logic": lambda x: np.logical_and(x > 0, ~(x > 1)) * x,
}


@pytest.mark.parametrize("name", FINE)
def test_a_batch_of_any_size(name, path):
    check_both(Of(FINE[name]), X, path)


LOOKED_UP = {
    "rows": lambda words, table: table[words],
    "take": lambda words, table: np.take(table, words, axis=0),
    "entries": lambda words, table: table[words, [0]],
    "within": lambda words, table: table[words][:, :, None, [1, 0]],
    "remainder": lambda words, table: table[words % 5],
    "padding": lambda words, table: table[words] * (words != 0)[..., None],
}


@pytest.mark.parametrize("name", LOOKED_UP)
def test_words_of_a_table(name, path):
    check(Of(LOOKED_UP[name], [floats(10, 4)]), WORDS, path)


class Buffers(nn.Module):
    """Buffers that are computed with, and weights that two layers share."""

    def __init__(self):
        self.scale = nn.Buffer(np.array([1.0, 2.0, 3.0, 4.0]))
        self.order = nn.Buffer(np.array([2, 0, 1, 3]))
        self.count = nn.Buffer(0)
        self.linear = nn.Linear(4, 4, seed=0)
        self.again = [self.linear, nn.Dropout(0.5)]

    def __call__(self, x):
        x = self.linear(x / np.sqrt(self.scale + 1))[:, self.order]
        return self.again[1](self.again[0](x))


def test_parameters_and_buffers_keep_their_names(path):
    model = Buffers()
    before, rng = model.state_dict(), model.again[1].rng.bit_generator.state
    check(model, X, path)
    held = {x.name: onnx.numpy_helper.to_array(x) for x in onnx.load(path).graph.initializer}
    names = {name for name in held if not name.startswith("/")}
    assert names == before.keys() - {"count"}
    assert all(np.array_equal(held[name], before[name]) for name in names)
    assert model.training and type(model.scale) is nn.Buffer
    assert model.again[1].rng.bit_generator.state == rng
    assert all(np.array_equal(x, before[name]) for name, x in model.state_dict().items())


def test_names_are_told_apart(path):
    class Module(nn.Module):
        def __init__(self):
            self.x, self.output = nn.Parameter(2.0), nn.Parameter(3.0)

        def __call__(self, x):
            return x * self.x + self.output

    check(Module(), X, path)


# -- what cannot be written down -------------------------------------------------------------------

DRAWN = np.random.default_rng(3)


def looped(x):
    return np.stack([row * 2 for row in x])


def written_into(x):
    y = np.zeros_like(x)
    y[:, 0] = x[:, 1]
    return y


cube = Primitive("cube", lambda x: x**3, vjps=[lambda g, y, x: 3 * g * x**2])

REFUSED = {
    "branch": (lambda x: x if np.sum(x) > 0 else -x, r"np.where.*test_onnx.py, line \d+"),
    "branch on a number": (lambda x: x if np.sum(x).item() > 0 else -x, "frozen"),
    "branch on numbers": (
        lambda x: x * 2 if x.numpy().mean() > 0.1 else x * 3,
        "frozen: .*number .* multiply",
    ),
    "loop until": (lambda x: sum([x] * (1 + int(abs(x.data).max() * 2))), "taken out of Values"),
    "random number": (lambda x: x * DRAWN.random(), "random numbers: .* multiply takes"),
    "random numbers": (lambda x: x * DRAWN.random(4), "random numbers"),
    "number": (lambda x: x - np.max(x.numpy()), "frozen: .* subtract takes .*line"),
    "numbers": (lambda x: x - x.numpy().max(axis=1, keepdims=True), "frozen"),
    "places": (lambda x: np.eye(4)[np.argmax(x, axis=1)] * x, "frozen"),
    "places alone": (lambda x: np.argmax(x, axis=1), "frozen; the network returned"),
    "rows": (lambda x: x[np.argsort(x.numpy()[:, 0])], "frozen: .* getitem takes"),
    "loop": (looped, "batch_axis=None.*another op than getitem"),
    "number of the row": (lambda x: x + np.arange(len(x))[:, None], "batch_axis=None"),
    "square of the size": (lambda x: x * len(x) ** 2, "batch_axis=None.*the number 4 or 256"),
    "share": (lambda x: x * (1 / len(x)), "batch_axis=None.*0.5"),
    "one row": (lambda x: x * 2 if len(x) > 1 else x, "batch_axis=None.* ops run instead of "),
    "many rows": (lambda x: x * 2 if len(x) > 8 else x, "batch_axis=None"),
    "rounded up": (lambda x: np.pad(x, ((0, -len(x) % 8), (0, 0))), "batch_axis=None"),
    "squeezed": (lambda x: np.squeeze(x[:, :1]), "batch_axis=None"),
    "sorted": (lambda x: np.sort(x, axis=1), "sort has no form in ONNX .* Of .*line"),
    "written into": (written_into, "setitem has no form in ONNX"),
    "own op": (lambda x: cube(x), "cube has no form in ONNX .*in Of"),
    "complex": (lambda x: x * 1j, "multiply has no form in ONNX that gives complex128"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_wrong_is_refused(name, path):
    function, message = REFUSED[name]
    with pytest.raises(ValueError, match=f"(?s){message}"):
        nn.export_onnx(Of(function), X, path)
    assert not path.exists()


@pytest.mark.parametrize(
    "place", [lambda i: np.asarray(i) % 10, lambda i: np.minimum(i.numpy(), 20)]
)
def test_ints_that_left_the_graph_are_refused(place, path):
    """Also where they are the input's own for these ints."""
    with pytest.raises(ValueError, match=r"frozen: .* getitem takes"):
        nn.export_onnx(Of(lambda i, t: t[place(i)], [floats(10, 4)]), WORDS, path)


READ = {
    "numpy": lambda x: x * 2 if x.numpy().max() > 1e6 else x,
    "data": lambda x: x * 2 if np.any(x.data > 1e6) else x,
    "item": lambda x: x * 2 if np.sum(x).item() > 1e6 else x,
    "argmax": lambda x: x * 2 if np.argmax(x) > 99 else x,
    "any": lambda x: x * 2 if np.any(x > 1e6) else x,
    "all": lambda x: x if (x < 1e6).all() else x * 2,
    "allclose": lambda x: x * 2 if np.allclose(x, 1e6) else x,
    "int": lambda x: x[int(np.floor(0.0 * x[0, 0]).astype(int)) :],
    "array": lambda x: x * 2 if np.array(x.astype(int)).max() > 1e6 else x,
    "in": lambda x: x * 2 if 1e6 in x else x,
    "library": lambda x: functools.reduce(lambda y, i: y if y.numpy().max() < 1e6 else i, [x, x]),
    "its own numbers": lambda x: x * x.numpy(),
}


@pytest.mark.parametrize("name", READ)
def test_a_warning_says_where_a_network_reads_numbers(name, path):
    """It may branch on them where none of the calls shows it."""
    with pytest.warns(UserWarning, match=r"takes numbers out of Values at test_onnx.py, line \d+:"):
        check(Of(READ[name]), X, path)


def test_the_layer_is_named(path):
    model = nn.Sequential(nn.ReLU(), nn.Sequential(nn.Linear(4, 4), Of(np.sort)))
    with pytest.raises(ValueError, match=r"it is called in 1\.1, a Of"):
        nn.export_onnx(model, X, path)


def test_an_error_of_the_network_says_with_what_it_was_called(path):
    with pytest.raises(ValueError) as caught:
        nn.export_onnx(Of(lambda x: np.reshape(x, (3, 2, 2))), X, path)
    assert "inputs of shape (2, 4)" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    ("model", "x", "axis", "kind", "message"),
    [
        (nn.Linear(4, 2), [1.0], 0, TypeError, "an example x"),
        (nn.Linear(4, 2), X[:0], 0, TypeError, "an example x"),
        (nn.Linear(4, 2), X * 1j, 0, TypeError, "an example x"),
        (np.sum, X, 0, TypeError, "with a Module that was built"),
        (nn.Linear, X, 0, TypeError, "with a Module that was built"),
        (nn.Linear(4, 2), X[0], 1, ValueError, r"shape \(4,\) has no axis 1"),
        (nn.Linear(4, 2), X, (0, 1), ValueError, "an entry for each of 1 inputs"),
        (nn.Linear(4, 2), np.float32(X), 0, ValueError, r"x.astype\(np.float64\)"),
        (nn.Embedding(9, 2), WORDS * 0, 0, ValueError, "several ints"),
    ],
)
def test_bad_examples(model, x, axis, kind, message, path):
    with pytest.raises(kind, match=message):
        nn.export_onnx(model, x, path, batch_axis=axis)


def test_without_the_package(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'chainrule\[onnx\]'"):
        nn.export_onnx(nn.Linear(4, 2), X, path)
