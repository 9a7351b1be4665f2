"""Value: a number or an array, how it was computed, and its gradient.

Read this first, then `primitive`, which computes new Values from old ones, then `backward`, which
carries gradients down to the leaves. The other files are named for what they do, and can wait.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from numpy import float64, ndarray

from autograd.engine.aliases import current, is_view, noted_writes, seen_through, views_to
from autograd.engine.arrays import Data, as_python, computed
from autograd.engine.backward import gradients
from autograd.engine.fast_backward import fast_walk
from autograd.engine.graph import Alias, next_serial
from autograd.engine.inputs import a_name, first_grad, leaf_data, new_data, new_grad, not_taken
from autograd.engine.ownership import add_to_grads, kept, to_write
from autograd.engine.protocols import Protocols
from autograd.engine.recall import args_of, inherited_grad, keeper, numbers
from autograd.engine.tracing import open_traces, tracer
from autograd.engine.unreached import DETACHED, with_history

ONE = 1.0  # the gradient with which most backward passes begin


class Value(Protocols):
    """A node of the graph: a number or an array that remembers how it was computed.

    Args:
        data: a number, an array of numbers of any shape, or a (nested) list of numbers.
            It is copied. Python ints become floats; float32 stays float32; arrays of integers
            or booleans may flow through a graph but have no gradient.
        name: what to call it in pictures and messages.

    Raises:
        TypeError: `data` contains something other than numbers, or `name` is no string.
        ValueError: `data` is a ragged list.

    Example:
        >>> x = Value(3.0)
        >>> y = x * x + 2 * x
        >>> y.backward()
        >>> y.data, x.grad
        (15.0, 8.0)
    """

    # `graph` says what they hold. One object per node, with no tuples around one or two arguments,
    # halves the memory and the work of Python's garbage collector.
    __slots__ = ("_data", "_grad", "a", "b", "first", "more", "name", "op", "second", "serial")

    _data: Data
    _grad: Any
    op: Any  # the Primitive that made it; None for a leaf
    first: Value | None
    second: Value | None
    a: Any
    b: Any
    more: Any
    serial: int
    name: str | None
    past = False  # True for a Former

    def __init__(self, data: Any, name: str | None = None, **other: Any) -> None:
        self._data = not_taken(other) if other else leaf_data(data)
        self._grad = None
        self.op = self.first = self.second = self.a = self.b = self.more = None
        self.serial = next_serial()
        self.name = name if name is None else a_name(name)

    # -- the numbers ---------------------------------------------------------------------

    @property
    def data(self) -> Any:
        """The numbers: a float, a NumPy scalar or an array.

        You may write to the array of a leaf (`w.data -= 0.1 * w.grad`, `w.data[0] = 1`); graphs
        built earlier keep the numbers they were built with. A computed array is read-only, except
        that the data of a view of a leaf (`w[0]`) is a view of the leaf's array.

        Example:
            >>> w = Value([1.0, 2.0])
            >>> w.data -= 0.5
            >>> w.data
            array([0.5, 1.5])
        """
        if open_traces and (trace := tracer()):
            return trace.plain(self)
        data = current(self)._data
        if type(data) is not ndarray:
            return float(data) if type(data) is float64 else data
        if self.op is None:
            noted_writes()
            return to_write(self)
        if self.op.view and type(self.more) is not Alias:
            root, views = views_to(self)
            if views:
                return seen_through(views, root.data)
        data.setflags(write=False)
        return data

    @data.setter
    def data(self, data: Any) -> None:
        if open_traces and (trace := tracer()):
            trace.assign(self, data)
        elif self.op is None:
            self._data = new_data(self._data, data)
            noted_writes()
        elif is_view(self):
            self.data[...] = data
        else:
            raise AttributeError(
                f"this Value was computed by {self.op.name}, so its data cannot be set; "
                "set the data of a leaf, or make a new leaf with v.detach()"
            )

    def detach(self, name: str | None = None) -> Value:
        """Return a new leaf with the same numbers and no history."""
        data = computed(kept(current(self)))
        alone = leaf(data, name if name is None else a_name(name), DETACHED)
        return trace.detached(alone, self) if open_traces and (trace := tracer()) else alone

    # -- the graph -----------------------------------------------------------------------

    @property
    def parents(self) -> tuple[Any, ...]:
        """The Values that the op took, with None for each constant; () for a leaf."""
        if self.more is not None:
            return self.more[0]
        return (self.first, self.second)[: self.op.arity] if self.op is not None else ()

    @property
    def args(self) -> tuple:
        """The raw numbers that the op took, as they were when it ran; () for a leaf."""
        return args_of(self)

    @property
    def params(self) -> dict[str, Any]:
        """The keyword arguments of the op."""
        return self.more[2] if self.more is not None else {}

    # -- the gradient --------------------------------------------------------------------

    @property
    def grad(self) -> Any:
        """The gradient from `backward()`, with the shape and dtype of the data.

        Before the first backward pass it is 0, an array of zeros for one; `has_grad` tells. In a
        leaf, the gradients of several passes add up until `zero_grad()`. A computed scalar has that
        of the last pass; a computed array, None without `backward(retain_gradients=True)`.

        Raises:
            TypeError: the data are integers or booleans, which have no gradient.
        """
        keeps = self if self.more is None else keeper(self)
        if open_traces and (trace := tracer()) and trace.grad_of(keeps) is None:
            return inherited_grad(self)
        if keeps._grad is not None:
            return as_python(keeps._grad)
        return inherited_grad(self)

    @grad.setter
    def grad(self, grad: Any) -> None:
        keeps = self if self.more is None else keeper(self)
        new = None if grad is None else new_grad(self._data, grad)
        if open_traces and (trace := tracer()):
            trace.set_grad(keeps, new)
        else:
            keeps._grad = new

    def zero_grad(self) -> None:
        """Reset the gradient to 0, as before the first backward pass."""
        if open_traces:
            self.grad = None
        (self if self.more is None else keeper(self))._grad = None

    def backward(
        self,
        gradient: Any = None,
        *,
        create_graph: bool = False,
        retain_gradients: bool = False,
        free: bool = False,
        **other: Any,
    ) -> None:
        """Add the derivative of this Value with respect to each leaf to the leaf's `.grad`.

        Args:
            gradient: the derivative of the final result with respect to this Value, in its
                shape; 1.0 if left out, which only a Value with one entry allows.
            create_graph: make the gradients Values, which can be differentiated again.
            retain_gradients: keep the gradients of computed arrays in their `.grad` too.
            free: free the memory of the graph afterwards, even while this Value lives on; there
                can be no second pass.

        Raises:
            ValueError: this Value has more than one entry and no `gradient` is given, the
                gradient has a different shape, or it would reach no leaf.
            TypeError: this Value holds integers or booleans, which have no derivative.
            FreedGraphError: the graph was freed by an earlier pass.

        Example:
            >>> x = Value([1.0, 2.0, 3.0])
            >>> (x * x).backward(gradient=[1.0, 1.0, 1.0])
            >>> x.grad
            array([2., 4., 6.])
        """
        root = with_history(current(self))
        create_graph = create_graph or (bool(open_traces) and tracer() is not None)
        seed: Any = ONE
        if gradient is not None or create_graph or other or not isinstance(root._data, float):
            seed = first_grad(root, gradient, other)
            if create_graph and not isinstance(seed, Value):
                seed = leaf(seed, "seed")
        add_to_grads(gradients(root, seed, create_graph, retain_gradients, free, fast_walk), root)
        if seed is not ONE and not (create_graph or root.ndim or root.op is None):
            root._grad = seed  # the walk itself keeps only floats
        if free and root is not self:
            self.more = self.more._replace(parents=(), args=())

    def copied(self) -> Value:
        """Return a node that is equal to this one, with the same serial."""
        copy = Value.__new__(Value)
        for slot in Value.__slots__:
            setattr(copy, slot, getattr(self, slot))
        return copy


class Former(Value):
    """A node that was the state of a Value before it changed in place."""

    __slots__ = ()
    past = True


# -- for the rest of this package ---------------------------------------------------------

held = numbers  # the numbers in a Value, not copied
held_grad = attrgetter("_grad")  # the gradient that a backward pass left, None if none did


def bare(data: Data, name: str | None = None, more: Any = None) -> Value:
    """Return a new Value for data that nobody else holds, with no history yet."""
    value = Value.__new__(Value)
    value._data, value.serial, value.name, value.more = data, next_serial(), name, more
    value._grad = value.op = value.first = value.second = value.a = value.b = None
    return value


def leaf(data: Data, name: str | None = None, more: Any = None) -> Value:
    """Return a leaf for data that nobody else holds; for `more` see `unreached`."""
    if type(data) is ndarray:
        data.setflags(write=False)
    return bare(data, name, more)


def made_by(op: Any, data: Data, parents: tuple, args: tuple, params: dict[str, Any]) -> Value:
    """Return the Value that an op of any number of arguments computed."""
    value = bare(data)
    value.op, value.more = op, (parents, args, params)
    return value
