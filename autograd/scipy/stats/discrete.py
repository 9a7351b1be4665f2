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
    xlog1py,
    xlogy,
)
from autograd.scipy.stats.arguments import INF, all_positive
from autograd.scipy.stats.distribution import Discrete


def _probability(p):
    return np.logical_and(p >= 0, p <= 1)


def _log_choose(n, k):
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


poisson = Discrete(
    "poisson",
    "mu",
    lambda k, mu: xlogy(k, mu) - mu - gammaln(k + 1),
    support=(0.0, INF),
    valid=lambda mu: mu >= 0,
    cdf=lambda k, mu: gammaincc(k + 1, mu),
    sf=lambda k, mu: gammainc(k + 1, mu),
)
bernoulli = Discrete(
    "bernoulli",
    "p",
    lambda k, p: xlogy(k, p) + xlog1py(1 - k, -p),
    support=(0.0, 1.0),
    valid=_probability,
    sf=lambda k, p: p + 0 * k,
    entropy=lambda p: entr(p) + entr(1 - p),
)
binom = Discrete(
    "binom",
    "n p",
    lambda k, n, p: _log_choose(n, k) + xlogy(k, p) + xlog1py(n - k, -p),
    support=lambda n, p: (0.0, n),
    valid=lambda n, p: np.logical_and(n >= 0, _probability(p)),
    cdf=lambda k, n, p: betainc(n - k, k + 1, 1 - p),
    sf=lambda k, n, p: betainc(k + 1, n - k, p),
)
geom = Discrete(
    "geom",
    "p",
    lambda k, p: xlog1py(k - 1, -p) + np.log(p),
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
    lambda k, n, p: gammaln(k + n) - gammaln(n) - gammaln(k + 1) + xlogy(n, p) + xlog1py(k, -p),
    support=(0.0, INF),
    valid=lambda n, p: np.logical_and(n > 0, np.logical_and(p > 0, p <= 1)),
    cdf=lambda k, n, p: betainc(n, k + 1, p),
    sf=lambda k, n, p: betainc(k + 1, n, 1 - p),
)
betabinom = Discrete(
    "betabinom",
    "n a b",
    lambda k, n, a, b: _log_choose(n, k) + betaln(k + a, n - k + b) - betaln(a, b),
    support=lambda n, a, b: (0.0, n),
    valid=lambda n, a, b: np.logical_and(n >= 0, all_positive(a, b)),
)
