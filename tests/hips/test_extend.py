"""Rules of one's own, the vector spaces and the checks under HIPS autograd's names."""

import numpy as onp
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd.numpy as np
from autograd import Value, core, deriv, elementwise_grad, grad, hessian, jacobian, make_vjp
from autograd.core import primitive_vjps
from autograd.extend import (
    Box,
    SparseObject,
    VJPNode,
    def_linear,
    defjvp,
    defjvp_argnum,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    notrace_primitive,
    primitive,
    register_notrace,
    vspace,
)
from autograd.numpy import numpy_vjps
from autograd.numpy.numpy_wrapper import make_diagonal, metadata
from autograd.test_util import check_grads, check_vjp, combo_check, scalar_close
from autograd.util import quick_grad_check, subval, toposort
from autograd.wrap_util import unary_to_nary

moderate = st.floats(-3, 3)


@pytest.fixture(autouse=True)
def same_directions():
    """The checks draw from np.random: a wrong rule is not seen along a vector near 0."""
    onp.random.seed(0)


def cube_op():
    """Return x³ as a primitive with a rule of its own."""
    cube = primitive(lambda x: x**3)
    defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    return cube


# -- rules -------------------------------------------------------------------------------------


@given(moderate)
def test_a_rule_gives_derivatives_of_every_order(x):
    cube, plain = cube_op(), lambda x: x**3
    for _ in range(4):
        assert cube(x) == pytest.approx(plain(x), abs=1e-9)
        cube, plain = grad(cube), grad(plain)


@given(st.lists(moderate, min_size=1, max_size=4))
def test_forward_mode_and_hessians_follow_from_the_rule(numbers):
    x, cube = onp.array(numbers), cube_op()
    onp.testing.assert_allclose(deriv(cube)(x), 3 * x**2, atol=1e-12)
    found = hessian(lambda x: np.sum(cube(x)))(x)
    onp.testing.assert_allclose(found, onp.diag(6 * x), atol=1e-12)


def test_a_primitive_sees_raw_numbers_and_is_the_function_itself_on_them():
    seen = []
    f = primitive(lambda x, n: seen.append(type(x)) or x * n)
    defvjp(f, lambda ans, x, n: lambda g: g * n)
    assert f(2, 3) == 6 and type(f(2, 3)) is int
    grad(f)(2.0, 3)
    grad(f)(onp.ones(()), 3)
    assert not any(issubclass(kind, Value) for kind in seen)
    assert isinstance(f(Value(2.0), 3), Box)


def test_keyword_arguments_reach_function_and_rule():
    f = primitive(lambda x, power=1, *, scale=1.0: scale * x**power)
    defvjp(
        f,
        lambda ans, x, power=1, *, scale=1.0: lambda g: g * scale * power * x ** (power - 1),
    )
    assert grad(lambda x: f(x, power=3, scale=2.0))(2.0) == 24.0


def test_none_is_a_gradient_of_zero():
    f = primitive(lambda x, y: x * y)
    defvjp(f, None, lambda ans, x, y: lambda g: g * x)
    assert grad(f, (0, 1))(2.0, 3.0) == (0.0, 2.0)


def test_none_for_a_container():
    f = primitive(lambda pair, y: pair[0] * y)
    defvjp(f, None, lambda ans, pair, y: lambda g: g * pair[0])
    assert grad(f, (0, 1))([2.0, 1.0], 3.0) == ([0.0, 0.0], 2.0)


def test_a_comparison_is_a_constant_for_make_vjp():
    vjp, y = core.make_vjp(lambda x: x > 1.0, 2.0)
    assert y and vjp(1.0) == 0.0


def test_rules_for_chosen_arguments():
    f = primitive(lambda name, x: 2 * x)
    defvjp(f, lambda ans, name, x: lambda g: 2 * g, argnums=(1,))
    assert grad(f, 1)("a name", 3.0) == 2.0


@pytest.mark.parametrize("several", [defvjp_argnum, defvjp_argnums])
def test_one_rule_for_all_arguments(several):
    f = primitive(lambda *xs: sum(n * x**2 for n, x in enumerate(xs)))
    if several is defvjp_argnum:
        several(f, lambda argnum, ans, args, kwargs: lambda g: 2 * argnum * args[argnum] * g)
    else:
        several(
            f, lambda argnums, ans, args, kwargs: lambda g: [2 * n * args[n] * g for n in argnums]
        )
    assert grad(f, (0, 1, 2))(1.0, 2.0, 3.0) == (0.0, 4.0, 12.0)


