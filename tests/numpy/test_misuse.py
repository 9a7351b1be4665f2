"""What is no array, given next to a Value, is refused in a sentence, not by an error in ours."""

import numpy
import pytest

import autograd.numpy
from autograd import Value

NEVER_ARRAYS = [None, "x", {}, object(), b"x", type, print]
TWO = "cross fmod hypot kron outer polyval tensordot maximum dot matmul inner".split()


@pytest.mark.parametrize("thing", NEVER_ARRAYS, ids=[type(x).__name__ for x in NEVER_ARRAYS])
@pytest.mark.parametrize("name", TWO)
def test_two_arguments(name, thing):
    function = getattr(autograd.numpy, name)
    for args in [(Value([1.0, 2.0]), thing), (thing, Value([1.0, 2.0]))]:
        with pytest.raises((TypeError, ValueError)) as error:
            function(*args)
        assert str(error.value) and type(error.value) is not AttributeError


def test_the_arguments_are_described():
    v = Value([1.0, 2.0])
    with pytest.raises(
        TypeError, match=r"tensordot cannot take a number, an array of shape \(2,\), a"
    ):
        autograd.numpy.tensordot(Value(2.0), v, 1)
    with pytest.raises(TypeError, match=r"np.cross cannot take NoneType \(None\), an array of"):
        autograd.numpy.linalg.cross(None, v)


def test_the_errors_of_users_and_of_numpy_stay():
    v = Value([1.0, 2.0])

    def wrong(x):
        return x.nothing

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        numpy.apply_along_axis(wrong, 0, v)
    with pytest.raises(AttributeError, match=r"a Value has no \.clamp: use v\.clip"):
        numpy.apply_along_axis(lambda x: x.clamp(0), 0, v)
    with pytest.raises(IndexError, match="out of bounds"):
        numpy.take(v, 5)
    with pytest.raises(ZeroDivisionError):
        numpy.apply_along_axis(lambda x: x * (1 // 0), 0, v)
