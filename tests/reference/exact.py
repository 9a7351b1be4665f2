"""Exact values and derivatives of elementwise and special functions, by mpmath.

`python -m tests.reference.exact` writes `exact.json`, which `ops/test_exact.py` reads: for each
function its points, and there the value, the first partial derivatives and the second ones. It
needs mpmath, takes some minutes, and is run again only when a function or a point is added.
"""

import json
import sys
from itertools import combinations_with_replacement, product
from pathlib import Path

FILE = Path(__file__).with_name("exact.json")

# -- points: from tiny to huge, away from where a function has no derivative ------------------

TINY = (1e-300, 1e-160, 1e-20, 1e-8)
NEAR = (1e-3, 0.1, 0.4)
MIDDLE = (0.75, 1.25, 2.5, 5.5)
FAR = (12.5, 19.5, 30.0, 37.5, 90.0, 300.0)
HUGE = (1e4, 1e8, 1e160, 1e300)
POSITIVE = (*TINY, *NEAR, *MIDDLE, *FAR, *HUGE)
SMALL = (*TINY, *NEAR, *MIDDLE)
UP_TO_300 = (*TINY, *NEAR, *MIDDLE, *FAR)


def both(xs):
    """Return numbers and their negatives, and 0."""
    return (*[-x for x in reversed(xs)], 0.0, *xs)


def towards(end, sign):
    """Return numbers that come close to 1 or −1."""
    return tuple(end + sign * d for d in (1e-12, 1e-6, 1e-3, 0.2))


REAL = both(POSITIVE)
LEFT = (*[-x for x in HUGE], *both(UP_TO_300))
INSIDE = (*both((*TINY, *NEAR, 0.75)), *towards(1.0, -1), *towards(-1.0, 1))
PROBABILITIES = (*TINY, *NEAR, 0.5, 0.75, *towards(1.0, -1))


def pairs(xs, ys):
    return tuple(product(xs, ys))


