"""Copy on write: a graph keeps the numbers that its ops saw, whatever is written to arrays later.

To be safe it would have to copy every array that an op takes. Most copies are avoided by asking who
else could write to the array: `getrefcount` counts the variables, attributes and lists that refer
to an object.

- An array that only its Value holds is marked read-only and kept without a copy (`kept`).
- An array that others hold, and may write to later, is copied: that of a leaf whose `.data` was
  read (`kept`), or a constant that was combined with a Value (`frozen`).
- `.data` of a leaf returns an array that can be written to (`to_write`): the leaf's own, if no
  graph holds it any more, else a copy, which becomes the leaf's own.
- A leaf takes a gradient without a copy if only the walk holds it, and copies it otherwise
  (`add_to_grads`): a rule may return one array for two parents, or pass on the seed.

A view has no memory of its own, so it is always copied. A count is right only in the function that
takes it: every variable of a caller that holds the array adds one.
"""

from __future__ import annotations

from itertools import repeat
from sys import getrefcount
from threading import Lock
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import KINDS, NO_NUMBERS, NUMBERS, Data, Foreign, copied, learns, plain
from autograd.engine.blocks import at_once
from autograd.engine.tracing import open_traces, tracer
from autograd.engine.unreached import without_leaves


def _references_of_a_local() -> int:
    fresh = object()
    return getrefcount(fresh)


ALONE = _references_of_a_local()  # the count of an object that only one variable holds,
HELD_BY_A_VALUE = ALONE + 1  # and of one that a variable and a Value hold
accumulating = Lock()  # threads may share leaves


def kept(value: Any) -> Data:
    """Return the data of a Value in a form that a graph may keep: nobody can write to it."""
    data = value._data
    if type(data) is ndarray and value.op is None and data.flags.writeable:
        if data.base is not None or getrefcount(data) > HELD_BY_A_VALUE:
            return frozen(data)
        data.setflags(write=False)
    return data


def to_write(leaf: Any) -> ndarray:
    """Return the array of a leaf in a form that may be written to: no graph holds it."""
    data = leaf._data
    if not data.flags.writeable:
        if data.base is not None or getrefcount(data) > HELD_BY_A_VALUE:
            leaf._data = data = data.copy(order="K")
        data.flags.writeable = True
    return data


def frozen(x: Any) -> Any:
    """Return a constant in a form that a graph may keep: an array that may change is copied."""
    if isinstance(x, ndarray):
        if type(x) is not ndarray:
            x = plain(x)
        if x.dtype.kind not in KINDS:
            raise TypeError(f"a Value can be combined with {NO_NUMBERS.format(x.dtype)}")
        return copied(x) if x.flags.writeable or exposed(x.base) else x
    if type(x) is tuple:
        return tuple(frozen(item) for item in x)
    if isinstance(x, Foreign):
        return x.settled()
    return frozen(np.array(x)) if type(x) is list else x


def exposed(x: Any) -> bool:
    """Whether an array, or one that it is a view of, could be written to."""
    while isinstance(x, ndarray):
        if x.flags.writeable:
            return True
        x = x.base
    return x is not None


def add_to_grads(found: list[tuple[Any, Any]], root: Any) -> None:
    """Add the gradients that a walk found to those of the leaves; each leaf owns its array."""
    if not found:
        raise without_leaves(root)
    if open_traces and (trace := tracer()) is not None:
        for leaf, g in reversed(found):
            before = trace.grad_of(leaf)
            trace.set_grad(leaf, g if before is None else before + g)
        return
    leaves: list[Any] = []
    totals: list[Any] = []
    with accumulating:
        while found:
            leaf, g = found.pop()
            if type(g) is ndarray and g.base is not None:
                view, g = g, np.empty_like(leaf._data, g.dtype)  # lies in memory as the leaf does
                g[...] = view
            elif type(g) is ndarray and getrefcount(g) > ALONE:
                g = g.copy(order="K")
            if leaf._grad is not None:
                g = leaf._grad + g
            if not found and not leaves:  # it is the only one
                leaf._grad = g
                return
            leaves.append(leaf)
            totals.append(g)
        at_once(setattr, leaves, repeat("_grad"), totals)


def own_total(parent: Any, g: Any, grads: dict[int, Any], made: set[int]) -> ndarray | None:
    """Return the gradient of a node so far as an array that the walk made, so may add into.

    Return None if `g` or the gradient so far is a Value: this is for walks over raw numbers, of
    NumPy's.
    """
    serial = parent.serial
    total = grads[serial]
    if not learns(parent._data) or not isinstance(g, NUMBERS):
        return None
    if any(isinstance(x, Foreign) for x in (g, total, parent._data)):
        return None
    if total is not None and not isinstance(total, NUMBERS):
        return None
    if serial not in made:
        own = np.zeros(parent.shape, parent.dtype)
        if total is not None:
            own += total
        grads[serial] = total = own
        made.add(serial)
    return total
