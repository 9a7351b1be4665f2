"""HIPS autograd's names for `autograd.hips.misc`."""

from autograd.misc.flatten import flatten as flatten  # the function hides the module, as there
from autograd.misc.tracers import const_graph as const_graph
