"""NumPy's polynomials: vectors of coefficients, highest power first."""

import numpy as np

from autograd.composed.creation import array, vander
from autograd.composed.manipulation.joining import concatenate
from autograd.composed.manipulation.shapes import atleast_1d
from autograd.engine.arrays import normal
from autograd.engine.dispatch import answers
from autograd.ops.indexing import scatter


def _coefficients(p):
    """Return `p` as an array or Value, without leading zeros."""
    p = np.trim_zeros(atleast_1d(p), "f")
    return p if p.size else np.zeros(1)


@answers(np.polyval)
def polyval(p, x):
    """Return the polynomial with coefficients `p` at `x`, by Horner's rule."""
    p, x = array(p), array(x)
    y = np.zeros(x.shape, x.dtype)
    for coefficient in p:
        y = y * x + coefficient
    return y


@answers(np.polyadd)
def polyadd(a1, a2):
    """Return the coefficients of the sum of two polynomials."""
    a1, a2 = atleast_1d(a1, a2)
    size = max(a1.size, a2.size)
    return np.pad(a1, (size - a1.size, 0)) + np.pad(a2, (size - a2.size, 0))


@answers(np.polysub)
def polysub(a1, a2):
    """Return the coefficients of the difference of two polynomials."""
    return polyadd(a1, -array(a2))


@answers(np.polymul)
def polymul(a1, a2):
    """Return the coefficients of the product of two polynomials."""
    return np.convolve(_coefficients(a1), _coefficients(a2))


@answers(np.polydiv)
def polydiv(u, v):
    """Return the coefficients of the quotient and the remainder, by long division."""
    rest, v = atleast_1d(u, v)
    rest, v = rest + 0.0, v + 0.0
    scale, quotient = 1.0 / v[0], []
    for i in range(rest.size - v.size + 1):
        quotient.append(scale * rest[i])
        rest = rest - scatter(quotient[-1] * v, slice(i, i + v.size), rest.shape)
    while rest.size > 1 and np.allclose(rest[0], 0, rtol=1e-14):
        rest = rest[1:]
    return array(quotient) if quotient else np.zeros(1, rest.dtype), rest


@answers(np.polyder)
def polyder(p, m=1):
    """Return the coefficients of the m-th derivative of a polynomial."""
    p = array(p)
    for _ in range(m):
        p = p[:-1] * np.arange(p.size - 1, 0, -1)
    return p


@answers(np.polyint)
def polyint(p, m=1, k=None):
    """Return the coefficients of an m-th antiderivative, with the constants `k`."""
    p = array(p)
    constants = np.zeros(m) if k is None else atleast_1d(k)
    if constants.size == 1 < m:
        constants = np.repeat(constants, m)
    if constants.size < m:
        raise ValueError(f"np.polyint takes one constant or {m}, not {constants.size}")
    for i in range(m):
        p = concatenate([p / np.arange(p.size, 0, -1), constants[i : i + 1]])
    return p


@answers(np.poly)
def poly(seq_of_zeros):
    """Return the coefficients of the polynomial with these zeros, or of that of a matrix."""
    zeros = atleast_1d(seq_of_zeros)
    if zeros.ndim == 2:
        zeros = np.linalg.eigvals(zeros)
    p = np.ones(1, zeros.dtype)
    for zero in zeros:
        p = np.pad(p, (0, 1)) - zero * np.pad(p, (1, 0))
    if p.dtype.kind == "c":
        raw = normal(zeros.numpy())
        if np.array_equal(np.sort(raw), np.sort(raw.conj())):
            return np.real(p)
    return p


@answers(np.roots)
def roots(p):
    """Return the zeros of a polynomial, which are the eigenvalues of its companion matrix."""
    p = atleast_1d(p)
    places = np.flatnonzero(p)
    if not places.size:
        return np.zeros(0)
    at_zero = p.size - places[-1] - 1
    p = p[places[0] : places[-1] + 1]
    if p.size == 1:
        return np.zeros(at_zero, p.dtype)
    first_row = -p[1:] / p[0]
    companion = np.concatenate([first_row[None, :], np.eye(p.size - 2, p.size - 1, dtype=p.dtype)])
    found = np.linalg.eigvals(companion)
    return np.pad(found, (0, int(at_zero))) if at_zero else found


@answers(np.polyfit)
def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Return the coefficients of the least-squares polynomial through points, as np.polyfit does.

    Args:
        x: coordinates of the points, shape (points,).
        y: values at the points, shape (points,) or (points, sets).
        deg: the degree.
        rcond: which singular values count as zero, relative to the largest.
        full: return residuals, rank, singular values and rcond as well.
        w: weights of the points, shape (points,).
        cov: return the covariance of the coefficients as well; "unscaled" for weights that
            are 1/σ of known errors.

    Returns:
        coefficients of shape (deg + 1,) or (deg + 1, sets), or a tuple with them first.
    """
    x, y = array(x) + 0.0, array(y) + 0.0
    rcond = x.shape[0] * np.finfo(x.dtype).eps if rcond is None else rcond
    lhs, rhs = vander(x, deg + 1), y
    if w is not None:
        w = array(w) + 0.0
        lhs = lhs * w[:, None]
        rhs = rhs * (w[:, None] if rhs.ndim == 2 else w)
    scale = np.sqrt(np.sum(lhs * lhs, axis=0))
    lhs = lhs / scale
    solution, residuals, rank, singular = np.linalg.lstsq(lhs, rhs, rcond)
    solution = np.transpose(np.transpose(solution) / scale)
    if full:
        return solution, residuals, rank, singular, rcond
    if not cov:
        return solution
    base = np.linalg.inv(np.transpose(lhs) @ lhs) / np.outer(scale, scale)
    if cov == "unscaled":
        return solution, base
    if x.shape[0] <= deg + 1:
        raise ValueError(
            f"{x.shape[0]} points are too few to estimate the covariance of {deg + 1} "
            "coefficients; give more points, or cov='unscaled'"
        )
    factor = residuals / (x.shape[0] - (deg + 1))
    return solution, base * factor if y.ndim == 1 else base[:, :, None] * factor
