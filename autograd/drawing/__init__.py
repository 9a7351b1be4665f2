"""See the graph: fold its picture, turn it into a scene of boxes and lines, and write that."""

from autograd.drawing.drawing import Drawing, draw

__all__ = ["Drawing", "draw"]
