"""See the graph: fold its picture, turn it into a scene of boxes and lines, and write that."""

from autograd.drawing.comparison import Comparison, compare
from autograd.drawing.drawing import Drawing, draw

__all__ = ["Comparison", "Drawing", "compare", "draw"]
