"""scipy.special: an op for each function, with its derivative (all are in dlmf.nist.gov).

Functions of an order and an argument, such as `jv(v, z)`, have a derivative only in their last
argument; a Value in another place raises an error that says so.
"""

import math

import numpy as np
import scipy.special as sp

from autograd.composed.creation import array
from autograd.engine.dispatch import answers
from autograd.engine.ownership import frozen
from autograd.engine.primitive import define, elementwise
from autograd.engine.value import Value
from autograd.ops import activations, reduce
from autograd.ops.elementwise import tanh_slope
from autograd.ops.plain import raw
from autograd.scipy import others

__getattr__ = others(sp)

POSITIVE = ((0.3, 4.0),)
UNIT = ((0.05, 0.95),)
ROOT_PI = math.sqrt(math.pi)
ROOT_2PI = math.sqrt(2 * math.pi)


def _row(name, *partials, domain=((-3.0, 3.0),), **fields):
    return elementwise(name, getattr(sp, name), *partials, domain=domain, **fields)


def _row_of_last(name, slope, *samples, vjp=None, function=None, **fields):
    """Define an op for a function with a derivative only in its last argument.

    Args:
        name: the function's name in SciPy.
        slope: `(y, *args)`, the derivative in the last argument.
        samples: `(constants, (low, high))`: the other arguments, and an interval for the last one.
        vjp: `(g, y, *args)`, for a function that is not holomorphic and so has no slope.
        function: the function, if SciPy has none of that name.
        **fields: what else `define` takes.
    """
    vjp = vjp or (lambda g, y, *args: g * slope(y, *args))
    function = function or getattr(sp, name)
    places = len(samples[0][0])

    def forward(x, constants):
        y = np.asarray(function(*constants, x))
        return (y.astype(np.float32) if np.result_type(x) == np.float32 else y)[()]

    row = define(
        name,
        forward,
        vjps=(lambda g, y, x, constants: vjp(g, y, *constants, x),),
        samples=lambda rng: [((rng.uniform(*ends, 3),), {"constants": c}) for c, ends in samples],
        **fields,
    )

    @answers(function)
    def of_last(*args):
        constants, last = args[:places], args[places:]
        for place, constant in enumerate(constants, 1):
            if isinstance(constant, Value):
                raise NotImplementedError(
                    f"{name} has no derivative in argument {place}, only in the last; "
                    "pass a plain number there, such as v.item()"
                )
        if len(last) != 1:  # left out, as in zeta(2.5), or too many
            return function(*args)
        return row(*last, constants=frozen(constants))

    of_last.__name__ = of_last.__qualname__ = name
    of_last.__doc__ = f"scipy.special.{name}, differentiable in its last argument."
    return of_last


# -- gamma and beta ----------------------------------------------------------------------------

GAMMA = {"domain": POSITIVE, "real_only": "SciPy has no complex zeta for slopes"}
gamma = _row("gamma", lambda y, x: y * digamma(x), **GAMMA, latex=r"\Gamma")
gammaln = _row("gammaln", lambda y, x: digamma(x), domain=POSITIVE)
loggamma = _row("loggamma", lambda y, x: digamma(x), **GAMMA)
rgamma = _row("rgamma", lambda y, x: _rgamma_slope(x), **GAMMA)
gammasgn = _row("gammasgn", lambda y, x: 0.0, domain=POSITIVE)
digamma = psi = _row("psi", lambda y, x: polygamma(1, x), **GAMMA)
polygamma = _row_of_last(
    "polygamma", lambda y, n, x: polygamma(n + 1, x), ((0,), (0.5, 3)), ((2,), (0.5, 3))
)


def _rgamma_slope(x):
    """Return the slope of 1 / Γ, left of ½ by reflection: so it is right at the poles of Γ too."""
    left = np.real(x) < 0.5
    mirrored, right = 1 - np.where(left, x, 0.0), np.where(left, 1.0, x)
    turn = math.pi * np.where(left, x, 0.0)
    reflected = gamma(mirrored) * (np.cos(turn) - digamma(mirrored) * np.sin(turn) / math.pi)
    return np.where(left, reflected, -rgamma(right) * digamma(right))


def _psi_rise(x, d, order=0):
    """Return ψ(x + d) − ψ(x), or of a derivative of ψ: a Taylor series where both are close."""
    given = [np.asarray(a).dtype for a in (x, d) if type(a) is not float]
    single = given and all(dtype.char in "ef" for dtype in given)
    x, d = np.asarray(x, float), np.asarray(d, float)
    y = np.asarray(sp.polygamma(order, x + d) - sp.polygamma(order, x))
    near = (np.abs(d) < 0.1 * x) & (x > 0)
    if near.any():
        x, d = np.where(near, x, 1.0), np.where(near, d, 0.0)
        terms = [sp.polygamma(order + k, x) * d**k / math.factorial(k) for k in range(1, 20)]
        y = np.where(near, sum(reversed(terms)), y)
    return y.astype(np.float32 if single else float)[()]


