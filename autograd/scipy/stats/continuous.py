"""Continuous distributions: formulas in standard form.

All are in Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions (1994).
"""

import math

import numpy as np

from autograd.engine.primitive import elementwise
from autograd.scipy.special import (
    betainc,
    betaincinv,
    betaln,
    cosm1,
    erf,
    expit,
    exprel,
    gammainc,
    gammaincc,
    gammainccinv,
    gammaincinv,
    gammaln,
    i0e,
    i1e,
    log1p_square,
    log_betainc,
    log_expit,
    log_gammainc,
    log_gammaincc,
    log_i0_less_x,
    log_ndtr,
    logit,
    ndtr,
    ndtri,
    psi,
    stdtr,
    xlogy,
)
from autograd.scipy.stats.arguments import INF, log_of_part, log_or_rest, power, power_of_rest
from autograd.scipy.stats.distribution import Continuous

LOG_ROOT_2PI = math.log(2 * math.pi) / 2
EULER = float(np.euler_gamma)
POSITIVE = (0.0, INF)
OPEN = (float(np.finfo(float).tiny), INF)  # without 0, where the formula is undefined
UNIT = (0.0, 1.0)

# -- on the whole line -------------------------------------------------------------------------


_normal = elementwise("log_normal_density", lambda z: -0.5 * z * z - LOG_ROOT_2PI, lambda y, z: -z)

norm = Continuous(
    "norm",
    "",
    _normal,
    cdf=ndtr,
    sf=lambda z: ndtr(-z),
    logcdf=log_ndtr,
    logsf=lambda z: log_ndtr(-z),
    ppf=ndtri,
    entropy=lambda: LOG_ROOT_2PI + 0.5,
)
t = Continuous(
    "t",
    "df",
    lambda z, df: (
        -(df + 1) / 2 * log1p_square(z / np.sqrt(df)) - betaln(df / 2, 0.5) - np.log(df) / 2
    ),
    cdf=lambda z, df: stdtr(df, z),
    sf=lambda z, df: stdtr(df, -z),
    logcdf=lambda z, df: _log_student(z, df),
    logsf=lambda z, df: _log_student(-z, df),
    entropy=lambda df: (
        (df + 1) / 2 * (psi((df + 1) / 2) - psi(df / 2)) + np.log(df) / 2 + betaln(df / 2, 0.5)
    ),
)


def _log_student(z, df):
    """Return the logarithm of Student's cdf, far out in its lower tail of half a beta's."""
    far = z * z > 9 * df
    tail = np.where(np.logical_and(far, z < 0), z, -3 * np.sqrt(df))
    lower = log_betainc(df / 2, 0.5, 1 / (1 + tail * tail / df)) - math.log(2)
    return np.where(np.logical_and(far, z < 0), lower, log_of_part(stdtr(df, z), stdtr(df, -z)))


cauchy = Continuous(
    "cauchy",
    "",
    lambda z: -log1p_square(z) - math.log(math.pi),
    cdf=lambda z: np.arctan2(1.0, -z) / math.pi,
    sf=lambda z: np.arctan2(1.0, z) / math.pi,
    ppf=lambda q: np.tan(math.pi * (q - 0.5)),
    entropy=lambda: math.log(4 * math.pi),
)
laplace = Continuous(
    "laplace",
    "",
    lambda z: -np.abs(z) - math.log(2),
    cdf=lambda z: _laplace(z, z < 0),
    sf=lambda z: _laplace(-z, z > 0),
    logcdf=lambda z: _log_laplace(z, z < 0),
    logsf=lambda z: _log_laplace(-z, z > 0),
    ppf=lambda q: np.where(q < 0.5, np.log(2 * q), -np.log(2 * (1 - q))),
    entropy=lambda: 1 + math.log(2),
)


def _laplace(z, lower):
    tail = np.exp(-np.abs(z)) / 2
    return np.where(lower, tail, 1 - tail)


def _log_laplace(z, lower):
    return np.where(lower, z - math.log(2), np.log1p(-np.exp(-np.abs(z)) / 2))


def _log_of_complement(log_u, u):
    """Return log(1 − e^−u), of a small u by its logarithm."""
    small = u < 1
    low = log_u + np.log(exprel(-np.where(small, u, 1.0)))
    return np.where(small, low, np.log1p(-np.exp(-np.where(small, 1.0, u))))


