"""Value on its own: what it holds, how it prints, and what it refuses."""

import copy
import operator
import pickle
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd
from autograd import Value
from autograd.composed.ndarray import ELSEWHERE
from autograd.engine.value import held_grad


@pytest.mark.parametrize(
    ("given_data", "kind", "dtype"),
    [
        (2, float, float),
        (True, float, float),
        (2.5, float, float),
        (np.float64(2), float, float),
        (np.array(2.0), float, float),
        (np.float32(2), np.float32, np.float32),
        (1 + 2j, np.complex128, complex),
        ([1, 2], np.ndarray, float),
        ([[1.0], [2.0]], np.ndarray, float),
        (np.arange(3), np.ndarray, np.int64),
        (np.ones(3, np.float32), np.ndarray, np.float32),
        (np.ones(3, np.complex64), np.ndarray, np.complex64),
        (np.ones(3, bool), np.ndarray, bool),
    ],
)
def test_what_it_holds(given_data, kind, dtype):
    v = Value(given_data)
    assert type(v.data) is kind
    assert v.dtype == dtype
    assert v.shape == np.shape(given_data)
    assert v.ndim == np.ndim(given_data)
    assert np.array_equal(v.numpy(), given_data)


@pytest.mark.parametrize(
    ("bad", "error", "says"),
    [
        ("3", TypeError, "not str"),
        (None, TypeError, "not NoneType"),
        (object(), TypeError, "not object"),
        ({1: 2}, TypeError, "not dict"),
        (["a", "b"], TypeError, "dtype <U1"),
        (np.array([object()]), TypeError, "dtype object"),
        ([[1], [1, 2]], ValueError, "ragged"),
    ],
)
def test_what_it_refuses(bad, error, says):
    with pytest.raises(error, match=says):
        Value(bad)


def test_the_array_is_copied():
    array = np.array([1.0, 2.0])
    v = Value(array)
    array[0] = 9
    assert v.data.tolist() == [1, 2]


def test_item_detach_and_numpy():
    v = Value([[3.0]])
    assert v.item() == 3.0
    d = (v * 2).detach()
    assert d.op is None
    assert d.data.tolist() == [[6.0]]
    with pytest.raises(ValueError, match="read-only"):
        v.numpy()[0] = 1
    with pytest.raises(ValueError, match="one entry"):
        Value([1.0, 2.0]).item()


def test_repr_shows_the_numbers():
    x = Value(2.0, name="x")
    (x * 3).backward()
    assert repr(x) == "Value(2.0, grad=3.0, name='x')"
    assert repr(Value(np.float32([1, 2]))) == "Value([1., 2.], dtype=float32)"
    assert f"{x:.2f}" == "2.00"
    assert len(repr(Value(np.ones(100_000)))) < 100


@pytest.mark.parametrize("value", [Value(2.0, "w"), Value(np.float32([1, 2])), Value([[1.0]])])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_copies_and_pickles(value, copied):
    value.zero_grad()
    (value * value).sum().backward()
    other = copied(value)
    assert np.array_equal(other.data, value.data)
    assert np.array_equal(other.grad, value.grad)
    assert (other.name, other.dtype) == (value.name, value.dtype)
    assert other is not value


def test_integers_flow_but_have_no_gradient():
    labels, x = Value(np.array([0, 2])), Value([1.0, 2.0, 3.0])
    (x[labels] * labels).sum().backward()
    assert x.grad.tolist() == [0, 0, 2]
    with pytest.raises(TypeError, match="int64 has no gradient"):
        _ = labels.grad
    with pytest.raises(TypeError, match="no derivative"):
        labels.sum().backward()


# -- operators: every spelling, both sides, is NumPy's ------------------------------------------

BINARY = "add sub mul truediv floordiv mod pow lt le gt ge eq ne".split()
numbers = st.floats(0.5, 4.0)
arrays = hnp.arrays(float, hnp.array_shapes(max_dims=2, max_side=3), elements=numbers)
partners = st.one_of(
    numbers,
    st.integers(1, 4),
    numbers.map(np.float64),
    numbers.map(np.longdouble),
    numbers.map(np.float32),
    numbers.map(np.array),
    arrays,
)


