"""Distributions: values as SciPy's, gradients as the differences say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="autograd.scipy is an extra")

import scipy.stats

import autograd.scipy.stats as stats
from autograd import Value
from autograd.scipy.stats.distribution import Continuous, Distribution
from autograd.testing import check_gradients

pytestmark = pytest.mark.slow

SEEDS = st.integers(0, 2**32 - 1)
few = settings(max_examples=4)  # of each of forty distributions
SHAPES = {  # the intervals that shape parameters are drawn from, where (1.2, 4) is not right
    "beta": [(1.2, 4), (1.2, 4)],
    "f": [(1, 6), (4.5, 9)],
    "lognorm": [(0.6, 1)],
    "skewnorm": [(-3, 3)],
    "triang": [(0.05, 0.1)],
    "truncnorm": [(-2, 0.5), (1, 3)],
    "bernoulli": [(0.1, 0.9)],
    "binom": [(5, 9), (0.1, 0.9)],
    "geom": [(0.1, 0.9)],
    "nbinom": [(1.2, 4), (0.1, 0.9)],
    "betabinom": [(5, 9), (1.2, 4), (1.2, 4)],
}
ALL = [d for d in stats.DISTRIBUTIONS.values() if isinstance(d, Distribution)]
CONTINUOUS = [d for d in ALL if isinstance(d, Continuous)]
DISCRETE = [d for d in ALL if not isinstance(d, Continuous)]
# cdfs of these have no derivative in the shape: they are special functions of it
TABULATED = "t gamma chi2 chi f invgamma beta loggamma binom nbinom poisson".split()


def draw(d, seed):
    """Parameters and places: the whole range of probabilities, and a place outside."""
    rng = np.random.default_rng(seed)
    shapes = [rng.uniform(*ends) for ends in SHAPES.get(d.name, [(1.2, 4)] * len(d.shapes))]
    if d.name in ("binom", "betabinom"):
        shapes[0] = round(shapes[0])
    theirs = getattr(scipy.stats, d.name)
    if d in DISCRETE:
        return rng, theirs, shapes, theirs.ppf(rng.uniform(0.15, 0.9, 4), *shapes)
    location = [rng.normal(), rng.uniform(0.5, 2)]
    x = theirs.ppf(rng.uniform(0.15, 0.9, 4), *shapes, *location)
    return rng, theirs, [*shapes, *location], x


def ours(d, name):
    try:
        return getattr(d, name) if d.formula(name.replace("log", "")) else None
    except NotImplementedError:
        return None


@pytest.mark.parametrize("d", ALL, ids=repr)
@few
@given(seed=SEEDS)
def test_values_are_scipys(d, seed):
    _, theirs, params, x = draw(d, seed)
    x = np.append(x, [x.min() - 40, x.max() + 40, x[0] + 0.5, np.nan])
    names = ["pdf", "logpdf"] if d in CONTINUOUS else ["pmf", "logpmf"]
    names += [name for name in ("cdf", "sf", "logcdf", "logsf") if ours(d, name)]
    for name in names:
        with np.errstate(all="ignore"):
            expected = getattr(theirs, name)(x, *params)
        found = getattr(d, name)(x, *params)
        lost = np.logical_and(expected == -np.inf, found < -700)  # SciPy took log(0)
        expected = np.where(lost, found, expected)
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-12, err_msg=name)
        if name in names[:2]:
            traced = getattr(d, name)(Value(x), *map(Value, params))
            np.testing.assert_allclose(traced.data, found, rtol=1e-12)
    bad = [*params[:-1], -1.0]
    assert np.isnan(getattr(d, names[0])(x[0], *bad))
    if "entropy" in d.formulas:
        np.testing.assert_allclose(d.entropy(*params), theirs.entropy(*params), rtol=1e-7)
    if "ppf" in d.formulas:
        q = np.array([0.01, 0.4, 0.6, 0.99])
        np.testing.assert_allclose(d.ppf(q, *params), theirs.ppf(q, *params), rtol=1e-7)
        assert np.isnan(d.ppf(q, *bad)).all()


@pytest.mark.parametrize("d", CONTINUOUS, ids=repr)
@few
@given(seed=SEEDS)
def test_gradients_of_densities(d, seed):
    _, _, params, x = draw(d, seed)
    check_gradients(d.logpdf, x, *params, order=1)
    check_gradients(d.pdf, x[0].item(), *params, order=1)


@pytest.mark.parametrize("d", ALL, ids=repr)
def test_second_derivatives_of_densities(d):
    _, _, params, x = draw(d, 0)
    if d in CONTINUOUS:
        check_gradients(d.logpdf, x, *params)
    else:
        check_gradients(lambda *params: d.logpmf(x, *params), *params)


@pytest.mark.parametrize("d", ALL, ids=repr)
@few
@given(seed=SEEDS)
def test_gradients_of_probabilities(d, seed):
    _, _, params, x = draw(d, seed)
    shapes = params[: len(d.shapes)]
    fixed = shapes if d.name in TABULATED else []
    if d.name in ("binom", "nbinom"):
        fixed = shapes[:1]
    if d.name == "poisson":
        fixed = []
    free = params[len(fixed) :]
    for name in ("cdf", "sf", "logcdf", "logsf"):
        f = ours(d, name)
        if f and d in CONTINUOUS:
            check_gradients(lambda x, *free, f=f: f(x, *fixed, *free), x, *free, order=1)
        elif f:
            high = (d.support(*params) if callable(d.support) else d.support)[1]
            inner = x[x < high]
            check_gradients(lambda *free, f=f, x=inner: f(x, *fixed, *free), *free, order=1)


@pytest.mark.parametrize("d", DISCRETE, ids=repr)
@few
@given(seed=SEEDS)
def test_gradients_of_masses(d, seed):
    _, _, params, k = draw(d, seed)
    free = [i for i in range(len(params)) if isinstance(params[i], float)]

    def f(*moving):
        full = list(params)
        for i, value in zip(free, moving, strict=True):
            full[i] = value
        return d.logpmf(k, *full)

    check_gradients(f, *[params[i] for i in free], order=1)


@pytest.mark.parametrize("name", ["ppf", "entropy"])
@pytest.mark.parametrize("d", ALL, ids=repr)
def test_gradients_of_quantiles_and_entropies(d, name):
    if name not in d.formulas:
        return
    _, _, params, _ = draw(d, 1)
    fixed = params[: len(d.shapes)] if name == "ppf" and d.name in TABULATED else []
    args = [*([0.3] if name == "ppf" else []), *params[len(fixed) :]]
    place = 1 if name == "ppf" else 0
    f = getattr(d, name)
    check_gradients(lambda *free: f(*free[:place], *fixed, *free[place:]), *args, order=1)


def test_outside_the_support_the_gradient_is_zero():
    for x in (-1.0, -0.5):
        rate, place = Value(2.0), Value(x)
        stats.gamma.cdf(place, 1.5, 0.0, rate).backward()
        assert (rate.grad, place.grad) == (0.0, 0.0)
        stats.gamma.pdf(place, 1.5, 0.0, rate).backward()
        assert (rate.grad, place.grad) == (0.0, 0.0)


def test_tails_keep_their_digits():
    assert stats.norm.logcdf(-40.0) == pytest.approx(scipy.stats.norm.logcdf(-40.0), rel=1e-12)
    v = Value(-40.0)
    stats.norm.logcdf(v).backward()
    assert v.grad == pytest.approx(40.02, abs=0.01)
    assert stats.expon.sf(800.0) == scipy.stats.expon.sf(800.0)
    assert stats.truncnorm.logpdf(30.5, 30.0, 31.0) == pytest.approx(
        scipy.stats.truncnorm.logpdf(30.5, 30.0, 31.0), rel=1e-9
    )


def test_an_interval_upside_down_has_no_distribution():
    assert np.isnan(stats.truncnorm.pdf(0.5, 1.0, 0.0))


def test_float32_stays_float32():
    x = Value(np.array([0.5, 1.0], np.float32))
    for d in CONTINUOUS:
        shapes = [sum(ends) / 2 for ends in SHAPES.get(d.name, [(1.2, 4)] * len(d.shapes))]
        assert d.logpdf(x, *shapes).dtype == np.float32, d


def test_parameters_go_by_name_and_can_be_frozen():
    x, scale = np.array([0.5, 1.0]), Value(2.0)
    expected = scipy.stats.gamma.logpdf(x, 1.5, scale=2.0)
    assert stats.gamma.logpdf(x, a=1.5, scale=scale).data == pytest.approx(expected)
    assert stats.gamma(1.5, scale=scale).logpdf(x).data == pytest.approx(expected)
    assert stats.norm.logpdf([Value(0.5), 1.0]).data == pytest.approx(scipy.stats.norm.logpdf(x))
    with pytest.raises(TypeError, match="gamma takes the parameters a, loc, scale"):
        stats.gamma.logpdf(x)
    with pytest.raises(TypeError, match=r"but got 4 by position"):
        stats.norm.logpdf(x, 1, 2, 3, 4)


def test_what_has_no_derivative_is_scipys_and_refuses_values():
    assert stats.norm.rvs(size=3, random_state=0).shape == (3,)
    assert stats.norm(2.0, 1e-9).rvs(random_state=0) == pytest.approx(2.0)
    assert stats.norm.mean(3.0) == 3.0
    assert stats.zscore(np.array([1.0, 3.0])).tolist() == [-1, 1]
    with pytest.raises(TypeError, match=r"scipy.stats.norm.mean has no derivative"):
        stats.norm.mean(Value(3.0))
    with pytest.raises(TypeError, match=r"scipy.stats.zscore has no derivative"):
        stats.zscore(Value([3.0]))
    assert stats.nakagami.pdf(1.0, 2.0) == scipy.stats.nakagami.pdf(1.0, 2.0)
    with pytest.raises(TypeError, match=r"scipy.stats.nakagami.pdf has no derivative"):
        stats.nakagami.pdf(Value(1.0), 2.0)
    with pytest.raises(AttributeError, match="'nothing'"):
        _ = stats.norm.nothing
    with pytest.raises(NotImplementedError, match="vonmises has no differentiable cdf"):
        stats.vonmises.cdf(0.0, 1.0)
    with pytest.raises(NotImplementedError, match="gammainc has no derivative in argument 1"):
        stats.gamma.cdf(1.0, Value(2.0))


def test_distributions_can_be_imported_as_modules():
    import autograd.scipy.stats.multivariate_normal as mvn
    import autograd.scipy.stats.norm as normal

    from autograd.scipy.stats import t

    assert (mvn, normal, t) == (stats.multivariate_normal, stats.norm, stats.t)


# -- vectors -------------------------------------------------------------------------------------


def covariance(rng, d):
    a = rng.normal(size=(d, d))
    return a @ a.T + np.eye(d)


@given(seed=SEEDS, d=st.integers(1, 4), n=st.sampled_from([(), (5,), (2, 3)]))
def test_multivariate_normal(seed, d, n):
    rng = np.random.default_rng(seed)
    x, mean, cov = rng.normal(size=(*n, d)), rng.normal(size=d), covariance(rng, d)
    mvn, theirs = stats.multivariate_normal, scipy.stats.multivariate_normal
    for args in ((), (mean,), (mean, cov), (mean, 2.0), (mean, np.diag(cov))):
        if args or d == 1:
            place = x if args else x.ravel()
            expected = theirs.logpdf(place, *args)
            np.testing.assert_allclose(mvn.logpdf(place, *args), expected, rtol=1e-9)
    np.testing.assert_allclose(mvn.entropy(mean, cov), theirs.entropy(mean, cov))
    check_gradients(mvn.logpdf, x, mean, cov, order=1)
    check_gradients(mvn.pdf, x, mean, cov, order=1)
    check_gradients(lambda cov: mvn.entropy(mean, cov), cov, order=1)


def test_a_singular_covariance():
    cov, x, mean = np.diag([1.0, 2.0, 0.0]), np.array([0.3, -0.2, 0.0]), np.zeros(3)
    expected = scipy.stats.multivariate_normal.logpdf(x, mean, cov, allow_singular=True)
    found = stats.multivariate_normal.logpdf(x, mean, cov, allow_singular=True)
    assert found == pytest.approx(expected)
    v = Value(x)
    stats.multivariate_normal.logpdf(v, mean, cov, allow_singular=True).backward()
    assert v.grad == pytest.approx([-0.3, 0.1, 0.0])
    with pytest.raises(np.linalg.LinAlgError, match="allow_singular"):
        stats.multivariate_normal.logpdf(x, mean, cov)
    with pytest.raises(TypeError, match="no derivative in a covariance"):
        stats.multivariate_normal.logpdf(x, mean, Value(cov), allow_singular=True)
    with pytest.raises(ValueError, match="vectors of 2 entries"):
        stats.multivariate_normal.logpdf(x[:2], mean, np.eye(3))


@given(seed=SEEDS)
def test_dirichlet(seed):
    rng = np.random.default_rng(seed)
    alpha = rng.uniform(0.6, 4, 4)
    x = rng.dirichlet(np.ones(4) * 3)
    d, theirs = stats.dirichlet, scipy.stats.dirichlet
    for place in (x, x[:3], np.stack([x, x[::-1]], axis=1)):
        np.testing.assert_allclose(d.logpdf(place, alpha), theirs.logpdf(place, alpha), rtol=1e-9)
    np.testing.assert_allclose(d.entropy(alpha), theirs.entropy(alpha), rtol=1e-7)
    check_gradients(lambda x, alpha: d.logpdf(x / np.sum(x), alpha), x, alpha, order=1)
    check_gradients(lambda alpha: d.pdf(x, alpha), alpha, order=1)
    check_gradients(d.entropy, alpha, order=1)
    with pytest.raises(ValueError, match="add up to 1"):
        d.logpdf(x * 2, alpha)


@given(seed=SEEDS)
def test_multinomial(seed):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(3) * 3)
    x = rng.multinomial(7, p, size=4)
    x[-1] += 1  # eight of seven: impossible
    found = stats.multinomial.logpmf(x, 7, p)
    np.testing.assert_allclose(found, scipy.stats.multinomial.logpmf(x, 7, p), rtol=1e-9)
    check_gradients(lambda p: stats.multinomial.pmf(x, 7, p), p, order=1)
