"""What is not in Python's objects: buffers, what ctypes points at, how far a file was read."""

from __future__ import annotations

from ctypes import _Pointer
from io import IOBase
from typing import Any

import numpy as np

from autograd.compiling.errors import NotHereError


def position(stream: IOBase) -> int | None:
    """Return how far a stream was read or written, None if it does not tell."""
    try:
        return stream.tell()
    except (OSError, ValueError):
        return None


def numbers_held(thing: Any) -> np.ndarray | None:
    """Return the numbers that an object of a library holds, None if it is none of this kind."""
    if not hasattr(type(thing), "__array__"):
        return buffer_held(thing)
    try:
        found = np.asarray(thing)
    except Exception:
        return None
    if found.dtype == object:
        raise NotHereError(f"a {type(thing).__name__} outside the function holds objects")
    return found


def buffer_held(thing: Any) -> np.ndarray | None:
    """Return the bytes of an object that shows its memory, None if it does not."""
    try:
        return np.frombuffer(thing, np.uint8)
    except Exception:
        return None


def pointed_at(thing: Any) -> Any:
    """Return what a pointer of ctypes points at, None if this is no such pointer."""
    return thing.contents if isinstance(thing, _Pointer) and thing else None
