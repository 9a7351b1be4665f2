"""See the graph: a picture is folded, becomes a scene of boxes and lines, and is written down."""

from autograd.drawing.drawing import Drawing, draw

__all__ = ["Drawing", "draw"]
