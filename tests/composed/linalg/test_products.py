"""Products of any shapes, and in the cheapest order."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from autograd.engine.graph import history
from autograd.testing import check_gradients
from tests.composed.linalg.matrices import LA, SEEDS, same_as_numpy


@given(data=st.data(), seed=SEEDS)
def test_tensordot_of_any_axes(data, seed):
    rng = np.random.default_rng(seed)
    pairs = data.draw(st.integers(0, 3))
    left = data.draw(st.permutations(range(3)))[:pairs]
    right = data.draw(st.permutations(range(3)))[:pairs]
    shape = [4, 0, 2] if data.draw(st.booleans()) else [4, 3, 2]
    other = [5, 6, 3]
    for i, j in zip(left, right, strict=True):
        other[j] = shape[i]
    a, b = rng.normal(size=shape), rng.normal(size=other)
    axes = ([i - 3 for i in left], right)
    same_as_numpy(lambda v: np.tensordot(v, b, axes), a)
    same_as_numpy(lambda v: np.tensordot(a, v, axes), b)


@given(sizes=st.lists(st.integers(1, 5), min_size=4, max_size=7), seed=SEEDS)
def test_multi_dot_of_any_sizes(sizes, seed):
    rng = np.random.default_rng(seed)
    rest = [rng.normal(size=(m, n)) for m, n in pairwise(sizes[1:])]
    same_as_numpy(lambda v: LA.multi_dot([v, *rest]), rng.normal(size=sizes[:2]))
    same_as_numpy(
        lambda v: LA.multi_dot([v, *rest[:-1], rest[-1][:, 0]]), rng.normal(size=sizes[1])
    )


def test_multi_dot_takes_the_cheapest_order():
    column, row = np.ones((300, 1)), np.ones((1, 300))
    for arrays in ([column, row, column, row, column], [row, column, row, column, row]):
        y = LA.multi_dot([Value(x) for x in arrays])
        assert max(node.size for node in history([y], {})[0]) == 300


def test_einsum_by_a_path_through_a_diagonal():
    path = ["einsum_path", (0, 1), (0, 1)]
    rng = np.random.default_rng(0)
    args = [rng.normal(size=shape) for shape in ((2, 2), (2, 3), (3, 4))]
    check_gradients(lambda *xs: np.einsum("ii,ij,jk->k", *xs, optimize=path), *args)


@pytest.mark.parametrize(
    "shapes", [((), (2, 3)), ((2,), (3, 4)), ((2, 1, 3), (4, 2)), ((0, 2), (3,))]
)
def test_kron_of_any_shapes(shapes):
    a, b = (np.random.default_rng(0).normal(size=shape) for shape in shapes)
    same_as_numpy(lambda v: np.kron(v, b), np.asarray(a))
    same_as_numpy(lambda v: np.kron(a, v), b)


def test_cross_of_vectors_with_two_entries():
    a, b = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([3.0, -1.0])
    np.testing.assert_allclose(np.cross(Value(a), b).numpy(), [-7.0, 2.5])
    np.testing.assert_allclose(np.cross(Value(a), np.ones(3)).numpy()[0], [2.0, -1.0, -1.0])
