"""A native function of floats as a builtin of Python's, which is called without ctypes.

Most of a short program's time would go into ctypes, which looks at each argument anew. So the text
gets one more function, with the arguments that Python gives to builtins. It takes floats apart and
makes new ones by the functions of Python's stable interface.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from autograd.compiling.llvm.engine import Native
from autograd.compiling.llvm.frame import place, whole_function
from autograd.compiling.llvm.terms import DOUBLE, Writer

FASTCALL = 0x80  # the arguments come as an array
TYPE = object.__basicsize__ - ctypes.sizeof(ctypes.c_void_p)  # bytes before an object's type
INTERFACE = {
    "PyFloat_Type": "@PyFloat_Type = external global i8",
    "PyFloat_AsDouble": "declare double @PyFloat_AsDouble(ptr)",
    "PyFloat_FromDouble": "declare ptr @PyFloat_FromDouble(double)",
    "PyTuple_New": "declare ptr @PyTuple_New(i64)",
    "PyTuple_SetItem": "declare i32 @PyTuple_SetItem(ptr, i64, ptr)",
}


class Definition(ctypes.Structure):
    """What Python reads of a builtin."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


@cache
def python_itself() -> dict[str, int]:
    """Return the addresses of the functions of Python's interface that a text may call."""
    found = [ctypes.cast(getattr(ctypes.pythonapi, x), ctypes.c_void_p) for x in INTERFACE]
    return {name: x.value or 0 for name, x in zip(INTERFACE, found, strict=True)}


@cache
def shows_types() -> bool:
    """Whether this Python has the type of an object where it should be."""
    return ctypes.c_void_p.from_address(id(1.5) + TYPE).value == id(float)


def as_builtin(given: int, found: int) -> str:
    """Return the text of `builtin`, which calls `program` for floats, and gives a tuple of them.

    The tuple is empty where the program does not hold, and for what is no float. Without memory for
    it, Python's error is set, and what was made so far is lost.

    Args:
        given, found: how many numbers the program takes and gives.
    """
    w = Writer({})
    w.lines += [
        f"%given = alloca [{given + 1} x double]",
        f"%found = alloca [{found + 1} x double]",
    ]
    for i in range(given):
        at = w.emit(f"getelementptr ptr, ptr %args, i64 {i}", None).name
        thing = w.emit(f"load ptr, ptr {at}", None).name
        at = w.emit(f"getelementptr i8, ptr {thing}, i64 {TYPE}", None).name
        kind = w.emit(f"load ptr, ptr {at}", None).name
        fits = w.emit(f"icmp eq ptr {kind}, @PyFloat_Type", None).name
        w.lines += [f"br i1 {fits}, label %given_{i}, label %nothing", f"given_{i}:"]
        x = w.emit(f"call double @PyFloat_AsDouble(ptr {thing})", DOUBLE).name
        w.lines.append(f"store double {x}, ptr {place(w, '%given', i)}")
    fault = w.emit("call i32 @program(ptr %given, ptr %found)", None).name
    holds = w.emit(f"icmp eq i32 {fault}, 0", None).name
    size = w.emit(f"select i1 {holds}, i64 {found}, i64 0", None).name
    w.lines.append(f"%all = call ptr @PyTuple_New(i64 {size})")
    there = w.emit("icmp ne ptr %all, null", None).name
    both = w.emit(f"and i1 {holds}, {there}", None).name
    w.lines += [f"br i1 {both}, label %float_0, label %end", "end:", "ret ptr %all"]
    for i in range(found):
        w.lines.append(f"float_{i}:")
        x = w.emit(f"load double, ptr {place(w, '%found', i)}", DOUBLE).name
        thing = w.emit(f"call ptr @PyFloat_FromDouble(double {x})", None).name
        without = w.emit(f"icmp eq ptr {thing}, null", None).name
        w.lines += [f"br i1 {without}, label %error, label %item_{i}", f"item_{i}:"]
        w.emit(f"call i32 @PyTuple_SetItem(ptr %all, i64 {i}, ptr {thing})", None)
        w.lines.append(f"br label %float_{i + 1}")
    w.lines += [f"float_{found}:", "ret ptr %all", "error:", "ret ptr null"]
    w.lines += ["nothing:", "%none = call ptr @PyTuple_New(i64 0)", "ret ptr %none"]
    head = "ptr @builtin(ptr %self, ptr %args, i64 %count)"
    return "\n".join(["", *INTERFACE.values(), whole_function(head, w.lines)])


def builtin(native: Native) -> Any:
    """Return that function, to be called with as many things as the program takes floats."""
    definition = Definition(b"program", native.addresses["builtin"], FASTCALL, None)
    new: Any = ctypes.PYFUNCTYPE(
        ctypes.py_object, ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p
    )(("PyCFunction_NewEx", ctypes.pythonapi))
    return new(ctypes.addressof(definition), (native, definition), None)
