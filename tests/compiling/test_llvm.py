"""The LLVM target: the bits of Python and NumPy, and what happens where it has no native form."""

import gc
import math
import operator
import sys
import threading
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import grad, value_and_grad
from autograd.compiling import running, variant
from autograd.compiling.blocks import function_of
from autograd.compiling.points import recorded
from autograd.compiling.text import OtherwiseError

pytest.importorskip("llvmlite", minversion="0.45")
from autograd.compiling.llvm.engine import llvm_itself
from autograd.compiling.llvm.entrywise import entrywise
from autograd.compiling.llvm.regions import with_native_loops
from autograd.compiling.llvm.straight import on_floats

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, math.inf, -math.inf, math.nan, 1e-310, 800.0, -1e200]
NUMBERS = st.one_of(st.sampled_from(SPECIAL), st.floats())
MATHEMATICAL = [
    np.exp, np.log, np.log1p, np.expm1, np.sin, np.cos, np.tan, np.tanh, np.arctan, np.arcsin,
    lambda a: np.arccosh(a + 1.0), np.sinh, np.cbrt, lambda a: a**3, lambda a: 1.5**a,
    lambda a: np.arctan2(a, 0.5), autograd.sigmoid, autograd.erf, autograd.gelu,
]  # fmt: skip
ONE = [
    np.sqrt, np.square, np.reciprocal, np.negative, np.abs, np.sign, np.floor, np.ceil, np.trunc,
    np.rint, autograd.relu,
    lambda a: a**2, lambda a: a**-1, lambda a: 2 * a, lambda a: a**0.5,
    lambda a: np.clip(a, -1.0, 2.0),
    lambda a: np.where(np.isnan(a) | np.isinf(a) | np.signbit(a), 0.5, a),
    lambda a: np.where(np.logical_not(np.isfinite(a)), a, -a),
]  # fmt: skip
TWO = [
    operator.add, operator.sub, operator.mul, operator.truediv, np.maximum, np.minimum,
    np.fmax, np.fmin, np.copysign, np.heaviside,
    lambda a, b: np.where(a > b, a, b), lambda a, b: np.where(a <= b, a, 0.0),
    lambda a, b: np.where((a == b) | (a != 1.0), a, b), lambda a, b: a * (a >= b) + (a < b) * b,
]  # fmt: skip


def in_two_ways(natively, f, *args):
    """Return a program of Python and a native one for a function, recorded at a point."""
    program, _ = recorded(f, args, {}, [])
    for rewrite in variant.PASSES:
        program = program.after(rewrite)
    guards = list(zip(program.guards, program.expected, strict=True))
    nodes = program.nodes
    parts = nodes, [x for x in nodes if x.source is not None], guards, list(program.results)
    places = [x.source.place for x in parts[1]]
    return [(make(*parts)[0], places) for make in (function_of, natively)]


def outcome(program, args):
    """Return what a program gives, "otherwise" if it does not hold."""
    function, places = program
    try:
        with np.errstate(all="ignore"):
            (y,) = function(*[args[i] for i in places])
    except (OtherwiseError, ArithmeticError, ValueError, TypeError):
        return "otherwise"
    return type(y), "nan" if y != y else np.float64(y).tobytes()


OTHERS = [operator.pow, np.arctan2, np.fmod, np.logaddexp, lambda a, b: 1.5**a + b]


@pytest.mark.parametrize(
    "f", MATHEMATICAL + ONE + TWO + OTHERS, ids=lambda f: getattr(f, "__name__", "f")
)
@given(st.data())
@settings(max_examples=3, deadline=None)
def test_each_op_has_the_bits_of_python(f, data):
    def by_place(*xs):
        return f(*xs[: 2 if f in TWO + OTHERS else 1]) + 0.0 * xs[0]

    python, native = in_two_ways(on_floats, by_place, 0.75, 0.5)
    points = [(a, b) for a in SPECIAL for b in SPECIAL]
    points += data.draw(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=20, max_size=40))
    for point in points:
        if f in (np.fmax, np.fmin) and not any(point):
            continue  # which zero they return differs between versions of NumPy
        assert outcome(native, point) == outcome(python, point), point


