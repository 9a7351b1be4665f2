"""scipy.signal: convolution as SciPy's, and over chosen axes; its row is tested with all others."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="autograd.scipy is an extra")

import scipy.signal

from autograd import Value
from autograd.scipy.signal import convolve, correlate, hilbert
from autograd.testing import check_gradients

pytestmark = pytest.mark.slow

SEEDS = st.integers(0, 2**32 - 1)
MODES = st.sampled_from(["full", "valid", "same"])


def fits(a, b):
    return all(m >= n for m, n in zip(a, b, strict=True)) or all(
        m <= n for m, n in zip(a, b, strict=True)
    )


@given(
    seed=SEEDS,
    mode=MODES,
    sizes=st.lists(st.tuples(*[st.integers(1, 5)] * 2), min_size=1, max_size=3),
)
def test_convolve_and_correlate_are_scipys(seed, mode, sizes):
    rng = np.random.default_rng(seed)
    shapes = list(zip(*sizes, strict=True))
    assume(mode != "valid" or fits(*shapes))
    a, b = (rng.normal(size=shape) for shape in shapes)
    for ours, theirs in ((convolve, scipy.signal.convolve), (correlate, scipy.signal.correlate)):
        expected = theirs(a, b, mode)
        np.testing.assert_allclose(ours(a, b, mode), expected, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(ours(Value(a), b, mode=mode).data, expected, atol=1e-12)
        z = theirs(a + 1j, b - 2j, mode)
        np.testing.assert_allclose(ours(a + 1j, b - 2j, mode=mode), z, atol=1e-12)
    if a.size + b.size < 50:
        check_gradients(lambda a, b: convolve(a, b, mode=mode), a, b, order=1, modes=("reverse",))


AXES = [
    ((3, 5), (3, 4), ([1], [0]), ((), ())),
    ((3, 5), (3, 4), ([], []), ([0], [0])),
    ((3, 5), (3, 4, 2), ([1], [2]), ([0], [0])),
    ((2, 5, 4, 3), (2, 4, 2, 3, 2), ([1, 2], [2, 4]), ([0, 3], [0, 3])),
    ((4, 3), (3, 2), ([1, 0], [1, 0]), ((), ())),
    ((4, 3), (2, 5), ([-1], [-1]), ((), ())),
]


@pytest.mark.parametrize("mode", ["full", "valid", "same"])
@pytest.mark.parametrize(("shape_a", "shape_b", "axes", "dots"), AXES)
def test_convolve_over_chosen_axes(shape_a, shape_b, axes, dots, mode):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=shape_a), rng.normal(size=shape_b)
    free_a = [i for i in range(a.ndim) if i not in np.array([*axes[0], *dots[0]], int) % a.ndim]
    free_b = [i for i in range(b.ndim) if i not in np.array([*axes[1], *dots[1]], int) % b.ndim]
    ours = convolve(a, b, axes, dots, mode)
    # entry by entry: fix the free axes, then add SciPy's convolutions over the summed ones
    a_first = np.transpose(a, [*free_a, *dots[0], *[i % a.ndim for i in axes[0]]])
    b_first = np.transpose(b, [*free_b, *dots[1], *[i % b.ndim for i in axes[1]]])
    summed = a_first.shape[len(free_a) : len(free_a) + len(dots[0])]
    for i in np.ndindex(*a_first.shape[: len(free_a)]):
        for j in np.ndindex(*b_first.shape[: len(free_b)]):
            expected = sum(
                scipy.signal.convolve(a_first[(*i, *d)], b_first[(*j, *d)], mode)
                if axes[0]
                else a_first[(*i, *d)] * b_first[(*j, *d)]
                for d in np.ndindex(*summed)
            )
            np.testing.assert_allclose(ours[(*i, *j)], expected, atol=1e-12)
    check_gradients(lambda a, b: convolve(a, b, axes, dots, mode), a, b, modes=("reverse",))


def test_what_cannot_be_convolved():
    with pytest.raises(ValueError, match="mode should be 'full', 'valid' or 'same', not 'best'"):
        convolve(np.ones(3), np.ones(2), mode="best")
    with pytest.raises(ValueError, match="one array to fit inside the other"):
        convolve(np.ones((3, 2)), np.ones((2, 3)), mode="valid")
    with pytest.raises(ValueError, match=r"write axes="):
        convolve(np.ones((3, 2)), np.ones(2))
    with pytest.raises(TypeError, match=r"scipy.signal.hilbert has no derivative"):
        hilbert(Value([1.0, 2.0]))