def _written_rise(w, y, x, d):
    if y.params.get("order"):
        return None
    return w.difference(w.call("psi", [w.sum(x, d)]), w.call("psi", [x]))


psi_rise = define(
    "psi_rise",
    _psi_rise,
    vjps=(
        lambda g, y, x, d, order=0: g * psi_rise(x, d, order=order + 1),
        lambda g, y, x, d, order=0: g * polygamma(order + 1, x + d),
    ),
    samples=lambda rng: [((rng.uniform(0.5, 3, 3), rng.uniform(0.01, 3, 3)), {})],
    written=_written_rise,
    real_only="polygamma takes real numbers",
)


def _is_pole(x):
    """Return where Γ has a pole: at 0, −1, −2, …"""
    return np.logical_and(x <= 0, x == np.floor(x))


def _log_ratio_slope(x, d):
    """Return ψ(x + d) − ψ(x); if both are poles, by reflection: the poles cancel in the ratio."""
    both = np.logical_and(_is_pole(x), _is_pole(x + d))
    return psi_rise(np.where(both, 1 - x, x), np.where(both, -d, d))


beta = _row(
    "beta",
    lambda y, a, b: -y * psi_rise(a, b),
    lambda y, a, b: -y * psi_rise(b, a),
    domain=POSITIVE * 2,
)
betaln = _row(
    "betaln",
    lambda y, a, b: -psi_rise(a, b),
    lambda y, a, b: -psi_rise(b, a),
    domain=POSITIVE * 2,
)


def _poch_by_base(y, z, m):
    """Return the slope of Γ(z + m) / Γ(z) by z: where it is 0, by the product rule."""
    zero = np.logical_and(_is_pole(z), np.logical_not(_is_pole(z + m)))
    top, bottom = np.where(zero, z + m, 1.0), np.where(zero, z, 1.0)
    at_zero = gamma(top) * _rgamma_slope(bottom) + y * digamma(top)
    return np.where(zero, at_zero, y * _log_ratio_slope(np.where(zero, 1.0, z), m))


poch = _row(
    "poch",
    _poch_by_base,
    lambda y, z, m: y * digamma(z + m),
    domain=POSITIVE * 2,
)


def _binom_slope_at_zero(y, zero, n, one, other, turning):
    """Return a slope of n! / k! / (n − k)! where a pole of Γ makes it 0, by the product rule.

    Args:
        y, n: the result and the first argument.
        zero: where that is so.
        one, other: k + 1 and n − k + 1, or the reverse; the first is the pole.
        turning: the argument of the Γ that moves beside that of `one`.
    """
    one, other = np.where(zero, one, 1.0), np.where(zero, other, 1.0)
    scale = np.exp(gammaln(np.where(zero, n + 1, 1.0)) - gammaln(other))
    return scale * _rgamma_slope(one) + y * digamma(np.where(zero, turning, 1.0))


def _zero_of_binom(n, x):
    return np.logical_and(_is_pole(x), np.logical_not(_is_pole(n + 1)))


def _binom_by_n(y, n, k):
    rest = n - k + 1
    zero = _zero_of_binom(n, rest)
    rise = _log_ratio_slope(np.where(zero, 1.0, rest), k)
    at_zero = _binom_slope_at_zero(y, zero, n, rest, k + 1, n + 1)
    return np.where(zero, at_zero, y * rise)


def _binom_by_k(y, n, k):
    rest = n - k + 1
    above, below = _zero_of_binom(n, rest), _zero_of_binom(n, k + 1)
    zero = np.logical_or(above, below)
    rise = _log_ratio_slope(np.where(zero, 1.0, k + 1), np.where(zero, 0.0, n - 2 * k))
    beyond = _binom_slope_at_zero(y, above, n, rest, k + 1, k + 1)
    before = _binom_slope_at_zero(y, below, n, k + 1, rest, rest)
    return np.where(above, -beyond, np.where(below, before, y * rise))


binom = _row("binom", _binom_by_n, _binom_by_k, domain=((3.1, 5.0), (0.1, 2.9)))


def _gamma_kernel(log_scale, p, x):
    """Return e^log_scale · x^p · e^−x, 0 at infinity."""
    end = np.isinf(x)
    x = np.where(end, 1.0, x)
    return np.where(end, 0.0, np.exp(log_scale + sp.xlogy(p, x) - x))


