"""The new numbers when a Value changes in place; `engine/inplace.py` does the rest."""

import numpy as np

from autograd.engine.inplace import become
from autograd.engine.modes import recording
from autograd.engine.value import Value, held
from autograd.ops.indexing import getitem, setitem
from autograd.ops.shape import copy


def change(self, operation):
    """Turn `self` into the result of `operation` on it; earlier nodes keep it as it was."""
    view = self.is_view()
    if not recording():
        if self.op is not None:
            kept = "is a view" if view else "was computed, and its graph needs the numbers"
            raise ValueError(
                f"this Value {kept} (made by {self.op.name}), so inside no_grad it cannot be "
                "changed in place; change v.detach(), or assign to a leaf by its index, w[0] = …"
            )
        self.data[...] = held(operation(Value(held(self))))
        return self
    after = operation(self.current() if view else self.as_it_was())
    if after.shape != self.shape or after.dtype != self.dtype:
        raise ValueError(
            f"the result of an operation in place, of shape {after.shape} and dtype {after.dtype}, "
            f"does not fit a Value of shape {self.shape} and dtype {self.dtype}; write v = v + w "
            "for a new Value"
        )
    if view:
        write(self, after)
    else:
        become(self, copy(after) if after.is_view() else after)
    return self


def write(view, numbers):
    """Write numbers into the Value that `view` is a view of."""
    base, how = view.parents[0], view.args[1:]
    if is_item(view):
        change(base, lambda old: setitem(old, numbers, *how))
        return
    places = view.op.forward(np.arange(base.size).reshape(base.shape), *how, **view.params)
    change(base, lambda old: setitem(old, numbers, np.unravel_index(places, base.shape)))


def is_item(view):
    """Whether a view was made by an index."""
    return view.op is not None and view.op.call is getitem


def is_item_of(value, target, index):
    """Whether `value` is the view `target[index]`, so that there is nothing to assign."""
    parts = index if type(index) is tuple else (index,)
    return (
        is_item(value)
        and value.parents[0] is target
        and value.is_view()
        and not any(isinstance(part, np.ndarray) for part in parts)
        and value.args[1] == index
    )