def test_containers_go_in_and_out():
    @primitive
    def f(params, pair):
        return {"sum": params["w"] @ pair[0] + params["b"], "scaled": [pair[1] * params["b"]]}

    def by_params(ans, params, pair):
        return lambda g: {
            "b": g["sum"] + g["scaled"][0] * pair[1],
            "w": g["sum"] * pair[0],
        }

    def by_pair(ans, params, pair):
        return lambda g: (g["sum"] * params["w"], g["scaled"][0] * params["b"])

    defvjp(f, by_params, by_pair)

    def loss(f):
        def of(params, pair):
            out = f(params, pair)
            return out["sum"] ** 2 * out["scaled"][0]

        return of

    params, pair = {"w": onp.array([1.0, 2.0]), "b": 0.5}, (onp.array([3.0, -1.0]), 4.0)
    ours, plain = grad(loss(f), (0, 1))(params, pair), grad(loss(f.fun), (0, 1))(params, pair)
    onp.testing.assert_allclose(ours[0]["w"], plain[0]["w"])
    onp.testing.assert_allclose(ours[0]["b"], plain[0]["b"])
    onp.testing.assert_allclose(ours[1][0], plain[1][0])
    check_grads(loss(f), (0, 1))(params, pair)


def test_constants_beside_values_in_a_container_keep_what_they_are():
    @primitive
    def f(options):
        assert options["name"] == "a" and options["n"] == 3 and type(options["n"]) is int
        return options["x"] ** options["n"]

    defvjp(f, lambda ans, o: lambda g: {"x": g * o["n"] * o["x"] ** 2, "name": "", "n": 0})
    assert grad(lambda x: f({"x": x, "name": "a", "n": 3}))(2.0) == 12.0


def test_complex_and_real_results_side_by_side():
    pair = primitive(lambda z: (np.real(z * z), z * z))
    defvjp(pair, lambda ans, z: lambda g: 2 * z * (g[0] + g[1]))

    def f(z):
        return pair(z)[0] + np.real(pair(z)[1])

    assert pair(Value(1 + 2j))[0].dtype == float
    assert grad(f)(1.0 + 2.0j) == pytest.approx(4 * (1 + 2j))


def test_float32_stays_float32():
    x = onp.ones(3, onp.float32)
    assert grad(lambda x: np.sum(cube_op()(x)))(x).dtype == onp.float32
    two = primitive(lambda x, y: (x, y))
    defvjp(two, lambda ans, x, y: lambda g: g[0], lambda ans, x, y: lambda g: g[1])
    assert two(Value(x), onp.ones(2))[0].dtype == onp.float32


def test_a_constant_array_changed_later_does_not_change_the_gradient():
    f = primitive(lambda x, c: x * c)
    defvjp(f, lambda ans, x, c: lambda g: g * c)
    c = onp.array([1.0, 2.0])
    x = Value([1.0, 1.0])
    y = np.sum(f(x, c))
    c[:] = 100.0
    y.backward()
    assert x.grad.tolist() == [1.0, 2.0]


# -- rules from forward mode -------------------------------------------------------------------


@given(moderate, moderate)
def test_a_jvp_alone_gives_both_modes(x, y):
    f = primitive(lambda x, y: x * y**2)
    defjvp(f, lambda g, ans, x, y: g * y**2, lambda g, ans, x, y: 2 * g * x * y)
    assert grad(f, (0, 1))(x, y) == pytest.approx((y**2, 2 * x * y))
    assert deriv(f, 1)(x, y) == pytest.approx(2 * x * y)
    assert grad(grad(f, 1), 1)(x, y) == pytest.approx(2 * x)


def test_jvps_that_are_none_or_the_function_itself():
    f = primitive(lambda x, y: np.sum(2 * x[:2]) + y)
    defjvp(f, "same", None)
    # With the other argument as it is, "same" would add y to the change.
    g = primitive(lambda x: np.cumsum(x)[::-1])
    defjvp(g, "same")
    onp.testing.assert_allclose(jacobian(g)(onp.ones(3)), onp.tril(onp.ones((3, 3)))[::-1])
    assert grad(f, 1)(onp.ones(3), 1.0) == 0.0


def test_linear_functions_and_one_jvp_for_all_arguments():
    swap = primitive(lambda x: x[::-1])
    def_linear(swap)
    assert make_vjp(swap)(onp.array([1.0, 2.0]))[0](onp.array([5.0, 7.0])).tolist() == [7.0, 5.0]
    f = primitive(lambda *xs: np.prod(np.array(xs)))
    defjvp_argnum(f, lambda i, g, ans, xs, kwargs: g * ans / xs[i])
    assert grad(f, (0, 2))(2.0, 3.0, 4.0) == (12.0, 6.0)


# -- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("derivative", [grad, deriv])
def test_a_primitive_without_a_rule(derivative):
    @primitive
    def opaque(x):
        return 2.0 * x

    assert opaque(2.0) == 4.0
    with pytest.raises(NotImplementedError, match=r"opaque has no derivative.*argument 0.*defvjp"):
        derivative(opaque)(1.0)
    defvjp(opaque, lambda ans, x: lambda g: 2 * g, argnums=(1,))
    with pytest.raises(NotImplementedError, match="argument 0"):
        derivative(opaque)(1.0)