def _beta_kernel(log_scale, p, q, x):
    """Return e^log_scale · x^p · (1 − x)^q."""
    return np.exp(log_scale + sp.xlogy(p, x) + sp.xlog1py(q, -x))


def _lower(p):
    """Return the power left by differentiating x^p; if p is 0, any will do."""
    return np.where(p == 0, 0.0, p - 1.0)


gamma_kernel = _row_of_last(
    "gamma_kernel",
    lambda y, s, p, x: p * gamma_kernel(s, _lower(p), x) - y,
    ((0.5, 1.5), (0.3, 4)),
    function=_gamma_kernel,
)
beta_kernel = _row_of_last(
    "beta_kernel",
    lambda y, s, p, q, x: p * beta_kernel(s, _lower(p), q, x) - q * beta_kernel(s, p, _lower(q), x),
    ((0.5, 1.5, 2.5), (0.1, 0.9)),
    function=_beta_kernel,
)


def _gamma_density(a, x):
    return gamma_kernel(-sp.gammaln(a), np.subtract(a, 1.0), x)


def _beta_density(a, b, x):
    return beta_kernel(-sp.betaln(a, b), np.subtract(a, 1.0), np.subtract(b, 1.0), x)


gammainc = _row_of_last("gammainc", lambda y, a, x: _gamma_density(a, x), ((2.5,), (0.3, 4)))
gammaincc = _row_of_last("gammaincc", lambda y, a, x: -_gamma_density(a, x), ((2.5,), (0.3, 4)))
gammaincinv = _row_of_last(
    "gammaincinv", lambda y, a, p: 1 / _gamma_density(a, y), ((2.5,), UNIT[0])
)
gammainccinv = _row_of_last(
    "gammainccinv", lambda y, a, p: -1 / _gamma_density(a, y), ((2.5,), UNIT[0])
)
betainc = _row_of_last(
    "betainc", lambda y, a, b, x: _beta_density(a, b, x), ((1.5, 2.5), (0.1, 0.9))
)
betaincinv = _row_of_last(
    "betaincinv", lambda y, a, b, p: 1 / _beta_density(a, b, y), ((1.5, 2.5), (0.1, 0.9))
)


UNDERFLOW = 1e-290


def _log_of(part, other, tiny):
    """Return log `part` of two numbers that add up to 1; `tiny` where `part` underflows."""
    known = np.where(part < 0.5, np.log(part), np.log1p(-other))
    return np.where(part < UNDERFLOW, tiny, known)


def _log_gammainc(a, x):
    """Return the logarithm of gammainc, where that is tiny by its power series."""
    part = sp.gammainc(a, x)
    series = sp.hyp1f1(1.0, np.add(a, 1.0), np.where(part < UNDERFLOW, x, 0.0))
    tiny = sp.xlogy(a, x) - x - sp.gammaln(np.add(a, 1.0)) + np.log(series)
    return _log_of(part, sp.gammaincc(a, x), tiny)


def _log_gammaincc(a, x):
    """Return the logarithm of gammaincc, where that is tiny by Legendre's continued fraction."""
    part = sp.gammaincc(a, x)
    far = np.where(part < UNDERFLOW, x, a + 2.0)
    fraction = far
    for n in reversed(range(1, 201)):
        fraction = far + 2 * n - 1 - a - n * (n - a) / fraction
    tiny = sp.xlogy(a, x) - x - sp.gammaln(a) - np.log(fraction)
    return _log_of(part, sp.gammainc(a, x), np.where(x == np.inf, -np.inf, tiny))


def _log_betainc(a, b, x):
    """Return the logarithm of betainc, where that is tiny by its power series."""
    part = sp.betainc(a, b, x)
    a, b = np.asarray(a, float), np.asarray(b, float)
    series = sp.hyp2f1(a + b, 1.0, a + 1.0, np.where(part < UNDERFLOW, x, 0.0))
    tiny = sp.xlogy(a, x) + sp.xlog1py(b, -x) - np.log(a) - sp.betaln(a, b) + np.log(series)
    return _log_of(part, sp.betainc(b, a, 1 - x), tiny)


