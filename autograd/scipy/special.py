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
from autograd.scipy import others

__getattr__ = others(sp)

POSITIVE = ((0.3, 4.0),)
UNIT = ((0.05, 0.95),)
ROOT_PI = math.sqrt(math.pi)
ROOT_2PI = math.sqrt(2 * math.pi)


def _row(name, *partials, domain=((-3.0, 3.0),), **fields):
    return elementwise(name, getattr(sp, name), *partials, domain=domain, **fields)


def _row_of_last(name, slope, *samples, vjp=None, **fields):
    """Define an op for a function with a derivative only in its last argument.

    Args:
        name: the function's name in SciPy.
        slope: `(y, *args)`, the derivative in the last argument.
        samples: `(constants, (low, high))`: the other arguments, and an interval for the last one.
        vjp: `(g, y, *args)`, for a function that is not holomorphic and so has no slope.
        **fields: what else `define` takes.
    """
    vjp = vjp or (lambda g, y, *args: g * slope(y, *args))
    function = getattr(sp, name)

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
        *constants, x = args
        for place, constant in enumerate(constants, 1):
            if isinstance(constant, Value):
                raise NotImplementedError(
                    f"{name} has no derivative in argument {place}, only in the last; "
                    "pass a plain number there, such as v.item()"
                )
        return row(x, constants=frozen(tuple(constants)))

    of_last.__name__ = of_last.__qualname__ = name
    of_last.__doc__ = f"scipy.special.{name}, differentiable in its last argument."
    return of_last


# -- gamma and beta ----------------------------------------------------------------------------

GAMMA = {"domain": POSITIVE, "real_only": "SciPy has no complex zeta for slopes"}
gamma = _row("gamma", lambda y, x: y * digamma(x), **GAMMA, latex=r"\Gamma")
gammaln = _row("gammaln", lambda y, x: digamma(x), domain=POSITIVE)
loggamma = _row("loggamma", lambda y, x: digamma(x), **GAMMA)
rgamma = _row("rgamma", lambda y, x: -y * digamma(x), **GAMMA)
gammasgn = _row("gammasgn", lambda y, x: 0.0, domain=POSITIVE)
digamma = psi = _row("psi", lambda y, x: polygamma(1, x), **GAMMA)
polygamma = _row_of_last(
    "polygamma", lambda y, n, x: polygamma(n + 1, x), ((0,), (0.5, 3)), ((2,), (0.5, 3))
)
beta = _row(
    "beta",
    lambda y, a, b: y * (digamma(a) - digamma(a + b)),
    lambda y, a, b: y * (digamma(b) - digamma(a + b)),
    domain=POSITIVE * 2,
)
betaln = _row(
    "betaln",
    lambda y, a, b: digamma(a) - digamma(a + b),
    lambda y, a, b: digamma(b) - digamma(a + b),
    domain=POSITIVE * 2,
)
poch = _row(
    "poch",
    lambda y, z, m: y * (digamma(z + m) - digamma(z)),
    lambda y, z, m: y * digamma(z + m),
    domain=POSITIVE * 2,
)
binom = _row(
    "binom",
    lambda y, n, k: y * (digamma(n + 1) - digamma(n - k + 1)),
    lambda y, n, k: y * (digamma(n - k + 1) - digamma(k + 1)),
    domain=((3.1, 5.0), (0.1, 2.9)),
)


def _gamma_density(a, x):
    return np.exp(xlogy(a - 1, x) - x - sp.gammaln(a))


def _beta_density(a, b, x):
    return np.exp(xlogy(a - 1, x) + xlog1py(b - 1, -x) - sp.betaln(a, b))


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
erfc = _row("erfc", lambda y, x: -2 / ROOT_PI * np.exp(-x * x))
erfcx = _row("erfcx", lambda y, x: 2 * x * y - 2 / ROOT_PI)
erfi = _row("erfi", lambda y, x: 2 / ROOT_PI * np.exp(x * x), domain=((-1.5, 1.5),))
dawsn = _row("dawsn", lambda y, x: 1 - 2 * x * y)
erfinv = _row("erfinv", lambda y, p: ROOT_PI / 2 * np.exp(y * y), domain=((-0.9, 0.9),))
erfcinv = _row("erfcinv", lambda y, p: -ROOT_PI / 2 * np.exp(y * y), domain=((0.1, 1.9),))
ndtr = _row("ndtr", lambda y, x: np.exp(-x * x / 2) / ROOT_2PI)
log_ndtr = _row("log_ndtr", lambda y, x: np.exp(-x * x / 2 - y) / ROOT_2PI)
ndtri = _row("ndtri", lambda y, p: ROOT_2PI * np.exp(y * y / 2), domain=UNIT)
owens_t = _row(
    "owens_t",
    lambda y, h, a: -erf(a * h / math.sqrt(2)) * np.exp(-h * h / 2) / (2 * ROOT_2PI),
    lambda y, h, a: np.exp(-h * h * (1 + a * a) / 2) / (2 * math.pi * (1 + a * a)),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
)

# -- logistic functions, entropies, power transforms -------------------------------------------

