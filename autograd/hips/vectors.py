"""Nested containers of arrays as one vector, and back."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from autograd.composed.manipulation.joining import concatenate
from autograd.engine.arrays import as_numpy
from autograd.engine.trees import aligned, filled, leaves


class Packing:
    """How to pack a container of arrays into one vector, and how to unpack it.

    Lists keep their order; dicts are packed in the order of their sorted keys.

    Args:
        tree: a number, an array, a Value, or a nested list, tuple or dict of these.
        moves: which leaves go into the vector; the others are constants.

    Example:
        >>> packing = Packing({"w": np.ones((2, 2)), "b": 0.5})
        >>> packing.pack({"w": np.eye(2), "b": 3.0})
        array([3., 1., 0., 0., 1.])
        >>> packing.unpack(np.arange(5.0))["w"]
        array([[1., 2.],
               [3., 4.]])
    """

    def __init__(self, tree: Any, moves: Callable[[Any], bool] = lambda leaf: True) -> None:
        tree = in_order(tree)
        found = [leaf for _, leaf in leaves(tree)]
        self.constants = [None if moves(leaf) else leaf for leaf in found]
        self.form = filled(tree, iter(self.constants))
        self.places = [
            (i, np.shape(leaf), np.result_type(leaf)) for i, leaf in enumerate(found) if moves(leaf)
        ]

    def pack(self, tree: Any) -> Any:
        """Return the entries of a container of this form as one vector."""
        found = [leaf for _, leaf in aligned(spread(tree, self.form), self.form, "the container")]
        parts = [np.reshape(found[i], (-1,)) for i, _, _ in self.places]
        return concatenate(parts) if parts else np.zeros(0)

    def unpack(self, vector: Any) -> Any:
        """Return a container of this form with the entries of `vector`."""
        found, start = self.constants.copy(), 0
        for i, shape, dtype in self.places:
            stop = start + prod(shape)
            part = np.reshape(vector[start:stop], shape) if shape else vector[start]
            found[i] = _like(part, dtype)
            start = stop
        return filled(self.form, iter(found))


class Single:
    """The packing of a single array, which is its own vector."""

    @staticmethod
    def pack(x: Any) -> Any:
        """Return `x`."""
        return x

    @staticmethod
    def unpack(x: Any) -> Any:
        """Return `x`, or, for a float, a NumPy scalar, which has a shape and a dtype."""
        return as_numpy(x)


def spread(tree: Any, form: Any) -> Any:
    """Return `tree` with its arrays as lists of their entries wherever `form` has a list.

    Example:
        >>> spread({"w": np.array([1.0, 2.0])}, {"w": [None, None]})
        {'w': [np.float64(1.0), np.float64(2.0)]}
    """
    if isinstance(form, dict) and isinstance(tree, dict):
        return {key: spread(x, form.get(key)) for key, x in tree.items()}
    if isinstance(form, (list, tuple)) and not hasattr(tree, "_fields"):
        items = list(tree) if getattr(tree, "shape", ()) else tree
        if isinstance(items, (list, tuple)) and len(items) == len(form):
            return [spread(x, like) for x, like in zip(items, form, strict=True)]
    return tree


def in_order(tree: Any) -> Any:
    """Return a tree with the keys of its dicts in order."""
    if isinstance(tree, dict):
        return {key: in_order(tree[key]) for key in sorted(tree)}
    if isinstance(tree, (list, tuple)):
        items = map(in_order, tree)
        return type(tree)(*items) if hasattr(tree, "_fields") else type(tree)(items)
    return tree


def _like(part: Any, dtype: np.dtype) -> Any:
    """Return a part of a vector of several types as its own type again; integers become floats."""
    if part.dtype.kind == "c" and dtype.kind != "c":
        part = np.real(part)
    return part.astype(dtype) if dtype.kind in "fc" and part.dtype != dtype else part