# Their slopes are a density divided by a probability, as a difference of logarithms.
log_gammainc = _row_of_last(
    "log_gammainc",
    lambda y, a, x: np.exp(xlogy(a - 1.0, x) - x - sp.gammaln(a) - y),
    ((2.5,), (0.3, 4)),
    function=_log_gammainc,
)
log_gammaincc = _row_of_last(
    "log_gammaincc",
    lambda y, a, x: -np.exp(xlogy(a - 1.0, x) - x - sp.gammaln(a) - y),
    ((2.5,), (0.3, 4)),
    function=_log_gammaincc,
)
log_betainc = _row_of_last(
    "log_betainc",
    lambda y, a, b, x: np.exp(xlogy(a - 1.0, x) + xlog1py(b - 1.0, -x) - sp.betaln(a, b) - y),
    ((1.5, 2.5), (0.1, 0.9)),
    function=_log_betainc,
)
stdtr = _row_of_last(
    "stdtr",
    lambda y, df, t: (
        np.exp(-(df + 1) / 2 * np.log1p(t * t / df) - sp.betaln(df / 2, 0.5)) / np.sqrt(df)
    ),
    ((2.5,), (-2, 2)),
)
zeta = _row_of_last("zeta", lambda y, x, q: -x * zeta(x + 1, q), ((2.5,), (0.5, 3)))


def multigammaln(a, d):
    """Return the logarithm of the gamma function of dimension `d`, as in scipy.special.

    Args:
        a: a number, array or Value, greater than (d − 1) / 2.
        d: the dimension, a plain int.

    Example:
        >>> round(float(multigammaln(2.0, 1)), 6)
        0.0
    """
    halves = np.arange(d) / 2
    a = array(a)
    terms = gammaln(np.expand_dims(a, -1) - halves.astype(a.dtype))
    return np.sum(terms, axis=-1) + d * (d - 1) / 4 * math.log(math.pi)


def factorial(n):
    """Return n! = Γ(n + 1), and 0 for n < 0, as in scipy.special with exact=False."""
    return np.where(n >= 0, gamma(np.where(n >= 0, n, 0.0) + 1), 0.0)


def comb(N, k):
    """Return the number of ways to choose k out of N, as in scipy.special with exact=False."""
    possible = np.logical_and(np.logical_and(k >= 0, k <= N), N >= 0)
    return np.where(possible, binom(N, k), 0.0)


# -- error functions and the normal distribution -----------------------------------------------

erf = answers(sp.erf)(activations.erf)
erfc = answers(sp.erfc)(activations.erfc)

# Far out, 2xy and its limit are equal to many digits; there the slope is an asymptotic series.
ODD_FACTORIALS = [float(math.prod(range(1, 2 * k + 2, 2))) for k in range(20)]
FAR = 10.0
DOUBLE = np.float64(1.0)  # makes numbers double by multiplying them


def _asymptotic(v):
    """Return Σ (2k + 1)!! v^k, where |v| is at most 1 / (2 FAR²), in double precision at least."""
    v, total = v * DOUBLE, 0.0
    for coefficient in reversed(ODD_FACTORIALS):
        total = total * v + coefficient
    return total


def _erfcx_slope(y, x):
    far = np.real(x) > FAR
    size = np.where(far, x, FAR)
    v = 0.5 / size / size
    return np.where(far, -2 / ROOT_PI * v * _asymptotic(-v), 2 * x * y - 2 / ROOT_PI)


def _dawsn_slope(y, x):
    far = np.real(x * x) > FAR * FAR
    size = np.where(far, x, FAR)
    v = 0.5 / size / size
    return np.where(far, -v * _asymptotic(v), 1 - 2 * x * y)


erfcx = _row("erfcx", _erfcx_slope)
erfi = _row("erfi", lambda y, x: 2 / ROOT_PI * np.exp(x * x), domain=((-1.5, 1.5),))
dawsn = _row("dawsn", _dawsn_slope)
erfinv = _row("erfinv", lambda y, p: ROOT_PI / 2 * np.exp(y * y), domain=((-0.9, 0.9),))
erfcinv = _row("erfcinv", lambda y, p: -ROOT_PI / 2 * np.exp(y * y), domain=((0.1, 1.9),))
ndtr = _row("ndtr", lambda y, x: np.exp(-x * x / 2) / ROOT_2PI)


def _log_ndtr_slope(y, x):
    """Return φ(x) / Φ(x); for negative x both underflow, and their ratio is one of erfcx."""
    left = np.real(x) < 0
    below, above = np.where(left, x, -1.0), np.where(left, 1.0, x)
    upper = np.exp(-above * above / 2) / (ROOT_2PI * ndtr(above))
    return np.where(left, math.sqrt(2 / math.pi) / erfcx(below * -math.sqrt(0.5)), upper)


log_ndtr = _row("log_ndtr", _log_ndtr_slope)
ndtri = _row("ndtri", lambda y, p: ROOT_2PI * np.exp(y * y / 2), domain=UNIT)
owens_t = _row(
    "owens_t",
    lambda y, h, a: -erf(a * h / math.sqrt(2)) * np.exp(-h * h / 2) / (2 * ROOT_2PI),
    lambda y, h, a: np.exp(-h * h * (1 + a * a) / 2) / (2 * math.pi * (1 + a * a)),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
)

# -- logistic functions, entropies, power transforms -------------------------------------------

