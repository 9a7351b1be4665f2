"""debug(): the op, the line, the module and the cause of a NaN; no alarm where there is none."""

import inspect
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import (
    FreedGraphError,
    NonFiniteError,
    Primitive,
    Value,
    checkpoint,
    debug,
    grad,
    hessian,
    jacobian,
    no_grad,
)
from autograd.debugging.session import Session
from autograd.engine.modes import modes, watches, watching
from autograd.engine.primitive import PRIMITIVES
from autograd.graphs.lines import EARLIER, LIMIT
from autograd.graphs.places import CODE_KINDS
from tests.numpy import catalogue
from tests.numpy.examples import EXAMPLES

DIFFERENTIABLE = catalogue.sorting()[catalogue.DIFFERENTIABLE]
COUNT = 100  # ops in a row, of which one is at fault
STARTS = {"scalar": 0.7, "array": np.array([0.7, 0.2, -0.4])}


def op(name, faulty=None):
    """Return an op that does nothing much, but makes a NaN in one direction."""
    return Primitive(
        name,
        lambda x: x * (np.nan if faulty == "forward" else 1.0),
        vjps=[lambda g, y, x: g * (np.nan if faulty == "backward" else 1.0)],
    )


def stopped(run, *args):
    """Return the error with which `run` stops."""
    with pytest.raises(NonFiniteError) as caught, debug():
        run(*args)
    return caught.value


def here(mark):
    """Return the number of the line of the calling test that ends with a mark."""
    frame = inspect.currentframe().f_back
    lines, start = inspect.getsourcelines(frame.f_code)
    return start + next(i for i, line in enumerate(lines) if line.rstrip().endswith(f"# {mark}"))


# -- a planted fault is found exactly -----------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("phase", ["forward", "backward"])
@settings(max_examples=8)
@given(place=st.integers(0, COUNT - 1))
def test_one_op_of_a_hundred(phase, start, place):
    ops = [op(f"op {i}", phase if i == place else None) for i in range(COUNT)]

    def loss(x):
        for f in ops:
            x = f(x)  # here
        return np.sum(x)

    for error in (
        stopped(lambda: loss(Value(start)).backward()),
        stopped(lambda: loss(Value(start)).backward(create_graph=True)),
        stopped(lambda: grad(loss)(start)),
    ):
        assert (error.op, error.phase, error.line) == (f"op {place}", phase, here("here"))
        assert error.file == __file__
        assert f"op {place} " in str(error)


@pytest.mark.parametrize("phase", ["forward", "backward"])
def test_a_path_in_a_graph_that_branches(phase):
    def tree(depth, leaf):
        if not depth:
            return leaf
        return tree(depth - 1, leaf * 0.9) + tree(depth - 1, leaf * 1.1)

    fault = op("fault", phase)
    x = Value([0.5, 0.7])
    error = stopped(lambda: (tree(5, x) + fault(tree(3, x)) * 2.0).sum().backward())
    assert (error.op, error.phase) == ("fault", phase)


def test_a_library_that_stands_on_ours(tmp_path):
    """The line is the user's that called it, unless the library itself asked."""
    file = tmp_path / "site-packages" / "library.py"
    file.parent.mkdir()
    file.write_text(
        "import numpy as np\nfrom autograd import debug\n\n"
        "def inner(x):\n    return np.log(x)\n\ndef loss(x):\n    return inner(x)\n\n"
        "def apply(f, x):\n    return f(x)\n\n"
        "def watched(x):\n    with debug():\n        return inner(x)\n"
    )
    names = {}
    exec(compile(file.read_text(), str(file), "exec"), names)

    def run():
        return names["loss"](Value(0.0))  # here

    def callback():
        return names["apply"](lambda x: np.log(x), Value(0.0))  # there

    for error, line in (
        (stopped(run), here("here")),
        (stopped(callback), here("there")),
        (stopped(lambda: grad(names["loss"])(0.0)), here("grad")),  # grad
    ):
        assert (error.file, error.line, error.op) == (__file__, line, "log")
    with pytest.raises(NonFiniteError) as caught:
        names["watched"](Value(0.0))
    assert (caught.value.file, caught.value.line) == (str(file), 5)