def table(mp):
    """Return {name: (function, points)}; a name is that of a row, or of a function here."""
    one, pi = mp.mpf(1), mp.pi

    def few(low, high):
        return tuple(x for x in POSITIVE if low <= x <= high)

    powers = (0.5, 1.0, 2.0, 3.0, -1.0, -0.5, 2.5)
    at_gamma = tuple(x for x in both(UP_TO_300) if x not in (0, -30) and x > -40)
    orders = (0.0, 1.0, 2.5)
    bessel = tuple((v, x) for v in orders for x in (1e-8, 1e-3, 0.4, 2.5, 12.5, 90.0))

    def one_of(xs):
        return tuple((x,) for x in xs)

    rows = {
        # arithmetic
        "add": (lambda a, b: a + b, pairs((1e-300, 2.5), (-1e300, 0.4))),
        "subtract": (lambda a, b: a - b, pairs((1e-300, 2.5), (-1e300, 0.4))),
        "multiply": (lambda a, b: a * b, pairs((0.0, 1e-160, 2.5), (-1e160, 0.0, 0.4))),
        "divide": (lambda a, b: a / b, pairs((0.0, 1e-160, 2.5, 1e160), (-1e100, 1e-100, 0.4))),
        "power": (lambda a, b: a**b, pairs((1e-100, 1e-8, 0.4, 2.5, 90.0, 1e100), powers)),
        "square": (lambda x: x * x, one_of(REAL)),
        "sqrt": (mp.sqrt, one_of(POSITIVE)),
        "cbrt": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), one_of([x for x in REAL if x])),
        "reciprocal": (lambda x: 1 / x, one_of([x for x in REAL if x])),
        "hypot": (
            lambda a, b: mp.sqrt(a * a + b * b),
            pairs((1e-160, 0.4, 1e160), (1e-160, 2.5, 1e160)),
        ),
        # exponentials and logarithms
        "exp": (mp.exp, one_of(LEFT)),
        "exp2": (lambda x: mp.exp(x * mp.log(2)), one_of(LEFT)),
        "expm1": (mp.expm1, one_of(LEFT)),
        "log": (mp.log, one_of((*POSITIVE, 1.0))),
        "log2": (lambda x: mp.log(x) / mp.log(2), one_of(POSITIVE)),
        "log10": (lambda x: mp.log(x) / mp.log(10), one_of(POSITIVE)),
        "log1p": (mp.log1p, one_of((*POSITIVE, 0.0, *[-x for x in SMALL if x < 1], -1 + 1e-12))),
        "logaddexp": (
            lambda a, b: mp.log(mp.exp(a) + mp.exp(b)),
            pairs((-300.0, -2.5, 0.4, 300.0), (-300.0, 0.0, 5.5)),
        ),
        "logaddexp2": (
            lambda a, b: mp.log(2**a + 2**b) / mp.log(2),
            pairs((-300.0, -2.5, 0.4, 300.0), (-300.0, 0.0, 5.5)),
        ),
        # trigonometric and hyperbolic
        "sin": (mp.sin, one_of(both((*UP_TO_300, 1e4, 1e8)))),
        "cos": (mp.cos, one_of(both((*UP_TO_300, 1e4, 1e8)))),
        "tan": (mp.tan, one_of(both((*UP_TO_300, 1e4, 1e8)))),
        "arcsin": (mp.asin, one_of(INSIDE)),
        "arccos": (mp.acos, one_of(INSIDE)),
        "arctan": (mp.atan, one_of(REAL)),
        "arctan2": (
            lambda a, b: mp.atan2(a, b),
            pairs((-1e160, -2.5, 1e-160, 0.4, 1e160), (-2.5, 1e-160, 0.4, 1e160)),
        ),
        "sinh": (mp.sinh, one_of(both(UP_TO_300))),
        "cosh": (mp.cosh, one_of(both(UP_TO_300))),
        "tanh": (mp.tanh, one_of(REAL)),
        "arcsinh": (mp.asinh, one_of(REAL)),
        "arccosh": (mp.acosh, one_of((*towards(1.0, 1), *few(1.1, 1e300)))),
        "arctanh": (mp.atanh, one_of(INSIDE)),
        "sinc": (
            lambda x: mp.sin(pi * x) / (pi * x) if x else one,
            one_of(both((*SMALL, 12.3, 90.2))),
        ),
        "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), one_of(REAL)),
        "erf": (mp.erf, one_of(both(UP_TO_300))),
        "softplus": (lambda x: mp.log1p(mp.exp(x)), one_of(both(UP_TO_300))),
        "gelu": (lambda x: x * mp.ncdf(x), one_of(both(UP_TO_300))),
        "gelu_slope": (lambda x: mp.ncdf(x) + x * mp.npdf(x), one_of(both(UP_TO_300))),
        "bessel_i0": (lambda x: mp.besseli(0, x), one_of(both(UP_TO_300))),
        # scipy.special: gamma and beta
        "gamma": (mp.gamma, one_of([x for x in at_gamma if x < 100])),
        "gammaln": (lambda x: mp.log(abs(mp.gamma(x))), one_of((*at_gamma, *HUGE[:2], 1.0, 2.0))),
        "loggamma": (mp.loggamma, one_of((*UP_TO_300, *HUGE[:2], 1.0, 2.0))),
        "rgamma": (mp.rgamma, one_of((0.0, -1.0, -2.0, -5.0, *[x for x in at_gamma if x < 100]))),
        "psi": (lambda x: mp.psi(0, x), one_of(at_gamma)),
        "beta": (mp.beta, pairs((1e-8, 0.4, 2.5, 30.0), (1e-3, 1.0, 5.5))),
        "betaln": (
            lambda a, b: mp.log(abs(mp.beta(a, b))),
            pairs((1e-8, 0.4, 2.5, 30.0, 1e4), (1e-3, 1.0, 5.5, 1e4)),
        ),
        "poch": (
            lambda z, m: mp.gamma(z + m) / mp.gamma(z) if z > 0 else mp.rf(z, m),
            (*pairs((1e-8, 0.4, 2.5), (0.0, 1.0, 2.5)), (-2.0, 1.5), (0.0, 2.0), (-2.5, 1.0)),
        ),
        "binom": (
            mp.binomial,
            (*pairs((3.0, 5.5, 30.0), (0.0, 1.0, 2.5)), (5.0, 5.0), (2.0, 4.0), (5.0, -1.0)),
        ),
        # error functions
        "erfc": (mp.erfc, one_of(both(UP_TO_300))),
        "erfcx": (
            lambda x: mp.exp(x * x) * mp.erfc(x),
            one_of((*both((*SMALL, 12.5)), 30.0, 90.0, 300.0, 1e4, 1e8)),
        ),
        "erfi": (mp.erfi, one_of(both((*SMALL, 12.5)))),
        "dawsn": (
            lambda x: mp.exp(-x * x) * mp.erfi(x) * mp.sqrt(pi) / 2,
            one_of(both((*SMALL, 12.5, 30.0, 90.0))),
        ),
        "erfinv": (mp.erfinv, one_of(INSIDE)),
        "erfcinv": (
            lambda p: erfcinv(mp, p),
            one_of((1e-300, 1e-160, 1e-20, 1e-8, 0.1, 0.75, 1.25, 1.9, 2 - 1e-12)),
        ),
        "ndtr": (mp.ncdf, one_of(both(UP_TO_300))),
        "log_ndtr": (
            lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2),
            one_of((*both((*UP_TO_300, 1e4)), -1e8)),
        ),
        "ndtri": (
            lambda p: -mp.sqrt(2) * erfcinv(mp, 2 * p),
            one_of((1e-300, 1e-160, 1e-20, 1e-8, 0.1, 0.4, 0.75, 0.9, 1 - 1e-12)),
        ),
        # logistic functions, entropies, power transforms
        "expit": (lambda x: 1 / (1 + mp.exp(-x)), one_of(REAL)),
        "log_expit": (lambda x: -mp.log1p(mp.exp(-x)), one_of(REAL)),
        "logit": (lambda p: mp.log(p / (1 - p)), one_of(PROBABILITIES)),
        "xlogy": (lambda a, b: a * mp.log(b), pairs((-2.5, 0.0, 1e-8, 5.5), (1e-160, 0.4, 1e160))),
        "xlog1py": (
            lambda a, b: a * mp.log1p(b),
            pairs((-2.5, 0.0, 1e-8, 5.5), (-0.75, 1e-160, 0.4, 1e160)),
        ),
        "entr": (lambda x: -x * mp.log(x), one_of(POSITIVE)),
        "rel_entr": (
            lambda a, b: a * mp.log(a / b),
            pairs((1e-160, 0.4, 2.5, 1e160), (1e-160, 0.75, 1e160)),
        ),
        "kl_div": (
            lambda a, b: a * mp.log(a / b) - a + b,
            (*pairs((1e-160, 0.4, 2.5), (1e-160, 0.75)), (1.0, 1 + 1e-6)),
        ),
        "boxcox": (
            lambda x, p: mp.expm1(p * mp.log(x)) / p if p else mp.log(x),
            pairs((1e-8, 0.4, 1 + 1e-8, 2.5, 90.0), (0.0, 1e-300, 1e-20, 1e-8, 0.4, 1.0, -2.5)),
        ),
        "boxcox1p": (
            lambda x, p: mp.expm1(p * mp.log1p(x)) / p if p else mp.log1p(x),
            pairs((-0.4, 1e-160, 1e-8, 2.5, 90.0), (0.0, 1e-300, 1e-20, 1e-8, 0.4, 1.0, -2.5)),
        ),
        "inv_boxcox": (
            lambda x, p: mp.exp(mp.log1p(x * p) / p if p else x),
            pairs((-0.3, 0.0, 1e-8, 0.4, 2.5), (0.0, 1e-300, 1e-20, 1e-8, 0.4, 1.0, -0.3)),
        ),
        "inv_boxcox1p": (
            lambda x, p: mp.expm1(mp.log1p(x * p) / p if p else x),
            pairs((-0.3, 0.0, 1e-8, 0.4, 2.5), (0.0, 1e-300, 1e-20, 1e-8, 0.4, 1.0, -0.3)),
        ),
        "exprel": (
            lambda x: mp.expm1(x) / x if x else one,
            one_of((*both((*UP_TO_300, 1e-16)), -1e8, -1e160)),
        ),
        "cosm1": (lambda x: mp.cos(x) - 1, one_of(both((*SMALL, 12.5, 90.0)))),
        "exp10": (lambda x: mp.power(10, x), one_of(both(UP_TO_300))),
        # Bessel functions
        "j0": (lambda x: mp.besselj(0, x), one_of(both((*SMALL, 12.5, 90.0)))),
        "j1": (lambda x: mp.besselj(1, x), one_of(both((*SMALL, 12.5, 90.0)))),
        "y0": (lambda x: mp.bessely(0, x), one_of((*SMALL, 12.5, 90.0))),
        "y1": (lambda x: mp.bessely(1, x), one_of((*SMALL, 12.5, 90.0))),
        "i0": (lambda x: mp.besseli(0, x), one_of(both(UP_TO_300))),
        "i1": (lambda x: mp.besseli(1, x), one_of(both(UP_TO_300))),
        "i0e": (
            lambda x: mp.besseli(0, x) * mp.exp(-abs(x)),
            one_of([x for x in both(UP_TO_300) if x]),
        ),
        "i1e": (
            lambda x: mp.besseli(1, x) * mp.exp(-abs(x)),
            one_of([x for x in both(UP_TO_300) if x]),
        ),
        "k0": (lambda x: mp.besselk(0, x), one_of(UP_TO_300)),
        "k1": (lambda x: mp.besselk(1, x), one_of(UP_TO_300)),
        "k0e": (lambda x: mp.besselk(0, x) * mp.exp(x), one_of(UP_TO_300)),
        "k1e": (lambda x: mp.besselk(1, x) * mp.exp(x), one_of(UP_TO_300)),
        "jv": (mp.besselj, bessel),
        "yv": (mp.bessely, bessel),
        "yn": (mp.bessely, tuple((n, x) for n, x in bessel if n != 2.5)),
        "iv": (mp.besseli, bessel),
        "ive": (lambda v, x: mp.besseli(v, x) * mp.exp(-x), bessel),
        "kv": (mp.besselk, bessel),
        "kn": (mp.besselk, tuple((n, x) for n, x in bessel if n != 2.5)),
        "kve": (lambda v, x: mp.besselk(v, x) * mp.exp(x), bessel),
        # integrals, hypergeometric functions, the rest
        "expi": (mp.ei, one_of([x for x in both((*SMALL, *FAR)) if x])),
        "exp1": (mp.e1, one_of(UP_TO_300)),
        "expn": (
            lambda n, x: mp.expint(n, x),
            pairs((0.0, 1.0, 2.0, 3.0, 7.0), (1e-8, 0.1, 1.25, 5.5, 90.0)),
        ),
        "spence": (
            lambda z: mp.re(mp.polylog(2, 1 - z)),
            one_of((*SMALL, 12.5, 90.0, 1.0, 1 + 1e-12, 1 - 1e-12, 1 + 1e-6, 1 - 1e-3, 1 + 1e-3)),
        ),
        "ellipk": (mp.ellipk, one_of((*both((*SMALL[:7], 0.75))[1:], -2.5, -90.0, -1e8, 1 - 1e-6))),
        "ellipe": (mp.ellipe, one_of((*both((*SMALL[:7], 0.75))[1:], -2.5, -90.0, -1e8, 1 - 1e-6))),
        "gammainc": (
            lambda a, x: mp.gammainc(a, 0, x, regularized=True),
            pairs((0.4, 1.0, 2.5, 30.0), (1e-20, 0.1, 1.25, 5.5, 30.0)),
        ),
        "gammaincc": (
            lambda a, x: mp.gammainc(a, x, regularized=True),
            pairs((0.4, 1.0, 2.5, 30.0), (1e-20, 0.1, 1.25, 5.5, 30.0, 90.0)),
        ),
        "betainc": (
            lambda a, b, x: mp.betainc(a, b, 0, x, regularized=True),
            tuple((a, b, x) for a in (0.4, 2.5) for b in (1.0, 5.5) for x in (1e-20, 0.1, 0.75)),
        ),
        "stdtr": (
            lambda n, t: student(mp, n, t),
            pairs((1.0, 2.5, 30.0), (-1e8, -90.0, -2.5, -1e-8, 0.0, 0.4, 5.5)),
        ),
        "zeta": (mp.zeta, pairs((1.25, 2.5, 12.5), (1e-8, 0.4, 1.0, 2.5, 90.0))),
        "polygamma": (
            lambda n, x: mp.psi(int(n), x),
            pairs((0.0, 1.0, 2.0, 5.0), (1e-8, 0.4, 2.5, 90.0, 1e8)),
        ),
        "hyp0f1": (mp.hyp0f1, pairs((0.4, 2.5), (-5.5, -1e-8, 0.0, 0.4, 5.5))),
        "hyp1f1": (
            mp.hyp1f1,
            tuple((0.4, 2.5, x) for x in (-12.5, -2.5, -1e-8, 0.0, 0.4, 5.5)),
        ),
        "hyp2f1": (
            mp.hyp2f1,
            tuple((0.4, 1.5, 2.5, x) for x in (-12.5, -0.75, -1e-8, 0.0, 0.4, 0.75)),
        ),
    }
    return rows


