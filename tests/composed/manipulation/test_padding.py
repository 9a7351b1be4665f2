"""Padding in every mode: NumPy's results over all shapes and arguments."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd.numpy
from autograd import Value
from tests.composed.manipulation.linear import SOME, check_linear
from tests.numpy.test_namespace import BOTH

pytestmark = pytest.mark.slow

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
