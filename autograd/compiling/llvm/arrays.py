"""Arrays as arguments: native code finds out itself where the entries of an array lie.

`x.ctypes.data` takes a microsecond, as much as a short loop. The address is the first thing in
NumPy's own struct (PyArrayObject, "C API: Array structures" in NumPy's manual) after what every
object of Python begins with.
"""

from __future__ import annotations

from ctypes import c_double, c_int64, c_void_p, py_object
from functools import cache

import numpy as np

from autograd.compiling.errors import NoNativeError
from autograd.compiling.llvm.frame import whole_function

BEGINS = object.__basicsize__  # bytes before the address
TYPES = {"i64": c_int64, "ptr": py_object, "double": c_double}  # that of an array, for ctypes


@cache
def check_layout() -> None:
    """Raise NoNativeError if arrays lie in memory otherwise than NumPy's manual says."""
    x = np.empty(1)
    if c_void_p.from_address(id(x) + BEGINS).value != x.ctypes.data:
        raise NoNativeError("this Python lays out its arrays otherwise")


def taking_arrays(result: str, name: str, kinds: list[str]) -> str:
    """Return the text of `name_of`, which takes arrays and calls `name` with their addresses.

    Args:
        result: the type that it returns.
        name: of the function.
        kinds: the types that it takes, "ptr" for the address of an array's entries.
    """
    lines, found = ["entry:"], []
    for i, kind in enumerate(kinds):
        found.append(f"{kind} %x{i}")
        if kind == "ptr":
            lines.append(f"%at{i} = getelementptr i8, ptr %x{i}, i64 {BEGINS}")
            lines.append(f"%data{i} = load ptr, ptr %at{i}")
            found[-1] = f"ptr %data{i}"
    called = f"call {result} @{name}({', '.join(found)}) noinline"
    lines += [called, "ret void"] if result == "void" else [f"%y = {called}", f"ret {result} %y"]
    given = ", ".join(f"{kind} %x{i}" for i, kind in enumerate(kinds))
    return whole_function(f"{result} @{name}_of({given})", lines)
