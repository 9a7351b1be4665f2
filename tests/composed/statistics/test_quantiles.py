"""Medians and quantiles: NumPy's values, and gradients that go where they were read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value
from tests.parity import agrees, distinct, same

METHODS = """
    linear inverted_cdf averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen
    weibull median_unbiased normal_unbiased lower higher midpoint nearest
""".split()


AXES = st.sampled_from([None, 0, 1, -1, (0, 2), (1, 0, 2)])
SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.slow
@given(axis=AXES, keepdims=st.booleans(), n=st.integers(1, 3), seed=SEEDS)
def test_median(axis, keepdims, n, seed):
    x = distinct(np.random.default_rng(seed), (n, 3, 2))
    agrees(lambda x: np.median(x, axis=axis, keepdims=keepdims), x)


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=8)  # of each of thirteen methods
@given(
    axis=AXES,
    keepdims=st.booleans(),
    q=st.sampled_from([0.3, [0.1, 0.5], np.array([[0.0, 1.0], [0.75, 0.25]])]),
    seed=SEEDS,
)
def test_quantile(method, axis, keepdims, q, seed):
    x = distinct(np.random.default_rng(seed), (2, 3, 2))
    agrees(lambda x: np.quantile(x, q, axis=axis, method=method, keepdims=keepdims), x)


@given(seed=SEEDS, q=st.lists(st.floats(0, 100), min_size=1, max_size=3))
def test_percentile(seed, q):
    x = distinct(np.random.default_rng(seed), (3, 4))
    same(lambda x: np.percentile(x, q, axis=1), x)


@pytest.mark.slow
@settings(max_examples=10)
@given(seed=SEEDS)
def test_weighted_quantile(seed):
    rng = np.random.default_rng(seed)
    x, w = distinct(rng, (3, 4)), rng.uniform(0.1, 1, (3, 4))
    options = {"axis": 1, "method": "inverted_cdf"}
    agrees(lambda x: np.quantile(x, [0.2, 0.7], weights=w, **options), x)
    agrees(lambda x: np.percentile(x, 40, weights=w[0], **options), x)
    x[0, 1] = np.nan
    same(lambda x: np.quantile(x, [0.2, 0.7], weights=w, **options), x)
    same(lambda x: np.nanquantile(x, [0.2, 0.7], weights=w, **options), x)


def test_nan_sorts_last_and_spoils_a_median():
    x = np.array([[1.0, np.nan, 3.0], [4.0, 2.0, 9.0]])
    for f in (np.sort, lambda x: np.median(x, 1), lambda x: np.quantile(x, [0.1, 0.9], 1)):
        same(f, x)
    v = Value(x)
    np.median(v, axis=1)[1].backward()
    assert v.grad.tolist() == [[0, 0, 0], [1, 0, 0]]


def test_infinities_stay_themselves():
    x = np.array([-np.inf, 1.0, 2.0, np.inf, np.inf])
    same(np.sort, x)
    same(np.median, x)
    assert np.quantile(Value(x), [0.0, 0.25, 0.5, 1.0]).data.tolist() == [-np.inf, 1, 2, np.inf]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_median_of_nothing():
    same(np.median, np.array([]))
    same(lambda x: np.median(x, axis=1, keepdims=True), np.zeros((2, 0)))
    same(np.nanmedian, np.array([]))