# -- whole programs --------------------------------------------------------------------------------


def chain(x, y):
    for _ in range(12):
        x, y = np.tanh(x * y) + autograd.sigmoid(y), x / (y * y + 1.0)
    return x * y


@pytest.mark.parametrize("longest", [3, 7, 512])
def test_programs_in_pieces(longest, monkeypatch):
    monkeypatch.setattr("autograd.compiling.llvm.frame.LONGEST_PIECE", longest)
    python, native = in_two_ways(on_floats, grad(chain), 0.3, -0.7)
    for x in SPECIAL:
        for y in SPECIAL:
            assert outcome(native, (x, y)) == outcome(python, (x, y))


def test_the_builtin_of_a_program_gives_the_same_and_frees_what_it_makes():
    (function, _), (native, _) = in_two_ways(on_floats, lambda x, y: (x / y, x - y, x), 0.5, 2.0)
    builtin = native.native
    del native
    gc.collect()  # the builtin alone holds the code
    for x, y in [(a, b) for a in SPECIAL for b in SPECIAL]:
        try:
            expected = function(x, y)
        except ArithmeticError:
            expected = ()
        assert str(builtin(x, y)) == str(expected)
    before = sys.getallocatedblocks()
    for _ in range(2_000):
        builtin(1.0, 3.0), builtin(1.0, 0.0)
    assert sys.getallocatedblocks() < before + 500


def test_arrays_of_few_entries_come_in_and_go_out():
    @autograd.compile(target="llvm")
    def f(x, m):
        return (x @ m, np.sum(x * x[::-1]), x, x > 0.0, m.T, np.ones(2))

    rng = np.random.default_rng(0)
    for _ in range(4):
        x, m = rng.normal(size=3), rng.normal(size=(4, 3)).T
        for mine, theirs in zip(f(x, m), f.f(x, m), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-13)
            assert np.result_type(mine) == np.result_type(theirs)
    assert "define i32 @program" in f.show()


def test_native_code_lives_as_long_as_its_function():
    functions = [autograd.compile(lambda x, k=k: x * k + 1.0, target="llvm") for k in range(5)]
    for turn in range(4):
        for k, f in enumerate(functions):
            assert f(2.0) == 2.0 * k + 1.0
        gc.collect()
        if turn == 1:  # the engines of these end, and those of the others do not
            del functions[3:]
            gc.collect()


def test_auto_goes_native_when_a_program_is_called_often():
    f = autograd.compile(grad(chain))
    expected = f.f(0.3, -0.7)
    for _ in range(running.WAIT):
        assert f(0.3, -0.7) == expected
    assert "def program" in f.show()
    assert f(0.3, -0.7) == expected
    assert "define i32 @program" in f.show()
    plain = autograd.compile(f.f, target="numpy")
    for _ in range(running.WAIT + 2):
        assert plain(0.3, -0.7) == expected
    assert "def program" in plain.show()


def test_what_has_no_native_form_stays_in_numpy_and_show_says_so():
    f = autograd.compile(lambda x: np.sort(x) * 2.0, target="llvm")
    for _ in range(3):
        np.testing.assert_array_equal(f(np.array([3.0, 1.0])), [2.0, 6.0])
    assert "no native code: sort" in f.show()
    g = autograd.compile(lambda x: np.cbrt(x) + x, target="llvm")
    assert [g(8.0), g(8.0), g(27.0)] == [10.0, 10.0, 30.0]
    assert "by Python: cbrt" in g.show()


