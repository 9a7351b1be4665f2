"""Names HIPS autograd's users import in place of Python's: a Value counts as what is in it.

Containers of Values are Python's own, so `list`, `tuple` and `dict` are too.
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
    """Whether `x`, or what is in it if it is a Value, is of a type or one of several.

    Example:
        >>> import numpy as np
        >>> isinstance(Value(2.0), float), isinstance(Value([2.0]), np.ndarray)
        (True, True)
    """
    return builtins.isinstance(x, kind) or (
        builtins.isinstance(x, Value) and builtins.isinstance(held(x), kind)
    )


def type(x: Any) -> Any:
    """Return the type of `x`, or of what is in it if it is a Value."""
    return builtins.type(held(x) if builtins.isinstance(x, Value) else x)


def make_sequence(kind: Any, *items: Any) -> Any:
    """Return a list or tuple of the items."""
    return kind(items)
