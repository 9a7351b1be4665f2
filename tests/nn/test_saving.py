"""Saving: what comes back is what was saved; PyTorch's files fit; hostile ones change nothing."""

import io
import json
import os
import sys
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn
from nn.saving import FORMATS
from nn.saving.replacing import replacing
from nn.saving.safetensors import safetensors_arrays
from tests.nn.pytorch_models import MODELS, SIZE, convolutional, files, language_model, pytorch

ENDINGS = list(FORMATS)


class Ours:
    """What builds the networks of `pytorch_models` with this library."""

    nn = nn
    base = nn.Module
    modules = list
    relu = staticmethod(nn.relu)
    batch_norm = staticmethod(lambda channels: nn.BatchNorm(channels, dtype="f4"))

    @staticmethod
    def start(module):
        pass

    @staticmethod
    def parameter(shape):
        return nn.Parameter(np.zeros(shape))

    @staticmethod
    def block():
        return nn.TransformerBlock(SIZE, 2, 16, activation=nn.gelu, causal=True)

    @staticmethod
    def apply(block, x):
        return block(x)


class Mixed(nn.Module):
    """Parameters and buffers of several dtypes, shared, nested and by columns."""

    def __init__(self, seed=0):
        rng = np.random.default_rng(seed)
        self.single = nn.Parameter(rng.normal(size=3).astype("f4"))
        self.by_columns = nn.Parameter(np.asfortranarray(rng.normal(size=(2, 3))))
        self.scalar = nn.Parameter(rng.normal())
        self.count = nn.Buffer(int(rng.integers(100)))
        self.mask = nn.Buffer(rng.random(3) < 0.5)
        self.empty = nn.Buffer(np.zeros((0, 2)))
        self.file = {"allow_pickle": nn.Parameter(rng.normal(size=2)), "tied": self.single}
        self.model = nn.Parameter(rng.normal(size=1))


def same(a, b):
    a, b = a.state_dict(), b.state_dict()
    return a.keys() == b.keys() and all(
        np.asarray(a[k]).tobytes() == np.asarray(b[k]).tobytes()
        and np.asarray(a[k]).dtype == np.asarray(b[k]).dtype
        for k in a
    )


@pytest.mark.parametrize("ending", ENDINGS)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_comes_back_is_what_was_saved(ending, seed, tmp_path_factory):
    path = tmp_path_factory.mktemp("saved") / f"model{ending}"
    model, other = Mixed(seed), Mixed(seed + 1)
    nn.save(model, path)
    assert nn.load(other, path) is other
    assert same(model, other)
    assert other.file["tied"] is other.single
    first = path.read_bytes()
    nn.save(other, path)
    assert path.read_bytes() == first
    assert os.listdir(path.parent) == [path.name]


def test_an_optimiser_is_saved_too(tmp_path):
    model = nn.Linear(3, 2, seed=0)
    optimiser, other = (nn.Adam(model.parameters(), lr=lr) for lr in (0.1, 0.2))
    model(np.ones((1, 3))).sum().backward()
    optimiser.step()
    nn.save(optimiser, tmp_path / "adam.npz")
    nn.load(other, tmp_path / "adam.npz")
    assert same(optimiser, other) and other.lr == 0.1


def test_numpy_reads_a_npz_file_and_writes_one(tmp_path):
    model, path = Mixed(), tmp_path / "model.npz"
    nn.save(model, path)
    with np.load(path) as found:
        assert dict(found).keys() == model.state_dict().keys()
    for write in (np.savez, np.savez_compressed):
        state = {"weight": np.full((1, 2), 3.0, ">f8"), "bias": np.asfortranarray([4.0])}
        write(path, **state)
        linear = nn.load(nn.Linear(2, 1), path)
        assert linear.weight.data.tolist() == [[3, 3]] and linear.bias.data.tolist() == [4]


def test_the_safetensors_package_reads_a_file_and_writes_one(tmp_path):
    package = pytest.importorskip("safetensors.numpy")
    model, path = Mixed(), tmp_path / "model.safetensors"
    nn.save(model, path)
    found, state = package.load_file(path), model.state_dict()
    assert found.keys() == state.keys()
    assert all(
        np.array_equal(found[k], state[k]) and found[k].dtype == state[k].dtype for k in found
    )
    package.save_file({k: np.asarray(x, order="C") for k, x in state.items()}, path, {"a": "b"})
    other = Mixed(1)
    other.load_state_dict(other.state_dict() | {"scalar": 0.0})
    assert same(nn.load(other, path), model)


