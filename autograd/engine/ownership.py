"""Copy on write: a graph keeps the numbers that its ops saw, whatever is written to arrays later.

It would have to copy every array that an op takes, if it did not ask who else could write to it.
Python knows: `getrefcount` counts the variables, attributes and lists that refer to an object.

- An array that only its Value holds is marked read-only and kept as it is (`kept`).
- One that somebody else holds, who may write to it tomorrow, is copied: a leaf's whose `.data` was
  handed out (`kept`), and a constant that met a Value (`frozen`).
- Who asks a leaf for `.data` gets an array to write to (`to_write`): the one that the leaf has, if
  no graph holds it any more, else a copy, which is the leaf's from now on.
- A gradient goes into a leaf as it is if the walk alone holds it, else as a copy (`add_to_grads`):
  a rule may have given one array to two parents, or have handed on the seed.

A view has no memory of its own, so it is never taken as it is.  A count is right only in the
function that makes it: each variable of a caller that holds the array adds one.
"""

from __future__ import annotations

from sys import getrefcount
from threading import Lock
from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import KINDS, NO_NUMBERS, NUMBERS, Data, learns, plain


def _references_of_a_local() -> int:
    fresh = object()
    return getrefcount(fresh)


ALONE = _references_of_a_local()  # what getrefcount says of an object that one variable holds,
HELD_BY_A_VALUE = ALONE + 1  # and of the data of a Value in a variable
accumulating = Lock()  # threads may share leaves


def kept(value: Any) -> Data:
    """Return the data of a Value as a graph may keep it: nobody can write to it any more."""
    data = value._data
    if type(data) is ndarray and value.op is None and data.flags.writeable:
        if data.base is not None or getrefcount(data) > HELD_BY_A_VALUE:
            return frozen(data)
        data.setflags(write=False)
    return data


def to_write(leaf: Any) -> ndarray:
    """Return the array of a leaf as one that may be written to: no graph holds it."""
    data = leaf._data
    if not data.flags.writeable:
        if data.base is not None or getrefcount(data) > HELD_BY_A_VALUE:
            leaf._data = data = data.copy()
        data.flags.writeable = True
    return data


def frozen(x: Any) -> Any:
    """Return a constant as a graph may keep it: arrays that somebody could write to are copied."""
    if isinstance(x, ndarray):
        x = plain(x)
        if x.dtype.kind not in KINDS:
            raise TypeError(f"beside a Value stand {NO_NUMBERS.format(x.dtype)}")
        return x.copy() if x.flags.writeable or exposed(x.base) else x
    if type(x) is tuple:
        return tuple(frozen(item) for item in x)
    return frozen(np.array(x)) if type(x) is list else x


def exposed(x: Any) -> bool:
    """Whether somebody could write to an array, or to one that it is a view of."""
    while isinstance(x, ndarray):
        if x.flags.writeable:
            return True
        x = x.base
    return x is not None


def add_to_grads(found: list[tuple[Any, Any]]) -> None:
    """Add to the gradient of each leaf what a walk found for it; each leaf owns its array."""
    with accumulating:
        while found:
            leaf, g = found.pop()
            if type(g) is ndarray and (g.base is not None or getrefcount(g) > ALONE):
                g = g.copy()
            leaf._grad = g if leaf._grad is None else leaf._grad + g


def own_total(parent: Any, g: Any, grads: dict[int, Any], made: set[int]) -> ndarray | None:
    """Return an array that the walk made, and so may add into, with what a node has got so far.

    None if the walk is not one over raw numbers: `g`, or what the node has got, is a Value.
    """
    serial = parent.serial
    total = grads[serial]
    if not learns(parent._data) or not isinstance(g, NUMBERS):
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
