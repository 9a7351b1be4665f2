"""The log-density of GPy's multivariate Gaussian beside mpmath's."""

import GPy
import mpmath as mp
import numpy as np


def rows():
    """Yield (call, what GPy gives, what is right)."""
    mean, covariance, x = [0.2, 0.3], [[1.0, 0.3], [0.3, 0.8]], [0.4, -0.2]
    found = GPy.priors.MultivariateGaussian(np.array(mean), np.array(covariance)).lnpdf(x)
    off = mp.matrix(x) - mp.matrix(mean)
    squared = (off.T * mp.inverse(mp.matrix(covariance)) * off)[0]
    right = -(mp.log(mp.det(mp.matrix(covariance))) + squared) / 2 - mp.log(2 * mp.pi)
    yield "MultivariateGaussian(mean, cov).lnpdf(x)[0, 0]", found[0, 0], right