# -- PyTorch


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_pytorch_saved_gives_what_it_gave_there(name, tmp_path):
    weights, numbers = files(name)
    model = MODELS[name](Ours)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nn.load(model, weights).eval()
    with np.load(numbers) as found:
        np.testing.assert_allclose(model(found["x"]).data, found["y"], atol=1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_saved_here_is_what_pytorch_would_save(name, tmp_path):
    """Bit for bit, so that it loads there; the last test says so where PyTorch is installed."""
    weights, _ = files(name)
    model = nn.load(MODELS[name](Ours), weights)
    for path, x in model.state_dict().items():  # single precision, as there
        parent, _, attribute = path.rpartition(".")
        owner = dict(model.named_modules())[parent]
        if np.asarray(x).dtype == float and not isinstance(getattr(owner, attribute), nn.Buffer):
            getattr(owner, attribute).data = np.float32(x)
    nn.save(model, tmp_path / "again.safetensors")
    ours, theirs = map(safetensors_arrays, (tmp_path / "again.safetensors", weights))
    assert ours.keys() == theirs.keys()
    for path, x in theirs.items():
        assert ours[path].shape == x.shape and np.array_equal(ours[path], x), path


@pytest.mark.parametrize("name", MODELS)
def test_pytorch_loads_what_was_saved_here(name, tmp_path):
    pytest.importorskip("torch")
    from safetensors.torch import load_model
    from torch import tensor

    path = tmp_path / "model.safetensors"
    ours, theirs = MODELS[name](Ours), MODELS[name](pytorch())
    nn.save(ours, path)
    load_model(theirs, str(path))
    with np.load(files(name)[1]) as found:
        x = found["x"]
    there = theirs.eval()(tensor(x)).detach().numpy()
    np.testing.assert_allclose(there, ours.eval()(x).data, atol=1e-5)


def test_the_paths_of_layers_in_a_row_are_pytorchs():
    model = convolutional(Ours)
    assert list(model.state_dict())[:3] == ["0.weight", "0.bias", "1.weight"]
    assert list(language_model(Ours).state_dict())[:2] == ["embedding.weight", "positions"]

    class Scaled(nn.Sequential):
        def __init__(self):
            super().__init__(nn.Linear(1, 1))
            self.scale = nn.Parameter(1.0)

    assert list(Scaled().state_dict()) == ["0.weight", "0.bias", "scale"]


def test_brain_floats_are_read(tmp_path):
    path = tmp_path / "brain.safetensors"
    halves = (np.float32([[1.5, -2.0]]).view("u4") >> 16).astype("<u2")
    path.write_bytes(framed({"weight": entry("BF16", [1, 2], 0, 4)}, halves.tobytes()))
    assert nn.load(nn.Linear(2, 1, bias=False), path).weight.data.tolist() == [[1.5, -2.0]]


# -- what does not fit


@pytest.mark.parametrize("ending", ENDINGS)
def test_another_architecture(ending, tmp_path):
    path = tmp_path / f"model{ending}"
    nn.save(nn.MLP(2, [3, 4, 1]), path)
    model, before = nn.MLP(2, [5, 1], bias=False, seed=1), nn.MLP(2, [5, 1], bias=False, seed=1)
    with pytest.raises(ValueError) as caught:
        nn.load(model, path)
    for problem in (
        str(path),
        "layers.0.weights has shape (2, 3) instead of (2, 5)",
        "layers.2.weights is not part of it",
        "layers.0.bias is not part of it",
    ):
        assert problem in str(caught.value)
    assert same(model, before)
    with pytest.raises(ValueError, match=r"layers.3.weights is missing"):
        nn.load(nn.MLP(2, [3, 4, 1, 1]), path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_numbers_that_are_rounded_are_told(ending, tmp_path):
    path = tmp_path / f"model{ending}"
    nn.save(nn.Linear(2, 1), path)
    with pytest.warns(UserWarning, match="holds float64 numbers where the Linear has float32, so"):
        nn.load(nn.Linear(2, 1, dtype="f4"), path)
    nn.save(nn.Linear(2, 1, dtype="f4"), path)
    nn.load(nn.Linear(2, 1), path)


@pytest.mark.parametrize(
    ("use", "kind", "says"),
    [
        (lambda path: nn.load(path, nn.Linear(1, 1)), TypeError, r"nn.load\(model, path\)"),
        (lambda path: nn.save(path, nn.Linear(1, 1)), TypeError, r"nn.save\(model, path\)"),
        (lambda path: nn.load(nn.Linear, path), TypeError, "a Module that was built"),
        (lambda path: nn.save(nn.Linear(1, 1), f"{path}.pt"), ValueError, "safetensors.torch.sav"),
        (lambda path: nn.load(nn.Linear(1, 1), "weights"), ValueError, "ends in .npz or .safeten"),
        (lambda path: nn.load(nn.Linear(1, 1), path), FileNotFoundError, "model.npz"),
    ],
)
def test_arguments_that_are_wrong(use, kind, says, tmp_path):
    with pytest.raises(kind, match=says):
        use(tmp_path / "model.npz")
    assert not list(tmp_path.iterdir())


def test_complex_numbers_go_into_npz_files(tmp_path):
    model = nn.Linear(1, 1)
    model.weight = nn.Parameter([[1j]])
    with pytest.raises(ValueError, match=r"save to a \.npz file: weight holds complex128"):
        nn.save(model, tmp_path / "model.safetensors")
    nn.save(model, tmp_path / "model.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


# -- damaged and hostile files


def packed(members, **options):
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", **options) as archive:
        warnings.simplefilter("ignore")  # a name that is there twice
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def npy(array, allow_pickle=False):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array), allow_pickle=allow_pickle)
    return buffer.getvalue()


def claiming(shape, descr="<f8"):
    head = io.BytesIO()
    fields = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, fields)
    return head.getvalue()