def test_rules_are_functions_of_functions():
    with pytest.raises(TypeError, match=r"not to 2\.0; write f = primitive"):
        defvjp(2.0, None)
    with pytest.raises(TypeError, match="vjp 3 of <lambda> should be a function"):
        defvjp(primitive(lambda x: x), 3)


def test_a_value_that_is_no_argument_is_refused():
    hidden = Value(3.0)
    f = primitive(lambda x: x * hidden)
    with pytest.raises(TypeError, match="uses a Value that is not among its arguments"):
        f(Value(2.0))


def test_a_rule_can_be_taken_away():
    cube = cube_op()
    del primitive_vjps[cube]
    with pytest.raises(NotImplementedError):
        grad(cube)(1.0)


# -- what is not traced ------------------------------------------------------------------------


def test_functions_without_derivatives():
    @notrace_primitive
    def largest(x):
        return int(onp.argmax(x))

    assert grad(lambda x: x[largest(x)] ** 2)(onp.array([1.0, 3.0])).tolist() == [0.0, 6.0]
    rounded = primitive(lambda x: onp.floor(x))
    register_notrace(VJPNode, rounded)
    assert grad(lambda x: x * rounded(x))(2.5) == 2.0


def test_sparse_gradients_become_dense():
    f = primitive(lambda x: x[1])

    def vjp(ans, x):
        def add(g):
            def into(total):
                total[1] += g
                return total

            return SparseObject(vspace(x), into)

        return add

    defvjp(f, vjp)
    assert grad(f)(onp.ones(3)).tolist() == [0.0, 1.0, 0.0]


