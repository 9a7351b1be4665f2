"""HIPS autograd's name for `autograd.hips.extend`."""

from autograd.hips.extend import *  # noqa: F403
