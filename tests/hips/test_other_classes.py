"""An operand of a class that no op takes is asked itself, by Python's and by NumPy's rules."""

import operator
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import Value, grad
from autograd.engine.arrays import SCALARS

ARITHMETIC = "add sub mul truediv floordiv mod pow matmul divmod".split()
MASKS = "and or xor".split()
REFLECTED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
IN_PLACE = "add sub mul truediv floordiv mod pow matmul".split()


def python_operator(name):
    if name == "divmod":
        return divmod
    return getattr(operator, f"{name}_" if name in ("and", "or") else name)


class Plain:
    """A class that answers no operator."""


class Partner:
    """A class that answers every operator, with the method asked and what stood beside it."""


def answering(method):
    return lambda self, other: (method, other)


for _name in (*ARITHMETIC, *MASKS):
    for _method in (f"__{_name}__", f"__r{_name}__"):
        setattr(Partner, _method, answering(_method))
for _name in REFLECTED:
    setattr(Partner, f"__{_name}__", answering(f"__{_name}__"))


class First(Partner):
    __array_priority__ = 1000.0


class Last(Partner):
    __array_priority__ = -1000.0


class NoUfuncs(Partner):
    __array_ufunc__ = None


class Array(np.ndarray):
    """An array that wants none of NumPy's functions; its operators are `Partner`'s."""

    __array_ufunc__ = None
    __mul__, __rmul__, __add__, __radd__ = (
        getattr(Partner, f"__{name}__") for name in ("mul", "rmul", "add", "radd")
    )


class Wrapped(np.lib.mixins.NDArrayOperatorsMixin):
    """An array with something beside it, as xarray's: it unpacks itself for each ufunc."""

    def __init__(self, data):
        self.data = data

    def __array_ufunc__(self, ufunc, method, *args, **params):
        args = [x.data if isinstance(x, Wrapped) else x for x in args]
        return Wrapped(getattr(ufunc, method)(*args, **params))


def values():
    return [Value(2.0), Value([1.0, 2.0]), Value(np.float32(2.0)), Value(np.array([True, False]))]


@pytest.mark.parametrize("kind", [Partner, First, Last, NoUfuncs])
@pytest.mark.parametrize("name", [*ARITHMETIC, *MASKS])
def test_the_partner_answers_on_either_side(kind, name):
    apply = python_operator(name)
    for v in values():
        assert apply(v, kind()) == (f"__r{name}__", v)
        assert apply(kind(), v) == (f"__{name}__", v)


@pytest.mark.parametrize("name", REFLECTED)
def test_the_partner_answers_comparisons(name):
    for v in values():
        method, other = getattr(operator, name)(v, Partner())
        assert method == f"__{REFLECTED[name]}__"
        assert other is v


@pytest.mark.parametrize("name", IN_PLACE)
def test_the_partner_answers_in_place(name):
    for v in values():
        method, other = getattr(operator, f"i{name}")(v, Partner())
        assert method == f"__r{name}__"
        assert other is v


@pytest.mark.parametrize("name", [*ARITHMETIC, *MASKS, *"lt le gt ge".split()])
def test_where_neither_knows_the_answer_the_error_names_both_or_what_is_taken(name):
    apply = python_operator(name)
    for v in (Value(2.0), Value([1.0, 2.0])):
        for pair in ((v, Plain()), (Plain(), v)):
            with pytest.raises(
                TypeError, match=r"takes numbers, arrays and Values, not Plain|'Plain'"
            ):
                apply(*pair)
    assert not Value(2.0) == Plain()  # noqa: SIM201
    assert Value(2.0) != Plain()


@pytest.mark.parametrize("x", ["a", b"a", None, Decimal(2), Fraction(1, 2), {}, {1}], ids=repr)
def test_of_pythons_own_classes_the_error_says_what_is_taken(x):
    for pair in ((Value(2.0), x), (x, Value(2.0)), (Value([1.0]), x)):
        for apply in (operator.add, operator.mul):
            with pytest.raises(TypeError, match="takes numbers, arrays and Values, not"):
                apply(*pair)


def test_a_value_does_not_change_where_the_answer_is_another():
    v = Value([1.0, 2.0])
    with pytest.raises(TypeError, match="add takes numbers"):
        v += Plain()
    assert v.op is None
    assert v.data.tolist() == [1.0, 2.0]