def test_the_older_ways_to_give_a_rule():
    by_grad, by_vjp = core.primitive(lambda x, y: x * y), core.primitive(lambda x, y: x * y)
    by_grad.defgrad(lambda ans, x, y: lambda g: y * g)
    by_grad.defgrad(lambda ans, x, y: lambda g: x * g, argnum=1)
    by_vjp.defvjp(lambda g, ans, vs, gvs, x, y: x * g, argnum=1)
    by_vjp.defvjp_is_zero([0])
    assert grad(by_grad, (0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert grad(by_vjp, (0, 1))(2.0, 3.0) == (0.0, 2.0)


# -- vector spaces -----------------------------------------------------------------------------

SPACES = [
    0.0,
    onp.zeros((2, 3)),
    1j * onp.zeros(2),
    onp.zeros(2, onp.float32),
    [1.0, (onp.zeros(2), 2.0)],
    {"b": 1.0, "a": [onp.zeros((1, 2)), 1j]},
]


@pytest.mark.parametrize("value", SPACES, ids=repr)
def test_axioms_of_vector_spaces(value):
    vs = vspace(value)
    basis = list(vs.standard_basis())
    assert len(basis) == vs.size
    for i, e in enumerate(basis):
        assert [float(vs.inner_prod(e, f)) for f in basis] == [
            float(i == j) for j in range(vs.size)
        ]
    total = vs.zeros()
    for e in basis:
        total = vs.add(total, e)

    def close(x, y):
        return float(vs.inner_prod(z := vs.add(x, vs.scalar_mul(y, -1.0)), z)) < 1e-10

    assert close(total, vs.ones())
    x = vs.randn()
    assert close(vs.covector(vs.covector(x)), x)
    assert vs == vspace(x) == vspace(vs.scalar_mul(x, 2.0)) == vspace(vs.mut_add(None, x))
    assert vs.inner_prod(x, x) > 0


def test_spaces_differ_by_structure_shape_and_dtype():
    spaces = [vspace(value) for value in SPACES]
    for i, a in enumerate(spaces):
        assert [a == b for b in spaces] == [i == j for j in range(len(spaces))]
    assert vspace([1.0, 2.0]) != vspace((1.0, 2.0))
    assert vspace(Value([1.0, 2.0])) == vspace(onp.ones(2))
    assert vspace(onp.ones((2, 3))).shape == (2, 3) and vspace(1j).iscomplex


def test_a_space_of_ints_is_refused():
    with pytest.raises(TypeError, match="floats and arrays, not int"):
        vspace([1.0, 2])


# -- checks ------------------------------------------------------------------------------------


def test_wrong_rules_are_found():
    wrong = primitive(lambda x: x * 2.0)
    wrong.__name__ = "wrong"
    defvjp(wrong, lambda ans, x: lambda g: g * 2.001)
    with pytest.raises(AssertionError, match=r"\(VJP\) check of wrong failed"):
        check_grads(wrong, modes=["rev"])(1.0)
    with pytest.raises(AssertionError, match=r"\(JVP\) check of wrong failed"):
        check_grads(wrong, modes=["fwd"])(1.0)
    with pytest.raises(AssertionError, match="VJP"):
        check_vjp(wrong, onp.ones(2))
    with pytest.raises(AssertionError):
        quick_grad_check(wrong, 1.0)
    with pytest.raises(AssertionError):
        combo_check(lambda x, n: wrong(x) * n, modes=["rev"])([1.0], n=[0.0, 1.0])


def test_wrong_second_derivatives_are_found():
    same = primitive(lambda x: x)
    defvjp(same, lambda ans, x: lambda g: g * 1.001)
    f = primitive(lambda x: x * 2.0)
    f.__name__ = "f"
    defvjp(f, lambda ans, x: lambda g: same(g) * 2)
    check_grads(f, modes=["rev"], order=1)(1.0)
    with pytest.raises(AssertionError, match=r"\(VJP\) check of vjp_f failed"):
        check_grads(f, modes=["rev"])(1.0)


def test_right_rules_pass():
    combo_check(lambda x, y, n: np.sum(x**n) * y, (0, 1))([1.0, onp.ones(3)], [2.0], n=[1, 2, 3])
    check_grads(lambda z: np.exp(z) * z)(1.0 + 2.0j)
    check_grads(elementwise_grad(np.tanh))(onp.ones(2))
    quick_grad_check(lambda x, y: x**2 + y, 1.0, (2.0,))
    assert scalar_close(1.0, 1.0 + 1e-8) and not scalar_close(1.0, 1.001)


# -- small names -------------------------------------------------------------------------------


def test_operators_on_functions_of_several_arguments():
    @unary_to_nary
    def describe(f, x, word):
        return word, x, f(x)

    assert describe(lambda x, y: x - y, 1, word="at")(5.0, 2.0) == ("at", 2.0, 3.0)
    assert describe(lambda x, y: x - y, (0, 1), "at")(5.0, 2.0) == ("at", (5.0, 2.0), 3.0)
    assert describe(lambda x: x).__name__ == "describe_of_<lambda>_wrt_argnum_0"


def test_every_node_comes_after_its_children():
    graph = {"end": ["a", "b"], "a": ["root"], "b": ["a", "root"], "root": []}
    order = list(toposort("end", graph.__getitem__))
    assert order == ["end", "b", "a", "root"]
    assert subval((1, 2), 0, 5) == (5, 2)


@given(st.integers(-2, 2))
def test_make_diagonal_is_the_inverse_of_diagonal(offset):
    D = onp.arange(6.0).reshape(2, 3)
    A = make_diagonal(D, offset, axis1=-2, axis2=-1)
    onp.testing.assert_array_equal(onp.diagonal(A, offset, -2, -1), D)
    assert A.sum() == D.sum()
    check_grads(lambda D: make_diagonal(D, offset, 0, 1))(D)


def test_names_for_rules():
    x = onp.ones((3, 1), onp.float32)
    g = numpy_vjps.unbroadcast_f(x, lambda g: 2 * g)(onp.ones((2, 3, 4)))
    assert g.shape == (3, 1) and g.dtype == onp.float32 and g[0, 0] == 16.0
    assert metadata(x) == ((3, 1), 2, onp.dtype(onp.float32), False)
    assert numpy_vjps.replace_zero(onp.array([0.0, 2.0]), 1.0).tolist() == [1.0, 2.0]
    assert (
        numpy_vjps.match_complex(1j, 2.0) == 2 + 0j and numpy_vjps.match_complex(1.0, 2 + 1j) == 2
    )
    repeated, times = numpy_vjps.repeat_to_match_shape(onp.arange(3.0), (2, 3), float, 0, False)
    assert repeated.tolist() == [[0, 1, 2]] * 2 and times == 2


def test_brackets_that_join():
    def f(x):
        return np.sum(np.r_[x, 2 * x[0], 1:3, [x[1], 0.0]] ** 2) + np.sum(np.c_[x, x] ** 3)

    x = onp.array([1.0, 2.0])
    onp.testing.assert_allclose(grad(f)(x), [10.0 + 6.0, 8.0 + 24.0])
    v = np.r_["0,2", Value(x), x]
    onp.testing.assert_array_equal(v.data, onp.r_["0,2", x, x])
    onp.testing.assert_array_equal(np.c_[x, x], onp.c_[x, x])


def test_a_cast_to_integers_has_no_gradient_to_drop():
    v = Value([1.0, 2.0])
    assert onp.int64(v).tolist() == [1, 2] and onp.array(v, dtype=int).dtype.kind == "i"
    with pytest.raises(TypeError):
        onp.array(v, dtype=float)
