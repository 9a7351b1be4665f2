"""Lists that come one item at a time, and arrays of objects with Values in them."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd.numpy as anp
from autograd import (
    Value,
    array,
    checkpoint,
    elementwise_grad,
    grad,
    grad_and_aux,
    jacobian,
    make_vjp,
    value_and_grad,
)

X = np.array([1.0, 2.0, 3.0])
JOINING = ["column_stack", "concatenate", "dstack", "hstack", "stack", "vstack"]
FORMS = {
    "generator": lambda parts: (part for part in parts),
    "map": lambda parts: map(lambda part: part, parts),
    "zip": lambda parts: (row for (row,) in zip(parts, strict=True)),
    "reversed": lambda parts: reversed(parts[::-1]),
    "filter": lambda parts: filter(lambda part: True, parts),
    "values of a dict": lambda parts: dict(enumerate(parts)).values(),
    "iterator": iter,
    "tuple": tuple,
    "deque": deque,
}

# -- generators ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", JOINING)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_comes_one_by_one_is_joined_as_a_list_is(name, form):
    join = getattr(anp, name)

    def parts(x):
        return [x, 2 * x, X]

    def f(made):
        return lambda x: np.sum(np.sin(join(made(parts(x)))))

    assert np.array_equal(join(form(parts(X))), getattr(np, name)(parts(X)))
    assert np.array_equal(join(form(parts(Value(X)))).data, getattr(np, name)(parts(X)))
    assert np.array_equal(grad(f(form))(X), grad(f(list))(X))


@pytest.mark.parametrize("name", JOINING)
def test_a_list_given_by_name(name):
    keyword = "tup" if name in ("column_stack", "dstack", "hstack", "vstack") else "arrays"
    if name == "concatenate":
        assert anp.concatenate((x for x in [Value(X), X]), axis=0).shape == (6,)
        return
    found = getattr(anp, name)(**{keyword: (row for row in [Value(X), X])})
    assert np.array_equal(found.data, getattr(np, name)([X, X]))


def test_select_of_generators():
    def f(x):
        return np.sum(anp.select((x > c for c in (2.5, 1.5)), (x**n for n in (2, 3)), 5.0))

    assert grad(f)(X).tolist() == [0.0, 12.0, 6.0]


def test_plain_numpy_says_what_it_says_of_generators():
    for join in (np.stack, np.hstack, np.vstack, np.dstack, np.column_stack):
        with pytest.raises(TypeError, match="arrays to stack must be passed as a"):
            join(x for x in [Value(X), X])
    with pytest.raises((TypeError, ValueError), match=r"sequence|at least one array"):
        np.concatenate(x for x in [Value(X), X])


def test_an_array_of_a_generator_is_numpys():
    generator = (x for x in [Value(1.0)])
    assert anp.array(generator).item() is generator
    with pytest.raises(TypeError):
        grad(lambda x: np.sum(np.sin(anp.array(x * i for i in range(3)))))(1.0)


# -- arrays of objects -----------------------------------------------------------------------------


def filled(x):
    """Return an array of objects, filled entry by entry."""
    a = np.empty(3, object)
    for i in range(3):
        a[i] = x[i] * (i + 1)
    return a


def written(x):
    return anp.array([x[0], 2 * x[1], x[2] * 3.0], dtype=object)


def joint(x):
    """Return the same numbers as one Value."""
    return array([x[i] * (i + 1) for i in range(3)])


WAYS = {
    "arithmetic": lambda a: np.sum((2 * a + 1 - a / 3) ** 2),
    "on the right": lambda a: np.sum(X * (1 / (1 + a)) ** 2),
    "sum": np.sum,
    "a.sum": lambda a: a.sum(),
    "Python's sum": lambda a: sum(a) ** 2,
    "mean": anp.mean,
    "var": lambda a: anp.var(a) + anp.std(a),
    "prod": np.prod,
    "max": lambda a: np.max(a) * np.min(a),
    "dot": lambda a: np.dot(a, a) * anp.dot(X, a),
    "matmul": lambda a: np.sum((np.arange(9.0).reshape(3, 3) @ a) ** 2),
    "sin": lambda a: np.sum(anp.sin(a) * np.exp(a)),
    "log10": lambda a: np.sum(anp.log10(a)),
    "logaddexp": lambda a: np.sum(anp.logaddexp(a, X)),
    "norm": lambda a: anp.linalg.norm(a),
    "solve": lambda a: np.sum(anp.linalg.solve(np.eye(3) * [1.0, 2.0, 4.0], a) ** 2),
    "outer": lambda a: np.sum(anp.outer(a, a) ** 2),
    "einsum": lambda a: anp.einsum("i,i,i", a, a, X),
    "where": lambda a: np.sum(anp.where(X > 1.5, a, a * a)),
    "stack": lambda a: np.sum(anp.stack([a, a * a]) ** 2),
    "concatenate": lambda a: np.sum(anp.concatenate([a, X]) ** 2),
    "cumsum": lambda a: np.sum(np.cumsum(a) ** 2),
    "reshape": lambda a: np.sum(a.reshape(3, 1) * X),
    "tolist": lambda a: np.sum(anp.array(a if isinstance(a, Value) else a.tolist()) ** 2),
    "list": lambda a: np.sum(anp.array(list(a)) ** 2),
    "array": lambda a: np.sum(anp.array(a) ** 2),
    "autograd.array": lambda a: np.sum(array(a) ** 2),
    "array of floats": lambda a: np.sum(anp.array(a, dtype=float) ** 2),
    "asarray of floats": lambda a: np.sum(anp.asarray(a, dtype=float) ** 2),
    "an entry": lambda a: a[2] ** 2 * a[0],
    "a slice": lambda a: np.sum(a[1:] * a[:-1]),
    "beside a Value": lambda a: np.sum(anp.multiply(array(list(a)), a)),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("make", [filled, written])
def test_gradients_flow_through_arrays_of_objects(way, make):
    assert make(Value(X)).dtype == object
    value, slope = value_and_grad(lambda x: way(make(x)))(X)
    expected_value, expected = value_and_grad(lambda x: way(joint(x)))(X)
    assert np.allclose(value, expected_value, rtol=1e-13)
    assert np.allclose(slope, expected, rtol=1e-12)
    assert np.any(expected)


ASKED = {
    "astype": lambda a: a.astype(float),
    "float64": np.float64,
    "plain asarray": lambda a: np.asarray(a, dtype=float),
    "a.mean": lambda a: a.mean(),
    "float": lambda a: float(a[0]),
    "fill of floats": lambda a: np.zeros(3).__setitem__(0, a[0]),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_what_would_drop_the_gradient_says_what_to_write(ask):
    with pytest.raises(TypeError, match=r"an array of objects write autograd\.array\(a\)"):
        grad(lambda x: np.sum(ask(filled(x)) ** 2))(X)


@pytest.mark.parametrize("apply", [lambda a, v: v * a, lambda a, v: a * v, lambda a, v: v @ a])
def test_beside_a_value_the_error_says_what_to_write(apply):
    with pytest.raises(TypeError, match=r"with autograd\.array\(x\) if there are Values in it"):
        grad(lambda x: np.sum(apply(filled(x), x)))(X)
    assert grad(lambda x: np.sum(apply(array(filled(x)), x)))(X).any()


@pytest.mark.parametrize("make", [filled, written])
def test_an_array_of_objects_as_the_result(make):
    assert np.array_equal(jacobian(make)(X), np.diag([1.0, 2.0, 3.0]))
    assert np.array_equal(elementwise_grad(make)(X), [1.0, 2.0, 3.0])
    assert grad(lambda x: make(x)[:1] ** 2)(X).tolist() == [2.0, 0.0, 0.0]
    outside = Value(2.0)
    others = anp.array([outside, 1.0, 2.0], dtype=object)
    grad(lambda x: (make(x) * others)[:1])(X).sum().backward()
    assert outside.grad == 1.0


@pytest.mark.parametrize("make", [filled, written])
def test_an_array_of_objects_among_results(make):
    vjp, (first, rest) = make_vjp(lambda x: (make(x), {"more": [make(x), 1.0]}))(X)
    assert first.dtype == rest["more"][0].dtype == float
    assert vjp((X, {"more": [X, 0.0]})).tolist() == [2.0, 8.0, 18.0]
    slope, aux = grad_and_aux(lambda x: (np.sum(make(x)), make(x)))(X)
    assert slope.tolist() == [1.0, 2.0, 3.0]
    assert aux.tolist() == [1.0, 4.0, 9.0]
    assert grad(lambda x: np.sum(checkpoint(make)(x)))(X).tolist() == [1.0, 2.0, 3.0]
    assert grad(lambda x: checkpoint(lambda a: np.sum(a * a))(make(x)))(X).tolist() == [2, 16, 54]
    texts = np.array(["a", None], dtype=object)
    assert grad_and_aux(lambda x: (np.sum(x), texts))(X)[1] is texts
    with pytest.raises(TypeError, match="numbers, not dtype object"):
        grad(lambda x: anp.array([x[0], None], dtype=object))(X)


def test_a_matrix_of_objects():
    def f(x):
        a = np.empty((2, 2), object)
        a[0, 0], a[0, 1], a[1, 0], a[1, 1] = x, 1.0, x * x, 0.0
        return np.sum(anp.array(a.tolist()) @ X[:2]) + np.sum(array(a) ** 2)

    assert grad(f)(2.0) == 1.0 + 4.0 + 4.0 + 32.0


def test_objects_keep_what_is_no_number():
    x, y = Value(1.0), Value([1.0, 2.0])
    a = anp.array([x, None, "a"], dtype=object)
    assert a.dtype == object
    assert a.tolist() == [x, None, "a"]
    ragged = anp.array([x, [x, 2.0]], dtype=object)
    assert ragged[0] is x
    assert ragged[1] == [x, 2.0]
    for b in (anp.array(y, dtype=object), y.astype(object), anp.asarray([*y], dtype=object)):
        assert (b.shape, b.dtype) == ((2,), object)
        assert [entry.data for entry in b] == [1.0, 2.0]
    assert anp.array([y, [x, 3.0]], dtype=object).shape == (2, 2)
    assert anp.array([x, x], dtype=object, ndmin=2).shape == (1, 2)
    assert anp.full(2, x, dtype=object).tolist() == [x, x]
    for like in (anp.zeros_like, anp.empty_like, anp.ones_like):
        b = like(y, dtype=object)
        assert (b.shape, b.dtype) == ((2,), object)
        b[0] = x
        assert np.sum(b[:1]) is not None


@given(items=st.lists(st.lists(st.floats(-5, 5), min_size=2, max_size=2), min_size=1, max_size=3))
def test_autograd_array_of_objects_is_that_of_lists(items):
    traced = [[Value(n), n] for n, _ in items]
    objects = anp.array(traced, dtype=object)
    assert np.array_equal(array(objects).data, array(traced).data)
    assert np.array_equal(array(np.array(items, dtype=object)), np.array(items))
