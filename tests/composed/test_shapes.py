"""Functions of shape, joining and padding over all shapes and arguments: NumPy's results, and
gradients held against the definition of a linear map's mirror: ⟨g, f(d)⟩ = ⟨gradient, d⟩."""

import numpy
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
import autograd.numpy
from autograd import Value
from autograd.composed import polynomials
from autograd.composed.ndarray import REFUSED
from tests.numpy.test_namespace import BOTH, parts, same

ARRAYS = st.builds(
    lambda shape, dtype, memory, seed: memory(random(shape, dtype, seed)),
    st.lists(st.integers(1, 4), min_size=0, max_size=3).map(tuple),
    st.sampled_from([numpy.float64, numpy.float32, numpy.complex128]),
    st.sampled_from([lambda x: x, lambda x: x.T, lambda x: x[..., ::-1] if x.ndim else x]),
    st.integers(0, 2**32 - 1),
)
SOME = ARRAYS.filter(lambda x: x.ndim)
MATRICES = ARRAYS.filter(lambda x: x.ndim >= 2)


def random(shape, dtype, seed):
    rng = numpy.random.default_rng(seed)
    x = numpy.asarray(rng.normal(size=shape))
    return (x + 1j * rng.normal(size=shape) if dtype is numpy.complex128 else x).astype(dtype)


def check_linear(np, f, x):
    """Assert NumPy's result, and that the gradient is the mirror of the linear map `f`."""
    v = Value(x)
    found, expected = f(np, v), f(numpy, x)
    same(found, expected, 1e-5)
    rng = numpy.random.default_rng(0)
    d = numpy.zeros_like(x)  # which lies in memory as `x` does
    d[...] = rng.normal(size=x.shape)
    zero = parts(f(numpy, numpy.zeros_like(x)))
    total = there = 0.0
    for y, moved, start in zip(parts(found), parts(f(numpy, d)), zero, strict=True):
        g = numpy.asarray(rng.normal(size=y.shape))
        total = total + np.sum(g * y)
        there += numpy.sum(g * (numpy.asarray(moved) - start))
    np.real(total).backward()
    numpy.testing.assert_allclose(numpy.sum(v.grad * d).real, there.real, rtol=1e-4, atol=1e-4)


@BOTH
@given(x=ARRAYS, order=st.sampled_from("CFA"), data=st.data())
def test_orders(np, x, order, data):
    shape = data.draw(st.sampled_from([(-1,), (x.size, 1), (1, -1), x.shape[::-1]]))
    check_linear(np, lambda np, x: np.reshape(x, shape, order=order), x)
    check_linear(np, lambda np, x: np.ravel(x, order=order), x)


@BOTH
@given(x=MATRICES.filter(lambda x: all(step > 0 for step in x.strides)), swap=st.booleans())
def test_ravel_in_the_order_of_memory(np, x, swap):
    check_linear(np, lambda np, x: np.ravel(np.swapaxes(x, 0, -1) if swap else x, order="K"), x)


@BOTH
@given(x=SOME, data=st.data())
def test_moving_axes(np, x, data):
    axis = st.integers(-x.ndim, x.ndim - 1)
    a, b = data.draw(axis), data.draw(axis)
    start = data.draw(st.integers(-x.ndim, x.ndim))
    check_linear(np, lambda np, x: np.rollaxis(x, a, start), x)
    check_linear(np, lambda np, x: np.moveaxis(x, a, b), x)
    check_linear(np, lambda np, x: np.flip(x, a), x)
    check_linear(np, lambda np, x: np.squeeze(np.expand_dims(x, a), a), x)
    check_linear(np, lambda np, x: np.squeeze(x), x)
    if x.ndim > 1:
        assume((a - b) % x.ndim)
        k = data.draw(st.integers(-5, 5))
        check_linear(np, lambda np, x: np.rot90(x, k, (a, b)), x)
        check_linear(np, lambda np, x: [np.fliplr(x), np.flipud(x)], x)