logistic = Continuous(
    "logistic",
    "",
    lambda z: log_expit(z) + log_expit(-z),
    cdf=expit,
    sf=lambda z: expit(-z),
    logcdf=log_expit,
    logsf=lambda z: log_expit(-z),
    ppf=logit,
    entropy=lambda: 2.0,
)


def _large(z):
    """Return e^z, but no more than what is as good as infinite, with the slope 0 from there on."""
    return np.exp(np.minimum(z, 80.0))


gumbel_r = Continuous(
    "gumbel_r",
    "",
    lambda z: -z - np.exp(-z),
    cdf=lambda z: np.exp(-_large(-z)),
    sf=lambda z: -np.expm1(-_large(-z)),
    logcdf=lambda z: -np.exp(-z),
    logsf=lambda z: _log_of_complement(-z, np.exp(-z)),
    ppf=lambda q: -np.log(-np.log(q)),
    entropy=lambda: 1 + EULER,
)
gumbel_l = Continuous(
    "gumbel_l",
    "",
    lambda z: z - np.exp(z),
    cdf=lambda z: -np.expm1(-_large(z)),
    sf=lambda z: np.exp(-_large(z)),
    logcdf=lambda z: _log_of_complement(z, np.exp(z)),
    logsf=lambda z: -np.exp(z),
    ppf=lambda q: np.log(-np.log1p(-q)),
    entropy=lambda: 1 + EULER,
)
skewnorm = Continuous(
    "skewnorm",
    "a",
    lambda z, a: _normal(z) + log_ndtr(a * z) + math.log(2),
    valid=np.isfinite,
)
loggamma = Continuous(
    "loggamma",
    "c",
    lambda z, c: c * z - np.exp(z) - gammaln(c),
    cdf=lambda z, c: gammainc(c, _large(z)),
    sf=lambda z, c: gammaincc(c, _large(z)),
    logcdf=lambda z, c: log_gammainc(c, np.exp(z)),
    logsf=lambda z, c: log_gammaincc(c, np.exp(z)),
)
vonmises = Continuous(
    "vonmises",
    "kappa",
    lambda z, kappa: kappa * cosm1(z) - log_i0_less_x(kappa) - 2 * LOG_ROOT_2PI,
    valid=lambda kappa: kappa >= 0,
    entropy=lambda kappa: (
        2 * LOG_ROOT_2PI + log_i0_less_x(kappa) + kappa * (1 - i1e(kappa) / i0e(kappa))
    ),
)

# -- of positive numbers -----------------------------------------------------------------------

