"""A recorded graph as a program of JAX's: each op's own forward function runs on JAX's arrays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.errors import NotHereError
from autograd.compiling.node import HAS_NAN, Node
from autograd.compiling.sharing import Shared
from autograd.compiling.text import OtherwiseError
from autograd.jax.arrays import JaxArray, unwrapped
from autograd.jax.names import jax_itself


def on_jax(
    nodes: list[Node],
    sources: list[Node],
    guards: list[tuple[Node, Any]],
    results: list[Node],
    devices: list[Any] | None = None,
) -> tuple[Callable[..., tuple], str]:
    """Return a function of the numbers of sources, which returns those of results, and its text.

    Args:
        nodes: the graph, each node after those that it takes.
        sources, results: the nodes that it begins and ends with.
        guards: nodes that must give these numbers; else the program is not that of the call.
        devices: those of JAX's that share the arguments; None for JAX's first.

    Raises:
        NotHereError: JAX cannot follow an op.
    """
    jax = jax_itself()
    ends = [*(node for node, _ in guards), *results]

    def run(*given: Any) -> list[Any]:
        return numbers_of(ends, nodes, dict(zip(sources, given, strict=True)))

    shared = Shared(sources, devices)
    compiled = jax.jit(run, out_shardings=shared.whole)
    with doubles():
        try:
            text = str(jax.make_jaxpr(run)(*[source.sample for source in sources]))
        except (TypeError, ValueError, RuntimeError, AttributeError) as error:
            raise NotHereError(f"JAX cannot follow it: {error}") from error

    def program(*given: Any) -> tuple:
        with doubles():
            found = list(map(np.asarray, compiled(*shared.placed(sources, given))))
        for (_, expected), number in zip(guards, found, strict=False):
            if not np.array_equal(number, expected, equal_nan=number.dtype.kind in "fc"):
                raise OtherwiseError
        return tuple(map(as_recorded, found[len(guards) :], results))

    return program, text


def numbers_of(ends: list[Node], nodes: list[Node], given: dict[Node, Any]) -> list[Any]:
    """Return what some nodes give for the numbers of sources, as JAX's arrays."""
    asarray = jax_itself().numpy.asarray
    there: dict[Node, Any] = {source: JaxArray(asarray(x)) for source, x in given.items()}
    for node in nodes:
        if node not in there:
            there[node] = result_of(node, there)
    return [asarray(unwrapped(there[node])) for node in ends]


def result_of(node: Node, there: dict[Node, Any]) -> Any:
    """Return what a node gives for the numbers of those that it takes."""
    if node.op is None:
        return node.sample
    args = [there[x] if isinstance(x, Node) else constant(x) for x in node.args]
    if node.op is HAS_NAN:
        return np.any(np.isnan(*args))
    return node.op.forward(*args, **node.params)


def constant(x: Any) -> Any:
    """Return a constant among an op's arguments; an array of numbers as one of JAX's."""
    numbers = isinstance(x, ndarray) and x.dtype.kind in "fc"
    return JaxArray(jax_itself().numpy.asarray(x)) if numbers else x


def as_recorded(x: ndarray, node: Node) -> Any:
    """Return a number of JAX's in the type that NumPy gave."""
    if isinstance(node.sample, ndarray):
        return np.array(x, node.sample.dtype)
    return type(node.sample)(x[()])


def doubles() -> AbstractContextManager[Any]:
    """Let JAX compute in double precision, as NumPy does, for a while."""
    jax = jax_itself()  # before JAX 0.8 it is only in `experimental`
    return jax.enable_x64(True) if hasattr(jax, "enable_x64") else jax.experimental.enable_x64()
