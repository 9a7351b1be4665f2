"""The fast walk against the plain one: the same gradients, places and errors, to the bit.

Both go over the same nodes, which random programs make: ops of every arity, numbers and arrays that
meet, Values used again and again, views, changes in place, rules that raise.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import FreedGraphError, Primitive, Value
from autograd.engine.backward import gradients, visit, walk
from autograd.engine.fast_backward import fast_history, fast_visit, fast_walk
from autograd.engine.graph import history
from autograd.engine.passes import Pass
from autograd.engine.value import held, held_grad
from tests.engine.test_fast import same

UNARY = {
    "negative": np.negative,
    "tanh": np.tanh,
    "square": np.square,
    "exp": np.exp,
    "log": np.log,  # of 0.0 Python raises, and a rule after it divides by 0
    "sqrt": np.sqrt,
    "row": lambda v: v[None] if v.shape else v,
    "backwards": lambda v: v[..., ::-1] if v.shape else v,
    "first": lambda v: v[..., :1] if v.shape else v,
    "sum": np.sum,
    "twice": lambda v: v[..., [0, 0, -1]] if v.shape and v.shape[-1] else v,
    "where": lambda v: np.where(v > 0, np.sqrt(v), 0.5),
    "half": lambda v: 0.5 * v,
    "rest": lambda v: 1.0 - v,
    "inverse": lambda v: 1.0 / v,
    "cube": lambda v: v**3.0,
    "single": lambda v: v.astype(np.float32) if v.shape else v,
}
BINARY = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "maximum": np.maximum,
    "compare": lambda v, w: v * (v > w),
    "stack": lambda v, w: np.stack(np.broadcast_arrays(v, w)).sum(axis=0),
}
ENTRIES = st.one_of(st.sampled_from([0.0, -0.0, 1.0]), st.floats(-2, 2).map(lambda x: round(x, 3)))
ARRAYS = st.lists(ENTRIES, min_size=3, max_size=3)
DATA = st.one_of(
    ENTRIES,
    ENTRIES.map(np.float32),
    ARRAYS.map(np.array),
    ARRAYS.map(lambda x: np.array(x, np.float32)),
)
STEPS = st.tuples(
    st.one_of(*[st.sampled_from(list(names)) for names in (UNARY, BINARY, ("change", "write"))]),
    st.integers(0, 99),
    st.integers(0, 99),
)
PROGRAMS = st.tuples(
    st.lists(DATA, min_size=1, max_size=3), st.lists(STEPS, min_size=1, max_size=10)
)


@np.errstate(all="ignore")
def run(program):
    """Return the leaves of a program and all that it made; each step takes what was made before."""
    data, steps = program
    leaves = [Value(x) for x in data]
    nodes = list(leaves)
    for name, i, j in steps:
        v, w = nodes[-1 - i % len(nodes)], nodes[-1 - j % len(nodes)]
        if name in UNARY:
            nodes.append(UNARY[name](v))
        elif name in BINARY:
            nodes.append(BINARY[name](v, w))
        elif v.ndim == 1 and v.shape[0] and v.dtype == w.dtype:
            if name == "change":
                v *= 1.5
            else:
                v[0] = np.sum(w)
    return leaves, nodes


def seed_of(root):
    numbers = np.linspace(1.0, 2.0, root.size).reshape(root.shape).astype(root.dtype)
    return numbers if root.shape else float(numbers) if root.dtype == float else numbers[()]


def outcome(walk, root, *how):
    """Return what a walk finds and leaves behind, or its error with its notes."""
    below = history([root], {})[0]
    for node in below:
        node.grad = None
    try:
        with np.errstate(all="ignore"):
            found = walk(root, seed_of(root), *how)
    except Exception as error:
        return [type(error).__name__, str(error), *getattr(error, "__notes__", [])]
    return [
        *[(leaf.serial, numbers(g)) for leaf, g in found],
        *[(node.serial, numbers(held_grad(node))) for node in below],
    ]


def numbers(g):
    return held(g) if isinstance(g, Value) else g


def assert_same(found, expected):
    assert len(found) == len(expected), f"{found} and {expected}"
    for a, b in zip(found, expected, strict=True):
        alike = same(a, b) if isinstance(a, str) else a[0] == b[0] and same(a[1], b[1])
        assert alike, f"{a} and {b}"


@settings(max_examples=100)
@given(program=PROGRAMS, live=st.booleans(), retain=st.booleans())
def test_random_graphs(program, live, retain):
    _, nodes = run(program)
    for root in nodes:
        found = outcome(fast_walk, root, Pass([root]) if live else None, retain)
        assert_same(found, outcome(walk, root, Pass([root]) if live else None, retain))


@given(program=PROGRAMS, live=st.booleans())
def test_a_walk_that_ends_in_nan_is_made_again(program, live):
    _, nodes = run(program)

    def whole(walk):
        return lambda root, seed: gradients(root, seed, live, True, False, walk)

    for root in nodes:
        assert_same(outcome(whole(fast_walk), root), outcome(whole(walk), root))


@given(program=PROGRAMS, since=st.integers(0, 12), stops=st.lists(st.integers(0, 12), max_size=3))
def test_both_find_the_same_nodes(program, since, stops):
    leaves, nodes = run(program)
    start = leaves[0].serial
    for roots in (nodes[-1:], nodes[-3:]):
        unique = list({root.serial: root for root in roots}.values())
        places = {start + stop: None for stop in stops} if since else {}
        found = fast_history(list(unique), dict(places), since and start + since)
        expected = history(list(unique), dict(places), since and start + since)
        assert [node.serial for node in found[0]] == [node.serial for node in expected[0]]
        assert found[1] == expected[1]


@given(program=PROGRAMS)
def test_walks_over_a_part_of_a_graph(program):
    leaves, nodes = run(program)
    root = nodes[-1]
    targets = [leaf.serial for leaf in leaves]
    gradients_of_targets = []
    for way in (fast_visit, lambda nodes, grads: visit(nodes, grads, None, False)):
        inner = [root] if root.serial not in targets else []
        below, grads = history(inner, dict.fromkeys(targets))
        grads[root.serial] = seed_of(root)
        with np.errstate(all="ignore"):
            way(below, grads)
        gradients_of_targets.append([(serial, grads.get(serial)) for serial in targets])
    assert_same(*gradients_of_targets)


@pytest.mark.parametrize("start", [2.0, np.array([2.0, 3.0])])
@pytest.mark.parametrize("above", [0, 1])
def test_errors_say_the_same(start, above):
    def broken(g, y, x):
        raise KeyError("no rule")

    x = Value(start)
    y = Primitive("broken", lambda x: x, vjps=[broken], arity=1)(x)
    root = y * x if above else y
    found, expected = outcome(fast_walk, root), outcome(walk, root)
    assert found == expected
    assert "backward pass of broken" in found[2]


def test_a_freed_graph_says_the_same():
    x = Value([1.0, 2.0])
    part = np.exp(x * x)
    y = part + x
    part.sum().backward(free=True)
    for way in (fast_walk, walk):
        with pytest.raises(FreedGraphError, match="below this exp was freed"):
            way(y, np.ones(2))
