"""Rules as HIPS autograd's programs give them: to any function, in place, in plain NumPy."""

from collections import namedtuple

import numpy as onp
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

import autograd.numpy as np
from autograd import Value, grad, jacobian
from autograd.core import make_jvp, primitive_jvps, primitive_vjps
from autograd.engine.dispatch import NUMPY
from autograd.engine.primitive import PRIMITIVES
from autograd.extend import defjvp, defvjp, defvjp_argnums, notrace_primitive, primitive
from autograd.scipy import special
from autograd.tracer import getval

moderate = st.floats(-3, 3)
vectors = st.lists(moderate, min_size=1, max_size=4).map(onp.array)


@pytest.fixture
def own_rules():
    """Take back afterwards the rules that a test gives to functions of NumPy and SciPy."""
    answers, rules = dict(NUMPY), [(op, op.vjps) for op in PRIMITIVES.values()]
    yield
    NUMPY.clear()
    NUMPY.update(answers)
    for op, vjps in rules:
        op.vjps = vjps


# -- rules for functions of NumPy and SciPy ----------------------------------------------------


@pytest.mark.usefixtures("own_rules")
def test_a_rule_replaces_that_of_an_elementwise_function():
    defvjp(np.sign, lambda ans, x: lambda g: g * np.ones(x.shape))  # straight through
    assert grad(lambda x: 3 * np.sign(x))(-2.0) == 3
    assert grad(lambda x: np.sum(3 * np.sign(x)))(onp.array([2.0, 0.0])).tolist() == [3, 3]
    assert grad(lambda x: onp.sign(x))(2.0) == 1


@pytest.mark.usefixtures("own_rules")
def test_a_rule_replaces_that_of_any_other_function():
    defvjp(np.cumsum, lambda ans, x: lambda g: 7 * g)
    assert jacobian(np.cumsum)(onp.ones(2)).tolist() == [[7, 0], [0, 7]]
    defvjp(np.linalg.norm, lambda ans, x: lambda g: g * np.where(ans == 0, 0, x))
    assert grad(np.linalg.norm)(onp.ones(2)).tolist() == [1, 1]


@pytest.mark.usefixtures("own_rules")
@pytest.mark.parametrize("mode", [defvjp, defjvp])
def test_a_function_without_a_derivative_gets_one(mode):
    f, x = special.wrightomega, 0.7
    with pytest.raises(TypeError, match="no derivative"):
        f(Value(x))
    rules = {
        defvjp: lambda ans, x: lambda g: g * ans / (1 + ans),
        defjvp: lambda g, ans, x: g * ans / (1 + ans),
    }
    mode(f, rules[mode])
    ans = scipy.special.wrightomega(x)
    assert grad(f)(x) == pytest.approx(ans / (1 + ans))
    assert grad(scipy.special.wrightomega)(x) == grad(special.wrightomega)(x)
    assert make_jvp(f, x)(2.0)[1] == pytest.approx(2 * ans / (1 + ans))


@pytest.mark.usefixtures("own_rules")
def test_a_primitive_made_of_a_function_of_numpys_has_rules_of_its_own():
    sine = primitive(onp.sin)
    defvjp(sine, lambda ans, x: lambda g: 5 * g)
    assert grad(sine)(1.0) == 5
    assert grad(np.sin)(1.0) == grad(onp.sin)(1.0) == pytest.approx(onp.cos(1.0))


@pytest.mark.usefixtures("own_rules")
def test_a_jvp_for_a_function_that_has_a_derivative_changes_nothing():
    defjvp(np.exp, lambda g, ans, x: g * 100)
    defjvp(np.cumsum, lambda g, ans, x: g * 100)
    assert make_jvp(np.cumsum, onp.ones(2))(onp.ones(2))[1].tolist() == [1, 2]
    assert make_jvp(np.exp, 0.0)(1.0)[1] == grad(np.exp)(0.0) == 1


def test_rules_for_a_plain_function_are_kept():
    def plain(x):
        return x**2

    defvjp(plain, lambda ans, x: lambda g: g)
    defjvp(plain, lambda g, ans, x: g)
    assert grad(plain)(3.0) == 6
    del primitive_vjps[plain], primitive_jvps[plain]


# -- arrays of one's own -----------------------------------------------------------------------


@given(vectors)
def test_function_and_rule_may_write_to_what_they_are_given(x):
    def in_place(*arrays):
        for array in arrays:
            array *= 2
        return arrays[0]

    def vjp(ans, x, constant):
        in_place(ans, x, constant)
        return lambda g: in_place(g)

    f = primitive(lambda x, constant: in_place(x, constant) + constant)
    defvjp(f, vjp)
    constant, given_x = onp.ones(len(x)), x.copy()
    value = Value(x)
    y = f(value, constant)
    assert (y.data == 2 * x + 2).all()
    y.backward(gradient=onp.ones(len(x)))
    assert (value.grad == 2).all() and (value.data == x).all() and (x == given_x).all()


@given(vectors)
def test_containers_of_arrays_may_be_written_to(x):
    def fill(parts):
        parts["a"][:] = 1
        return parts["a"] + parts["b"][0]

    f = primitive(fill)
    defvjp(f, lambda ans, parts: lambda g: {"a": 0 * g, "b": [g]})
    value = Value(x)
    assert (f({"a": value, "b": [value]}).data == 1 + x).all() and (value.data == x).all()
    assert (grad(lambda x: np.sum(f({"a": x, "b": [x]})))(x) == 1).all()


