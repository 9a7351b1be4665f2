"""Data: batches, splits and folds, and files; what is no data is refused, with what to do."""

import gzip
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

import nn
from autograd import Value
from nn.data.batching import Task

SEEDS = st.integers(0, 2**32 - 1)


def data_of(rows, columns=2):
    return np.arange(float(rows * columns)).reshape(rows, columns), np.arange(rows)


# -- batches


@given(st.integers(1, 40), st.integers(1, 12), st.booleans(), st.integers(0, 3), SEEDS)
def test_each_epoch_holds_each_sample_once(rows, size, shuffle, workers, seed):
    X, y = data_of(rows)
    data = nn.data.batches(X, y, size, seed=seed, shuffle=shuffle, workers=workers)
    for _ in range(2):
        found = list(data)
        assert len(found) == len(data) and {len(b) for _, b in found[:-1]} <= {size}
        labels = np.concatenate([b for _, b in found])
        assert sorted(labels) == list(range(rows))
        assert np.array_equal(np.concatenate([a for a, _ in found]), X[labels])
        assert shuffle or list(labels) == list(range(rows))


@given(SEEDS, st.integers(0, 3))
def test_orders_are_drawn_from_the_seed_and_can_be_restored(seed, workers):
    def epoch(data):
        return [y.tolist() for _, y in data]

    data = nn.data.batches(*data_of(30), 7, seed=seed)
    again = nn.data.batches(*data_of(30), 7, seed=seed, workers=workers)
    first, state = epoch(data), data.rng.bit_generator.state
    second, third = epoch(data), epoch(data)
    assert [first, second, third] == [epoch(again) for _ in range(3)]
    assert first != second != third
    data.rng.bit_generator.state = state
    assert [second, third] == [epoch(data), epoch(data)]


@given(st.integers(1, 40), st.integers(1, 12), st.booleans(), st.booleans(), st.integers(1, 300))
def test_stacked_batches_are_those_of_a_loop(rows, size, shuffle, drop_last, most):
    x, y = np.arange(2.0 * rows).reshape(rows, 2), np.arange(rows)
    settings = {"seed": 0, "shuffle": shuffle, "drop_last": drop_last and rows >= size}
    one, other = (nn.data.batches(x, y, size, **settings) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nn.data.batching.STACKED", most)
        for _ in range(2):
            found = [batch for many in one.stacked() for batch in zip(*many, strict=True)]
            for batch, same in zip(found, other, strict=True):
                for mine, theirs in zip(batch, same, strict=True):
                    np.testing.assert_array_equal(mine, theirs)
                    assert mine.dtype == theirs.dtype and mine.flags.c_contiguous


def test_the_last_batch_can_be_left_out():
    data = nn.data.batches(*data_of(10), 4, drop_last=True)
    assert len(data) == len(list(data)) == 2
    with pytest.raises(ValueError, match="drop_last=True leaves nothing of 3 samples in batches"):
        nn.data.batches(*data_of(3), 4, drop_last=True)


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_a_transform_draws_the_same_whatever_the_threads(workers):
    def noisy(x, y, rng):
        return x + rng.normal(size=x.shape), 2 * y

    def epochs(workers):
        data = nn.data.batches(*data_of(20), 3, seed=1, transform=noisy, workers=workers)
        return [(x.tolist(), y.tolist()) for _ in range(2) for x, y in data]

    found = epochs(workers)
    assert found == epochs(0)
    assert found[0] != found[7]


def test_threads_prepare_ahead_and_end_with_the_loop():
    before, names, go_on = threading.active_count(), set(), threading.Event()

    def waits(x, y):
        names.add(threading.current_thread().name)
        assert y == 0 or go_on.wait(60)
        return x, y

    data = nn.data.batches(*data_of(100), 1, shuffle=False, transform=waits, workers=3)
    for _, y in data:
        assert y == 0 and threading.active_count() == before + 3
        go_on.set()
        break
    assert threading.active_count() == before
    assert len(list(data)) == 100 and threading.active_count() == before
    assert threading.current_thread().name not in names


def test_each_batch_draws_its_own_numbers():
    data = nn.data.batches(np.ones(8), size=2, seed=0, transform=lambda x, rng: rng.random())
    draws = [*data, *data]
    assert len(set(draws)) == 8


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_in_a_thread_reaches_the_caller(workers):
    before = threading.active_count()

    def fails(x, y):
        if 5 in y:
            raise LookupError("sample 5")
        return x, y

    data = nn.data.batches(*data_of(20), 2, shuffle=False, transform=fails, workers=workers)
    seen = []
    with pytest.raises(LookupError, match="sample 5"):
        seen.extend(y.tolist() for _, y in data)
    assert threading.active_count() == before
    assert seen == [[0, 1], [2, 3]]


def test_threads_end_even_if_an_error_of_the_loop_is_kept():
    before, kept = threading.active_count(), None
    try:
        for _ in nn.data.batches(*data_of(100), 1, workers=2):
            raise LookupError
    except LookupError as error:
        kept = error
    for thread in threading.enumerate():
        if isinstance(thread, Task):
            thread.join(10)
    assert kept is not None and threading.active_count() == before


def test_threads_run_in_the_modes_of_the_loop():
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        list(nn.data.batches(np.zeros(3), transform=lambda x: 1 / x, workers=1))


def test_inputs_may_be_several_and_of_many_kinds():
    X = {"words": [[1, 2], [3, 4]], "size": (0.5, 1.5)}
    ((x, y),) = nn.data.batches(X, Value([1.0, 2.0]), shuffle=False)
    assert x["words"].tolist() == [[1, 2], [3, 4]] and x["size"].tolist() == [0.5, 1.5]
    assert y.tolist() == [1.0, 2.0]
    ((a, b),) = nn.data.batches((np.ones(2), np.zeros((2, 3))))
    assert a.shape == (2,) and b.shape == (2, 3)
    assert next(iter(nn.data.batches([[1, 2], [3, 4]], shuffle=False))).tolist() == [[1, 2], [3, 4]]


def test_frames_and_series():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [1, 2, 3], "b": [True, False, True]}, index=[7, 8, 9])
    series = pd.Series([1, 0, 1], index=[7, 8, 9], dtype="Int64")
    ((x, y),) = nn.data.batches(frame, series, shuffle=False)
    assert x.tolist() == [[1, 1], [2, 0], [3, 1]] and x.dtype == float
    assert y.tolist() == [1, 0, 1] and y.dtype == np.int64
    training, _ = nn.data.split(frame, series, 0.3, seed=0, stratify=series)
    assert training[0].shape == (2, 2)
    with pytest.raises(TypeError, match=r"and name holds others: pd.get_dummies\(frame\)"):
        nn.data.batches(frame.assign(name="x"))
    with pytest.raises(ValueError, match=r"y\[1\] is nan"):
        nn.data.batches(frame, pd.Series([1, None, 1], dtype="Int64"))


