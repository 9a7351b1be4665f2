"""Convolution and pooling against their definitions, entry by entry."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, avg_pool, conv, conv_transpose, max_pool
from autograd.ops import convolution
from autograd.testing import check_gradients


@st.composite
def convolutions(draw):
    """Return (x, w, options) whose shapes fit, in one to three dimensions."""
    dims, groups = draw(st.integers(1, 3)), draw(st.integers(1, 2))

    def each(low, high):
        return tuple(draw(st.lists(st.integers(low, high), min_size=dims, max_size=dims)))

    inputs, outputs = (groups * draw(st.integers(1, 2)) for _ in range(2))
    kernel, dilation = each(1, 3), each(1, 2)
    padding = tuple(draw(st.tuples(st.integers(0, 1), st.integers(0, 2))) for _ in range(dims))
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    sizes = [r + n for r, n in zip(reach, each(0, 3), strict=True)]
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.normal(size=(draw(st.integers(1, 2)), inputs, *sizes))
    w = rng.normal(size=(outputs, inputs // groups, *kernel))
    return x, w, {"stride": each(1, 3), "padding": padding, "dilation": dilation, "groups": groups}


def by_hand(x, w, stride, padding, dilation, groups):
    """Return the convolution by its definition."""
    x = np.pad(x, [(0, 0), (0, 0), *padding])
    inputs, outputs = w.shape[1], len(w) // groups
    kernel = w.shape[2:]
    results = [
        (n - d * (k - 1) - 1) // s + 1
        for n, k, s, d in zip(x.shape[2:], kernel, stride, dilation, strict=True)
    ]
    y = np.zeros((len(x), len(w), *results))
    for n, o, *at in np.ndindex(*y.shape):
        for c, *k in product(range(inputs), *map(range, kernel)):
            place = [s * i + d * j for s, i, d, j in zip(stride, at, dilation, k, strict=True)]
            y[(n, o, *at)] += w[(o, c, *k)] * x[(n, o // outputs * inputs + c, *place)]
    return y


@settings(max_examples=25)
@given(convolutions())
def test_convolution_is_its_definition(drawn):
    x, w, options = drawn
    np.testing.assert_allclose(conv(x, w, **options), by_hand(x, w, **options), atol=1e-12)


@settings(max_examples=25)
@given(convolutions(), st.data())
def test_the_transpose_is_the_transpose(drawn, data):
    x, w, options = drawn
    y = conv(x, w, **options)
    rng = np.random.default_rng(0)
    g = rng.normal(size=y.shape)
    back = conv_transpose(g, w, **options)
    missing = [n - m for n, m in zip(x.shape[2:], back.shape[2:], strict=True)]
    full = conv_transpose(g, w, output_padding=missing, **options)
    assert full.shape == x.shape and np.sum(full * x) == pytest.approx(np.sum(g * y))


@settings(max_examples=6)
@given(convolutions())
def test_their_derivatives(drawn):
    x, w, options = drawn
    check_gradients(lambda x, w: np.sum(np.tanh(conv(x, w, **options))), x, w, order=2)
    g = np.ones(conv(x, w, **options).shape)
    check_gradients(lambda g, w: np.sum(conv_transpose(g, w, **options) ** 2), g, w, order=2)


@settings(max_examples=10)
@given(convolutions())
def test_a_row_of_results_at_a_time(drawn):
    x, w, options = drawn
    g = np.random.default_rng(0).normal(size=conv(x, w, **options).shape)

    def all_three():
        leaves = Value(x), Value(w)
        y = conv(*leaves, **options)
        np.sum(y * g).backward()
        return [y.data, *[leaf.grad for leaf in leaves]]

    at_once = all_three()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convolution, "CACHED", 1)
        patch.setattr(convolution, "ADDED", 1)
        for a, b in zip(at_once, all_three(), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-12)


@settings(max_examples=10)
@given(convolutions(), st.permutations([0, 1]))
def test_any_order_in_memory(drawn, order):
    x, w, options = drawn
    turned = x.transpose(*order, *range(2, x.ndim)).copy().transpose(*order, *range(2, x.ndim))
    assert np.array_equal(conv(x, w, **options), conv(turned, w, **options))
    kernel = [1] * (x.ndim - 2)
    assert np.array_equal(max_pool(x, kernel), max_pool(turned, kernel))


def test_the_same_size():
    x, w = np.ones((1, 1, 5, 4)), np.ones((2, 1, 2, 3))
    assert conv(x, w, padding="same").shape == (1, 2, 5, 4)
    assert conv(x, w, padding="same", dilation=2).shape == (1, 2, 5, 4)
    assert conv(x, w, padding="valid").shape == (1, 2, 4, 2)
    assert np.array_equal(conv(x[0], w, padding=1), conv(x, w, padding=(1, 1))[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64])
def test_dtypes(dtype):
    x, w = Value(np.ones((1, 2, 4), dtype)), Value(np.ones((3, 2, 2), dtype))
    y = conv(x, w)
    np.sum(np.real(y)).backward()
    assert y.dtype == x.grad.dtype == w.grad.dtype == dtype


@pytest.mark.parametrize(
    ("x", "w", "options", "says"),
    [
        ((1, 3, 5), (2, 2, 3), {}, r"give x of shape \(samples, 2, …\)"),
        ((1, 4, 5), (3, 2, 3), {"groups": 2}, "filters in a multiple of 2"),
        ((1, 2, 2), (2, 2, 3), {}, "add padding, or use a smaller filter"),
        ((1, 2, 5), (2, 2, 3), {"stride": 0}, "stride should be an int of at least 1"),
        ((1, 2, 5), (2, 2, 3), {"stride": (1, 1)}, "or 1 of them"),
        ((1, 2, 5), (2, 2, 3), {"padding": "full"}, '"valid", or "same"'),
        ((1, 2, 5), (2, 2, 3), {"padding": "same", "stride": 2}, "where the stride is 1"),
        ((1, 2, 5), (2, 2, 3), {"groups": 0}, "groups should be an int of at least 1"),
        ((5,), (3,), {}, r"write w\[None, None\]"),
    ],
)
def test_what_does_not_fit(x, w, options, says):
    with pytest.raises(ValueError, match=says):
        conv(np.ones(x), Value(np.ones(w)), **options)


@st.composite
def pools(draw):
    dims = draw(st.integers(1, 3))
    kernel = draw(st.lists(st.integers(1, 3), min_size=dims, max_size=dims))
    sizes = [k + draw(st.integers(0, 3)) for k in kernel]
    stride = draw(st.lists(st.integers(1, 3), min_size=dims, max_size=dims))
    padding = [draw(st.integers(0, k // 2)) for k in kernel]
    x = np.random.default_rng(draw(st.integers(0, 99))).normal(size=(2, *sizes))
    return x, kernel, {"stride": stride, "padding": padding}


@settings(max_examples=25)
@given(pools(), st.sampled_from([(max_pool, np.max, -np.inf), (avg_pool, np.mean, 0.0)]))
def test_pooling_is_its_definition(drawn, kind):
    (x, kernel, options), (pool, of, edge) = drawn, kind
    padded = np.pad(x, [(0, 0), *[(p, p) for p in options["padding"]]], constant_values=edge)
    axes = tuple(range(1, x.ndim))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel, axes)
    windows = windows[(slice(None), *[slice(None, None, s) for s in options["stride"]])]
    expected = of(windows, axis=tuple(range(-len(kernel), 0)))
    np.testing.assert_allclose(pool(x, kernel, **options), expected, atol=1e-12)
    check_gradients(lambda x: np.sum(np.tanh(pool(x, kernel, **options))), x, order=2)


def test_pooling_by_its_own_size():
    x = Value(np.arange(16.0).reshape(1, 4, 4))
    y = max_pool(x, (2, 2))
    y.sum().backward()
    assert y.data.tolist() == [[[5, 7], [13, 15]]]
    assert x.grad.sum() == 4 and x.grad[0, 1, 1] == 1
    with pytest.raises(ValueError, match="do not fit into an array"):
        max_pool(x, 5)
    with pytest.raises(ValueError, match="larger than half of them"):
        max_pool(x, (2, 2), padding=2)


def test_entries_that_tie_for_the_largest():
    x = Value([1.0, 1.0, 1.0, 0.0, 2.0, 2.0])
    max_pool(x, 3).sum().backward()
    np.testing.assert_allclose(x.grad, [1 / 3, 1 / 3, 1 / 3, 0, 0.5, 0.5])
    x = Value([np.nan, 1.0])
    max_pool(x, 2).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0]
