"""Fixed points of functions, and their derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.hips.core import make_vjp
from autograd.hips.extend import defvjp, primitive, vspace

__all__ = [
    "fixed_point",
]


@primitive
def fixed_point(
    f: Callable[[Any], Callable[[Any], Any]],
    a: Any,
    x0: Any,
    distance: Callable[[Any, Any], float],
    tol: float,
) -> Any:
    """Return the x for which f(a)(x) = x, by iterating from `x0`.

    Its derivative with respect to `a` comes from another fixed point, not from the iterations
    (the implicit function theorem; B. Christianson, "Reverse accumulation and attractive fixed
    points", 1994), so memory does not grow with them.

    Args:
        f: takes the parameters and returns a function of x.
        a: the parameters, an array or a container of arrays.
        x0: where to begin.
        distance: a function that returns the distance of two successive x.
        tol: iterate until this distance is at most `tol`.

    Example:
        >>> from autograd import grad
        >>> babylon = lambda a: lambda x: 0.5 * (x + a / x)
        >>> root = lambda a: fixed_point(babylon, a, 1.0, lambda x, y: abs(x - y), 1e-12)
        >>> round(float(root(4.0)), 6), round(float(grad(root)(4.0)), 6)
        (2.0, 0.25)
    """
    step = f(a)
    x, before = step(x0), x0
    while distance(x, before) > tol:
        x, before = step(x), x
    return x


def _vjp(ans: Any, f: Any, a: Any, x0: Any, distance: Any, tol: float) -> Callable[[Any], Any]:
    def adjoint(parameters: Any) -> Callable[[Any], Any]:
        a, x, g = parameters
        by_x, _ = make_vjp(f(a), x)
        return lambda u: vspace(x).add(by_x(u), g)

    by_a, _ = make_vjp(lambda a: f(a)(ans), a)
    return lambda g: by_a(fixed_point(adjoint, (a, ans, g), vspace(ans).zeros(), distance, tol))


defvjp(fixed_point, None, _vjp, None)
