"""Arrays as arguments: native code finds out itself where the entries of an array lie.

`x.ctypes.data` takes a microsecond, as much as a short loop. The address is the first thing in
NumPy's own struct (PyArrayObject, "C API: Array structures" in NumPy's manual) after what every
object of Python begins with.
"""

from __future__ import annotations

from ctypes import c_void_p
from functools import cache

import numpy as np

from autograd.compiling.errors import NoNativeError
from autograd.compiling.llvm.frame import whole_function

BEGINS = object.__basicsize__  # bytes before the address


@cache
def check_layout() -> None:
    """Raise NoNativeError if arrays lie in memory otherwise than NumPy's manual says."""
    x = np.empty(1)
    if c_void_p.from_address(id(x) + BEGINS).value != x.ctypes.data:
        raise NoNativeError("this Python lays out its arrays otherwise")


def taking_arrays(name: str, ints: int, arrays: int, numbers: int) -> str:
    """Return the text of `name_of`, which takes arrays and calls `name` with their addresses.

    Args:
        name: of a function that takes some ints, then addresses, then doubles, and returns an int.
        ints, arrays, numbers: how many of each.
    """
    first = [f"i64 %n{i}" for i in range(ints)]
    last = [f"double %x{i}" for i in range(numbers)]
    lines = ["entry:"]
    for i in range(arrays):
        lines.append(f"%at{i} = getelementptr i8, ptr %array{i}, i64 {BEGINS}")
        lines.append(f"%data{i} = load ptr, ptr %at{i}")
    found = [f"ptr %data{i}" for i in range(arrays)]
    lines.append(f"%result = call i64 @{name}({', '.join([*first, *found, *last])}) noinline")
    lines.append("ret i64 %result")
    given = [f"ptr %array{i}" for i in range(arrays)]
    return whole_function(f"i64 @{name}_of({', '.join([*first, *given, *last])})", lines)