def erfcinv(mp, p):
    """Return the inverse of erfc, from an asymptotic start where p is tiny."""
    if p > half(mp):
        return mp.erfinv(1 - p)
    start = mp.sqrt(-mp.log(p * mp.sqrt(mp.pi) * mp.sqrt(max(-mp.log(p), half(mp)))))
    return mp.findroot(lambda y: mp.log(mp.erfc(y)) - mp.log(p), start)


def half(mp):
    return mp.mpf(1) / 2


def student(mp, n, t):
    x = n / (n + t * t)
    tail = mp.betainc(n / 2, half(mp), 0, x, regularized=True) / 2
    return tail if t < 0 else 1 - tail


def densities(mp):
    """Return {distribution: (log density, cdf, sf, points)} in standard form."""
    log, exp, pi, lg = mp.log, mp.exp, mp.pi, mp.loggamma

    def lower(a, x):
        return mp.gammainc(a, 0, x, regularized=True)

    def upper(a, x):
        return mp.gammainc(a, x, regularized=True)

    def part(a, b, x):
        return mp.betainc(a, b, 0, x, regularized=True)

    def log_beta(a, b):
        return lg(a) + lg(b) - lg(a + b)

    def choose(n, k):
        return lg(n + 1) - lg(k + 1) - lg(n - k + 1)

    def normal(z):
        return -z * z / 2 - log(2 * pi) / 2

    def phi(z):
        return mp.erfc(-z / mp.sqrt(2)) / 2

    def at(zs, *shapes):
        return tuple((z, *shapes) for z in zs)

    def between(a, b):
        return phi(-a) - phi(-b) if a > 0 else phi(b) - phi(a)

    def laplace(z):
        return exp(z) / 2 if z < 0 else 1 - exp(-z) / 2

    def image(z, m):
        return exp(2 / m) * phi(-(z / m + 1) / mp.sqrt(z))

    line = (-1e4, -40.0, -5.5, -1e-3, 0.4, 5.5, 30.0)
    wide = (-1e120, -1e4, -5.5, -1e-3, 0.4, 30.0, 1e8)
    half_line = (1e-160, 1e-8, 0.4, 2.5, 12.5, 30.0)
    unit = (1e-160, 1e-8, 0.1, 0.75, 1 - 1e-8)
    return {
        "norm": (normal, phi, lambda z: phi(-z), at(line)),
        "t": (
            lambda z, n: -(n + 1) / 2 * log(1 + z * z / n) - log_beta(n / 2, half(mp)) - log(n) / 2,
            lambda z, n: student(mp, n, z),
            lambda z, n: student(mp, n, -z),
            at(wide, 2.5),
        ),
        "cauchy": (
            lambda z: -log(pi * (1 + z * z)),
            lambda z: mp.atan2(1, -z) / pi,
            lambda z: mp.atan2(1, z) / pi,
            at(wide),
        ),
        "laplace": (lambda z: -abs(z) - log(2), laplace, lambda z: laplace(-z), at(line)),
        "logistic": (
            lambda z: -z - 2 * log(1 + exp(-z)),
            lambda z: 1 / (1 + exp(-z)),
            lambda z: 1 / (1 + exp(z)),
            at(line),
        ),
        "gumbel_r": (
            lambda z: -z - exp(-z),
            lambda z: exp(-exp(-z)),
            lambda z: -mp.expm1(-exp(-z)),
            at((-5.5, -1e-3, 0.4, 5.5, 30.0, 300.0, 1e4)),
        ),
        "gumbel_l": (
            lambda z: z - exp(z),
            lambda z: -mp.expm1(-exp(z)),
            lambda z: exp(-exp(z)),
            at((5.5, 1e-3, -0.4, -5.5, -30.0, -300.0, -1e4)),
        ),
        "skewnorm": (
            lambda z, a: log(2) + normal(z) + log(phi(a * z)),
            None,
            None,
            at(line, 1.5),
        ),
        "loggamma": (
            lambda z, c: c * z - exp(z) - lg(c),
            lambda z, c: lower(c, exp(z)),
            lambda z, c: upper(c, exp(z)),
            at((-30.0, -5.5, 0.4, 2.5, 4.5), 2.5),
        ),
        "vonmises": (
            lambda z, k: k * mp.cos(z) - log(2 * pi * mp.besseli(0, k)),
            None,
            None,
            (*at((-2.5, 1e-8, 0.4), 1.5), *at((0.4,), 300.0), (0.1, 1e-8)),
        ),
        "expon": (lambda z: -z, lambda z: -mp.expm1(-z), lambda z: exp(-z), at(half_line)),
        "gamma": (
            lambda z, a: (a - 1) * log(z) - z - lg(a),
            lambda z, a: lower(a, z),
            lambda z, a: upper(a, z),
            (*at(half_line[1:], 2.5), (800.0, 2.5), (1e-80, 5.5)),
        ),
        "chi2": (
            lambda z, n: (n / 2 - 1) * log(z) - z / 2 - lg(n / 2) - n / 2 * log(2),
            lambda z, n: lower(n / 2, z / 2),
            lambda z, n: upper(n / 2, z / 2),
            (*at(half_line[1:], 2.5), (2e3, 2.5)),
        ),
        "chi": (
            lambda z, n: (n - 1) * log(z) - z * z / 2 - lg(n / 2) + (1 - n / 2) * log(2),
            lambda z, n: lower(n / 2, z * z / 2),
            lambda z, n: upper(n / 2, z * z / 2),
            (*at(half_line[1:], 2.5), (45.0, 2.5)),
        ),
        "f": (
            lambda z, m, n: (
                m / 2 * log(m)
                + n / 2 * log(n)
                + (m / 2 - 1) * log(z)
                - (m + n) / 2 * log(n + m * z)
                - log_beta(m / 2, n / 2)
            ),
            lambda z, m, n: part(m / 2, n / 2, m * z / (n + m * z)),
            lambda z, m, n: part(n / 2, m / 2, n / (n + m * z)),
            at((1e-160, 1e-8, 0.4, 2.5, 12.5), 2.5, 5.5),
        ),
        "invgamma": (
            lambda z, a: -(a + 1) * log(z) - lg(a) - 1 / z,
            lambda z, a: upper(a, 1 / z),
            lambda z, a: lower(a, 1 / z),
            at((1e-3, 0.1, 0.75, 5.5, 1e8), 2.5),
        ),
        "invgauss": (
            lambda z, m: -log(2 * pi * z**3) / 2 - (z / m - 1) ** 2 / (2 * z),
            lambda z, m: phi((z / m - 1) / mp.sqrt(z)) + image(z, m),
            None,
            at((1e-4, 0.1, 0.75, 5.5), 1.5),
        ),
        "lognorm": (
            lambda z, s: normal(log(z) / s) - log(s) - log(z),
            lambda z, s: phi(log(z) / s),
            lambda z, s: phi(-log(z) / s),
            at((1e-160, 1e-8, 0.4, 5.5, 1e8), 0.75),
        ),
        "halfnorm": (
            lambda z: normal(z) + log(2),
            lambda z: mp.erf(z / mp.sqrt(2)),
            lambda z: mp.erfc(z / mp.sqrt(2)),
            at((*half_line, 90.0)),
        ),
        "halfcauchy": (
            lambda z: log(2 / pi) - log(1 + z * z),
            lambda z: 2 / pi * mp.atan(z),
            lambda z: 2 / pi * mp.atan2(1, z),
            at((*half_line, 1e8, 1e120)),
        ),
        "rayleigh": (
            lambda z: log(z) - z * z / 2,
            lambda z: -mp.expm1(-z * z / 2),
            lambda z: exp(-z * z / 2),
            at(half_line),
        ),
        "maxwell": (
            lambda z: normal(z) + log(2) + 2 * log(z),
            lambda z: lower(3 * half(mp), z * z / 2),
            lambda z: upper(3 * half(mp), z * z / 2),
            at((1e-120, 1e-8, 0.4, 2.5, 12.5, 45.0)),
        ),
        "weibull_min": (
            lambda z, c: log(c) + (c - 1) * log(z) - z**c,
            lambda z, c: -mp.expm1(-(z**c)),
            lambda z, c: exp(-(z**c)),
            at(half_line, 2.5),
        ),
        "fisk": (
            lambda z, c: log(c) + (c - 1) * log(z) - 2 * log(1 + z**c),
            lambda z, c: z**c / (1 + z**c),
            lambda z, c: 1 / (1 + z**c),
            at((*half_line, 1e160), 2.5),
        ),
        "pareto": (
            lambda z, b: log(b) - (b + 1) * log(z),
            lambda z, b: 1 - z**-b,
            lambda z, b: z**-b,
            at((1 + 1e-8, 1.25, 12.5, 1e8, 1e160), 2.5),
        ),
        "lomax": (
            lambda z, c: log(c) - (c + 1) * mp.log1p(z),
            lambda z, c: -mp.expm1(-c * mp.log1p(z)),
            lambda z, c: exp(-c * mp.log1p(z)),
            at((*half_line, 1e160), 2.5),
        ),
        "beta": (
            lambda z, a, b: (a - 1) * log(z) + (b - 1) * log(1 - z) - log_beta(a, b),
            lambda z, a, b: part(a, b, z),
            lambda z, a, b: part(b, a, 1 - z),
            at(unit, 2.5, 5.5),
        ),
        "powerlaw": (
            lambda z, a: log(a) + (a - 1) * log(z),
            lambda z, a: z**a,
            lambda z, a: 1 - z**a,
            at(unit, 2.5),
        ),
        "triang": (
            lambda z, c: log(2 * (z / c if z < c else (1 - z) / (1 - c))),
            lambda z, c: z * z / c if z < c else 1 - (1 - z) ** 2 / (1 - c),
            lambda z, c: 1 - z * z / c if z < c else (1 - z) ** 2 / (1 - c),
            at((1e-8, 0.1, 0.75, 1 - 1e-8), 0.4),
        ),
        "truncnorm": (
            lambda z, a, b: normal(z) - log(between(a, b)),
            lambda z, a, b: between(a, z) / between(a, b),
            lambda z, a, b: between(z, b) / between(a, b),
            (*at((-1.0, 0.4, 2.0), -1.5, 2.5), (30.25, 30.0, 31.0), (-30.25, -31.0, -30.0)),
        ),
        "poisson": (
            lambda k, m: k * log(m) - m - lg(k + 1),
            lambda k, m: upper(k + 1, m),
            lambda k, m: lower(k + 1, m),
            tuple((k, m) for k in (0.0, 3.0) for m in (1e-160, 1e-3, 2.5, 90.0, 1e3)),
        ),
        "bernoulli": (
            lambda k, p: k * log(p) + (1 - k) * log(1 - p),
            None,
            None,
            tuple((k, p) for k in (0.0, 1.0) for p in (1e-160, 0.1, 0.75, 1 - 1e-8)),
        ),
        "binom": (
            lambda k, n, p: choose(n, k) + k * log(p) + (n - k) * log(1 - p),
            lambda k, n, p: part(n - k, k + 1, 1 - p),
            lambda k, n, p: part(k + 1, n - k, p),
            tuple((k, 7.0, p) for k in (0.0, 3.0) for p in (1e-160, 0.1, 0.75, 1 - 1e-8)),
        ),
        "geom": (
            lambda k, p: (k - 1) * log(1 - p) + log(p),
            lambda k, p: 1 - (1 - p) ** k,
            lambda k, p: (1 - p) ** k,
            tuple((k, p) for k in (1.0, 3.0) for p in (1e-160, 0.1, 0.75, 1 - 1e-8)),
        ),
        "nbinom": (
            lambda k, n, p: lg(k + n) - lg(n) - lg(k + 1) + n * log(p) + k * log(1 - p),
            lambda k, n, p: part(n, k + 1, p),
            lambda k, n, p: part(k + 1, n, 1 - p),
            tuple((k, 2.5, p) for k in (0.0, 3.0) for p in (1e-160, 0.1, 0.75, 1 - 1e-8)),
        ),
    }


