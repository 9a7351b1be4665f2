"""Checks of what a user passes in: data for a Value, new data, gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import KINDS, Data, fit, learns, normal, plain
from autograd.engine.modes import told
from autograd.engine.protocols import Protocols


def leaf_data(x: Any) -> Data:
    """Return data for a new leaf, a private copy of an array; raise for anything but numbers."""
    if type(x) is float:
        return x
    if isinstance(x, (float, int)):
        return float(x)
    if isinstance(x, complex):
        return np.complex128(x)
    if not isinstance(x, (ndarray, np.generic, list, tuple)):
        raise TypeError(
            "a Value holds a float, a NumPy array or a list of numbers, not "
            f"{type(x).__name__} ({x!r:.60})"
        )
    try:
        array = np.array(plain(x))
    except ValueError:
        raise ValueError(f"a Value needs rows of equal length, not the ragged {x!r:.60}") from None
    if array.dtype.kind not in KINDS:
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


def new_data(old: Data, new: Any, copy: bool = True) -> Data:
    """Return a copy of data to replace `old` in a leaf, with its shape and layout in memory.

    It has its dtype too if `old` are floats. Without `copy`, an array that has all this is taken
    as it is.
    """
    if new is old or type(new) is type(old) is float:
        return new
    if type(new) is ndarray is type(old) and new.dtype is old.dtype and new.shape == old.shape:
        fits = not copy and new.base is None and new.strides == old.strides
        return new if fits and new.flags.writeable else _like(old, new)
    data, shape = leaf_data(new), np.shape(old)
    if np.shape(data) != shape:
        raise ValueError(
            f"new data of shape {np.shape(data)} does not fit a Value of shape {shape}; "
            "make a new Value to change the shape"
        )
    if np.iscomplexobj(data) and not np.iscomplexobj(old):
        raise TypeError(
            f"new data of dtype {data.dtype} does not fit a Value of dtype {np.result_type(old)}: "
            "the imaginary part would be lost; make a new Value of complex numbers"
        )
    data = fit(data, old) if learns(old) else data
    return _like(old, data) if type(data) is ndarray else data


def _like(old: ndarray, new: ndarray) -> ndarray:
    """Return a copy of `new` that lies in memory as `old` does, so that views stay views."""
    copy = np.empty_like(old, new.dtype)
    copy[...] = new
    return copy


def new_grad(data: Data, grad: Any) -> Any:
    """Return a number or an array as a gradient for a Value that holds `data`."""
    if type(data) is float and type(grad) in (float, int):
        return float(grad)
    if np.shape(grad) not in ((), np.shape(data)):
        raise ValueError(
            f"a gradient of shape {np.shape(grad)} does not fit a Value of shape "
            f"{np.shape(data)}; give it the shape of the data"
        )
    return fit(grad if type(grad) is float else np.array(grad), data)


def first_grad(root: Any, given: Any) -> Any:
    """Return the gradient to begin a backward pass from `root` with: ones if none is given."""
    if not learns(root._data):
        maker = f" computed by {root.op.name}" if root.op is not None else ""
        message = (
            f"backward() of a Value of dtype {root.dtype}{maker}: integers and booleans have "
            "no derivative; compute in floats, for example Value(x.astype(float))"
        )
        raise told(TypeError(message), root)
    if given is None:
        if root.size != 1:
            message = (
                f"backward() of a Value of shape {root.shape} needs a gradient: write "
                f"v.sum().backward(), or v.backward(gradient=np.ones({root.shape}))"
            )
            raise told(ValueError(message), root)
        return normal(np.ones(root.shape, root.dtype))
    gradient = given if isinstance(given, Protocols) else leaf_data(given)
    shape = () if type(gradient) is float else gradient.shape
    if shape != root.shape:
        raise ValueError(
            f"a gradient of shape {shape} does not fit a Value of shape {root.shape}; "
            "give one number for each entry"
        )
    if np.iscomplexobj(gradient) and root.dtype.kind != "c":
        raise ValueError(
            f"a Value of dtype {root.dtype} cannot have a complex gradient; give real numbers, for "
            "example gradient.real"
        )
    return fit(gradient, root._data)
