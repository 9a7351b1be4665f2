"""What the strategies draw: of the dtype, in the domain, broadcasting, and of every kind."""

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from autograd import grad, ops
from autograd.testing import strategies
from autograd.testing.code import as_code
from autograd.testing.programs import Expression, Network

pytestmark = pytest.mark.slow

REAL = [np.float64, np.float32, np.float16]
DOMAINS = st.tuples(st.floats(-5, 5), st.floats(0.01, 5)).map(lambda p: (p[0], p[0] + p[1]))


def exists(strategy, condition, n=2000):
    """Whether the strategy ever draws such a thing."""
    try:
        find(strategy, condition, settings=settings(max_examples=n, phases=[Phase.generate]))
    except NoSuchExample:
        return False
    return True


@given(st.data(), DOMAINS, strategies.dtypes)
def test_numbers_lie_between_the_ends_and_fit_the_dtype(data, domain, dtype):
    x = data.draw(strategies.numbers(dtype, domain))
    for part in [x.real, x.imag] if dtype.kind == "c" else [x]:
        assert domain[0] < part < domain[1]
    assert dtype.type(x) == x
    smallest = np.finfo(dtype).smallest_normal
    assert all(part == 0 or abs(part) >= smallest for part in (np.real(x), np.imag(x)))


@pytest.mark.parametrize("dtype", REAL)
def test_every_kind_of_number_is_drawn(dtype):
    eps = np.finfo(dtype).eps
    kinds = {
        "zero": lambda x: x == 0,
        "ordinary": lambda x: 0.5 < x < 3,
        "negative": lambda x: -3 < x < -0.5,
        "tiny": lambda x: 0 < abs(x) < eps**0.5,
        "large": lambda x: abs(x) > eps**-0.5 / 2,
        "saturating": lambda x: np.exp(-dtype(abs(x))) + dtype(1) == 1 and abs(x) < 80,
    }
    missing = [k for k, is_one in kinds.items() if not exists(strategies.numbers(dtype), is_one)]
    assert missing == []


def test_numbers_far_from_1_are_drawn_where_the_domain_asks_for_them():
    assert exists(strategies.numbers(np.float64, (1e12, 2e12)), lambda x: 1e12 < x < 2e12)
    assert exists(strategies.numbers(np.float64, (0, 1e-12)), lambda x: 0 < x < 1e-12)


@pytest.mark.parametrize("domain", [(1.0, 1.0), (2.0, 1.0), (np.nan, 1.0), (1e9, 1e10)])
def test_a_domain_without_a_number(domain):
    with pytest.raises(ValueError, match=r"float16 number .* low < high"):
        strategies.numbers(np.float16, domain)


@pytest.mark.parametrize("dtype", [int, bool, object])
def test_numbers_without_a_derivative(dtype):
    with pytest.raises(TypeError, match="write a float dtype"):
        strategies.numbers(dtype)


@given(st.integers(1, 4).flatmap(strategies.shapes))
def test_shapes_broadcast_together(shapes):
    full = np.broadcast_shapes(*shapes)
    assert len(full) <= 3
    assert max(full, default=0) <= 3


@pytest.mark.parametrize(
    "is_one",
    [
        lambda a, b: a == (),
        lambda a, b: a == b == (2, 3),
        lambda a, b: 0 not in a + b and np.broadcast_shapes(a, b) not in (a, b),
        lambda a, b: 0 in a and 1 in b,
        lambda a, b: len(a) == 3 and len(b) == 1,
    ],
)
def test_every_kind_of_shape_is_drawn(is_one):
    assert exists(strategies.shapes(2), lambda shapes: is_one(*shapes))


@pytest.mark.parametrize("dtype", REAL)
def test_every_kind_of_number_that_a_domain_has_is_drawn(dtype):
    eps = np.finfo(dtype).eps
    within = strategies.numbers(dtype, (-12, 30))
    for is_one in (
        lambda x: x == 0,
        lambda x: 0 < x < eps**0.5,
        lambda x: -(eps**0.5) < x < 0,
        lambda x: -4 < x < -1,
        lambda x: x > 5,
    ):
        assert exists(within, is_one)
    assert not exists(strategies.numbers(dtype, (1, 2)), lambda x: not 1 < x < 2, n=100)


@pytest.mark.parametrize(
    "is_one",
    [
        lambda a, b: a.dtype == np.float16 and a.ndim == 0 != b.ndim,
        lambda a, b: a.dtype == np.complex64 and a.size == 0,
        lambda a, b: a.dtype == np.float32 and 1 in a.shape and b.shape != a.shape and b.size,
        lambda a, b: a.size > 2 and len(set(a.ravel())) == 1 and a.ravel()[0] != 0,
        lambda a, b: a.size > 1 and 0 in a and (abs(a) > 5).any(),
    ],
)
def test_every_kind_of_argument_is_drawn(is_one):
    drawn = strategies.arguments((-9, 9), (0, 1), dtype=strategies.dtypes)
    assert exists(drawn, lambda pair: bool(is_one(*pair)))