def test_rows_of_tables_pair_by_position():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [4.0, 5.0, 6.0]}, index=[7, 8, 9])
    shuffled, target = frame.iloc[[2, 0, 1]], frame["a"] * 2
    for call in (nn.data.batches, nn.data.split, lambda *both: next(nn.data.folds(*both, 2))):
        with pytest.raises(ValueError, match=r"^write y\.loc\[X\.index\]: X and y have the same"):
            call(shuffled, target)
        call(shuffled, target.loc[shuffled.index])
        (
            call(shuffled, target.to_list()),
            call(shuffled.to_numpy(), target),
            call(shuffled, target.set_axis([1, 2, 3])),
        )


def test_losses_take_tables_as_targets():
    pd = pytest.importorskip("pandas")
    target, output = pd.Series([1.0, -1.0, 1.0]), Value([0.5, 1.5, 2.0])
    losses = [nn.squared_error, nn.absolute_error, nn.huber, nn.hinge, nn.cosine_distance]
    for loss in losses:
        assert loss(output, target).item() == loss(output, target.to_numpy()).item()
    assert nn.cross_entropy(Value([[0.0, 1.0]]), pd.Series([1], index=[5])).item() > 0
    frame = pd.DataFrame({"a": [1.0, 2.0]})
    assert nn.squared_error(nn.Linear(1, 1)(frame), frame).item() >= 0


