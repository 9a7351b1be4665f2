"""HIPS autograd's name for `autograd.hips.misc`."""

from autograd.hips.misc import *  # noqa: F403