def test_an_array_without_ufuncs_answers_itself():
    q = np.zeros(2).view(Array)
    v = Value([1.0, 2.0])
    assert v * q == ("__rmul__", v)
    assert q + v == ("__add__", v)


def test_lists_are_arrays_unless_they_rank_higher():
    class Row(list):
        __array_priority__ = 1.0
        __radd__ = Partner.__radd__

    v = Value([1.0, 2.0])
    assert (v + [1.0, 2.0]).data.tolist() == [2.0, 4.0]
    assert v + Row([1.0, 2.0]) == ("__radd__", v)


MASKED = np.ma.array([3.0, 4.0], mask=[False, True])
WITH_MASKS = {
    "m * v": lambda v: MASKED * v,
    "v * m": lambda v: v * MASKED,
    "m - v": lambda v: MASKED - v,
    "m @ v": lambda v: MASKED @ v,
    "m < v": lambda v: v > MASKED,
    "m += v": lambda v: operator.iadd(MASKED.copy(), v),
    "np.ma.multiply": lambda v: np.ma.multiply(v, MASKED),
    "np.ma.exp": np.ma.exp,
    "np.ma.array": np.ma.array,
    "np.ma.where": lambda v: np.ma.where([True, False], v, MASKED),
    "np.ma.concatenate": lambda v: np.ma.concatenate([v, MASKED]),
    "np.ma.dot": lambda v: np.ma.dot(v, MASKED),
}


@pytest.mark.parametrize("apply", WITH_MASKS.values(), ids=WITH_MASKS)
def test_masked_arrays_do_not_take_the_numbers_without_the_gradient(apply):
    with pytest.raises(TypeError, match=r"np\.where|autograd\.array"):
        grad(lambda x: np.sum(apply(x)))(np.array([1.0, 2.0]))


def test_masked_arrays_times_a_scalar():
    with pytest.raises(TypeError, match=r"use np\.where\(m\.mask, 0\.0, v\)"):
        grad(lambda x: np.sum(MASKED * x))(2.0)


def test_masked_arrays_take_booleans():
    kept = MASKED * (Value([1.0, 2.0]) > 1.5)
    assert kept.tolist() == [0.0, None]


BINARY = [np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.logaddexp]


@pytest.mark.parametrize("ufunc", BINARY, ids=lambda f: f.__name__)
def test_ufuncs_go_to_the_class_that_wraps_a_value(ufunc):
    x, c = np.array([1.0, 2.0]), np.array([3.0, 0.5])
    ours = getattr(anp, ufunc.__name__)
    for f in (
        lambda x: ufunc(x, Wrapped(c)),
        lambda x: ufunc(Wrapped(c), Wrapped(x)),
        lambda x: ours(x, Wrapped(c)),
        lambda x: ours(Wrapped(x), c),
    ):
        result = f(Value(x))
        assert type(result) is Wrapped
        assert np.array_equal(result.data.data, f(x).data)
    found = grad(lambda x: (x * Wrapped(c)).data.sum() + np.exp(Wrapped(x)).data.sum())(x)
    assert np.allclose(found, c + np.exp(x))
    assert np.array_equal(grad(lambda x: (Wrapped(c) * x).data.sum())(x), c)


class Tagged:
    """A class with an answer for np.concatenate alone."""

    def __array_function__(self, function, types, args, params):
        return "tagged" if function is np.concatenate else NotImplemented


def test_functions_go_to_the_class_that_answers_them():
    v = Value([1.0, 2.0])
    assert np.concatenate([v, Tagged()]) == "tagged"
    with pytest.raises(TypeError, match="no implementation found"):
        np.stack([v, Tagged()])
    with pytest.raises(TypeError, match="numbers, not dtype <U1"):
        np.block([v, "a"])


def test_what_a_ufunc_says_of_other_classes():
    for ufunc in (np.multiply, anp.multiply):
        with pytest.raises(TypeError, match="takes numbers, arrays and Values, not Plain"):
            ufunc(Value(2.0), Plain())
        with pytest.raises(TypeError, match="does not support ufuncs"):
            ufunc(Value(2.0), NoUfuncs())


def test_numbers_of_numpy_are_no_strangers():
    for kind in (*SCALARS[:3], np.float64, np.float32, np.int8, np.bool_, np.complex64):
        assert isinstance(Value(2.0) * kind(1), Value)
        assert isinstance(kind(1) * Value(2.0), Value)
