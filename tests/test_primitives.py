"""Every row of every table: forward, gradient, second derivative, dtype, broadcasting."""

import numpy as np
import pytest
from finite_differences import check, check_twice
from hypothesis import given
from hypothesis import strategies as st

from autograd.primitive import PRIMITIVES

ELEMENTWISE = [op for op in PRIMITIVES.values() if op.elementwise and op.vjps]
STRUCTURAL = [op for op in PRIMITIVES.values() if not op.elementwise and op.samples]
SEEDS = st.integers(0, 2**32 - 1)


def by_name(op):
    return op.name


def draw_arguments(op, rng, shapes):
    """Draw from the op's domain, away from where it has a kink."""
    while True:
        args = [np.asarray(rng.uniform(*d, size=s)) for d, s in zip(op.domain, shapes, strict=True)]
        distance = KINK_AT_ZERO_OF.get(op.name, lambda *args: 1.0)(*args)
        if np.all(np.abs(distance) > 0.05):
            return [x if x.ndim else x.item() for x in args]


KINK_AT_ZERO_OF = dict.fromkeys(["relu", "absolute", "sign", "real", "angle"], lambda x: x)
KINK_AT_ZERO_OF |= dict.fromkeys(["maximum", "minimum", "fmax", "fmin"], lambda a, b: a - b)
KINK_AT_ZERO_OF |= {"clip": lambda x, low, high: np.minimum(abs(x - low), abs(x - high))}


@st.composite
def broadcastable(draw, n):
    """Shapes that broadcast together: each is the full one with axes left out or set to 1."""
    full = draw(st.sampled_from([(3,), (2, 3), (4, 2, 3), (2, 1), (0, 3)]))
    shapes = []
    for _ in range(n):
        kept = draw(st.integers(0, len(full)))
        ones = draw(st.lists(st.booleans(), min_size=kept, max_size=kept))
        tail = full[len(full) - kept :]
        shapes.append(tuple(1 if one else size for one, size in zip(ones, tail, strict=True)))
    return shapes


@pytest.mark.parametrize("op", ELEMENTWISE, ids=by_name)
@given(data=st.data(), seed=SEEDS)
def test_elementwise_gradients(op, data, seed):
    rng = np.random.default_rng(seed)
    args = draw_arguments(op, rng, data.draw(broadcastable(len(op.domain))))
    check(op, args, rng)


@pytest.mark.parametrize("op", ELEMENTWISE, ids=by_name)
@given(seed=SEEDS)
def test_elementwise_second_derivatives(op, seed):
    rng = np.random.default_rng(seed)
    check_twice(op, draw_arguments(op, rng, [(2, 3), (3,), ()][: len(op.domain)]), rng)


@pytest.mark.parametrize("op", STRUCTURAL, ids=by_name)
def test_structural_gradients(op):
    rng = np.random.default_rng(0)
    for args, params in op.samples(rng):
        check(lambda *xs, params=params: op(*xs, **params), args, rng)


@pytest.mark.parametrize("op", STRUCTURAL, ids=by_name)
def test_structural_second_derivatives(op):
    rng = np.random.default_rng(1)
    for args, params in op.samples(rng):
        check_twice(lambda *xs, params=params: op(*xs, **params), args, rng)
