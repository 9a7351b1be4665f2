"""scipy.optimize.minimize: derivatives that the user did not write."""

import numpy as np
import pytest

pytest.importorskip("scipy", reason="autograd.scipy is an extra")

import scipy.optimize

from autograd import Value
from autograd.scipy.optimize import minimize, minimize_scalar

pytestmark = pytest.mark.slow


def rosenbrock(x, a=1.0):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (a - x[:-1]) ** 2)


START = [-1.2, 1.0, 0.5]
METHODS = (
    "CG BFGS Newton-CG L-BFGS-B TNC SLSQP dogleg trust-ncg trust-krylov trust-exact trust-constr"
).split()


@pytest.mark.parametrize("method", [None, *METHODS])
def test_every_method_gets_its_derivatives(method):
    calls = []

    def f(x, a):
        calls.append(isinstance(x, Value))
        return rosenbrock(x, a)

    start = [1.05, 1.1, 1.2] if method == "dogleg" else START  # needs a positive Hessian
    options = {"maxfun": 2000} if method == "TNC" else {"maxiter": 2000}
    found = minimize(f, start, args=(1.0,), method=method, options=options)
    assert found.x == pytest.approx(np.ones(3), abs=1e-3)
    assert all(calls)  # no finite differences


def test_products_with_the_hessian_are_right():
    seen = []

    def spy(fun, x0, args, **options):
        seen.append(options)
        return scipy.optimize.OptimizeResult(x=x0)

    minimize(rosenbrock, START, method=spy, hess=scipy.optimize.rosen_hess)
    assert seen[0]["jac"] is not None
    found = minimize(rosenbrock, START, method="trust-ncg")
    theirs = scipy.optimize.minimize(
        scipy.optimize.rosen,
        START,
        method="trust-ncg",
        jac=scipy.optimize.rosen_der,
        hessp=scipy.optimize.rosen_hess_prod,
    )
    assert found.nit == theirs.nit
    assert found.x == pytest.approx(theirs.x, rel=1e-8)


def test_what_is_given_is_used():
    found = minimize(lambda x: float(np.sum(x**2)), [1.0, 2.0], method="Nelder-Mead")
    assert found.x == pytest.approx([0, 0], abs=1e-3)
    found = minimize(lambda x: float(np.sum(x**2)), [1.0, 2.0], jac=lambda x: 2 * x, method="BFGS")
    assert found.x == pytest.approx([0, 0], abs=1e-5)
    pair = minimize(lambda x: (float(np.sum(x**2)), 2 * x), [1.0, 2.0], jac=True)
    assert pair.x == pytest.approx([0, 0], abs=1e-5)
    bounded = minimize(rosenbrock, START, bounds=[(None, 0.5)] * 3)
    assert bounded.x.max() <= 0.5
    assert minimize_scalar(lambda x: (x - 1) ** 2).x == pytest.approx(1.0)