expon = Continuous(
    "expon",
    "",
    lambda z: -z,
    support=POSITIVE,
    cdf=lambda z: -np.expm1(-z),
    sf=lambda z: np.exp(-z),
    logsf=lambda z: -z,
    ppf=lambda q: -np.log1p(-q),
    entropy=lambda: 1.0,
)
gamma = Continuous(
    "gamma",
    "a",
    lambda z, a: -z - gammaln(a),
    powers=lambda z, a: [power(z, a - 1)],
    support=POSITIVE,
    cdf=lambda z, a: gammainc(a, z),
    sf=lambda z, a: gammaincc(a, z),
    logcdf=lambda z, a: log_gammainc(a, z),
    logsf=lambda z, a: log_gammaincc(a, z),
    ppf=lambda q, a: gammaincinv(a, q),
    entropy=lambda a: a + gammaln(a) + (1 - a) * psi(a),
)
chi2 = Continuous(
    "chi2",
    "df",
    lambda z, df: -z / 2 - gammaln(df / 2) - df / 2 * math.log(2),
    powers=lambda z, df: [power(z, df / 2 - 1)],
    support=POSITIVE,
    cdf=lambda z, df: gammainc(df / 2, z / 2),
    sf=lambda z, df: gammaincc(df / 2, z / 2),
    logcdf=lambda z, df: log_gammainc(df / 2, z / 2),
    logsf=lambda z, df: log_gammaincc(df / 2, z / 2),
    ppf=lambda q, df: 2 * gammaincinv(df / 2, q),
    entropy=lambda df: df / 2 + math.log(2) + gammaln(df / 2) + (1 - df / 2) * psi(df / 2),
)
chi = Continuous(
    "chi",
    "df",
    lambda z, df: -z * z / 2 - gammaln(df / 2) + (1 - df / 2) * math.log(2),
    powers=lambda z, df: [power(z, df - 1)],
    support=POSITIVE,
    cdf=lambda z, df: gammainc(df / 2, z * z / 2),
    sf=lambda z, df: gammaincc(df / 2, z * z / 2),
    logcdf=lambda z, df: log_gammainc(df / 2, z * z / 2),
    logsf=lambda z, df: log_gammaincc(df / 2, z * z / 2),
    ppf=lambda q, df: np.sqrt(2 * gammaincinv(df / 2, q)),
)
f = Continuous(
    "f",
    "dfn dfd",
    lambda z, m, n: (
        xlogy(m / 2, m) + xlogy(n / 2, n) - (m + n) / 2 * np.log(n + m * z) - betaln(m / 2, n / 2)
    ),
    powers=lambda z, m, n: [power(z, m / 2 - 1)],
    support=POSITIVE,
    cdf=lambda z, m, n: betainc(m / 2, n / 2, m * z / (n + m * z)),
    sf=lambda z, m, n: betainc(n / 2, m / 2, n / (n + m * z)),
    logcdf=lambda z, m, n: log_or_rest(
        log_betainc(m / 2, n / 2, m * z / (n + m * z)), betainc(n / 2, m / 2, n / (n + m * z))
    ),
    logsf=lambda z, m, n: log_or_rest(
        log_betainc(n / 2, m / 2, n / (n + m * z)), betainc(m / 2, n / 2, m * z / (n + m * z))
    ),
)
invgamma = Continuous(
    "invgamma",
    "a",
    lambda z, a: -(a + 1) * np.log(z) - gammaln(a) - 1 / z,
    support=OPEN,
    cdf=lambda z, a: gammaincc(a, 1 / z),
    sf=lambda z, a: gammainc(a, 1 / z),
    logcdf=lambda z, a: log_gammaincc(a, 1 / z),
    logsf=lambda z, a: log_gammainc(a, 1 / z),
    ppf=lambda q, a: 1 / gammainccinv(a, q),
    entropy=lambda a: a + gammaln(a) - (1 + a) * psi(a),
)
invgauss = Continuous(
    "invgauss",
    "mu",
    lambda z, mu: -LOG_ROOT_2PI - 1.5 * np.log(z) - (z / mu - 1) ** 2 / (2 * z),
    support=OPEN,
    cdf=lambda z, mu: ndtr((z / mu - 1) / np.sqrt(z)) + _invgauss_image(z, mu),
    sf=lambda z, mu: ndtr((1 - z / mu) / np.sqrt(z)) - _invgauss_image(z, mu),
    logcdf=lambda z, mu: np.logaddexp(
        log_ndtr((z / mu - 1) / np.sqrt(z)), _log_invgauss_image(z, mu)
    ),
)


def _log_invgauss_image(z, mu):
    return 2 / mu + log_ndtr(-(z / mu + 1) / np.sqrt(z))


def _invgauss_image(z, mu):
    return np.exp(_log_invgauss_image(z, mu))


