"""Functions of NumPy take Values under the names of their arguments, as NumPy's own do."""

from inspect import Parameter, signature
from types import ModuleType

import numpy
import pytest

import autograd.numpy
from autograd import Value, grad
from tests.numpy import catalogue
from tests.numpy.examples import EXAMPLES, LISTS_AND_MAKERS

pytestmark = pytest.mark.slow

X = numpy.array([[1.0, -0.5, 2.0], [0.75, 1.5, -2.5]])
HERE = {"numpy": numpy, "autograd.numpy": autograd.numpy}
HAS = {name for name, _ in catalogue.callables()}
CASES = [(name, e) for name, examples in EXAMPLES.items() if name in HAS for e in examples]
ONLY_HERE = [(name, example) for name, examples in LISTS_AND_MAKERS.items() for example in examples]


class ByName:
    """A module whose functions are given their arguments by name, but for the first few."""

    def __init__(self, module, reference, first):
        self.module, self.reference, self.first = module, reference, first

    def __getattr__(self, name):
        thing, theirs = getattr(self.module, name), getattr(self.reference, name)
        if isinstance(theirs, ModuleType):
            return ByName(thing, theirs, self.first)
        if isinstance(theirs, (type, numpy.ufunc)) or not callable(theirs):
            return thing
        return lambda *args, **params: by_name(thing, theirs, args, params, self.first)


def by_name(function, theirs, args, params, first):
    """Call a function with arguments by name, as far as NumPy's signature names them."""
    try:
        bound = signature(theirs).bind(*args, **params)
    except (TypeError, ValueError):  # NumPy does not say its names
        return function(*args, **params)
    places, named = [], dict(params)
    kinds = {name: parameter.kind for name, parameter in bound.signature.parameters.items()}
    if Parameter.VAR_POSITIONAL in kinds.values():
        return function(*args, **params)
    for name, value in bound.arguments.items():
        if kinds[name] is Parameter.POSITIONAL_ONLY or len(places) < min(first, len(args)):
            places.append(value)
        elif kinds[name] is not Parameter.VAR_KEYWORD:
            named[name] = value
    return function(*places, **named)


def parts(y):
    return [p for item in y for p in parts(item)] if isinstance(y, (list, tuple)) else [y]


def numbers(y):
    return [numpy.asarray(getattr(part, "_value", part)) for part in parts(y)]


def label(case):
    return case if isinstance(case, str) else ""


def assert_same(np, example):
    """Assert that it does not matter from which argument on they are given by name."""
    for first in range(3):
        assert_same_from(first, np, example)


def assert_same_from(first, np, example):
    found, expected = example(ByName(np, numpy, first), Value(X)), example(np, Value(X))
    assert list(map(type, parts(found))) == list(map(type, parts(expected)))
    for a, b in zip(numbers(found), numbers(expected), strict=True):
        assert numpy.array_equal(a, b, equal_nan=True)


@pytest.mark.parametrize(("name", "example"), CASES, ids=label)
def test_arguments_by_name(name, example):
    for np in HERE.values():
        assert_same(np, example)


@pytest.mark.parametrize(("name", "example"), ONLY_HERE, ids=label)
def test_arguments_of_lists_and_makers_by_name(name, example):
    assert_same(autograd.numpy, example)


@pytest.mark.parametrize("first", [0, 1, 2])
def test_where_by_name(first):
    def where(condition, x, y):
        given = {"condition": condition, "x": x, "y": y}
        named = dict(list(given.items())[first:])
        return autograd.numpy.where(*list(given.values())[:first], **named)

    mask = X > 0
    assert numpy.array_equal(where(mask, X, 0.0), numpy.where(mask, X, 0.0))
    assert numpy.array_equal(where(mask.tolist(), 1.0, 2), numpy.where(mask, 1.0, 2))
    found = grad(lambda x: numpy.sum(where(mask, x, 3 * x) * where(x > 1, X, 1.0)))(X)
    expected = grad(lambda x: numpy.sum(numpy.where(mask, x, 3 * x)))(X) * numpy.where(X > 1, X, 1)
    assert numpy.array_equal(found, expected)


@pytest.mark.parametrize("np", HERE.values(), ids=HERE)
def test_where_takes_both_or_neither(np):
    for x in (X, Value(X)):
        (places,) = np.where(x[0] > 0)
        assert places.tolist() == [0, 2]
        with pytest.raises(ValueError, match="neither"):
            np.where(x > 0, x)
    assert autograd.numpy.where(condition=X[0] > 0)[0].tolist() == [0, 2]
    with pytest.raises(ValueError, match="neither"):
        autograd.numpy.where(X > 0, y=Value(X))
