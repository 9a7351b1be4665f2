"""HIPS autograd's name for `autograd.hips.core`."""

from autograd.hips.core import *  # noqa: F403
