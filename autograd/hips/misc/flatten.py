"""Nested containers of arrays as one vector, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.hips.vectors import Packing

__all__ = [
    "flatten",
    "flatten_func",
]


def flatten(value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return all numbers of a nested container as one vector, and a function that undoes this.

    Args:
        value: a number, an array, a Value, or a nested list, tuple or dict of these.

    Returns:
        (vector, unflatten): the numbers, lists in order and dicts in the order of their sorted
        keys; and a function that turns such a vector into a container like `value`. Gradients
        flow through both.

    Example:
        >>> vector, unflatten = flatten({"w": [1.0, 2.0], "b": 0.5})
        >>> vector
        array([0.5, 1. , 2. ])
        >>> unflatten(vector * 2)["b"] == 1.0
        np.True_
    """
    packing = Packing(value)
    return packing.pack(value), packing.unpack


def flatten_func(
    func: Callable[..., Any], example: Any
) -> tuple[Callable[..., Any], Callable[[Any], Any], Any]:
    """Turn a function of containers into one of vectors: (function, unflatten, example's vector).

    Args:
        func: a function of a container, and perhaps of more, that returns a container.
        example: a container like its first argument.

    Example:
        >>> square, _, x = flatten_func(lambda p: {"a": p["a"] ** 2}, {"a": 3.0})
        >>> square(x)
        array([9.])
    """
    vector, unflatten = flatten(example)

    def of_vectors(vector: Any, *args: Any) -> Any:
        return flatten(func(unflatten(vector), *args))[0]

    return of_vectors, unflatten, vector
