"""Explain a derivative: its steps, its paths, their sum, and finite differences to compare."""

from autograd.explaining.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
