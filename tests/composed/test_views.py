"""Which results share memory, and how they lie in it: as NumPy's do."""

import copy

import numpy as np
import pytest

from autograd import Value
from autograd.engine.primitive import PRIMITIVES
from autograd.testing import check_gradients

windows = np.lib.stride_tricks.sliding_window_view
X = np.arange(1.0, 10.0).reshape(3, 3)
FOLLOW = {
    "broadcast_to": lambda x: np.broadcast_to(x, (2, 3, 3)),
    "broadcast_arrays": lambda x: np.broadcast_arrays(x, np.zeros((2, 1, 1)))[0],
    "diagonal": lambda x: np.diagonal(x, 1),
    "diag": lambda x: np.diag(x),
    "linalg.diagonal": lambda x: np.linalg.diagonal(x),
    "meshgrid": lambda x: np.meshgrid(x[0], x[1], copy=False)[1],
    "sliding windows": lambda x: windows(x, 2, axis=1),
    "einsum": lambda x: np.einsum("ij->ji", x),
    "einsum of a diagonal": lambda x: np.einsum("ii->i", x),
    "real": lambda x: x.real,
    "nan_to_num": lambda x: np.nan_to_num(x, copy=False),
}
STAY = {
    "ravel": lambda x: x[::2, ::2].ravel(),
    "ravel of a row": lambda x: x[0, ::2].ravel(),
    "flatten": lambda x: x.flatten(),
    "flat": lambda x: x.flat[0:2],
    "a reduction of one row": lambda x: np.subtract.reduce(x[:1]),
    "a running one": lambda x: np.subtract.accumulate(x[:1]),
    "slices of one row": lambda x: np.subtract.reduceat(x, [0, 1]),
    "nan_to_num": lambda x: np.nan_to_num(x),
    "positive": lambda x: +x,
    "imag": lambda x: x.imag,
}


@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("name", FOLLOW)
def test_views_follow_their_base(name, order):
    x = np.array(X, order=order)
    v = Value(x) * 1.0
    theirs, ours = FOLLOW[name](x), FOLLOW[name](v)
    x[...] = v[...] = -2 * X
    assert ours.numpy().tolist() == theirs.tolist()
    assert ours.strides == theirs.strides


@pytest.mark.parametrize("name", STAY)
def test_copies_stay(name):
    v = Value(X) * 1.0
    expected, found = STAY[name](X.copy()), STAY[name](v)
    v[...] = 0.0
    assert found.numpy().tolist() == expected.tolist()


@pytest.mark.parametrize("name", FOLLOW)
def test_gradients_of_views(name):
    check_gradients(lambda x: np.sin(FOLLOW[name](1.0 * x)), X / 10, modes=("reverse",))


def test_real_numbers_are_their_own_real_part():
    v = Value([1.0, 2.0])
    assert v.real is np.real(v) is v.conj() is v


def test_the_rows_that_cannot_be_written_to_say_so():
    read_only = {name for name, op in PRIMITIVES.items() if op.read_only}
    assert read_only == {"broadcast_to", "diagonal", "windows", "imag_of_reals"}


LAYOUTS = {
    "copy in Fortran's order": lambda x: x.copy(order="F"),
    "np.copy": lambda x: np.copy(x),
    "astype": lambda x: x.astype(complex, order="F"),
    "like": lambda x: np.zeros_like(x),
    "take": lambda x: np.take(x, [0, -1], axis=1),
    "quantiles": lambda x: np.quantile(x, [0.25, 0.5], axis=1),
    "a constant in another order": lambda x: x * np.asfortranarray(X),
    "accumulate": lambda x: np.subtract.accumulate(x, axis=1),
    "reduceat": lambda x: np.subtract.reduceat(x, [0, 2], axis=1),
}


@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("name", LAYOUTS)
def test_results_lie_in_memory_as_those_of_numpy(name, order):
    x = np.array(X, order=order)
    assert LAYOUTS[name](Value(x)).strides == LAYOUTS[name](x).strides


def test_new_data_is_copied():
    a = np.array([1.0, 2.0])
    v, w = Value([0.0, 0.0]), Value([0.0, 0.0])
    v.data = a
    w.data = a
    v.data[0] = 9.0
    assert (a.tolist(), w.data.tolist()) == ([1, 2], [1, 2])
    rows = Value(np.zeros((2, 2), order="F"))
    rows.data = np.ones((2, 2))
    assert rows.strides == (8, 16)


def test_a_copy_has_gradients_of_its_own():
    v = Value([1.0, 2.0])
    (v * v).sum().backward(create_graph=True)
    other = copy.deepcopy(v)
    other.grad[...] = 0.0
    assert v.grad.numpy().tolist() == [2, 4]


def test_reductions_begin_with_the_identity():
    assert np.hypot.reduce(Value([-3.0])).data == np.hypot.reduce([-3.0]) == 3.0
    assert np.logical_and.reduce(Value([2.0, 3.0])).dtype == bool
    with pytest.raises(ValueError, match="runs along one axis"):
        np.subtract.reduce(Value(X), axis=None)
    with pytest.raises(TypeError):
        np.floor_divide.reduce(Value([1j]))


def test_results_are_written_only_where_they_fit():
    v, w = Value([1.0, 2.0]), Value(np.array([1, 2]))
    with pytest.raises(ValueError, match="does not fit out="):
        np.add.reduce(v, out=v)
    with pytest.raises(TypeError, match=r"cannot be written into out= of int64"):
        np.multiply(v, 0.5, out=w)
    with pytest.raises(TypeError, match=r"np.copyto cannot write float64 into int64"):
        np.copyto(w, v)
    with pytest.raises(TypeError, match=r"np.putmask does not round"):
        np.putmask(w, w > 0, v)
    assert (v.numpy().tolist(), w.numpy().tolist()) == ([1, 2], [1, 2])


# -- real and imaginary parts of complex numbers, which can be written to --------------------------

PARTS = {
    "real": lambda y: y.real,
    "imag": lambda y: y.imag,
    "backwards": lambda y: y[::-1].imag,
    "np.real, some": lambda y: np.real(y)[1:],
    "imag, backwards": lambda y: np.imag(y)[::-1],
    "a column": lambda y: y.reshape(1, 3).T.imag[:, 0],
}


def written_to(v, y, z, r):
    v[...] = r[: len(v)] ** 2


def multiplied(v, y, z, r):
    v *= r[: len(v)]


def by_itself(v, y, z, r):
    v[0] = r[0] * v[-1]
    v += r[: len(v)]


def through_a_view(v, y, z, r):
    u = v[:2]
    u[...] = np.sin(u) * r[:2]
    y[1] = y[0] * z[2]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("change", [written_to, multiplied, by_itself, through_a_view])
def test_writing_to_a_part_of_complex_numbers(part, change):
    def f(z, r):
        y = z * (1 + 0.5j)
        v = PARTS[part](y)
        change(v, y, z, r)
        weights = np.array([1, 2j, 3.0])
        return np.sum(np.real(y * y * weights) + np.abs(y) ** 2) + np.sum(v * v * v)

    rng = np.random.default_rng(0)
    z, r = rng.normal(size=3) + 1j * rng.normal(size=3), rng.normal(size=3)
    assert f(Value(z), Value(r)).data == pytest.approx(f(z, r))
    check_gradients(f, z, r)
