"""A function of JAX's arrays as an op of ours, with JAX's derivatives, of any order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd.engine.each import Each
from autograd.engine.primitive import Primitive
from autograd.engine.trees import filled, leaves
from autograd.engine.value import Value, held, made_by
from autograd.jax.arrays import JaxArray, unwrapped
from autograd.jax.names import jax_itself
from autograd.transforms.checkpoint import packed, unpacked
from autograd.transforms.rows import is_numeric


def op_of(name: str, h: Callable[..., Any]) -> Primitive:
    """Return the op that computes `h`, a function of JAX's arrays that returns one."""
    return Primitive(
        name,
        lambda *xs: JaxArray(h(*map(array_of, xs))),
        Each(partial(gradients, name, h)),
    )


def node_of(name: str, h: Callable[..., Any], data: Any, sources: list[Value]) -> Value:
    """Return the node of `h` at some Values, where its result is known."""
    args = tuple([held(x) for x in sources])
    return made_by(op_of(name, h), JaxArray(data), tuple(sources), args, {})


def gradients(
    name: str, h: Callable[..., Any], places: list[int], g: Any, y: Any, *xs: Any
) -> list[Any]:
    """Return the gradients of the arguments of `h` at these places, as `Each` asks for."""
    jax = jax_itself()

    def back(g: Any, *xs: Any) -> Any:
        def of_chosen(*chosen: Any) -> Any:
            given = dict(zip(places, chosen, strict=True))
            return h(*[given.get(i, x) for i, x in enumerate(xs)])

        y, pull = jax.vjp(of_chosen, *[xs[i] for i in places])
        found = pull(jax.numpy.broadcast_to(g, y.shape).astype(y.dtype))
        return unwrapped(packed(list(map(JaxArray, found))))

    row = op_of(f"gradient of {name}", back)(g, *xs)
    return unpacked(row, [(np.shape(xs[i]), np.result_type(xs[i])) for i in places])


def gradients_of_op(
    self: JaxArray, op: Primitive, places: list[int], given: tuple, params: dict[str, Any]
) -> list[Any]:
    """Return the gradients of the arguments of one of our ops, by its forward function."""
    g, y, *args = given
    numbers = [i for i, x in enumerate(args) if is_array(x)]

    def forward(*xs: Any) -> Any:
        known = dict(zip(numbers, map(JaxArray, xs), strict=True))
        return unwrapped(op.forward(*[known.get(i, x) for i, x in enumerate(args)], **params))

    own = [numbers.index(place) for place in places]
    return gradients(op.name, forward, own, g, y, *[args[i] for i in numbers])


def applied(
    self: JaxArray, function: Callable[..., Any], args: tuple, params: dict[str, Any]
) -> Any:
    """Return what a function of NumPy's gives for Values, each result with JAX's derivatives."""
    found = [x for _, x in leaves(args)]
    sources = [x.current() for x in found if isinstance(x, Value)]

    def results(*numbers: Any) -> list[Any]:
        new = map(JaxArray, numbers)
        given = filled(args, iter([next(new) if isinstance(x, Value) else x for x in found]))
        return [array_of(y) for _, y in leaves(function(*given, **params))]

    now = [held(x.current()) if isinstance(x, Value) else x for x in found]
    form = function(*filled(args, iter(now)), **params)
    name = function.__name__
    parts = [
        node_of(name, lambda *xs, i=i: results(*xs)[i], array_of(y), sources)
        for i, (_, y) in enumerate(leaves(form))
    ]
    return filled(form, iter(parts))


JaxArray.applied = applied  # type: ignore[method-assign,assignment]
JaxArray.gradients = gradients_of_op  # type: ignore[method-assign,assignment]


def is_array(x: Any) -> bool:
    """Whether an argument of an op is floating-point numbers, raw or in a Value."""
    return is_numeric(x) and np.result_type(x).kind in "fc"


def array_of(x: Any) -> Any:
    """Return numbers as an array of JAX's."""
    return jax_itself().numpy.asarray(unwrapped(x))
