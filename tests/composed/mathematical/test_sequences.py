"""Differences, slopes, areas, interpolation and convolution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.testing import check_gradients
from tests.parity import agrees, same

SEEDS = st.integers(0, 2**32 - 1)
RNG = np.random.default_rng(0)
X, W = RNG.normal(size=(3, 4)), RNG.uniform(0.5, 2.0, (3, 4))
T = np.array([0.0, 1.0, 1.5, 4.0])


ALIKE = {
    "diff": lambda x: np.diff(x),
    "diff twice": lambda x: np.diff(x, 2, axis=0),
    "diff none": lambda x: np.diff(x, 0),
    "diff ends": lambda x: np.diff(x, prepend=0.5, append=x[:, :2], axis=1),
    "ediff1d": lambda x: np.ediff1d(x),
    "ediff1d ends": lambda x: np.ediff1d(x, to_begin=x[0, :2], to_end=[1.0]),
    "gradient": lambda x: np.gradient(x)[1],
    "gradient axis": lambda x: np.gradient(x, 0.5, axis=0),
    "gradient axes": lambda x: np.gradient(x, 0.5, T, axis=(0, 1))[1],
    "gradient edges": lambda x: np.gradient(x, T, axis=1, edge_order=2),
    "gradient even edges": lambda x: np.gradient(x, axis=-1, edge_order=2),
    "gradient of two": lambda x: np.gradient(x[:2], axis=0),
    "trapezoid": lambda x: np.trapezoid(x),
    "trapezoid x": lambda x: np.trapezoid(x, T),
    "trapezoid xs": lambda x: np.trapezoid(x, np.cumsum(W, axis=0), axis=0),
    "trapezoid dx": lambda x: np.trapezoid(x, dx=0.5, axis=0),
    "unwrap": lambda x: np.unwrap(4 * x),
    "unwrap degrees": lambda x: np.unwrap(400 * x, axis=0, period=360),
    "convolve": lambda x: np.convolve(x[0], x[1]),
    "correlate": lambda x: np.correlate(x[0], x[1, :2], "full"),
}


@pytest.mark.parametrize("name", ALIKE)
def test_alike(name):
    agrees(ALIKE[name], X)


@pytest.mark.slow
@given(
    n=st.integers(1, 5), m=st.integers(1, 5),
    mode=st.sampled_from(["full", "same", "valid"]), seed=SEEDS,
)  # fmt: skip
@pytest.mark.parametrize("f", [np.convolve, np.correlate])
def test_convolution(f, n, m, mode, seed):
    rng = np.random.default_rng(seed)
    agrees(lambda a, v: f(a, v, mode), rng.normal(size=n), rng.normal(size=m))
    same(
        lambda a, v: f(a, v, mode),
        rng.normal(size=n) + 1j * rng.normal(size=n),
        rng.normal(size=m) + 1j * rng.normal(size=m),
    )


@pytest.mark.slow
@given(n=st.integers(2, 5), seed=SEEDS, edge_order=st.sampled_from([1, 2]))
def test_gradient_has_slopes_in_the_places_too(n, seed, edge_order):
    rng = np.random.default_rng(seed)
    n += edge_order - 1
    t = np.cumsum(rng.uniform(0.3, 2, n))
    agrees(lambda f, t: np.gradient(f, t, edge_order=edge_order), rng.normal(size=n), t)


@given(seed=SEEDS, n=st.integers(1, 5))
def test_interp(seed, n):
    rng = np.random.default_rng(seed)
    xp = np.cumsum(rng.uniform(0.5, 2, n))
    x = rng.choice(np.append(xp, 0.0), (2, 3)) + rng.uniform(0.1, 0.4, (2, 3))
    fp = rng.normal(size=n)
    same(np.interp, x.astype(np.float32), xp, fp)
    same(np.interp, xp, xp, fp)
    for options in ({}, {"left": 1.0, "right": -2.0}):
        same(lambda *xs, o=options: np.interp(*xs, **o), x, xp, fp)
    same(np.interp, x, xp, fp + 1j * fp[::-1])
    same(lambda *xs: np.interp(*xs, period=2.5), x, np.sort(xp % 2.5), fp)


def test_interp_has_slopes_in_all_three():
    x, xp, fp = np.array([0.5, 1.7, 2.2, 9.0, -1.0]), np.array([0.0, 1, 2, 4]), X[0]
    for f in (np.interp, lambda *xs: np.interp(*xs, period=3.7, left=1)):
        check_gradients(f, x, xp, fp)
    v = Value(1.0)
    np.interp(v, xp, fp).backward()
    assert v.grad == fp[2] - fp[1]
    assert np.isnan(np.interp(Value([np.nan]), xp, fp).data)


def test_lists_of_values():
    x, y = Value(1.0), Value(4.0)
    np.interp(x, [0.0, 2.0], [y, y * y]).backward()
    assert (x.grad, y.grad) == (6.0, 0.5 + 0.5 * 8)


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (lambda v: np.diff(v, -1), "needs n ≥ 0, not -1"),
        (lambda v: np.gradient(v, [1.0, 2.0], axis=1), "the coordinates of the 4 points"),
        (lambda v: np.gradient(v, axis=0, edge_order=3), "edge_order 1 or 2"),
        (lambda v: np.gradient(v[:1], axis=0), "needs 2 points"),
        (lambda v: np.gradient(v, 1.0, 2.0, 3.0), "along 2 axes"),
        (lambda v: np.interp(v, [1.0, 2.0], [1.0]), "two vectors of the same length"),
        (lambda v: np.interp(v, [1.0], [1.0], period=0), "other than 0"),
        (lambda v: np.convolve(v[0], v[0], "valued"), "mode must be"),
        (lambda v: np.convolve(v, v), "takes vectors"),
    ],
)
def test_errors(f, says):
    with pytest.raises((ValueError, TypeError), match=says):
        f(Value(X))
