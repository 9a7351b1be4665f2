"""Numbers and arrays as Python code."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def as_code(x: Any) -> str:
    """Return an expression that makes `x` again, to the last bit, if `np` is NumPy.

    Args:
        x: a number, an array, or lists, tuples and dicts of them; anything else becomes its repr.

    Example:
        >>> as_code([np.array([0.1, 2.0], dtype=np.float32), np.zeros((0, 3)), 1.5])
        '[np.array([0.1, 2.0], dtype=np.float32), np.zeros((0, 3)), 1.5]'
    """
    if isinstance(x, np.ndarray):
        dtype = "" if x.dtype == float else f", dtype=np.{x.dtype.name}"
        return f"np.zeros({x.shape}{dtype})" if not x.size else f"np.array({entries(x)}{dtype})"
    if type(x) is dict:
        return "{" + ", ".join(f"{key!r}: {as_code(child)}" for key, child in x.items()) + "}"
    if type(x) is list:
        return "[" + ", ".join(map(as_code, x)) + "]"
    if type(x) is tuple:
        return "(" + ", ".join(map(as_code, x)) + ("," if len(x) == 1 else "") + ")"
    return number(x) if type(x) is complex else repr(x)


def number(x: Any) -> str:
    """Return a number, as short as its dtype allows; `-1j` would have the real part -0.0."""
    return f"complex({x.real!s}, {x.imag!s})" if np.iscomplexobj(x) else str(x)


def entries(x: np.ndarray) -> str:
    """Return the entries of an array as nested lists of numbers, see `number`."""
    return np.array2string(
        x,
        separator=", ",
        threshold=sys.maxsize,
        max_line_width=sys.maxsize,
        formatter={"all": number},
    ).replace("\n", "")
