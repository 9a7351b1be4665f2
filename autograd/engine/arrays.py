"""The numbers inside a Value: what they may be, and which arrays a graph may keep.

Data is a Python float, a NumPy scalar of another type (0-d float32, complex, integer),
or an array of one dimension or more.  Scalars cannot change; an array can, so a graph
keeps an array only if nobody else can write to it, and a copy of it otherwise.
"""

from __future__ import annotations

from sys import getrefcount
from typing import Any

import numpy as np
from numpy import float64, ndarray

Data = Any  # float | np.generic | np.ndarray

NUMBERS = "biufc"  # the kinds of dtypes that are numbers
NO_NUMBERS = (
    "numbers, not dtype {}; convert it first, for example with np.asarray(x, dtype=float), or, "
    "where Values are in it, with autograd.array(x)"
)
SCALARS = (float, int, complex, np.generic)


def _references_of_a_local() -> int:
    fresh = object()
    return getrefcount(fresh)


ALONE = _references_of_a_local()  # what getrefcount says of an object one variable holds


def normal(x: Any) -> Data:
    """Return the result of an op as data: 0-d arrays become scalars, float64 scalars floats."""
    if type(x) is ndarray:
        if x.ndim:
            return x
        x = x[()]
    if type(x) is float64:
        return float(x)
    return np.complex128(x) if type(x) is complex else x


def as_numpy(x: Data) -> Data:
    """Return a Python float as NumPy's, which has `.item()` and `.shape` and divides by zero."""
    return float64(x) if type(x) is float else x


def leaf_data(x: Any) -> Data:
    """Return data for a new leaf: a private copy of an array; refuse what is no number."""
    if type(x) is float:
        return x
    if isinstance(x, (float, int)):
        return float(x)
    if isinstance(x, complex):
        return np.complex128(x)
    if not isinstance(x, (ndarray, np.generic, list, tuple)):
        raise TypeError(
            f"a Value holds a number or an array of numbers, not {type(x).__name__} ({x!r:.60}); "
            "give a float, a NumPy array or a list of numbers"
        )
    try:
        array = np.array(plain(x))
    except ValueError:
        raise ValueError(f"a Value needs rows of equal length, not the ragged {x!r:.60}") from None
    if array.dtype.kind not in NUMBERS:
        raise TypeError(
            f"a Value holds numbers, not dtype {array.dtype} ({x!r:.60}); "
            "convert it first, for example with np.asarray(x, dtype=float), "
            "or join Values with autograd.array([...])"
        )
    if isinstance(x, (list, tuple)) and array.dtype.kind in "biu":
        array = array.astype(float)
    if array.ndim:
        array.setflags(write=False)
    return normal(array)


def frozen(x: Any) -> Any:
    """Return a constant as a graph may keep it: arrays that somebody could write to are copied."""
    if isinstance(x, ndarray):
        x = plain(x)
        if x.dtype.kind not in NUMBERS:
            raise TypeError(f"beside a Value stand {NO_NUMBERS.format(x.dtype)}")
        return x.copy() if x.flags.writeable or writable(x.base) else x
    if type(x) is tuple:
        return tuple(frozen(item) for item in x)
    return frozen(np.array(x)) if type(x) is list else x


def plain(x: Any) -> Any:
    """Return `x`, an array of a subclass, such as np.matrix with its own *, as a plain one."""
    if type(x) is ndarray or not isinstance(x, ndarray):
        return x
    if hasattr(x, "mask"):
        raise TypeError(
            "a masked array where a Value is made or met: the mask would be lost; "
            "use np.where(mask, 0.0, v) with x.filled(0.0) and x.mask"
        )
    return np.asarray(x)


def writable(x: Any) -> bool:
    """Whether somebody could write to an array, or to one that it is a view of."""
    while isinstance(x, ndarray):
        if x.flags.writeable:
            return True
        x = x.base
    return x is not None


def learns(x: Data) -> bool:
    """Whether data of this type has a gradient: floats and complex numbers do."""
    return type(x) is float or x.dtype.kind in "fc"


def fit(g: Any, x: Data) -> Any:
    """Undo broadcasting and promotion: a gradient has its data's shape and dtype.

    `g` is raw, or a Value when a derivative is differentiated again.  None where `x` is
    of integers or booleans: they have no gradient.
    """
    if type(x) is float:
        if type(g) is float:
            return g
        if isinstance(g, (ndarray, np.generic)):
            return float((g.sum() if g.ndim else g).real)
        shape: tuple[int, ...] = ()
        dtype = np.dtype(float)
    elif type(g) is ndarray is type(x) and g.shape == x.shape and g.dtype == x.dtype:
        return g
    else:
        shape, dtype = x.shape, x.dtype
        if dtype.kind not in "fc":
            return None
    if isinstance(g, SCALARS):
        g = np.asarray(g)
    elif not hasattr(g, "ndim"):
        raise TypeError(
            f"a rule returns {g!r:.60}, a {type(g).__name__}; let it return a number or an array"
        )
    lead, given = g.ndim - len(shape), g.shape
    stretched = [i for i, n in enumerate(given) if i >= lead and shape[i - lead] == 1 != n]
    try:
        if lead > 0 or stretched:
            g = g.sum(axis=(*range(lead), *stretched)).reshape(shape)
        if lead < 0 or g.shape != shape:
            g = np.broadcast_to(g, shape)
    except ValueError:
        raise ValueError(
            f"a rule returns a gradient of shape {given} for an argument of shape {shape}; let it "
            "have that shape, or one that broadcasts with it"
        ) from None
    if g.dtype.kind == "c" != dtype.kind:
        g = g.real
    if g.dtype != dtype:
        g = g.astype(dtype)
    return normal(g)
