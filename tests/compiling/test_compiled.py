"""compile: what it returns, what it says, and that nothing happens half."""

import operator
import random
import threading
import warnings

import numpy as np
import pytest

import autograd
import nn
from autograd import Value, grad, hessian, value_and_grad
from autograd.compiling import running, variant
from autograd.compiling.errors import TracingError
from autograd.compiling.node import Node
from autograd.compiling.passes import regions
from autograd.compiling.passes.rebuild import rebuilt
from autograd.engine.trees import leaves
from benchmarks.interrupts import Alarm
from nn.layers.recurrent import Output

A, B = np.array([1.0, -2.0, 3.0]), np.array([-0.5, 4.0, 0.25])


def cubes(x):
    return np.sum(x**3)


@pytest.mark.parametrize("transform", [grad, hessian, autograd.jacobian])
def test_derivatives(transform):
    plain, compiled = transform(cubes), autograd.compile(transform(cubes))
    for x in (A, B, A + B, A):
        np.testing.assert_array_equal(compiled(x), plain(x))


@pytest.mark.parametrize("f", [autograd.softmax, autograd.log_softmax])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_sums_over_gradients_have_the_same_bits_however_an_array_lies(f, axis):
    def slopes(offsets, x, w):
        def loss(offsets):
            return np.sum(w * f(sum(offsets, np.transpose(x, (1, 2, 0))), axis=axis))

        return grad(loss)(offsets)

    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(7, 9, 8)), rng.normal(size=(9, 8, 7))
    offsets = [rng.normal(size=shape) for shape in ((9, 1, 1), (8, 1), (7,))]
    compiled = autograd.compile(slopes, target="numpy")
    for _ in range(4):
        for a, b in zip(compiled(offsets, x, w), slopes(offsets, x, w), strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_compiled_function_is_differentiated():
    f = autograd.compile(cubes)
    f(A), f(A)
    np.testing.assert_array_equal(grad(f)(B), grad(cubes)(B))
    np.testing.assert_array_equal(autograd.compile(grad(f))(B), grad(cubes)(B))


def test_a_compiled_function_inside_another_is_a_part_of_it():
    inner = autograd.compile(lambda x: x * x)
    outer = autograd.compile(lambda x: np.sum(inner(x) + 1))
    assert [outer(x) for x in (A, B, A)] == [np.sum(x * x + 1) for x in (A, B, A)]


def test_methods():
    class Line:
        def __init__(self, slope):
            self.slope = slope

        @autograd.compile
        def at(self, x):
            return x * self.slope

    one, other = Line(2.0), Line(3.0)
    for _ in range(3):
        assert (one.at(1.5), other.at(1.5)) == (3.0, 4.5)
    one.slope = 4.0
    assert (one.at(1.5), other.at(1.5)) == (6.0, 4.5)


def test_results_are_new_arrays():
    f = autograd.compile(lambda x: (x, x[::-1], x * 2, np.ones(3)))
    first = f(A)
    for y in first:
        y[:] = 7.0
    for y, expected in zip(f(A), (A, A[::-1], A * 2, np.ones(3)), strict=True):
        np.testing.assert_array_equal(y, expected)
    assert A[0] == 1.0


def test_nothing_stays_of_a_trace_that_failed():
    w = Value([1.0, 2.0, 3.0])

    @autograd.compile
    def step(x):
        w.zero_grad()
        np.sum(w * x).backward()
        w.data = w.data - w.grad
        return x if np.sum(x) > 0 else -x

    with pytest.raises(TracingError, match=r"np\.where.*test_compiled\.py, line \d+"):
        step(A)
    np.testing.assert_array_equal(w.data, [1.0, 2.0, 3.0])
    assert not w.has_grad


@pytest.mark.parametrize("wrong", [3, "f", A])
def test_what_is_no_function_is_refused(wrong):
    with pytest.raises(TypeError, match="compile takes a function"):
        autograd.compile(wrong)


def test_an_unknown_target_is_refused():
    with pytest.raises(ValueError, match="target should be one of"):
        autograd.compile(cubes, target="gpu")


def test_large_arrays_outside_are_arguments():
    data = np.zeros(1_000_000)
    f = autograd.compile(lambda x: x * data[:3])
    with pytest.raises(TracingError, match=r"give it as an argument, or write data\.setflags"):
        f(A)
    data.setflags(write=False)
    np.testing.assert_array_equal(f(A), A * 0)


def test_many_shapes_are_said():
    f = autograd.compile(cubes)
    with pytest.warns(UserWarning, match="recorded 8 times"):
        for n in range(1, 9):
            f(np.ones(n))


def test_show_says_what_became_of_it():
    neuron = nn.Neuron(2, bias=False, init=[0.5, 0.7])
    optimiser = nn.SGD(neuron.parameters(), lr=0.01)

    @autograd.compile
    def step(x, t):
        optimiser.zero_grad()
        nn.squared_error(neuron(x), t).backward()
        optimiser.step()

    step(A[:2], 1.0)
    text = step.show()
    for words in ("def program(", "reads lr of SGD", "writes the data", "argument 0 (2,)"):
        assert words in text
    assert "recorded" in text.graphs
    assert autograd.draw(text.graphs["recorded"]).source


@pytest.mark.parametrize(
    "f",
    [
        lambda x: 1.0,
        lambda x: None,
        lambda x: np.ones(3),
        lambda x: (x.shape, {"a": 2}),
        lambda x: np.piecewise(x, [x > 0], [1.0]),
        lambda x: x,
        grad(np.sum),
    ],
)
def test_show_of_little(f):
    compiled = autograd.compile(f)
    for shift in range(3):
        compiled(A + 5.0 + shift)
    text = compiled.show()
    assert "def program(" in text
    for graph in text.graphs.values():
        assert autograd.draw(graph).source


def test_large_arrays_run_in_blocks_to_the_same_bits(monkeypatch):
    monkeypatch.setattr(regions, "LARGE", 60_000)

    def f(x):
        y = np.tanh(x) * 2.0 + np.where(x > 0.5, x, np.exp(-x * x))
        return np.sum(y * autograd.sigmoid(y) / (1.0 + y * y)), y

    plain = value_and_grad(lambda x: f(x)[0])
    compiled = autograd.compile(plain, target="numpy")
    assert "for i in range" in text_of(compiled, np.linspace(-3, 3, 60_011))
    for dtype in (np.float64, np.float32):
        x = np.linspace(-3, 3, 60_011).astype(dtype)
        for shift in (0, 1, 2):
            for mine, theirs in zip(
                compiled(x + dtype(shift)), plain(x + dtype(shift)), strict=True
            ):
                np.testing.assert_array_equal(mine, theirs)


def text_of(compiled, *args):
    compiled(*args)
    return str(compiled.show())


# -- each: a loop over rows ----------------------------------------------------------------------


def adder(momentum=0.0):
    neuron = nn.Neuron(2, init=[0.5, 0.7])
    optimiser = nn.SGD(neuron.parameters(), lr=1e-3, momentum=momentum)

    def step(x, t):
        optimiser.zero_grad()
        nn.squared_error(neuron(x), t).backward()
        optimiser.step()

    return step, neuron, optimiser


@pytest.mark.parametrize("dtype", [np.float32, float])
@pytest.mark.parametrize(
    "optimiser", [lambda p: nn.AdamW(p, lr=0.05, clip=0.3), lambda p: nn.Adadelta(p, lr=0.5)]
)
def test_gradients_that_are_clipped_and_states_have_the_same_bits(optimiser, dtype):
    """The order in which a norm adds is that in which a gradient lies in memory."""
    x = np.random.default_rng(0).normal(size=(12, 1, 7)).astype(dtype)
    ends = []
    for transform in (lambda f: f, autograd.compile):
        by_columns = nn.Linear(7, 9, seed=0, dtype=dtype)
        rows = np.random.default_rng(0).normal(size=(9, 9)).astype(dtype)
        by_rows = nn.Linear(9, 9, init=rows, seed=1, dtype=dtype)
        model = nn.Sequential(by_columns, nn.tanh, by_rows)
        descent = optimiser(model.parameters())

        def step(x, model=model, descent=descent):
            descent.zero_grad()
            np.sum(model(x) ** 2).backward()
            descent.step()

        step = transform(step)
        for row in x:
            step(row)
        ends.append([p.numpy().tobytes() for p in model.parameters()])
    assert ends[0] == ends[1] and step.recorded and not step.given_up


@pytest.mark.parametrize("kind", [nn.SGD, nn.Adam])
def test_the_momentum_is_read_anew_and_other_settings_are_watched(kind):
    ends = []
    for transform in (lambda f: f, autograd.compile):
        model = nn.MLP(3, [2], nn.tanh, seed=0)
        descent = kind(model.parameters(), lr=0.1)

        def step(x, model=model, descent=descent):
            descent.zero_grad()
            np.sum(model(x) ** 2).backward()
            descent.step()

        step = transform(step)
        for i in range(9):
            descent.momentum = 0.5 + i / 20
            descent.groups[0].weight_decay = 0.1 * (i > 5)
            step(A + i / 10)
        ends.append(np.concatenate([p.numpy().ravel() for p in model.parameters()]))
    np.testing.assert_allclose(*ends, rtol=1e-12)
    assert step.recorded == 2


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_each_is_a_call_for_each_row(momentum):
    rows = np.random.default_rng(0).normal(size=(700, 2))
    sums = rows.sum(axis=1)
    step, neuron, _ = adder(momentum)
    for x, t in zip(rows, sums.tolist(), strict=True):
        step(x, t)
    other, same, _ = adder(momentum)
    made = []
    autograd.compile(other).each(rows, sums, done=made.append)
    assert sum(made) == 700
    for p, q in zip(neuron.parameters(), same.parameters(), strict=True):
        np.testing.assert_allclose(p.data, q.data, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(p.grad, q.grad, rtol=1e-9, atol=1e-15)


def test_each_stops_where_the_weights_explode():
    rows = np.ones((500, 2))
    rows[300] = 1e200
    step, neuron, _ = adder()
    with pytest.raises(nn.ExplodedError):
        for x, t in zip(rows, rows.sum(axis=1).tolist(), strict=True):
            step(x, t)
    other, same, _ = adder()
    made = []
    with pytest.raises(nn.ExplodedError):
        autograd.compile(other).each(rows, rows.sum(axis=1), done=made.append)
    assert sum(made) == 300
    np.testing.assert_allclose(neuron.weights.data, same.weights.data, rtol=1e-12)


def test_each_keeps_single_precision():
    a = Value(np.float32(1.0))

    def step(x):
        a.data = a.data * np.float32(1.0) + x / np.float32(3.0)

    xs = np.linspace(0, 1, 300, dtype=np.float32)
    for x in xs:
        step(x)
    expected, a.data = a.data, np.float32(1.0)
    autograd.compile(step).each(xs)
    assert a.data == expected
    assert a.dtype == np.float32


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="equal length"):
        autograd.compile(cubes).each(np.ones((3, 2)), np.ones(2))


# -- threads and interrupts ------------------------------------------------------------------------


def test_two_threads_call_one_function():
    compiled, plain = autograd.compile(grad(cubes)), grad(cubes)
    wrong = []

    def calls(seed):
        rng = np.random.default_rng(seed)
        for _ in range(2_000):
            x = rng.normal(size=3)
            if not np.array_equal(compiled(x), 3.0 * x**2) and not np.array_equal(
                compiled(x), plain(x)
            ):
                wrong.append(x)

    threads = [threading.Thread(target=calls, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# what comes while llvmlite frees something, Python only reports
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_interrupts_leave_whole_steps():
    """Each step adds 1 to three numbers: they stay equal, whenever an interrupt comes."""
    a, b = Value([0.0, 0.0]), Value(0.0)

    @autograd.compile
    def step(x):
        a.zero_grad()
        b.zero_grad()
        (np.sum(a) * x + b * x).backward()
        autograd.set_data([a, b], [a.data + a.grad, b.data + b.grad])

    ones = np.ones(30_000)
    step.each(ones)
    made, alarm = a.data[0], Alarm(random.Random(0), 0.0026)
    for _ in range(40):
        alarm(lambda: step.each(ones))
        assert a.data[0] == a.data[1] == b.data
        assert made <= a.data[0] <= made + len(ones)
        made = a.data[0]


@pytest.mark.parametrize(
    ("make", "optimiser", "kind", "shape"),
    [
        (lambda: nn.TransformerBlock(8, 2, seed=0), nn.Adam, float, (3, 4, 8)),
        (lambda: nn.Sequential(nn.Linear(8, 8, seed=0), nn.gelu), nn.RMSprop, float, (9, 8)),
        (lambda: nn.Neuron(8, seed=0), nn.SGD, np.float32, (8,)),
        (lambda: Output(nn.LSTM(8, 4, layers=2, seed=0)), nn.Adam, float, (3, 5, 8)),
        (lambda: Output(nn.LSTM(3, 2, seed=0, dtype="f4")), nn.Adam, "f4", (1, 2, 3)),
    ],
)
def test_steps_of_networks(make, optimiser, kind, shape):
    rng = np.random.default_rng(0)
    xs = rng.normal(size=(4, *shape)).astype(kind)
    found = []
    for wrap in (lambda f: f, autograd.compile):
        model = make()
        rule = optimiser(model.parameters(), lr=0.01)

        def step(x, model=model, rule=rule):
            rule.zero_grad()
            np.sum(np.square(model(x) - 1)).backward()
            rule.step()

        step = wrap(step)
        for x in xs:
            step(x)
        found.append([p.data for p in model.parameters()])
    for plain, compiled in zip(*found, strict=True):
        np.testing.assert_array_equal(plain, compiled)


def test_a_function_of_floats_that_is_called_often():
    rate = [2.0]

    @autograd.compile
    def f(x, y):
        return grad(lambda x: x * x * y * rate[0])(x), x / y

    for i in range(20):
        x, y = 1.0 + i, float(i - 15)
        if y:
            assert f(x, y) == f.f(x, y)
            assert [type(z) for z in f(x, y)] == [type(z) for z in f.f(x, y)]
    assert f.quick is not None
    with pytest.raises(ZeroDivisionError):
        f(1.0, 0.0)
    rate[0] = 3.0
    assert f(1.0, 2.0) == f(x=1.0, y=2.0) == (12.0, 0.5)
    with autograd.no_grad():
        assert f(1.0, 2.0) == (12.0, 0.5)
    assert isinstance(f(Value(1.0), 2.0)[1], Value)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: 5 % x,
        lambda x: (x + 1.0) // x,
        lambda x: divmod(x, x)[0],
        lambda x: True / x,
        lambda x: (x > 0.5) / x,
        lambda x: 1.0 / (x != 0.0),
    ],
)
@pytest.mark.parametrize("target", ["numpy", "llvm"])
def test_where_python_raises_so_does_a_program(f, target):
    if target == "llvm":
        pytest.importorskip("llvmlite")
    compiled = autograd.compile(f, target=target)
    for x in np.linspace(1.0, 9.0, running.WAIT + 4).tolist():
        assert compiled(x) == f(x)
    with pytest.raises(ZeroDivisionError), np.errstate(all="ignore"):
        compiled(0.0)
    for x in (-2.5, float("inf"), 5e-324):
        np.testing.assert_array_equal(compiled(x), f(x))


@pytest.mark.parametrize("share", [1e-3, 1e-9])
@pytest.mark.parametrize("optimiser", [None, nn.Adam])
def test_a_program_that_gives_other_numbers_is_not_used(share, optimiser, monkeypatch):
    def wrong(ends):
        def change(node):
            if node.op is not None and node.op.forward is operator.mul:
                return Node(node.op, (node, 1 + share), {}, node.sample, numbers=node.numbers)
            return node

        return rebuilt(ends, change)

    monkeypatch.setattr(variant, "PASSES", (wrong,))
    model = nn.Linear(3, 2, seed=0)
    rule = nn.Adam(model.parameters(), lr=0.1)

    def step(x):
        rule.zero_grad()
        loss = np.sum(nn.gelu(model(x)) * 3.0)
        if optimiser is not None:
            loss.backward()
            rule.step()
        return loss

    compiled = autograd.compile(step)
    with pytest.warns(UserWarning, match="the program gave other numbers"):
        for x in (A, B):  # Adam's first step is made op by op
            compiled(x)


@pytest.mark.parametrize("target", ["numpy", "auto"])
def test_steps_made_of_rounding_may_differ(target):
    """The gradient of the keys' bias is 0 but for rounding, and Adam makes a whole step of that."""
    model = nn.MultiheadAttention(4, 2, seed=0)
    rule = nn.Adam(model.parameters(), lr=0.1)

    def step(x):
        rule.zero_grad()
        np.sum(np.square(model(x))).backward()
        rule.step()

    compiled = autograd.compile(step, target=target)
    for x in np.random.default_rng(0).normal(size=(4, 2, 3, 4)):
        compiled(x)
    assert compiled.variants and not compiled.given_up


def test_ops_of_our_own_are_not_looked_at_for_changes():
    f = autograd.compile(grad(lambda x: autograd.relu(x) * 2.0))
    f(1.0)
    ((program,),) = f.variants.values()
    watched = program.surroundings
    paths = [path for *_, path in (*watched.items, *watched.dicts)]
    assert paths
    assert not any(path.startswith("op") for path in paths)


@pytest.mark.parametrize("x", [0.99, np.array([0.99, 0.5])])
def test_the_point_at_which_a_function_is_recorded_again_is_no_warning(x):
    f = autograd.compile(lambda x: autograd.sqrt(1.0 - x) + np.log(1.0 - x))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in range(3):
            f(x)
    assert not told


def in_types(tree):
    """Return the types in a result."""
    return [(path, type(x)) for path, x in leaves(tree)]


@pytest.mark.parametrize("target", ["numpy", "llvm"])
@pytest.mark.parametrize(
    "f",
    [
        grad(lambda x: 3 * x),
        grad(lambda x: 3.0),
        autograd.value_and_grad(lambda x: 3 * x),
        autograd.value_and_grad(lambda x: np.sin(x)),
        lambda x: grad(lambda x, y: x * y + y, (0, 1))(x, 2.0),
        lambda x: Value(2.0) * x,
        lambda x: (Value(2.0), Value(x), x, 2.0),
        lambda x: [x * 2, {"a": x, "b": (1, "text", None, np.sin(x))}],
        lambda x: (x // 2, x % 2, divmod(x, 2.0), abs(x), -x, x**2, x / 3),
        lambda x: (np.sqrt(x), np.exp(x) * 2, np.maximum(x, 0.0), np.where(x > 0, x, 0.0)),
        lambda x: np.float32(2.0) * np.sin(x),
        lambda x: (x > 0.0, np.isfinite(x)),
        lambda x: (np.stack([x, x]).sum(), np.mean(x), np.sum(x)),
        lambda x: autograd.compile(lambda y: y * y + np.sin(y))(x),
        autograd.hessian(lambda x: 2 * x),
        autograd.jacobian(lambda x: np.array([3 * x, 2.0 * x])),
    ],
)
@pytest.mark.parametrize("x", [0.5, np.float64(0.5), np.array([0.5, 2.0]), np.float32(0.5)])
def test_results_have_the_types_of_the_functions(f, x, target):
    try:
        expected = in_types(f(x))
    except TypeError:  # gradients are of one number
        return
    compiled = autograd.compile(f, target=target)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a function may be left to run op by op
        for _ in range(20):
            assert in_types(compiled(x)) == expected


def test_a_function_that_returns_more_or_less_runs_op_by_op():
    many = [True]

    def f(x):
        return (x * 2, 1.0) if len(many) % 2 else (x * 2,)

    compiled = autograd.compile(f)
    for _ in range(4):
        assert compiled(3.0) == f(3.0)
        many.append(True)


@pytest.mark.parametrize(
    "f",
    [
        lambda x, y: [x * y, {"a": x / y, "b": (1, "text", None)}],
        autograd.value_and_grad(lambda x, y: x * y + y, (0, 1)),
        lambda x, y: {1: x + y, (2, 3): 4.0},
        lambda x, y: [],
    ],
)
def test_results_of_floats_in_plain_containers_come_the_short_way(f):
    compiled = autograd.compile(f)
    for i in range(30):
        x, y = 1.0 + i, 2.0 - i
        if y:
            assert compiled(x, y) == f(x, y)
            assert in_types(compiled(x, y)) == in_types(f(x, y))
    assert compiled.quick is not None or f(1.0, 1.0) == []


class Celsius(float):
    """A float that is more than one."""


@pytest.mark.parametrize("target", ["numpy", "llvm"])
@pytest.mark.parametrize("unused", [lambda x, y: x * x, lambda x, y: y * 3.0 + x])
def test_after_many_calls_with_floats_others_are_taken_as_before(unused, target):
    compiled = autograd.compile(unused, target=target)
    for _ in range(30):
        assert compiled(2.5, 0.5) == unused(2.5, 0.5)
    assert compiled.quick is not None
    others = [3, True, np.float64(2.5), np.float32(2.5), np.int64(3), 2 + 1j, Celsius(2.5), A]
    for x in others:
        for args in ((x, 0.5), (2.5, x)):
            expected, found = unused(*args), compiled(*args)
            np.testing.assert_array_equal(expected, found)
            if type(x) is not Celsius:
                assert type(expected) is type(found)
    with pytest.raises(TypeError):
        compiled("2.5", None)