@pytest.mark.parametrize("name", BINARY)
@given(x=st.one_of(numbers, arrays), other=partners)
def test_operators_on_both_sides(name, x, other):
    function = getattr(operator, name)
    if np.ndim(x) and np.ndim(other):
        other = np.resize(other, np.shape(x))
    for found, expected in [
        (function(Value(x), other), function(x, other)),
        (function(other, Value(x)), function(other, x)),
        (function(Value(x), Value(other)), function(x, other)),
    ]:
        if name in BINARY[:7]:
            assert type(found) is Value
            found = found.data
        np.testing.assert_allclose(found, np.asarray(expected, dtype=np.asarray(found).dtype))


@pytest.mark.parametrize("name", ["neg", "pos", "abs"])
@given(x=st.one_of(st.floats(-3, 3), arrays))
def test_unary_operators(name, x):
    found = getattr(operator, name)(Value(x))
    assert np.array_equal(found.data, getattr(operator, name)(x))


def test_lists_beside_values():
    v = Value([1.0, 2.0])
    for found in (v + [3, 4], [3, 4] + v, v * [[2.0], [1.0]], np.maximum(v, (0.0, 9.0))):
        assert type(found) is Value
    assert (v @ [3.0, 4.0]).data == 11.0


def test_divmod_and_rounding():
    quotient, rest = divmod(Value(7.0), 2)
    assert (quotient.data, rest.data) == (3.0, 1.0)
    quotient, rest = divmod(7, Value(2.0))
    assert (quotient.data, rest.data) == (3.0, 1.0)
    assert round(Value(2.567), 1).data == pytest.approx(2.6)


METHODS = (
    "exp log sqrt square sin cos tan sinh cosh tanh arctan abs sign expm1 log1p sum mean max min "
    "prod var std cumsum cumprod ravel flatten squeeze copy argmax argmin tolist"
).split()


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_numpys(name):
    x = np.array([[0.5, 1.5], [2.5, 0.25]])
    found = getattr(Value(x), name)()
    expected = getattr(x, name)() if hasattr(x, name) else getattr(np, name)(x)
    np.testing.assert_allclose(found.data if isinstance(found, Value) else found, expected)


def test_shape_methods():
    v = Value(np.arange(6.0).reshape(2, 3))
    assert v.reshape(3, 2).shape == v.reshape((3, 2)).shape == (3, 2)
    assert v.T.shape == v.transpose().shape == v.transpose(1, 0).shape == (3, 2)
    assert v.sum(axis=1, keepdims=True).shape == (2, 1)
    assert v.dot(v.T).shape == (2, 2)
    assert v.size == 6
    assert len(v) == 2
    assert [row.shape for row in v] == [(3,), (3,)]
    assert 5.0 in v
    assert v.astype(np.float32).dtype == np.float32


def test_comparisons_steer_and_select():
    v = Value([1.0, -2.0, 3.0])
    assert v[v > 0].data.tolist() == [1, 3]
    assert np.array([5, 6, 7])[np.asarray(v > 0)].tolist() == [5, 7]
    assert (v > 0).sum().item() == 2
    assert float(Value(2.0) > 1) == 1.0
    assert int((v > 0).sum()) == 2
    assert ["a", "b", "c"][Value(np.array([0, 2]))[1]] == "c"
    assert (Value(1.0) == None) is False  # noqa: E711
    assert Value(1.0) != "one"
    assert bool(Value(1.0) == 1)
    with pytest.raises(TypeError, match="not supported"):
        _ = Value(1.0) < "one"
    with pytest.raises(TypeError, match="for Values of booleans such as v > 0, not float64"):
        _ = v & v


def test_value_dependent_control_flow():
    def absolute(x):
        return -x if x < 0 else x

    x = Value(-2.0)
    absolute(x).backward()
    assert x.grad == -1.0
    assert max(Value(1.0), Value(2.0)).data == 2.0
    assert bool(Value(0.0)) is False


def test_equal_numbers_are_different_leaves():
    a, b = Value(1.0), Value(1.0)
    (a * 2 + b * 3).backward()
    assert (a.grad, b.grad) == (2.0, 3.0)
    assert len({a, b}) == 2


# -- what would drop a gradient says so ----------------------------------------------------------