expit = _row("expit", lambda y, x: tanh_slope(np.tanh(x / 2), x / 2) / 4, saturates=(0.0, 1.0))
log_expit = _row("log_expit", lambda y, x: expit(-x))
logit = _row("logit", lambda y, p: 1 / p + 1 / (1 - p), domain=UNIT)

ratio = elementwise(  # a / b, but 0 / 0 is 0: the slope of 0 · log(b), which is 0 for all b
    "ratio",
    lambda a, b: np.where(a == 0, 0.0, a / b),
    lambda y, a, b: 1 / b,
    lambda y, a, b: -ratio(y, b),
    domain=((-3.0, 3.0), POSITIVE[0]),
    written=lambda w, y, a, b: w.quotient(a, b),
)


def _log_ratio(a, b):
    """Return log(a / b), with all digits where a and b are close, and if a / b overflows."""
    quotient = a / b
    close = np.abs(quotient - 1) < 0.5
    plain = np.isfinite(quotient) & (quotient >= np.finfo(np.asarray(quotient).dtype).tiny)
    apart = np.where(plain, np.log(quotient), np.log(a) - np.log(b))
    return np.where(close, np.log1p(np.where(close, (a - b) / b, 0.0)), apart)


log_ratio = elementwise(
    "log_ratio",
    _log_ratio,
    lambda y, a, b: 1 / a,
    lambda y, a, b: -1 / b,
    domain=POSITIVE * 2,
)
relative_gap = elementwise(  # (b − a) / b, where a is 0 its limit 1
    "relative_gap",
    lambda a, b: np.where(a == 0, 1.0, (b - a) / b),
    lambda y, a, b: -1 / b,
    lambda y, a, b: ratio(ratio(a, b), b),
    domain=POSITIVE * 2,
)
xlogy = _row(
    "xlogy",
    lambda y, a, b: np.log(b),
    lambda y, a, b: ratio(a, b),
    domain=((-3.0, 3.0), POSITIVE[0]),
)
xlog1py = _row(
    "xlog1py",
    lambda y, a, b: xlog1py(1.0, b),  # more accurate than np.log1p for complex numbers near 0
    lambda y, a, b: ratio(a, 1 + b),
    domain=((-3.0, 3.0), (-0.8, 3.0)),
)
entr = _row("entr", lambda y, x: -np.log(x) - 1, domain=POSITIVE)
rel_entr = _row(
    "rel_entr",
    lambda y, a, b: log_ratio(a, b) + 1,
    lambda y, a, b: -ratio(a, b),
    domain=POSITIVE * 2,
)
kl_div = _row(
    "kl_div",
    lambda y, a, b: log_ratio(a, b),
    lambda y, a, b: relative_gap(a, b),
    domain=POSITIVE * 2,
)


def _log1p_square(x):
    """Return log(1 + x²), also where x² overflows."""
    size = np.abs(np.asarray(x))
    far = size > np.finfo(size.dtype).max ** 0.25
    square = np.where(far, 1.0, size) ** 2
    return np.where(far, 2 * np.log(np.where(far, size, 1.0)), np.log1p(square))


log1p_square = elementwise(
    "log1p_square",
    _log1p_square,
    lambda y, x: 2 * (x / np.hypot(1.0, x)) / np.hypot(1.0, x),
    real_only="the size of a complex number has no complex slope",
)


def _in_double(x):
    x = np.asarray(x)
    return x.astype(np.result_type(x.dtype, float))


def _exp_moment(n, x):
    """Return the integral of t^n e^(xt) over t from 0 to 1, a series where x is small."""
    x, bound = _in_double(x), max(2, n)
    near = np.abs(x) < bound
    small, large = np.where(near, x, 0.0), np.where(near, bound, x)
    series = 0.0
    for k in reversed(range(30 + 8 * n)):
        series = series * small / (k + 1) + 1 / (n + 1 + k)
    top = np.exp(large)
    moment = sp.exprel(large)
    for i in range(1, n + 1):  # by parts
        moment = (top - i * moment) / large
    return np.where(near, series, np.where(np.isinf(top), top, moment))


def _log_moment(n, x):
    """Return the integral of t^n / (1 + xt)^(n+1) over t from 0 to 1, a series where x is small."""
    x = _in_double(x)
    near = np.abs(x) < 0.4
    small, large = np.where(near, x, 0.0), np.where(near, 1.0, x)
    series = 0.0
    for k in reversed(range(50 + 10 * n)):
        series = math.comb(n + k, k) / (n + 1 + k) - series * small
    moment = np.log1p(large) / large
    for i in range(1, n + 1):  # by parts
        moment = (moment - (1 + large) ** -i / i) / large
    return np.where(near, series, np.where(np.isinf(x), 0.0, moment))


