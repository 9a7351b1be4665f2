"""HIPS autograd's `misc`: containers as vectors, optimisers, fixed points, graphs."""

from autograd.hips.misc.flatten import flatten
from autograd.hips.misc.tracers import const_graph

__all__ = ["const_graph", "flatten"]
