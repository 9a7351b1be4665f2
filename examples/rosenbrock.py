"""Minimise Rosenbrock's function with SciPy's optimisers, given exact derivatives.

f(x) = Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)² has a long curved valley with its minimum, 0, at
(1, …, 1) (Rosenbrock, 1960). Without derivatives a method has to feel its way. The gradient shows
it the slope, and Hessian-vector products show it the curvature of the valley as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult
from scipy.optimize import minimize as scipys_minimize

from autograd.scipy.optimize import minimize

START = np.array([0.5, 2.0, -0.4, 1.5, 0.8])


def rosenbrock(x: Any) -> Any:
    """Return the value of Rosenbrock's function for a vector of two or more numbers."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def show(method: str, derivatives: str, result: OptimizeResult) -> None:
    """Print how close a method came to the minimum, and at what cost."""
    distance = np.abs(result.x - 1).max()
    print(f"{method:12s} {derivatives:32s} {result.nfev:6d} calls of f   error {distance:.1e}")


def main() -> None:
    """Compare methods that use more and more derivatives."""
    simplex = scipys_minimize(rosenbrock, START, method="Nelder-Mead", options={"maxiter": 5000})
    show("Nelder-Mead", "no derivatives", simplex)
    show("BFGS", "finite-difference gradient", scipys_minimize(rosenbrock, START, method="BFGS"))
    show("BFGS", "gradient from the chain rule", minimize(rosenbrock, START, method="BFGS"))
    newton = minimize(rosenbrock, START, method="Newton-CG", options={"xtol": 1e-10})
    show("Newton-CG", "gradient and Hessian products", newton)


if __name__ == "__main__":
    main()