exp_moment = _row_of_last(
    "exp_moment",
    lambda y, n, x: exp_moment(n + 1, x),
    ((0,), (-3, 3)),
    ((1,), (-3, 3)),
    function=_exp_moment,
)
log_moment = _row_of_last(
    "log_moment",
    lambda y, n, x: -(n + 1) * log_moment(n + 1, x),
    ((0,), (-0.7, 3)),
    ((1,), (-0.7, 3)),
    function=_log_moment,
)


def _boxcox_by_power(y, p, empty, log):
    """Return the slope of (e^(p · log) − 1) / p; where `empty`, e^(p · log) is 0."""
    log = np.where(empty, 0.0, log)
    return np.where(empty, -y / np.where(empty, p, 1.0), log * log * exp_moment(1, p * log))


boxcox = _row(
    "boxcox",
    lambda y, x, p: x ** (p - 1),
    lambda y, x, p: _boxcox_by_power(y, p, x == 0, np.log(np.where(x == 0, 1.0, x))),
    domain=(POSITIVE[0], (0.5, 2.0)),
)
boxcox1p = _row(
    "boxcox1p",
    lambda y, x, p: np.exp(xlog1py(p - 1, x)),
    lambda y, x, p: _boxcox_by_power(y, p, x == -1, np.log1p(np.where(x == -1, 0.0, x))),
    domain=((-0.6, 3.0), (0.5, 2.0)),
)


def _inv_boxcox(x, p, power):
    """Return (1 + xp)^(power / p), which is e^(power · x) at p = 0."""
    return np.exp(power * x * log_moment(0, x * p))


inv_boxcox = _row(
    "inv_boxcox",
    lambda y, x, p: _inv_boxcox(x, p, 1 - p),
    lambda y, x, p: -y * (x * (x * log_moment(1, x * p))),
    domain=(POSITIVE[0], (0.5, 2.0)),
)
inv_boxcox1p = _row(
    "inv_boxcox1p",
    lambda y, x, p: _inv_boxcox(x, p, 1 - p),
    lambda y, x, p: -_inv_boxcox(x, p, 1.0) * (x * (x * log_moment(1, x * p))),
    domain=(POSITIVE[0], (0.5, 2.0)),
)
exprel = _row("exprel", lambda y, x: exp_moment(1, x))
cosm1 = _row("cosm1", lambda y, x: -np.sin(x))
exp10 = _row("exp10", lambda y, x: y * math.log(10), domain=((-1.0, 1.0),))


def huber(delta, r):
    """Return Huber's loss (1964): r² / 2 up to |r| = delta, a straight line beyond."""
    size = np.abs(r)
    return np.where(size <= delta, r * r / 2, delta * (size - delta / 2))


def pseudo_huber(delta, r):
    """Return delta² (√(1 + (r/delta)²) − 1): Huber's loss with a smooth bend."""
    return delta * r * ratio(r, delta + np.hypot(delta, r))


# -- Bessel functions --------------------------------------------------------------------------

SAMPLES = ((2.5,), (0.5, 5)), ((1,), (0.5, 5))
WHOLE = (((2,), (0.5, 5)),)


j0 = _row("j0", lambda y, x: -j1(x))
j1 = _row("j1", lambda y, x: (j0(x) - jv(2, x)) / 2)
y0 = _row("y0", lambda y, x: -y1(x), domain=POSITIVE)
y1 = _row("y1", lambda y, x: (y0(x) - yn(2, x)) / 2, domain=POSITIVE)
jv = jn = _row_of_last("jv", lambda y, v, x: (jv(v - 1, x) - jv(v + 1, x)) / 2, *SAMPLES)
yv = _row_of_last("yv", lambda y, v, x: (yv(v - 1, x) - yv(v + 1, x)) / 2, *SAMPLES)
yn = _row_of_last("yn", lambda y, v, x: (yn(v - 1, x) - yn(v + 1, x)) / 2, *WHOLE)
i0 = _row("i0", lambda y, x: i1(x))
i1 = _row("i1", lambda y, x: (i0(x) + iv(2, x)) / 2)


def _ratio_coefficients():
    """Return c with I₁/I₀(x) ~ 1 + Σ c_n x^-n, as its differential equation r' = 1 − r/x − r² says.

    K₁/K₀(x) has the same series with −x instead of x.
    """
    c = [1.0]
    for n in range(1, 21):
        c.append(((n - 2) * c[-1] - sum(c[i] * c[n - i] for i in range(1, n))) / 2)
    return c[1:]


RATIO_COEFFICIENTS = _ratio_coefficients()


