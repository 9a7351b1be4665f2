"""Followed: a Value that depends on an input, and tells when its numbers leave the graph."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import FrameType
from typing import Any

from autograd.engine.dispatch import NUMPY
from autograd.engine.modes import watching
from autograd.engine.value import Value
from autograd.ops.plain import WITHOUT_DERIVATIVE

READING = """
    __array__ __complex__ __contains__ __float__ __index__ __int__ all any argmax argmin
    argpartition argsort item nonzero numpy searchsorted tobytes tolist
""".split()
OF_SHAPES = "shape ndim size result_type common_type iscomplexobj isrealobj".split()


class Followed(Value):
    """A Value that depends on an input: which way a program goes must not depend on it.

    Watchers with a method `read(frame)` hear of each place where a program reads its numbers.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        raise ValueError(
            "write np.where(condition, a, b) instead of a branch: the program asks whether numbers "
            f"that depend on the input are true{where(sys._getframe(1))}"
        )

    def __array_function__(self, function: Any, types: Any, args: Any, params: Any) -> Any:
        if NUMPY.get(function) in WITHOUT_DERIVATIVE and function.__name__ not in OF_SHAPES:
            tell(sys._getframe(1))
        return super().__array_function__(function, types, args, params)


def telling(read: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that reads numbers, and tells so."""

    @wraps(read)
    def method(self: Value, *args: Any, **params: Any) -> Any:
        tell(sys._getframe(1))
        return read(self, *args, **params)

    return method


def tell(frame: FrameType) -> None:
    """Tell those who listen that numbers were read in a frame."""
    for watcher in watching():
        if hasattr(watcher, "read"):
            watcher.read(frame)


def where(frame: FrameType) -> str:
    """Return where a frame is, as those who listen see it."""
    return "".join(w.where(frame) for w in watching() if hasattr(w, "read"))


for _name in READING:
    setattr(Followed, _name, telling(getattr(Value, _name)))
Followed.data = property(telling(Value.data.fget), Value.data.fset)  # type: ignore
