"""What a recorded run does to Values from outside: their data, their gradients."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from autograd.compiling.errors import NotHereError, TracingError, caller, line
from autograd.compiling.kept import Standing
from autograd.compiling.node import HAS_NAN, Attribute, Grad, Node, Setting, form_of
from autograd.engine.arrays import fit, has_nan, learns
from autograd.engine.inputs import leaf_data
from autograd.engine.primitive import Primitive
from autograd.engine.tracing import put, slot_named
from autograd.engine.value import Value, held, held_grad, leaf
from autograd.ops.shape import laid_out

FITTED = Primitive("fitted", fit, None)
CAST = Primitive(
    "cast",
    lambda x, dtype: (x if hasattr(x, "astype") else np.asarray(x)).astype(dtype)[()],
    None,
)
NUMBERS = Primitive("numbers", lambda x: x, None)


class Outside:
    """The part of a Recording that stands between the run and Values from outside."""

    start: int
    nodes: dict[int, Node]
    inputs: list[Value]
    kept: list[Value]
    failed: TracingError | None

    def __init__(self) -> None:
        self.guards: list[tuple[Node, Any]] = []
        self.assigned: dict[int, tuple[Value, Node]] = {}
        self.grads: dict[int, tuple[Value, Node | None]] = {}
        self.entered: dict[int, tuple[Value, tuple | None]] = {}
        self.attributes: dict[tuple, tuple[Attribute, Value]] = {}
        # (setattr or setitem, its arguments) to call when the run is over, last changes first
        self.old: deque[tuple[Any, Any, Any, Any]] = deque()

    def node_of(self, value: Any) -> Node:
        raise NotImplementedError

    def keep(self, value: Value, slot: str) -> None:
        """Remember a slot of a Value, to restore it when the run is over."""
        old = held(value) if slot == "data" else held_grad(value)
        self.old.appendleft((setattr, value, slot_named(slot), old))

    def assign(self, target: Any, new: Any) -> None:
        """Let a leaf hold new data until the run is over."""
        if target.op is not None or any(target is x for x in self.inputs):
            raise NotHereError("an argument or a computed Value is changed in place")
        old = held(target)
        node = self.node_of(new) if isinstance(new, Value) else self.constant(new)
        if target.shape != np.shape(node.sample):
            raise ValueError(f"new data of shape {np.shape(node.sample)} for {target.shape}")
        if type(target) is Standing:
            node = as_entries(node, old)
        elif form_of(node.sample) != form_of(old):
            kind = np.zeros_like(old) if np.ndim(old) else type(old)(0)
            node = Node(FITTED, (node, kind), {}, fit(node.sample, old))
        if target.serial > self.start and type(target) is not Standing:
            raise NotHereError(
                "the program makes Values that it keeps, as an optimiser in its first step"
            )
        self.keep(target, "data")
        put(target, "data", node.sample)
        self.nodes[target.serial] = node
        if target.serial < self.start:
            self.assigned[target.serial] = target, node

    def constant(self, x: Any) -> Node:
        """Return the node of a constant."""
        return Node(None, sample=leaf_data(x))

    def as_float(self, value: Any) -> Value:
        """Return a number as a float of Python's, which takes the precision of what it meets."""
        node = Node(FITTED, (self.node_of(value), 0.0), {}, fit(held(value), 0.0))
        new = leaf(node.sample)
        self.nodes[new.serial] = node
        self.kept.append(new)
        return new

    def changing(self, root: Any) -> None:
        """Refuse to change a Value from outside in place while a graph is recorded."""
        if type(root) is Standing:
            raise NotHereError(
                "an nn.Buffer is changed by a view or a function, not by m += x or m[i] = x"
            )
        if root.serial < self.start or any(root is x for x in self.inputs):
            frame = caller()
            self.failed = TracingError(
                "write x = x + y for a new array, and change parameters by an optimiser or inside "
                "no_grad(): a compiled function does not change its arguments in place, nor "
                f"extend the graph of a Value from outside{line(frame)}"
            )
            raise self.failed

    def expect_no_nan(self, gradients: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        """Guard against NaN, for which the careful walk would run."""
        counted = [(x, g) for x, g in gradients if not self.is_number(x)]
        for _, g in counted:
            if isinstance(g, Value) and learns(held(g)):
                node = Node(HAS_NAN, (self.node_of(g),), {}, np.bool_(has_nan(g)))
                self.guards.append((node, np.False_))
        return counted

    def is_number(self, value: Value | None) -> bool:
        """Whether a leaf stands for plain numbers, which have no gradient."""
        node = None if value is None else self.nodes.get(value.serial)
        return node is not None and node.numbers

    def grad_of(self, value: Any) -> Any:
        """Return the gradient of a Value, as a Value; None for none."""
        grad = held_grad(value)
        if value.serial > self.start or isinstance(grad, Value) or value.serial in self.grads:
            if grad is None and value.op is not None:
                raise NotHereError("the gradient of a computed Value is read")
            return grad
        self.entered.setdefault(value.serial, (value, None if grad is None else form_of(grad)))
        if grad is None:
            return None
        entry = leaf(np.array(grad)[()] if np.ndim(grad) else grad)
        self.nodes[entry.serial] = Node(None, sample=held(entry), source=Grad(value), numbers=True)
        self.put_grad(value, entry)
        return entry

    def set_grad(self, value: Any, grad: Any) -> None:
        """Let a Value hold a gradient until the run is over."""
        if isinstance(grad, Value) and lies_otherwise(held(grad), held(value)):
            grad = laid_out(grad, axes_of(held(value)))  # as the leaf gets it without a trace
        if value.serial < self.start and value.op is None:
            node = None
            if grad is not None:
                node = self.node_of(grad) if isinstance(grad, Value) else self.constant(grad)
            self.grads[value.serial] = value, node
        if grad is not None and not isinstance(grad, Value):
            grad = leaf(grad)
        self.put_grad(value, grad)

    def put_grad(self, value: Value, grad: Any) -> None:
        """Set the slot, to be restored."""
        self.keep(value, "grad")
        put(value, "grad", grad)

    def attribute(self, owner: Any, name: str) -> Value:
        """Return a number of an object as a Value that is read anew at each call."""
        return self.read_anew(Attribute(owner, name), (id(owner), name))

    def setting(self, owner: dict[str, Any], name: str) -> Any:
        """Return a number of a dict, or a tuple of them, as Values that are read anew."""
        if isinstance(owner[name], tuple):
            return tuple(
                [
                    self.read_anew(Setting(owner, name, i), (id(owner), name, i))
                    for i in range(len(owner[name]))
                ]
            )
        return self.read_anew(Setting(owner, name, None), (id(owner), name))

    def read_anew(self, source: Attribute, key: tuple) -> Value:
        """Return a Value that stands for a number, the same one for the same number."""
        if key not in self.attributes:
            value = leaf(source.read())
            self.nodes[value.serial] = Node(None, sample=held(value), source=source)
            self.attributes[key] = source, value
        return self.attributes[key][1]


def lies_otherwise(grad: Any, data: Any) -> bool:
    """Whether a gradient is a view, and its entries do not lie in memory as those of the data."""
    view = isinstance(grad, np.ndarray) and grad.base is not None
    return view and grad.strides != np.empty_like(data, grad.dtype).strides


def axes_of(data: np.ndarray) -> tuple[int, ...]:
    """Return the axes of an array from the one with the longest strides in memory on."""
    strides = np.empty_like(data).strides
    return tuple(sorted(range(data.ndim), key=lambda axis: -strides[axis]))


def as_entries(node: Node, old: Any) -> Node:
    """Return the node of what a Kept array holds when numbers are written into it."""
    if form_of(node.sample) != form_of(old):
        cast = CAST.forward(node.sample, old.dtype)
        return Node(CAST, (node, old.dtype), {}, cast, None, numbers=True)
    return node if node.numbers else Node(NUMBERS, (node,), {}, node.sample, None, numbers=True)
