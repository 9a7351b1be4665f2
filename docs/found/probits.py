"""The logarithm of the normal distribution function: GPyTorch's beside mpmath's."""

import mpmath as mp
import torch
from gpytorch.functions import log_normal_cdf


def rows():
    """Yield (call, what GPyTorch gives, what is right)."""
    x = torch.tensor([-2.0], dtype=torch.float64, requires_grad=True)
    value = log_normal_cdf(x)
    value.backward()
    exact = mp.log(mp.ncdf(-2))
    yield "log_normal_cdf(-2)", value[0], exact
    yield "slope of log_normal_cdf at -2", x.grad[0], mp.npdf(-2) / mp.exp(exact)
