"""What cannot be checked is said, each in its own words."""

import numpy as np
import pytest

from autograd.testing import GradientError, check_gradients
from autograd.testing.report import OutsideDomainError


def two(a, b):
    return a * b


@pytest.mark.parametrize(
    ("wrt", "words"),
    [
        (2, "wrt 2: two .* was called with 2 positional arguments, counted from 0"),
        (-3, "wrt -3: two .* was called with 2 positional arguments"),
        ("c", "wrt 'c': two .* was called without an argument of that name"),
        ([0, 5], "wrt 5: two"),
    ],
)
def test_arguments_that_are_not_there(wrt, words):
    with pytest.raises(TypeError, match=words):
        check_gradients(two, 1.0, 2.0, wrt=wrt)


def test_arguments_by_name_and_from_the_end():
    for wrt in ("b", -1, ["b"], 1):
        assert "1 moves" in str(check_gradients(two, 1.0, 2.0, wrt=wrt, order=1))


@pytest.mark.parametrize(
    ("f", "x", "words"),
    [
        (lambda x: 1.0 / 0.0, 1.0, r"not defined at 1.0: it raises ZeroDivisionError"),
        (np.linalg.cholesky, -np.eye(2), r"not defined at \[\[-1.0, -0.0\], .* LinAlgError"),
        (
            np.sqrt,
            np.array([1.0, -4.0]),
            r"not finite at \[1.0, -4.0\]: its result is \[1.0, nan\]",
        ),
    ],
)
def test_points_outside_the_domain(f, x, words):
    with pytest.raises(OutsideDomainError, match=words):
        check_gradients(f, x)


def test_functions_that_are_defined_at_the_point_alone():
    point = np.array([0.2, 0.8])

    def first_fixed(x):
        if x[0] != point[0]:
            raise ValueError("x[0] is fixed")
        return x[0] * x[1] ** 2

    def fixed(x):
        return first_fixed(x) if x[1] == point[1] else np.nan

    with pytest.raises(
        OutsideDomainError, match=r"fixed .*defined at \[0.2, 0.8\], but at no point"
    ):
        check_gradients(fixed, point, grad=lambda x: 77 * x)
    report = str(check_gradients(first_fixed, point, grad=lambda x: np.array([77.0, 0.32])))
    assert "1 derivatives compared" in report
    assert "nothing to compare with along args[0][0]" in report
    with pytest.raises(OutsideDomainError, match="but at no point"):
        check_gradients(fixed, point)


def test_a_number_in_an_array_stays_in_one():
    def square(x):
        return x.item() ** 2 if type(x) is np.ndarray else "no array"

    point = np.array(3.0)
    check_gradients(square, point, grad=lambda x: 2 * x)
    with pytest.raises(GradientError):
        check_gradients(square, point, grad=lambda x: 3 * x)


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((two(3.0, 4.0), 1.0), {}, r"f should be a function, not 12.0 \(float\)"),
        ((np.ones(2), np.sin), {}, r"f should be a function, not array\(\[1., 1.\]\) \(ndarray\)"),
        ((np.sin, 1.0), {"grad": 0.5}, r"grad= should be a function, not 0.5 \(float\)"),
        ((two, 1.0, 2), {"wrt": 1}, r"was given \(2,\), without any floating-point number"),
        ((two, 1, memoryview(b"1")), {}, "write 3.0 for 3, or x.astype"),
    ],
)
def test_what_is_no_function_or_no_number(arguments, options, words):
    with pytest.raises(TypeError, match=words):
        check_gradients(*arguments, **options)


def test_arrays_of_other_libraries():
    class Series:
        def __array__(self, dtype=None, copy=None):
            return np.ones(2)

    with pytest.raises(TypeError, match=r"write np.asarray\(x\) for a Series"):
        check_gradients(np.sum, Series(), grad=np.ones_like)


def test_order_and_modes():
    for order in (0, 1.5, "2"):
        with pytest.raises(
            ValueError, match=f"order should be an int of at least 1, not {order!r}"
        ):
            check_gradients(np.sin, 1.0, order=order)
    assert "forward" not in str(check_gradients(np.sin, 1.0, modes="reverse"))
    with pytest.raises(ValueError, match='modes should be "reverse", "forward" or both'):
        check_gradients(np.sin, 1.0, modes="backward")