class Net(nn.Module):
    """Blocks with an op each, one of which is at fault."""

    def __init__(self, faulty, phase):
        names = [op(f"op {i}", phase if i == faulty else None) for i in range(5)]
        self.blocks = [nn.Layer(2, 2, activation=name, seed=0) for name in names]
        self.scale = nn.Parameter(1.0)

    def __call__(self, x):
        for block in self.blocks:
            x = block(x) * self.scale
        return x


@pytest.mark.parametrize("phase", ["forward", "backward"])
def test_the_path_of_the_module(phase):
    model = Net(3, phase)
    error = stopped(lambda: model(np.ones((4, 2))).sum().backward())
    assert (error.op, error.module) == ("op 3", "model.blocks.3")
    assert error.line == inspect.getsourcelines(Net.__call__)[1] + 2

    class Trainer:
        def __init__(self):
            self.net = Net(1, phase)

        def run(self):
            self.net(np.ones((4, 2))).sum().backward()

    assert stopped(Trainer().run).module == "Net.blocks.1"


@pytest.mark.parametrize("phase", ["forward", "backward"])
def test_inside_transforms(phase):
    fault = op("fault", phase)

    def f(x):
        return np.sum(np.sin(fault(np.cos(x))) ** 2)  # here

    x = np.array([0.3, 0.6])
    runs = [
        lambda: hessian(f)(x),
        lambda: jacobian(lambda x: f(x) * x)(x),
        lambda: grad(lambda x: np.sum(grad(f)(x)))(x),
        lambda: autograd.jvp(f, (x,), (x,)),
        lambda: checkpoint(f)(Value(x)).backward(),
        lambda: grad(checkpoint(f))(x),
    ]
    for run in runs:
        error = stopped(run)
        assert (error.op, error.line, error.phase) == ("fault", here("here"), phase)


def test_where_gradients_of_forward_mode_are_added():
    """The infinite slope is at fault, not the inf − inf that comes of it."""

    def f(x):
        y = x - x
        return np.sqrt(y) + x  # here

    for run in (lambda: autograd.jvp(f, (2.0,), (1.0,)), lambda: grad(f)(2.0)):
        error = stopped(run)
        assert (error.op, error.phase, error.line) == ("sqrt", "backward", here("here"))


def test_inside_no_grad():
    def run():
        with no_grad():
            np.log(Value(0.0))

    assert stopped(run).op == "log"
    with no_grad(), debug():
        assert (Value(2.0) * 3.0).op is None
        with pytest.raises(NonFiniteError):
            np.log(Value([0.0]))


def test_the_second_derivative_points_at_the_forward_line():
    def run():
        x = Value([0.0, 1.0])
        y = (x**1.5).sum()  # here
        y.backward(create_graph=True)
        slope = x.grad.sum()
        x.zero_grad()
        slope.backward()

    error = stopped(run)
    assert (error.op, error.phase, error.line) == ("power", "backward", here("here"))


def test_what_was_changed_in_place():
    def run():
        x = Value([0.0, 1.0])
        x **= 0.5  # here
        x.sum().backward()

    assert stopped(run).line == here("here")


# -- what came in, and the loss -----------------------------------------------------------------


