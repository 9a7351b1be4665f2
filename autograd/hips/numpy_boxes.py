"""The name HIPS autograd's users import for a traced array: `isinstance(x, ArrayBox)`."""

from autograd.engine.value import Value as ArrayBox

__all__ = ["ArrayBox"]
