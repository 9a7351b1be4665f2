"""Distributions of vectors: multivariate normal, Dirichlet, multinomial."""

import math
from typing import Any

import numpy as np

from autograd.composed.creation import array
from autograd.engine.value import Value
from autograd.ops.plain import raw
from autograd.scipy.special import gammaln, psi, xlogy
from autograd.scipy.stats.arguments import INF, Power, power, unless
from autograd.scipy.stats.distribution import Family


class MultivariateNormal(Family):
    """The normal distribution of vectors.

    Example:
        >>> from autograd import Value
        >>> from autograd.scipy.stats import multivariate_normal
        >>> mean = Value([0.0, 0.0])
        >>> multivariate_normal.logpdf([1.0, 2.0], mean, np.eye(2)).backward()
        >>> mean.grad
        array([1., 2.])
    """

    def pdf(self, x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
        """Return the density at each row of `x`; see `logpdf`."""
        return np.exp(self.logpdf(x, mean, cov, allow_singular))

    def logpdf(self, x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
        """Return the logarithm of the density at each row of `x`.

        Args:
            x: one vector (d,) or many (..., d).
            mean: a vector (d,), or one number for all entries; 0 if left out.
            cov: the covariance matrix (d, d), or its diagonal (d,), or one number for all of the
                diagonal.
            allow_singular: let a constant `cov` be singular; the density is then that on the
                subspace which the distribution fills.

        Raises:
            numpy.linalg.LinAlgError: there is no density, since the determinant of `cov` is not
                positive.
            TypeError: `cov` is a Value with `allow_singular`, where there is no derivative.
        """
        x, mean, cov = self.sized(x, mean, cov)
        away = x - mean
        if allow_singular:
            inverse, log_det, rank = pseudo(cov)
            whitened = away @ inverse
        else:
            log_det, rank = log_determinant(cov), cov.shape[-1]
            rows = np.reshape(away, (-1, rank))
            whitened = np.reshape(np.linalg.solve(cov, rows.T).T, away.shape)
        distance = np.sum(away * whitened, axis=-1)
        return -(rank * math.log(2 * math.pi) + log_det + distance) / 2

    def entropy(self, mean: Any = None, cov: Any = 1) -> Any:
        """Return the differential entropy in nats."""
        cov = self.sized(0.0 if mean is None else mean, mean, cov)[2]
        return (cov.shape[-1] * (1 + math.log(2 * math.pi)) + log_determinant(cov)) / 2

    def sized(self, x: Any, mean: Any, cov: Any) -> tuple[Any, Any, Any]:
        """Return the arguments as (..., d), (d,) or a number, and (d, d)."""
        x, mean, cov = array(x), array(0.0 if mean is None else mean), array(cov)
        d = max(a.shape[-1] if a.ndim else 1 for a in (mean, cov))
        if d == 1 and not mean.ndim and cov.ndim < 2:
            x = np.expand_dims(x, -1)
        elif d > 1 and x.ndim and x.shape[-1] != d:
            raise ValueError(
                f"vectors of {x.shape[-1]} entries for a multivariate normal distribution of "
                f"dimension {d}; give vectors of {d} entries"
            )
        return x, mean, cov if cov.ndim == 2 else cov * np.eye(d)


def log_determinant(cov: Any) -> Any:
    sign, log_det = np.linalg.slogdet(cov)
    if not raw(sign) > 0:
        raise np.linalg.LinAlgError(
            "the covariance matrix is singular or not positive definite; write "
            "allow_singular=True if it is constant and singular on purpose"
        )
    return log_det


def pseudo(cov: Any) -> tuple[Any, float, int]:
    """Return the inverse, log determinant and rank of a covariance on the space it spans."""
    if isinstance(cov, Value):
        raise TypeError(
            "leave allow_singular out, or pass cov.numpy(): the density of a normal distribution "
            "has no derivative in a covariance that may be singular"
        )
    values, vectors = np.linalg.eigh(cov)
    kept = values > 1e6 * np.finfo(values.dtype).eps * np.max(np.abs(values))
    values, vectors = values[kept], vectors[:, kept]
    return (vectors / values) @ vectors.T, float(np.sum(np.log(values))), int(kept.sum())


class Dirichlet(Family):
    """The Dirichlet distribution of vectors of probabilities.

    Example:
        >>> from autograd.scipy.stats import dirichlet
        >>> round(float(dirichlet.pdf([0.5, 0.5], [2.0, 2.0])), 6)
        1.5
    """

    def pdf(self, x: Any, alpha: Any) -> Any:
        """Return the density; see `logpdf`."""
        factors, logs = self.power(x, alpha).parted()
        return np.prod(factors, axis=0) * np.exp(np.sum(logs, axis=0) - log_beta(array(alpha)))

    def logpdf(self, x: Any, alpha: Any) -> Any:
        """Return the logarithm of the density.

        Args:
            x: a vector of d probabilities that add up to 1, or the first d − 1 of them; several
                vectors as columns (d, n).
            alpha: d concentrations greater than 0.

        Raises:
            ValueError: the entries of `x` are not probabilities, or do not add up to 1.
        """
        return np.sum(self.power(x, alpha).logarithm(), axis=0) - log_beta(array(alpha))

    def power(self, x: Any, alpha: Any) -> Power:
        """Return the factors x^(α − 1) of the density."""
        x, alpha = array(x), array(alpha)
        if x.shape[0] == alpha.shape[0] - 1:
            x = np.concatenate([x, np.expand_dims(1 - np.sum(x, axis=0), 0)])
        numbers = raw(x)
        if np.any(numbers < 0) or np.any(np.abs(numbers.sum(axis=0) - 1) > 1e-9):
            raise ValueError(
                "a Dirichlet distribution needs probabilities that add up to 1 along the first "
                f"axis; these add up to {numbers.sum(axis=0)!s:.60}"
            )
        return power(x, np.reshape(alpha - 1, (-1,) + (1,) * (x.ndim - 1)))

    def entropy(self, alpha: Any) -> Any:
        """Return the differential entropy in nats."""
        alpha = array(alpha)
        total = np.sum(alpha)
        return (
            log_beta(alpha)
            + (total - alpha.shape[0]) * psi(total)
            - np.sum((alpha - 1) * psi(alpha))
        )


def log_beta(alpha: Any) -> Any:
    """Return the logarithm of the beta function of many arguments."""
    return np.sum(gammaln(alpha)) - gammaln(np.sum(alpha))


class Multinomial(Family):
    """The distribution of how often each of several outcomes occurs in `n` trials.

    Example:
        >>> from autograd.scipy.stats import multinomial
        >>> round(float(multinomial.pmf([1, 1], 2, [0.5, 0.5])), 6)
        0.5
    """

    def pmf(self, x: Any, n: Any, p: Any) -> Any:
        """Return the probability of the counts; see `logpmf`."""
        x, p, log_ways, impossible = self.counted(x, n, p)
        factors, logs = power(p, x).parted()
        y = np.prod(factors, axis=-1) * np.exp(log_ways + np.sum(logs, axis=-1))
        return unless(impossible, 0.0, y)

    def logpmf(self, x: Any, n: Any, p: Any) -> Any:
        """Return the logarithm of the probability of the counts `x` (..., d), −inf if it is 0.

        Args:
            x: how often each outcome occurred.
            n: the number of trials.
            p: d probabilities that add up to 1, or many such vectors (..., d).
        """
        x, p, log_ways, impossible = self.counted(x, n, p)
        return unless(impossible, -INF, log_ways + np.sum(xlogy(x, p), axis=-1))

    def counted(self, x: Any, n: Any, p: Any) -> tuple[Any, Any, Any, Any]:
        """Return counts, probabilities, the log of the number of orders, and what is impossible."""
        x, n = (np.asarray(raw(array(a)), dtype=float) for a in (x, n))
        log_ways = gammaln(n + 1) - np.sum(gammaln(np.maximum(x, 0) + 1), axis=-1)
        impossible = (x.sum(axis=-1) != n) | np.any((x < 0) | (x != np.floor(x)), axis=-1)
        return x, array(p), log_ways, impossible


multivariate_normal = MultivariateNormal("multivariate_normal")
dirichlet = Dirichlet("dirichlet")
multinomial = Multinomial("multinomial")
