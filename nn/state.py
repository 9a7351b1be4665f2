"""The state of a module: what it consists of, and what it is set to."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from autograd import Value
from autograd.compiling.kept import Standing
from autograd.compiling.reading import first_call_is_needed
from autograd.notation.names import is_module
from nn.parameter import Buffer, Parameter

STATE = Parameter, Buffer, Standing


def matching(pattern: str, pairs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return the (path, thing) pairs whose path has a pattern."""
    if not isinstance(pattern, str):
        raise TypeError(f'give a pattern for paths, such as "encoder.*", not {pattern!r:.40}')
    return [(path, thing) for path, thing in pairs if fnmatchcase(path, pattern)]


def kept_in(old: Any, new: Any, name: str) -> Any:
    """Return what an attribute that holds `old` becomes when it is set to `new`.

    Numbers are written into the Parameter or Buffer that is there.
    """
    kind = "Parameter" if isinstance(old, Parameter) else "Buffer"
    followed = isinstance(old, Standing)  # by a recording of a compiled function
    others = Parameter if kind == "Parameter" else STATE
    if isinstance(new, others) or is_module(new):
        return new
    if kind == "Buffer" and not followed:
        first_call_is_needed("an nn.Buffer lies where a recording does not follow it")
    if isinstance(new, Value) and new.op is not None and not followed:
        raise TypeError(
            f"{name} is a {kind}, and what you set it to was computed by {new.op.name}: set its "
            f"numbers, module.{name} = x.data, or a new one, nn.{kind}(x)"
        )
    numbers = new if followed and isinstance(new, Value) else as_array(new)
    if numbers.shape != old.shape or numbers.dtype.kind not in "biufc":
        raise TypeError(
            f"{name} is a {kind} of shape {old.shape}, and what you set it to is {new!r:.60}; to "
            f"replace it, set another one, nn.{kind}(x), or None, or del module.{name} first"
        )
    if isinstance(old, Parameter):
        old.data = numbers
    else:
        old[...] = numbers
    return old


def misfits(path: str, numbers: np.ndarray, own: Any, used: np.ndarray) -> list[str]:
    """Return what keeps numbers of a state from being those of a parameter or buffer."""
    if numbers.shape != own.shape:
        return [f"{path} has shape {numbers.shape} instead of {own.shape}"]
    if not np.can_cast(numbers.dtype, own.dtype, "same_kind"):
        return [f"{path} has dtype {numbers.dtype}, which cannot become {own.dtype}"]
    if numbers is not used and not np.array_equal(numbers, used, equal_nan=True):
        return [f"{path} is shared, and differs from the same numbers under another path"]
    return []


def as_array(x: Any) -> np.ndarray:
    """Return numbers as an array, and what is no array of numbers as one of objects."""
    x = x.numpy() if isinstance(x, Value) else x
    try:
        return np.array(x)
    except ValueError:  # rows of different lengths
        return np.array(x, dtype=object)
