"""Least squares, of full rank and of lower."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from tests.composed.linalg.matrices import DTYPES, LA, SEEDS, draw


@given(seed=SEEDS, m=st.integers(2, 5), n=st.integers(2, 5), dtype=st.sampled_from(DTYPES))
def test_least_squares_as_in_numpy(seed, m, n, dtype):
    rng = np.random.default_rng(seed)
    a = draw(rng, m, n, dtype=dtype)
    for b in (draw(rng, m, dtype=dtype), draw(rng, m, 2, dtype=dtype)):
        found, expected = LA.lstsq(Value(a), b), LA.lstsq(a, b)
        assert found[2] == expected[2] == LA.matrix_rank(Value(a))
        for one, other in zip(found, expected, strict=True):
            assert np.shape(one) == np.shape(other)
            if isinstance(one, Value):
                assert one.dtype == other.dtype
                one = one.numpy()
            size = np.max(np.abs(other), initial=1.0) * LA.cond(a) ** 2
            eps = np.finfo(dtype).eps
            np.testing.assert_allclose(one, other, rtol=0, atol=100 * eps * size)


def test_least_squares_of_lower_rank_has_the_shortest_solution():
    a = np.outer([1.0, 2.0, 3.0], [1.0, -1.0])
    found, expected = LA.lstsq(Value(a), np.ones(3)), LA.lstsq(a, np.ones(3))
    np.testing.assert_allclose(found[0].numpy(), expected[0], atol=1e-14)
    assert (found[1].shape, found[2]) == ((0,), 1)
