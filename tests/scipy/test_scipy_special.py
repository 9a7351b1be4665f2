"""scipy.special: values as SciPy's; the rows' gradients are tested with all others."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="autograd.scipy is an extra")

import scipy.special

import autograd
import autograd.scipy.special as ours
from autograd import Value
from autograd.testing import check_gradients

pytestmark = pytest.mark.slow

SEEDS = st.integers(0, 2**32 - 1)


def test_scipys_ufuncs_take_values():
    v = Value([0.25, 0.5])
    for name in "erf erfc gamma gammaln psi expit logit ndtr log_ndtr j0 i1 entr xlogy".split():
        function = getattr(scipy.special, name)
        y = function(*[v] * function.nin)
        np.testing.assert_allclose(y.data, function(*[v.data] * function.nin), rtol=1e-14)
        assert y.op is not None
    y = scipy.special.jv(2, v)
    y.backward(np.ones(2))
    np.testing.assert_allclose(v.grad, scipy.special.jvp(2, v.data))


def test_what_has_no_derivative_says_so():
    with pytest.raises(NotImplementedError, match="jv has no derivative in argument 1"):
        scipy.special.jv(Value(1.0), 2.0)
    with pytest.raises(NotImplementedError, match="betainc has no derivative in argument 2"):
        ours.betainc(1.0, Value(1.0), 0.5)
    with pytest.raises(TypeError, match=r"scipy.special.airy has no derivative rule"):
        ours.airy(Value(1.0))
    with pytest.raises(TypeError, match=r"write `import autograd.scipy.special` first"):
        scipy.special.airy(Value(1.0))
    with pytest.raises(AttributeError, match=r"scipy.special has no 'nothing'"):
        _ = ours.nothing
    assert ours.airy(0.0)[0] == scipy.special.airy(0.0)[0]


def test_orders_can_be_arrays_and_are_kept():
    v, orders = Value([1.0, 2.0]), np.array([1.0, 2.0])
    y = ours.jv(orders, v)
    orders += 5
    y.backward(np.ones(2))
    np.testing.assert_allclose(v.grad, [scipy.special.jvp(1, 1.0), scipy.special.jvp(2, 2.0)])


@given(seed=SEEDS, axis=st.sampled_from([None, 0, 1, (0, 1)]), keepdims=st.booleans())
def test_logsumexp(seed, axis, keepdims):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 3)), rng.uniform(0.1, 2, size=(2, 3))
    options = {"axis": axis, "keepdims": keepdims}
    for weights in (None, b, 2.0, b[:1]):
        expected = scipy.special.logsumexp(a, b=weights, **options)
        np.testing.assert_allclose(ours.logsumexp(a, b=weights, **options), expected)
        check_gradients(lambda a, w=weights: ours.logsumexp(a, b=w, **options), a, order=1)
    check_gradients(lambda a, b: ours.logsumexp(a, b=b, **options), a, b, modes=("reverse",))
    signed = b * np.sign(rng.normal(size=b.shape))
    expected = scipy.special.logsumexp(a, b=signed, return_sign=True, **options)
    found = ours.logsumexp(Value(a), b=signed, return_sign=True, **options)
    for ours_, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(getattr(ours_, "data", ours_), theirs, rtol=1e-8, atol=1e-10)


def test_logsumexp_does_not_overflow_and_leaves_out_what_weighs_nothing():
    a = Value([1000.0, 1000.0, 5000.0])
    y = ours.logsumexp(a, b=np.array([1.0, 3.0, 0.0]))
    assert y.data == pytest.approx(1000 + np.log(4))
    y.backward()
    assert a.grad == pytest.approx([0.25, 0.75, 0.0])
    x = Value(1.0)
    assert ours.logsumexp([x, 1.0]).data == pytest.approx(1 + np.log(2))


@given(seed=SEEDS, axis=st.sampled_from([None, 0, 1]))
def test_softmax(seed, axis):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2, 3))
    for name in ("softmax", "log_softmax"):
        f, theirs = getattr(ours, name), getattr(scipy.special, name)
        np.testing.assert_allclose(f(x, axis=axis), theirs(x, axis=axis))
        check_gradients(lambda x, f=f: f(x, axis=axis), x, order=1)


@given(seed=SEEDS)
def test_functions_made_of_others(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(3, 6, size=3)
    for f, theirs, args in [
        (ours.factorial, scipy.special.factorial, [x]),
        (ours.comb, scipy.special.comb, [x, x / 2]),
        (lambda a: ours.multigammaln(a, 3), lambda a: scipy.special.multigammaln(a, 3), [x]),
        (ours.huber, scipy.special.huber, [2.0, x * np.array([0.1, 1, -1])]),
        (ours.pseudo_huber, scipy.special.pseudo_huber, [2.0, x]),
    ]:
        np.testing.assert_allclose(f(*args), theirs(*args), rtol=1e-12)
        check_gradients(f, *args, order=1)
    assert ours.factorial(np.array([-1.0, 3.0])).tolist() == [0, 6]
    assert ours.comb(5, 2) == 10 and ours.comb(2, 5) == 0


def test_erf_of_arrays_is_scipys():
    x = np.linspace(-4, 4, 101)
    assert np.array_equal(autograd.erf(x), scipy.special.erf(x))
    z = np.array([0.3 + 0.4j, -1 + 0.1j])
    check_gradients(autograd.erf, z)


def test_rooms_open_when_they_are_entered():
    program = """
import sys, autograd.scipy
assert "autograd.scipy.stats" not in sys.modules
assert autograd.scipy.stats.norm.logpdf(0.0) < 0
assert "scipy.stats" not in sys.modules
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
    with pytest.raises(AttributeError, match="no 'spatial'"):
        _ = autograd.scipy.spatial


def test_scipy_is_imported_where_it_is_used_only():
    program = "import sys, autograd; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_without_scipy_the_error_names_the_extra():
    program = """
import sys
sys.modules["scipy"] = None
import numpy as np
from autograd import erf
from autograd.testing import check_gradients
assert abs(erf(np.array([1, 2])) - [0.8427007929, 0.9953222650]).max() < 1e-9
assert erf(np.ones(2, np.float32)).dtype == np.float32
try:
    import autograd.scipy.special
except ImportError as error:
    assert "pip install 'chainrule[scipy]'" in str(error), error
else:
    sys.exit("no error")
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_what_is_too_large_for_half_precision_is_infinite_in_it():
    check_gradients(ours.erfcx, np.array(-2.75, np.float16), order=2)  # 282,284.8 in double


def test_xlog1py_of_small_complex_numbers():
    check_gradients(ours.xlog1py, np.array(0j), np.array(1.4901161193847656e-08j), order=1)


def test_zeta_without_its_last_argument_is_a_function_of_the_other_one():
    assert ours.zeta(2.5) == scipy.special.zeta(2.5)
    with pytest.raises(NotImplementedError, match="zeta has no derivative in argument 1"):
        ours.zeta(Value(2.5))
