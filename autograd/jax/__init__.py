"""JAX: a function of our ops as a plain function of JAX's, to be compiled, mapped and sharded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from autograd.engine.arrays import NUMBERS, known
from autograd.engine.graph import history, next_serial
from autograd.engine.hosts import hosted_by
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value, held
from autograd.jax.arrays import JaxArray, unwrapped
from autograd.jax.leaving import from_outside
from autograd.jax.loops import looped
from autograd.jax.maps import mapped
from autograd.jax.names import jax_itself
from autograd.jax.randomness import drawn


def to_jax(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return `f` as a function of JAX arrays, for jax.jit, jax.grad, jax.vmap or shard_map.

    It runs `f` on arrays that answer NumPy's functions with JAX's. What it computes is what `f`
    does; what JAX cannot follow is an error that says what to write. As in any function for JAX,
    arrays that `f` uses from outside are constants, so parameters have to be arguments. JAX
    computes in float32 unless `jax.config.update("jax_enable_x64", True)` has been called. It needs
    `pip install chainrule[jax]`.

    `jax.grad(to_jax(f))` differentiates by JAX's rules, `to_jax(grad(f))` by ours, where these do
    not look at numbers; `scan`, `fori_loop` and `while_loop` are loops of JAX's.

    Args:
        f: takes and returns numbers, arrays, and trees of these; of NumPy's functions, the ops of
            this package, and its transformations, such as `grad`.

    Raises:
        ImportError: JAX is not there.
        TypeError: (when called) `f` branches on a number that is not known yet, turns an array into
            one of NumPy's, uses a Value from outside, or a function that JAX lacks.
        ValueError: (when called) `f` changes an argument in place.
        RuntimeError: (when called inside jit and the like) `f` draws random numbers, which would
            be the same in each call.

    Example:
        >>> import jax  # doctest: +SKIP
        >>> f = to_jax(lambda w, x: np.sum(np.tanh(x @ w) ** 2))  # doctest: +SKIP
        >>> jax.jit(jax.grad(f))(np.ones(2), np.ones((3, 2)))  # doctest: +SKIP
        Array([0.40864482, 0.40864482], dtype=float32)
    """
    jax_itself()

    @wraps(f)
    def on_jax(*args: Any, **kwargs: Any) -> Any:
        given = [entered(x) for _, x in leaves((args, kwargs))]
        args, kwargs = filled((args, kwargs), iter(given))
        before, start = hosted_by.set(OnJax()), next_serial()
        try:
            with drawn(f, not all(map(known, given))):
                result = f(*args, **kwargs)
        finally:
            hosted_by.reset(before)
        return filled(result, iter([left(y, start) for _, y in leaves(result)]))

    return on_jax


class OnJax:
    """The `Host` inside `to_jax`."""

    looped = staticmethod(looped)
    mapped = staticmethod(mapped)


def entered(x: Any) -> Any:
    """Return what a function gets for an argument: for an array a `JaxArray`."""
    jax = jax_itself()
    if isinstance(x, (jax.Array, *NUMBERS)) and not isinstance(x, (bool, int, float, complex)):
        return JaxArray(jax.numpy.asarray(x))
    return x


def left(y: Any, start: int) -> Any:
    """Return a result as one of JAX's.

    Args:
        y: the result.
        start: the serial of the first Value that the function could make itself.

    Raises:
        TypeError: it is a Value that depends on one from outside.
    """
    if isinstance(y, Value):
        for node in history([y.current()], {}, start)[0]:
            if node.serial < start:
                raise from_outside(node)
        y = held(y.current())
    if isinstance(y, (JaxArray, *NUMBERS)):
        return jax_itself().numpy.asarray(unwrapped(y))
    return unwrapped(y)
