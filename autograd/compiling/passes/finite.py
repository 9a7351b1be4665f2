"""Finite at once: whether all numbers of an array are finite is one step, of one pass over them."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from autograd.compiling.node import Node
from autograd.compiling.passes.rebuild import rebuilt
from autograd.engine.primitive import Primitive


def all_finite(x: Any) -> np.bool_:
    """Return whether all numbers are finite: the sum of their squares is, unless they are huge."""
    flat = x.ravel(order="K")
    return np.bool_(isfinite(flat.dot(flat)) or np.isfinite(flat).all())


ALL_FINITE = Primitive("all_finite", all_finite, None)


def finite_at_once(ends: list[Node]) -> list[Node]:
    """Return a graph in which isfinite(x).all() is one step, for an array x of floats."""

    def change(node: Node) -> Node:
        if node.op is None or node.op.forward is not np.all or node.params or len(node.args) != 1:
            return node
        (finite,) = node.parents or (None,)
        if finite is None or finite.op is None or finite.op.forward is not np.isfinite:
            return node
        (x,) = finite.args
        fits = isinstance(x, Node) and np.ndim(x.sample) and x.sample.dtype.char in "fd"
        return Node(ALL_FINITE, (x,), {}, node.sample, numbers=node.numbers) if fits else node

    return rebuilt(ends, change)
