"""See the graph."""

from autograd.drawing.dot import draw

__all__ = ["draw"]
