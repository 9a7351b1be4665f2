"""Functions that return Jacobians and Hessians of functions, and products with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd.composed.manipulation.joining import stack
from autograd.engine.arrays import normal
from autograd.engine.elsewhere import OF_TRANSFORMS, answering
from autograd.engine.value import Value
from autograd.ops.shape import reshape
from autograd.transforms.gradients import Function, grad, named_after
from autograd.transforms.products import make_vjp, pullback, pushforward
from autograd.transforms.trace import Argnum, Trace


@answering(OF_TRANSFORMS)
def jacobian(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that computes the Jacobian of `f`.

    It takes one pass for each entry of the result or of the argument, whichever are fewer.
    A complex function of complex numbers must be holomorphic.

    Args:
        f: returns a number or an array.
        argnum: which argument to differentiate, see `grad`.

    Returns:
        a function of the same arguments that returns an array of shape (*shape of the result,
        *shape of the argument); for trees a tree like the result of trees like the argument.

    Example:
        >>> jacobian(lambda x: np.stack([x[0] * x[1], x[0]]))(np.array([2.0, 3.0]))
        array([[3., 2.],
               [1., 0.]])
    """

    def slopes(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, argnum, args, kwargs, "jacobian")
        trace.numbers()
        blocks = by_columns(trace) if forward_is_better(trace) else by_rows(trace)
        return trace.like_result([trace.like_argument(row) for row in blocks])

    return named_after(slopes, "jacobian", f, argnum)


def forward_is_better(trace: Trace) -> bool:
    """Whether to make a forward pass for each entry of the argument.

    The alternative is a backward pass for each entry of the result. Backward passes give
    ∂f/∂x − i ∂f/∂y of a real function of complex numbers; forward passes give both parts of a
    complex function of real numbers.
    """
    if any(x.dtype.kind == "c" for x in trace.inputs):
        return False
    if any(np.result_type(y).kind == "c" for y in trace.outputs):
        return True
    return sum(x.size for x in trace.inputs) < sum(np.size(y) for y in trace.outputs)


def by_rows(trace: Trace) -> list[list[Any]]:
    """Return the derivative of each result by each input, in a pass for each result entry."""
    blocks, n = [], len(trace.outputs)
    for i, y in enumerate(trace.outputs):
        rows = [trace.pull(only_at(unit, i, n)) for unit in unit_arrays(y)]
        blocks.append(
            [
                stacked([row[k] for row in rows], 0, (*np.shape(y), *x.shape))
                for k, x in enumerate(trace.inputs)
            ]
        )
    return blocks


def by_columns(trace: Trace) -> list[list[Any]]:
    """Return the same as `by_rows`, in a pass for each input entry."""
    n = len(trace.inputs)
    columns = [
        [trace.push(only_at(unit, k, n)) for unit in unit_arrays(x)]
        for k, x in enumerate(trace.inputs)
    ]
    return [
        [
            stacked([column[i] for column in columns[k]], -1, (*np.shape(y), *x.shape))
            for k, x in enumerate(trace.inputs)
        ]
        for i, y in enumerate(trace.outputs)
    ]


def unit_arrays(x: Any) -> Iterator[Any]:
    """Yield the arrays of the shape of `x` that are 1 at one entry and 0 elsewhere."""
    shape, dtype = np.shape(x), np.result_type(x)
    for i in range(np.size(x)):
        unit = np.zeros(shape, dtype)
        unit.flat[i] = 1
        yield normal(unit)


def only_at(x: Any, place: int, n: int) -> list[Any]:
    """Return a list of `n` items: `x` at its place, None elsewhere."""
    return [x if i == place else None for i in range(n)]


def stacked(parts: list[Any], axis: int, shape: tuple[int, ...]) -> Any:
    """Return parts side by side along a new axis, in the given shape."""
    if len(parts) == 1 and np.shape(parts[0]) == shape:
        return parts[0]
    if any(isinstance(part, Value) for part in parts):
        return reshape(stack(parts, axis), shape)
    return normal((np.stack(parts, axis) if parts else np.zeros(shape)).reshape(shape))