def test_an_interrupt_inside_a_function_of_python_comes_through():
    calls = count(1)

    def stopping(x):
        if next(calls) == 9:
            raise KeyboardInterrupt
        return x + 1.0

    op = autograd.Primitive("stopping", lambda x: x + 1.0, [lambda g, y, x: g], scalar=stopping,
                            elementwise=True, domain=((0.0, 1.0),))  # fmt: skip
    f = autograd.compile(lambda x: op(x) * 2.0, target="llvm")
    with pytest.raises(KeyboardInterrupt):
        for _ in range(9):
            assert f(1.0) == 4.0


def test_without_llvmlite_the_target_names_the_remedy(monkeypatch):
    def missing():
        raise ImportError("the target 'llvm' needs llvmlite")

    monkeypatch.setitem(autograd.compiling.compiled.NEEDS, "llvm", missing)
    with pytest.raises(ImportError, match="needs llvmlite"):
        autograd.compile(chain, target="llvm")
    monkeypatch.setattr("autograd.compiling.llvm.engine.llvm_itself", missing)
    f = autograd.compile(grad(chain))
    for _ in range(running.WAIT + 2):
        assert f(0.3, -0.7) == f.f(0.3, -0.7)
    assert "no native code: the target 'llvm' needs llvmlite" in f.show()


# -- large arrays ----------------------------------------------------------------------------------


def on_arrays(functions, dtype):
    """Return what functions give for all pairs of special numbers, by NumPy and natively."""
    a, b = np.array([(a, b) for a in SPECIAL for b in SPECIAL] * 16).T.astype(dtype)

    def f(a, b):
        return tuple([f(a, b) if f in TWO else f(a) for f in functions])

    ways = in_two_ways(with_native_loops, f, np.ones(a.shape, dtype), np.ones(a.shape, dtype))
    with np.errstate(all="ignore"):
        return [function(*[(a, b)[i] for i in places]) for function, places in ways]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.filterwarnings("ignore:overflow")
def test_entries_of_large_arrays_have_numpys_bits(dtype):
    for f, x, y in zip(ONE + TWO, *on_arrays(ONE + TWO, dtype), strict=True):
        assert x.dtype == y.dtype, f
        np.testing.assert_array_equal(x, y, str(f))
        if f not in (np.maximum, np.minimum, np.fmax, np.fmin):  # NumPy's zeros have either sign
            signs = np.signbit(x) == np.signbit(y)
            assert np.all(signs | np.isnan(x)), f


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.filterwarnings("ignore:overflow")
def test_mathematics_of_large_arrays(dtype):
    for f, x, y in zip(MATHEMATICAL, *on_arrays(MATHEMATICAL, dtype), strict=True):
        assert x.dtype == y.dtype
        np.testing.assert_allclose(x, y, rtol=8 * np.finfo(dtype).eps, err_msg=str(f))


def test_large_arrays_run_in_native_loops():
    def f(x, rate):
        y = np.tanh(x) * rate + np.where(x > 0.5, x, np.exp(-x * x))
        return (
            np.sum(y * autograd.sigmoid(y) / (1.0 + y * y)),
            y[::-1],
            np.cumsum(y, axis=0) + 0.5 * y,
        )

    compiled = autograd.compile(value_and_grad(lambda x, rate: f(x, rate)[0]), target="llvm")
    both = autograd.compile(f)
    for dtype in (np.float64, np.float32):
        x, kept = np.linspace(-3, 3, 6_000).astype(dtype).reshape(60, 100), []
        for shift in range(4):
            x = x.T + dtype(shift)  # not in order of memory
            for g in (compiled, both):
                kept.append((g(x, 0.5), g.f(x, 0.5)))
        for mine, theirs in kept:
            for one, other in zip(mine, theirs, strict=True):
                assert np.result_type(one) == np.result_type(other)
                bound = 1e-12 if dtype is np.float64 else 1e-4
                np.testing.assert_allclose(one, other, rtol=bound, atol=bound)
                if np.asarray(other).flags.forc:
                    assert np.asarray(one).strides == np.asarray(other).strides
    assert "define void @region_0" in compiled.show()