@given(st.data(), strategies.dtypes)
def test_arguments_are_arrays_that_broadcast_together(data, dtype):
    a, b = data.draw(strategies.arguments((0, 4), (-3, 3), dtype=dtype))
    assert a.dtype == b.dtype == dtype
    assert np.broadcast(a, b).ndim <= 3
    assert (a.real > 0).all()
    assert (abs(b.real) < 3).all()


def test_arrays_have_ties_and_the_shape_asked_for():
    pairs = strategies.arrays((2, 2))
    assert exists(pairs, lambda x: len(np.unique(x)) == 2 and 0 not in x)
    assert exists(pairs, lambda x: len(np.unique(x)) == 4)
    assert not exists(pairs, lambda x: x.shape != (2, 2), n=200)
    either = strategies.arrays(st.sampled_from([(2,), (5,)]), dtype=st.just(np.float32))
    assert exists(either, lambda x: x.shape == (5,))
    assert not exists(either, lambda x: x.shape not in [(2,), (5,)] or x.dtype != np.float32, n=200)


def test_the_simplest_argument_is_a_small_number():
    found = find(strategies.arguments((0, 4)), lambda args: args[0].size == 1)
    assert found[0].shape == ()
    assert found[0] <= 1


@given(st.one_of(*[strategies.arrays(dtype=dtype) for dtype in strategies.dtypes.elements]))
def test_code_makes_the_same_array_again(x):
    again = eval(as_code(x), {"np": np})
    assert again.dtype == x.dtype
    assert again.shape == x.shape
    assert again.tobytes() == x.tobytes()


def test_code_of_containers():
    made = {"w": [np.ones(2), (1.5,)], "z": -1j, "f": np.float32(0.1)}
    code = as_code(made)
    assert code == (
        "{'w': [np.array([1.0, 1.0]), (1.5,)], 'z': complex(-0.0, -1.0), 'f': np.float32(0.1)}"
    )
    assert as_code(eval(code, {"np": np})) == code


def test_code_of_an_array_is_never_cut_short():
    x = np.arange(3000.0).reshape(2, 1500) / 7
    np.testing.assert_array_equal(eval(as_code(x), {"np": np}), x)


@given(strategies.expressions("x", "y", kinks=True), strategies.arguments((-9, 9), (-9, 9)))
def test_expressions_are_finite_differentiable_and_print_as_their_code(f, args):
    y = f(*args)
    assert np.isfinite(y).all()
    for x, g in zip(args, grad(lambda a, b: np.sum(f(a, b)), (0, 1))(*args), strict=True):
        assert np.shape(g) == x.shape
        assert np.isfinite(g).all()
    np.testing.assert_array_equal(eval(repr(f), {"np": np, "ops": ops})(*args), y)


@pytest.mark.parametrize("part", ["np.arctan(", "ops.sigmoid(", " * ", "np.sum(", "np.sqrt(", "y"])
def test_every_kind_of_expression_is_drawn(part):
    assert exists(strategies.expressions("x", "y"), lambda f: part in repr(f))


def test_expressions_with_a_kink_only_where_they_are_asked_for():
    assert exists(strategies.expressions(kinks=True), lambda f: "maximum" in f.text)
    assert not exists(strategies.expressions(), lambda f: "maximum" in f.text, n=500)
    assert not exists(strategies.expressions(kinks=True), lambda f: "floor" in f.text, n=200)


def test_an_expression_is_a_function():
    f = Expression(("x", "y"), "(x * np.sin(y))")
    assert f(2.0, 0.5) == 2.0 * np.sin(0.5)


@given(strategies.networks(kinks=True))
def test_networks_are_functions_of_their_parameters(f):
    y = f(f.parameters)
    assert y.shape == (len(f.inputs), len(f.parameters[-1][1]))
    slopes = grad(lambda parameters: np.sum(f(parameters)))(f.parameters)
    for pair, slope in zip(f.parameters, slopes, strict=True):
        assert [x.shape for x in pair] == [g.shape for g in slope]
    again = eval(repr(f), {"np": np, "Network": Network})
    np.testing.assert_array_equal(again(again.parameters), y)


def test_networks_differ_in_depth_and_activation():
    networks = strategies.networks(kinks=True)
    assert exists(networks, lambda f: len(f.parameters) == 3)
    assert exists(networks, lambda f: f.activation == "relu")
    assert not exists(strategies.networks(), lambda f: f.activation == "relu", n=200)