@answering(OF_TRANSFORMS)
def hessian(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that computes the matrix of second derivatives of `f`.

    Args:
        f: returns a number or an array.
        argnum: which argument to differentiate, see `grad`.

    Returns:
        a function of the same arguments that returns an array of shape (*shape of the result,
        *shape of the argument, *shape of the argument).

    Example:
        >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
        array([[6., 4.],
               [4., 0.]])
    """
    second = jacobian(jacobian(f, argnum), argnum)
    return named_after(lambda *args, **kwargs: second(*args, **kwargs), "hessian", f, argnum)


def hessian_tensor_product(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that computes the Hessian of `f` times a tensor, but not the Hessian.

    Args:
        f: returns one real number.
        argnum: which argument to differentiate, see `grad`.

    Returns:
        a function of the arguments of `f` and, after the positional ones, a tensor of the form
        of the differentiated argument. The result has this form too.

    Example:
        >>> square = lambda x: np.sum(x**3)
        >>> hessian_tensor_product(square)(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
        array([  6., 120.])
    """

    def product(*args: Any, **kwargs: Any) -> Any:
        *own, tensor = args
        trace = Trace(grad(f, argnum), argnum, tuple(own), kwargs, "hessian_tensor_product")
        return pullback(trace)(tensor)

    return named_after(product, "hessian_tensor_product", f, argnum)


hessian_vector_product = hessian_tensor_product


def tensor_jacobian_product(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that computes a tensor times the Jacobian of `f`.

    Args:
        f: returns an array.
        argnum: which argument to differentiate, see `grad`.

    Returns:
        a function of the arguments of `f` and, after the positional ones, a tensor. The axes of
        the tensor match the leading axes of the result of `f`; the product sums over them.

    Example:
        >>> f = lambda x: np.square(x)
        >>> tensor_jacobian_product(f)(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
        array([ 2., 40.])
    """

    def weighted(*args: Any, **kwargs: Any) -> Any:
        *own, tensor = args
        return np.tensordot(tensor, f(*own, **kwargs), axes=np.ndim(tensor))

    return named_after(jacobian(weighted, argnum), "tensor_jacobian_product", f, argnum)


vector_jacobian_product = tensor_jacobian_product


def make_hvp(f: Function, argnum: Argnum = 0) -> Function:
    """Return the function that runs `f` and returns (hvp, gradient).

    `hvp(v)` is the Hessian times `v`. `f` is run once, however often `hvp` is called.

    Args:
        f: returns one real number.
        argnum: which argument to differentiate, see `grad`.

    Example:
        >>> hvp, gradient = make_hvp(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
        >>> gradient, hvp(np.array([1.0, 10.0]))
        (array([ 3., 12.]), array([  6., 120.]))
    """
    return named_after(make_vjp(grad(f, argnum), argnum), "make_hvp", f, argnum)


def half_square(x: Any) -> Any:
    """Return ½ Σ x² over the last axis."""
    return 0.5 * np.sum(x * x, axis=-1)


def make_ggnvp(f: Function, g: Function = half_square, f_argnum: Argnum = 0) -> Function:
    """Return the function that runs `f` and returns the Gauss-Newton product of g ∘ f.

    This generalised product is v ↦ Jᵀ H J v with the Jacobian J of `f` and the Hessian H of `g`
    (N. Schraudolph, "Fast curvature matrix-vector products for second-order gradient descent",
    2002).

    Args:
        f: returns an array.
        g: takes that array and returns one real number.
        f_argnum: which argument of `f` to differentiate, see `grad`.

    Example:
        >>> make_ggnvp(np.square)(np.array([1.0, 2.0]))(np.array([1.0, 10.0]))
        array([  4., 160.])
    """

    def run(*args: Any, **kwargs: Any) -> Any:
        trace = Trace(f, f_argnum, args, kwargs, "make_ggnvp")
        trace.numbers()
        curvature, _ = make_hvp(g)(trace.outside(trace.result))
        along, against = pushforward(trace), pullback(trace)
        return lambda v: against(curvature(along(v)))

    return named_after(run, "make_ggnvp", f, f_argnum)