@pytest.mark.parametrize(
    "drop",
    [
        float,
        int,
        complex,
        np.asarray,
        lambda v: np.array([v, v]),
        lambda v: np.zeros(1).__setitem__(0, v),
        lambda v: np.add(np.ones(1), v, out=np.ones(1)),
        lambda v: operator.iadd(np.ones(1), v),
        lambda v: [1, 2][v],
    ],
)
def test_a_gradient_is_never_dropped_silently(drop):
    with pytest.raises((TypeError, ValueError)) as caught:
        drop(Value(1.0))
    # NumPy's own assignment wraps what went wrong in an error of its own
    assert "drop its gradient" in str(caught.value.__cause__ or caught.value) or (
        "gradient would be lost" in str(caught.value)
    )


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (lambda v: v + "a", "add takes numbers, arrays and Values, not str"),
        (lambda v: v + Value([1.0, 2.0, 3.0]), r"add of shapes \(2,\) and \(3,\)"),
        (lambda v: v @ Value([1.0, 2.0, 3.0]), r"matmul of shapes \(2,\) and \(3,\)"),
        (lambda v: v.reshape(3), r"reshape of shapes \(2,\)"),
        (lambda v: np.gcd(v, v), "np.gcd has no derivative rule"),
        (lambda v: np.sin.at(v, 0), "np.sin.at has no derivative rule"),
        (lambda v: np.sort(v, order="x"), "np.sort of a Value does not take 'order'"),
        (lambda v: np.unique(v), r"np.unique has no derivative rule.*numpy\(\)"),
        (lambda v: np.sin(v, where=[True, False]), "np.sin of a Value does not take 'where'"),
        (lambda v: Value(1.0)[0], "a scalar Value cannot be indexed"),
        (lambda v: len(Value(1.0)), r"len\(\) of a scalar"),
    ],
)
def test_errors_name_what_was_given(operation, says):
    with pytest.raises((TypeError, ValueError), match=says):
        operation(Value([1.0, 2.0]))


def test_names_of_other_packages_lead_to_ours():
    v = Value([[1.0, 2.0]])
    for name in ELSEWHERE:
        with pytest.raises(AttributeError, match=rf"no \.{name}: .+") as raised:
            getattr(v, name)
        for ours in re.findall(r"v\.(\w+)", str(raised.value)):
            assert hasattr(v, ours)
        for ours in re.findall(r"np\.(\w+)", str(raised.value)):
            assert hasattr(np, ours)
    with pytest.raises(AttributeError, match=r"no attribute 'nothing'"):
        _ = v.nothing
    assert not hasattr(v, "clamp")


def test_setting_data_and_gradients():
    v = Value(np.float32([1, 2]))
    v.data = v.data * np.float64(2)
    assert v.dtype == np.float32
    with pytest.raises(ValueError, match=r"shape \(3,\) does not fit a Value of shape \(2,\)"):
        v.data = np.ones(3)
    with pytest.raises(ValueError, match=r"gradient of shape \(3,\)"):
        v.grad = np.ones(3)
    with pytest.raises(AttributeError, match="computed by multiply"):
        (v * 2).data = np.ones(2)
    with pytest.raises(TypeError, match="not str"):
        v.data = "ab"
    assert v.data.tolist() == [2, 4]
    v.grad = [0, 1]
    assert v.grad.dtype == np.float32
    assert v.grad.tolist() == [0, 1]
    v.grad *= 2
    assert v.grad.tolist() == [0, 2]


def test_public_names_exist():
    assert all(hasattr(autograd, name) for name in autograd.__all__)


@pytest.mark.parametrize(
    ("data", "grad"),
    [
        *[
            ([1.0, 2.0], g)
            for g in (0.0, 1, np.ones(1), np.ones((1, 2)), [[1.0], [2.0]], Value(1.0))
        ],
        *[([1.0, 2.0], g) for g in ("ab", ["a", "b"], [1j, 2.0], {}, object(), [None, 1.0], "1")],
        *[(1.0, g) for g in ([1.0], np.ones(1), Value([1.0]), "1", 1j, type(None), {1: 2})],
        *[(np.array([1, 2]), g) for g in ([1.0, 2.0], [1, 2], 0.0)],
    ],
)
def test_a_gradient_that_does_not_fit_is_refused(data, grad):
    v = Value(data)
    before = held_grad(v)
    with pytest.raises((TypeError, ValueError), match=r"gradient|a Value holds"):
        v.grad = grad
    assert held_grad(v) is before


@pytest.mark.parametrize("grad", [2, 2.0, True, np.float32(2), np.array(2.0), Value(2.0)])
def test_a_number_is_the_gradient_of_a_number(grad):
    v = Value(1.0)
    v.grad = grad
    assert v.grad == (1.0 if grad is True else 2.0)


