"""Uniform constants as numbers: an array of one number, such as ones, is that number in a step."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from autograd.compiling.node import Node
from autograd.compiling.passes.rebuild import rebuilt


def uniform_as_numbers(ends: list[Node]) -> list[Node]:
    """Return a graph in which elementwise steps take a number for an array of equal entries.

    The number is one of NumPy's, which has the dtype of the array, and so the result has its own.
    Another argument must have the shape of the result.
    """

    def change(node: Node) -> Node:
        if node.op is None or not node.op.elementwise or not np.ndim(node.sample):
            return node
        full = [shape_of(x) == node.sample.shape for x in node.args]
        args = [
            number_in(x) if any(full[:i] + full[i + 1 :]) and is_uniform(x) else x
            for i, x in enumerate(node.args)
        ]
        nodes = any(isinstance(x, Node) and np.ndim(x.sample) for x in args)
        return node.with_args(args) if nodes else node

    return rebuilt(ends, change)


def shape_of(x: Any) -> tuple[int, ...]:
    """Return the shape of an argument."""
    return np.shape(x.sample if isinstance(x, Node) else x)


def is_uniform(x: Any) -> bool:
    """Whether a constant is an array of one number, to the last bit."""
    if type(x) is not ndarray or not x.size or x.ndim == 0:
        return False
    if not any(x.strides):
        return True
    flat = x.ravel()
    if x.dtype.kind not in "fiu":
        return False
    return bool(np.all(flat == flat[0]) and np.all(np.signbit(flat) == np.signbit(flat[0])))


def number_in(x: ndarray) -> Any:
    """Return the number that fills an array."""
    return x.flat[0]
