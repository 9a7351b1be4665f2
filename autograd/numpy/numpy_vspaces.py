"""HIPS autograd's name for `autograd.hips.numpy_vspaces`."""

from autograd.hips.numpy_vspaces import *  # noqa: F403