expit = _row("expit", lambda y, x: y * (1 - y), saturates=(0.0, 1.0))
log_expit = _row("log_expit", lambda y, x: expit(-x))
logit = _row("logit", lambda y, p: 1 / (p * (1 - p)), domain=UNIT)
xlogy = _row(
    "xlogy", lambda y, a, b: np.log(b), lambda y, a, b: a / b, domain=((-3.0, 3.0), POSITIVE[0])
)
xlog1py = _row(
    "xlog1py",
    lambda y, a, b: xlog1py(1.0, b),  # more accurate than np.log1p for complex numbers near 0
    lambda y, a, b: a / (1 + b),
    domain=((-3.0, 3.0), (-0.8, 3.0)),
)
entr = _row("entr", lambda y, x: -np.log(x) - 1, domain=POSITIVE)
rel_entr = _row(
    "rel_entr", lambda y, a, b: np.log(a / b) + 1, lambda y, a, b: -a / b, domain=POSITIVE * 2
)
kl_div = _row(
    "kl_div", lambda y, a, b: np.log(a / b), lambda y, a, b: 1 - a / b, domain=POSITIVE * 2
)
boxcox = _row(
    "boxcox",
    lambda y, x, p: x ** (p - 1),
    lambda y, x, p: (x**p * np.log(x) - y) / p,
    domain=(POSITIVE[0], (0.5, 2.0)),
)
inv_boxcox = _row(
    "inv_boxcox",
    lambda y, x, p: y ** (1 - p),
    lambda y, x, p: y * (x * p / (1 + x * p) - np.log1p(x * p)) / (p * p),
    domain=(POSITIVE[0], (0.5, 2.0)),
)
exprel = _row(
    "exprel",
    lambda y, x: np.where(x == 0, 0.5, (np.exp(x) - y) / np.where(x == 0, 1.0, x)),
    domain=((0.3, 3.0),),
)
cosm1 = _row("cosm1", lambda y, x: -np.sin(x))
exp10 = _row("exp10", lambda y, x: y * math.log(10), domain=((-1.0, 1.0),))


def huber(delta, r):
    """Return Huber's loss (1964): r² / 2 up to |r| = delta, a straight line beyond."""
    size = np.abs(r)
    return np.where(size <= delta, r * r / 2, delta * (size - delta / 2))


def pseudo_huber(delta, r):
    """Return delta² (√(1 + (r/delta)²) − 1): Huber's loss with a smooth bend."""
    return delta * delta * (np.sqrt(1 + (r / delta) ** 2) - 1)


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
i0e = _row("i0e", lambda y, x: i1e(x) - np.sign(x) * y, domain=POSITIVE)
i1e = _row("i1e", lambda y, x: (i0e(x) + ive(2, x)) / 2 - np.sign(x) * y, domain=POSITIVE)
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
k0e = _row("k0e", lambda y, x: y - k1e(x), domain=POSITIVE)
k1e = _row("k1e", lambda y, x: y - (k0e(x) + kve(2, x)) / 2, domain=POSITIVE)
kv = _row_of_last("kv", lambda y, v, x: -(kv(v - 1, x) + kv(v + 1, x)) / 2, *SAMPLES)
kn = _row_of_last("kn", lambda y, v, x: -(kn(v - 1, x) + kn(v + 1, x)) / 2, *WHOLE)
kve = _row_of_last("kve", lambda y, v, x: y - (kve(v - 1, x) + kve(v + 1, x)) / 2, *SAMPLES)

# -- integrals and hypergeometric functions ----------------------------------------------------

expi = _row("expi", lambda y, x: np.exp(x) / x, domain=POSITIVE)
exp1 = _row("exp1", lambda y, x: -np.exp(-x) / x, domain=POSITIVE)
expn = _row_of_last("expn", lambda y, n, x: -expn(n - 1, x), ((3,), (0.5, 3)))
spence = _row(
    "spence",
    lambda y, z: np.where(z == 1, -1.0, np.log(z) / np.where(z == 1, 1.0, 1 - z)),
    domain=((1.2, 4.0),),
)
ellipk = _row(
    "ellipk", lambda y, m: (ellipe(m) - (1 - m) * y) / (2 * m * (1 - m)), domain=((0.1, 0.9),)
)
ellipe = _row("ellipe", lambda y, m: (y - ellipk(m)) / (2 * m), domain=((0.1, 0.9),))
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
    b = np.ones(()) if b is None else b
    a, b = np.broadcast_arrays(a, b)
    numbers = a.data if isinstance(a, Value) else a
    top = np.max(np.where(b == 0, -np.inf, numbers), axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    top = top.data if isinstance(top, Value) else top
    total = np.sum(b * np.exp(np.where(b == 0, top, a) - top), axis=axis, keepdims=keepdims)
    shift = top if keepdims else np.squeeze(top, axis=axis)
    if return_sign:
        return np.log(np.abs(total)) + shift, np.sign(total)
    return np.log(total) + shift


def softmax(x, axis=None):
    """Return e^x / Σ e^x over an axis, None for all entries, as in scipy.special."""
    return np.exp(log_softmax(x, axis))


def log_softmax(x, axis=None):
    """Return x − log Σ e^x over an axis, None for all entries, as in scipy.special."""
    x = array(x)
    return x - reduce.logsumexp(x, axis=axis, keepdims=True)
