"""Sorting and searching: NumPy's values, and gradients that go where they were read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.graphs.replay import Replay
from tests.parity import agrees, distinct, same

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.slow
@given(axis=st.sampled_from([None, 0, 1, -1]), seed=SEEDS)
def test_sort(axis, seed):
    x = distinct(np.random.default_rng(seed), (2, 3, 2))
    agrees(lambda x: np.sort(x, axis=axis), x)


@pytest.mark.parametrize("kth", [0, 2, -1, [1, 3]])
def test_partition(kth):
    x = distinct(np.random.default_rng(0), (2, 5))
    same(lambda x: np.partition(x, kth)[..., kth], x)
    v = Value(x)
    (np.partition(v, kth, axis=-1) * np.arange(5.0)).sum().backward()
    places = np.partition(v, kth).numpy()
    assert all(
        g == np.flatnonzero(row == number)[0]
        for row, numbers, slopes in zip(places, x, v.grad, strict=True)
        for number, g in zip(numbers, slopes, strict=True)
    )


def test_ties_rank_in_order_of_appearance():
    v = Value([2.0, 1.0, 2.0, 1.0])
    (np.sort(v) * np.array([1.0, 2.0, 3.0, 4.0])).sum().backward()
    assert v.grad.tolist() == [3, 1, 4, 2]


def test_complex_numbers():
    z = np.array([2 + 1j, 1 - 1j, 1 - 2j])
    same(np.sort, z)
    same(np.sort_complex, z)
    same(np.sort_complex, z.real)


@given(seed=SEEDS)
def test_a_graph_runs_again_on_numbers_in_another_order(seed):
    rng = np.random.default_rng(seed)

    def step(v):
        v.zero_grad()
        y = np.sort(v, axis=0)[0] @ np.arange(4.0) + np.median(v) + np.quantile(v, 0.3)
        y = y + np.maximum.accumulate(v, axis=1).sum() + np.partition(v, 1, axis=0)[1].sum()
        (y * y).backward(create_graph=True)
        return y, v.grad

    v, fresh = Value(rng.normal(size=(3, 4))), rng.normal(size=(3, 4))
    again = Replay(step(v), [v])([fresh])
    for found, expected in zip(again, step(Value(fresh)), strict=True):
        np.testing.assert_allclose(found, expected.numpy(), rtol=1e-12)


def test_methods():
    x = distinct(np.random.default_rng(0), (2, 4))
    v = Value(x)
    assert np.array_equal(v.argsort(), x.argsort())
    assert np.array_equal(v.argpartition(1)[:, 1], x.argpartition(1)[:, 1])
    w = v * 1.0
    w.sort()
    assert np.array_equal(w.numpy(), np.sort(x))
    w[0].sum().backward()
    assert v.grad.tolist() == [[1] * 4, [0] * 4]
    w.partition(1, axis=0)
    assert np.array_equal(w.numpy(), np.sort(np.sort(x), axis=0))


def test_answers_without_a_derivative():
    v = Value([3.0, np.nan, 1.0])
    assert np.nanargmax(v) == 0
    assert np.nanargmin(v) == 2
    assert np.lexsort((v, v)).tolist() == [2, 0, 1]
    assert np.argpartition(v, 1).tolist() == [2, 0, 1]
    assert np.isreal(v).all()
