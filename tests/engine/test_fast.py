"""The fast path against the general one: the same data and gradients, to the bit.

`op.call` is the fast path for ops of one and two arguments, `op.record` the general one; the walk
takes its written-out branch for nodes of the first kind and `general` for those of the second.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, no_grad
from autograd.engine.primitive import PRIMITIVES

FAST = [op for op in PRIMITIVES.values() if op.arity in (1, 2)]
INF = np.inf
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e308, -1e308, 1e-308, INF, -INF, np.nan]


def by_name(op):
    return op.name


def same(found, expected):
    """Whether two results have the same type, dtype, shape and bits, but for the bits of a NaN."""
    if found is None or isinstance(found, str):
        return found == expected
    a, b = np.asarray(found), np.asarray(expected)
    return (
        type(found) is type(expected)
        and a.dtype == b.dtype
        and a.shape == b.shape
        and np.array_equal(a, b, equal_nan=True)
        and (a.dtype.kind != "f" or bool(np.all((np.signbit(a) == np.signbit(b)) | (a != a))))
    )


@np.errstate(all="ignore")
def outcome(apply, make):
    """Return what `apply` gives on fresh arguments: data and gradients, or the kind of error."""
    args = make()
    try:
        y = apply(*args)
    except (TypeError, ValueError) as error:
        return [type(error).__name__]
    if not isinstance(y, Value):
        return [y]
    found = [y.data, y.op is None]
    if (
        y.op is not None
        and y.dtype.kind == "f"
        and any(a.dtype.kind == "f" for a in args if isinstance(a, Value))
    ):
        y.backward(np.linspace(1, 2, y.size).reshape(y.shape).astype(y.dtype))
        leaves = {id(a): a for a in args if isinstance(a, Value) and a.dtype.kind == "f"}
        found += [leaf.grad for leaf in leaves.values()]
    return found


def assert_same(op, make):
    fast, slow = outcome(op.call, make), outcome(op.record, make)
    assert len(fast) == len(slow), f"{op.name}{make()}: {fast} and {slow}"
    for a, b in zip(fast, slow, strict=True):
        assert same(a, b), f"{op.name}{make()}: {fast} and {slow}"


@pytest.mark.parametrize("op", FAST, ids=by_name)
def test_special_numbers(op):
    for numbers in itertools.product(SPECIAL, repeat=op.arity):
        assert_same(op, lambda numbers=numbers: [Value(x) for x in numbers])
        assert_same(op, lambda numbers=numbers: [Value([x]) for x in numbers])
    everything = np.array(SPECIAL)
    for dtype in (np.float64, np.float32):
        with np.errstate(over="ignore"):
            x = everything.astype(dtype)
        if op.arity == 1:
            assert_same(op, lambda x=x: [Value(x)])
        elif op.elementwise:
            assert_same(op, lambda x=x: [Value(x[:, None]), Value(x)])
            assert_same(op, lambda x=x: [Value(x), 2.5])
            assert_same(op, lambda x=x: [0.0, Value(x)])


M = np.array([[0.5, 2.0, 1.5], [1.0, 0.25, 3.0], [0.75, 1.25, 0.5]])
ARGUMENTS = {  # what may stand on either side, as a Value or as a constant
    "float": 0.5,
    "float64": np.float64(0.5),
    "float32": np.float32(0.5),
    "0-d": np.array(0.75),
    "0-d float32": np.array(0.75, np.float32),
    "array": M,
    "float32 array": M.astype(np.float32),
    "row": M[0],
    "view": M[::2, ::-1],
    "ints": np.array([1, 2, 3]),
    "empty": np.ones((0, 3)),
    "misfit": np.ones((2, 2)),
}
CONSTANTS = ARGUMENTS | {"int": 2, "bool": True, "int64": np.int64(2), "list": [1.0, 2.0, 3.0]}


@pytest.mark.parametrize("op", FAST, ids=by_name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_kinds_of_arguments(op):
    if op.arity == 1:
        for x in ARGUMENTS.values():
            assert_same(op, lambda x=x: [Value(x)])
        return
    for x, y in itertools.product(ARGUMENTS.values(), repeat=2):
        assert_same(op, lambda x=x, y=y: [Value(x), Value(y)])
    for x, y in itertools.product(ARGUMENTS.values(), CONSTANTS.values()):
        if isinstance(y, list):
            y = np.array(y)
        if type(Value(x).data) is float and type(y) is int:
            y = float(y)  # an int beside a float is one: `test_ints_beside_floats`
        assert_same(op, lambda x=x, y=y: [Value(x), y])
        assert_same(op, lambda x=x, y=y: [y, Value(x)])


@pytest.mark.parametrize("op", [op for op in FAST if op.arity == 2 and op.elementwise], ids=by_name)
def test_ints_beside_floats(op):
    for n in (2, 0, -1):
        sides = [lambda v, n: (v, n), lambda v, n: (n, v)]
        for side in sides:
            found = outcome(op.call, lambda n=n, side=side: side(Value(0.5), n))
            expected = outcome(op.record, lambda n=n, side=side: side(Value(0.5), float(n)))
            assert all(map(same, found, expected))


@pytest.mark.parametrize("op", FAST, ids=by_name)
def test_the_same_value_on_both_sides_written_to_or_not(op):
    for x in (0.5, M):
        v = Value(x)
        v.data  # noqa: B018  makes the array writeable: the graph must copy it
        assert_same(op, lambda v=v: [Value(v.numpy())] * op.arity)
        with no_grad():
            assert_same(op, lambda x=x: [Value(x)] * op.arity)


# -- random graphs ---------------------------------------------------------------------------------

UNARY = ["negative", "tanh", "sin", "square", "relu", "positive"]
BINARY = ["add", "subtract", "multiply", "maximum", "minimum"]
STEPS = st.lists(
    st.tuples(st.sampled_from([*UNARY, *BINARY, "stack"]), *[st.integers(0, 99)] * 3),
    min_size=1,
    max_size=8,
)
NUMBERS = st.floats(-2, 2).map(lambda x: round(x, 3))
LEAVES = st.one_of(
    NUMBERS,
    st.lists(NUMBERS, min_size=3, max_size=3).map(np.array),
    st.lists(NUMBERS, min_size=3, max_size=3).map(lambda x: np.array(x, np.float32)),
    NUMBERS.map(np.float32),
)


def build(leaves, steps, way):
    """Make a graph: each step applies an op to nodes made before, the last result is summed."""
    nodes = list(leaves)

    def apply(name, *args, **params):
        return getattr(PRIMITIVES[name], way)(*args, **params)

    for name, *picks in steps:
        a, b, c = (nodes[-1 - pick % len(nodes)] for pick in picks)
        if name in UNARY:
            nodes.append(apply(name, a))
        elif name in BINARY:
            nodes.append(apply(name, a, b))
        else:
            parts = np.broadcast_shapes(a.shape, b.shape, c.shape)
            a, b, c = (apply("broadcast_to", x, parts) for x in (a, b, c))
            nodes.append(apply("sum", apply("stack", a, b, c), axis=0))
    return nodes


def naive(node, g, paths):
    """The chain rule, path by path: list under each leaf what every path to it brings."""
    if node.op is None:
        paths.setdefault(node.serial, []).append(undo_broadcast(g, node.shape))
        return
    for parent, rule in zip(node.parents, node.op.vjps, strict=False):
        if parent is not None:
            gx = rule(g, node.data, *node.args, **node.params)
            naive(parent, undo_broadcast(gx, parent.shape), paths)


def undo_broadcast(g, shape):
    g = np.asarray(g, float)
    g = np.broadcast_to(g, np.broadcast_shapes(g.shape, shape))
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    ones = tuple(i for i, n in enumerate(shape) if n == 1)
    return g.sum(axis=ones, keepdims=True)


@given(data=st.lists(LEAVES, min_size=1, max_size=3), steps=STEPS)
def test_random_graphs(data, steps):
    found = {}
    for way in ("call", "record"):
        leaves = [Value(x) for x in data]
        nodes = build(leaves, steps, way)
        total = PRIMITIVES["sum"].record(nodes[-1])
        total.backward(retain_gradients=True)
        found[way] = [node.data for node in nodes] + [node.grad for node in nodes]
    assert all(map(same, found["call"], found["record"]))
    paths = {}
    naive(total, 1.0, paths)
    for leaf in leaves:
        brought = paths.get(leaf.serial, [np.zeros(leaf.shape)])
        tolerance = 1e-12 if all(Value(x).dtype.itemsize == 8 for x in data) else 1e-4
        scale = 1 + np.sum(np.abs(brought))
        got = leaf.grad
        np.testing.assert_allclose(got, np.sum(brought, axis=0), rtol=0, atol=tolerance * scale)
