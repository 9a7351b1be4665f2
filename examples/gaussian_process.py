"""Fit a Gaussian process: smooth curves through noisy points, with their uncertainty.

The kernel has an amplitude, a length scale and a noise level. They are chosen to maximise the log
marginal likelihood of the data, −½ yᵀK⁻¹y − ½ log det K up to a constant (Rasmussen and Williams,
Gaussian Processes for Machine Learning, 2006, equation 2.30). Its gradient flows through `solve`
and `slogdet`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.scipy.optimize import minimize


def kernel(log_scales: Any, a: Any, b: Any) -> Any:
    """Return the covariances, of shape (len a, len b), of the curve at the points `a` and `b`."""
    distance = (a[:, None] - b[None, :]) * np.exp(-log_scales[1])
    return np.exp(2 * log_scales[0] - 0.5 * distance**2)


def noisy(log_scales: Any, x: Any) -> Any:
    """Return the covariances of the data at the points `x`."""
    return kernel(log_scales, x, x) + np.exp(2 * log_scales[2]) * np.eye(len(x))


def negative_log_likelihood(log_scales: Any, x: Any, y: Any) -> Any:
    """Return the negative log marginal likelihood, up to a constant: the loss."""
    covariance = noisy(log_scales, x)
    _, logdet = np.linalg.slogdet(covariance)
    return 0.5 * y @ np.linalg.solve(covariance, y) + 0.5 * logdet


def predict(log_scales: Any, x: Any, y: Any, at: Any) -> tuple[Any, Any]:
    """Return the mean and standard deviation of the curve at new points."""
    across = kernel(log_scales, at, x)
    mean = across @ np.linalg.solve(noisy(log_scales, x), y)
    shrunk = across @ np.linalg.solve(noisy(log_scales, x), across.T)
    variance = np.diag(kernel(log_scales, at, at) - shrunk)
    return mean, np.sqrt(np.maximum(variance, 0))


def main() -> None:
    """Fit noisy samples of a sine curve and print the result."""
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(0, 6, 40))
    y = np.sin(x) + 0.1 * rng.normal(size=40)
    start = np.log([2.0, 0.3, 0.5])
    found = minimize(negative_log_likelihood, start, args=(x, y), method="BFGS")
    amplitude, length, noise = np.exp(found.x)
    print(f"loss {negative_log_likelihood(start, x, y):.2f} -> {found.fun:.2f}")
    print(f"amplitude {amplitude:.2f}, length {length:.2f}, noise {noise:.3f} (true value 0.1)")
    at = np.linspace(0, 8, 9)
    mean, deviation = predict(found.x, x, y, at)
    for point, m, d in zip(at, mean, deviation, strict=True):
        known = "" if point <= 6 else "   (beyond the data)"
        print(f"  x = {point:.0f}: {m:6.3f} ± {2 * d:.3f}, sin x = {np.sin(point):6.3f}{known}")


if __name__ == "__main__":
    main()