def _ratio_less_1(x):
    """Return I₁/I₀(x) − 1, or K₁/K₀(−x) − 1, for |x| of 30 and more."""
    x, total = x * DOUBLE, 0.0
    for coefficient in reversed(RATIO_COEFFICIENTS):
        total = (total + coefficient) / x
    return total


def _i0e_slope(y, x):
    """Return i1e(x) − y for positive x, where these are almost equal by the ratio."""
    size, sign = np.abs(x), np.sign(x)
    far = size > 30
    ratio_less_1 = _ratio_less_1(np.where(far, size, 30.0))
    return np.where(far, sign * y * ratio_less_1, i1e(x) - sign * y)


def _i1e_slope(y, x):
    size = np.abs(x)
    far = size > 30
    size = np.where(far, size, 30.0)
    beyond = -i0e(size) * _ratio_less_1(size) - i1e(size) / size
    return np.where(far, beyond, (i0e(x) + ive(2, x)) / 2 - np.sign(x) * y)


i0e = _row("i0e", _i0e_slope, domain=POSITIVE)
i1e = _row("i1e", _i1e_slope, domain=POSITIVE)


def _log_i0_less_x_slope(y, x):
    far = x > 30
    near = np.where(far, 0.0, x)
    return np.where(far, _ratio_less_1(np.where(far, x, 30.0)), i1e(near) / i0e(near) - 1)


log_i0_less_x = elementwise(  # log I₀(x) − x, smooth at 0, and small for large x
    "log_i0_less_x",
    lambda x: np.log(sp.i0e(x)) + (np.abs(x) - x),
    _log_i0_less_x_slope,
    domain=POSITIVE,
)
iv = _row_of_last("iv", lambda y, v, x: (iv(v - 1, x) + iv(v + 1, x)) / 2, *SAMPLES)
ive = _row_of_last(  # iv(v, x) exp(-|Re x|)
    "ive",
    None,
    *SAMPLES,
    vjp=lambda g, y, v, x: (
        g * (ive(v - 1, x) + ive(v + 1, x)) / 2 - np.sign(np.real(x)) * np.real(g * y)
    ),
)
k0 = _row("k0", lambda y, x: -k1(x), domain=POSITIVE)
k1 = _row("k1", lambda y, x: -(k0(x) + kn(2, x)) / 2, domain=POSITIVE)


def _k0e_slope(y, x):
    far = x > 30
    return np.where(far, -y * _ratio_less_1(-np.where(far, x, 30.0)), y - k1e(x))


def _k1e_slope(y, x):
    far = x > 30
    size, small = np.where(far, x, 30.0), np.where(far, 1.0, x)
    beyond = k0e(size) * _ratio_less_1(-size) - k1e(size) / size
    return np.where(far, beyond, k1e(small) - (k0e(small) + kve(2, small)) / 2)


k0e = _row("k0e", _k0e_slope, domain=POSITIVE)
k1e = _row("k1e", _k1e_slope, domain=POSITIVE)
kv = _row_of_last("kv", lambda y, v, x: -(kv(v - 1, x) + kv(v + 1, x)) / 2, *SAMPLES)
kn = _row_of_last("kn", lambda y, v, x: -(kn(v - 1, x) + kn(v + 1, x)) / 2, *WHOLE)
kve = _row_of_last("kve", lambda y, v, x: y - (kve(v - 1, x) + kve(v + 1, x)) / 2, *SAMPLES)

# -- integrals and hypergeometric functions ----------------------------------------------------

expi = _row("expi", lambda y, x: np.exp(x) / x, domain=POSITIVE)
exp1 = _row("exp1", lambda y, x: -np.exp(-x) / x, domain=POSITIVE)


def _expn_slope(y, n, x):
    """Return −E_{n−1}(x); SciPy has no E_{−1}, which is an elementary function."""
    return np.where(n == 0, -np.exp(-x) * (1 / x + 1 / (x * x)), -expn(np.maximum(n, 1) - 1, x))


expn = _row_of_last("expn", _expn_slope, ((3,), (0.5, 3)), ((0,), (0.5, 3)))


def _spence_slope(y, z):
    """Return log z / (1 − z), near 1 by a function without a 0 / 0 there."""
    low = np.abs(z) < 0.5
    small, large = np.where(low, z, 0.5), np.where(low, 1.0, z)
    return np.where(low, np.log(small) / (1 - small), -log_moment(0, large - 1))


