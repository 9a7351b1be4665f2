"""Numbers, arrays and calls as Python code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from inspect import getsourcefile, getsourcelines, unwrap
from pathlib import Path
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


def spelt(x: Any) -> bool:
    """Whether `as_code` spells `x` in Python and NumPy alone, as it does numbers and containers."""
    if isinstance(x, dict):
        return all(map(spelt, [*x, *x.values()]))
    if isinstance(x, (list, tuple)):
        return all(map(spelt, x))
    return x is None or isinstance(x, (bool, int, float, complex, str, np.ndarray, np.generic))


def call(f: Callable[..., Any], arguments: dict[str, Any]) -> str:
    """Return the code that calls a test with these arguments, also if it is a method."""
    *owner, _ = path_to(f)
    name = name_in_code(f)
    written = ", ".join(f"{key}={as_code(x)}" for key, x in arguments.items())
    return f"{'.'.join(owner)}().{name}({written})" if owner else f"{name}({written})"


def path_to(f: Callable[..., Any]) -> list[str]:
    """Return the names that lead to a function from the module or function that holds it."""
    return getattr(f, "__qualname__", "test").rpartition("<locals>.")[2].split(".")


def name_in_code(f: Callable[..., Any]) -> str:
    """Return the name of a test; a lambda has none."""
    name = path_to(f)[-1]
    return name if name.isidentifier() else "test"


def source(f: Callable[..., Any]) -> tuple[str, int] | None:
    """Return the file and the line where a function is written, None if that is unknown."""
    with suppress(TypeError, OSError):
        f = unwrap(f)
        return getsourcefile(f) or "", getsourcelines(f)[1]
    return None


def imports_of(f: Callable[..., Any]) -> list[str]:
    """Return the lines that import a function, or its class, from its file; [] if they cannot."""
    module = getattr(f, "__module__", None) or "__main__"
    at = source(f)
    if module == "__main__" or at is None or "<" in getattr(f, "__qualname__", "<"):
        return []
    lines = [f"from {module} import {path_to(f)[0]}"]
    file = Path(at[0]).resolve().with_suffix("")
    names = tuple(module.split("."))
    parts = file.parent.parts if file.name == "__init__" else file.parts
    if parts[-len(names) :] != names:
        return lines
    root = str(Path(*parts[: -len(names)]))
    return ["import sys", f"sys.path.insert(0, {root!r})", *lines]
