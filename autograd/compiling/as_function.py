"""What a compiled function has in common with any function: it binds, and it is copied."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import reduce
from types import MethodType
from typing import Any


class AsFunction:
    """The part of a compiled function that is as in any function.

    As a function of a class it becomes a method. Where it has a name, copies and pickles hold the
    name; else they hold the function that it compiles, and are recorded anew.
    """

    f: Callable[..., Any]
    target: str
    devices: list[Any] | None

    def __get__(self: Any, owner: Any, kind: Any = None) -> Any:
        return self if owner is None else MethodType(self, owner)

    def __reduce__(self) -> Any:
        name = getattr(self, "__qualname__", "")
        module = sys.modules.get(getattr(self, "__module__", ""))
        if reduce(lambda x, part: getattr(x, part, None), name.split("."), module) is self:
            return name
        return type(self), (self.f, self.target, self.devices)
