"""HIPS autograd's name for a traced array, as in `isinstance(x, ArrayBox)`."""

from autograd.hips.extend import Box as ArrayBox

__all__ = ["ArrayBox"]
