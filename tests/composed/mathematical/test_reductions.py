"""Reductions with all their options, with and without NaN; of complex numbers, scalars, lists."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import Value
from autograd.engine.dispatch import NUMPY
from autograd.testing import check_gradients
from tests.parity import agrees, distinct, same

SHAPES = st.sampled_from([(3,), (2, 3), (2, 1, 3)])


SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def shapes_and_axes(draw):
    shape = draw(SHAPES)
    one = st.integers(-len(shape), len(shape) - 1)
    several = st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True).map(tuple)
    return shape, draw(st.one_of(st.none(), one, several))


REDUCTIONS = {
    "sum": np.sum,
    "prod": np.prod,
    "mean": np.mean,
    "var": lambda x, **o: np.var(x, ddof=0.5, **o),
    "std": lambda x, **o: np.std(x, ddof=0.5, **o),
    "max": lambda x, **o: np.max(x, initial=-99.0, **o),
    "min": lambda x, **o: np.min(x, initial=99.0, **o),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REDUCTIONS)
@settings(max_examples=10)
@given(case=shapes_and_axes(), keepdims=st.booleans(), seed=SEEDS)
def test_where(name, case, keepdims, seed):
    (shape, axis), rng = case, np.random.default_rng(seed)
    x, mask = distinct(rng, shape), np.ones(shape, dtype=bool)
    assume(np.size(np.sum(x, axis)) < x.size)  # so that leaving one out leaves another
    mask[(-1,) * len(shape)] = False
    agrees(lambda x: REDUCTIONS[name](x, axis=axis, keepdims=keepdims, where=mask), x)


INTEGERS = [np.int64, np.int8, np.uint8, bool]


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("name", ["max", "min", "sum", "prod"])
@pytest.mark.parametrize("axis", [None, 1])
@pytest.mark.parametrize("options", [{}, {"where": [[True, False, True], [False, False, True]]}])
def test_reductions_of_integers_from_a_number_are_integers(name, dtype, axis, options):
    x = np.array([[1, 0, 3], [0, 0, 1]]).astype(dtype)
    reduce = getattr(np, name)
    for initial in (0, 1):
        expected = reduce(x, axis, initial=initial, **options)
        result = reduce(Value(x), axis, initial=initial, **options)
        assert np.array_equal(result, expected) and result.dtype == expected.dtype


NAN = {
    "nansum": np.nansum,
    "nanprod": np.nanprod,
    "nanmean": np.nanmean,
    "nanvar": lambda x, **o: np.nanvar(x, ddof=0.5, **o),
    "nanmax": np.nanmax,
    "nanmin": np.nanmin,
    "nanmedian": np.nanmedian,
    "nanquantile": lambda x, **o: np.nanquantile(x, [0.2, 0.7], **o),
    "nanpercentile": lambda x, **o: np.nanpercentile(x, 30, **o),
}


def holes(x, rng):
    """Put NaN into some places, never into all along an axis."""
    x = x.copy()
    x[rng.random(x.shape) < 0.4] = np.nan
    return np.concatenate([x, distinct(rng, x.shape) / 7], axis=0) if x.ndim else x


@pytest.mark.slow
@pytest.mark.parametrize("name", NAN)
@settings(max_examples=10)
@given(keepdims=st.booleans(), axis=st.sampled_from([None, 0, -2, (0, 1)]), seed=SEEDS)
def test_nan_is_passed_over(name, keepdims, axis, seed):
    rng = np.random.default_rng(seed)
    x = holes(distinct(rng, (2, 3)), rng)

    def f(x):
        return NAN[name](x, axis=axis, keepdims=keepdims)

    same(f, x)
    same(f, x.astype(np.float32), rtol=1e-5)
    numbers = ~np.isnan(x)

    def of_numbers(v):  # finite differences of what is a number
        y = Value(x) if isinstance(v, Value) else x.copy()
        y[numbers] = v
        return f(y)

    check_gradients(of_numbers, x[numbers], modes=("reverse",))


@pytest.mark.parametrize(
    "f",
    [np.nansum, np.nanmean, np.nanvar, np.nanstd, np.nanmax, np.nanmedian, np.nanprod,
     lambda x: np.nancumsum(x)[-1], lambda x: np.nancumprod(x)[-1]],
)  # fmt: skip
def test_nan_gets_no_gradient(f):
    v = Value([1.0, np.nan, 2.5])
    f(v).backward()
    assert v.grad[1] == 0
    assert np.isfinite(v.grad).all()
    assert v.grad.any()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", [np.nanmean, np.nanmax, np.nanmedian, np.nanstd, np.nanmin])
def test_nothing_but_nan_is_nan(f):
    assert np.isnan(f(Value([np.nan, np.nan])).data)


def test_nan_options():
    x = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, np.nan]])
    mask = np.array([True, True, False])
    for f in (
        lambda x: np.nansum(x, axis=1, initial=2.0),
        lambda x: np.nanmean(x, axis=1, where=mask),
        lambda x: np.nanmax(x, axis=1, initial=2.0),
        lambda x: np.nanmin(x, axis=0, initial=2.0, where=mask),
        lambda x: np.nancumsum(x, axis=1),
        lambda x: np.nancumprod(x),
        lambda x: np.nanstd(x, axis=0),
    ):
        same(f, x)


OPTIONS = {
    "sum dtype": lambda x: np.sum(x, axis=0, dtype=np.float64),
    "mean dtype": lambda x: np.mean(x, dtype=np.float64),
    "var dtype": lambda x: np.var(x, axis=1, dtype=np.float64),
    "var mean": lambda x: np.var(x, axis=1, mean=np.mean(x, axis=1, keepdims=True)),
    "std mean": lambda x: np.std(x, axis=1, mean=np.mean(x, axis=1, keepdims=True)),
    "cumsum dtype": lambda x: np.cumsum(x, 0, np.float64),
    "cumprod": lambda x: np.cumprod(x, axis=1),
    "initial": lambda x: np.sum(x, axis=0, initial=2.0),
    "prod initial": lambda x: np.prod(x, axis=0, initial=2.0),
    "max initial": lambda x: np.max(x, axis=0, initial=2.0),
    "min of nothing": lambda x: np.min(x[:0], axis=0, initial=3.0) + x[0],
    "ptp": lambda x: np.ptp(x),
    "ptp axis": lambda x: np.ptp(x, axis=1, keepdims=True),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_options(name):
    agrees(OPTIONS[name], distinct(np.random.default_rng(3), (2, 3)))


if hasattr(np, "cumulative_sum"):

    @pytest.mark.parametrize("f", [np.cumulative_sum, np.cumulative_prod])
    def test_cumulatives(f):
        x = distinct(np.random.default_rng(0), (2, 3))
        agrees(lambda x: f(x, axis=1, include_initial=True), x)
        agrees(lambda x: f(x[0]), x)
        with pytest.raises(ValueError, match="2 axes"):
            f(Value(x))


MASK = np.array([True, False, True, True])


COMPLEX = {
    "sum": lambda z: np.sum(z, axis=0, where=MASK),
    "mean": lambda z: np.mean(z, axis=1, where=MASK),
    "prod": lambda z: np.prod(z, axis=1, where=MASK),
    "var": lambda z: np.var(z, axis=1, where=MASK),
    "std": lambda z: np.std(z, axis=1, where=MASK),
    "nanvar": np.nanvar,
    "cumprod": lambda z: np.cumprod(z, axis=1),
    "cumprod with a zero": lambda z: np.cumprod(z * MASK),
    "max": lambda z: np.max(z, axis=1),
    "sort": np.sort,
    "median": lambda z: np.median(z, axis=1),
    "convolve": lambda z: np.convolve(z[0], z[1]),
    "correlate": lambda z: np.correlate(z[0], z[1, :2], "full"),
    "interp": lambda z: np.interp([0.2, 1.3], [0, 1, 2, 3], z[0]),
    "cov": np.cov,
    "corrcoef": np.corrcoef,
    "average": lambda z: np.average(z, weights=z),
    "gradient": lambda z: np.gradient(z)[0],
    "trapezoid": np.trapezoid,
    "piecewise": lambda z: np.piecewise(z, [MASK * np.ones((2, 1)) > 0], [np.exp, np.sin]),
}


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_numbers(name):
    rng = np.random.default_rng(0)
    z = rng.normal(size=(2, 4)) + 1j * rng.normal(size=(2, 4))
    same(COMPLEX[name], z)
    check_gradients(COMPLEX[name], z, order=1, modes=("reverse",))


def test_lists_of_values():
    x = Value(2.0)
    answer = {f: NUMPY[f] for f in (np.sum, np.mean, np.std, np.max, np.nanmean, np.median)}
    for f, ours in answer.items():
        assert ours([x, 3 * x, 1.0]).data == pytest.approx(f([2.0, 6.0, 1.0]))


def test_empty_arrays():
    x = Value(np.zeros((0, 3)))
    for f in (np.sum, np.prod, np.nansum, np.cumsum):
        y = f(x, axis=0)
        np.testing.assert_array_equal(y.numpy(), f(np.zeros((0, 3)), axis=0))


SCALARS = [
    np.median, np.cumsum, np.ptp, np.nansum, np.nanstd, np.nanmax, np.nanmedian, np.average,
    np.add.reduce, np.maximum.reduce, np.i0, np.fix, np.round, np.angle, np.sinc, np.nan_to_num,
    np.cov, np.ediff1d, np.real_if_close, lambda v: np.quantile(v, 0.5), lambda v: np.take(v, 0),
    lambda v: np.add.outer(v, v), lambda v: np.max(v, initial=1.0), lambda v: np.clip(v, 0, 1),
    lambda v: np.interp(v, [1.0, 4.0], [2.0, 3.0]), lambda v: np.convolve(v, [1.0, 2.0]),
]  # fmt: skip


@pytest.mark.parametrize("f", SCALARS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # a covariance of one observation
@pytest.mark.parametrize("x", [3.0, np.float32(2.5)])
def test_scalars(f, x):
    y, expected = f(Value(x)), f(x)
    np.testing.assert_allclose(y.data, expected, rtol=1e-6)
    assert y.shape == np.shape(expected)
    assert y.dtype == np.asarray(expected).dtype
    y.backward(np.ones(y.shape, y.dtype))


def test_ties_are_broken_as_documented():
    v = Value([2.0, 2.0, 1.0, 2.0])
    np.maximum.accumulate(v).sum().backward()
    assert v.grad.tolist() == [1, 2, 0, 1]
    v.zero_grad()
    np.nanmax(v).backward()
    np.testing.assert_allclose(v.grad, [1 / 3, 1 / 3, 0, 1 / 3])
    v.zero_grad()
    np.median(v).backward()  # of equal entries the first ranks lowest: 1, 2a, 2b, 2c
    assert v.grad.tolist() == [0.5, 0.5, 0, 0]


def test_errors_of_reductions():
    v = Value([1.0, 2.0])
    with pytest.raises(ValueError, match="needs initial="):
        np.max(v, where=[True, False])
    with pytest.raises(TypeError, match="out="):
        np.sum(v, None, None, np.zeros(()))
    with pytest.raises(TypeError, match="no derivative in q"):
        np.quantile(v, Value(0.5))
    assert np.sum(v, out=None).data == 3