def test_loops_over_matrices_by_columns_go_along_memory():
    x, y = np.random.default_rng(0).normal(size=(2, 100, 60)).transpose(0, 2, 1)
    compiled = autograd.compile(lambda x, y: ((x * y + x) * 0.5, x - y * y), target="llvm")
    for _ in range(3):
        for one, other in zip(compiled(x, y), compiled.f(x, y), strict=True):
            assert one.flags.f_contiguous
            np.testing.assert_array_equal(one, other)
    assert "ravel('F')" in compiled.show() and "order='C'" not in compiled.show()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_entries_of_matrices_whose_rows_lie_apart(dtype):
    """Three steps that take two matrices each, and change one that they share."""

    def formula(a, b, c):
        return a * b + c, c - a

    rng = np.random.default_rng(0)
    taken, found = rng.normal(size=(3, 5, 2, 37)).astype(dtype), np.zeros((3, 5, 1, 37), dtype)
    shared = rng.normal(size=(1, 5, 37)).astype(dtype)
    expected, changed = np.zeros_like(found), shared[0].copy()
    run = entrywise(formula, dtype)(taken.swapaxes(1, 2), shared, found.swapaxes(1, 2))
    for t in (2, 0):
        run(t)
        expected[t, :, 0], changed = formula(taken[t, :, 0], taken[t, :, 1], changed)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(shared[0], changed)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_an_lstm_runs_in_native_loops_with_the_digits_of_eager(dtype):
    """Where gates are far out, too, and where they are so far that e^x overflows."""
    rng = np.random.default_rng(0)
    shapes = (3, 64, 128), (32, 128), (64, 32), (64, 32)
    weights = rng.normal(size=(2, 3, 64, 32)).astype(dtype)

    def f(*args):
        return sum(np.sum(y * w) for y, w in zip(autograd.lstm(*args), weights, strict=True))

    f = value_and_grad(f, (0, 1, 2, 3))
    compiled = autograd.compile(f, target="llvm")
    for scale in (1.0, 1.0, 1.0, 8.0, 3_000.0):
        args = [rng.normal(size=shape).astype(dtype) / 4 for shape in shapes]
        args[0] *= scale
        (y, grads), (expected, others) = compiled(*args), f(*args)
        bound = 64 * np.finfo(dtype).eps
        np.testing.assert_allclose(y, expected, atol=bound * 100)
        for a, b in zip(grads, others, strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=bound * np.max(np.abs(b)))
    assert "define void @row" in compiled.show()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_gelu_and_its_rule_run_natively_with_all_digits_far_out(dtype):
    x, one = np.linspace(-13.0, 13.0, 3_001).astype(dtype)[:, None], np.ones((1, 1), dtype)
    both = autograd.compile(value_and_grad(lambda x: np.sum(autograd.gelu(x) @ one)), target="llvm")
    x[:3, 0] = np.inf, -0.0, -50.0
    wide = autograd.grad(lambda x: np.sum(autograd.gelu(x)))
    for _ in range(3):
        _, slopes = both(x)
        crosses = np.abs(x + 0.7518) < 0.1  # where the slope is 0
        np.testing.assert_allclose(
            slopes[~crosses],
            wide(x.astype(float))[~crosses],
            rtol=6e-6 if dtype == np.float32 else 1e-11,
        )
    text = both.show()
    assert "left to NumPy" not in text and "define void @region_0" in text


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(2_000, 1), (3, 40, 37), (2, 3_000)])
def test_a_softmax_of_rows_runs_in_a_loop(shape, dtype):
    x = 60 * np.random.default_rng(0).normal(size=shape).astype(dtype)
    rows = x.copy().reshape(-1, shape[-1])
    rows[0], rows[1, 0] = -np.inf, np.nan
    if len(rows) > 2:
        rows[2, -1], rows[3, 0], rows[3, -1], rows[4, 0] = np.inf, np.inf, -np.inf, -np.inf
        rows[5, 0], rows[5, -1] = np.inf, np.nan
    native = autograd.compile(
        lambda x: (autograd.softmax(0.5 * x), autograd.softmax(x, axis=0)), target="llvm"
    )
    with np.errstate(all="ignore"):
        for given in (x, x, x, rows.reshape(shape)):
            for found, expected in zip(native(given), native.f(given), strict=True):
                assert found.dtype == dtype
                near = 50 * np.finfo(dtype).eps
                np.testing.assert_allclose(found, expected, rtol=near, atol=1e-37)
    assert "define void @region_0(i64 %rows" in native.show()