DISCRETE = "poisson bernoulli binom geom nbinom".split()


def distributions(mp):
    """Return {"norm.logpdf": (function, points)} and so on."""
    rows = {}
    for name, (log_density, cdf, sf, points) in densities(mp).items():
        rows[f"{name}.{'logpmf' if name in DISCRETE else 'logpdf'}"] = log_density, points
        for part, f in (("cdf", cdf), ("sf", sf)):
            if f:
                rows[f"{name}.log{part}"] = (lambda *x, f=f: mp.log(f(*x))), points
    return rows


# Functions with a derivative in their last argument only.
LAST_ONLY = """
    jv yv yn iv ive kv kn kve expn gammainc gammaincc betainc stdtr zeta polygamma hyp0f1 hyp1f1
    hyp2f1
""".split()


def derivative(mp, f, xs, order):
    """Return a partial derivative, by central differences with as many digits as that takes."""
    last = None
    for doublings in range(4):
        sizes = [abs(mp.mag(x)) * n for x, n in zip(xs, order, strict=True) if x]
        bits = 320 * 2**doublings + 2 * sum(sizes)
        with mp.workprec(bits):
            points = [mp.mpf(x) for x in xs]
            steps = [mp.ldexp(abs(x) or 1, -64 * 2**doublings) for x in points]
            found = mp.mpf(0)
            for moves in product(*[STENCILS[n] for n in order]):
                at = [x + h * d for x, h, (d, _) in zip(points, steps, moves, strict=True)]
                weight = mp.mpf(1)
                for h, n, (_, w) in zip(steps, order, moves, strict=True):
                    weight *= w / h**n
                found += weight * mp.re(f(*at))
            if last and found and abs(found - last) <= mp.ldexp(abs(found), -58):
                return found
            last = found
    return mp.mpf(0)


