"""HIPS autograd's name for `autograd.hips.differential_operators`."""

from autograd.hips.differential_operators import *  # noqa: F403