def test_what_has_no_native_form_is_left_to_numpy():
    def f(x):
        return np.sum(np.fmod(x * 2.0 + 1.0, x - 0.5) * x - x * x)

    compiled, x = autograd.compile(f), np.linspace(-1.0, 1.0, 3_000)
    for _ in range(3):
        np.testing.assert_allclose(compiled(x), f(x), rtol=1e-11)
    assert "left to NumPy: fmod" in compiled.show()
    assert "define void @region_0" in compiled.show()


# -- loops -----------------------------------------------------------------------------------------


def trained(target, rows, activation, momentum):
    neuron = nn.Neuron(2, activation, init=[0.5, 0.7])
    optimiser = nn.SGD(neuron.parameters(), lr=0.01, momentum=momentum)

    def step(x, t):
        optimiser.zero_grad()
        nn.squared_error(neuron(x), t).backward()
        optimiser.step()

    made, error = [], None
    compiled = autograd.compile(step, target=target)
    try:
        compiled.each(rows, rows.sum(axis=1), done=made.append)
    except nn.ExplodedError as exploded:
        error = str(exploded)
    state = [np.asarray(x).tobytes() for p in neuron.parameters() for x in (p.data, p.grad)]
    return sum(made), error, state, compiled


@given(
    st.sampled_from([nn.identity, nn.tanh, nn.sigmoid, nn.relu, nn.gelu]),
    st.sampled_from([0.0, 0.9]),
    st.one_of(st.none(), st.tuples(st.integers(0, 59), st.sampled_from([1e200, 1e160, math.nan]))),
)
@settings(max_examples=12, deadline=None)
def test_a_loop_has_the_bits_of_pythons_loop(activation, momentum, bad):
    rows = np.random.default_rng(0).normal(size=(60, 2))
    if bad is not None:
        rows[bad[0]] = bad[1]
    *native, compiled = trained("llvm", rows, activation, momentum)
    *python, _ = trained("numpy", rows, activation, momentum)
    assert native == python
    assert bad is not None or "define i64 @loop" in compiled.show()


def test_a_loop_in_pieces(monkeypatch):
    rows = np.random.default_rng(0).normal(size=(30, 2))
    whole = trained("llvm", rows, nn.tanh, 0.9)[2]
    monkeypatch.setattr("autograd.compiling.llvm.frame.LONGEST_PIECE", 5)
    assert trained("llvm", rows, nn.tanh, 0.9)[2] == whole


def test_two_threads_call_one_native_function():
    compiled, plain = autograd.compile(grad(chain), target="llvm"), grad(chain)
    points = np.random.default_rng(0).normal(size=(50, 2)).tolist()
    expected = [plain(x, y) for x, y in points]
    wrong = []

    def calls():
        for _ in range(40):
            found = [compiled(x, y) for x, y in points]
            if found != expected:
                wrong.append(found)

    threads = [threading.Thread(target=calls) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_engine_is_made_once():
    assert llvm_itself() is llvm_itself()


@pytest.mark.parametrize("bounds", [(0.0, 1.0), (-0.0, 1.0), (-1.0, 0.0), (-1.0, -0.0)])
def test_clip_leaves_a_zero_its_sign(bounds):
    compiled = autograd.compile(lambda x: np.clip(x, *bounds) * 1.0, target="llvm")
    for x in (0.0, -0.0, 0.0, -0.0, np.zeros(3_000), np.full(3_000, -0.0)):
        assert np.array_equal(np.signbit(compiled(x)), np.signbit(np.clip(x, *bounds)))
