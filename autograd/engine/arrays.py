"""The numbers inside a Value: what they may be, and how gradients get their shape and dtype.

Data is a Python float, a NumPy scalar or an array. A float leaves the precision to arrays that it
is combined with, as a Python number does; an `np.float64`, which is what NumPy computes from an
array, does not. An array has one dimension or more, or is a view of one number of another array.
"""

from __future__ import annotations

from cmath import isnan
from typing import Any

import numpy as np
from numpy import float64, ndarray

from autograd.engine.tracing import open_traces, tracer

Data = Any  # float | np.generic | np.ndarray

KINDS = "biufc"  # the kinds of NumPy dtypes that are numbers
NO_NUMBERS = (
    "numbers, not dtype {}; convert it first, for example with np.asarray(x, dtype=float), or "
    "with autograd.array(x) if there are Values in it"
)
SCALARS = (float, int, complex, np.generic)


class Foreign:
    """An array of another engine, which answers NumPy's functions; a Value may hold one."""

    __slots__ = ()

    @property
    def is_known(self) -> bool:
        """Whether the numbers are there already."""
        raise NotImplementedError

    def settled(self) -> Any:
        """Return the array in a form that nobody can change."""
        raise NotImplementedError

    def looped(self, loop: Any, state: list[Any], columns: list[Any]) -> Any:
        """Return what `plain` of a `transforms.turns.Loop` does."""
        raise NotImplementedError

    def applied(self, function: Any, args: tuple, params: dict[str, Any]) -> Any:
        """Return what a function of NumPy's gives, where ours asks for numbers that come later."""
        raise NotImplementedError

    def gradients(self, op: Any, places: list[int], given: tuple, params: dict[str, Any]) -> list:
        """Return what the engine knows as the gradients of the arguments of an op.

        Args:
            op: the op, whose own rule asks for numbers that are not there yet.
            places: those of the arguments.
            given: the gradient of the result, the result and all arguments, as a rule takes them.
            params: the keyword arguments.
        """
        raise NotImplementedError


NUMBERS: tuple[Any, ...] = (ndarray, *SCALARS, Foreign)


def normal(x: Any) -> Data:
    """Return numbers as data: 0-d arrays become scalars, and those of float64 Python floats."""
    if type(x) is ndarray:
        if x.ndim:
            return x
        x = x[()]
    if type(x) is float64:
        return float(x)
    return np.complex128(x) if type(x) is complex else x


def computed(x: Any) -> Data:
    """Return what an op computed as data; raise for anything but numbers."""
    if isinstance(x, (float, np.generic, ndarray)):
        return x[()] if type(x) is ndarray and not x.ndim else x
    if isinstance(x, SCALARS):
        return float(x) if type(x) is int else np.asarray(x)[()]
    if isinstance(x, Foreign):
        return x.settled()
    raise TypeError(
        f"an op computes a number or an array, and this one returned {type(x).__name__} "
        f"({x!r:.60}); is the return missing, or np.array(...) around a list?"
    )


def like(x: Any) -> Any:
    """Return `x` if its class can compute NumPy's functions, for `like=` of np.zeros; else None."""
    return x if hasattr(type(x), "__array_function__") else None


def of_numbers(args: tuple) -> bool:
    """Whether all arguments of an op are Python's numbers, whose result is one, too."""
    return not any(isinstance(x, (ndarray, np.generic)) for x in args)


def viewed(y: Any, x: Any) -> Data:
    """Return the result of a view op on `x` as data: a view of one number stays a 0-d array."""
    shares = type(y) is type(x) is ndarray and not y.ndim and np.may_share_memory(y, x)
    return y if shares else computed(y)


def as_python(x: Any) -> Any:
    """Return an np.float64 as a Python float, which prints as one."""
    return float(x) if type(x) is float64 else x


def as_numpy(x: Data) -> Data:
    """Return a Python float as np.float64, which has `.item()` and `.shape`, and 1/0 is inf."""
    return float64(x) if type(x) is float else x