def test_pandas_is_not_imported_for_other_data():
    program = """if True:
        import sys, nn
        list(nn.data.batches([[1.0]], [2.0]))
        assert not {"pandas", "tqdm", "safetensors", "sklearn"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_progress_bar(capsys):
    assert len(list(nn.data.batches(*data_of(10), 2, progress=True))) == 5
    assert "5/5" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("X", "y", "kind", "says"),
    [
        ([[1.0], [np.nan]], None, ValueError, r"X\[1, 0\] is nan \(1 of 2"),
        ([[1.0]], [np.inf], ValueError, r"y\[0\] is inf"),
        ([], [], ValueError, "the data set is empty"),
        (np.ones((0, 3)), None, ValueError, "the data set is empty"),
        ({}, None, ValueError, "the data set is empty"),
        ([[1.0], [2.0]], [1], ValueError, "X has 2 and y has 1"),
        ({"a": [1], "b": [1, 2]}, None, ValueError, "as many samples, one a row: X has 1, 2"),
        ([[1.0], [2.0, 3.0]], None, ValueError, "X has rows of different lengths"),
        (["cat", "dog"], None, TypeError, "names, X = np.unique"),
        (np.ma.masked_array([1.0, 2.0], [0, 1]), None, ValueError, r"write X\.filled\(0\.0\)"),
        (csr_array([[1.0]]), None, TypeError, r"write X\.toarray\(\)"),
        ([[1.0]], ["cat"], TypeError, "names, y = np.unique"),
        ({"a": [None]}, None, TypeError, r"X\['a'\] should hold numbers"),
        (3.0, None, TypeError, "a row for each sample, not float64"),
        (np.array(["2020-01-01"], "M8[D]"), None, TypeError, "not datetime64"),
        (object(), None, TypeError, "X should hold numbers"),
    ],
)
def test_what_is_no_data(X, y, kind, says):
    for use in (nn.data.batches, nn.data.split, lambda X, y: nn.data.folds(X, y, 2)):
        with pytest.raises(kind, match=says):
            use(X, y)


@pytest.mark.parametrize("size", [0, -1, 2.5, None])
def test_a_batch_has_a_size(size):
    with pytest.raises(ValueError, match="size, the number of samples in a batch"):
        nn.data.batches([1.0], size=size)


# -- parts


@given(st.integers(2, 40), st.floats(0.05, 0.95), st.integers(1, 4), SEEDS)
def test_a_split_takes_each_sample_once_and_its_share_of_each_class(rows, share, classes, seed):
    X, y = data_of(rows)
    labels = np.random.default_rng(seed).integers(0, classes, rows)
    count = round(rows * share)
    if not 0 < count < rows:
        with pytest.raises(ValueError, match="leaves one of the two parts empty"):
            nn.data.split(X, y, share)
        return
    (X1, y1), (X2, y2) = nn.data.split(X, y, share, seed=seed, stratify=labels)
    assert sorted([*y1, *y2]) == list(y) and len(y2) == count
    assert np.array_equal(X1, X[y1]) and np.array_equal(X2, X[y2])
    assert list(y1) == sorted(y1)
    for label in range(classes):
        wanted = count / rows * np.sum(labels == label)
        assert abs(np.sum(labels[y2] == label) - wanted) < 1 + 1e-9


@given(st.integers(2, 30), st.integers(2, 6), st.integers(1, 3), SEEDS)
def test_folds_validate_each_sample_once(rows, k, classes, seed):
    X, y = data_of(rows)
    labels = np.random.default_rng(seed).integers(0, classes, rows)
    if k > rows:
        with pytest.raises(ValueError, match="between 2 and the number of samples"):
            nn.data.folds(X, y, k)
        return
    parts = list(nn.data.folds(X, y, k, seed=seed, stratify=labels))
    assert sorted(np.concatenate([test for _, (_, test) in parts])) == list(y)
    for (_, training), (_, validation) in parts:
        assert sorted([*training, *validation]) == list(y)
    for label in range(classes):
        counts = [np.sum(labels[validation] == label) for _, (_, validation) in parts]
        assert max(counts) - min(counts) <= 1


def test_parts_of_inputs_alone_and_of_several():
    (X, y), (rest, none) = nn.data.split({"a": np.arange(4)}, share=0.5, seed=0)
    assert y is none is None and sorted([*X["a"], *rest["a"]]) == [0, 1, 2, 3]
    assert len(nn.data.batches(X, y, 1)) == 2


def test_parts_are_reproducible_and_drawn():
    drawn = [nn.data.split(*data_of(50), seed=seed)[1][1].tolist() for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_classes_for_each_sample():
    with pytest.raises(ValueError, match=r"a class for each of 4 samples, not have shape \(3,\)"):
        nn.data.split(*data_of(4), 0.5, stratify=[0, 1, 0])


# -- files


def idx(array, code):
    head = bytes([0, 0, code, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return head + array.tobytes()


ARRAYS = {
    8: np.arange(6, dtype="u1").reshape(2, 3),
    9: np.arange(-3, 3, dtype="i1"),
    11: np.arange(4, dtype=">i2"),
    12: np.arange(4, dtype=">i4").reshape(1, 2, 2),
    13: np.array([0.5, 1.5], ">f4"),
    14: np.array([[np.pi]], ">f8"),
}


@pytest.mark.parametrize("code", ARRAYS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_idx_files_of_every_kind(code, pack, tmp_path):
    path, array = tmp_path / "file", ARRAYS[code]
    path.write_bytes(pack(idx(array, code)))
    found = nn.data.read_idx(path)
    assert found.dtype == array.dtype.newbyteorder("=") and found.tolist() == array.tolist()


WHOLE = idx(ARRAYS[8], 8)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "begins with , not with 00 00"),
        (b"\x89PNG\r\n", "begins with 89 50 4e 47"),
        (b"\0\0\x07\x01" + bytes(4), "begins with 00 00 07 01"),
        (WHOLE[:9], "ends within the lengths"),
        (WHOLE[:-1], "holds 6 bytes of numbers, and there are 5"),
        (WHOLE + b"x", "and there are more"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "for which it is too small"),
        (gzip.compress(b"\0\0\x08\x01\xff\xff\xff\xff"), "holds 4,294,967,295 bytes, for which"),
        (gzip.compress(WHOLE)[:-9], "no whole IDX file"),
        (gzip.compress(WHOLE)[:12] + b"\xff\xff" + gzip.compress(WHOLE)[14:], "no whole IDX file"),
        (gzip.compress(WHOLE + bytes(10**6)), "and there are more"),
    ],
    ids=range(11),
)
def test_damaged_and_hostile_idx_files(content, says, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=says):
        nn.data.read_idx(path)


def mnist_like(folder, images=3, labels=3):
    for part in ("train", "t10k"):
        pixels = np.full((images, 2, 2), 255, "u1")
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(pixels, 8)))
        (folder / f"{part}-labels.idx1-ubyte").write_bytes(idx(np.arange(labels, dtype="u1"), 8))


def test_the_files_of_mnist(tmp_path):
    mnist_like(tmp_path)
    (images, labels), (test_images, _) = nn.data.mnist(tmp_path)
    assert images.shape == test_images.shape == (3, 2, 2)
    assert images.dtype == np.float32 and images.max() == 1.0
    assert labels.tolist() == [0, 1, 2] and labels.dtype == int
    mnist_like(tmp_path, labels=4)
    with pytest.raises(ValueError, match="train should hold as many images as labels"):
        nn.data.mnist(tmp_path)
    (tmp_path / "t10k-labels.idx1-ubyte").unlink()
    mnist_like(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"no t10k-images-idx3-ubyte.gz in"):
        nn.data.mnist(tmp_path)


def test_csv(tmp_path):
    path = tmp_path / "iris.csv"
    path.write_text("\ufefflength,width,name\n1,2.5,setosa\n\n3,4e-1,virginica\n", "utf-8")
    X, y = nn.data.read_csv(path, "name")
    assert X.tolist() == [[1, 2.5], [3, 0.4]] and y.tolist() == ["setosa", "virginica"]
    assert nn.data.read_csv(path, -1)[1].tolist() == ["setosa", "virginica"]
    path.write_text("1;2\n3;4\n")
    assert nn.data.read_csv(path, delimiter=";").tolist() == [[1, 2], [3, 4]]
    assert nn.data.read_csv(path, 0, ";")[1].tolist() == [1, 3]


@pytest.mark.parametrize(
    ("text", "target", "says"),
    [
        ("", None, "is empty"),
        ("a,b\n1,2\n3\n", None, "line 3 has 1 cells instead of 2"),
        ("a,b\n1,2\n\n3,x\n", None, "line 4, column b holds 'x', which is no number"),
        ("a,b\n1,\n", None, "line 2, column b holds ''"),
        ("a,b\n1,2\n", "c", "has no column 'c'; it has a, b"),
        ("a,b\n1,2\n", 2, "has no column 2"),
    ],
)
def test_csv_files_that_are_not_numbers(text, target, says, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=says):
        nn.data.read_csv(path, target)
