"""compile: numbers that shapes and dtypes depend on, any index, and how arrays lie in memory."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Primitive, Value, grad
from autograd.compiling.errors import TracingError
from autograd.extend import defvjp, primitive
from tests.compiling.test_ending import TARGETS

pytestmark = pytest.mark.filterwarnings("ignore")  # some run op by op
W = Value(np.arange(12.0).reshape(4, 3))
# The first three calls leave as many entries, or none twice; what is compiled by then meets others.
VECTORS = [
    np.array(x, float) for x in ([1, -1, 2], [1.5, -1, 2], [1.25, -1, 2], [1, 1, 2], [-1, -1, 2])
]
PLACES = [np.array(x) for x in ([1, 0, 2], [1, 0, 2], [0, 1, 2], [1, 1, 3], [2, 2, 2], [0, 0, 1])]
MASKS = [x > 0 for x in VECTORS]

positive = Primitive("positive part", lambda x: x[x > 0], None)
distinct = Primitive("distinct", np.unique, None)


@primitive
def positives(x):
    return x[x > 0]


defvjp(positives, lambda ans, x: lambda g: np.where(x > 0, 1.0, 0.0) * np.sum(g))


def put(x, index, new):
    """Return a copy with entries written to."""
    x = x * 1.0
    x[index] = new
    return x


def added(x, index, new):
    x = x * 1.0
    np.add.at(x, index, new)
    return x


def weighted(x):
    return np.sum(x**2 * np.arange(1.0, 1.0 + np.size(x)).reshape(np.shape(x)))


ON_VECTORS = {
    "number of entries": lambda x: x[x > 0].size * x,
    "length": lambda x: len(x[x > 0]) * x,
    "mean": lambda x: np.mean(x[x > 0]),
    "sum over length": lambda x: np.sum(x[x > 0]) / len(x[x > 0]) * x,
    "new zeros": lambda x: np.zeros(x[x > 0].shape[0] + 1) + np.sum(x),
    "joined": lambda x: np.concatenate([x[x > 0], x[x <= 0]]),
    "product": lambda x: np.dot(x[x > 0], x[x > 0]) * x,
    "gradient of a mean": grad(lambda x: np.mean(x[x > 0] ** 2)),
    "gradient of a variance": grad(lambda x: np.var(x[x > 0])),
    "gradient of a norm": grad(lambda x: np.linalg.norm(x[x > 0])),
    "gradient of a product": grad(lambda x: np.prod(x[x > 0])),
    "gradient of an outer product": grad(lambda x: np.sum(np.outer(x[x > 0], x[x > 0]))),
    "two masks": grad(lambda x: np.mean(x[x > 0]) * np.sum(x[x < 0])),
    "covariance": lambda x: np.cov(x[x > 0], x[x > 0])[0, 1] * x,
    "extract": lambda x: len(np.extract(x > 0, x)) * x,
    "compress": lambda x: len(np.compress(x > 0, x)) * x,
    "trim_zeros": lambda x: len(np.trim_zeros(np.maximum(x, 0.0))) * x,
    "where": lambda x: len(np.where(x > 0)[0]) * x,
    "own op": lambda x: positive(x).size * x,
    "own op of NumPy's": lambda x: len(distinct(x)) * x,
    "own op with a rule": lambda x: len(positives(x)) * x,
    "gradient of an own op": grad(lambda x: np.mean(positives(x))),
}
ON_MASKS = {
    "rows": lambda m: W[:3][m].shape[0] * np.sum(W),
    "in a tuple": lambda m: W[:3][m, 1].size * np.ones(2),
    "with a place": lambda m: np.sum(W[:3][m, :1]),
    "of two axes": lambda m: W[:3][np.stack([m, ~m, m], 1)].size * 1.0,
    "gradient of rows": lambda m: grad(lambda v: np.mean((v[m] - 1.0) ** 2))(np.arange(3.0)),
    "one number written": lambda m: put(W[:3], m, 0.0),
    "gradient of one number": lambda m: grad(lambda c: weighted(put(W[:3], m, c)))(2.0),
    "gradient of one in a row": lambda m: grad(lambda c: weighted(put(W[0], m, c)))(np.ones(1)),
    "entries written": lambda m: put(W[:3], m, W[:3][m] * 2.0),
    "entries added": lambda m: added(W[:3], m, 1.0),
}
ON_PLACES = {
    "one row": lambda t: W[t[0], :] * 2.0,
    "one entry": lambda t: W[t[0], t[1] % 3] * 2.0,
    "grid": lambda t: W[t[:, None], np.arange(3)] * 2.0,
    "take": lambda t: np.take(W, t, axis=0) * 2.0,
    "take, clipped": lambda t: np.take(W, t + 2, axis=0, mode="clip") * 2.0,
    "take, around": lambda t: np.take(W, t + 2, axis=0, mode="wrap") * 2.0,
    "gradient of += at": lambda t: grad(lambda c: weighted(put(c, t, c[t] + c[0])))(np.ones(4)),
    "gradient of new entries": lambda t: grad(lambda c: weighted(put(W, (t, 0), c)))(np.ones(3)),
    "repeat": lambda t: np.repeat(W[0], t).shape[0] * 1.0 * t,
    "tile": lambda t: np.tile(W[0], t[2]).size * 1.0 + 0 * t,
    "delete": lambda t: np.delete(np.arange(5.0), t).shape[0] * 1.0 + 0 * t,
    "insert": lambda t: np.insert(np.arange(5.0), t, 1.0).shape[0] * 1.0 + 0 * t,
    "bincount": lambda t: np.bincount(t).size * 1.0 + 0 * t,
    "roll": lambda t: np.roll(W, t[2]) * 1.0,
    "zeros": lambda t: np.zeros(t[2]).size * 1.0 + 0 * t,
    "slice": lambda t: W[: t[2]].size * 1.0 + 0 * t,
    "pad": lambda t: np.pad(W[0], t[2]).size * 1.0 + 0 * t,
}
# The eigenvalues of the first three are real.
MATRICES = [np.array([[2.0, 1.0], [y, 1.0]]) for y in (1.0, 2.0, 3.0, -4.0, -9.0)]
ON_MATRICES = {
    "np.poly": np.poly,
    "np.roots": lambda x: np.roots(np.poly(x[0]) - x[1, 0] + 1.0),
    "eigenvalues": lambda x: np.linalg.eigvals(x) * 2.0,
    "their sizes": lambda x: np.abs(np.linalg.eigvals(x)),
    "as many as its dtype says": lambda x: x * np.linalg.eigvals(x).dtype.itemsize,
    "their vectors": lambda x: np.sum(np.linalg.eig(x).eigenvectors ** 2),
    "gradient": grad(lambda x: np.sum(np.abs(np.linalg.eigvals(x)))),
}
CUBE = np.arange(24.0).reshape(2, 3, 4) % 7
IN_PARTS = np.repeat(CUBE, 2, axis=1)[:, ::2]
# Entries that lie one row after the other are alike in the first three; then they lie otherwise.
LYING = [IN_PARTS, IN_PARTS, IN_PARTS]
LYING += [CUBE.transpose(axes).copy().transpose(axes) for axes in ((1, 0, 2), (0, 2, 1))]
LYING += [CUBE, np.asfortranarray(CUBE)]
BY_PLACE = {
    "as they lie": lambda x: np.ravel(x, "K") * 2.0,
    "a result as it lies": lambda x: np.ravel(np.exp(x), "K"),
    "its sums": lambda x: np.cumsum(np.ravel(2.0 * x, "K")),
    "in the order of Fortran": lambda x: np.ravel(x, "A") * 2.0,
    "a copy": lambda x: np.ravel(x.copy("K"), "K") * 2.0,
    "an axis turned": lambda x: np.ravel(np.swapaxes(x, 0, 1) * 2.0, "K"),
    "gradient": grad(lambda x: weighted(np.ravel(np.sin(x), "K"))),
}
CASES = [
    pytest.param(f, calls, id=f"{kind}: {name}")
    for kind, programs, calls in [
        ("vectors", ON_VECTORS, VECTORS),
        ("masks", ON_MASKS, MASKS),
        ("places", ON_PLACES, PLACES),
        ("matrices", ON_MATRICES, MATRICES),
        ("memory", BY_PLACE, LYING),
    ]
    for name, f in programs.items()
]


def numbers(y):
    return y.numpy() if isinstance(y, Value) else np.asarray(y)


def check(f, calls, target):
    """Compare a compiled function with itself; return it. It may be refused, but not be wrong."""
    compiled = autograd.compile(f, target=target)
    for x in calls:
        expected = numbers(f(x))
        try:
            found = numbers(compiled(x))
        except TracingError:
            return compiled
        assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    assert not any("RecursionError" in why for why in compiled.given_up.values())
    return compiled


@TARGETS
@pytest.mark.parametrize(("f", "calls"), CASES)
def test_calls_with_other_entries(f, calls, target):
    check(f, calls, target)


def test_an_own_op_goes_with_the_function_that_uses_it():
    op = Primitive("third", lambda x: x / 3.0, [lambda g, y, x: g / 3.0])
    compiled = autograd.compile(lambda x, op=op: op(x) * 2.0)
    for x in (1.0, 2.0, 3.0):
        compiled(x)
    held = weakref.ref(op)
    del op, compiled
    gc.collect()
    assert held() is None


def test_masks_have_a_program_for_each_number_of_entries():
    compiled = check(ON_VECTORS["mean"], VECTORS, "numpy")
    assert compiled.recorded == 3
    assert "holds while these are as recorded: count_nonzero" in compiled.show()


INDICES = {
    "rows": lambda t, m: t,
    "row and column": lambda t, m: (t, t % 3),
    "row and all": lambda t, m: (t, slice(None)),
    "row and last": lambda t, m: (t, -1),
    "columns": lambda t, m: (slice(1, None), t % 3),
    "grid": lambda t, m: (t[:, None], np.array([0, 2])),
    "mask": lambda t, m: m,
    "mask and column": lambda t, m: (m, 1),
    "mask and all": lambda t, m: (m, slice(0, 2)),
    "one": lambda t, m: (t[0], t[1] % 3),
}
HOWS = {
    "read": lambda c, i: c[i] * 1.5,
    "written": lambda c, i: put(c, i, c[0, 0]),
    "moved": lambda c, i: put(c, i, c[i] * c[i]),
    "added": lambda c, i: added(c, i, c[0, 1]),
}


@TARGETS
@settings(max_examples=12, deadline=None)
@given(
    index=st.sampled_from([*INDICES]),
    how=st.sampled_from([*HOWS]),
    reduced=st.sampled_from([np.sum, np.mean, np.std]),
    order=st.integers(1, 2),
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 40),
)
def test_any_index(target, index, how, reduced, order, seed, size):
    rng = np.random.default_rng(seed)

    def f(c, t, m):
        y = HOWS[how](np.sin(c), INDICES[index](t, m))
        return reduced(y * np.cos(np.arange(1.0 * np.size(y)).reshape(np.shape(y)))) * np.sum(c)

    g = grad(f)
    if order == 2:
        g = grad(lambda c, t, m: np.sum(grad(f)(c, t, m) * np.cos(c)))
    compiled = autograd.compile(g, target=target)
    for _ in range(6):
        given = (
            rng.normal(size=(4, 3)),
            rng.integers(0, 4, size=max(2, size)),
            rng.random(4) < rng.choice([0.3, 0.9]),
        )
        expected = g(*given)
        np.testing.assert_allclose(compiled(*given), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", ["own op", "own op with a rule", "gradient of an own op"])
def test_own_ops_have_a_program_for_each_shape(name):
    assert check(ON_VECTORS[name], VECTORS, "numpy").recorded == 3


# What an op of one's own gives for a number above 0, and below.
OWN = {
    "complex": lambda x: x if x > 0 else complex(0.0, x),
    "another precision": lambda x: np.float32(x) if x > 0 else np.float64(x),
    "a condition": lambda x: 1.5 if x > 0 else np.True_,
    "an array": lambda x: 1.5 if x > 0 else np.ones(2),
    "a whole number": lambda x: 1 if x > 0 else 0.5,
}
USES = {
    "itself": lambda y, x: y,
    "times a number": lambda y, x: y * x,
    "its square": lambda y, x: y * y,
    "its size": lambda y, x: np.abs(y),
    "beside float32": lambda y, x: y * np.ones(2, np.float32),
}


@TARGETS
@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("name", OWN)
def test_own_ops_that_give_now_this_type_now_that(name, use, target):
    own = Primitive("own", OWN[name], None)
    for kind in (float, np.float64):
        check(lambda x: USES[use](own(x), x), map(kind, [2, 3, 4, -2, 5]), target)


@TARGETS
def test_own_ops_whose_result_lies_otherwise(target):
    own = Primitive("own", lambda x: np.asfortranarray(x) if x[0, 0] > 0 else x.copy(), None)
    calls = [np.arange(6.0).reshape(2, 3) + shift for shift in (1.0, 2.0, 3.0, -4.0)]
    check(lambda x: np.ravel(own(x), "K") * 2.0, calls, target)


A, B = np.ones(2), np.ones(2)
SENTINELS = {
    "a global": lambda x: x * 2.0 if x is A else x * 3.0,
    "one of several": lambda x: x * 2.0 if x is A else x * 3.0 if x is B else x * 4.0,
    "a default": lambda x, b=B: x * (2.0 if x is b else 3.0),
}


@TARGETS
@pytest.mark.parametrize("name", SENTINELS)
def test_an_argument_that_is_also_reached_by_a_name(name, target):
    check(SENTINELS[name], [np.ones(2), np.ones(2), np.ones(2), A, B, np.ones(2)], target)


@TARGETS
@pytest.mark.parametrize("name", [name for name in BY_PLACE if name != "gradient"])
def test_parameters_whose_entries_lie_otherwise(name, target):
    w = autograd.Value(LYING[0])

    def slope(x):
        w.grad = None
        weighted(BY_PLACE[name](w) * x).backward()
        return w.grad * 1.0

    for f in (lambda x: BY_PLACE[name](w) * x, slope):
        compiled = autograd.compile(f, target=target)
        for array in LYING:
            w.data = array
            np.testing.assert_allclose(numbers(compiled(2.0)), numbers(f(2.0)), rtol=1e-12)
        assert not compiled.given_up