lognorm = Continuous(
    "lognorm",
    "s",
    lambda z, s: _normal(np.log(z) / s) - np.log(s) - np.log(z),
    support=OPEN,
    cdf=lambda z, s: ndtr(np.log(z) / s),
    sf=lambda z, s: ndtr(-np.log(z) / s),
    logcdf=lambda z, s: log_ndtr(np.log(z) / s),
    logsf=lambda z, s: log_ndtr(-np.log(z) / s),
    ppf=lambda q, s: np.exp(s * ndtri(q)),
    entropy=lambda s: LOG_ROOT_2PI + 0.5 + np.log(s),
)
halfnorm = Continuous(
    "halfnorm",
    "",
    lambda z: _normal(z) + math.log(2),
    support=POSITIVE,
    cdf=lambda z: erf(z / math.sqrt(2)),
    sf=lambda z: 2 * ndtr(-z),
    logcdf=lambda z: log_of_part(erf(z / math.sqrt(2)), 2 * ndtr(-z)),
    logsf=lambda z: log_or_rest(log_ndtr(-z) + math.log(2), erf(z / math.sqrt(2))),
    ppf=lambda q: ndtri((1 + q) / 2),
    entropy=lambda: math.log(math.pi / 2) / 2 + 0.5,
)
halfcauchy = Continuous(
    "halfcauchy",
    "",
    lambda z: math.log(2 / math.pi) - log1p_square(z),
    support=POSITIVE,
    cdf=lambda z: 2 / math.pi * np.arctan(z),
    sf=lambda z: 2 / math.pi * np.arctan2(1.0, z),
    ppf=lambda q: np.tan(math.pi / 2 * q),
    entropy=lambda: math.log(2 * math.pi),
)
rayleigh = Continuous(
    "rayleigh",
    "",
    lambda z: -z * z / 2,
    powers=lambda z: [power(z, 1.0)],
    support=POSITIVE,
    cdf=lambda z: -np.expm1(-z * z / 2),
    sf=lambda z: np.exp(-z * z / 2),
    logcdf=lambda z: _log_of_complement(2 * np.log(z) - math.log(2), z * z / 2),
    logsf=lambda z: -z * z / 2,
    ppf=lambda q: np.sqrt(-2 * np.log1p(-q)),
    entropy=lambda: 1 + EULER / 2 - math.log(2) / 2,
)
maxwell = Continuous(
    "maxwell",
    "",
    lambda z: _normal(z) + math.log(2),
    powers=lambda z: [power(z, 2.0)],
    support=POSITIVE,
    cdf=lambda z: gammainc(1.5, z * z / 2),
    sf=lambda z: gammaincc(1.5, z * z / 2),
    logcdf=lambda z: log_gammainc(1.5, z * z / 2),
    logsf=lambda z: log_gammaincc(1.5, z * z / 2),
    ppf=lambda q: np.sqrt(2 * gammaincinv(1.5, q)),
    entropy=lambda: EULER + LOG_ROOT_2PI - 0.5,
)
weibull_min = Continuous(
    "weibull_min",
    "c",
    lambda z, c: np.log(c) - z**c,
    powers=lambda z, c: [power(z, c - 1)],
    support=POSITIVE,
    cdf=lambda z, c: -np.expm1(-(z**c)),
    sf=lambda z, c: np.exp(-(z**c)),
    logcdf=lambda z, c: _log_of_complement(c * np.log(z), z**c),
    logsf=lambda z, c: -(z**c),
    ppf=lambda q, c: (-np.log1p(-q)) ** (1 / c),
    entropy=lambda c: EULER * (1 - 1 / c) - np.log(c) + 1,
)


def _odds(z, c):
    """Return z^c up to 1 and 1 elsewhere, and z^−c from 1 on and 1 elsewhere."""
    return np.where(z < 1, z, 1.0) ** c, np.where(z < 1, 1.0, z) ** -c


def _fisk(z, c):
    low, high = _odds(z, c)
    return np.where(z < 1, low / (1 + low), 1 / (1 + high))


def _fisk_rest(z, c):
    low, high = _odds(z, c)
    return np.where(z < 1, 1 / (1 + low), high / (1 + high))


def _log_fisk_rest(z, c):
    low, high = _odds(z, c)
    return np.where(z < 1, -np.log1p(low), -np.log1p(high) - c * np.log(np.where(z < 1, 1.0, z)))


def _log_fisk(z, c):
    low, high = _odds(z, c)
    return np.where(z < 1, c * np.log(np.where(z < 1, z, 1.0)) - np.log1p(low), -np.log1p(high))


fisk = Continuous(
    "fisk",
    "c",
    lambda z, c: np.log(c) + 2 * _log_fisk_rest(z, c),
    powers=lambda z, c: [power(z, c - 1)],
    support=POSITIVE,
    cdf=_fisk,
    sf=_fisk_rest,
    logcdf=_log_fisk,
    logsf=_log_fisk_rest,
    ppf=lambda q, c: np.exp(logit(q) / c),
    entropy=lambda c: 2 - np.log(c),
)
pareto = Continuous(
    "pareto",
    "b",
    lambda z, b: np.log(b) - (b + 1) * np.log(z),
    support=(1.0, INF),
    cdf=lambda z, b: -np.expm1(-b * np.log(z)),
    sf=lambda z, b: z**-b,
    logsf=lambda z, b: -b * np.log(z),
    ppf=lambda q, b: np.exp(-np.log1p(-q) / b),
    entropy=lambda b: 1 + 1 / b - np.log(b),
)
lomax = Continuous(
    "lomax",
    "c",
    lambda z, c: np.log(c) - (c + 1) * np.log1p(z),
    support=POSITIVE,
    cdf=lambda z, c: -np.expm1(-c * np.log1p(z)),
    sf=lambda z, c: np.exp(-c * np.log1p(z)),
    logsf=lambda z, c: -c * np.log1p(z),
    ppf=lambda q, c: np.expm1(-np.log1p(-q) / c),
    entropy=lambda c: 1 + 1 / c - np.log(c),
)

