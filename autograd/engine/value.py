"""Value: numbers, their gradient, and how they were made."""

from __future__ import annotations

from itertools import count
from sys import getrefcount
from threading import Lock
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import ALONE, Data, as_numpy, fit, frozen, leaf_data, learns, normal
from autograd.engine.backward import gradients
from autograd.engine.graph import current, is_view
from autograd.engine.modes import told
from autograd.engine.protocols import Protocols

next_serial = count(1).__next__
HELD_BY_A_VALUE = ALONE + 1  # references to an array that a Value and one variable hold
accumulating = Lock()  # threads may share leaves


class Value(Protocols):
    """A node of the graph: a number or an array that remembers how it was computed.

    Args:
        data: a number, an array of numbers of any shape, or a (nested) list of numbers.
            Copied.  Python ints become floats; float32 stays float32; arrays of integers
            or booleans may flow through a graph but have no gradient.
        name: what to call it in pictures and messages.

    Raises:
        TypeError: `data` is not made of numbers.
        ValueError: `data` is a ragged list.

    Example:
        >>> x = Value(3.0)
        >>> y = x * x + 2 * x
        >>> y.backward()
        >>> y.data, x.grad
        (15.0, 8.0)
    """

    # Up to two arguments stand in slots of their own, without tuples around them: one object a
    # node is half as much memory and work for Python's garbage collector.
    __slots__ = ("_data", "_grad", "a", "b", "first", "more", "name", "op", "second", "serial")

    _data: Data
    _grad: Any
    op: Any  # the Primitive that made it; None for a leaf
    first: Value | None  # the Values its one or two arguments were, None for a constant,
    second: Value | None
    a: Any  # and their raw numbers
    b: Any
    more: tuple[tuple[Any, ...], tuple, dict[str, Any]] | None  # or all: (parents, args, params)
    serial: int
    name: str | None
    past = False  # whether it stands for what another Value was

    def __init__(self, data: Any, name: str | None = None) -> None:
        self._data = leaf_data(data)
        self._grad = None
        self.op = self.first = self.second = self.a = self.b = self.more = None
        self.serial = next_serial()
        self.name = name

    # -- the numbers ---------------------------------------------------------------------

    @property
    def data(self) -> Any:
        """The numbers: a float, a NumPy scalar or an array.

        A leaf's array may be written to (`w.data -= 0.1 * w.grad`, `w.data[0] = 1`); a graph
        made before keeps the numbers it was made with.  A computed array is read-only, but
        for a view of a leaf (`w[0]`), whose data is that view of the leaf's.

        Example:
            >>> w = Value([1.0, 2.0])
            >>> w.data -= 0.5
            >>> w.data
            array([0.5, 1.5])
        """
        data = self._data
        if type(data) is not ndarray:
            return data
        if self.op is None:
            if not data.flags.writeable:
                if data.base is not None or getrefcount(data) > HELD_BY_A_VALUE:
                    self._data = data = data.copy()
                data.flags.writeable = True
        elif self.op.view and self.is_view():
            return self.op.forward(self.parents[0].data, *self.args[1:], **self.params)
        else:
            data.setflags(write=False)
        return data

    @data.setter
    def data(self, data: Any) -> None:
        if self.op is not None:
            if self.is_view():
                self.data[...] = data
                return
            raise AttributeError(
                f"this Value was computed by {self.op.name}, so its data cannot be set; "
                "set the data of a leaf, or make a new leaf with v.detach()"
            )
        old = self._data
        if data is old or type(data) is type(old) is float:
            self._data = data
            return
        if (
            type(data) is ndarray is type(old)
            and data.dtype is old.dtype
            and data.shape == old.shape
            and data.base is None
            and data.flags.writeable
        ):
            self._data = data
            return
        new = leaf_data(data)
        if np.shape(new) != self.shape:
            raise ValueError(
                f"new data of shape {np.shape(new)} for a Value of shape {self.shape}; "
                "make a new Value to change the shape"
            )
        if np.iscomplexobj(new) and not np.iscomplexobj(old):
            raise TypeError(
                f"new data of dtype {new.dtype} for a Value of dtype {self.dtype}: the imaginary "
                "part would be lost; make a new Value of complex numbers"
            )
        self._data = fit(new, old) if learns(old) else new

    @property
    def grad(self) -> Any:
        """The gradient that `backward()` left, of the data's shape and dtype.

        Before any backward pass a scalar's is 0.0 and an array's None.  Gradients of several
        passes add up in leaves until `zero_grad()`.  Computed scalars show the last pass's;
        computed arrays keep theirs only with `backward(retain_gradients=True)`.

        Raises:
            TypeError: the data are integers or booleans, which have no gradient.
        """
        if self._grad is not None:
            return self._grad
        data = self._data
        if type(data) is float:
            return self.origin()._grad if self.op is not None and self.origin()._grad else 0.0
        if not learns(data):
            raise TypeError(
                f"a Value of dtype {data.dtype} has no gradient; "
                "make it a float: Value(np.asarray(x, dtype=float))"
            )
        if self.op is None:
            return None if type(data) is ndarray else data.dtype.type(0)
        if self.is_view() and self.parents[0].grad is not None:
            return self.op.forward(self.parents[0].grad, *self.args[1:], **self.params)
        origin = self.origin()
        return origin.grad if origin is not self else None

    @grad.setter
    def grad(self, grad: Any) -> None:
        if grad is None or isinstance(grad, Value):
            self._grad = grad
            return
        data = self._data
        if type(data) is float and type(grad) in (float, int):
            self._grad = float(grad)
            return
        if np.shape(grad) not in ((), self.shape):
            raise ValueError(
                f"a gradient of shape {np.shape(grad)} for a Value of shape {self.shape}; "
                "a gradient has its data's shape"
            )
        self._grad = fit(grad if type(grad) is float else np.array(grad), data)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the data, () for a scalar."""
        return () if type(self._data) is float else self._data.shape

    @property
    def dtype(self) -> np.dtype:
        """The NumPy dtype of the data, float64 for a Python float."""
        return np.dtype(float) if type(self._data) is float else self._data.dtype

    @property
    def ndim(self) -> int:
        """The number of dimensions, 0 for a scalar."""
        return 0 if type(self._data) is float else self._data.ndim

    @property
    def size(self) -> int:
        """The number of entries, 1 for a scalar."""
        return 1 if type(self._data) is float else self._data.size

    def item(self) -> Any:
        """Return the number of a Value of one entry as a Python number.

        Raises:
            ValueError: there is more than one entry.
        """
        if self.size != 1:
            raise ValueError(
                f"item() of a Value of shape {self.shape}: it is for one entry; "
                "use v.numpy() for all of them"
            )
        return self._data if type(self._data) is float else self._data.item()

    def numpy(self) -> Any:
        """Return the data as a NumPy array that cannot be written to, without a copy."""
        data = current(self)._data
        if type(data) is not ndarray or (self.op is None and data.flags.writeable):
            data = np.asarray(data).view()
        if data.flags.writeable:
            data.setflags(write=False)
        return data

    def detach(self, name: str | None = None) -> Value:
        """Return a new leaf with the same numbers and no history."""
        return leaf(current(self).kept(), name)

    def kept(self) -> Data:
        """Return the data as a graph may keep it: nobody can write to it any more."""
        data = self._data
        if type(data) is ndarray and self.op is None and data.flags.writeable:
            if data.base is not None or getrefcount(data) > HELD_BY_A_VALUE:
                return frozen(data)
            data.setflags(write=False)
        return data

    # -- the graph -----------------------------------------------------------------------

    @property
    def parents(self) -> tuple[Any, ...]:
        """For each argument of the op the Value it was, None for a constant; () for a leaf."""
        if self.more is not None:
            return self.more[0]
        return (self.first, self.second)[: self.op.arity] if self.op is not None else ()

    @property
    def args(self) -> tuple:
        """The arguments of the op as raw numbers, as they were when it ran; () for a leaf."""
        if self.more is not None:
            return self.more[1]
        return (self.a, self.b)[: self.op.arity] if self.op is not None else ()

    @property
    def params(self) -> dict[str, Any]:
        """The keyword arguments of the op."""
        return self.more[2] if self.more is not None else {}

    def backward(
        self,
        gradient: Any = None,
        *,
        create_graph: bool = False,
        retain_gradients: bool = False,
        free: bool = False,
    ) -> None:
        """Add to `.grad` of every leaf the derivative of this Value with respect to it.

        Args:
            gradient: the derivative of the final result with respect to this Value, of its
                shape; 1.0 if left out, which is for Values of one entry.
            create_graph: leave Values in `.grad`, to be differentiated again.
            retain_gradients: leave the gradients of inner arrays in their `.grad` too.
            free: let go of the graph afterwards, though this Value lives on; it cannot be
                walked again.

        Raises:
            ValueError: this Value has more than one entry and there is no `gradient`, or the
                gradient has another shape.
            TypeError: integers or booleans, which have no derivative.
            FreedGraphError: the graph was freed by an earlier pass.

        Example:
            >>> x = Value([1.0, 2.0, 3.0])
            >>> (x * x).backward(gradient=np.ones(3))
            >>> x.grad
            array([2., 4., 6.])
        """
        if (now := current(self)) is not self:
            now.backward(
                gradient, create_graph=create_graph, retain_gradients=retain_gradients, free=free
            )
            return
        seed: Any = 1.0
        if gradient is not None or create_graph or type(self._data) is not float:
            seed = self._seed(gradient)
            if create_graph and not isinstance(seed, Value):
                seed = leaf(seed, "seed")
        found = gradients(self, seed, create_graph, retain_gradients, free)
        with accumulating:
            while found:
                node, g = found.pop()
                if type(g) is ndarray and (g.base is not None or getrefcount(g) > ALONE):
                    g = g.copy()  # somebody else may hold it: each leaf owns its gradient
                node._grad = g if node._grad is None else node._grad + g

    def _seed(self, gradient: Any) -> Any:
        if not learns(self._data):
            maker = f" that {self.op.name} made" if self.op is not None else ""
            message = (
                f"backward() of a Value of dtype {self.dtype}{maker}: integers and booleans have "
                "no derivative; compute in floats, for example Value(x.astype(float))"
            )
            raise told(TypeError(message), self)
        if gradient is None:
            if self.size != 1:
                message = (
                    f"backward() of a Value of shape {self.shape} needs a gradient: write "
                    f"v.sum().backward(), or v.backward(gradient=np.ones({self.shape}))"
                )
                raise told(ValueError(message), self)
            return normal(np.ones(self.shape, self.dtype))
        if isinstance(gradient, Value):
            shape = gradient.shape
        else:
            gradient = leaf_data(gradient)
            shape = np.shape(gradient)
        if shape != self.shape:
            raise ValueError(
                f"a gradient of shape {shape} for a Value of shape {self.shape}; "
                "give one number for each entry"
            )
        if np.iscomplexobj(gradient) and self.dtype.kind != "c":
            raise ValueError(
                f"a complex gradient for a Value of {self.dtype}: give real numbers, for example "
                "gradient.real"
            )
        return fit(gradient, self._data)

    def zero_grad(self) -> None:
        """Forget the gradient: 0.0 for a scalar, None for an array."""
        self._grad = None

    def is_view(self) -> bool:
        """Whether this is a view of another Value's memory, such as `w[0]` or `w.T`."""
        return is_view(self)

    def current(self) -> Value:
        """Return this Value, or, if it is a view of one that changed since, the view of now."""
        return current(self)

    def as_it_was(self) -> Former:
        """Return a copy of this node that stands for what it is now, whatever happens to it."""
        copy = Former.__new__(Former)
        for slot in Value.__slots__:
            setattr(copy, slot, getattr(self, slot))
        return copy

    def origin(self) -> Value:
        """Return the Value this one was before it was changed in place."""
        node = self
        while node.parents and isinstance(node.parents[0], Former):
            node = node.parents[0]
        return node

    @property
    def _value(self) -> Any:
        """The numbers, which cannot be written to: HIPS autograd's name."""
        return as_numpy(current(self).kept())

    # micrograd's names for what a picture needs
    @property
    def _prev(self) -> set[Value]:
        return {parent for parent in self.parents if parent is not None}

    @property
    def _op(self) -> str:
        return self.op.symbol if self.op is not None else ""


class Former(Value):
    """What a Value was before it was changed in place: the first parent of what it is now."""

    __slots__ = ()
    past = True


def bare(data: Data, name: str | None = None) -> Value:
    """Return a new Value of data that is private already, with no history yet."""
    value = Value.__new__(Value)
    value._data, value.serial, value.name = data, next_serial(), name
    value._grad = value.op = value.first = value.second = value.a = value.b = value.more = None
    return value


def leaf(data: Data, name: str | None = None) -> Value:
    """Return a leaf of data that is private already."""
    if type(data) is ndarray:
        data.setflags(write=False)
    return bare(data, name)
