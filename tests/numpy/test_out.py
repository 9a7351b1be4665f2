"""The argument `out` of NumPy's functions: a Value is written in place, as NumPy does an array."""

from inspect import Parameter, signature
from types import ModuleType

import numpy
import pytest

import autograd.numpy
from autograd import Value
from autograd.engine.dispatch import NUMPY
from tests.numpy.examples import EXAMPLES

X = numpy.array([[1.0, -0.5, 2.0], [0.75, 1.5, -2.5]])
HERE = {"numpy": numpy, "autograd.numpy": autograd.numpy}


def has_out(function):
    """Whether a function of NumPy's takes `out`."""
    try:
        return "out" in signature(function).parameters
    except (TypeError, ValueError):
        return False


class WithOut:
    """A module whose functions get `out`, which is `into(the result)`, where they take it."""

    def __init__(self, module, into, by_place):
        self.module, self.into, self.by_place, self.times = module, into, by_place, 0

    def __getattr__(self, name):
        thing = getattr(self.module, name)
        theirs = getattr(numpy, name, None) or getattr(numpy.fft, name, thing)
        if isinstance(thing, ModuleType):
            inner = WithOut(thing, self.into, self.by_place)
            inner.__dict__["times"] = self.times
            return inner
        if not callable(theirs) or isinstance(theirs, type) or not has_out(theirs):
            return thing
        return lambda *args, **params: self.call(thing, theirs, args, params)

    def call(self, function, theirs, args, params):
        result = function(*args, **params)
        if isinstance(result, tuple) or "out" in params or not numpy.shape(held(result)):
            return result
        out = self.into(result)
        self.times += 1
        names = list(signature(theirs).parameters)
        place = names.index("out")
        positional = signature(theirs).parameters["out"].kind is not Parameter.KEYWORD_ONLY
        if (
            self.by_place
            and positional
            and len(args) <= place
            and not set(params) & set(names[:place])
        ):
            found = function(*args, *defaults(theirs, names[len(args) : place]), out, **params)
        else:
            found = function(*args, out=out, **params)
        assert found is out
        return found


def defaults(function, names):
    """Return the defaults of these parameters."""
    return [signature(function).parameters[name].default for name in names]


def held(y):
    return y.data if isinstance(y, Value) else y


def into(result):
    """Return what to write a result into: a Value, or an array if it has no derivative."""
    zeros = numpy.zeros(result.shape, result.dtype)
    return Value(zeros) if isinstance(result, Value) else zeros


CASES = [
    (name, example)
    for name, examples in EXAMPLES.items()
    for example in examples
    if has_out(getattr(numpy, name, None) or getattr(numpy.fft, name.removeprefix("fft."), None))
]


def label(case):
    return case if isinstance(case, str) else ""


def outcome(np, example):
    """Return the result of an example, and its gradient."""
    x = Value(X)
    y = example(np, x)
    y = y[0] if isinstance(y, tuple) else y
    if isinstance(y, Value) and y.dtype.kind in "fc":
        numpy.sum(numpy.abs(y) ** 2).backward()
    return held(y), x.grad


@pytest.mark.parametrize("by_place", [False, True], ids=["by name", "by place"])
@pytest.mark.parametrize("np", HERE.values(), ids=HERE)
@pytest.mark.parametrize(("name", "example"), CASES, ids=label)
def test_a_value_is_written_in_place_with_its_gradient(np, name, example, by_place):
    with_out = WithOut(np, into, by_place)
    expected, found = outcome(np, example), outcome(with_out, example)
    for a, b in zip(expected, found, strict=True):
        assert numpy.array_equal(a, b, equal_nan=True) if a is not None else b is None


ELEMENTWISE = "around fix isneginf isposinf round".split()
REDUCED = """
    all any argmax argmin max min mean median nanargmax nanargmin nanmax nanmean nanmedian nanmin
    nanprod nanstd nansum nanvar prod ptp std sum var amax amin
""".split()


@pytest.mark.parametrize("np", HERE.values(), ids=HERE)
@pytest.mark.parametrize("name", REDUCED)
def test_reductions(np, name):
    expected = outcome(np, lambda np, x: getattr(np, name)(x, axis=1))
    found = outcome(WithOut(np, into, False), lambda np, x: getattr(np, name)(x, axis=1))
    for a, b in zip(expected, found, strict=True):
        assert numpy.array_equal(a, b) if a is not None else b is None


