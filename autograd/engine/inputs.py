"""Checks of what a user passes in: data for a Value, new data, gradients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import numpy as np
from numpy import ndarray

from autograd.engine.arrays import KINDS, Data, Foreign, fit, learns, normal, plain
from autograd.engine.elsewhere import OPTIONS, not_ours, refuse_options
from autograd.engine.modes import told
from autograd.engine.protocols import Protocols

# Arguments of arrays in other libraries, which a Value does not take.
OF_VALUES = OPTIONS | {
    "copy": "leave it out; numbers are copied",
    "device": "leave it out; NumPy computes on the CPU",
    "dtype": "write np.asarray(x, dtype) for x, or v.astype(dtype) afterwards",
}


def not_taken(other: Iterable[str]) -> NoReturn:
    """Raise for arguments that a Value was given and does not take."""
    name = next(iter(other))
    says = f"has no {name}=: {OF_VALUES[name]}" if name in OF_VALUES else f"takes no {name!r}"
    raise TypeError(f"a Value {says}")


def leaf_data(x: Any) -> Data:
    """Return data for a new leaf, a private copy of an array; raise for anything but numbers."""
    if type(x) is float:
        return x
    if isinstance(x, (float, int)):
        return float_of(x)
    if isinstance(x, complex):
        return np.complex128(x)
    if isinstance(x, Foreign):
        return x.settled()
    if not isinstance(x, (ndarray, np.generic, list, tuple)):
        raise TypeError(
            f"a Value holds a float, a NumPy array or a list of numbers, not {not_ours(x)}"
        )
    try:
        array = np.array(plain(x))
    except ValueError:
        raise ValueError(f"a Value needs rows of equal length, not the ragged {x!r:.60}") from None
    if array.dtype == object and all(isinstance(item, (float, int)) for item in array.flat):
        array = np.array(list(map(float_of, array.flat))).reshape(array.shape)
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


def float_of(x: float) -> float:
    """Return a number, such as an int that NumPy has no dtype for, as a float."""
    try:
        return float(x)
    except OverflowError:
        raise OverflowError(
            "a Value holds floats of up to 1.8e308, and this int is larger; scale it down, or "
            "take its logarithm first: math.log(n)"
        ) from None


def a_name(name: Any) -> str:
    """Return a name for a Value; raise for anything but a string."""
    if not isinstance(name, str):
        raise TypeError(
            f"a name is a string, such as name='x', not {type(name).__name__} ({name!r:.60})"
        )
    return name


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
    """Return a number or an array as a gradient for a Value that holds `data`; a Value stays."""
    if type(data) is float and type(grad) in (float, int):
        return float_of(grad)
    if not learns(data):
        raise TypeError(
            f"a Value of dtype {data.dtype} has no gradient to set; make it a float: "
            "Value(np.asarray(x, dtype=float))"
        )
    grad = fitting_grad(grad, np.shape(data), np.result_type(data))
    if isinstance(grad, Protocols):
        return grad
    if type(grad) is ndarray:
        grad.setflags(write=True)  # a copy of our own
    return fit(grad, data)


def first_grad(root: Any, given: Any, other: dict[str, Any]) -> Any:
    """Return the gradient to begin a backward pass from `root` with: ones if none is given.

    Raises:
        TypeError: there are `other` options.
    """
    refuse_options(other)
    if not learns(root._data):
        maker = f" computed by {root.op.name}" if root.op is not None else ""
        message = (
            f"backward() of a Value of dtype {root.dtype}{maker}: integers and booleans have "
            "no derivative; compute in floats, for example Value(x.astype(float))"
        )
        raise told(TypeError(message), root)
    if given is None:
        if isinstance(root._data, np.generic):
            return normal(type(root._data)(1))
        if root.size != 1:
            message = (
                f"backward() of a Value of shape {root.shape} needs a gradient: write "
                f"v.sum().backward(), or v.backward(gradient=np.ones({root.shape}))"
            )
            raise told(ValueError(message), root)
        return normal(np.ones(root.shape, root.dtype))
    return fit(fitting_grad(given, root.shape, root.dtype), root._data)


def fitting_grad(given: Any, shape: tuple[int, ...], dtype: np.dtype) -> Any:
    """Return a gradient, copied unless it is a Value; raise if it does not fit the data."""
    gradient = given if isinstance(given, Protocols) else leaf_data(given)
    if np.shape(gradient) != shape:
        raise ValueError(
            f"a gradient of shape {np.shape(gradient)} does not fit a Value of shape {shape}; "
            "give one number for each entry"
        )
    if dtype.kind != "c" == np.result_type(gradient).kind:
        raise ValueError(
            f"a Value of dtype {dtype} cannot have a complex gradient; give real numbers, for "
            "example gradient.real"
        )
    return gradient
