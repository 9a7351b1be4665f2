"""Functions that return derivatives of functions: gradients and products with Jacobians.

All take a function and `argnum`, the argument to differentiate: a position, a name, or several in
a tuple or list. The other arguments are passed on as they are. Arguments and results may be
numbers, arrays, and nested lists, tuples, dicts and dataclasses of these. If Values go in, or the
function uses Values from outside, Values come out, so derivatives nest in any order.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

import numpy as np

from autograd.engine.elsewhere import OF_TRANSFORMS, answering
from autograd.ops.plain import raw
from autograd.transforms.seeds import ones, seed
from autograd.transforms.trace import Argnum, Trace

Function = Callable[..., Any]


@answering(OF_TRANSFORMS)
def grad(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that computes the gradient of `f`.

    For a real function of a complex z = x + iy the gradient is ∂f/∂x − i ∂f/∂y.

    Args:
        f: returns one real number.
        argnum: which argument to differentiate: a position, a name, or a tuple of them.

    Returns:
        a function of the same arguments; its result has the form of the argument, or is a tuple
        for several.

    Raises:
        TypeError: (when called) the result is not one real number, or the argument holds no
            floats.

    Example:
        >>> print(grad(lambda x: x**3)(2.0))
        12.0
        >>> w, x = np.array([1.0, 2.0]), np.array([3.0, 4.0])
        >>> grad(lambda w, x: np.sum(w * x), argnum=(0, 1))(w, x)
        (array([3., 4.]), array([1., 2.]))
    """

    def gradient(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, argnum, args, kwargs, "grad")
        return trace.like_argument(trace.pull([ones(trace.number(trace.result))]))

    return named_after(gradient, "grad", f, argnum)


