"""Whose code is it: the program's, ours, or a library's, which is taken not to change."""

from __future__ import annotations

import os
import sys
from types import FunctionType
from typing import Any

from autograd.engine.dispatch import OURS
from autograd.engine.primitive import PRIMITIVES, Primitive

NETWORKS = os.path.join(os.path.dirname(os.path.dirname(OURS)), "nn", "")
STANDARD = os.path.join(os.path.dirname(os.__file__), "")
MADE = 1 << 9  # of a class that a program made, among the flags of CPython
INSTALLED = ("site-packages", "dist-packages")


def is_ours(filename: str) -> bool:
    """Whether a file belongs to this project's packages."""
    return filename.startswith((OURS, NETWORKS))


def is_users(filename: str | None) -> bool:
    """Whether a file belongs to the program, not to a library."""
    if filename is None:  # what is typed at a prompt, or built in
        return False
    return not (
        is_ours(filename)
        or filename.startswith((STANDARD, "<frozen"))
        or any(folder in filename for folder in INSTALLED)
    )


def is_users_class(kind: type) -> bool:
    """Whether a class belongs to the program, not to a library."""
    if kind.__module__ == "__main__":  # at a prompt, its file is that of the prompt
        return True
    if kind.__module__ in sys.builtin_module_names:
        return kind.__module__ == "builtins" and bool(kind.__flags__ & MADE)  # by exec
    module = sys.modules.get(kind.__module__)
    return module is None or is_users(getattr(module, "__file__", "made by the program"))


def is_registered(x: Any) -> bool:
    """Whether this is one of our own ops, or its function."""
    if isinstance(x, FunctionType):
        op = PRIMITIVES.get(x.__name__)
        return op is not None and op.call is x
    return isinstance(x, Primitive) and x.registered


def is_class_of_ours(kind: type) -> bool:
    """Whether a class is one of `autograd` or `nn`."""
    return kind.__module__.partition(".")[0] in ("autograd", "nn")
