"""HIPS autograd's replacements for Python's builtins, where a Value counts as the data in it.

Containers of Values are Python's own, and so are `list`, `tuple` and `dict`.
"""

import builtins
from typing import Any

from autograd.engine.value import Value, held
from autograd.hips.boxes import DictBox, SequenceBox

__all__ = ["DictBox", "SequenceBox", "dict", "isinstance", "list", "make_sequence", "tuple", "type"]

dict = builtins.dict
list = builtins.list
tuple = builtins.tuple


def isinstance(x: Any, kind: Any) -> bool:
    """Whether `x`, or its data if it is a Value, is of a type, or of one of several.

    Example:
        >>> import numpy as np
        >>> isinstance(Value(2.0), float), isinstance(Value([2.0]), np.ndarray)
        (True, True)
    """
    return builtins.isinstance(x, kind) or (
        builtins.isinstance(x, Value) and builtins.isinstance(held(x), kind)
    )


def type(x: Any) -> Any:
    """Return the type of `x`, or of its data if it is a Value."""
    return builtins.type(held(x) if builtins.isinstance(x, Value) else x)


def make_sequence(kind: Any, *items: Any) -> Any:
    """Return a list or tuple of the items."""
    return kind(items)
