"""HIPS autograd's name for `autograd.hips.numpy_wrapper`."""

from autograd.hips.numpy_wrapper import *  # noqa: F403
