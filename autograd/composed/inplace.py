"""Changes in place: a Value that changes, and with it the Values that are views of its memory.

A graph keeps numbers as they were.  So a Value that changes becomes the result of the change, and
a `Former` takes its place below it.  A change of a view is one of what it is a view of; all views
are taken anew when they are used next (`current`).
"""

import numpy as np

from autograd.engine.graph import changed
from autograd.engine.modes import recording
from autograd.engine.value import Value, next_serial
from autograd.ops.indexing import getitem, setitem
from autograd.ops.shape import copy


def change(self, operation):
    """Make `self` the result of `operation` on what it was: earlier nodes keep what it was."""
    view = self.is_view()
    if not recording():
        if self.op is not None:
            kept = "is a view" if view else "was computed, and its graph needs the numbers"
            raise ValueError(
                f"this Value {kept} (made by {self.op.name}), so inside no_grad it cannot be "
                "changed in place; change v.detach(), or assign to a leaf by its index, w[0] = …"
            )
        self.data[...] = operation(Value(self._data))._data
        return self
    after = operation(self.current() if view else self.as_it_was())
    if after.shape != self.shape or after.dtype != self.dtype:
        raise ValueError(
            f"an operation in place on a Value of shape {self.shape} and {self.dtype} gives shape "
            f"{after.shape} and {after.dtype}, which does not fit; write v = v + w for a new Value"
        )
    if view:
        write(self, after)
    else:
        become(self, copy(after) if after.is_view() else after)
    return self


def write(view, numbers):
    """Write into the Value that `view` is a view of."""
    base, how = view.parents[0], view.args[1:]
    if view.op.call is getitem:
        change(base, lambda old: setitem(old, numbers, *how))
        return
    places = view.op.forward(np.arange(base.size).reshape(base.shape), *how, **view.params)
    change(base, lambda old: setitem(old, numbers, np.unravel_index(places, base.shape)))


def become(self, new):
    """Make `self` the node `new`."""
    self._data, self._grad, self.op = new._data, None, new.op
    self.first, self.second, self.a, self.b, self.more = (
        new.first, new.second, new.a, new.b, new.more
    )  # fmt: skip
    self.serial = changed(next_serial)


def is_item(value, target, index):
    """Whether `value` is the view `target[index]`: there is nothing to assign then."""
    parts = index if type(index) is tuple else (index,)
    return (
        value.op is not None
        and value.op.call is getitem
        and value.parents[0] is target
        and value.is_view()
        and not any(isinstance(part, np.ndarray) for part in parts)
        and value.args[1] == index
    )