def test_all_functions_that_take_out_are_tried():
    known = {f.__name__ for f in NUMPY if not isinstance(f, tuple | numpy.ufunc) and has_out(f)}
    known.discard("zeta")  # of SciPy, and only after others imported it
    named = {getattr(numpy, name).__name__ for name, _ in CASES if hasattr(numpy, name)}
    assert known - named - {*REDUCED} <= {*dir(numpy.fft), "multi_dot", *ELEMENTWISE}


def test_it_is_a_change_in_place():
    v, out = Value([1.0, 2.0, 3.0]), Value(numpy.zeros(5))
    before = 2 * out
    numpy.clip(v, 0, 2.5, out=out[::2])
    assert out.data.tolist() == [1, 0, 2, 0, 2.5] and before.data.tolist() == [0] * 5
    numpy.sum(out**2).backward()
    assert v.grad.tolist() == [2, 4, 0]


@pytest.mark.parametrize("np", HERE.values(), ids=HERE)
@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda np, v: np.clip(v, 0, 1, out=numpy.zeros(3)),
            TypeError,
            "cannot write a Value into",
        ),
        (
            lambda np, v: np.cumsum(v, None, None, numpy.zeros(3)),
            TypeError,
            "np.cumsum cannot write",
        ),
        (
            lambda np, v: np.take(v, [0], out=numpy.zeros(1)),
            TypeError,
            "the gradient would be lost",
        ),
        (lambda np, v: np.median(v, out=numpy.zeros(())), TypeError, "the gradient would be lost"),
        (lambda np, v: np.round(v, 1, numpy.zeros(3)), TypeError, "the gradient would be lost"),
        (lambda np, v: np.clip(v, 0, 1, out=[0.0] * 3), TypeError, "is a Value, or an array, not"),
        (lambda np, v: np.exp(v, out="x"), TypeError, "must be an array|is a Value, or an array"),
        (
            lambda np, v: np.cumsum(v, out=Value(numpy.zeros(4))),
            ValueError,
            r"fit out= of shape \(4,\)",
        ),
        (lambda np, v: np.cumsum(v, out=Value(numpy.zeros((2, 3)))), ValueError, "of shape"),
        (lambda np, v: np.exp(v, out=Value([0.0])), ValueError, "shape"),
        (
            lambda np, v: np.cumsum(v, out=Value(numpy.zeros(3, int))),
            TypeError,
            "into out= of int64",
        ),
        (lambda np, v: np.sum(v, out=Value(0.0)), TypeError, "a scalar Value has no entries"),
        (
            lambda np, v: v.sum(out=Value(0.0)),
            TypeError,
            r"takes no out=; write np.sum\(v, out=w\)",
        ),
    ],
)
def test_what_cannot_be_written(np, call, error, words):
    with pytest.raises(error, match=words):
        call(np, Value([1.0, 2.0, 3.0]))


def test_what_has_no_derivative_is_written_into_an_array():
    v = Value([1.0, 3.0, 2.0])
    places, larger = numpy.zeros((), int), numpy.zeros(3, bool)
    assert numpy.argmax(v, out=places) is places and places == 1
    assert numpy.greater(v, 1.5, out=larger) is larger and larger.tolist() == [False, True, True]
    halves, wholes = numpy.modf(v, out=(None, Value(numpy.zeros(3))))
    assert wholes.data.tolist() == [1, 3, 2] and halves.data.tolist() == [0, 0, 0]


def test_a_ufunc_fills_a_larger_out():
    out = Value(numpy.zeros((2, 3)))
    numpy.exp(Value([0.0, 0.0, 0.0]), out=out)
    assert out.data.tolist() == [[1, 1, 1], [1, 1, 1]]


@pytest.mark.parametrize("np", HERE.values(), ids=HERE)
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise(np, name):
    out = into(getattr(np, name)(Value(X)))
    assert getattr(np, name)(Value(X), out=out) is out
    assert numpy.array_equal(held(out), getattr(numpy, name)(X))
