"""Boxes, as in HIPS autograd: a Value made by hand, and a backward pass to it.

There, a box holds a number, the level of nesting it is traced on, and a node of the graph. A Value
is its own node and needs no level. Lists, tuples and dicts of Values are Python's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.composed.methods import give
from autograd.engine.arrays import NUMBERS
from autograd.engine.graph import history
from autograd.engine.primitive import Primitive
from autograd.engine.trees import children
from autograd.engine.value import Value
from autograd.hips.nodes import Node
from autograd.hips.vectors import Packing, Single
from autograd.transforms.paths import Paths
from autograd.transforms.seeds import seed, zeros

__all__ = ["DictBox", "SequenceBox", "TraceStack", "backward_pass", "new_box", "trace_stack"]

LEVEL = 0
ENTRY = Primitive("new_box", lambda x, packing: x, vjps=[lambda g, y, x, packing: g])


class TraceStack:
    """The levels of nested derivatives; here all Values are on a single one.

    Example:
        >>> with trace_stack.new_trace() as level:
        ...     level
        0
    """

    @contextmanager
    def new_trace(self) -> Iterator[int]:
        """Provide the level: what `new_box` takes as `trace`, and what a Value has as `_trace`."""
        yield LEVEL


trace_stack = TraceStack()


class SequenceBox(tuple):
    """What `new_box` returns for a list or a tuple.

    Example:
        >>> isinstance((Value(2.0),), SequenceBox)
        False
    """

    _trace = LEVEL


class DictBox(dict):
    """What `new_box` returns for a dict.

    Example:
        >>> isinstance({"w": Value(2.0)}, DictBox)
        False
    """

    _trace = LEVEL


BOXES: dict[type, type] = {list: SequenceBox, tuple: SequenceBox, dict: DictBox}


def new_box(value: Any, trace: int, node: Node) -> Any:
    """Return `value` as a Value whose gradient `backward_pass` returns.

    Args:
        value: a number, an array, a Value, or a list, tuple or dict of these.
        trace: the level; any number will do.
        node: a node; any will do, since the Value is its own node.

    Raises:
        TypeError: `value` contains something else.

    Example:
        >>> from autograd.core import VJPNode
        >>> x = new_box(3.0, 0, VJPNode.new_root())
        >>> print(backward_pass(1.0, (x * x)._node))
        6.0
    """
    packing: Any = Single if children(value) is None else Packing(value)
    vector = packing.pack(value)
    entry = ENTRY(vector if isinstance(vector, Value) else Value(vector), packing=packing)
    return BOXES.get(type(value), lambda box: box)(packing.unpack(entry))


def backward_pass(g: Any, end_node: Any) -> Any:
    """Return the gradient of the latest result of `new_box`, given that of a Value made from it.

    Args:
        g: the gradient of the Value, in its shape; a Value to build a graph of the gradients.
        end_node: the Value, or its `_node`.

    Raises:
        ValueError: the Value does not depend on a result of `new_box`, or `g` has a different
            shape.
    """
    entry = next((node for node in history([end_node], {})[0] if node.op is ENTRY), None)
    if entry is None:
        raise ValueError(
            "backward_pass needs a Value that depends on a result of new_box, and this one does "
            "not; use v.backward() for Values of your own"
        )
    given = seed(end_node, g, "g")
    (gradient,) = Paths([end_node], [entry.serial]).gradients([given], isinstance(g, Value))
    return entry.params["packing"].unpack(zeros(entry) if gradient is None else gradient)


def register(box: type, value_type: type) -> None:
    """Declare that a type may be differentiated, which arrays and numbers of any class may be.

    Args:
        box: `Value`.
        value_type: a class of arrays or numbers.

    Raises:
        TypeError: `value_type` is a different class.
    """
    if not issubclass(value_type, NUMBERS):
        raise TypeError(
            f"a Value holds numbers and arrays, and {value_type.__name__} is neither; make it a "
            "dataclass or named tuple of arrays, which can be differentiated as it is"
        )
    box.type_mappings[value_type] = box  # type: ignore[attr-defined]


give(
    type_mappings=dict.fromkeys((np.ndarray, float, np.float64, complex), Value),
    register=classmethod(register),
    _node=property(lambda self: self),
    _trace=LEVEL,
)