class Harmful:
    def __reduce__(self):
        return os.mkdir, ("harm",)


def entry(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def framed(header, numbers=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + numbers


WEIGHT, BIAS = npy([[1.0, 2.0]]), npy([3.0])
GOOD = packed([("weight.npy", WEIGHT), ("bias.npy", BIAS)])
BOMB = packed(
    [("weight.npy", claiming((2**23, 2)) + bytes(2**27))], compression=zipfile.ZIP_DEFLATED
)
TENSORS = framed(
    {"weight": entry("F64", [1, 2], 0, 16), "bias": entry("F64", [1], 16, 24)}, bytes(24)
)
TWICE = b'{"weight": %b, "weight": %b}' % ((json.dumps(entry("F64", [1], 0, 8)).encode(),) * 2)

NOT_WHOLE = "no whole .safetensors file"
HOSTILE = [
    (".npz", b"", "no whole .npz file"),
    (".npz", GOOD[:-1], "no whole .npz file"),
    (".npz", GOOD[: len(GOOD) // 2], "no whole .npz file"),
    (".npz", b"weights: 1, 2, 3", "no whole .npz file"),
    (".npz", npy([1.0]), "no whole .npz file"),
    (".npz", GOOD.replace(npy([3.0])[-8:], b"changed!"), "CRC"),
    (".npz", BOMB, "as in a file made to fill the memory"),
    (".npz", packed([("weight.npy", WEIGHT)] * 2), "no array with a name of its own"),
    (".npz", packed([("../../weight.npy", WEIGHT)]), r"\.\./\.\./weight is not part of it"),
    (".npz", packed([("/etc/weight.npy", WEIGHT)]), "/etc/weight is not part of it"),
    (".npz", packed([("a\x1b[2J.npy", WEIGHT)]), "no array with a name of its own"),
    (".npz", packed([("weight.txt", b"1 2")]), "no array with a name of its own"),
    (".npz", packed([("archive/data.pkl", b"")]), "PyTorch wrote it"),
    (".npz", packed([("weight.npy", npy([Harmful()], True))]), "holds object and no numbers"),
    (".npz", packed([("weight.npy", npy(["text"]))]), "holds <U4 and no numbers"),
    (".npz", packed([("weight.npy", npy(np.zeros(1, "f8,f8")))]), "and no numbers"),
    (".npz", packed([("weight.npy", claiming((10**15,)))]), "and there are 0"),
    (".npz", packed([("weight.npy", claiming((-1, -1)) + bytes(8))]), "no whole .npz file"),
    (".npz", packed([("weight.npy", WEIGHT + b"more")]), "says it holds 16 bytes, and there are 2"),
    (".npz", packed([("weight.npy", b"\x93NUMPY\x09\0")]), "unknown version"),
    (".npz", packed([("weight.npy", b"not an array")]), "no whole .npz file"),
    (".npz", packed([("tree.json.npy", npy(np.frombuffer(b"[" * 10**5, "u1")))]), "no checkpoint"),
    (".npz", packed([("tree.json.npy", npy(np.frombuffer(b"{}", "u1")))]), "no weights of a model"),
    (".safetensors", b"", NOT_WHOLE),
    (".safetensors", TENSORS[:-1], NOT_WHOLE),
    (".safetensors", TENSORS + b"x", NOT_WHOLE),
    (".safetensors", TENSORS[:40], NOT_WHOLE),
    (".safetensors", GOOD, NOT_WHOLE),
    (".safetensors", b"\xff" * 8 + b"{}", NOT_WHOLE),
    (".safetensors", framed(b"not json"), NOT_WHOLE),
    (".safetensors", framed(b"[]"), NOT_WHOLE),
    (".safetensors", framed(b"[" * 10**5), NOT_WHOLE),
    (".safetensors", framed(b"\xff\xfe\xfd"), NOT_WHOLE),
    (".safetensors", framed(TWICE, bytes(8)), "bias is missing"),
    (".safetensors", framed({"weight": 1}), NOT_WHOLE),
    (".safetensors", framed({"weight": {"dtype": "F64"}}), NOT_WHOLE),
    (".safetensors", framed({"a": entry("F8_E5M2", [1], 0, 1)}, b"x"), "holds 'F8_E5M2', which"),
    (".safetensors", framed({"a": entry("F64", [10**12], 0, 8)}, bytes(8)), NOT_WHOLE),
    (".safetensors", framed({"a": entry("F64", [-1, -1], 0, 8)}, bytes(8)), NOT_WHOLE),
    (".safetensors", framed({"a": entry("F64", ["1"], 0, 8)}, bytes(8)), NOT_WHOLE),
    (".safetensors", framed({"a": entry("F64", [1], -8, 0)}, b""), NOT_WHOLE),
    (".safetensors", framed({"a": entry("U8", [2], 0, 2), "b": entry("U8", [2], 1, 3)}, b"abc"),
     NOT_WHOLE),
    (".safetensors", framed({"../weight": entry("F64", [1], 0, 8)}, bytes(8)), "is not part of it"),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "content", "says"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_damaged_or_hostile_file_changes_nothing(ending, content, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / f"model{ending}"
    path.write_bytes(content)
    model = nn.Linear(2, 1, seed=0)
    with pytest.raises(ValueError, match=says) as caught:
        nn.load(model, path)
    assert str(path) in str(caught.value)
    assert same(model, nn.Linear(2, 1, seed=0))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("ending", "content"), [(".npz", GOOD), (".safetensors", TENSORS)], ids=["npz", "safetensors"]
)
@given(data=st.data())
def test_any_damage_is_seen_or_harmless(ending, content, data, tmp_path_factory):
    """One byte changed, or a part cut out: an error of ours, or a model with all its numbers."""
    path = tmp_path_factory.mktemp("damaged") / f"model{ending}"
    start = data.draw(st.integers(0, len(content) - 1))
    stop = data.draw(st.sampled_from([start, start + 1, start + 9, len(content)]))
    new = data.draw(st.binary(min_size=1, max_size=1)) if stop == start + 1 else b""
    path.write_bytes(content[:start] + new + content[stop:])
    model = nn.Linear(2, 1, seed=0)
    try:
        nn.load(model, path)
    except ValueError as error:
        assert str(path) in str(error)
        assert same(model, nn.Linear(2, 1, seed=0))


def test_the_good_files_are_good(tmp_path):
    for ending, content in ((".npz", GOOD), (".safetensors", TENSORS)):
        path = tmp_path / f"model{ending}"
        path.write_bytes(content)
        nn.load(nn.Linear(2, 1), path)


# -- the file on the disk


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_an_error_while_saving_leaves_the_old_file(error, tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    nn.save(nn.Linear(2, 1, seed=0), path)

    def fails(*args):
        raise error

    for place in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, place, fails)
            with pytest.raises(error):
                nn.save(nn.Linear(2, 1, seed=1), path)
        assert list(tmp_path.iterdir()) == [path]
        assert same(nn.load(nn.Linear(2, 1), path), nn.Linear(2, 1, seed=0))


class Interrupt:
    """Raises a KeyboardInterrupt at the beginning of one of the next functions, as signals do."""

    def __init__(self, moment):
        self.left = moment

    def __call__(self, frame, event, arg):
        self.left -= event == "call"
        if not self.left:
            sys.setprofile(None)
            raise KeyboardInterrupt


# what is interrupted while it is being collected, Python only reports
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("ending", ENDINGS)
def test_an_interrupt_at_any_moment_leaves_a_whole_file(ending, tmp_path):
    path = tmp_path / f"model{ending}"
    old, new = nn.Linear(2, 1, seed=0), nn.Linear(2, 1, seed=1)
    moment, ended = 0, False
    while not ended:
        moment += 1
        nn.save(old, path)
        sys.setprofile(Interrupt(moment))
        try:
            nn.save(new, path)
            ended = True
        except KeyboardInterrupt:
            pass
        finally:
            sys.setprofile(None)
        found = nn.load(nn.Linear(2, 1), path)
        assert same(found, new) if ended else same(found, old) or same(found, new)
    assert moment > 20


def test_a_link_stays_a_link(tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    link = tmp_path / "model.npz"
    link.symlink_to(folder / "real.npz")
    nn.save(nn.Linear(2, 1, seed=0), link)
    assert link.is_symlink() and (folder / "real.npz").is_file()


def test_the_new_file_is_written_before_it_gets_its_name(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