@BOTH
@given(x=SOME, data=st.data())
def test_cutting(np, x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    places = data.draw(st.lists(st.integers(-5, 5), max_size=3))
    n = data.draw(st.integers(1, 5))
    check_linear(np, lambda np, x: np.split(x, places, axis), x)
    check_linear(np, lambda np, x: np.array_split(x, n, axis), x)
    check_linear(np, lambda np, x: np.hsplit(x, places), x)
    if x.ndim > 1:
        check_linear(np, lambda np, x: np.vsplit(x, places), x)
    if x.ndim > 2:
        check_linear(np, lambda np, x: np.dsplit(x, places), x)
    if hasattr(numpy, "unstack"):
        check_linear(np, lambda np, x: np.unstack(x, axis=axis), x)


@BOTH
@given(x=SOME, data=st.data())
def test_deleting_and_inserting(np, x, data):
    axis = data.draw(st.none() | st.integers(-x.ndim, x.ndim - 1))
    size = x.size if axis is None else x.shape[axis]
    one = st.integers(-size, size - 1)
    obj = data.draw(one | st.lists(one, min_size=1, max_size=3) | st.just(slice(None, None, 2)))
    check_linear(np, lambda np, x: np.delete(x, obj, axis), x)
    check_linear(np, lambda np, x: np.insert(x, obj, 2.0, axis), x)
    check_linear(np, lambda np, x: np.insert(x, obj, x.ravel()[0], axis), x)
    check_linear(np, lambda np, x: np.append(x, x, axis), x)


@BOTH
@given(x=ARRAYS, shape=st.lists(st.integers(1, 5), max_size=3).map(tuple))
def test_resizing(np, x, shape):
    check_linear(np, lambda np, x: np.resize(x, shape), x)


@BOTH
@given(x=ARRAYS)
def test_joining(np, x):
    check_linear(np, lambda np, x: np.atleast_3d(x), x)
    check_linear(np, lambda np, x: np.dstack([x, 2 * x]), x)
    check_linear(np, lambda np, x: np.hstack([x, 2 * x]), x)
    check_linear(np, lambda np, x: np.vstack([x, 2 * x]), x)
    check_linear(np, lambda np, x: np.block([[x, 2 * x], [3 * x, x]]), x)
    if x.ndim <= 2:
        check_linear(np, lambda np, x: np.column_stack([x, 2 * x]), x)
    check_linear(np, lambda np, x: np.stack([x, x], dtype=numpy.complex128), x)


@BOTH
@given(
    x=ARRAYS,
    y=ARRAYS,
    sparse=st.booleans(),
    indexing=st.sampled_from(["xy", "ij"]),
    n=st.integers(1, 3),
)
def test_grids(np, x, y, sparse, indexing, n):
    others = [y.ravel(), numpy.arange(2.0)][: n - 1]
    check_linear(
        np,
        lambda np, x: np.meshgrid(np.ravel(x), *others, sparse=sparse, indexing=indexing)[0],
        x,
    )


@given(x=MATRICES, axis=st.sampled_from([0, -1, (0, 1), (-1, -1)]), n=st.integers(1, 2))
def test_windows(x, axis, n):
    windows = numpy.lib.stride_tricks.sliding_window_view
    shape = n if isinstance(axis, int) else (n, 1)
    assume(min(x.shape) >= 2)
    check_linear(numpy, lambda np, x: windows(x, shape, axis), x)


MODES = [
    {"mode": "constant", "constant_values": 0},
    {"mode": "edge"},
    {"mode": "wrap"},
    {"mode": "reflect"},
    {"mode": "symmetric"},
    {"mode": "reflect", "reflect_type": "odd"},
    {"mode": "symmetric", "reflect_type": "odd"},
    {"mode": "linear_ramp"},
    {"mode": "linear_ramp", "end_values": (1.0, 2.0)},
    {"mode": "mean"},
    {"mode": "mean", "stat_length": 2},
]


@BOTH
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: "-".join(map(str, mode.values())))
@given(x=SOME, data=st.data())
def test_padding(np, mode, x, data):
    # NumPy 2.0 mirrors the mirror of a mirror wrongly
    longest = 3 if numpy.lib.NumpyVersion(numpy.__version__) < "2.1.0" else 9
    width = st.integers(0, longest if mode.get("reflect_type") != "odd" else min(x.shape) - 1)
    widths = [(data.draw(width), data.draw(width)) for _ in range(x.ndim)]
    check_linear(np, lambda np, x: np.pad(x, widths, **mode), x)


@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(1, 4),
    before=st.integers(0, 9),
    after=st.integers(0, 9),
    mode=st.sampled_from(["reflect", "symmetric"]),
)
def test_padding_turned_over_goes_on_like_a_wave_on_a_slope(seed, n, before, after, mode):
    x = numpy.random.default_rng(seed).normal(size=n)
    y = autograd.numpy.pad(Value(x), (before, after), mode=mode, reflect_type="odd").numpy()
    period = 2 * (n - 1) if mode == "reflect" else 2 * n
    rise = 2 * (x[-1] - x[0])
    numpy.testing.assert_allclose(y[before : before + n], x)
    if period:
        numpy.testing.assert_allclose(y[period:], y[: max(y.size - period, 0)] + rise)


def test_padding_that_is_refused():
    for mode in ("empty", lambda vector, *_: None):
        with pytest.raises(TypeError, match=r"write others with np\.concatenate"):
            numpy.pad(Value([1.0]), 1, mode=mode)


def test_bad_arguments():
    for make in (lambda x: numpy.swapaxes(x, 0, 1), lambda x: x.mT):
        with pytest.raises(numpy.exceptions.AxisError, match="out of bounds"):
            make(Value([1.0, 2.0]))
    v = Value([[1.0, 2.0]])
    for call, message in {
        lambda: numpy.fliplr(v[0]): "2 dimensions or more",
        lambda: numpy.reshape(v, 2, order="X"): "order is 'C', 'F' or 'A'",
        lambda: numpy.meshgrid(v, indexing="yx"): "'xy' or 'ij'",
        lambda: numpy.vander(v): r"one axis of numbers, not shape \(1, 2\)",
        lambda: numpy.polyint(v[0], 3, k=[1.0, 2.0]): "takes one constant or 3, not 2",
        lambda: numpy.polyfit(v[0], v[0], 1, cov=True): "leave no freedom",
        lambda: numpy.apply_along_axis(sum, 0, Value(numpy.ones((2, 0)))): "a line at least",
    }.items():
        with pytest.raises(ValueError, match=message):
            call()
    with pytest.raises(TypeError, match="casting='unsafe'"):
        numpy.concatenate([v, v], dtype=int)


