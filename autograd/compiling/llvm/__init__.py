"""LLVM: recorded programs as native code, through llvmlite.

These functions import what they need when it is needed, since most programs need none of it.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any


def has_llvm() -> bool:
    """Whether llvmlite is installed."""
    return find_spec("llvmlite") is not None


def native_program(*parts: Any) -> Any:
    """Return a program of steps on floats in native code: see `straight.on_floats`."""
    from autograd.compiling.llvm.straight import on_floats

    return on_floats(*parts)


def native_arrays(*parts: Any) -> Any:
    """Return a program of NumPy's calls and native loops: see `regions.with_native_loops`."""
    from autograd.compiling.llvm.regions import with_native_loops

    return with_native_loops(*parts)


def native_ending(ending: Any) -> Any:
    """Return the ending of a program in native code: see `ending.InLLVM`."""
    from autograd.compiling.llvm.ending import InLLVM

    return InLLVM(ending)


def native_loop(program: Any) -> Any:
    """Return the native loop of a step over rows: see `loop.NativeLoop`."""
    from autograd.compiling.llvm.loop import NativeLoop

    return NativeLoop(program)