@given(vectors)
def test_numbers_taken_out_of_a_value_may_be_written_to(x):
    value = Value(x)
    getval(value)[:] = 9
    notrace_primitive(lambda array: array.fill(9))(value)
    assert (value.data == x).all()


# -- forward mode ------------------------------------------------------------------------------


@given(vectors, moderate)
def test_forward_mode_asks_the_jvp(x, by):
    f = primitive(lambda x, y: x * y)
    defvjp(f, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: np.sum(g * x))
    defjvp(f, lambda g, ans, x, y: 10 * g * y)
    assert make_jvp(lambda x: f(x, by), x)(x)[1] == pytest.approx(10 * x * by)
    assert grad(lambda x: np.sum(f(x, by)))(x) == pytest.approx(by * onp.ones(len(x)))
    assert make_jvp(lambda y: f(x, y), by)(1.0)[1] == pytest.approx(x)  # it has a vjp alone


def plain_numpy():
    """Return x ↦ (x₀², x₀x₁, …) with a jvp that fills an array, as no Value could."""
    f = primitive(lambda x: x * x[0])

    def jvp(g, ans, x):
        change = onp.empty(len(x))
        for i in range(len(x)):
            change[i] = g[i] * x[0] + x[i] * g[0]
        return change

    defjvp(f, jvp)
    return f


@given(vectors)
def test_a_jvp_in_plain_numpy_serves_both_modes(x):
    f, traced = plain_numpy(), lambda x: x * x[0]
    assert make_jvp(f, x)(x)[1] == pytest.approx(make_jvp(traced, x)(x)[1])
    onp.testing.assert_allclose(jacobian(f)(x), jacobian(traced)(x))
    assert grad(lambda x: np.sum(np.sin(f(x))))(x) == pytest.approx(
        grad(lambda x: np.sum(np.sin(traced(x))))(x)
    )


def test_a_jvp_of_complex_numbers_in_plain_numpy():
    f, x = primitive(lambda z: z**2), onp.array([1 + 2j, 3 - 1j])
    defjvp(f, lambda g, ans, z: onp.array([2 * a * b for a, b in zip(z, g, strict=True)], complex))
    weights = onp.array([2.0, 1j])
    wanted = grad(lambda z: np.real(np.sum(weights * z**2)))(x)
    assert grad(lambda z: np.real(np.sum(weights * f(z))))(x) == pytest.approx(wanted)


@pytest.mark.parametrize(
    "plain",
    [
        lambda g, x: onp.array([float(a) for a in g]) @ onp.outer(x, x),
        lambda g, x: getval(g) @ onp.outer(x, x),  # traced, it loses the gradient without a word
    ],
)
def test_forward_mode_of_a_vjp_in_plain_numpy(plain):
    f = primitive(lambda x: onp.tile(x @ x * x / 3, 2))
    calls = []

    def vjp(ans, x):
        calls.append(ans)
        return lambda g: plain(g[:3] + g[3:], x) * 2 / 3 + (g[:3] + g[3:]) * (x @ x) / 3

    defvjp(f, vjp)
    x = onp.array([1.0, 0.0, -2.0])
    wanted = onp.tile((2 * onp.outer(x, x) + x @ x * onp.eye(3)) / 3, (2, 1))
    assert jacobian(f)(x) == pytest.approx(wanted)  # wide: three passes forward
    assert len(calls) <= 6 + 3  # one for each entry of the result, and attempts
    assert make_jvp(f, x)(x)[1] == pytest.approx(wanted @ x)


@given(vectors)
def test_a_vjp_of_a_cotangent_is_right_beside_a_jvp(x):
    f = primitive(lambda x: x**2)
    defvjp(f, lambda ans, x: lambda g: 2 * g * x)
    defjvp(f, lambda g, ans, x: 2 * g * x)
    assert jacobian(lambda g: grad(lambda x: np.sum(f(x) * g))(x))(x) == pytest.approx(
        onp.diag(2 * x)
    )
    assert jacobian(grad(lambda x: np.sum(f(x) ** 2)))(x) == pytest.approx(onp.diag(12 * x**2))
    hessian = jacobian(lambda x: make_jvp(f, x)(onp.ones(len(x)))[1])
    assert hessian(x) == pytest.approx(2 * onp.eye(len(x)))


# -- results and gradients in several forms ----------------------------------------------------

Found = namedtuple("Found", ["least", "where", "count"])


@given(vectors)
def test_whole_numbers_beside_floats_stay_what_they_are(x):
    f = primitive(lambda x: Found(x.min(), int(x.argmin()), onp.arange(len(x))))
    seen = []

    def rule(argnums, ans, args, kwargs):
        def vjp(g):
            seen.append((g.where, g.count))
            return [g.least * (ans.count == ans.where)]

        return vjp

    defvjp_argnums(f, rule)
    found = f(Value(x))
    assert type(found.where) is int and found.count.dtype == int
    assert x[found.where] == found.least.data
    assert (grad(lambda x: 2 * f(x).least)(x) == 2 * (onp.arange(len(x)) == x.argmin())).all()
    assert not onp.any(seen[0][0]) and not onp.any(seen[0][1])


@pytest.mark.parametrize("form", [list, onp.array, tuple])
def test_an_array_as_the_gradient_of_a_list(form):
    f = primitive(lambda parts: sum(parts[0]) + parts[1]["w"][1])
    defvjp(f, lambda ans, parts: lambda g: (form([g, g]), {"w": form([0 * g, g])}))
    a, w = grad(lambda a, w: f([[a[0], a[1]], {"w": [w[0], w[1]]}]), (0, 1))((1.0, 2.0), (3.0, 4.0))
    assert a == (1, 1) and w == (0, 1)