# -- polynomials ---------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 5), m=st.integers(1, 4))
def test_division_undoes_multiplication(seed, n, m):
    rng = numpy.random.default_rng(seed)
    a = Value(rng.uniform(0.5, 2, n))
    b = rng.uniform(0.5, 2, m)
    quotient, rest = numpy.polydiv(numpy.polymul(a, b), b)
    numpy.testing.assert_allclose(quotient.numpy(), a.numpy(), rtol=1e-6)
    numpy.testing.assert_allclose(rest.numpy(), numpy.zeros(rest.shape), atol=1e-6)


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 4))
def test_differentiation_undoes_integration_and_roots_are_zeros(seed, n):
    x = numpy.random.default_rng(seed).uniform(0.5, 2, n)
    p = Value(x)
    numpy.testing.assert_allclose(numpy.polyder(numpy.polyint(p, 2, k=[3.0]), 2).numpy(), x)
    zeros = numpy.roots(numpy.poly(p))
    numpy.testing.assert_allclose(
        numpy.polyval(numpy.poly(p), zeros).numpy(), numpy.zeros(n), atol=1e-6
    )


def test_roots_with_zeros_at_both_ends_and_none():
    assert numpy.roots(Value([0.0, 1.0, -2.0, 0.0])).numpy().tolist() == [2.0, 0.0]
    assert polynomials.roots([0.0]).size == polynomials.roots([3.0]).size == 0
    assert polynomials.roots(numpy.array([3.0, 0.0])).tolist() == [0.0]


def test_polynomials_of_a_matrix_and_of_complex_zeros():
    matrix = numpy.array([[0.0, -1.0], [1.0, 0.0]])
    same(numpy.poly(Value(matrix)), numpy.poly(matrix), 1e-12)
    zeros = numpy.array([1j, -1j, 2.0])
    same(numpy.poly(Value(zeros)), numpy.poly(zeros), 1e-12)


# -- the attributes of arrays --------------------------------------------------------------------


def test_every_public_attribute_of_an_array_is_offered_or_refused_with_a_sentence():
    v, x = Value([[1.0, 2.0]]), numpy.array([[1.0, 2.0]])
    for name in dir(numpy.ndarray):
        if name.startswith("_") or not hasattr(x, name):
            continue
        assert name in dir(Value) or name in REFUSED, name
        try:
            getattr(v, name)
        except AttributeError as error:
            assert f"a Value has no .{name}: " in str(error)
            assert not hasattr(v, name)
    for name in ("itemsize", "nbytes", "strides"):
        assert getattr(v, name) == getattr(x, name)


METHODS = {
    "all": lambda x: x.all(),
    "any": lambda x: x.any(axis=0),
    "argmax": lambda x: x.argmax(axis=1),
    "argsort": lambda x: x.argsort(axis=1),
    "astype": lambda x: x.astype(numpy.float32, casting="same_kind", copy=False),
    "compress": lambda x: x.compress([True, False, True], axis=1),
    "conj": lambda x: x.conj(),
    "copy": lambda x: x.copy("F"),
    "flat": lambda x: x.flat[3],
    "flatten": lambda x: x.flatten("F"),
    "mT": lambda x: x.mT,
    "nonzero": lambda x: x.nonzero()[0],
    "ravel": lambda x: x.ravel("F"),
    "reshape": lambda x: x.reshape(3, 2, order="F"),
    "searchsorted": lambda x: x[0].searchsorted(0.0),
    "take": lambda x: x.take([0, 2], axis=1),
}
if numpy.lib.NumpyVersion(numpy.__version__) >= "2.1.0":
    METHODS["reshape copy"] = lambda x: x.reshape((3, 2), copy=True)


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_numpys(name):
    x = numpy.array([[-1.0, 2.0, 3.0], [4.0, -5.0, 6.0]])
    same(METHODS[name](Value(x)), METHODS[name](x), 1e-12)


def test_methods_that_change_in_place():
    x = numpy.array([3.0, 1.0, 2.0])
    leaf = Value(x)
    v = leaf * 1.0
    v.sort()
    v.backward(numpy.array([1.0, 2.0, 3.0]))
    assert v.numpy().tolist() == [1.0, 2.0, 3.0]
    assert leaf.grad.tolist() == [3.0, 1.0, 2.0]
    w = Value(x) * 1.0
    w.partition(1)
    assert w.numpy().tolist() == numpy.partition(x, 1).tolist()
    w.fill(4.0)
    assert w.numpy().tolist() == [4.0, 4.0, 4.0]
    with pytest.raises(TypeError, match="cannot be cast"):
        w.astype(int, casting="safe")