spence = _row("spence", _spence_slope, domain=((0.3, 4.0),))
# As hypergeometric functions their slopes are right at 0 too, where the usual formulas are 0 / 0.
ellipk = _row(
    "ellipk",
    lambda y, m: math.pi / 8 * hyp2f1(0.5, 0.5, 2.0, m) / (1 - m),
    domain=((-0.9, 0.9),),
)
ellipe = _row("ellipe", lambda y, m: -math.pi / 8 * hyp2f1(0.5, 1.5, 2.0, m), domain=((-0.9, 0.9),))
hyp0f1 = _row_of_last("hyp0f1", lambda y, v, z: hyp0f1(v + 1, z) / v, ((1.5,), (-2, 2)))
hyp1f1 = _row_of_last(
    "hyp1f1",
    lambda y, a, b, z: a / b * hyp1f1(a + 1, b + 1, z),
    ((1.5, 2.5), (-2, 2)),
    real_only="SciPy 1.13 gives 1 for all complex z" if sp.hyp1f1(0.5, 1.5, 1j) == 1 else "",
)
hyp2f1 = _row_of_last(
    "hyp2f1",
    lambda y, a, b, c, z: a * b / c * hyp2f1(a + 1, b + 1, c + 1, z),
    ((0.5, 1.5, 2.5), (-0.7, 0.7)),
)

# -- over an axis ------------------------------------------------------------------------------


def _total(a, b, axis):
    """Return the top of `a`, infinite ones aside, and Σ b e^(a − top); the axes are kept."""
    top = np.max(np.where(b == 0, -np.inf, a), axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    e = np.exp(np.where(b == 0, np.minimum(a, top), a) - top)  # what weighs nothing may be larger
    return top, np.sum(b * e, axis=axis, keepdims=True)


def _log_total(a, b, axis=None):
    """Return log |Σ b e^a|, the complex logarithm of complex numbers."""
    top, total = _total(a, b, axis)
    size = total if np.iscomplexobj(total) else np.abs(total)
    return np.squeeze(np.log(size) + top, axis=axis)


def _slope_by_weight(y, a, b, axis):
    """Return ±e^(a − y), the slope of log |Σ b e^a| by b; e^(a − y) at infinity by its limit."""
    y = reduce.spread(y, a, axis)
    top = np.equal(raw(a), np.inf)
    heavy = np.sum(np.where(top, raw(b), 0.0), axis=axis, keepdims=True)
    share = np.where(top, 1.0, 0.0) / np.where(heavy == 0, 1.0, heavy)
    plain = np.exp(np.where(heavy == 0, a, 0.0) - np.where(heavy == 0, y, 0.0))
    sign = 1.0 if np.iscomplexobj(y) else np.sign(_total(raw(a), raw(b), axis)[1])
    return np.where(heavy == 0, plain * sign, share)


def _slope_by_exponent(y, a, b, axis):
    slope = _slope_by_weight(y, a, b, axis)
    nothing = np.logical_and(b == 0, np.isinf(slope))
    return np.where(nothing, 0.0, b * np.where(nothing, 0.0, slope))


log_total = define(
    "log_total",
    _log_total,
    vjps=(
        lambda g, y, a, b, axis=None: reduce.spread(g, a, axis) * _slope_by_exponent(y, a, b, axis),
        lambda g, y, a, b, axis=None: reduce.spread(g, a, axis) * _slope_by_weight(y, a, b, axis),
    ),
    samples=lambda rng: [
        ((rng.normal(size=(2, 3)), rng.uniform(0.5, 2, (2, 3))), {"axis": axis})
        for axis in (None, 1)
    ],
)


def logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False):
    """Return log Σ b e^a without overflow, as in scipy.special.

    Args:
        a: an array or Value, or a list of numbers and Values.
        axis: the axis or axes to sum over, None for all.
        b: weights that broadcast with `a`, of either sign.
        keepdims: keep the summed axes, with length 1.
        return_sign: return (log |sum|, sign of the sum).

    Example:
        >>> round(float(logsumexp(np.array([0.0, 0.0]))), 6)
        0.693147
    """
    a = array(a)
    if b is None and not return_sign:
        return reduce.logsumexp(a, axis=axis, keepdims=keepdims)
    a, b = np.broadcast_arrays(a, np.ones(()) if b is None else b)
    sign = np.sign(_total(raw(a), raw(b), axis)[1])
    y = log_total(a, b, axis=axis)
    y = np.reshape(y, sign.shape) if keepdims else y
    sign = (sign if keepdims else np.squeeze(sign, axis=axis))[()]
    if return_sign:
        return y, sign
    return np.where(sign < 0, np.nan, y) if np.any(sign < 0) else y


def softmax(x, axis=None):
    """Return e^x / Σ e^x over an axis, None for all entries, as in scipy.special."""
    return reduce.softmax(array(x), axis=axis)


def log_softmax(x, axis=None):
    """Return x − log Σ e^x over an axis, None for all entries, as in scipy.special."""
    return reduce.log_softmax(array(x), axis=axis)
