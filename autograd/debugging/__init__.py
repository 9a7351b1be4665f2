"""Find the op that makes a NaN or an infinity, and the line of the program that called it."""

from autograd.debugging.report import NonFiniteError
from autograd.debugging.session import debug

__all__ = ["NonFiniteError", "debug"]