@pytest.mark.parametrize("data", [10**400, -(10**400), [1.0, 10**400], [[10**400]]])
def test_an_int_that_no_float_can_hold(data):
    with pytest.raises(OverflowError, match="this int is larger; scale it down, or take its log"):
        Value(data)


def test_large_ints_become_floats():
    assert Value([[10**30], [1]]).data.tolist() == [[1e30], [1.0]]
    assert Value(10**300).data == 1e300


V64, V32 = np.array([1.0, 2.0]), np.ones(2, np.float32)


@pytest.mark.parametrize(
    "f",
    [
        lambda v, w: np.sum(v) * w,
        lambda v, w: w * np.sum(v),
        lambda v, w: (np.mean(v) * 2.0 + 1) * w,
        lambda v, w: w / v[0],
        lambda v, w: v[0, ...] - w,
        lambda v, w: np.exp(v @ v) * w,
        lambda v, w: np.median(v) + w,
        lambda v, w: np.linalg.norm(v) * w,
        lambda v, w: np.var(v) * w,
        lambda v, w: np.take(v, 0) * w,
        lambda v, w: v.flat[0] * w,
        lambda v, w: np.einsum("i,i->", v, v) * w,
        lambda v, w: np.linalg.slogdet(np.outer(v, v) + np.eye(2))[1] * w,
        lambda v, w: np.sum(v) * np.sum(w),
        lambda v, w: np.max(w) * w,
        lambda v, w: 2.0 * w + 1,
        lambda v, w: np.float64(2) * w,
        lambda v, w: np.where(w > 0, np.sum(v), w),
        lambda v, w: np.sum(v) ** w,
        lambda v, w: np.sum(v * 1j) * w,
    ],
)
def test_numbers_computed_from_arrays_have_their_precision(f):
    y = f(Value(V64), Value(V32))
    assert y.dtype == f(V64, V32).dtype
    np.testing.assert_array_equal(y.data, f(V64, V32))
    v, w = Value(V64), Value(V32)
    np.sum(np.abs(f(v, w))).backward()
    assert w.grad.dtype == np.float32


@pytest.mark.parametrize(
    "two", [Value(2.0), Value(1.0) * 2, Value(1.0) * np.float64(2), np.sum(Value(2.0)), 2.0, 2]
)
def test_numbers_leave_the_precision_to_arrays(two):
    assert (two * Value(V32)).dtype == (Value(V32) * two).dtype == np.float32


def test_the_precision_of_a_number_stays_without_a_graph():
    v, w = Value(V64), Value(V32)
    assert (np.sum(v).detach() * w).dtype == (copy.copy(np.sum(v)) * w).dtype == np.float64
    assert (autograd.checkpoint(np.sum)(v) * w).dtype == np.float64
    assert (autograd.checkpoint(lambda x: x * 2)(Value(2.0)) * w).dtype == np.float32
    with autograd.no_grad():
        assert (np.sum(v) * w).dtype == np.float64
        assert (Value(2.0) * 3 * w).dtype == np.float32


@pytest.mark.parametrize(
    "f",
    [
        lambda v, w: v @ w,
        lambda v, w: np.sum(v) * w[0],
        lambda v, w: np.sum(v) / w[0],
        lambda v, w: v[0] ** 2 / w[1] * w[0],
        lambda v, w: np.average(v, weights=w),
        lambda v, w: np.polyval(v, w[0]),
        lambda v, w: np.linalg.norm(v / w[1]) / w[0],
    ],
)
@pytest.mark.parametrize("backward", [True, False])
def test_gradients_of_numbers_from_arrays_have_their_precision(f, backward):
    def slope(w):
        if not backward:
            return autograd.grad(lambda v: 0.1 * f(v, w))(V64)
        v = Value(V64)
        (0.1 * f(v, w)).backward()
        return v.grad

    w = np.array([0.3, 0.7], np.float32)
    np.testing.assert_allclose(slope(w), slope(w.astype(float)), rtol=1e-14)


def test_gradients_of_numbers_from_arrays_print_as_plain_numbers():
    total = np.sum(Value(V64))
    y = total.detach()
    (0.5 * total).backward(retain_gradients=True)
    (0.5 * y).backward()
    assert type(total.grad) is type(y.grad) is float
