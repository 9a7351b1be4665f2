"""The new numbers when a Value changes in place; `engine/inplace.py` does the rest."""

from operator import attrgetter

import numpy as np

from autograd.composed.layout import by_strides, laid_out, read_only
from autograd.engine.aliases import base_of, current, place_of
from autograd.engine.fast import misfit
from autograd.engine.graph import Alias, taken
from autograd.engine.inplace import becomes, overwrites, state_of, write_over
from autograd.engine.modes import modes, recording
from autograd.engine.ownership import frozen, kept
from autograd.engine.primitive import PRIMITIVES
from autograd.engine.tracing import tracer
from autograd.engine.value import Value, held
from autograd.ops.indexing import getitem, setitem
from autograd.ops.shape import astype, copy

strides = attrgetter("strides")
SETITEM = PRIMITIVES[setitem.__name__]


def change(self, operation):
    """Turn `self` into the result of `operation` on it; earlier nodes keep it as it was."""
    if not recording():
        _without_graph(self, operation)
        return self
    _refuse_read_only(self)
    view = self.is_view()
    old = current(self) if view else state_of(self)
    after = _fitting(operation(old), self)
    if view:
        assign(self, ..., after)
    else:
        if strides(held(after)) != strides(held(old)):
            after = laid_out(after, by_strides(self))
        becomes(self, old, copy(after) if after.is_view() else after)
    return self


def _fitting(after, value):
    """Return the result of an operation in place in the dtype of the Value that it changes.

    Raises:
        ValueError: it has another shape, or a dtype that NumPy does not cast to this one.
    """
    if after.shape != value.shape or not np.can_cast(after.dtype, value.dtype, "same_kind"):
        raise ValueError(
            f"the result of an operation in place, of shape {after.shape} and dtype {after.dtype}, "
            f"does not fit a Value of shape {value.shape} and dtype {value.dtype}; write v = v + w "
            "for a new Value"
        )
    return after if after.dtype == value.dtype else astype(after, value.dtype)


def _refuse_read_only(value):
    """Raise if a Value is, or is a view of, a result that NumPy does not let change either."""
    if (op := read_only(value)) is not None:
        raise ValueError(
            f"the result of {op.name} is read-only, as NumPy's is; change what it shows, or a "
            "copy, v.copy()"
        )


def assign(target, index, new):
    """Do `target[index] = new`; for a view this changes what it is a view of."""
    if not recording():
        _without_graph(target, lambda old: setitem(old, new, index))
        return
    _refuse_read_only(target)
    if index is ... and (of_item := is_item(target)) is not None:
        target, index = base_of(target), of_item
    root, window = place_of(target)
    if window is not None and not window.is_part():
        raise ValueError(
            f"this view of a Value, made by {target.op.name}, cannot be written to: it shows an "
            "entry more than once; write to the Value itself"
        )
    if overwrites(SETITEM, root) and not modes:
        _write_over(root, new, index, window)
        return
    old = state_of(root)
    new = old if new is root else new
    state = setitem(old, new, index) if window is None else setitem(old, new, index, window)
    becomes(root, old, state)


def _write_over(root, new, index, window):
    node = current(new) if isinstance(new, Value) else None
    numbers = frozen(new) if node is None else kept(node)
    if numbers is held(root):
        numbers = numbers.copy()
    rest = (numbers, frozen(index)) if window is None else (numbers, frozen(index), window)
    try:
        write_over(SETITEM, root, (node, *[None] * (len(rest) - 1)), rest)
    except ValueError as error:
        raise misfit(SETITEM, (held(root), *rest), error) from None


def _without_graph(self, operation):
    if self.op is not None:
        view = self.is_view()
        why = "is a view" if view else "was computed, and its graph needs the numbers"
        raise ValueError(
            f"this Value {why} (made by {self.op.name}), so inside no_grad it cannot be "
            "changed in place; change v.detach(), or assign to a leaf by its index, w[0] = …"
        )
    if (trace := tracer()) is not None:
        trace.assign(self, _fitting(operation(self.detach()), self))
        return
    self.data[...] = held(_fitting(operation(Value(held(self))), self))


def is_item(view):
    """Return the index by which a view was made, None if it was made in another way or is none."""
    if not view.is_view():
        return None
    op, rest, _ = view.more.how if type(view.more) is Alias else (view.op, taken(view)[1:], None)
    return rest[0] if op.call is getitem else None


def is_item_of(value, target, index):
    """Whether `value` is the view `target[index]`, so that there is nothing to assign."""
    parts = index if type(index) is tuple else (index,)
    return (
        base_of(value) is target
        and not any(isinstance(part, np.ndarray) for part in parts)
        and is_item(value) == index
    )
