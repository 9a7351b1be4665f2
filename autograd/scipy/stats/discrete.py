"""Discrete distributions: formulas of `k`, with loc 0.

All are in Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005).
"""

import numpy as np

from autograd.scipy.special import (
    betainc,
    betaln,
    entr,
    gammainc,
    gammaincc,
    gammaln,
    log_betainc,
    log_gammainc,
    log_gammaincc,
    xlog1py,
)
from autograd.scipy.stats.arguments import INF, all_positive, log_or_rest, power, power_of_rest
from autograd.scipy.stats.distribution import Discrete


def _probability(p):
    return np.logical_and(p >= 0, p <= 1)


def _log_choose(n, k):
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


poisson = Discrete(
    "poisson",
    "mu",
    lambda k, mu: -mu - gammaln(k + 1),
    powers=lambda k, mu: [power(mu, k)],
    support=(0.0, INF),
    valid=lambda mu: mu >= 0,
    cdf=lambda k, mu: gammaincc(k + 1, mu),
    sf=lambda k, mu: gammainc(k + 1, mu),
    logcdf=lambda k, mu: log_gammaincc(k + 1, mu),
    logsf=lambda k, mu: log_gammainc(k + 1, mu),
)
bernoulli = Discrete(
    "bernoulli",
    "p",
    lambda k, p: 0.0 * k,
    powers=lambda k, p: [power(p, k), power_of_rest(p, 1 - k)],
    support=(0.0, 1.0),
    valid=_probability,
    sf=lambda k, p: p + 0 * k,
    entropy=lambda p: entr(p) + entr(1 - p),
)
binom = Discrete(
    "binom",
    "n p",
    lambda k, n, p: _log_choose(n, k),
    powers=lambda k, n, p: [power(p, k), power_of_rest(p, n - k)],
    support=lambda n, p: (0.0, n),
    valid=lambda n, p: np.logical_and(n >= 0, _probability(p)),
    cdf=lambda k, n, p: betainc(n - k, k + 1, 1 - p),
    sf=lambda k, n, p: betainc(k + 1, n - k, p),
    logcdf=lambda k, n, p: log_or_rest(log_betainc(n - k, k + 1, 1 - p), betainc(k + 1, n - k, p)),
    logsf=lambda k, n, p: log_or_rest(log_betainc(k + 1, n - k, p), betainc(n - k, k + 1, 1 - p)),
)
geom = Discrete(
    "geom",
    "p",
    lambda k, p: np.log(p),
    powers=lambda k, p: [power_of_rest(p, k - 1)],
    support=(1.0, INF),
    valid=lambda p: np.logical_and(p > 0, p <= 1),
    cdf=lambda k, p: -np.expm1(xlog1py(k, -p)),
    sf=lambda k, p: np.exp(xlog1py(k, -p)),
    logsf=lambda k, p: xlog1py(k, -p),
    entropy=lambda p: (entr(p) + entr(1 - p)) / p,
)
nbinom = Discrete(
    "nbinom",
    "n p",
    lambda k, n, p: gammaln(k + n) - gammaln(n) - gammaln(k + 1),
    powers=lambda k, n, p: [power(p, n), power_of_rest(p, k)],
    support=(0.0, INF),
    valid=lambda n, p: np.logical_and(n > 0, np.logical_and(p > 0, p <= 1)),
    cdf=lambda k, n, p: betainc(n, k + 1, p),
    sf=lambda k, n, p: betainc(k + 1, n, 1 - p),
    logcdf=lambda k, n, p: log_or_rest(log_betainc(n, k + 1, p), betainc(k + 1, n, 1 - p)),
    logsf=lambda k, n, p: log_or_rest(log_betainc(k + 1, n, 1 - p), betainc(n, k + 1, p)),
)
betabinom = Discrete(
    "betabinom",
    "n a b",
    lambda k, n, a, b: _log_choose(n, k) + betaln(k + a, n - k + b) - betaln(a, b),
    support=lambda n, a, b: (0.0, n),
    valid=lambda n, a, b: np.logical_and(n >= 0, all_positive(a, b)),
)
