"""Derivatives of statsmodels' count models and copulas beside mpmath's."""

import warnings

import mpmath as mp
import numpy as np
from statsmodels.discrete.count_model import ZeroInflatedPoisson
from statsmodels.discrete.discrete_model import NegativeBinomial, NegativeBinomialP
from statsmodels.discrete.truncated_model import (
    TruncatedLFGeneralizedPoisson,
    TruncatedLFNegativeBinomialP,
    TruncatedLFPoisson,
)
from statsmodels.distributions.copula.transforms import TransfFrank, TransfGumbel

X = np.column_stack([np.ones(8), [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0]])
Y = np.array([0, 1, 0, 2, 0, 3, 1, 4])
EXPOSURE = np.array([1.5, 2.0, 2.5, 3.0, 1.5, 2.0, 2.5, 3.0])


def linear(coefficients, row):
    return mp.fdot(coefficients, [mp.mpf(float(x)) for x in row])


def log_poisson(y, mu):
    return y * mp.log(mu) - mu - mp.loggamma(y + 1)


def negative_binomial(p):
    """The log-mass of a count whose variance is mu + alpha mu**p."""

    def log_mass(y, mu, alpha):
        size = mu ** (2 - p) / alpha
        counts = mp.loggamma(y + size) - mp.loggamma(size) - mp.loggamma(y + 1)
        return counts + size * mp.log(size / (size + mu)) + y * mp.log(mu / (size + mu))

    return log_mass


def generalized_poisson(p):
    """The log-mass of a count whose variance is mu (1 + alpha mu**(p - 1))**2."""

    def log_mass(y, mu, alpha):
        spread = 1 + alpha * mu ** (p - 1)
        rate = mu + (spread - 1) * y
        powers = mp.log(mu) + (y - 1) * mp.log(rate) - y * mp.log(spread)
        return powers - rate / spread - mp.loggamma(y + 1)

    return log_mass


def total(log_mass, counts):
    """The log-likelihood of coefficients and whatever parameters follow."""

    def loglike(*parameters):
        b, rest = parameters[:2], parameters[2:]
        return mp.fsum(
            log_mass(int(y), mp.exp(linear(b, x)), *rest) for x, y in zip(X, counts, strict=True)
        )

    return loglike


def truncated(log_mass):
    """The mass given that the count is not 0."""
    return lambda y, mu, *rest: log_mass(y, mu, *rest) - mp.log(1 - mp.exp(log_mass(0, mu, *rest)))


def zero_inflated_poisson(*parameters):
    inflation, b = parameters[:2], parameters[2:]
    terms = []
    for x, y in zip(X, Y, strict=True):
        zero, mu = 1 / (1 + mp.exp(-linear(inflation, x))), mp.exp(linear(b, x))
        mass = (1 - zero) * mp.exp(log_poisson(int(y), mu))
        terms.append(mp.log(mass + (zero if y == 0 else 0)))
    return mp.fsum(terms)


def exposed(*b):
    """The log-likelihood of a Poisson model of counts above 0, with exposures."""
    mass = truncated(log_poisson)
    rows = zip(X, Y + 1, EXPOSURE, strict=True)
    return mp.fsum(mass(int(y), mp.exp(linear(b, x)) * mp.mpf(e)) for x, y, e in rows)


def marginal_effect(*b):
    """The mean derivative of the predicted count with respect to the second column of X."""

    def mean(mu):
        return mu / (1 - mp.exp(-mu))

    return mp.fsum(b[1] * mp.exp(linear(b, x)) * mp.diff(mean, mp.exp(linear(b, x))) for x in X) / 8


def derivative(f, at, *entries):
    """A derivative of the first or second order, by differences at 40 digits."""
    at = [mp.mpf(x) for x in at]
    orders = [entries.count(i) for i in range(len(at))]
    return mp.diff(f, tuple(at), tuple(orders))


def entry(call, model, loglike, at, *entries):
    """Return a row about one entry of the score, or of the Hessian, of a model."""
    at = np.array(at)
    assert abs(model.loglike(at) - loglike(*map(mp.mpf, at))) < 1e-12
    found = model.score(at) if len(entries) == 1 else model.hessian(at)
    return f"{call}, {list(entries)}", found[entries], derivative(loglike, at, *entries)


def rows():
    """Yield (call, what statsmodels gives, what is right)."""
    b = [0.2, 0.3]
    with_alpha = [*b, 0.5]
    model, at = ZeroInflatedPoisson(Y, X, X), [0.1, -0.2, *b]
    yield entry("ZeroInflatedPoisson.hessian", model, zero_inflated_poisson, at, 0, 2)

    for p in (1.5, 3):
        model, loglike = NegativeBinomialP(Y, X, p=p), total(negative_binomial(p), Y)
        yield entry(f"NegativeBinomialP(p={p}).hessian", model, loglike, with_alpha, 0, 2)

    def in_log_alpha(b0, b1, a):
        return total(negative_binomial(2), Y)(b0, b1, mp.exp(a))

    model = NegativeBinomial(Y, X)
    yield entry("NegativeBinomial.hessian before fit()", model, in_log_alpha, with_alpha, 2, 2)

    for p in (1, 1.5):
        model = TruncatedLFNegativeBinomialP(Y + 1, X, p=p)
        loglike = total(truncated(negative_binomial(p)), Y + 1)
        yield entry(f"TruncatedLFNegativeBinomialP(p={p}).score", model, loglike, with_alpha, 0)

    for p in (1.5, 2):
        model = TruncatedLFGeneralizedPoisson(Y + 1, X, p=p)
        loglike = total(truncated(generalized_poisson(p)), Y + 1)
        yield entry(f"TruncatedLFGeneralizedPoisson(p={p}).score", model, loglike, with_alpha, 0)

    model = TruncatedLFPoisson(Y + 1, X, exposure=EXPOSURE)
    yield "TruncatedLFPoisson(exposure=...).loglike", model.loglike(np.array(b)), exposed(*b)
    yield (
        "TruncatedLFPoisson(exposure=...).score, [0]",
        model.score(np.array(b))[0],
        derivative(exposed, b, 0),
    )

    fitted = TruncatedLFPoisson(Y + 1, X).fit(disp=0)
    right = marginal_effect(*map(mp.mpf, fitted.params))
    yield "TruncatedLFPoisson.fit().get_margeff()", fitted.get_margeff().margeff[0], right

    def generator(t):
        return -mp.log(mp.expm1(-2 * t) / mp.expm1(-2))

    yield "TransfFrank().deriv(0.3, 2)", TransfFrank().deriv(0.3, 2), mp.diff(generator, 0.3)
    yield "TransfFrank().deriv2(0.3, 2)", TransfFrank().deriv2(0.3, 2), mp.diff(generator, 0.3, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = TransfGumbel().deriv2(np.array([0.3]), 1.5)[0].real
    yield "TransfGumbel().deriv2(0.3, 1.5)", found, mp.diff(lambda t: (-mp.log(t)) ** 1.5, 0.3, 2)