def test_a_loss_that_is_bad_already():
    x = Value([1.0, np.nan], name="x")
    loss = (x * 2.0).sum()
    error = stopped(lambda: loss.backward())
    assert "loss is NaN before its backward pass begins" in str(error)
    assert "it comes from x" in str(error)
    with np.errstate(all="ignore"):
        loss = np.log(Value(0.0)) * 2.0
    assert "log made it" in stopped(lambda: loss.backward()).cause
    assert "gradient given to backward() is NaN" in str(
        stopped(lambda: (Value([1.0]) * 2.0).backward(gradient=[np.nan]))
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_an_input_that_is_not_finite(bad):
    x, w = Value([1.0, bad, 2.0]), Value([1.0, 1.0, 1.0])
    error = stopped(lambda: w * x)
    assert (error.op, error.phase) == ("multiply", "forward")
    assert "in x, 1 of 3 entries, the first at [1]" in str(error)
    old = np.reshape(x, 3)
    assert "it comes from x" in stopped(lambda: (x.sum, old * 2.0)).cause


def test_a_constant_that_was_put_in():
    def run():
        x = Value([1.0, 2.0])
        x[0] = np.nan  # here
        x * 2.0

    cause = stopped(run).cause
    assert "setitem met NaN in a constant of the program, made at" in cause
    assert f"line {here('here')}, in run" in cause


def test_a_constant_that_is_nan():
    error = stopped(lambda: Value([1.0, 2.0]) * np.array([1.0, np.nan]))
    assert "a constant of the program" in error.cause


# -- causes -------------------------------------------------------------------------------------


def fault_of_others(x):
    """A norm as others write it."""
    norm = Primitive("length", lambda x: np.sqrt((x * x).sum()), vjps=[lambda g, y, x: g * x / y])
    return norm(x)


CAUSES = {
    "log of zero": (lambda x: np.log(x), [0.0, 1.0], "logarithm of zero"),
    "log of a negative": (lambda x: np.log(x), [-1.0, 1.0], "logarithm of a negative"),
    "log1p": (lambda x: np.log1p(x), [-1.0], "x is −1"),
    "sqrt": (lambda x: np.sqrt(x), [-1.0], "square root of a negative"),
    "slope of sqrt": (lambda x: np.sqrt(x), [0.0], "slope of a square root at zero is infinite"),
    "division": (lambda x: 1.0 / x, [0.0], "division by zero"),
    "0 / 0": (lambda x: x / x, [0.0], "division by zero"),
    "exp": (lambda x: np.exp(x), [800.0], "exp of 800 is larger than any float64"),
    "power": (lambda x: x**0.5, [-1.0], "negative number to a fractional power"),
    "power of zero": (lambda x: x**-1.0, [0.0], "zero to a negative power"),
    "slope of a power": (lambda x: x**0.5, [0.0], "infinite slope at zero for p < 1"),
    "exponent": (lambda x: x ** Value(2.0), [-1.0], "the base is negative"),
    "arcsin": (lambda x: np.arcsin(x), [2.0], "defined from −1 to 1"),
    "slope of arcsin": (lambda x: np.arcsin(x), [1.0], "slope at the ends"),
    "overflow": (lambda x: x * x, [1e200], "numbers of up to 1e+200 are too large"),
    "branch": (lambda x: np.where(x >= 0, np.log(x), 0.0), [0.0, 1.0], "where does not take"),
    "norm": (fault_of_others, [0.0, 0.0], "norm of a zero vector"),
    "mask": (lambda x: np.where(x > 1, x, -np.inf) * 0.0, [0.0, 2.0], "0 · inf"),
    "inf − inf": (lambda x: np.where(x > 1, x, np.inf) - np.inf, [0.0, 2.0], "inf − inf"),
    "sum": (lambda x: x * 1e200 * 1e-200 * 1e308 + x * 1e308, [1.0], "sum overflows"),
}


@pytest.mark.parametrize("name", CAUSES)
def test_the_classic_causes(name):
    f, start, says = CAUSES[name]
    if name == "sum":

        def f(x):
            y = Primitive("big", lambda x: 0.0 * x, vjps=[lambda g, y, x: g * 1e308])
            return y(x) + y(x)

    error = stopped(lambda: f(Value(start)).sum().backward())
    assert says in error.cause
    assert error.cause in str(error)
    if name not in ("norm", "sum", "mask", "inf − inf", "exponent"):
        scalar = stopped(lambda: f(Value(start[0])).backward())
        assert says in scalar.cause


HALF = np.array([0.0, 1.0], np.float16)


@pytest.mark.parametrize(
    "f, start, says, not_this",
    [
        (lambda x: np.log(x), [-1.0], "np.log(np.maximum(x, 1e-12))", "x + 1e-12"),
        (lambda x: np.log(x), HALF, "x + 1e-7", "1e-12"),  # 1e-12 is 0 in half precision
        (lambda x: np.sqrt(x), HALF, "x + 1e-7", "1e-12"),
        (lambda x: np.cbrt(x), [0.0], "keep the argument away from zero", "np.sqrt"),
        (lambda x: 1.0 / x, [1e-310], "a number as small as 1e-310", "too large"),
        (lambda x: x / np.float32(1e-30), np.float32([1e10]), "as small as 1e-30", "too large"),
        (lambda x: np.linalg.slogdet(np.outer(x, x))[1], [1.0, 1.0], "is singular", "overflow"),
        (
            lambda x: np.prod(x),
            [10.0] * 400,
            "a product of numbers of up to 10 is",
            "numbers of 10",
        ),
        (lambda x: np.arccos(x), [1.0000001], "not at 1.0000001", ""),
        (lambda x: np.mean(x[x.data > 2]), [1.0], "an array without entries", ""),
        (lambda x: x * x, np.float16([300.0]), "too large for a float16", "float64"),
        (lambda x: np.exp(x), [800.0], "an overflow", "rate"),
        (lambda x: np.where(x >= 0, 1.0 / x, 0.0), [0.0], "f(np.where(ok, x", "divide("),
    ],
)
def test_what_is_said_helps(f, start, says, not_this):
    """What is advised removes this fault, and no other cause is named."""
    cause = stopped(lambda: f(Value(start)).sum().backward()).cause
    assert says in cause
    assert not not_this or not_this not in cause


def test_a_pole_is_no_overflow():
    special = pytest.importorskip("autograd.scipy.special")
    cause = stopped(lambda: special.gammaln(Value(0.0))).cause
    assert cause == "gammaln is infinite there, or larger than any float64"
    mine = Primitive("mine", np.log, vjps=[lambda g, y, x: g / x])
    assert "mine is infinite there" in stopped(lambda: mine(Value(0.0))).cause


def test_large_data_are_not_called_weights():
    """Times in seconds, of which a gradient was taken before."""
    t = Value(1.7e9)
    (t * 2.0).backward()
    cause = stopped(lambda: np.exp(t)).cause
    assert "weights have grown" not in cause and "t is as large as 1.7e+09; if it learns" in cause


def test_the_branch_of_a_where_that_has_a_name():
    def faulty(x):
        logs = np.log(x)
        return np.where(x >= 0, logs, 0.0)

    def other(x):
        logs = np.log(x)
        return np.where(x > 0, x, 0.0) + logs

    start = Value([0.0, 1.0])
    assert "where does not take this branch" in stopped(lambda: faulty(start)).cause
    assert "where" not in stopped(lambda: other(start)).cause


def test_a_line_with_other_letters():
    def run(α):
        größe = α * 2; return np.log(größe)  # fmt: skip  # noqa: E702

    said = str(stopped(lambda: run(Value(0.0)))).splitlines()
    text, marks = said[2], said[3]
    assert text[marks.index("^") : marks.rindex("^") + 1] == "np.log(größe)"
    assert said[4] == "  größe: 0"


def test_the_branch_of_a_where_that_no_careful_walk_saves():
    """An op that does not say that it works entry by entry may mix up all entries."""
    root = Primitive("root", np.sqrt, vjps=[lambda g, y, x: g / (2 * y)])
    x = Value([0.0, 4.0])
    error = stopped(np.where(x > 0, root(x), 0.0).sum().backward)
    assert "branch that a where did not take" in error.cause


def test_two_ops_whose_slopes_are_zero_and_infinite():
    error = stopped(lambda: grad(lambda x: np.sqrt(x) ** 2)(0.0))
    assert error.op == "sqrt"
    assert "slope of a square root at zero is infinite" in error.cause
    root = Primitive("root", np.sqrt, vjps=[lambda g, y, x: g / (2 * y)])
    error = stopped(lambda: grad(lambda x: np.sum(root(x) ** 2))(np.array([0.0, 1.0])))
    assert "that of a later one is 0" in error.cause


def test_a_learning_rate_too_large():
    """The adding neuron of the README with --learning-rate 0.001."""
    neuron = nn.Neuron(2, bias=False, seed=0)
    optimiser = nn.SGD(neuron.parameters(), lr=1e-3)
    rows = np.random.default_rng(0).uniform(0, 100, (2000, 2))

    def train():
        for row in rows:
            optimiser.zero_grad()
            nn.squared_error(neuron(row), float(row.sum())).backward()
            optimiser.step()

    error = stopped(train)
    assert "is the learning rate too large?" in error.cause
    assert "weights to 3" in error.cause


def test_the_turn_of_a_loop():
    """Of the loops that run, the variables; of a loop that is over, the turn is counted."""

    def forward(x):
        for step in range(3):
            total = Value(0.0)
            for t in range(4):
                total = total + np.log(x * (7.0 - 2 * step - t))
            total.backward()

    assert "for the fourth time, in the loop with t = 3, step = 2, after 2 backward passes" in str(
        stopped(forward, Value(1.0))
    )
    fault, fine = op("fault", "backward"), op("fine")

    def backward(x):
        for step in range(2):
            h = x
            for t in range(4):
                h = (fault if (step, t) == (1, 2) else fine)(h)  # here
            h.backward()

    error = stopped(backward, Value(1.0))
    assert error.line == here("here")
    assert "for the third time, in the loop with step = 1, after 1 backward pass\n" in str(error)
    once = str(stopped(lambda: np.log(Value(0.0))))
    assert "time" not in once
    many = str(stopped(lambda: [np.log(Value(30.0 - n)) for n in range(99)]))
    assert "for the 31st time" in many


@pytest.mark.parametrize(
    "f, start",
    [
        (lambda x: np.prod(x), np.full(4, 60.0)),
        (lambda x: x * x, [300.0]),
        (lambda x: x**2, [300.0]),
        (lambda x: np.exp(x), [12.0]),
        (lambda x: np.sum(x), np.full(5, 30_000.0)),
        (lambda x: x @ np.ones(5, np.float16), np.full(5, 30_000.0)),
    ],
)
def test_a_cure_for_an_overflow(f, start):
    cause = stopped(lambda: f(Value(np.asarray(start, np.float16)))).cause
    assert "finite in float32: compute in it, as with x.astype(np.float32)" in cause
    assert np.isfinite(f(Value(np.asarray(start, np.float32))).data).all()
    assert "float32" not in stopped(lambda: f(Value(np.full(len(start), 1e308)))).cause


def test_what_cures_a_product():
    for f in (lambda x: np.prod(x), lambda x: x[0] * x[1], lambda x: (x**4)[0]):
        assert "logarithms" in stopped(lambda f=f: f(Value([1e200, 1e200]))).cause


@pytest.mark.parametrize(
    "f",
    [
        lambda x, mask: autograd.log_softmax(np.where(mask, x, -np.inf)),
        lambda x, mask: autograd.logsumexp(np.where(mask, x, -np.inf), axis=1),
        lambda x, mask: np.sum(x * mask, axis=1) / mask.sum(axis=1),
        lambda x, mask: np.mean(x[mask][:0]),
        lambda x, mask: np.exp(x) * mask / np.sum(np.exp(x) * mask, axis=1, keepdims=True),
    ],
)
def test_a_row_with_no_entry_left(f):
    mask = np.array([[True, False], [False, False]])
    cause = stopped(lambda: f(Value([[1.0, 2.0], [3.0, 4.0]]), mask).sum().backward()).cause
    assert "leave at least one entry in each row" in cause


class Bare(nn.Module):
    """No parameters, and no `self`."""

    def __call__(this, x):
        return np.log(x)


def test_the_path_of_a_module_without_parameters():
    class Inside(nn.Module):
        def __init__(self):
            self.parts = [nn.Layer(2, 2, seed=0), Bare()]

        def __call__(self, x):
            return self.parts[1](np.minimum(self.parts[0](x), 0.0) * 0.0)

    class Plain:
        """A network that is no Module."""

        def __init__(self):
            self.inner = Inside()

    model, plain, points = Inside(), Plain(), np.ones((3, 2))
    assert stopped(lambda: model(points)).module == "model.parts.1"
    assert stopped(lambda: plain.inner(points)).module == "plain.inner.parts.1"


# -- suspects ------------------------------------------------------------------------------------


def safe(x):
    return 2.0 * np.log(x) + 1.0


class Through(nn.Module):
    def __call__(self, x):
        return safe(x)


def named(x):
    y = np.log(x)
    z = y * 2.0 - y
    return np.where(x > 0, z, 0.0)


def assigned(x):
    a: Value = np.log(x)
    b, c = a * 2.0, x
    return np.where(c > 0, b, 0.0)


def collected(x):
    parts = []
    for one in x:
        parts.append(np.log(one))
    return np.where(x > 0, np.stack(parts), 0.0)


def masked(x):
    positive = x.data > 0
    logs = np.log(x)
    return logs[positive]


def nansum(x):
    with np.errstate(all="ignore"):
        logs = np.log(x)
    return np.nansum(logs * np.where(x > 0, 1.0, np.nan))


LEFT_OUT = {
    "assigned": assigned,
    "collected": collected,
    "mask": masked,
    "nansum": nansum,
    "where": lambda x: np.where(x > 0, np.log(x), 0.0),
    "function": lambda x: np.where(x > 0, safe(x), 0.0),
    "module": lambda x: np.where(x > 0, Through()(x), 0.0),
    "variables": named,
    "twice": lambda x: np.where(x > 0, np.where(x > -2, np.log(x), 0.0), 1.0),
    "division": lambda x: np.where(x > 0, x / np.maximum(x, 0.0), 0.0),
    "bound": lambda x: np.maximum(np.log(np.maximum(x, 0.0)), -5.0),
    "index": lambda x: np.log(x)[x.data > 0],
    "number": lambda x: sum(np.where(one > 0, np.log(one), 0.0) for one in x),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_raises_no_alarm(name):
    f, start = LEFT_OUT[name], np.array([1.0, 0.0, -1.0])
    with np.errstate(all="ignore"):
        expected = grad(lambda x: np.sum(f(x)))(start)
    assert np.isfinite(expected).all()
    x = Value(start)
    with debug():
        for _ in range(2):
            x.zero_grad()
            np.sum(f(x)).backward()
        np.testing.assert_array_equal(x.grad, expected)
        np.sum(f(x)).backward(create_graph=True)
        hessian(lambda x: np.sum(f(x)))(start)
        autograd.jvp(lambda x: np.sum(f(x)), (start,), (start,))
        checkpoint(lambda x: np.sum(f(x)))(x).backward()
        with no_grad():
            f(x)


def test_a_change_in_place_of_what_is_left_out():
    x = Value([1.0, 0.0, -1.0])
    with debug():
        y = np.log(x)
        y += 1.0
        np.sum(np.where(x > 0, y, 0.0)).backward()


def test_rules_that_meet_what_is_left_out_raise_no_alarm():
    x = Value([1.0, 2.0, 3.0])

    def f(x):
        return np.sum(np.where(x < 1.5, np.exp(x * 400.0 - 395.0), x))

    with debug():
        f(x).backward(create_graph=True)
        grad(grad(lambda t: f(t * x.data)))(1.0)


def wrong(x):
    logs = np.log(x)  # here
    return np.where(x >= 0, logs * 2.0, 0.0)


@pytest.mark.parametrize(
    "run",
    [
        lambda x: wrong(x),
        lambda x: wrong(x).sum(),
        lambda x: wrong(x).sum().backward(),
        lambda x: wrong(x).backward(gradient=np.ones(2)),
        lambda x: grad(lambda x: np.sum(wrong(x)))(x.data),
        lambda x: no_grad()(wrong)(x),
    ],
)
@pytest.mark.parametrize("start", [[0.0, 1.0], [-0.0, -1.0]])
def test_a_suspect_that_reaches_the_result_names_the_first_op(run, start):
    error = stopped(run, Value(start))
    line = inspect.getsourcelines(wrong)[1] + 1
    assert (error.op, error.line, error.phase) == ("log", line, "forward")
    assert "where does not take this branch" in error.cause


def test_a_suspect_that_reaches_a_gradient():
    """The loss is finite, but the rule does not say that it works entry by entry."""
    log = Primitive("my log", np.log, vjps=[lambda g, y, x: g * np.exp(-y)])
    x = Value([0.0, 4.0])
    with np.errstate(all="ignore"):
        assert np.isnan(grad(lambda x: np.sum(np.where(x > 0, log(x), 0.0)))(x.data)).any()
    error = stopped(lambda: np.where(x > 0, log(x), 0.0).sum().backward())
    assert error.op == "my log" and "It reached a gradient" in str(error)


def test_a_program_whose_text_is_not_there():
    """It may have a `where`, so what is not finite is held until it reaches a result."""
    names = {"np": np, "x": Value([1.0, 0.0]), "debug": debug}
    program = "with debug():\n    y = np.where(x {} 0, np.log(x), 0.0).sum()\n    y.backward()"
    exec(program.format(">"), names)
    with pytest.raises(NonFiniteError, match="log made -inf"):
        exec(program.format(">="), names)


def test_a_suspect_does_not_hide_another_error():
    with pytest.raises(KeyError), debug():
        wrong(Value([0.0, 1.0]))
        raise KeyError


def test_suspects_are_bounded(monkeypatch):
    monkeypatch.setattr("autograd.debugging.suspects.MOST", 10)
    x = Value([0.0, 1.0])
    with debug():
        (session,) = watching()
        for _ in range(20):
            named(x)
        assert len(session.suspects.errors) == 10
        assert not session.suspects.unused


# -- no false alarm -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in DIFFERENTIABLE if name in EXAMPLES])
def test_numpys_functions_raise_no_alarm(name):
    x = np.random.default_rng(0).normal(size=(2, 3))
    for example in EXAMPLES[name]:
        v = Value(x)
        with debug():
            y = example(np, v)
            for part in y if isinstance(y, (tuple, list)) else [y]:
                if isinstance(part, Value) and part.dtype.kind == "f":
                    part.backward(gradient=np.ones(part.shape))


def test_masks_and_branches_raise_no_alarm():
    x = Value([1.0, 0.0, -2.0])
    with debug():
        scores = np.where(np.array([True, True, False]), x, -np.inf)
        autograd.softmax(scores)[0].backward()
        np.sum(np.where(x > 0, np.sqrt(np.abs(x)), 0.0)).backward()
        np.nanmean(Value([1.0, np.nan])).backward()
        np.nanmean(np.reshape(Value([[1.0], [np.nan]]), 2)).backward()
        np.nanquantile(Value([1.0, 3.0, np.nan]), 0.4).backward()
        np.sum(np.where(np.isnan(Value([1.0, np.nan])), 0.0, Value([1.0, np.nan]))).backward()
    assert np.isfinite(x.grad).all()


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_the_same_numbers_and_nodes(start):
    def run():
        x = Value(start)
        y = np.sum(np.where(x > 0, np.tanh(x * x + 0.3), -x) ** 2) / 3.0
        y.backward(create_graph=True)
        made = [
            (node.op, node.args, node.more is None)
            for node in autograd.engine.graph.history([y], {})[0]
        ]
        return y.data, np.asarray(x.grad.data).tobytes(), made

    plain = run()
    with debug():
        watched = run()
    assert plain[:2] == watched[:2]
    for old, new in zip(plain[2], watched[2], strict=True):
        assert (old[0], old[2]) == (new[0], new[2])
        assert all(np.array_equal(a, b) for a, b in zip(old[1], new[1], strict=True))


# -- where it holds -----------------------------------------------------------------------------


def test_as_a_decorator_and_nested():
    @debug()
    def faulty(x, depth=0):
        if depth < 2:
            return faulty(x, depth + 1)
        return np.log(x)

    with pytest.raises(NonFiniteError):
        faulty(Value(0.0))
    with debug():
        with debug():
            pass
        with pytest.raises(NonFiniteError):
            np.log(Value(0.0))
    with np.errstate(all="ignore"):
        assert np.log(Value(0.0)).data == -np.inf
    assert not modes
    assert not watches


def test_nothing_of_it_is_loaded_before_it_is_asked_for():
    program = """if True:
        import sys, autograd, nn
        (autograd.Value(2.0) ** 2).backward()
        assert "autograd.debugging" not in sys.modules
        autograd.debug()
        assert "autograd.debugging" in sys.modules
    """
    subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=True)


def test_only_its_own_thread():
    inside, found = threading.Barrier(2), []

    def other():
        inside.wait()
        with np.errstate(all="ignore"):
            found.append(np.log(Value(0.0)).data)
        inside.wait()

    thread = threading.Thread(target=other)
    thread.start()
    with debug():
        inside.wait()
        inside.wait()
        with pytest.raises(NonFiniteError):
            np.log(Value(0.0))
    thread.join()
    assert found == [-np.inf]


def test_numpys_warnings_stay_outside():
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.log(Value([0.0]))
    with debug(), pytest.raises(NonFiniteError):
        np.log(Value([0.0]))


def test_bounded_memory():
    session = Session(None)
    assert session.places.maxlen == LIMIT
    with debug():
        (session,) = watching()
        for _ in range(10):
            Value(1.0) * 2.0
        assert len(session.places) == 10
        x = Value([1.0, 2.0])
        np.sum(x**3).backward(create_graph=True)
        kept = [field for where in session.places for field in where]
        assert not any(isinstance(field, Value) for field in kept), "a graph is kept alive"
        assert any(where[-1] for where in session.places)
    assert session.base is None


def test_code_that_is_gone_is_forgotten():
    """Another code object may get its id, and be of another kind."""
    names = {"np": np, "x": Value(1.0)}
    with debug():
        code = compile("np.sin(x)", "<cell>", "exec")
        exec(code, names)
        assert CODE_KINDS[key := id(code)]
    assert key in CODE_KINDS
    del code
    EARLIER.clear()
    assert key not in CODE_KINDS


@debug()
def test_masks_inside_no_grad_raise_no_alarm():
    x = Value([1.0, 2.0])
    with no_grad():
        masked = np.where(np.array([True, False]), x, -np.inf)
        assert autograd.softmax(masked * 2.0).data.tolist() == [1.0, 0.0]


# -- other errors of the backward pass ------------------------------------------------------------


def notes(run, kind):
    """Return the notes of the error of a kind with which `run` ends inside debug()."""
    with pytest.raises(kind) as caught, debug():
        run()
    return "\n".join(traceback.format_exception_only(caught.value))


def test_an_error_in_a_rule_names_the_forward_line():
    def broken(g, y, x):
        raise KeyError("no rule")

    rule = Primitive("broken", lambda x: x, vjps=[broken])

    def run():
        y = rule(Value([1.0, 2.0]))  # here
        (y * 2.0).sum().backward()

    said = notes(run, KeyError)
    assert "in the backward pass of broken, arguments of shapes (2,)" in said
    assert f'made at File "{__file__}", line {here("here")}, in run' in said


def test_freed_graphs_and_integers_name_the_forward_line():
    def again():
        y = (Value([1.0]) ** 2).sum()  # here
        y.backward(free=True)
        y.backward()

    assert f"line {here('here')}, in again" in notes(again, FreedGraphError)

    def integers():
        y = np.floor_divide(Value(np.array([3, 4])), 2)  # there
        y.backward()

    said = notes(integers, TypeError)
    assert "int64 computed by floor_divide" in said
    assert f"line {here('there')}, in integers" in said

    def many():
        (Value([1.0, 2.0]) * 2.0).backward()  # many

    assert f"line {here('many')}, in many" in notes(many, ValueError)


def test_what_was_made_before():
    y = Primitive("old", lambda x: x, vjps=[lambda g, y, x: g * np.nan])(Value([1.0]))
    assert "before debug() began" in str(stopped(lambda: y.sum().backward()))
    assert "old" not in PRIMITIVES
