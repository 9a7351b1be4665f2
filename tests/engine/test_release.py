"""A graph lets go of results that nobody holds and no rule reads, and nobody can tell."""

from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Primitive, Value, grad, jvp, sigmoid, tanh
from autograd.composed.inplace import SETITEM
from autograd.engine import fast, primitive, release
from autograd.engine.arrays import normal
from autograd.engine.graph import history
from autograd.engine.primitive import PRIMITIVES
from autograd.engine.value import held
from autograd.engine.windows import Form
from tests.engine.test_fast import same
from tests.ops.points import samples


@contextmanager
def releasing_above(entries):
    with pytest.MonkeyPatch.context() as patch:
        for module in (release, fast, primitive):
            patch.setattr(module, "LARGE", entries)
        yield


@pytest.fixture
def eager():
    with releasing_above(0):
        yield


def is_kept(node):
    return type(node._data) is not Form


def form(x):
    """Return the form of an array of floats, as one that is not kept has, and all else as it is."""
    return Form(x) if type(x) is np.ndarray and x.dtype.kind in "fc" else x


# -- what a row says that its rules read -----------------------------------------------------------

SAY = [op for op in PRIMITIVES.values() if op.reads is not None and op.vjps]


@pytest.mark.parametrize("op", SAY, ids=lambda op: op.name)
@np.errstate(all="ignore")
def test_rules_read_no_more_than_they_say(op):
    rng = np.random.default_rng(0)
    for args, params in samples(op, rng):
        y = normal(op.forward(*args, **params))
        g = rng.normal(size=np.shape(y)) if np.ndim(y) else rng.normal()
        for place, rule in zip(range(len(args)), op.vjps, strict=False):
            reads = op.reads[place] if place < len(op.reads) else ""
            known = [x if str(i) in reads else form(x) for i, x in enumerate(args)]
            result = y if "y" in reads else form(y)
            if rule(g, y, *args, **params) is not None:
                expected = rule(g, y, *args, **params)
                assert np.array_equal(rule(g, result, *known, **params), expected, equal_nan=True)


# -- what is let go --------------------------------------------------------------------------------


def test_a_step_of_a_recurrent_network_keeps_its_result(eager):
    w, u, x = Value(np.eye(3)), Value(np.eye(3)), np.ones((2, 3))
    first = np.tanh(x @ w + x @ u)
    h = np.tanh(first @ w + x @ u)
    out = h * h
    (total,) = h.parents
    assert is_kept(h) and is_kept(first) and not is_kept(total)
    assert not any(map(is_kept, total.parents))
    out.sum().backward()
    assert not is_kept(total)
    a, b = first.data @ w.data, x @ u.data
    assert np.array_equal(total.data, a + b) and np.array_equal(total.args, [a, b])


def test_what_somebody_holds_is_kept(eager):
    x = Value(np.ones((2, 3)))
    a = x + 1.0
    b = np.tanh(a + 1.0)
    c = np.exp(b * 2.0)
    assert is_kept(a) and not is_kept(b.parents[0]) and is_kept(c.parents[0])
    assert c.parents[0].parents == (b, None)


def test_what_two_ops_took_is_kept(eager):
    def double(v):
        return v + v * 1.0

    x = Value(np.ones((2, 3)))
    y = np.tanh(double(x + 1.0)) * 1.0
    total = y.parents[0].parents[0]
    assert not is_kept(total) and is_kept(total.parents[0])


def test_views_and_what_they_show_are_kept(eager):
    x = Value(np.arange(6.0))
    y = np.tanh((x + 1.0).reshape(2, 3)[0] * 2.0) * 1.0
    product = y.parents[0].parents[0]
    assert not is_kept(product) and is_kept(product.parents[0])
    assert product.parents[0].is_view()


def test_ops_that_say_nothing_keep_all(eager):
    noise = Primitive("noise", lambda x: x + 1.0, vjps=[lambda g, y, x: g])
    x = Value(np.ones((2, 3)))
    y = np.tanh(noise(x + 1.0) + 1.0) * 1.0
    made = y.parents[0].parents[0].parents[0]
    assert made.op is noise and is_kept(made) and is_kept(made.parents[0])


