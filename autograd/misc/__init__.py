"""Names HIPS autograd's users import: containers as vectors, optimisers, fixed points, graphs."""

from autograd.misc.flatten import flatten
from autograd.misc.tracers import const_graph

__all__ = ["const_graph", "flatten"]
