"""The names of HIPS autograd's `test_util`, which check derivatives by finite differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from autograd.hips.core import make_jvp, make_vjp, vspace
from autograd.hips.wrap_util import get_name, unary_to_nary

__all__ = [
    "EPS",
    "RTOL",
    "TOL",
    "check_equivalent",
    "check_grads",
    "check_jvp",
    "check_vjp",
    "combo_check",
    "make_numerical_jvp",
    "scalar_close",
]

TOL = 1e-6
RTOL = 1e-6
EPS = 1e-6


def scalar_close(a: Any, b: Any) -> bool:
    """Whether two numbers are equal up to 1e-6, absolutely or relative to their sum."""
    return bool(abs(a - b) < TOL or abs(a - b) / abs(a + b) < RTOL)


def make_numerical_jvp(f: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
    """Return a function of v, the central difference quotient of `f` at `x` along v."""
    space = vspace(x)

    def jvp(v: Any) -> Any:
        after = f(space.add(x, space.scalar_mul(v, EPS / 2)))
        before = f(space.add(x, space.scalar_mul(v, -EPS / 2)))
        results = vspace(after)
        difference = results.add(after, results.scalar_mul(before, -1.0))
        return results.scalar_mul(difference, 1.0 / EPS)

    return jvp


def check_vjp(f: Callable[[Any], Any], x: Any) -> None:
    """Check the vjp of `f` at `x` in a random direction.

    Raises:
        AssertionError: it differs from finite differences, or its form from that of `x`.
    """
    vjp, y = make_vjp(f, x)
    xs, ys = vspace(x), vspace(y)
    x_v, y_v = xs.randn(), ys.randn()
    pulled = xs.covector(vjp(ys.covector(y_v)))
    assert vspace(pulled) == xs, f"the vjp of {get_name(f)} is in {vspace(pulled)}, not in {xs}"
    _compare(
        "VJP", f, x, xs.inner_prod(x_v, pulled), ys.inner_prod(y_v, make_numerical_jvp(f, x)(x_v))
    )


def check_jvp(f: Callable[[Any], Any], x: Any) -> None:
    """Check the jvp of `f` at `x` in a random direction.

    Raises:
        AssertionError: it differs from finite differences.
    """
    v = vspace(x).randn()
    check_equivalent(make_jvp(f, x)(v)[1], make_numerical_jvp(f, x)(v), "JVP", f, x)


def check_equivalent(
    x: Any, y: Any, mode: str = "", f: Callable[..., Any] | None = None, at: Any = None
) -> None:
    """Check that two numbers, arrays or containers have the same form, and the same random product.

    Raises:
        AssertionError: they are not.
    """
    xs, ys = vspace(x), vspace(y)
    assert xs == ys, f"{x!r:.60} is in {xs}, and {y!r:.60} in {ys}"
    v = xs.randn()
    _compare(mode, f, at, xs.inner_prod(x, v), xs.inner_prod(y, v))


def _compare(mode: str, f: Any, x: Any, analytic: Any, numeric: Any) -> None:
    assert scalar_close(analytic, numeric), (
        f"Derivative ({mode}) check of {get_name(f)} failed with arg {x}:\n"
        f"analytic: {analytic}\nnumeric:  {numeric}"
        if f is not None
        else f"{analytic} and {numeric} are not equal"
    )


@unary_to_nary
def check_grads(
    f: Callable[[Any], Any], x: Any, modes: Sequence[str] = ("fwd", "rev"), order: int = 2
) -> None:
    """Check the derivatives of `f` at a point, up to an order: `check_grads(f)(x, y)`.

    Args:
        f: a function of floats, arrays of floats, or containers of these.
        argnum: which arguments to differentiate; the first if left out.
        modes: forward ("fwd") or reverse ("rev") mode, or both.
        order: the order of the highest derivative to check.

    Raises:
        AssertionError: a derivative differs from finite differences.

    Example:
        >>> check_grads(lambda x: x**3)(2.0)
    """
    for mode in modes:
        check, derivative, space = {
            "fwd": (check_jvp, lambda x, v: make_jvp(f, x)(v)[1], vspace(x)),
            "rev": (check_vjp, lambda x, v: make_vjp(f, x)[0](v), None),
        }[mode]
        check(f, x)
        if order > 1:
            derivative.__name__ = f"{check.__name__[-3:]}_{get_name(f)}"
            v = (space or vspace(f(x))).randn()
            check_grads(derivative, (0, 1), modes, order=order - 1)(x, v)


def combo_check(
    fun: Callable[..., Any], *check_args: Any, **check_kwargs: Any
) -> Callable[..., None]:
    """Check the derivatives of `fun` for all combinations of arguments.

    Args:
        fun: the function.
        check_args, check_kwargs: the arguments of `check_grads`.

    Returns:
        a function that takes a list of values for each argument of `fun`.

    Example:
        >>> combo_check(lambda x, n: x**n)([1.0, 2.0], n=[1, 2, 3])
    """

    def check(*args: Any, **kwargs: Any) -> None:
        for positional in product(*args):
            for named in product(*kwargs.values()):
                check_grads(fun, *check_args, **check_kwargs)(
                    *positional, **dict(zip(kwargs, named, strict=True))
                )

    return check
