"""How ops on Python floats are written: a table by what computes the op, not by its name.

A row of `autograd/ops` says how its op computes floats (`scalar`). Where that is an operator, or a
function of `math`, the printed program has it; else it calls the row's function. Either raises
where Python does, at 1 / 0 or exp(1000): the call is then made again op by op, as in NumPy.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np
from numpy import float64

from autograd.compiling.node import Node
from autograd.engine.primitive import PRIMITIVES
from autograd.ops.activations import relu

CODE: dict[Any, str] = {
    operator.add: "{} + {}",
    operator.sub: "{} - {}",
    operator.mul: "{} * {}",
    operator.truediv: "{} / {}",
    operator.mod: "{} % {}",
    operator.floordiv: "{} // {}",
    operator.neg: "-{}",
    operator.pos: "{}",
    abs: "abs({})",
    np.greater: "{} > {}",
    np.greater_equal: "{} >= {}",
    np.less: "{} < {}",
    np.less_equal: "{} <= {}",
    np.equal: "{} == {}",
    np.not_equal: "{} != {}",
    np.isnan: "{0} != {0}",
    np.isfinite: "{0} - {0} == 0.0",
}
# What NumPy computes to the same bits, entry by entry, as Python does.
EXACT = {*CODE, math.sqrt}
PRODUCTS = (operator.mul, np.multiply)
CODE[PRIMITIVES[relu.__name__].scalar] = "{0} if {0} > 0.0 or {0} != {0} else 0.0"


def written_as(op: Any) -> Any:
    """Return the function that computes an op on floats, None if there is none."""
    if op is None or not op.elementwise:
        return None
    if op.forward in CODE:
        return op.forward
    return op.scalar


def is_exact(op: Any) -> bool:
    """Whether Python's floats and NumPy's arrays give the same bits."""
    return written_as(op) in EXACT


def is_scalar(x: Any) -> bool:
    """Whether an argument is a float, a Python one or one of NumPy."""
    return type(x.sample if isinstance(x, Node) else x) in (float, float64)


def on_scalars(node: Node) -> bool:
    """Whether a node is an op on floats that gives a float or a boolean, and has code."""
    return (
        written_as(node.op) is not None
        and not node.params
        and type(node.sample) in (float, float64, np.bool_)
        and all([is_scalar(x) or counts(x, node) for x in node.args])
    )


def counts(x: Any, product: Node) -> bool:
    """Whether a condition stands for 1 or 0 in a product with a float, as in Python."""
    by = product.op.forward in PRODUCTS and type(product.sample) is not np.bool_
    return by and isinstance(x, Node) and type(x.sample) is np.bool_ and on_scalars(x)
