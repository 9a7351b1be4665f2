"""The names of HIPS autograd's `wrap_util`: operators on functions of one argument, for several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from autograd.hips.sequences import subvals

__all__ = [
    "get_doc",
    "get_name",
    "unary_to_nary",
    "wrap_nary_f",
    "wraps",
]

F = TypeVar("F", bound=Callable[..., Any])


def unary_to_nary(unary_operator: Callable[..., Any]) -> Callable[..., Any]:
    """Let an operator `(fun, x)` on functions of one argument take functions of several.

    Args:
        unary_operator: takes a function of one argument, and that argument.

    Returns:
        a function `(fun, argnum=0, *more, **options)` whose result takes the arguments of `fun`.
        If `argnum` is a tuple, the one argument is the tuple of these arguments.

    Example:
        >>> @unary_to_nary
        ... def difference(fun, x):
        ...     return (fun(x + 1e-3) - fun(x - 1e-3)) / 2e-3
        >>> round(difference(lambda x, y: x * y, argnum=1)(3.0, 5.0), 6)
        3.0
    """

    @wraps(unary_operator)
    def nary_operator(
        fun: Callable[..., Any], argnum: Any = 0, *more: Any, **options: Any
    ) -> Callable[..., Any]:
        several = isinstance(argnum, (tuple, list))

        @wrap_nary_f(fun, unary_operator, argnum)
        def nary_f(*args: Any, **kwargs: Any) -> Any:
            @wraps(fun)
            def unary_f(x: Any) -> Any:
                places = zip(argnum, x, strict=True) if several else [(argnum, x)]
                return fun(*subvals(args, places), **kwargs)

            x = tuple(args[i] for i in argnum) if several else args[argnum]
            return unary_operator(unary_f, x, *more, **options)

        return nary_f

    return nary_operator


def wraps(
    fun: Any, namestr: str = "{fun}", docstr: str = "{doc}", **names: Any
) -> Callable[[F], F]:
    """Name and document a function after `fun`: strings with {fun}, {doc} and other `names`."""

    def name(f: F) -> F:
        f.__name__ = namestr.format(fun=get_name(fun), **names)
        f.__doc__ = docstr.format(fun=get_name(fun), doc=get_doc(fun), **names)
        return f

    return name


def wrap_nary_f(fun: Any, op: Any, argnum: Any) -> Callable[[F], F]:
    """Name a function after the operator, the function and the argument it was made from."""
    return wraps(
        fun,
        "{op}_of_{fun}_wrt_argnum_{argnum}",
        "    {op} of function {fun} with respect to argument number {argnum}.\n",
        op=get_name(op),
        argnum=argnum,
    )


def get_name(f: Any) -> str:
    """Return the name of a function."""
    return getattr(f, "__name__", "[unknown name]")


def get_doc(f: Any) -> str:
    """Return the docstring of a function."""
    return getattr(f, "__doc__", None) or ""