STENCILS = {  # (offset, weight) of central differences of these orders
    0: [(0, 1)],
    1: [(-1, -0.5), (1, 0.5)],
    2: [(-1, 1), (0, -2), (1, 1)],
}


def moving(name, n):
    """Return the places of the arguments that derivatives are stored for."""
    owner, _, function = name.rpartition(".")
    if name in LAST_ONLY or owner in DISCRETE:
        return [n - 1]
    return [0] if function in ("logcdf", "logsf") else list(range(n))


def orders(name, n):
    """Return the orders of the derivatives that are stored, up to the second."""
    return [
        tuple(places.count(i) for i in range(n))
        for total in (0, 1, 2)
        for places in combinations_with_replacement(moving(name, n), total)
    ]


def main(names):
    import mpmath

    mp = mpmath.mp
    mp.prec = 120
    rows = table(mp) | distributions(mp)
    stored = json.loads(FILE.read_text()) if names and FILE.exists() else {}
    for name, (f, points) in rows.items():
        if names and name not in names:
            continue
        entries = []
        for xs in points:
            try:
                exact = [float(derivative(mp, f, xs, order)) for order in orders(name, len(xs))]
            except Exception as error:
                print(name, xs, type(error).__name__, error, file=sys.stderr)
                continue
            entries.append([list(xs), exact])
        stored[name] = entries
        print(name, len(entries), flush=True)
        lines = [f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in stored.items()]
        FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