@answering(OF_TRANSFORMS)
def value_and_grad(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that computes the pair (result of `f`, gradient of `f`).

    Args:
        f: returns one real number.
        argnum: which argument to differentiate, see `grad`.

    Example:
        >>> print(*value_and_grad(lambda x: x**3)(2.0))
        8.0 12.0
    """

    def value_and_gradient(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, argnum, args, kwargs, "value_and_grad")
        gradients = trace.pull([ones(trace.number(trace.result))])
        return trace.outside(trace.result), trace.like_argument(gradients)

    return named_after(value_and_gradient, "value_and_grad", f, argnum)


@answering(OF_TRANSFORMS)
def grad_and_aux(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that computes (gradient of the first result of `f`, its second result).

    Args:
        f: returns a pair of a real number and anything else.
        argnum: which argument to differentiate, see `grad`.

    Raises:
        TypeError: (when called) the result is not a pair.

    Example:
        >>> grad_and_aux(lambda x: (np.sum(x**3), {"square": x * x}))(np.array([2.0, 3.0]))
        (array([12., 27.]), {'square': array([4., 9.])})
    """

    def gradient_and_rest(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, argnum, args, kwargs, "grad_and_aux")
        if not isinstance(trace.result, (tuple, list)) or len(trace.result) != 2:
            raise TypeError(
                "grad_and_aux needs a function that returns a pair (number to differentiate, "
                f"anything else), not {trace.result!r:.60}"
            )
        first, rest = trace.result
        seeds = [ones(trace.number(first))] + [None] * (len(trace.outputs) - 1)
        return trace.like_argument(trace.pull(seeds)), trace.outside(rest)

    return named_after(gradient_and_rest, "grad_and_aux", f, argnum)


def grad_named(f: Function, argname: str) -> Function:
    """Return `grad` of `f` with respect to the argument called `argname`.

    Args:
        f: returns one real number.
        argname: the name of the argument to differentiate.

    Example:
        >>> def area(width, height):
        ...     return width * height
        >>> print(grad_named(area, "height")(2.0, 3.0))
        2.0
    """
    return grad(f, argname)


def multigrad_dict(f: Function) -> Function:
    """Return the function that computes the gradients of all arguments of `f`, by name.

    Arguments that are left out take their defaults, and have gradients too.

    Args:
        f: returns one real number.

    Example:
        >>> def area(width, height=3.0):
        ...     return width * height
        >>> for name, slope in multigrad_dict(area)(2.0).items():
        ...     print(name, slope)
        width 3.0
        height 2.0
    """
    form = signature(f)

    def gradients(*args: Any, **kwargs: Any) -> OrderedDict[str, Any]:
        bound = form.bind(*args, **kwargs)
        bound.apply_defaults()

        def of_all(arguments: dict[str, Any]) -> Any:
            positional: list[Any] = []
            by_name: dict[str, Any] = {}
            for name, parameter in form.parameters.items():
                if parameter.kind is Parameter.VAR_POSITIONAL:
                    positional += arguments[name]
                elif parameter.kind is Parameter.VAR_KEYWORD:
                    by_name |= arguments[name]
                elif parameter.kind is Parameter.KEYWORD_ONLY:
                    by_name[name] = arguments[name]
                else:
                    positional.append(arguments[name])
            return f(*positional, **by_name)

        return OrderedDict(grad(of_all)(dict(bound.arguments)))

    return named_after(gradients, "multigrad_dict", f, "all")


@answering(OF_TRANSFORMS)
def elementwise_grad(f: Function, argnum: Argnum = 0, check: bool = False) -> Function:
    """Return the function that computes the derivative of each entry of an elementwise `f`.

    It is the gradient of the sum of all entries, in one pass.

    Args:
        f: returns real numbers, each of which depends on one entry of the argument.
        argnum: which argument to differentiate, see `grad`.
        check: refuse an `f` that is not elementwise, at the cost of a second pass.

    Raises:
        TypeError: (when called) the result is complex.
        ValueError: (when called, with `check`) the result and the argument differ in shape, or
            an entry of the result depends on several entries of the argument.

    Example:
        >>> elementwise_grad(np.sin)(np.array([0.0, np.pi]))
        array([ 1., -1.])
    """

    def slopes(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, argnum, args, kwargs, "elementwise_grad")
        found = trace.pull([ones(trace.real(y)) for y in trace.numbers()])
        if check:
            refuse_mixing(trace, found)
        return trace.like_argument(found)

    return named_after(slopes, "elementwise_grad", f, argnum)


def refuse_mixing(trace: Trace, slopes: list[Any]) -> None:
    """Refuse a function that is not elementwise.

    If entry i depends on entry i alone, random weights on the results turn up as the same weights
    on the slopes. Otherwise the probability of that is zero.

    Raises:
        ValueError: the function is not elementwise.
    """
    shapes = [np.shape(y) for y in trace.outputs]
    if shapes != [x.shape for x in trace.inputs]:
        raise ValueError(
            f"not elementwise: arguments of shapes {[x.shape for x in trace.inputs]} give results "
            f"of shapes {shapes}; use jacobian, or grad of the sum"
        )
    random = np.random.default_rng(0)
    weights = [random.uniform(1.0, 2.0, shape) for shape in shapes]
    found = trace.pull([seed(y, w, "") for y, w in zip(trace.outputs, weights, strict=True)])
    for slope, weight, weighted in zip(slopes, weights, found, strict=True):
        expected, got = weight * raw(slope), raw(weighted)
        tolerance = 100 * np.finfo(np.result_type(got)).eps
        if not np.allclose(expected, got, rtol=tolerance, atol=tolerance, equal_nan=True):
            raise ValueError(
                "not elementwise: an entry of the result depends on several entries of the "
                "argument; use jacobian, or grad of the sum"
            )


def holomorphic_grad(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that computes the complex derivative f'(z) of a holomorphic `f`.

    Args:
        f: a holomorphic function that takes a complex number or array and returns a complex number.
        argnum: which argument to differentiate, see `grad`.

    Example:
        >>> holomorphic_grad(lambda z: z * z)(1 + 2j)
        np.complex128(2+4j)
    """

    def derivative(*args: Any, **kwargs: Any) -> Any:
        found = grad(lambda *args, **kwargs: np.real(f(*args, **kwargs)), argnum)(*args, **kwargs)
        if not np.iscomplexobj(found):
            warnings.warn("the argument of holomorphic_grad is not complex", stacklevel=2)
        return found

    return named_after(derivative, "holomorphic_grad", f, argnum)


def deriv(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that computes the rate of `f` when all argument entries grow at rate 1.

    For a function of one number this is its derivative, whatever the shape of the result.

    Args:
        f: returns numbers.
        argnum: which argument to differentiate, see `grad`.

    Example:
        >>> deriv(lambda t: np.stack([t, t**2]))(3.0)
        array([1., 6.])
    """

    def derivative(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, argnum, args, kwargs, "deriv")
        trace.numbers()
        return trace.like_result(trace.push([ones(x) for x in trace.inputs]))

    return named_after(derivative, "deriv", f, argnum)


def named_after(derived: Function, transform: str, f: Function, argnum: Any) -> Function:
    """Name a derived function after the function it was derived from.

    Raises:
        TypeError: `f` is not a function.
    """
    if not callable(f):
        raise TypeError(
            f"{transform} differentiates a function, not {f!r:.60}; write {transform}(f)(x), not "
            f"{transform}(f(x))"
        )
    name = getattr(f, "__name__", "function")
    derived.__name__ = f"{transform}_of_{name}_wrt_argnum_{argnum}"
    derived.__doc__ = f"    {transform} of function {name} with respect to argument {argnum}."
    derived.__wrapped__ = f  # type: ignore[attr-defined]
    return derived