def copied(x: ndarray) -> ndarray:
    """Return a copy of an array that lies in memory as it does: what was broadcast stays so."""
    if 0 in x.strides:
        once = x[tuple([slice(None if step else 1) for step in x.strides])]
        if once.shape != x.shape:  # else a new axis has the stride 0, as np.newaxis gives it
            return np.broadcast_to(once.copy(order="K"), x.shape)
    return x.copy(order="K")


def plain(x: Any) -> Any:
    """Return an array of a subclass, such as np.matrix with its own *, as a plain array."""
    if type(x) is ndarray or not isinstance(x, ndarray):
        return x
    if hasattr(x, "mask"):
        raise TypeError(
            "a Value cannot be made from a masked array, or combined with one: the mask would be "
            "lost; use np.where(mask, 0.0, v) with x.filled(0.0) and x.mask"
        )
    return np.asarray(x)


def learns(x: Data) -> bool:
    """Whether data of this type has a gradient, as floats and complex numbers do."""
    return type(x) is float or x.dtype.kind in "fc"


def fit(g: Any, x: Data) -> Any:
    """Undo broadcasting and type promotion, so that a gradient has its data's shape and dtype.

    `g` is raw, or a Value when a derivative is differentiated again. The result is None if `x`
    holds integers or booleans, which have no gradient.
    """
    if isinstance(x, float):
        kind = type(x)  # of an np.float64, so that it keeps its precision beside float32
        if isinstance(g, float):
            return kind(g)
        if isinstance(g, (ndarray, np.generic)):
            return kind((g.sum() if g.ndim else g).real)
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
            "a rule must return a number or an array, and one returned "
            f"{g!r:.60} ({type(g).__name__})"
        )
    lead, given = g.ndim - len(shape), g.shape
    stretched = [i for i, n in enumerate(given) if i >= lead and shape[i - lead] == 1 != n]
    try:
        if lead > 0 or stretched:
            wide = np.float32 if g.dtype == np.float16 else None  # halves add up to 2,048 only
            g = g.sum(axis=(*range(lead), *stretched), dtype=wide)
            if not g.ndim == len(shape) == 1:  # a view, which a leaf copies into its own order
                g = g.reshape(shape)
        if lead < 0 or g.shape != shape:
            g = np.broadcast_to(g, shape)
    except ValueError:
        raise ValueError(
            f"a rule returned a gradient of shape {given} for an argument of shape {shape}; it "
            "must have that shape, or one that broadcasts with it"
        ) from None
    if g.dtype.kind == "c" != dtype.kind:
        g = g.real
    if g.dtype != dtype:
        g = g.astype(dtype)
    return normal(g)


def known(x: Any) -> bool:
    """Whether numbers, raw or in a Value, are there already, and not only later.

    Those of another engine may come later, and those of a turn stand for other turns, too.
    """
    if open_traces and hasattr(x, "_data") and (trace := tracer()) is not None and trace.is_general:
        return False
    x = getattr(x, "_data", x)
    return not isinstance(x, Foreign) or x.is_known


def surely(condition: Any) -> bool:
    """Whether a condition holds; False if that is not known yet."""
    return bool(condition) if known(condition) else False


def possibly(condition: Any) -> bool:
    """Whether a condition holds; True if that is not known yet."""
    return bool(condition) if known(condition) else True


def by_columns(x: Any) -> bool:
    """Whether a matrix, raw or in a Value, lies in memory column by column."""
    x = getattr(x, "_data", x)
    return type(x) is ndarray and x.flags.f_contiguous and not x.flags.c_contiguous


def has_nan(g: Any) -> bool:
    """Whether a gradient, raw or a Value, holds a NaN."""
    if type(g) is not ndarray:
        g = getattr(g, "_data", g)
        if isinstance(g, Foreign):  # JAX's derivatives are never walked again, and may be unknown
            return False
    if type(g) is ndarray:
        # One pass, and NaN if any entry is. For a large array, `dot` would start threads.
        if g.size < 10_000:
            flat = g if g.ndim == 1 else g.ravel()
            g = flat.dot(flat)
        else:
            g = g.max()
    return isnan(g)
