"""Special functions and densities where their formulas are 0 · ∞, 0 / 0 or ∞ − ∞."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="autograd.scipy is an extra")

import autograd.scipy.special as sp
import autograd.scipy.stats as st
from autograd import Value, grad
from autograd.scipy.stats.distribution import Continuous

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
INF = np.inf


def by(function, place, *args, order=1):
    """Return a derivative of a function by one of its arguments, there a Value of a float."""
    f = function
    for _ in range(order):
        f = grad(f, place)
    return f(*args)


# -- special functions -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (lambda: by(sp.xlogy, 1, 0.0, 0.0), 0.0),
        (lambda: by(sp.xlog1py, 1, 0.0, -1.0), 0.0),
        (lambda: by(sp.rel_entr, 1, 0.0, 0.0), 0.0),
        (lambda: by(sp.kl_div, 1, 0.0, 0.0), 1.0),
        (lambda: grad(grad(sp.xlogy, 1), 0)(0.0, 2.0), 0.5),
        (lambda: grad(grad(sp.rel_entr, 1), 0)(0.0, 2.0), -0.5),
        (lambda: grad(grad(sp.kl_div, 1), 0)(0.0, 2.0), -0.5),
        (lambda: by(sp.gammainc, 1, 1.0, 0.0), 1.0),
        (lambda: by(sp.gammainc, 1, 2.0, 0.0, order=2), 1.0),
        (lambda: by(sp.betainc, 2, 1.0, 3.0, 0.0), 3.0),
        (lambda: by(sp.betainc, 2, 2.0, 3.0, 0.0, order=2), 12.0),
        (lambda: by(sp.poch, 0, -3.0, 2.0), -5.0),
        (lambda: by(sp.boxcox, 1, 0.0, 2.0), 0.25),
        (lambda: by(sp.boxcox, 1, 0.0, 2.0, order=2), -0.25),
        (lambda: sp.pseudo_huber(0.0, 2.0), 0.0),
        (lambda: sp.pseudo_huber(0.0, 0.0), 0.0),
        (lambda: by(sp.pseudo_huber, 1, 1.0, 0.0, order=2), 1.0),
        (lambda: sp.pseudo_huber(1.0, 1e200), 1e200),
    ],
)
def test_at_zero(found, right):
    assert found() == pytest.approx(right, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("name", "constants", "left", "right"),
    [
        ("expit", (), 0.0, 0.0),
        ("log_expit", (), 1.0, 0.0),
        ("ndtr", (), 0.0, 0.0),
        ("log_ndtr", (), INF, 0.0),
        ("erf", (), 0.0, 0.0),
        ("erfc", (), 0.0, 0.0),
        ("erfcx", (), -INF, 0.0),
        ("dawsn", (), 0.0, 0.0),
        ("exprel", (), 0.0, INF),
        ("gammainc", (2.0,), None, 0.0),
        ("gammaincc", (2.0,), None, 0.0),
        ("stdtr", (2.0,), 0.0, 0.0),
    ],
)
def test_slopes_at_infinity(name, constants, left, right):
    for x, expected in ((-INF, left), (INF, right)):
        if expected is not None:
            assert by(getattr(sp, name), len(constants), *constants, x) == expected


def test_weighted_logsumexp_at_infinity_and_of_weight_0():
    a, b = Value([INF, 0.0]), np.array([2.0, 1.0])
    sp.logsumexp(a, b=b).backward()
    assert a.grad.tolist() == [1, 0]
    b = Value([1.0, 0.0])
    sp.logsumexp(np.array([0.0, 1.0]), b=b).backward()
    assert b.grad == pytest.approx([1.0, np.e])


# -- densities and masses: at the ends of the support, where a power of 0 is one factor -----------

EDGES = [  # name, place of the argument, arguments, derivative of the density, and of its logarithm
    ("bernoulli.pmf", 1, (1, 0.0), 1.0, INF),
    ("bernoulli.pmf", 1, (0, 0.0), -1.0, -1.0),
    ("bernoulli.pmf", 1, (1, 1.0), 1.0, 1.0),
    ("bernoulli.pmf", 1, (0, 1.0), -1.0, -INF),
    ("binom.pmf", 2, (0, 3, 0.0), -3.0, -3.0),
    ("binom.pmf", 2, (1, 3, 0.0), 3.0, INF),
    ("binom.pmf", 2, (2, 3, 0.0), 0.0, INF),
    ("binom.pmf", 2, (2, 3, 1.0), -3.0, -INF),
    ("binom.pmf", 2, (3, 3, 1.0), 3.0, 3.0),
    ("geom.pmf", 1, (1, 1.0), 1.0, 1.0),
    ("geom.pmf", 1, (2, 1.0), -1.0, -INF),
    ("nbinom.pmf", 2, (0, 3.0, 1.0), 3.0, 3.0),
    ("nbinom.pmf", 2, (1, 3.0, 1.0), -3.0, -INF),
    ("poisson.pmf", 1, (0, 0.0), -1.0, -1.0),
    ("poisson.pmf", 1, (1, 0.0), 1.0, INF),
    ("poisson.pmf", 1, (2, 0.0), 0.0, INF),
    ("expon.pdf", 0, (0.0,), -1.0, -1.0),
    ("gamma.pdf", 0, (0.0, 1.0), -1.0, -1.0),
    ("gamma.pdf", 0, (0.0, 2.0), 1.0, INF),
    ("gamma.pdf", 0, (0.0, 2.5), 0.0, INF),
    ("gamma.pdf", 1, (0.0, 2.0), 0.0, -INF),
    ("chi2.pdf", 0, (0.0, 2.0), -0.25, -0.5),
    ("chi2.pdf", 0, (0.0, 4.0), 0.25, INF),
    ("chi.pdf", 0, (0.0, 1.0), 0.0, 0.0),
    ("chi.pdf", 0, (0.0, 2.0), 1.0, INF),
    ("rayleigh.pdf", 0, (0.0,), 1.0, INF),
    ("maxwell.pdf", 0, (0.0,), 0.0, INF),
    ("weibull_min.pdf", 0, (0.0, 1.0), -1.0, -1.0),
    ("weibull_min.pdf", 0, (0.0, 2.0), 2.0, INF),
    ("fisk.pdf", 0, (0.0, 1.0), -2.0, -2.0),
    ("fisk.pdf", 0, (0.0, 2.0), 2.0, INF),
    ("f.pdf", 0, (0.0, 2.0, 4.0), -1.5, -1.5),
    ("f.pdf", 0, (0.0, 4.0, 4.0), 6.0, INF),
    ("beta.pdf", 0, (0.0, 1.0, 1.0), 0.0, 0.0),
    ("beta.pdf", 0, (0.0, 1.0, 3.0), -6.0, -2.0),
    ("beta.pdf", 0, (0.0, 2.0, 3.0), 12.0, INF),
    ("beta.pdf", 0, (1.0, 2.0, 1.0), 2.0, 1.0),
    ("beta.pdf", 0, (0.0, 1000.0, 1000.0), 0.0, INF),
    ("powerlaw.pdf", 0, (0.0, 1.0), 0.0, 0.0),
    ("powerlaw.pdf", 0, (0.0, 2.0), 2.0, INF),
    ("triang.pdf", 0, (0.0, 0.5), 4.0, INF),
    ("triang.pdf", 0, (1.0, 0.5), -4.0, -INF),
    ("triang.pdf", 0, (1.0, 1.0), 2.0, 1.0),
    ("triang.pdf", 0, (0.0, 0.0), -2.0, -1.0),
    ("halfnorm.pdf", 0, (0.0,), 0.0, 0.0),
    ("halfcauchy.pdf", 0, (0.0,), 0.0, 0.0),
    ("pareto.pdf", 0, (1.0, 2.0), -6.0, -3.0),
    ("lomax.pdf", 0, (0.0, 2.0), -6.0, -3.0),
    ("uniform.pdf", 0, (0.0,), 0.0, 0.0),
    ("vonmises.pdf", 1, (0.1, 0.0), np.cos(0.1) / (2 * np.pi), np.cos(0.1)),
]


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge[0]}{edge[2]}")
@pytest.mark.parametrize("many", [False, True])
def test_slopes_of_densities_at_the_ends_of_the_support(edge, many):
    name, place, args, of_density, of_logarithm = edge
    family, method = name.split(".")
    for prefix, right in (("", of_density), ("log", of_logarithm)):
        f = getattr(getattr(st, family), prefix + method)
        point = list(args)
        v = point[place] = Value(np.array([args[place]] * 2) if many else args[place])
        np.sum(f(*point)).backward()
        np.testing.assert_allclose(v.grad, right, rtol=1e-12, atol=1e-14, err_msg=prefix)


@pytest.mark.parametrize(
    ("name", "place", "args", "right"),
    [
        ("poisson.pmf", 1, (2, 0.0), 1.0),
        ("binom.pmf", 2, (2, 3, 0.0), 6.0),
        ("gamma.pdf", 0, (0.0, 3.0), 1.0),
        ("gamma.pdf", 0, (0.0, 2.0), -2.0),
        ("maxwell.pdf", 0, (0.0,), 2 * np.sqrt(2 / np.pi)),
        ("beta.pdf", 0, (0.0, 3.0, 1.0), 6.0),
        ("vonmises.logpdf", 1, (0.1, 0.0), -0.5),
    ],
)
def test_second_derivatives_at_the_ends_of_the_support(name, place, args, right):
    family, method = name.split(".")
    assert by(getattr(getattr(st, family), method), place, *args, order=2) == pytest.approx(right)


def test_densities_of_vectors_at_zero():
    x = Value([0.0, 0.5, 0.5])
    st.dirichlet.pdf(x, [2.0, 1.0, 1.0]).backward()
    assert x.grad.tolist() == pytest.approx([6.0, 0.0, 0.0])
    p = Value([0.0, 1.0])
    st.multinomial.pmf([1, 0], 1, p).backward()
    assert p.grad.tolist() == [1, 0]
    p = Value([0.0, 1.0])
    st.multinomial.logpmf([0, 1], 1, p).backward()
    assert p.grad.tolist() == [0, 1]


# -- infinity, and what is too large for Python's floats ------------------------------------------

SHAPES = {
    "f": (3.0, 4.0),
    "beta": (2.0, 3.0),
    "triang": (0.5,),
    "truncnorm": (-1.0, 1.0),
}
CONTINUOUS = [d for d in st.DISTRIBUTIONS.values() if isinstance(d, Continuous)]


def shapes_of(d):
    return SHAPES.get(d.name, (2.0,) * len(d.shapes))


@pytest.mark.parametrize("d", CONTINUOUS, ids=repr)
@pytest.mark.parametrize("x", [INF, -INF])
def test_at_infinity_nothing_moves(d, x):
    shapes = shapes_of(d)
    methods = ["pdf", *(name for name in ("cdf", "sf") if has(d, name))]
    for method in methods:
        place, loc, scale = Value(x), Value(0.5), Value(2.0)
        y = getattr(d, method)(place, *shapes, loc, scale)
        y.backward()
        assert y.data == (method != "pdf" and (x > 0) == (method == "cdf"))
        assert [v.grad for v in (place, loc, scale)] == [0, 0, 0], method


def has(d, name):
    try:
        return bool(d.formula(name))
    except NotImplementedError:
        return False


@pytest.mark.parametrize("d", CONTINUOUS, ids=repr)
@pytest.mark.parametrize("x", [1e200, 1e-200, -1e200, 700.0, -800.0])
def test_plain_floats_do_not_raise(d, x):
    import scipy.stats

    shapes, theirs = shapes_of(d), getattr(scipy.stats, d.name)
    for method in ["pdf", *(name for name in ("cdf", "sf") if has(d, name))]:
        expected = getattr(theirs, method)(x, *shapes)
        if not np.isnan(expected):  # SciPy's of the same functions overflow
            assert getattr(d, method)(x, *shapes) == pytest.approx(expected, rel=1e-9, abs=1e-200)
        v = Value(x)
        getattr(d, method)(v, *shapes).backward()
        assert not np.isnan(v.grad), method
