"""Products with the Jacobian that never build it: backward (vjp) and forward (jvp)."""

from __future__ import annotations

from typing import Any

from autograd.transforms.gradients import Function, named_after
from autograd.transforms.trace import Argnum, Trace


def make_vjp(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that runs `f` and returns (vjp, result).

    `vjp(g)` is the gradient of Σ g · result. `f` is run once, however often `vjp` is called.

    Args:
        f: returns numbers.
        argnum: which argument to differentiate, see `grad`.

    Example:
        >>> import numpy as np
        >>> vjp, y = make_vjp(np.square)(np.array([1.0, 2.0]))
        >>> y, vjp(np.array([1.0, 10.0]))
        (array([1., 4.]), array([ 2., 40.]))
    """

    def run(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, argnum, args, kwargs, "make_vjp")
        trace.numbers()
        return pullback(trace), trace.outside(trace.result)

    return named_after(run, "make_vjp", f, argnum)


def pullback(trace: Trace) -> Function:
    """Return `trace.pull` as a function of a tree like the result."""
    return lambda g: trace.like_argument(trace.pull(trace.cotangents(g)))


def make_jvp(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that runs `f` and returns jvp, where `jvp(v)` is (result, change).

    The change is how the result moves when the argument moves along `v`. `f` is run once, however
    often `jvp` is called.

    Args:
        f: returns numbers.
        argnum: which argument to differentiate, see `grad`.

    Example:
        >>> import numpy as np
        >>> jvp = make_jvp(np.square)(np.array([1.0, 2.0]))
        >>> jvp(np.array([1.0, 10.0]))
        (array([1., 4.]), array([ 2., 40.]))
    """

    def run(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, argnum, args, kwargs, "make_jvp")
        trace.numbers()
        return lambda v: (trace.outside(trace.result), pushforward(trace)(v))

    return named_after(run, "make_jvp", f, argnum)


def pushforward(trace: Trace) -> Function:
    """Return `trace.push` as a function of a tree like the argument."""
    return lambda v: trace.like_result(trace.push(trace.tangents(v)))


def make_jvp_reversemode(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that runs `f` and returns jvp, where `jvp(v)` is the change alone.

    Args:
        f: returns numbers.
        argnum: which argument to differentiate, see `grad`.

    Example:
        >>> import numpy as np
        >>> print(make_jvp_reversemode(np.square)(3.0)(1.0))
        6.0
    """

    def run(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, argnum, args, kwargs, "make_jvp_reversemode")
        trace.numbers()
        return pushforward(trace)

    return named_after(run, "make_jvp_reversemode", f, argnum)


def vjp(f: Function, *primals: Any) -> tuple[Any, Function]:
    """Return (result of `f`, vjp), where `vjp(g)` is a tuple of gradients, one for each argument.

    Args:
        f: returns numbers.
        primals: its arguments.

    Example:
        >>> y, pull = vjp(lambda x, w: x * w, 2.0, 3.0)
        >>> print(y, *pull(1.0))
        6.0 3.0 2.0
    """
    trace = Trace(f, tuple(range(len(primals))), primals, {}, "vjp")
    trace.numbers()
    return trace.outside(trace.result), pullback(trace)


def jvp(f: Function, primals: Any, tangents: Any) -> tuple[Any, Any]:
    """Return (result of `f`, its change when the arguments move along the tangents).

    Args:
        f: returns numbers.
        primals: a tuple or list of its arguments.
        tangents: a tuple or list of the same form.

    Raises:
        TypeError: they are not tuples or lists, or differ in form.
        ValueError: they differ in shape.

    Example:
        >>> print(*jvp(lambda x, w: x * w, (2.0, 3.0), (1.0, 0.0)))
        6.0 3.0
    """
    if not isinstance(primals, (tuple, list)):
        raise TypeError(
            "jvp takes the arguments in a tuple and their tangents in another, not "
            f"{primals!r:.60}; write jvp(f, (x,), (v,))"
        )
    trace = Trace(f, tuple(range(len(primals))), tuple(primals), {}, "jvp")
    trace.numbers()
    return trace.outside(trace.result), pushforward(trace)(tangents)