def test_small_arrays_are_kept():
    y = np.tanh(Value(np.ones(100)) + 1.0) * 1.0
    assert is_kept(y.parents[0].parents[0])
    y = np.tanh(Value(np.ones(20_000)) + 1.0) * 1.0
    assert not is_kept(y.parents[0].parents[0])


def test_what_was_written_into_an_array_is_let_go(eager):
    x = Value(np.ones((4, 3)))
    y = x * 1.0
    for i in range(3):
        y[i] = y[i] + 1.0
    state = y.current()
    written = [node for node in history([state], {})[0] if node.op is SETITEM]
    assert len(written) == 3 and not is_kept(written[1].parents[1])
    y.sum().backward()
    assert np.array_equal(x.grad, np.ones((4, 3)))


def test_a_rule_that_reads_more_gets_it(eager):
    sly = Primitive(
        "sly", np.square, vjps=[lambda g, y, x: g * 2.0 * x + 0.0 * y], arity=1, reads=("",)
    )
    x = Value(np.array([1.0, 2.0]))
    y = sly(sly(x * 1.0)) * 1.0
    assert not is_kept(y.parents[0]) or not is_kept(y.parents[0].parents[0])
    y.sum().backward()
    assert np.array_equal(x.grad, 4 * np.array([1.0, 2.0]) ** 3)


# -- programs --------------------------------------------------------------------------------------


def changed(v):
    w = v * 1.0
    w[0] = np.sin(w[1] * v[0])
    w[1:] *= 1.5
    return w


ONE = [
    np.tanh,
    np.exp,
    np.sin,
    np.negative,
    sigmoid,
    tanh,
    changed,
    lambda v: v.T,
    lambda v: v[::-1],
    lambda v: np.cumsum(v, axis=0),
    lambda v: v - np.mean(v, axis=0),
    lambda v: v / np.sqrt(np.var(v, axis=1, keepdims=True) + 1.0),
    lambda v: np.where(v > 0, np.sqrt(np.abs(v) + 0.1), v),
    lambda v: np.concatenate([v[:1], v[1:]]),
    lambda v: v.reshape(-1).reshape(2, 2),
    lambda v: np.roll(v, 1) * 0.5,
]
TWO = [np.add, np.subtract, np.multiply, np.matmul, np.maximum, lambda v, w: v / (2.0 + w * w)]
TREES = st.recursive(
    st.integers(0, 2),
    lambda trees: st.one_of(
        st.tuples(st.integers(0, len(ONE) - 1), trees),
        st.tuples(st.integers(0, len(TWO) - 1), trees, trees),
    ),
    max_leaves=6,
)


def grown(tree, leaves):
    """Return what a tree computes; nobody holds what is computed on the way."""
    if isinstance(tree, int):
        return leaves[tree]
    if len(tree) == 2:
        return ONE[tree[0]](grown(tree[1], leaves))
    return TWO[tree[0]](grown(tree[1], leaves), grown(tree[2], leaves))


@given(tree=TREES, seed=st.integers(0, 99))
@np.errstate(all="ignore")
def test_nobody_can_tell(tree, seed):
    rng = np.random.default_rng(seed)
    xs, tangent = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2, 2))

    def f(xs):
        return np.sum(np.tanh(grown(tree, [xs[0] * 1.0, xs[1] * 1.0, xs[2] * 1.0])))

    def outcome():
        x = Value(xs)
        y = f(x)
        y.backward()
        first = x.grad
        nodes = [(held(node), *node.args) for node in history([y], {})[0]]
        second = jvp(grad(f), (xs,), (tangent,))
        return [first, *second, *jvp(f, (xs,), (tangent,)), *[n for node in nodes for n in node]]

    with releasing_above(0):
        found = outcome()
    for a, b in zip(found, outcome(), strict=True):
        assert not isinstance(a, (float, np.ndarray)) or same(a, b)


def test_a_program_that_lets_go_of_something_at_every_op(eager):
    x = Value(np.linspace(0.1, 1.0, 6).reshape(2, 3))
    y = (np.tanh(x + 1.0) * 2.0 + 1.0) - np.exp(x * 0.5) * 3.0
    y = -(y + 1.0) + 1.0
    kept = [node.op.name for node in history([y], {})[0] if is_kept(node) and node.op]
    assert sorted(kept) == ["add", "exp", "negative", "subtract", "tanh"]
