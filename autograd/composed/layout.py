"""How the entries of an array lie in memory, and copies in which they lie otherwise."""

import numpy as np

from autograd.engine.aliases import base_of, memory
from autograd.engine.arrays import Foreign
from autograd.engine.graph import Alias
from autograd.engine.value import Value, held
from autograd.ops import shape as rows


def in_memory(y):
    """Return the numbers as they lie in memory: those of a view not contiguous, as its node has."""
    if not isinstance(y, Value):
        return np.asarray(y)
    if isinstance(held(y), Foreign):
        return np.empty(y.shape, bool)
    y.current()  # a view of what has changed catches up
    return np.asarray(memory(y))


def order_of(y, order):
    """Return the order "A" as the "C" or "F" that it means for `y`, another as it is."""
    return order if order != "A" else "F" if np.isfortran(in_memory(y)) else "C"


def copied(y, order="K"):
    """Return a copy of a Value, as ndarray.copy does."""
    return rows.copy(y, order_of(y, order))


def in_order(y, order):
    """Return `y`, or a copy if its entries do not lie in memory in the order "C" or "F" given."""
    flags = in_memory(y).flags
    lies = {"C": flags.c_contiguous, "F": flags.f_contiguous}
    return y if lies.get(order, True) else copied(y, order)


def reshaped(y, shape):
    """Return a result in its shape; a single number is one of its own, not a view of an array."""
    return np.reshape(y, shape) if shape else rows.copy(np.reshape(y, shape))


def read_only(value):
    """Return the op that made a Value, or what it is a view of, if NumPy's result cannot change."""
    while value is not None:
        how = type(value.more) is Alias and value.more.how
        op = how[0] if how else value.op
        if op is not None and op.read_only:
            return op
        value = base_of(value)
    return None


def by_strides(y):
    """Return the axes of an array or Value from the slowest to the fastest in memory.

    NumPy sorts them by insertion, from the last to the first; it leaves an axis where it is beside
    one of length 1, or one along which the array was broadcast.
    """
    x = in_memory(y)
    steps = [abs(step) if n > 1 else 0 for step, n in zip(x.strides, x.shape, strict=True)]
    fastest_first = []
    for axis in reversed(range(x.ndim)):
        place = len(fastest_first)
        for i in reversed(range(place)):
            step = steps[fastest_first[i]]
            if step and steps[axis]:
                if step <= steps[axis]:
                    break
                place = i
        fastest_first.insert(place, axis)
    return fastest_first[::-1]


def laid_out(y, axes):
    """Return `y`, or a copy with its axes in memory in another order, the fastest last."""
    lying = [i for i in by_strides(y) if y.shape[i] > 1]
    return y if lying == [i for i in axes if y.shape[i] > 1] else rows.laid_out(y, tuple(axes))


def lying_as(y, x):
    """Return `y`, or a copy if it does not lie in memory as a copy of `x` does."""
    return laid_out(y, by_strides(np.empty_like(in_memory(x))))
