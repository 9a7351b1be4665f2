"""HIPS autograd's name for `autograd.hips.numpy_boxes`."""

from autograd.hips.numpy_boxes import *  # noqa: F403
