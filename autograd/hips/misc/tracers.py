"""A computation as a graph of nodes, to run it again or to look at it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from autograd.hips.sequences import subvals, toposort
from autograd.hips.tracer import Node, trace

__all__ = [
    "ConstGraphNode",
    "FullGraphNode",
    "const_graph",
    "full_graph",
]


class ConstGraphNode(Node):
    """A step that can be repeated with new numbers."""

    __slots__ = ("again", "parents")

    def __init__(
        self,
        value: Any,
        fun: Any,
        args: tuple[Any, ...],
        kwargs: Any,
        parent_argnums: Any,
        parents: Any,
    ) -> None:
        self.parents = parents
        self.again = lambda given: fun(
            *subvals(args, zip(parent_argnums, given, strict=True)), **kwargs
        )

    def initialize_root(self) -> None:
        self.parents = ()


def const_graph(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., Any]:
    """Return `fun` with its first arguments given; it runs once, and then repeats the same steps.

    This is right for functions whose steps do not depend on the numbers.

    Args:
        fun: a function written with NumPy functions, operators and primitives.
        args, kwargs: constant arguments.

    Returns:
        a function of the remaining positional arguments.

    Raises:
        ValueError: (when called) the result does not depend on the arguments.

    Example:
        >>> double = const_graph(lambda n, x: print("once") or n * x, 2.0)
        >>> print(double(3.0), double(4.0))
        once
        6.0 8.0
    """
    steps: list[Any] = []

    @wraps(fun)
    def again(*rest: Any) -> Any:
        if steps:
            known = {steps[0]: rest}
            for step in steps[1:]:
                known[step] = step.again([known[parent] for parent in step.parents])
            return known[steps[-1]]
        result, end = trace(
            ConstGraphNode.new_root(), lambda rest: fun(*args, *rest, **kwargs), rest
        )
        if end is None:
            raise ValueError("const_graph needs a function whose result depends on its arguments")
        steps.extend(reversed(list(toposort(end))))
        return result

    return again


class FullGraphNode(Node):
    """A step, with its `value` and its `recipe`, (fun, args, kwargs, parents)."""

    __slots__ = ("recipe", "value")

    def __init__(
        self,
        value: Any,
        fun: Any,
        args: tuple[Any, ...],
        kwargs: Any,
        parent_argnums: Any,
        parents: Any,
    ) -> None:
        self.value = value
        self.recipe = (fun, args, kwargs, list(zip(parent_argnums, parents, strict=True)))

    def initialize_root(self) -> None:
        self.value = None
        self.recipe = (lambda x: x, (), {}, [])


def full_graph(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return the last node of the graph of `fun(*args, **kwargs)`, None if it depends on nothing.

    Args:
        fun: a function written with NumPy functions, operators and primitives.
        args: the arguments that the nodes depend on.
        kwargs: constant arguments.

    Example:
        >>> node = full_graph(lambda x: -x, 2.0)
        >>> node.value, node.recipe[0].__name__
        (-2.0, 'negative')
    """
    return trace(FullGraphNode.new_root(), lambda args: fun(*args, **kwargs), args)[1]