# -- between two numbers -----------------------------------------------------------------------

uniform = Continuous(
    "uniform",
    "",
    lambda z: 0.0 * z,
    support=UNIT,
    cdf=lambda z: z,
    ppf=lambda q: q,
    entropy=lambda: 0.0,
)
beta = Continuous(
    "beta",
    "a b",
    lambda z, a, b: -betaln(a, b),
    powers=lambda z, a, b: [power(z, a - 1), power_of_rest(z, b - 1)],
    support=UNIT,
    cdf=lambda z, a, b: betainc(a, b, z),
    sf=lambda z, a, b: betainc(b, a, 1 - z),
    logcdf=lambda z, a, b: log_or_rest(log_betainc(a, b, z), betainc(b, a, 1 - z)),
    logsf=lambda z, a, b: log_or_rest(log_betainc(b, a, 1 - z), betainc(a, b, z)),
    ppf=lambda q, a, b: betaincinv(a, b, q),
    entropy=lambda a, b: (
        betaln(a, b) - (a - 1) * psi(a) - (b - 1) * psi(b) + (a + b - 2) * psi(a + b)
    ),
)
powerlaw = Continuous(
    "powerlaw",
    "a",
    lambda z, a: np.log(a),
    powers=lambda z, a: [power(z, a - 1)],
    support=UNIT,
    cdf=lambda z, a: z**a,
    sf=lambda z, a: _powerlaw_rest(z, a),
    logcdf=lambda z, a: a * np.log(z),
    ppf=lambda q, a: q ** (1 / a),
    entropy=lambda a: 1 - 1 / a - np.log(a),
)


def _powerlaw_rest(z, a):
    near = z > 0.5
    log = np.log(np.where(near, z, 1.0))
    return np.where(near, -np.expm1(a * log), 1 - np.where(near, 0.5, z) ** a)


def _legs(z, c):
    """Return where the density rises, z / c there, and (1 − z) / (1 − c) where it falls."""
    rising = np.logical_or(z < c, c == 1)
    up = np.where(rising, z, 0.0) / np.where(rising, c, 1.0)
    return rising, up, (1 - np.where(rising, 1.0, z)) / (1 - np.where(rising, 0.0, c))


def _triangle(z, c):
    rising, up, down = _legs(z, c)
    return [power(np.where(rising, up, down), 1.0)]


def _triangle_cdf(z, c):
    rising, up, down = _legs(z, c)
    return np.where(rising, z * up, 1 - (1 - z) * down)


def _triangle_sf(z, c):
    rising, up, down = _legs(z, c)
    return np.where(rising, 1 - z * up, (1 - z) * down)


triang = Continuous(
    "triang",
    "c",
    lambda z, c: math.log(2) + 0.0 * z,
    powers=_triangle,
    support=UNIT,
    valid=lambda c: np.logical_and(c >= 0, c <= 1),
    cdf=_triangle_cdf,
    sf=_triangle_sf,
    entropy=lambda c: 0.5 - math.log(2) + 0 * c,
)


def _log_mass(a, b):
    """Return log(Φ(b) − Φ(a)), computed in the tail where both are small."""
    flip = a > 0
    low, high = np.where(flip, -b, a), np.where(flip, -a, b)
    return log_ndtr(high) + np.log1p(-np.exp(log_ndtr(low) - log_ndtr(high)))


def _log_parts(a, b, c):
    """Return the logarithms of the parts of the mass from a to c that lie up to b, and above."""
    whole = _log_mass(a, c)
    low, high = _log_mass(a, b) - whole, _log_mass(b, c) - whole
    return log_or_rest(low, np.exp(high)), log_or_rest(high, np.exp(low))


truncnorm = Continuous(
    "truncnorm",
    "a b",
    lambda z, a, b: _normal(z) - _log_mass(a, b),
    support=lambda a, b: (a, b),
    valid=lambda a, b: a < b,
    cdf=lambda z, a, b: np.exp(_log_mass(a, z) - _log_mass(a, b)),
    sf=lambda z, a, b: np.exp(_log_mass(z, b) - _log_mass(a, b)),
    logcdf=lambda z, a, b: _log_parts(a, z, b)[0],
    logsf=lambda z, a, b: _log_parts(a, z, b)[1],
)
