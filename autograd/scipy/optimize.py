"""scipy.optimize: minimize, which differentiates the function for you."""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.optimize as sp

from autograd.scipy import others
from autograd.transforms.gradients import grad, value_and_grad
from autograd.transforms.jacobians import hessian
from autograd.transforms.products import jvp

__getattr__ = others(sp)

WITHOUT_DERIVATIVES = {"nelder-mead", "powell", "cobyla", "cobyqa"}
WITH_HESSIAN = {"dogleg", "trust-exact"}
WITH_HESSIAN_PRODUCTS = {"newton-cg", "trust-ncg", "trust-krylov", "trust-constr"}


def minimize(
    fun: Callable[..., Any],
    x0: Any,
    args: Any = (),
    method: str | Callable[..., Any] | None = None,
    jac: Any = None,
    hess: Any = None,
    hessp: Any = None,
    **options: Any,
) -> Any:
    """Return SciPy's result of minimizing `fun`; derivatives are computed if not given.

    Args:
        fun: `fun(x, *args)` returns a number, written with functions that take Values.
        x0: where to start (n,).
        args: other arguments of fun.
        method: a name or function that scipy.optimize.minimize accepts.
        jac: the gradient; if left out, and the method uses one, fun is differentiated.
        hess, hessp: the Hessian, or its products with vectors; if both are left out, and the
            method uses them, fun is differentiated twice.
        options: other options of scipy.optimize.minimize.

    Example:
        >>> rosenbrock = lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
        >>> minimize(rosenbrock, [-1.0, 2.0], method="Newton-CG").x.round(3)
        array([1., 1.])
    """
    args = args if isinstance(args, tuple) else (args,)
    name = method.lower() if isinstance(method, str) else ""
    if hess is None and hessp is None and jac is not True:
        if name in WITH_HESSIAN:
            hess = hessian(fun)
        elif name in WITH_HESSIAN_PRODUCTS:
            hessp = _hessian_product(fun)
    if jac is None and name not in WITHOUT_DERIVATIVES:
        fun, jac = value_and_grad(fun), True
    return sp.minimize(
        fun, np.asarray(x0, float), args, method, jac, hess=hess, hessp=hessp, **options
    )


def _hessian_product(fun: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function of `(x, v, *args)` that computes how the gradient changes along v."""
    slope = grad(fun)
    return lambda x, v, *args: jvp(lambda x: slope(x, *args), (x,), (v,))[1]
