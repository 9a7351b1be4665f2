"""HIPS autograd's name for `autograd.hips.numpy_vjps`."""

from autograd.hips.numpy_vjps import *  # noqa: F403
