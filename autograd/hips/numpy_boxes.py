"""The name HIPS autograd's users import for a traced array: `isinstance(x, ArrayBox)`."""

from autograd.hips.extend import Box as ArrayBox

__all__ = ["ArrayBox"]
