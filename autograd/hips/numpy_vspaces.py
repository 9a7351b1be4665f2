"""HIPS autograd's names for the vector space of an array."""

from autograd.hips.vspaces import VSpace
from autograd.hips.vspaces import VSpace as ArrayVSpace
from autograd.hips.vspaces import VSpace as ComplexArrayVSpace

__all__ = ["ArrayVSpace", "ComplexArrayVSpace", "VSpace"]
