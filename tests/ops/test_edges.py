"""The edges of rules: zeros, ties, infinities, branches not taken, and dtypes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.engine.primitive import PRIMITIVES
from autograd.testing import check_gradients

INF = np.inf


def gradient(f, x, g=None):
    v = Value(x)
    f(v).backward(g)
    return v.grad


# -- products, powers, norms, ties ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "expected"),
    [([2, 3, 4], [12, 8, 6]), ([2, 0, 4], [0, 8, 0]), ([0, 0, 4], [0, 0, 0]), ([0], [1])],
)
def test_prod_with_zeros(x, expected):
    x = np.array(x, dtype=float)
    assert gradient(np.prod, x).tolist() == expected
    assert gradient(lambda v: np.cumprod(v)[-1], x).tolist() == expected


@pytest.mark.slow
@given(st.lists(st.sampled_from([-2.0, 0.0, 1.5]), min_size=2, max_size=5))
def test_products_have_second_derivatives_at_zeros(x):
    check_gradients(np.prod, np.array(x))
    check_gradients(np.cumprod, np.array(x))


@pytest.mark.parametrize(
    ("x", "p", "by_x", "by_p"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 1.0, 1.0, 0.0),
        (0.0, 2.0, 0.0, 0.0),
        (-2.0, 2.0, -4.0, None),
        (-2.0, 3.0, 12.0, None),
        (4.0, 0.5, 0.25, 2 * np.log(4.0)),
    ],
)
@pytest.mark.parametrize("wrap", [float, lambda x: np.array([x])])
def test_power_at_its_edges(x, p, by_x, by_p, wrap):
    base, exponent = Value(wrap(x)), Value(wrap(p))
    (base**exponent).sum().backward()
    assert base.grad == by_x
    assert by_p is None or exponent.grad == pytest.approx(by_p)
    assert gradient(lambda v: (v**p).sum(), wrap(x)) == by_x


@pytest.mark.parametrize("wrap", [float, lambda x: np.array([x])])
def test_the_slope_of_a_power_changes_with_an_exponent_of_zero(wrap):
    x, p = Value(wrap(1.6)), Value(wrap(0.0))
    (x**p).sum().backward(create_graph=True)
    slope = x.grad  # p·x^(p-1), whose derivative by p is 1/x at p = 0
    p.zero_grad()
    slope.sum().backward()
    assert p.grad == pytest.approx(1 / 1.6)


def test_a_negative_base_with_a_broken_exponent_is_nan_as_in_numpy():
    with np.errstate(invalid="ignore"):
        assert np.isnan((Value(-8.0) ** (1 / 3)).data)


@pytest.mark.parametrize("f", [np.linalg.norm, np.std, lambda v: np.linalg.norm(v) ** 2, np.var])
@pytest.mark.parametrize("x", [np.zeros(3), np.ones(3)])
def test_norm_and_deviation_of_constants(f, x):
    found = gradient(f, x)
    expected = gradient(f, x + 1e-9) if f is np.linalg.norm and x.any() else None
    assert np.isfinite(found).all()
    if expected is not None:
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_ties_share_the_gradient():
    assert gradient(np.max, np.array([1.0, 3, 3])).tolist() == [0, 0.5, 0.5]
    assert gradient(lambda v: np.min(v, axis=0).sum(), np.ones((2, 2))).tolist() == [[0.5] * 2] * 2
    a, b = Value(2.0), Value(2.0)
    np.maximum(a, b).backward()
    assert (a.grad, b.grad) == (0.5, 0.5)


def test_an_empty_axis_is_not_all_axes():
    assert np.sum(Value([1.0, 2.0]), axis=()).shape == (2,)
    assert gradient(lambda v: np.sum(v, axis=()) @ np.array([1.0, 2.0]), np.ones(2)).tolist() == [
        1,
        2,
    ]


def test_an_einsum_that_broadcasts_gives_the_shape_of_its_input():
    v = Value(np.ones((1, 3)))
    np.einsum("ij,ij->", v, np.ones((2, 3))).backward()
    assert v.grad.tolist() == [[2, 2, 2]]


# -- branches not taken --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "safe"),
    [
        (lambda v: np.where(v > 0, np.log(v), 0.0), 0.5),
        (lambda v: np.where(v > 0, np.sqrt(v), 0.0), 0.25),
        (lambda v: np.where(v > 0, 1 / v, v), -0.0625),
        (lambda v: np.where(v > 1, v**0.5 / v, 0.0), None),
        (lambda v: np.where(v < 1, np.exp(1000 * (1 + v)) * 0.0, v), None),
        (lambda v: np.where(v > 0, np.arcsin(v / 8) / v, 1.0), None),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_branch_not_taken_gives_no_nan(f, safe):
    for wrap in (float, lambda x: np.array([x])):
        assert np.isfinite(gradient(lambda v: f(v).sum(), wrap(0.0))).all()
    both = gradient(lambda v: f(v).sum(), np.array([0.0, 4.0]))
    assert np.isfinite(both).all()
    v = Value(np.array([0.0, 4.0]))
    f(v).sum().backward(create_graph=True)
    first = v.grad
    v.zero_grad()
    first.sum().backward()
    assert np.isfinite(v.grad).all()


@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-8, -1e-4])
def test_the_slope_of_bessel_i0_keeps_its_digits_near_zero(x):
    assert gradient(np.i0, x) == pytest.approx(x / 2 + x**3 / 16, rel=1e-14, abs=0.0)


def test_a_gradient_that_is_infinite_is_not_hidden():
    with np.errstate(divide="ignore"):
        assert gradient(np.sqrt, 0.0) == INF
        assert gradient(lambda v: np.sqrt(v).sum(), np.zeros(1)).tolist() == [INF]
        assert gradient(lambda v: 1 / v, 0.0) == -INF


# -- finite at ±1000 and at −inf ------------------------------------------------------------------

FINITE = {
    "relu": autograd.relu,
    "sigmoid": autograd.sigmoid,
    "softplus": autograd.softplus,
    "gelu": autograd.gelu,
    "gelu_tanh": lambda v: autograd.gelu(v, approximate="tanh"),
    "tanh": np.tanh,
    "softmax": lambda v: autograd.softmax(np.stack([v, v * 0 + 1.0]), axis=0)[0],
    "logsumexp": lambda v: autograd.logsumexp(np.stack([v, v * 0 + 1.0]), axis=0),
    "log_softmax": lambda v: autograd.log_softmax(np.stack([v * 0 + 1.0, v]), axis=0)[0],
}


@pytest.mark.parametrize("name", FINITE)
@pytest.mark.parametrize("x", [1000.0, -1000.0, -1e300])
@pytest.mark.parametrize("wrap", [float, lambda x: np.array([x])])
def test_finite_far_out(name, x, wrap):
    v = Value(wrap(x))
    y = FINITE[name](v)
    y.backward(None if v.ndim == 0 else np.ones(1))
    assert np.isfinite(y.data).all()
    assert np.isfinite(v.grad).all()


@pytest.mark.parametrize("name", ["relu", "sigmoid", "softplus", "gelu", "gelu_tanh", "tanh"])
@pytest.mark.parametrize("wrap", [float, lambda x: np.array([x, 0.0])])
def test_finite_at_minus_infinity(name, wrap):
    v = Value(wrap(-INF))
    y = FINITE[name](v)
    y.backward(None if v.ndim == 0 else np.ones(2))
    assert np.isfinite(y.data).all()
    assert np.isfinite(v.grad).all()


def test_logits_of_minus_infinity():
    x = np.array([1.0, -INF, -INF])
    assert gradient(lambda v: autograd.softmax(v)[0], x).tolist() == [0, 0, 0]
    assert gradient(autograd.logsumexp, x).tolist() == [1, 0, 0]
    assert autograd.logsumexp(x[1:]) == -INF
    assert gradient(autograd.logsumexp, x[1:]).tolist() == [0, 0]


def test_logits_of_infinity():
    assert gradient(autograd.logsumexp, np.array([INF, 0.0])).tolist() == [1, 0]
    assert gradient(autograd.logsumexp, np.array([INF, 0.0, INF])).tolist() == [0.5, 0, 0.5]
    assert autograd.softmax(np.array([INF, 0.0])).tolist() == [1, 0]
    for f in (np.logaddexp, np.logaddexp2):
        for a, b, by_a, by_b in (
            (INF, 0.0, 1, 0),
            (INF, INF, 0.5, 0.5),
            (-INF, 0.0, 0, 1),
            (-INF, -INF, 0, 0),
            (-INF, INF, 0, 1),
        ):
            assert gradient(lambda v, f=f, b=b: f(v, b), a) == by_a
            assert gradient(lambda v, f=f, a=a: f(a, v), b) == by_b


def test_fmax_and_fmin_pass_over_nan():
    for f in (np.fmax, np.fmin):
        a, b = Value([np.nan, 2.0, np.nan]), Value([2.0, np.nan, np.nan])
        f(a, b).sum().backward()
        assert a.grad.tolist() == [0, 1, 0.5] and b.grad.tolist() == [1, 0, 0.5]
        x, y = Value(np.nan), Value(2.0)
        f(x, y).backward()
        assert (x.grad, y.grad) == (0, 1)


def test_the_slope_of_fmod_counts_whole_divisors():
    a = 3.4999999999999996  # a / 0.7 is rounded to 5, and 0.7 is taken off 4 times
    assert gradient(lambda b: np.fmod(a, b), 0.7) == -4


@given(st.floats(-30, 30))
def test_the_same_on_floats_and_arrays(x):
    for f in (autograd.relu, autograd.sigmoid, autograd.softplus, autograd.gelu, np.tanh):
        one, many = Value(x), Value([x])
        y, ys = f(one), f(many)
        y.backward()
        ys.backward(np.ones(1))
        np.testing.assert_allclose(y.data, ys.data[0], rtol=1e-13)  # erfc is SciPy's and Python's
        np.testing.assert_allclose(one.grad, many.grad[0], rtol=1e-9, atol=1e-15)


# -- scalars behave as NumPy's numbers do ---------------------------------------------------------

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e308, -1e308, 1e-308, INF, -INF, np.nan]
SCALAR = [op for op in PRIMITIVES.values() if op.scalar is not None]


@pytest.mark.parametrize("op", SCALAR, ids=lambda op: op.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_scalar_paths_agree_with_arrays(op):
    pairs = (
        [(a, b) for a in SPECIAL for b in SPECIAL]
        if len(op.domain) == 2
        else [(a,) for a in SPECIAL]
    )
    for args in pairs:
        found = op(*[Value(x) for x in args]).data
        expected = op.forward(*[np.array([x]) for x in args])[0]
        np.testing.assert_allclose(found, expected, rtol=1e-15, err_msg=f"{op.name}{args}")


# -- dtypes ----------------------------------------------------------------------------------------

FLOATING = [op for op in PRIMITIVES.values() if op.elementwise and op.vjps]


@pytest.mark.parametrize("op", FLOATING, ids=lambda op: op.name)
@pytest.mark.parametrize("shape", [(), (3,)])
def test_float32_stays_float32(op, shape):
    rng = np.random.default_rng(0)
    args = [Value(np.asarray(rng.uniform(*d, size=shape), np.float32)[()]) for d in op.domain]
    y = op(*args)
    assert y.dtype == np.float32
    y.backward(np.ones(shape, np.float32) if shape else None)
    assert all(x.grad.dtype == np.float32 and x.grad.shape == shape for x in args)


STRUCTURAL = [op for op in PRIMITIVES.values() if op.samples]


@pytest.mark.parametrize("op", STRUCTURAL, ids=lambda op: op.name)
def test_float32_stays_float32_through_structure(op):
    for args, params in op.samples(np.random.default_rng(0)):
        if any(isinstance(x, type) for x in args):
            continue  # it is told the dtype of its result
        args = [
            Value(x.astype(np.float32)) if isinstance(x, np.ndarray) and x.dtype == float else x
            for x in args
        ]
        y = op(*args, **params)
        assert np.finfo(y.dtype).dtype == np.float32  # also of complex results
        y.backward(np.ones(y.shape, np.float32) if y.shape else None)
        assert all(x.grad.dtype == np.float32 for x in args if isinstance(x, Value))


def test_the_convention_for_complex_numbers():
    z = Value(3 + 4j)
    np.abs(z).backward()
    assert z.grad == pytest.approx(0.6 - 0.8j)
    x = Value(0.5)  # real in, complex in between: the gradient is real
    np.real(np.exp(1j * x)).backward()
    assert x.grad == pytest.approx(-np.sin(0.5))


@pytest.mark.parametrize("x", [0.0, 1e-9, -0.3, 0.5, 2.0])
def test_sinc_has_derivatives_at_and_near_zero(x):
    v = Value(x)
    np.sinc(v).backward(create_graph=True)
    slope = v.grad
    v.zero_grad()
    slope.backward()
    t = (np.arange(20000) + 0.5) / 20000  # sinc x is the mean of cos πxt over t from 0 to 1
    assert slope.data == pytest.approx(-np.mean(np.pi * t * np.sin(np.pi * x * t)), abs=1e-8)
    assert v.grad == pytest.approx(-np.mean((np.pi * t) ** 2 * np.cos(np.pi * x * t)), abs=1e-7)


def test_the_sign_of_a_complex_zero_has_slope_0():
    z = Value(np.array([0j, 3 + 4j]))
    np.real(np.sign(z)).sum().backward()
    assert z.grad[0] == 0
    assert z.grad[1] != 0


@pytest.mark.parametrize("order", "CF")
def test_the_gradient_of_a_matrix_lies_in_memory_as_it_does(order):
    """That of a transposed weight need not be copied for the weight, and has the same bits."""
    rng = np.random.default_rng(0)
    x, w, g = (rng.normal(size=shape) for shape in ((3, 40, 70), (70, 50), (3, 40, 50)))
    found = PRIMITIVES["matmul"].vjps[1](g, None, x, np.asarray(w, order=order))
    assert found.flags[f"{order}_CONTIGUOUS"]
    np.testing.assert_allclose(found, x.reshape(-1, 70).T @ g.reshape(-1, 50), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_relu_of_wide_arrays_is_that_of_narrow_ones(dtype):
    narrow = np.resize(np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 1.5, -2.5], dtype), (700, 2))
    wide = np.ascontiguousarray(narrow.T)
    for x in (wide, np.asfortranarray(wide)):
        assert autograd.relu(x).tobytes("C") == autograd.relu(narrow).T.tobytes("C")
