"""The attributes of NumPy's arrays, as Values have them."""

import numpy
import pytest

from autograd import Value
from autograd.composed.ndarray import REFUSED
from tests.numpy.test_namespace import same


def test_every_public_attribute_of_an_array_is_offered_or_refused_with_a_sentence():
    v, x = Value([[1.0, 2.0]]), numpy.array([[1.0, 2.0]])
    for name in dir(numpy.ndarray):
        if name.startswith("_") or not hasattr(x, name):
            continue
        assert name in dir(Value) or name in REFUSED, name
        try:
            getattr(v, name)
        except AttributeError as error:
            assert f"a Value has no .{name}: " in str(error)
            assert not hasattr(v, name)
    for name in ("itemsize", "nbytes", "strides"):
        assert getattr(v, name) == getattr(x, name)


METHODS = {
    "all": lambda x: x.all(),
    "any": lambda x: x.any(axis=0),
    "argmax": lambda x: x.argmax(axis=1),
    "argsort": lambda x: x.argsort(axis=1),
    "astype": lambda x: x.astype(numpy.float32, casting="same_kind", copy=False),
    "compress": lambda x: x.compress([True, False, True], axis=1),
    "conj": lambda x: x.conj(),
    "copy": lambda x: x.copy("F"),
    "flat": lambda x: x.flat[3],
    "flatten": lambda x: x.flatten("F"),
    "mT": lambda x: x.mT,
    "nonzero": lambda x: x.nonzero()[0],
    "ravel": lambda x: x.ravel("F"),
    "reshape": lambda x: x.reshape(3, 2, order="F"),
    "searchsorted": lambda x: x[0].searchsorted(0.0),
    "take": lambda x: x.take([0, 2], axis=1),
}


if numpy.lib.NumpyVersion(numpy.__version__) >= "2.1.0":
    METHODS["reshape copy"] = lambda x: x.reshape((3, 2), copy=True)


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_numpys(name):
    x = numpy.array([[-1.0, 2.0, 3.0], [4.0, -5.0, 6.0]])
    same(METHODS[name](Value(x)), METHODS[name](x), 1e-12)


def test_methods_that_change_in_place():
    x = numpy.array([3.0, 1.0, 2.0])
    leaf = Value(x)
    v = leaf * 1.0
    v.sort()
    v.backward(numpy.array([1.0, 2.0, 3.0]))
    assert v.numpy().tolist() == [1.0, 2.0, 3.0]
    assert leaf.grad.tolist() == [3.0, 1.0, 2.0]
    w = Value(x) * 1.0
    w.partition(1)
    assert w.numpy().tolist() == numpy.partition(x, 1).tolist()
    w.fill(4.0)
    assert w.numpy().tolist() == [4.0, 4.0, 4.0]
    with pytest.raises(TypeError, match="cannot be cast"):
        w.astype(int, casting="safe")
